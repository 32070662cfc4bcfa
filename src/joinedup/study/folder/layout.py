"""sites.hexjson: the hexagonal map of sites, in HexJSON (Open Data Institute Leeds)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode
from joinedup.study.hints import listed, shown
from joinedup.study.layout import LAYOUTS, Hex, Layout

LAYOUT = "sites.hexjson"


def read_layout(reading: Reading) -> Layout:
    """The map of sites; empty without the file. What can't be read is a problem, and its cell is left out."""
    text = decode(reading, LAYOUT)
    if text is None:
        return Layout()
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else getattr(error, "msg", str(error))
        _report(reading, f"The map can't be read: {why}.", getattr(error, "lineno", 0))
        return Layout()
    if not isinstance(found, dict) or not isinstance(found.get("hexes"), dict):
        _report(reading, "There is no object `hexes`.")
        return Layout()
    kind = found.get("layout", LAYOUTS[0])
    if kind not in LAYOUTS:
        _report(reading, f"{shown(str(kind))} is no layout; it is one of {listed(LAYOUTS)}.", column="layout")
        return Layout()
    cells = [_cell(reading, site, cell) for site, cell in found["hexes"].items()]
    return Layout(kind, tuple(cell for cell in cells if cell is not None))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice")
    return found


def _cell(reading: Reading, site: str, cell: Any) -> Hex | None:
    q, r = (cell.get("q"), cell.get("r")) if isinstance(cell, Mapping) else (None, None)
    if type(q) is int and type(r) is int:
        return Hex(site, q, r)
    _report(reading, "The cell has no whole numbers `q` and `r`.", column=site)
    return None


def _report(reading: Reading, what: str, row: int = 0, column: str = "") -> None:
    remedy = 'Write {"layout": "odd-r", "hexes": {"site": {"q": 0, "r": 0}}}.'
    reading.report("J118", LAYOUT, what, remedy, row, column)


def write_layout(layout: Layout) -> bytes:
    """The canonical form: a line a cell, in the order held."""
    cells = (f'    {json.dumps(cell.site)}: {{"q": {cell.q}, "r": {cell.r}}}' for cell in layout.hexes)
    body = ",\n".join(cells)
    return f'{{\n  "layout": "{layout.kind}",\n  "hexes": {{\n{body}\n  }}\n}}\n'.encode()
