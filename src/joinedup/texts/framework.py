"""The framework matrix (Ritchie and Spencer): cases by themes, summaries by people held to the passages they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.digest import digest
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.study.texts import Coding, FrameworkCell, Passage
from joinedup.texts.corpus import CODINGS_FILE, rows_of
from joinedup.texts.matrix import descendants
from joinedup.texts.model import Corpus

REFERENCE = (
    "Ritchie, J. and Spencer, L. (1994), Qualitative data analysis for applied policy research, in Bryman, A. and "
    "Burgess, R. G. (eds), Analyzing Qualitative Data, Routledge, 173-194."
)
CURRENT, STALE, UNREAD, EMPTY = "current", "stale", "not yet read against its passages", "no summary"
STATES = (CURRENT, STALE, UNREAD, EMPTY)


@dataclass(frozen=True, slots=True)
class Cell:
    """A case and a theme: the coded passages there, and the summary, where there is one.

    `cited` are the passages that share a character with one that the summary cites; `loose` are citations that lie on
    no coded passage of the cell. `digest` is that of the passages as they are now.
    """

    case: str
    code: str
    passages: tuple[Passage, ...]
    written: FrameworkCell | None
    cited: int
    loose: int
    digest: str

    @property
    def coverage(self) -> float | None:
        """The share of the cell's passages that the summary cites; None without passages or summary."""
        return self.cited / len(self.passages) if self.passages and self.written else None

    @property
    def state(self) -> str:
        """`stale` where a passage was added, taken away or moved since the summary was read against them."""
        if self.written is None:
            return EMPTY
        if not self.written.digest:
            return UNREAD
        return CURRENT if self.written.digest == self.digest and not self.loose else STALE


def framework_cells(study: Study) -> tuple[Cell, ...]:
    """Every cell with a passage or a summary, by case (in the study's order) and theme (in the codebook's or declared)."""
    matrix, corpus = study.texts.framework, Corpus(study)
    written = {(cell.case, cell.code): cell for cell in matrix.cells}
    below = descendants(study.texts.codes)
    codes = matrix.codes or tuple(code.id for code in study.texts.codes if not code.parent)
    above = {under: [code for code in codes if under in below.get(code, ())] for under in below}
    held: dict[tuple[str, str], set[Passage]] = {}
    for coding in corpus.reported:
        for case in _cases(corpus, coding):
            for code in above.get(coding.code, ()):
                held.setdefault((case, code), set()).add(coding.passage)
    cases = [site.id for site in study.sites] if matrix.cases == "site" else sorted({p.id for p in study.people})
    themes = dict.fromkeys((*codes, *(cell.code for cell in matrix.cells)))
    keys = [(case, code) for case in cases for code in themes if (case, code) in held or (case, code) in written]
    return tuple(_cell(key, held.get(key, set()), written.get(key)) for key in keys)


def _cases(corpus: Corpus, coding: Coding) -> tuple[str, ...]:
    """The site of the coding's text, or the people in whose turns it lies."""
    span = coding.passage
    if corpus.study.texts.framework.cases == "person":
        return tuple(dict.fromkeys(voice.person for voice in corpus.voices_in(span.text, span.start, span.end)))
    text = corpus.study.text_by_id.get(span.text)
    return (text.site,) if text and text.site else ()


def _cell(key: tuple[str, str], held: set[Passage], written: FrameworkCell | None) -> Cell:
    passages = tuple(sorted(held, key=lambda passage: (passage.text, passage.start, passage.end)))
    cites = written.cites if written else ()
    cited = sum(any(_meet(passage, cite) for cite in cites) for passage in passages)
    loose = sum(not any(_meet(passage, cite) for passage in passages) for cite in cites)
    return Cell(*key, passages, written, cited, loose, digest(passages)[:16])


def _meet(a: Passage, b: Passage) -> bool:
    return a.text == b.text and a.start < b.end and b.start < a.end


def framework_result(study: Study) -> Result | None:
    """`texts.framework`; None where nobody has written a summary."""
    if not study.texts.framework.cells:
        return None
    cells = framework_cells(study)
    values = _values(cells)
    texts, corpus = study.texts, Corpus(study)
    return make_result(
        "texts.framework",
        values,
        _methods(study, values),
        (texts.framework, corpus.reported, texts.codes, texts.texts, texts.speakers, study.sites, study.people),
        tables=(framework_table(study, cells),),
        parameters={"cases": texts.framework.cases},
        sources=_sources(corpus, cells),
        caveats=_caveats(cells, values),
        references=(REFERENCE,),
    )


def _values(cells: tuple[Cell, ...]) -> dict[str, Value]:
    states = Counter(cell.state for cell in cells)
    summarised = [cell for cell in cells if cell.written]
    passages = sum(len(cell.passages) for cell in summarised)
    values: dict[str, Value] = {
        "cells": len(cells),
        "summaries": len(summarised),
        "current": states[CURRENT],
        "stale": states[STALE],
        "unread": states[UNREAD],
        "passages": passages,
        "cited": sum(cell.cited for cell in summarised),
    }
    values["coverage"] = sum(cell.cited for cell in summarised) / passages if passages else None
    for cell in cells:
        key = f"{key_part(cell.case)}.{key_part(cell.code)}"
        values[f"{key}.passages"] = len(cell.passages)
        values[f"{key}.cited"] = cell.cited if cell.written else None
        values[f"{key}.coverage"] = cell.coverage
        values[f"{key}.state"] = cell.state
    return values


