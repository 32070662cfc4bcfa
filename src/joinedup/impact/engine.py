"""Where a path becomes a table: a hook, because nothing here touches files. It is filled when joinedup is imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Opener = Callable[[Any, Any], Any]
"""(source, engine) -> an Ibis table."""

_openers: list[Opener] = []


def set_opener(opener: Opener) -> None:
    """From now on `opener` opens whatever is not an Ibis table yet."""
    _openers[:] = [opener]


def open_table(source: Any, engine: Any = None) -> Any:
    """`source` as an Ibis table; an Ibis table is taken as it is. Raises TypeError where no engine is at hand."""
    if hasattr(source, "aggregate") and hasattr(source, "schema"):
        return source
    if not _openers:
        raise TypeError(f"a {type(source).__name__} needs an engine: pass an Ibis table, or import joinedup")
    return _openers[0](source, engine)
