"""Figures as PNG, and what stands for them in an office document until they are made.

Pandoc sets stand-ins, so that it need not wait for the pictures, nor carry them through. A stand-in is a black PNG of
the picture's size that names the figure it stands for. Source of the format: W3C, Portable Network Graphics (PNG)
Specification, 11.2 (IHDR, IDAT, IEND), 11.3.4.3 (tEXt), 11.3.5.3 (pHYs).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from joinedup.adapters.render.figures import POINTS, size
from joinedup.adapters.render.installed import needed

DOTS = 300
"""Dots an inch of a picture."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PHYSICAL = b"pHYs"
_LENGTH, _AROUND = 9, 12
"""Bytes that a chunk of physical size holds, and that stand around what a chunk holds."""
_METRE = 39.3701
"""Inches in a metre."""


def png(drawing: str) -> bytes:
    """An SVG as PNG at 300 dots an inch of its own size, which the PNG says of itself.

    Raises UsageError where vl-convert is not installed.
    """
    made: bytes = needed("vl_convert").svg_to_png(drawing, scale=1.0, ppi=DOTS * POINTS)
    at = made.index(_PHYSICAL) - 4  # vl-convert takes a pixel of the drawing for a point, and says its own resolution
    return made[:at] + _dots() + made[at + _AROUND + _LENGTH :]


def stand_in(id: str, drawing: str) -> bytes:
    """What stands for the figure `id`, whose SVG is `drawing`, until `pictured` puts its picture there."""
    width, height = (max(1, round(points * DOTS / 72)) for points in size(drawing))
    rows = zlib.compress(bytes(height * (1 + -(-width // 8))))  # a bit a pixel; each row begins with its filter
    chunks = (
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        _dots(),
        _chunk(b"tEXt", b"figure\0" + id.encode()),
        _chunk(b"IDAT", rows),
        _chunk(b"IEND", b""),
    )
    return _SIGNATURE + b"".join(chunks)


def _dots() -> bytes:
    dots = round(DOTS * _METRE)
    return _chunk(_PHYSICAL, struct.pack(">IIB", dots, dots, 1))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pictured(content: bytes, stood: Mapping[bytes, str], pictures: Mapping[str, bytes]) -> bytes:
    """A part of the document: where it is a stand-in, the picture of its figure. `stood`: ids by stand-in."""
    id = stood.get(content) if content.startswith(_SIGNATURE) else None
    return content if id is None else pictures[id]
