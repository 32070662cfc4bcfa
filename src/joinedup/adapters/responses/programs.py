"""How each survey program lays out its delimited export: where ids stand and how several choices are written.

Sources of the layouts: LimeSurvey manual, "Export responses" and "Exporting results" (question codes, answer codes; VV
files); Qualtrics support, "Understanding your dataset" (three rows of headings); ODK Central and KoboToolbox help on
CSV exports; REDCap help, "Data export" (raw data; a column a box of a checkbox).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from joinedup.adapters.responses.model import ID_COLUMNS, NOT_ASKED, Options, Raw
from joinedup.adapters.responses.tabular import NO_COLUMN, Sheet, filled, joined, read_sheet, refuse
from joinedup.study.hints import listed
from joinedup.study.survey import Group, Instrument, Item, walk

if TYPE_CHECKING:
    import pyarrow as pa

Part = tuple[str, str]
"""An item and the option of it (empty: the whole item) that a column stands for."""
Importer = Callable[[str, str, Instrument, Options], tuple[Raw, Sheet]]

_BRACKETS = re.compile(r"(?P<item>[^\[\]]+)\[(?P<part>[^\[\]]+)\](?:\[[^\[\]]*\])?")
_VV = {"{tab}": "\t", "{newline}": "\n", "{cr}": "\r", "{quote}": '"', "{lbrace}": "{", "{rbrace}": "}"}
_QUALTRICS_REFUSED = {
    "1": "a preview", "2": "a test", "8": "marked as spam", "9": "a preview marked as spam", "12": "a preview",
    "Survey Preview": "a preview", "Survey Test": "a test", "Spam": "marked as spam",
}  # fmt: skip


def own(text: str, name: str, instrument: Instrument, _options: Options) -> tuple[Raw, Sheet]:
    """Our own CSV: response, person, wave, instrument_version and a column an item."""
    sheet = read_sheet(text, name)
    ids = {column: column for column in ID_COLUMNS}
    return _raw(sheet, ids, _by_name(sheet.header, instrument), instrument), sheet


def limesurvey(text: str, name: str, instrument: Instrument, options: Options) -> tuple[Raw, Sheet]:
    """LimeSurvey: headings are question codes, answers are answer codes; a VV file has a row of texts above them.

    A question with parts is ``Q[part]``: an item ``Q_part``, or an option of ``Q`` that is chosen by Y.
    """
    from joinedup.adapters.responses.tabular import peek

    second = len(peek(text)) > 1 and "id" not in peek(text)[0] and "id" in peek(text)[1]
    sheet = read_sheet(text, name, 2, 3) if second else read_sheet(text, name)
    sheet = _mapped(sheet, lambda answer: _lime(answer, vv=second))
    ids = {"response": "id", "person": options.person or "token"}
    parts = {heading: part for heading in sheet.header if (part := _lime_part(heading, instrument))}
    return _raw(sheet, ids, parts, instrument, chosen=("Y", "1")), sheet


def _lime(answer: str, vv: bool) -> str:
    if answer == "{question_not_shown}":
        return NOT_ASKED
    if answer == "-oth-":
        return "other"
    return re.sub(r"\{\w+\}", lambda match: _VV.get(match[0], match[0]), answer) if vv else answer


def _lime_part(heading: str, instrument: Instrument) -> Part | None:
    if instrument.item(heading):
        return heading, ""
    match = _BRACKETS.fullmatch(heading)
    item, part = (match["item"], match["part"]) if match else heading.rpartition("_")[::2]
    return _item_or_option(item, part, instrument)


def _item_or_option(item: str, part: str, instrument: Instrument) -> Part | None:
    if instrument.item(f"{item}_{part}"):
        return f"{item}_{part}", ""
    found = instrument.item(item)
    return (item, part) if found and found.kind == "select_multiple" and part in found.options else None


def qualtrics(text: str, name: str, instrument: Instrument, options: Options) -> tuple[Raw, Sheet]:
    """Qualtrics: names, question texts and import ids above the answers, which are numeric values.

    Several choices stand in one column with commas, or in a column each (``Q2_1``). Previews and tests are refused.
    """
    sheet = read_sheet(text, name, 1, 4)
    parts = {}
    for heading in sheet.header:
        plain = heading.removesuffix("_TEXT") if heading.endswith("_TEXT") and not instrument.item(heading) else heading
        item, _, part = plain.rpartition("_")
        found = (heading, "") if instrument.item(heading) else None
        if found is None and plain == heading:
            found = _item_or_option(item, part, instrument)
        if found:
            parts[heading] = found
    person = options.person or next(
        (known for known in ("ExternalReference", "ExternalDataReference") if known in sheet.header), ""
    )
    raw = _raw(sheet, {"response": "ResponseId", "person": person}, parts, instrument, separator=",")
    status = sheet.column("Status")
    for at, value in enumerate(status.to_pylist() if status is not None else ()):
        if value in _QUALTRICS_REFUSED:
            raw.refused[at] = f"it is {_QUALTRICS_REFUSED[value]}, not a respondent's"
    return raw, sheet


def odk(text: str, name: str, instrument: Instrument, options: Options) -> tuple[Raw, Sheet]:
    """ODK Central, Collect or KoboToolbox CSV: headings carry groups (``group-item``, ``group/item``) or don't."""
    sheet = read_sheet(text, name)
    known = ("KEY", "meta-instanceID", "meta/instanceID", "instanceID", "_uuid", "meta/rootUuid", "_id")
    response = next((heading for heading in known if heading in sheet.header), "")
    ids = {"response": response, "person": options.person, "instrument_version": "FormVersion"}
    raw = _raw(sheet, ids, _odk_parts(sheet.header, instrument), instrument, chosen=("1", "True", "TRUE", "true"))
    review = sheet.column("ReviewState")
    for at, value in enumerate(review.to_pylist() if review is not None else ()):
        if value == "rejected":
            raw.refused[at] = "it was rejected at review"
    return raw, sheet


