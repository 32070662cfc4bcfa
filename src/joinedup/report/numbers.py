"""How many decimals a column shows: the same all down the column, enough for its middle value, unless its rows are worlds apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from joinedup.report.prose import show_p
from joinedup.study.expect import show
from joinedup.study.result import Value

_ENDS = ("low", "high")
FAR_APART = 1000
"""Where the largest number of a column is so many times the smallest (or 1), each has decimals of its own."""


def decimals(values: Iterable[Value]) -> int:
    """Decimals for a column: three significant digits at its median size, none beyond three places."""
    sizes = sorted(abs(v) for v in values if isinstance(v, float) and v)
    if not sizes or all(size.is_integer() for size in sizes):
        return 0
    middle = sizes[len(sizes) // 2]
    return min(3, max(0, 2 - math.floor(math.log10(middle))))


def columns(named: Sequence[tuple[str, Sequence[Value]]]) -> list[list[str]]:
    """Columns side by side as shown: the ends of an interval have the decimals of the estimate before them."""
    shown: list[list[str]] = []
    estimate: Sequence[Value] = ()
    for name, cells in named:
        if name.endswith(_ENDS):
            shown.append(column(name, cells, estimate))
            continue
        shown.append(column(name, cells))
        if not _is_p(name) and any(isinstance(cell, float | str) for cell in cells):
            estimate = cells if any(isinstance(cell, float) for cell in cells) else ()
    return shown


def column(name: str, values: Iterable[Value], estimate: Sequence[Value] = ()) -> list[str]:
    """The cells of a column as shown, with the decimals of its `estimate` if it is the end of an interval.

    Shares and rates within 0 and 1 are percentages; whole numbers stay whole; marks and words stay as they are; None is a dash.
    """
    cells = list(values)
    if name.endswith(("share", "rate")) and all(0 <= cell <= 1 for cell in cells if isinstance(cell, float | int)):
        return [show(cell, ".0%") if isinstance(cell, float | int) else show(cell) for cell in cells]
    if _is_p(name):
        return [show_p(cell) for cell in cells]
    sized = list(estimate) if len(estimate) == len(cells) else cells
    if _far_apart(sized):
        own = [size if isinstance(size, float) and size else cell for cell, size in zip(cells, sized, strict=True)]
        return [_fixed(cell, decimals([size])) for cell, size in zip(cells, own, strict=True)]
    places = decimals(sized)
    return [_fixed(cell, places) for cell in cells]


def _is_p(name: str) -> bool:
    return name == "p" or name.startswith("p_") or name.endswith((".p", "_p"))


def _fixed(cell: Value, places: int) -> str:
    return show(cell, f",.{places}f") if isinstance(cell, float) else show(cell)


def _far_apart(cells: list[Value]) -> bool:
    """Whether a column holds amounts of different things, which no one number of decimals suits."""
    sizes = [abs(cell) for cell in cells if isinstance(cell, float) and cell]
    return max(sizes, default=0.0) >= FAR_APART * max(1.0, min(sizes, default=1.0))
