"""Codings as others read them: quotations with attributes as CSV, XLSX, DOCX and HTML; texts by codes as CSV."""

from __future__ import annotations

from joinedup.adapters.codings_out.documents import quotations_docx, quotations_html
from joinedup.adapters.codings_out.leaving import leaving_quotations
from joinedup.adapters.codings_out.quotations import Quotations, quotations
from joinedup.adapters.codings_out.sheets import matrix_csv, quotations_csv, quotations_xlsx

__all__ = [
    "Quotations",
    "leaving_quotations",
    "matrix_csv",
    "quotations",
    "quotations_csv",
    "quotations_docx",
    "quotations_html",
    "quotations_xlsx",
]
