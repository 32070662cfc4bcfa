"""Quotations as CSV and XLSX, and texts by codes as CSV: nothing in them is run by a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from joinedup.adapters.codings_out.quotations import Cell, Quotations
from joinedup.adapters.workbooks import workbook
from joinedup.report.csvout import csv_bytes
from joinedup.study.model import Study
from joinedup.study.texts import Code, Text
from joinedup.texts.model import Corpus


def quotations_csv(found: Quotations) -> bytes:
    """A list of quotations as CSV: UTF-8, LF; text that a spreadsheet would run begins with a quote mark."""
    return csv_bytes([found.columns, *found.rows])


def matrix_csv(study: Study, texts: Iterable[Text], codes: Iterable[Code]) -> bytes:
    """`texts` by `codes`: a row a text, its attributes, then for each code the number of its codings in the text.

    Counted are the reported codings (of the plan's first coder; of all where the plan names none), of the code
    itself without those below it. A text without codings has a row of zeros. For R: read.csv(check.names = FALSE).
    """
    counts: dict[tuple[str, str], int] = {}
    for coding in Corpus(study).reported:
        key = coding.passage.text, coding.code
        counts[key] = counts.get(key, 0) + 1
    columns = [code.id for code in codes]
    rows: list[tuple[Cell, ...]] = [
        ("text", "kind", "interview", "site", "wave", "date", *(f"code.{id}" for id in columns))
    ]
    for text in sorted(texts, key=lambda text: text.id):
        about = (text.id, text.kind, text.interview, text.site, text.wave, text.date)
        rows.append((*about, *(counts.get((text.id, code), 0) for code in columns)))
    return csv_bytes(rows)


def quotations_xlsx(found: Quotations) -> bytes:
    """A list of quotations as a workbook. A cell holds 32,767 characters: the CSV has all of a longer quote."""
    return workbook("quotations", found.columns, found.rows)