def _methods(study: Study, values: Mapping[str, Value]) -> str:
    by_person = study.texts.framework.cases == "person"
    whose = "in whose turns a passage lies" if by_person else "of the passage's text"
    return (
        f"Framework matrix: cases are {'people' if by_person else 'sites'}, the {'person' if by_person else 'site'} {whose}, by "
        f"themes, a code standing for those below it. {values['summaries']} of the {values['cells']} cells that hold "
        f"coded passages or a summary have a summary, written by a person. Coverage is the share of a cell's passages "
        f"that share a character with a cited one: {values['cited']} of {values['passages']}. A summary is stale where "
        f"the cell's passages are no longer those against which it was last read ({values['stale']}), or where it cites "
        f"what is no longer coded so."
    )


def framework_table(study: Study, cells: tuple[Cell, ...]) -> Table:
    """One row a summary. Where cases are people their summaries stay out of the report: they would single people out."""
    by_person = study.texts.framework.cases == "person"
    rows: list[Row] = []
    keys = []
    for cell in cells:
        if cell.written is None:
            continue
        key = f"{key_part(cell.case)}.{key_part(cell.code)}"
        words = () if by_person else (cell.written.summary,)
        counts = (len(cell.passages), cell.cited, cell.coverage)
        rows.append((_case(study, cell.case), _label(study, cell.code), *words, *counts, cell.state))
        named = (f"{key}.{name}" for name in ("passages", "cited", "coverage", "state"))
        keys.append(("", "", *("" for _ in words), *named))
    columns = [("case", "Person" if by_person else "Site"), ("theme", "Theme")]
    columns += [] if by_person else [("summary", "Summary")]
    columns += [("passages", "Passages"), ("cited", "Cited"), ("coverage_share", "Coverage"), ("state", "State")]
    return Table("summaries", "Summaries by case and theme", tuple(columns), tuple(rows), "", tuple(keys))


def matrix_table(study: Study, cells: tuple[Cell, ...]) -> Table:
    """Cases x themes with the summaries as cells, for reading on paper or in a spreadsheet; a stale one says so."""
    themes = list(dict.fromkeys(cell.code for cell in cells))
    by_key = {(cell.case, cell.code): cell for cell in cells}
    rows: list[Row] = []
    for case in dict.fromkeys(cell.case for cell in cells):
        found = (by_key.get((case, theme)) for theme in themes)
        rows.append((_case(study, case), *(_words(cell) for cell in found)))
    columns = (("case", "Case"), *((theme, _label(study, theme)) for theme in themes))
    return Table("matrix", "Framework matrix", columns, tuple(rows))


def work_table(cells: tuple[Cell, ...]) -> Table:
    """One row a cell with its state and the digest to enter once the summary was read against its passages."""
    names = ("case", "code", "passages", "cited", "loose", "coverage", "state", "digest", "summary")
    rows: list[Row] = []
    for cell in cells:
        counts = (len(cell.passages), cell.cited, cell.loose, cell.coverage)
        rows.append(
            (cell.case, cell.code, *counts, cell.state, cell.digest, cell.written.summary if cell.written else "")
        )
    return Table("cells", "Cells of the framework matrix", tuple((n, n.title()) for n in names), tuple(rows))


def _words(cell: Cell | None) -> Value:
    if cell is None:
        return None
    if cell.written is None:
        return f"[{len(cell.passages)} passages, no summary]"
    return cell.written.summary if cell.state == CURRENT else f"{cell.written.summary} [{cell.state}]"


def _case(study: Study, case: str) -> str:
    site = study.site_by_id.get(case) if study.texts.framework.cases == "site" else None
    return site.name if site else case


def _label(study: Study, code: str) -> str:
    return study.code_by_id[code].label or code if code in study.code_by_id else code


def _sources(corpus: Corpus, cells: tuple[Cell, ...]) -> dict[str, tuple[Source, ...]]:
    columns = ("text", "start", "end", "quote", "code", "coder")
    by_passage: dict[Passage, list[Coding]] = {}
    for coding in corpus.reported:
        by_passage.setdefault(coding.passage, []).append(coding)
    below = descendants(corpus.study.texts.codes)
    sources = {}
    for cell in cells:
        codings = [c for passage in cell.passages for c in by_passage[passage] if c.code in below[cell.code]]
        sources[f"{key_part(cell.case)}.{key_part(cell.code)}"] = rows_of(CODINGS_FILE, codings, columns)
    return sources


def _caveats(cells: tuple[Cell, ...], values: Mapping[str, Value]) -> tuple[str, ...]:
    caveats = []
    if values["stale"]:
        words = "1 summary is" if values["stale"] == 1 else f"{values['stale']} summaries are"
        caveats.append(f"{words} stale: passages changed after the summary was last read against them.")
    missing = sum(cell.written is None for cell in cells)
    if missing:
        caveats.append(f"{missing} cells with coded passages have no summary.")
    return tuple(caveats)
