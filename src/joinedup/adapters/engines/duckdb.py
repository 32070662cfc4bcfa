"""DuckDB on this machine: Parquet files, folders of them and data frames as Ibis tables."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from joinedup.study.problems import UsageError


def open_table(source: Any, engine: Any = None) -> Any:
    """`source` (a Parquet file, a folder of Parquet files, or a pandas frame) as an Ibis table, read when asked for.

    `engine` is an Ibis connection (Spark, another DuckDB) that reads the files; by default a fresh DuckDB in memory.
    Raises UsageError where there is no such file, or it is of another kind.
    """
    if isinstance(source, str | PathLike):
        files = _files(Path(source))
        if engine is None:
            return _connect().read_parquet(files)
        if engine.name == "pyspark":  # it takes one path; a folder is one
            return engine.read_parquet(str(Path(source).resolve()), recursiveFileLookup="true")
        return engine.read_parquet(files)
    if hasattr(source, "to_parquet"):
        import ibis

        return ibis.memtable(source)
    raise UsageError(f"Rows come from a Parquet file, a folder of them or a table, not from a {type(source).__name__}.")


def _connect() -> Any:
    import ibis

    connection = ibis.duckdb.connect()
    # The order of rows is no part of a sum: DuckDB then keeps less in memory.
    connection.raw_sql("SET preserve_insertion_order = false")
    return connection


def _files(path: Path) -> str | list[str]:
    if path.is_dir():
        found = sorted(str(file) for file in path.rglob("*.parquet"))
        if not found:
            raise UsageError(f"{path} holds no Parquet file (*.parquet).")
        return found
    if not path.exists():
        raise UsageError(f"There is no file {path}.")
    if path.suffix.lower() not in (".parquet", ".pq"):
        raise UsageError(f"{path} is no Parquet file: convert it first, so that its columns have types.")
    return str(path)
