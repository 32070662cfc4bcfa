"""XML of a project or codebook to a tree: no entities, no document type, limits on depth; small mistakes are mended."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import DEEPEST, RefusedError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(x[0-9a-fA-F]{1,8}|[0-9]{1,9});")
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_SECTION, _SECTION_END = "<![CDATA[", "]]>"

_CHUNK = 256 * 1024
_A_BYTE = 1e-7
"""Processor time that a byte of markup may take."""
_MOST_ELEMENTS = 1_000_000
"""About 200,000 codings; a tree of them takes 300 MB."""


def parse(data: bytes, root: str) -> tuple[Element, tuple[str, ...]]:
    """The tree of `data`, names without namespaces, and what had to be mended. Raises RefusedError.

    `root` is the local name that the outermost element must have.
    """
    said: tuple[str, ...] = ()
    try:
        found = _parsed(data)
    except ParseError as error:
        try:
            found = _parsed(_mended(data))
        except ParseError:
            raise RefusedError("J330", f"its XML breaks off at line {error.position[0]}") from None
        said = (f"The XML was not well formed (line {error.position[0]}): signs that XML forbids were taken out.",)
    if found.tag != root:
        raise RefusedError("J323", f"XML of another kind (its outermost element is not {root})")
    return found, said


def _parsed(data: bytes) -> Element:
    parser: Any = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        for at in range(0, len(data), _CHUNK):
            parser.feed(data[at : at + _CHUNK])
            CLOCK.earn(_A_BYTE * _CHUNK)
        found: Element = parser.close()
    except DefusedXmlException:
        raise RefusedError("J328") from None
    except (ValueError, LookupError):
        raise RefusedError("J330", "its XML declares an encoding that can't be read") from None
    return found


class _Builder:
    """Builds the tree without namespaces and counts how deeply elements are nested."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = self._count = 0
        self.data = self._tree.data
        self.close = self._tree.close

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise RefusedError("J330", f"its XML has more than {_MOST_ELEMENTS:,} elements")
        if self._depth > DEEPEST:
            raise RefusedError("J335", limit=DEEPEST)
        self._tree.start(tag.rpartition("}")[2], {key.rpartition("}")[2]: v for key, v in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(tag.rpartition("}")[2])


def _mended(data: bytes) -> bytes:
    """Without signs that XML forbids, with every loose ampersand escaped; what is not UTF-8 becomes U+FFFD."""
    words, pieces, at = _CONTROL.sub("", data.decode("utf-8-sig", "replace")), [], 0
    while at < len(words):
        start = words.find(_SECTION, at)
        end = words.find(_SECTION_END, start) + len(_SECTION_END) if start >= 0 else -1
        if end < len(_SECTION_END):  # no section that ends
            start = end = len(words)
        pieces += [_LOOSE.sub("&amp;", _REFERENCE.sub(_allowed, words[at:start])), words[start:end]]
        at = end
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", "".join(pieces)).encode("utf-8")


def _allowed(match: re.Match[str]) -> str:
    digits = match[1]
    number = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    legal = number in (9, 10, 13) or 32 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 65536 <= number <= 0x10FFFF
    return match[0] if legal else ""


def words(element: Element | None) -> str:
    """The text of an element and of whatever stands in it; empty for None."""
    return "" if element is None else "".join(element.itertext())
