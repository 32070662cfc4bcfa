"""Office documents are zip files of XML: sizes, paths and entities are checked before and while anything is read."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from joinedup.adapters.extract.model import DEEPEST, LARGEST_PART, LARGEST_UNPACKED, RefusedError

_MOST_ENTRIES = 5_000
_CHUNK = 64 * 1024


class Handler(Protocol):
    """What is done with the XML of a part, as it streams by: no tree is built."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def data(self, words: str) -> None: ...


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The zip file in `data`, with its directory checked: sizes, paths, links, encryption. Nothing is unpacked."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        raise RefusedError("J330", "its zip directory can't be read") from None
    entries = opened.infolist()
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise RefusedError("J326", limit=LARGEST_UNPACKED // 1_000_000)
    for entry in entries:
        check_path(entry)
        if entry.flag_bits & 0x1:
            raise RefusedError("J324")
    return opened


def check_path(entry: zipfile.ZipInfo) -> None:
    """Refuses an entry that is a link or whose path leads out of the archive."""
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or stat.S_ISLNK(entry.external_attr >> 16):
        shown = "".join(sign if sign.isprintable() else "?" for sign in entry.filename[:60])
        raise RefusedError("J327", ascii(shown)[1:-1])


def read_part(opened: zipfile.ZipFile, name: str, handler: Handler) -> None:
    """Stream the XML part `name` through `handler`; bytes are counted whatever the directory says."""
    parser: Any = DefusedXMLParser(target=_Guard(handler), forbid_dtd=True)
    count = 0
    try:
        with opened.open(name) as part:
            while chunk := part.read(_CHUNK):
                count += len(chunk)
                if count > LARGEST_PART:
                    raise RefusedError("J326", limit=LARGEST_PART // 1_000_000)
                parser.feed(chunk)
        parser.close()
    except DefusedXmlException:
        raise RefusedError("J328") from None
    except KeyError:
        raise RefusedError("J330", f"it lacks its part {name}") from None
    except (ParseError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise RefusedError("J330", f"its part {name} can't be read") from None


class _Guard:
    """Counts how deeply elements are nested, and strips the namespaces of tags and attributes."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._depth = 0
        self.data = handler.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise RefusedError("J335", limit=DEEPEST)
        self._handler.start(tag.rpartition("}")[2], {key.rpartition("}")[2]: v for key, v in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(tag.rpartition("}")[2])

    def close(self) -> None:
        """Called by the parser at the end of the document."""
