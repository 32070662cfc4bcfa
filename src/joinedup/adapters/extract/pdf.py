"""PDF: the words of each page, as far as the file holds words; pages in two columns are read column by column."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import LARGEST_UNPACKED, Anchors, RefusedError
from joinedup.adapters.extract.normal import join_pages

if TYPE_CHECKING:
    from pypdf import PageObject

_SECONDS = 0.5
"""Processor time that a page may take, beside what its words take."""
_A_PIECE = 1.5e-4
_A_SIGN = 3e-5
"""Processor time that a piece of words and each of its signs may take: three times what they take."""
_MOST_IN_COLUMNS = 20_000
"""Signs on a page up to which it is looked at for columns; a page of a journal has 8,000."""
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


def pdf_text(data: bytes) -> tuple[str, Anchors]:
    """The text of all pages, and where each starts; ligatures become letters so that words can be found.

    A file without any word (scanned pages) and one that needs a password are refused.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PdfReadError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), root_object_recovery_limit=1_000)
        if reader.is_encrypted and not reader.decrypt(""):
            raise RefusedError("J324")
        text, pages = join_pages(page.translate(_LIGATURES) for page in _pages(data, reader))
    except DependencyError:
        raise RefusedError("J324") from None
    except LimitReachedError:
        raise RefusedError("J326", limit=LARGEST_UNPACKED // 1_000_000) from None
    except PdfReadError:
        raise RefusedError("J330", "its structure can't be read") from None
    if not text.strip():
        raise RefusedError("J334")
    return text, pages


def _pages(data: bytes, reader: Any) -> Iterator[str]:
    """The words of each page; a second reader, ten times slower, looks only at pages that seem to be in columns."""
    from joinedup.adapters.extract.columns import Columns, in_columns

    columns = Columns(data)
    for number, page in enumerate(reader.pages):
        words, starts = _words(page)
        if len(words) <= _MOST_IN_COLUMNS and in_columns(starts, float(page.mediabox.width)):
            words = columns.text(number, len(words)) or words
        CLOCK.earn(_SECONDS)
        yield words


def _words(page: PageObject) -> tuple[str, list[tuple[float, float]]]:
    """The words of a page in the order of the file, and where on the page each piece of them starts."""
    starts: list[tuple[float, float]] = []

    def visit(words: str, ctm: list[float], tm: list[float], *_: object) -> None:
        if words.strip():
            CLOCK.earn(_A_PIECE + _A_SIGN * len(words))
            x, y = tm[4], tm[5]
            starts.append((x * ctm[0] + y * ctm[2] + ctm[4], x * ctm[1] + y * ctm[3] + ctm[5]))

    return page.extract_text(visitor_text=visit), starts
