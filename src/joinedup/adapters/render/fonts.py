"""With which fonts figures are drawn: those that vl-convert brings, unless a text has a character that they lack.

vl-convert opens the file of a system's font anew for every letter that it measures, which took half of the time of
drawing; its own Liberation Sans lies in memory, and is the same on every machine. What it can be told is where the
system keeps its fonts (fontconfig's FONTCONFIG_FILE), so on systems without fontconfig nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_GREEK, _CYRILLIC = (*range(0x391, 0x3A2), *range(0x3A3, 0x3CA)), range(0x400, 0x460)
_SIGNS = map(ord, "–—‘’‚“”„†‡•…‰‹›€™←↑→↓−√∞≈≠≤≥■□●○")
_SHOWN = frozenset((*range(0x250), *_GREEK, *_CYRILLIC, *_SIGNS))
"""Characters of Liberation Sans 2, by which texts in the Latin, Greek and Cyrillic scripts are written."""


def shown(text: str) -> bool:
    """Whether the fonts that vl-convert brings show all of `text`; characters may be written as JSON escapes them."""
    return _SHOWN.issuperset(map(ord, set(text))) and all(int(code, 16) in _SHOWN for code in _ESCAPED.findall(text))


def own_fonts(folder: Path) -> Mapping[str, str]:
    """The environment in which vl-convert finds no fonts of the system; writes a file to the folder `folder`."""
    file = folder / "fonts.conf"
    file.write_text(f"<fontconfig><dir>{escape(str(folder / 'none'))}</dir></fontconfig>", encoding="utf-8")
    return {"FONTCONFIG_FILE": str(file)}
