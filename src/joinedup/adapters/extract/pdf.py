"""PDF: the words of each page, as far as the file holds words."""

from __future__ import annotations

import io
import logging

from joinedup.adapters.extract.model import LARGEST_UNPACKED, RefusedError
from joinedup.adapters.extract.normal import join_pages

_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


def pdf_text(data: bytes) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of all pages with (offset, page number); ligatures become letters so that words can be found.

    A file without any word (scanned pages) and one that needs a password are refused.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PdfReadError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), root_object_recovery_limit=1_000)
        if reader.is_encrypted and not reader.decrypt(""):
            raise RefusedError("J324")
        text, pages = join_pages(page.extract_text().translate(_LIGATURES) for page in reader.pages)
    except DependencyError:
        raise RefusedError("J324") from None
    except LimitReachedError:
        raise RefusedError("J326", limit=LARGEST_UNPACKED // 1_000_000) from None
    except PdfReadError:
        raise RefusedError("J330", "its structure can't be read") from None
    if not text.strip():
        raise RefusedError("J334")
    return text, pages
