"""Bring responses into a study folder: survey/responses-<wave>.csv, with what was refused and left behind beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.adapters.foreseen import declared, read_for_import, stop
from joinedup.adapters.launched import check_launched, kept_at_launch
from joinedup.adapters.responses import LeftBehind, Refused, Responses, read_responses
from joinedup.adapters.responses.merging import Merged, add_responses
from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.arrowtables import write_table
from joinedup.study.folder.csvfile import Columns, read_rows, write_rows
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.survey import INSTRUMENT, RESPONSE_COLUMNS
from joinedup.study.hints import listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem, StudyError, UsageError, condensed
from joinedup.survey.model import responses_file

if TYPE_CHECKING:
    import pyarrow as pa

ALL_REFUSED = "J084"
MOST_SHOWN = 20
REFUSED = Columns(("file", "row", "response", "reason"), ("file", "row", "reason"))
LEFT_BEHIND = Columns(("response", "item", "answer", "file", "row"), ("response", "item", "answer"))


@dataclass(frozen=True, slots=True)
class ImportedResponses:
    """What an import did: responses `added`, those there `already`, refused rows, answers left behind, and more.

    `unused` are columns of the file that are no question, `absent` questions that it has no column for, `repeated`
    those in a repeat, whose answers are not taken; `unrostered` people who answered but are not on the roster.
    """

    file: str
    wave: str
    source: str
    added: int
    already: int
    refused: tuple[Refused, ...]
    left_behind: tuple[LeftBehind, ...]
    unused: tuple[str, ...]
    absent: tuple[str, ...]
    repeated: tuple[str, ...]
    unrostered: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """What to tell the user: counts, every refused row with its reason, and what else to know."""
        before = f"{_count(self.already, 'response')} there already"
        target = responses_file(self.wave)
        if self.added:
            yield f"{target}: {_count(self.added, 'response')} added, {before} ({self.file}, {self.source})."
        else:
            yield f"{target}: {before}, none is new ({self.file}, {self.source})."
        if self.refused:
            yield f"{_count(len(self.refused), 'row')} refused (survey/refused-{self.wave}.csv):"
        for one in self.refused[:MOST_SHOWN]:
            yield f"  {self.file}:{one.row}: {one.reason}"
        if len(self.refused) > MOST_SHOWN:
            yield f"  and {_count(len(self.refused) - MOST_SHOWN, 'row')} more, each with its reason in that file"
        if self.left_behind:
            left = _count(len(self.left_behind), "answer")
            yield f"{left} to questions that were not asked: kept apart, never analysed (survey/left-behind-{self.wave}.csv)."
        for names, what in (
            (self.repeated, "Questions in a repeat, whose answers are not taken"),
            (self.absent, "Questions without a column in the file"),
            (self.unused, "Columns that are no question"),
        ):
            if names:
                yield f"{what}: {listed(names)}."
        if self.unrostered:
            yield f"Not on the roster of {self.wave}, which `joinedup check` reports: {listed(self.unrostered)}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def import_responses(
    folder: Path,
    file: Path,
    *,
    wave: str,
    source: str | None = None,
    person: str = "",
    missing: Mapping[str, str] | None = None,
) -> ImportedResponses:
    """Import the responses in `file` into `wave` of the study in `folder`; options as of `read_responses`.

    Rows are added to survey/responses-<wave>.csv, refused rows listed in survey/refused-<wave>.csv, answers behind a
    condition that turned false kept in survey/left-behind-<wave>.csv, which no analysis reads; the questionnaire is
    kept as launched. All of it or nothing; the same file again changes nothing. Raises UsageError for what the study
    does not know, StudyError where the file can't be read or every row is refused.
    """
    target = responses_file(wave)
    study = read_for_import(folder, (INSTRUMENT, target))
    declared("wave", wave, study.wave_order)
    instrument = study.survey.instrument
    if instrument is None:
        raise UsageError(
            f"{folder} has no questionnaire to check answers against. Put it there first: "
            f"joinedup import FORM.xlsx --into {folder} --instrument"
        )
    stop(check_launched(study))
    found = read_responses(file, instrument, source, person=person, wave=wave, missing=missing)
    table = study.survey.responses.get(wave)
    merged = add_responses(table, _of_wave(found, wave, table))
    if not merged.added and not merged.already:
        raise StudyError(_all_refused(file.name, merged.refused))
    place_files(folder, _files(study, found, merged, wave, file.name), "No response was imported")
    lost = {one.response for one in merged.refused}
    rostered = {entry.person for entry in study.survey.roster if entry.wave == wave}
    people = dict.fromkeys(merged.table.column("person").to_pylist())
    return ImportedResponses(
        file.name,
        wave,
        found.source,
        merged.added,
        merged.already,
        merged.refused,
        tuple(one for one in found.left_behind if one.response not in lost),
        found.unused,
        tuple(name for name in found.absent if name not in found.repeated),
        found.repeated,
        tuple(one for one in people if one not in rostered),
    )


def _all_refused(name: str, refused: Iterable[Refused]) -> tuple[Problem, ...]:
    problems = [Problem(ALL_REFUSED, Place(name, one.row), f"{_sentence(one.reason)}", "") for one in refused]
    none = Problem(ALL_REFUSED, Place(name), "The file holds no response.", "Export it again.")
    return condensed(problems or [none])


def _sentence(reason: str) -> str:
    return f"Refused: {reason}" + ("" if reason.endswith((".", "?", "!")) else ".")


def _of_wave(found: Responses, wave: str, table: pa.Table | None) -> Responses:
    """The responses of this wave, one a person: others are refused."""
    import pyarrow as pa

    known: dict[str, str] = {}
    if table is not None:
        known = dict(zip(table.column("person").to_pylist(), table.column("response").to_pylist(), strict=True))
    columns = (found.table.column(name).to_pylist() for name in ("response", "person", "wave", "_row"))
    refused, kept = [], []
    for at, (response, person, own, row) in enumerate(zip(*columns, strict=True)):
        reason = _unfit(response, person, own, wave, known)
        if reason:
            refused.append(Refused(row, reason, response))
        else:
            kept.append(at)
            known.setdefault(person, response)
    if not refused:
        return found
    every = tuple(sorted([*found.refused, *refused]))
    return replace(found, table=found.table.take(pa.array(kept, pa.int64())), refused=every)


def _unfit(response: str, person: str, own: str, wave: str, known: Mapping[str, str]) -> str:
    if own != wave:
        return f"it belongs to wave {shown(own)}, not {shown(wave)}"
    if not person:
        return "it names no person: say which column does (--person COLUMN)"
    if known.get(person, response) != response:
        return f"{shown(person)} has a response in this wave already, {shown(known[person])}"
    return ""


def _files(study: Study, found: Responses, merged: Merged, wave: str, name: str) -> Mapping[str, bytes]:
    """The files that the import changes, the responses last."""
    refused, left = f"survey/refused-{wave}.csv", f"survey/left-behind-{wave}.csv"
    before = _cells(study, refused, REFUSED)
    files = _rewritten(refused, REFUSED, before, list(_refused(before, merged.refused, name)))
    before = _cells(study, left, LEFT_BEHIND)
    files |= _rewritten(left, LEFT_BEHIND, before, list(_left_behind(before, found, merged, name)))
    if merged.added:
        files |= kept_at_launch(study)
        files[responses_file(wave)] = _responses(study, merged, wave)
    return files


def _cells(study: Study, file: str, columns: Columns) -> list[dict[str, str]]:
    reading = Reading({file: study.files[file]} if file in study.files else {})
    rows = [dict(row.cells) for row in read_rows(reading, file, columns)]
    stop(reading.problems)
    return rows


def _rewritten(
    file: str, columns: Columns, before: list[dict[str, str]], after: list[dict[str, str]]
) -> dict[str, bytes]:
    """The file with the rows `after`, where they are others than `before`."""
    if after == before:
        return {}
    return {file: write_rows(columns.order, ([row[column] for column in columns.order] for row in after))}


def _refused(before: list[dict[str, str]], refused: Iterable[Refused], name: str) -> Iterator[dict[str, str]]:
    """What other files have had refused, then the rows of this file: its last import counts."""
    yield from (row for row in before if row["file"] != name)
    for one in refused:
        yield {"file": name, "row": str(one.row), "response": one.response, "reason": one.reason}


def _left_behind(before: list[dict[str, str]], found: Responses, merged: Merged, name: str) -> Iterator[dict[str, str]]:
    """What is there, then new answers of rows that were taken; an answer stands as it was first imported."""
    yield from before
    there = {(row["response"], row["item"]) for row in before}
    lost = {one.response for one in merged.refused}
    for one in found.left_behind:
        if one.response not in lost and (one.response, one.item) not in there:
            cells = (one.response, one.item, one.answer, name, str(one.row))
            yield dict(zip(LEFT_BEHIND.order, cells, strict=True))


def _responses(study: Study, merged: Merged, wave: str) -> bytes:
    """The table with the new rows: added to the file as it is, or written anew where it lacks a column."""
    import pyarrow as pa

    file, before = responses_file(wave), study.survey.responses.get(wave)
    old = 0 if before is None else before.num_rows
    new = _versioned(merged.table.slice(old), study)
    if before is None or set(before.column_names) != set(new.column_names):
        return write_table(pa.concat_tables([merged.table.slice(0, old), new]))
    return with_rows(study.files[file], file, RESPONSE_COLUMNS, new.drop_columns(["_row"]).to_pylist())


def _versioned(table: pa.Table, study: Study) -> pa.Table:
    """Rows that say no version were checked against the questionnaire of today: they say so."""
    import pyarrow.compute as pc

    column, instrument = table.column("instrument_version"), study.survey.instrument
    filled = pc.if_else(pc.equal(column, ""), instrument.version if instrument else "", column)
    return table.set_column(table.column_names.index("instrument_version"), "instrument_version", filled)
