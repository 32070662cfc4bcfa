"""How an analysis makes its Result: title from the registry, inputs by digest, the code's version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from joinedup.study.digest import digest
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Quote, Result, Source, Table, Value, merged
from joinedup.study.wording import one_of_a_kind
from joinedup.version import __version__

Analysis = Callable[[Study], Result | None]
"""A pure function of a study; None where the study has nothing for it. It may raise NotComputable with the reason."""


def make_result(
    id: str,
    values: Mapping[str, Value],
    methods: str,
    inputs: tuple[Any, ...],
    *,
    tables: tuple[Table, ...] = (),
    parameters: Mapping[str, Value] | None = None,
    quotes: tuple[Quote, ...] = (),
    sources: Mapping[str, tuple[Source, ...]] | None = None,
    caveats: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
) -> Result:
    """A Result of the registered kind `id`. `inputs` are the parts of the study that were read (their digest is kept).

    Numpy scalars become plain numbers; NaN becomes None. Where `sources` names no rows for all values (""), those of
    its keys together stand behind every value that has none of its own. Raises KeyError for an id that is not registered.
    """
    found = dict(sources or {})
    found.setdefault("", merged(source for rows in found.values() for source in rows))
    return Result(
        id=id,
        title=KIND_BY_ID[id].title,
        values={key: plain(value) for key, value in values.items()},
        methods=one_of_a_kind(methods),
        inputs=digest(*inputs),
        version=__version__,
        tables=tuple(_plain_table(table) for table in tables),
        parameters={key: plain(value) for key, value in (parameters or {}).items()},
        quotes=quotes,
        sources=found,
        caveats=tuple(map(one_of_a_kind, caveats)),
        references=references,
    )


def refusal(id: str, reason: str) -> Result:
    """The Result of an analysis that was refused, with the reason that the report prints."""
    return Result(
        id=id,
        title=KIND_BY_ID[id].title,
        values={},
        methods="",
        inputs="",
        version=__version__,
        refused=one_of_a_kind(reason),
    )


def plain(value: Any) -> Value:
    """A value as a plain number, string or None; NaN and infinities are None."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value - value != 0:
        return None
    if value is None or isinstance(value, str | int | float):
        return int(value) if isinstance(value, bool) else value
    raise TypeError(f"{type(value).__name__} is no value of a result")


def _plain_table(table: Table) -> Table:
    rows = tuple(tuple(plain(cell) for cell in row) for row in table.rows)
    return Table(table.id, table.title, table.columns, rows, one_of_a_kind(table.note), table.keys)
