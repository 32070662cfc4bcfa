"""The hexagonal map of sites: each site's cell, so that every site is as large as any other."""

from __future__ import annotations

import math
from dataclasses import dataclass

LAYOUTS = ("odd-r", "even-r", "odd-q", "even-q")
"""Which rows (r) or columns (q) are shoved by half a cell: the odd or the even ones."""


@dataclass(frozen=True, slots=True)
class Hex:
    """A site's cell: column `q` counts eastwards, row `r` northwards."""

    site: str
    q: int
    r: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The cells of a map of kind `kind` (one of LAYOUTS)."""

    kind: str = "odd-r"
    hexes: tuple[Hex, ...] = ()


def centre(layout: Layout, cell: Hex) -> tuple[float, float]:
    """East and north of a cell's centre, in widths of a cell across its flat sides."""
    shoved = 0.5 if layout.kind.startswith("odd") else -0.5
    apart = math.sqrt(3) / 2
    if layout.kind.endswith("-r"):
        return cell.q + shoved * (cell.r % 2), cell.r * apart
    return cell.q * apart, cell.r + shoved * (cell.q % 2)
