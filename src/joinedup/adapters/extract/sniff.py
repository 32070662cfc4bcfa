"""What a file is, from its bytes first and its name second."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath

from joinedup.adapters.extract.model import PDF_SIGN, RefusedError
from joinedup.adapters.extract.zipped import open_zip

KINDS = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "txt",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".vtt": "vtt",
    ".srt": "srt",
}
"""Ending of a name -> the kind that it promises."""

_LABELS = {
    "txt": "plain text",
    "docx": "a Word document",
    "odt": "an OpenDocument text",
    "rtf": "Rich Text Format",
    "html": "an HTML page",
    "pdf": "a PDF",
    "vtt": "WebVTT captions",
    "srt": "SubRip captions",
}
_BINARY = {
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"OggS": "a recording",
    b"ID3": "a recording",
    b"RIFF": "a recording",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(rb"\s*<(?:\?xml|svg\b|!DOCTYPE)", re.IGNORECASE)
_SRT = re.compile(rb"\s*\d+\s*\r?\n\d{1,2}:\d{2}:\d{2}[,.]\d{3}\s*-->")
_BIDI = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def check_name(name: str) -> None:
    """Refuses a name that hides its ending behind invisible or direction-changing characters."""
    if _BIDI.search(name):
        raise RefusedError("J336")


def kind_of(data: bytes, name: str) -> str:
    """The kind of a file: a value of KINDS. Raises RefusedError where bytes and name disagree, or nothing can read it."""
    if not data:
        raise RefusedError("J320")
    promised = KINDS.get(PurePosixPath(name).suffix.lower(), "")
    found = _from_bytes(data)
    if found == "txt" and promised in ("html", "srt"):
        found = promised  # a fragment of a page, captions that begin with a comment: the name may decide
    if promised and found != promised:
        raise RefusedError("J322", _LABELS[found])
    return found


def _from_bytes(data: bytes) -> str:
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if PDF_SIGN in data[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _from_zip(data)
    if head.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError("J324")
        raise RefusedError("J323", "an old Office file (doc)")
    if head.startswith(b"{\\rtf"):
        return "rtf"
    for sign, label in _BINARY.items():
        if head.startswith(sign):
            raise RefusedError("J323", label)
    return _from_text(data, head)


def _from_text(data: bytes, head: bytes) -> str:
    if head.startswith(b"WEBVTT"):
        return "vtt"
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        raise RefusedError("J323", "XML of another kind")
    if _SRT.match(head):
        return "srt"
    if b"\x00" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise RefusedError("J323", "not a text")
    return "txt"


def _from_zip(data: bytes) -> str:
    opened = open_zip(data)
    names = set(opened.namelist())
    if "word/document.xml" in names:
        return "docx"
    if _declared(opened, names).startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    raise RefusedError("J323", "a zip archive that is no text document")


def _declared(opened: zipfile.ZipFile, names: set[str]) -> bytes:
    if "mimetype" not in names:
        return b""
    try:
        with opened.open("mimetype") as part:
            return part.read(100)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        raise RefusedError("J330", "its part mimetype can't be read") from None
