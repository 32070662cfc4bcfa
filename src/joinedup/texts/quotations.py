"""What queries find, as tables: quotations with their attributes, texts, texts x codes, codes x codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from joinedup.study.model import Study
from joinedup.study.result import Row, Table
from joinedup.study.texts import Text
from joinedup.texts.anchors import Anchors
from joinedup.texts.matrix import descendants
from joinedup.texts.queries import Marked, Queries

_TEXT = ("text", "kind", "interview", "site", "wave", "date")


def quotation_table(queries: Queries, found: Iterable[Marked]) -> Table:
    """One row a marked passage: where it stands, its codes with their full path, coder, speakers and their professions.

    Several codes, speakers or professions are joined by "; ". A passage in no person's turn has neither speaker nor
    profession. `place` is the page, paragraph, time, cell or byte in the source, where the import kept it.
    """
    paths, anchors = code_paths(queries.study), Anchors(queries.study)
    rows: list[Row] = []
    for item in found:
        text, voices = queries.study.text_by_id.get(item.passage.text), queries.voices_of(item)
        about = tuple(getattr(text, name) for name in _TEXT[1:]) if text else ("",) * (len(_TEXT) - 1)
        people = "; ".join(dict.fromkeys(voice.person for voice in voices))
        professions = "; ".join(dict.fromkeys(voice.profession for voice in voices if voice.profession))
        codes = "; ".join(paths.get(code, code) for code in item.codes)
        place = (item.passage.text, item.passage.start, item.passage.end)
        rows.append(
            (
                *place,
                item.passage.quote,
                codes,
                item.coder,
                item.phase,
                people,
                professions,
                *about,
                anchors.place(*place),
            )
        )
    names = ("text", "start", "end", "quote", "codes", "coder", "phase", "person", "profession", *_TEXT[1:], "place")
    return Table("quotations", "Quotations", tuple((name, name.title()) for name in names), tuple(rows))


def text_table(found: Iterable[Text]) -> Table:
    """One row a text, with its attributes."""
    rows = tuple(tuple(text.id if name == "text" else getattr(text, name) for name in _TEXT) for text in found)
    return Table("texts", "Texts", tuple((name, name.title()) for name in _TEXT), rows)


def texts_by_codes(study: Study, found: Iterable[Marked]) -> Table:
    """Texts x codes: how many distinct passages of `found` carry the code or one below it. Every text has a row.

    The columns are the codes' ids: R reads the table with `read.csv`, and `> 0` gives presence.
    """
    counts: dict[tuple[str, str], set[tuple[int, int]]] = {}
    above = _above(study)
    for item in found:
        for code in {up for given in item.codes for up in above.get(given, (given,))}:
            counts.setdefault((item.passage.text, code), set()).add((item.passage.start, item.passage.end))
    codes = [code.id for code in study.texts.codes]
    rows = []
    for text in study.texts.texts:
        about = tuple(text.id if name == "text" else getattr(text, name) for name in _TEXT)
        rows.append((*about, *(len(counts.get((text.id, code), ())) for code in codes)))
    columns = [(name, name.title()) for name in _TEXT]
    columns += [(code.id, code.label or code.id) for code in study.texts.codes]
    return Table("texts_by_codes", "Texts by codes", tuple(columns), tuple(rows))


def code_paths(study: Study) -> Mapping[str, str]:
    """Each code -> the labels from the top of the tree down to it, joined by " > "."""
    labels = {code.id: code.label or code.id for code in study.texts.codes}
    return {code: " > ".join(labels[up] for up in reversed(ups)) for code, ups in _above(study).items()}


def _above(study: Study) -> Mapping[str, Sequence[str]]:
    """Each code -> itself and the codes above it, upwards."""
    found: dict[str, list[str]] = {code.id: [] for code in study.texts.codes}
    below = descendants(study.texts.codes)
    for code in sorted(below, key=lambda code: len(below[code])):
        for under in below[code]:
            found[under].append(code)
    return found
