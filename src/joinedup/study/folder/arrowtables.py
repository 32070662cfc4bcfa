"""Large tables (responses, indicators' values) as Arrow: strings as written, and the row of each in its file.

Files without double quotes take Arrow's reader; all others, and all with a fault in their form, take the slow one
that knows every line number. Both give the same table.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from joinedup.study.folder.csvfile import Columns, Layout, read_header, records, write_rows
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import is_text

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 50_000


def read_table(reading: Reading, file: str, columns: Columns) -> pa.Table | None:
    """The rows of `file` that are not empty: declared columns, further ones, `_row` (int32). None: no usable header."""
    data = reading.files[file]
    if not is_text(reading, file, data):
        return None
    head = _head(data)
    layout = read_header(reading, file, head, columns)
    if layout is None:
        return None
    table = _fast(data, head, layout)
    if table is None:
        table = _slow(reading, file, data, layout)
    return _arranged(table, layout, columns)


def write_table(table: pa.Table) -> bytes:
    """The canonical form of a table; columns whose name begins with `_` are derived and left out."""
    names = [name for name in table.column_names if not name.startswith("_")]

    def rows() -> Any:
        for batch in table.select(names).to_batches(max_chunksize=_BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    return write_rows(names, rows())


def _head(data: bytes) -> str:
    """The comment lines, the header and the first row: enough to know the layout where no header is quoted."""
    if b'"' in data:
        return data.decode("utf-8-sig")
    at, lines = 0, 0
    while at < len(data) and lines < 2:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end + 1
        line = data[at:end].removeprefix(b"\xef\xbb\xbf") if at == 0 else data[at:end]
        if lines or (line.strip() and not line.startswith(b"#")):
            lines += 1
        at = end
    return data[:at].decode("utf-8-sig")


def _fast(data: bytes, head: str, layout: Layout) -> pa.Table | None:
    """None where only the slow reader gets every row number right."""
    body = data[len(head[: layout.body].encode()) + (3 if data.startswith(b"\xef\xbb\xbf") else 0) :].rstrip(b"\r\n")
    blank = b"\n\n" in body or b"\n\r\n" in body or body[:1] in (b"\n", b"\r")
    if b'"' in data or blank or body.count(b"\r") != body.count(b"\r\n"):
        return None
    import pyarrow as pa
    from pyarrow import csv

    if not body:
        return _table(layout, [[] for _ in layout.header], [])
    try:
        table = csv.read_csv(
            io.BytesIO(body + b"\n"),
            read_options=csv.ReadOptions(column_names=list(layout.header)),
            parse_options=csv.ParseOptions(
                delimiter=layout.delimiter, quote_char=False, ignore_empty_lines=False, newlines_in_values=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(layout.header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    import numpy as np

    rows = pa.array(np.arange(layout.body_row, layout.body_row + table.num_rows, dtype=np.int32))
    return _without_empty(table.append_column("_row", rows), layout)


def _without_empty(table: pa.Table, layout: Layout) -> pa.Table:
    import pyarrow.compute as pc

    first = pc.equal(table.column(layout.header[0]), "")
    if not pc.any(first).as_py():
        return table
    empty = first
    for name in layout.header[1:]:
        empty = pc.and_(empty, pc.equal(table.column(name), ""))
    return table.filter(pc.invert(empty))


def _slow(reading: Reading, file: str, data: bytes, layout: Layout) -> pa.Table:
    import pyarrow as pa

    batches = []
    cells: list[list[str]] = []
    rows: list[int] = []
    for row, found in records(reading, file, data.decode("utf-8-sig"), layout):
        rows.append(row)
        cells.append(found)
        if len(rows) == _BATCH:
            batches.append(_table(layout, list(zip(*cells, strict=True)), rows))
            cells, rows = [], []
    batches.append(_table(layout, list(zip(*cells, strict=True)) or [[] for _ in layout.header], rows))
    return pa.concat_tables(batches).combine_chunks()


def _table(layout: Layout, cells: Any, rows: list[int]) -> pa.Table:
    import pyarrow as pa

    arrays = {name: pa.array(column, pa.string()) for name, column in zip(layout.header, cells, strict=True)}
    return pa.table({**arrays, "_row": pa.array(rows, pa.int32())})


def _arranged(table: pa.Table, layout: Layout, columns: Columns) -> pa.Table:
    """Declared columns first (absent ones empty), then further ones as the header has them, `_row` last."""
    import pyarrow as pa

    for name in columns.order:
        if name not in layout.header:
            table = table.append_column(name, pa.array([""] * table.num_rows, pa.string()))
    extra = [name for name in layout.header if name not in columns.order]
    return table.select([*columns.order, *extra, "_row"])