def _odk_parts(header: Iterable[str], instrument: Instrument) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    paths: dict[str, Part] = {}
    for above, element in walk(instrument.elements):
        if isinstance(element, Item) and element.takes_answer:
            _add_paths(paths, above, element)
    whole = {heading: paths[heading] for heading in header if heading in paths}
    covered = {item for item, part in whole.values() if not part}
    for heading, (item, part) in whole.items():
        if not part or item not in covered:
            parts[heading] = (item, part)
    return parts


def _add_paths(paths: dict[str, Part], above: tuple[Group, ...], item: Item) -> None:
    groups = [group.name for group in above]
    for mark in ("-", "/", ":", "."):
        path = mark.join((*groups, item.name))
        paths.setdefault(path, (item.name, ""))
        if item.kind == "select_multiple":
            for code in item.options:
                paths.setdefault(f"{path}/{code}", (item.name, code))
                paths.setdefault(f"{item.name}/{code}", (item.name, code))
    paths[item.name] = (item.name, "")


def redcap(text: str, name: str, instrument: Instrument, options: Options) -> tuple[Raw, Sheet]:
    """REDCap, raw data: the first column is the record; a box of a checkbox is ``field___code`` (1: ticked).

    A longitudinal project repeats the record in each event, a repeating instrument in each instance: they belong to
    the response's id.
    """
    sheet = read_sheet(text, name)
    parts: dict[str, Part] = {heading: (heading, "") for heading in sheet.header if instrument.item(heading)}
    for item in instrument.items:
        if item.kind == "select_multiple":
            for code in item.options:
                heading = f"{item.name}___{re.sub(r'[^a-z0-9_]', '_', code.lower())}"
                if heading in sheet.header:
                    parts[heading] = (item.name, code)
    person = options.person or sheet.header[0]
    raw = _raw(sheet, {"response": sheet.header[0], "person": person}, parts, instrument, chosen=("1",))
    raw.ids["response"] = _record_ids(sheet)
    return raw, sheet


def _record_ids(sheet: Sheet) -> pa.Array:
    import pyarrow as pa

    known = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
    extra = [column.to_pylist() for name in known if (column := sheet.column(name)) is not None]
    records = zip(sheet.columns[0].to_pylist(), *extra, strict=True)
    return pa.array(["/".join(part for part in record if part) if record[0] else "" for record in records], pa.string())


def _by_name(header: Iterable[str], instrument: Instrument) -> dict[str, Part]:
    return {heading: (heading, "") for heading in header if instrument.item(heading)}


def _mapped(sheet: Sheet, change: Callable[[str], str]) -> Sheet:
    """The sheet with every distinct answer changed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for column in sheet.columns:
        encoded = pc.dictionary_encode(column)
        changed = pa.array([change(answer) for answer in encoded.dictionary.to_pylist()], pa.string())
        columns.append(changed.take(encoded.indices))
    return Sheet(sheet.name, sheet.heads, sheet.header, tuple(columns), sheet.rows, sheet.broken)


def _raw(
    sheet: Sheet,
    ids: Mapping[str, str],
    parts: Mapping[str, Part],
    instrument: Instrument,
    *,
    chosen: tuple[str, ...] = (),
    separator: str = "",
) -> Raw:
    """The answers of `sheet`: whole columns, and columns that stand for one option each joined into their item."""
    import pyarrow.compute as pc

    if not ids.get("response") or ids["response"] not in sheet.header:
        what = f"The file has no column with the responses' ids ({ids.get('response') or 'KEY, _uuid or _id'})."
        remedy = f"Export it with that column. It has: {listed(sheet.header)}."
        raise refuse(NO_COLUMN, sheet.name, what, remedy, 1)
    answers: dict[str, pa.Array] = {}
    boxes: dict[str, list[tuple[str, pa.Array]]] = {}
    unasked: dict[str, pa.Array] = {}
    for heading, (item, option) in parts.items():
        column = sheet.columns[sheet.header.index(heading)]
        if option:
            boxes.setdefault(item, []).append((option, _chosen(column, chosen)))
            hidden = pc.equal(column, NOT_ASKED)
            unasked[item] = pc.and_(unasked[item], hidden) if item in unasked else hidden
            continue
        found = instrument.item(item)
        if separator and found and found.kind == "select_multiple":
            column = pc.replace_substring(column, separator, " ")
        answers[item] = column
    for item, marked in boxes.items():
        answers[item] = pc.if_else(unasked[item], NOT_ASKED, joined(marked))
    known = {name: array for name, heading in ids.items() if (array := sheet.column(heading)) is not None}
    used = {*parts, *ids.values()}
    return Raw(sheet.rows, known, answers, tuple(heading for heading in sheet.header if heading not in used))


def _chosen(column: pa.Array, chosen: tuple[str, ...]) -> pa.Array:
    """Where an option is chosen: by one of the marks `chosen`; without any, by anything but 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if chosen:
        return pc.is_in(pc.utf8_trim_whitespace(column), pa.array(chosen))
    return pc.and_(filled(column), pc.not_equal(column, "0"))
