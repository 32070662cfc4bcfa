"""Untrusted documents to plain text, in a child process with limits on time, memory and output."""

from __future__ import annotations

from joinedup.adapters.extract.batch import extract_many
from joinedup.adapters.extract.model import Extracted
from joinedup.adapters.extract.pool import Pool

__all__ = ["Extracted", "extract", "extract_many"]


def extract(data: bytes, name: str) -> Extracted:
    """The text of one file that was called `name`, read in a child process of its own.

    txt, docx, odt, rtf, html, pdf, vtt, srt; chosen by the bytes first, by the name's ending second. Whatever the
    bytes are, nothing is raised: `problems` says in one sentence why there is no text.
    """
    with Pool(1) as pool:
        return pool.extract(data, name)
