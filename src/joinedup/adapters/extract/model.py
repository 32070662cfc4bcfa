"""What extraction gives, what it refuses, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.study.problems import Place, Problem

LARGEST_FILE = 100_000_000
"""Bytes of a file that is looked at."""
LARGEST_UNPACKED = 100_000_000
"""Bytes that a zip directory may declare in all."""
LARGEST_PART = 40_000_000
"""Bytes of one part of a zip that are read."""
LONGEST_TEXT = 10_000_000
"""Characters of an extracted text: about 5,000 pages."""
MOST_MEMORY = 256 * 1024 * 1024
"""Bytes that a child process may hold, where the system can limit it."""
PDF_SIGN = b"%PDF-"
MOST_ANCHORS = 100_000
"""Places in its source that are kept of a text: a book of 5,000 pages has as many paragraphs."""
MOST_LINES = 300_000
"""Ends of paragraphs and lines in a document of markup: the longest texts have a tenth of it."""
DEEPEST = 200
"""Levels of nested elements or groups."""


def seconds_for(data: bytes) -> float:
    """Processor time for a file: 1.5 s and 0.5 s a megabyte; 10 s a megabyte of what is packed, PDF (a report takes up
    to 5) and zip.
    """
    per_megabyte = 10 if PDF_SIGN in data[:1024] or data.startswith(b"PK") else 0.5
    return 1.5 + per_megabyte * len(data) / 1_000_000


REFUSALS: Mapping[str, tuple[str, str]] = {
    "J320": ("is empty: it holds 0 bytes", "Get the file again from where it came."),
    "J321": ("is larger than {limit} MB", "Split it, or save its text alone."),
    "J322": ("is not what its name says: it is {found}", "Give it the name that fits, or get the right file."),
    "J323": ("is {found}, which can't be read", "Save it as txt, docx, odt, rtf, html, pdf, vtt or srt."),
    "J324": ("is encrypted or protected by a password", "Save it without a password."),
    "J325": ("holds macros", "Save it without macros, as docx or odt."),
    "J326": (
        "unpacks to more than {limit} MB, which no document of words does",
        "Get it again from a source you trust.",
    ),
    "J327": ("holds a path that leads out of it: {found}", "Get it again from a source you trust."),
    "J328": ("declares entities or a document type, as attacks do", "Get it again from a source you trust."),
    "J329": ("is not UTF-8: byte {found} can't be read", "Save it as UTF-8."),
    "J330": ("is damaged: {found}", "Open it in its own program and save it again."),
    "J331": ("took longer than {found} s", "Save its text alone, as txt or docx."),
    "J332": ("needs more memory than {limit} MB", "Save its text alone, as txt or docx."),
    "J333": ("holds more than {limit} million characters", "Split it."),
    "J334": ("holds no words; pages that are pictures hold none", "Run it through text recognition first."),
    "J335": ("is nested more than {limit} levels deep, as attacks are", "Get it again from a source you trust."),
    "J336": ("has a name with invisible or direction-changing characters", "Give it a plain name."),
    "J337": (
        "holds a part in HTML that Word shows but does not store as text",
        "Open it in Word and save it again as docx.",
    ),
    "J338": ("holds a letter with more than {limit} marks on it, as attacks do", "Take the marks off the letter."),
    "J339": ("holds more than {limit} ends of paragraphs and lines, as no text does", "Split it."),
}
"""Number -> what is wrong with a file, what to do."""


class RefusedError(Exception):
    """A file that is not extracted; `number` is a key of REFUSALS."""

    def __init__(self, number: str, found: str = "", limit: int = 0) -> None:
        self.number = number
        self.what = REFUSALS[number][0].format(found=found, limit=f"{limit:,}")
        super().__init__(self.what)


def problem_of(refused: RefusedError, name: str) -> Problem:
    """The refusal of the file `name` as a numbered sentence."""
    return Problem(refused.number, Place(name), f"The file {refused.what}.", REFUSALS[refused.number][1])


Anchors = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file: NFC, LF, no byte-order mark, no control characters.

    `anchors` lead back to the source: from that code point of the text on it is at this place, written as in
    texts/anchors.csv ("page 3", "paragraph 12", "0:01:05", "byte 1034"); an empty place ends what is known.
    `problems` is empty, or says in one sentence why there is no text.
    """

    text: str
    anchors: Anchors = ()
    problems: tuple[Problem, ...] = ()
