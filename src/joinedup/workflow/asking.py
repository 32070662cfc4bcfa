"""Asking the texts: queries over codings, search in the words, the framework matrix; tables as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.result import Table
from joinedup.texts.framework import Cell, framework_cells, matrix_table, work_table
from joinedup.texts.queries import Queries
from joinedup.texts.quotations import code_paths, quotation_table, text_table, texts_by_codes
from joinedup.texts.search import keyword_in_context

KINDS = ("passages", "texts", "matrix")
SHOWN = 200
"""So many lines are shown on the terminal; a file has all."""


def ask(study: Study, query: str, kind: str) -> Table:
    """What `query` finds: its passages, the texts that it holds for, or texts x codes counted over its passages."""
    queries = Queries(study)
    if kind == "texts":
        return text_table(queries.find_texts(query))
    found = queries.find(query)
    return texts_by_codes(study, found) if kind == "matrix" else quotation_table(queries, found)


def look_for(study: Study, words: str, *, regex: bool, exact: bool) -> Table:
    """Every place of `words` with the words around it."""
    from joinedup.adapters.timed_search import timed_search

    contents = [(text.id, text.content) for text in study.texts.texts]
    return keyword_in_context(study, timed_search(contents, words, regex=regex, exact=exact))


def matrix(study: Study, work: bool) -> Table:
    """The framework matrix, cases x themes; `work`: one row a cell with its state and digest instead."""
    cells = framework_cells(study)
    return work_table(cells) if work else matrix_table(study, cells)


def cell_lines(study: Study) -> Iterator[str]:
    """The cells as lines: case, theme, how many passages are cited, state, digest."""
    paths = code_paths(study)
    cells: tuple[Cell, ...] = framework_cells(study)
    for cell in cells:
        cited = f"{cell.cited} of {len(cell.passages)} cited" if cell.written else f"{len(cell.passages)} passages"
        yield f"{cell.case}  {paths.get(cell.code, cell.code)}: {cited}, {cell.state}, digest {cell.digest}"
    if not cells:
        yield "No passage is coded with a theme of the matrix."


def lines(table: Table) -> Iterator[str]:
    """A table as lines for the terminal: a passage in its context, or the cells that are not empty."""
    names = [name for name, _ in table.columns]
    for row in table.rows[:SHOWN]:
        cells = {name: "" if value is None else str(value) for name, value in zip(names, row, strict=True)}
        if "quote" in cells:
            about = filter(None, (cells[name] for name in ("codes", "coder", "profession", "site", "wave", "place")))
            yield f"{cells['text']} {cells['start']}-{cells['end']}  {' | '.join(about)}\n    {' '.join(cells['quote'].split())}"
        elif "words" in cells:
            yield f"{cells['text']} {cells['start']:>6}  {cells['left']:>60}[{cells['words']}]{cells['right']}"
        else:
            yield "  ".join(cell for cell in cells.values() if cell)
    if len(table.rows) > SHOWN:
        yield f"... {len(table.rows) - SHOWN:,} more; --out FILE writes all."


def write_table(table: Table, out: Path, folder: Path) -> None:
    """Write `table` as CSV or XLSX, by the file's ending. UsageError inside the study or for another ending."""
    from joinedup.adapters.workbooks import workbook
    from joinedup.report.csvout import csv_text

    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(f"{out} ends in neither .csv nor .xlsx.")
    if folder.resolve() in out.resolve().parents:
        raise UsageError(f"{out} lies in the study itself. Name a file elsewhere.")
    if out.suffix.lower() == ".csv":
        data = csv_text(table).encode("utf-8")
    else:
        data = workbook(table.id, (heading for _, heading in table.columns), table.rows)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{out} can't be written ({(error.strerror or str(error)).lower()}).") from None
