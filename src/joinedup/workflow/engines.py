"""Which engine opens a path: DuckDB, unless the caller names Spark or brings a connection. Imported with joinedup: light."""

from __future__ import annotations

from typing import Any

from joinedup.impact.engine import set_opener


def open_source(source: Any, engine: Any = None) -> Any:
    """An Ibis table of `source` (see adapters.engines.duckdb.open_table); `engine` may be "spark" or "spark://host:port"."""
    from joinedup.adapters.engines.duckdb import open_table
    from joinedup.adapters.engines.spark import connect, is_spark
    from joinedup.study.problems import UsageError

    if is_spark(engine):
        engine = connect(engine)
    elif isinstance(engine, str):
        raise UsageError(f'There is no engine {engine!r}: say "spark", "spark://host:port", or nothing for DuckDB.')
    return open_table(source, engine)


def offer_engines() -> None:
    """Fill the hook of impact; called when joinedup is imported."""
    set_opener(open_source)
