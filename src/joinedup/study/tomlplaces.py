"""On which line of a TOML file a table or a key stands: tomllib does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")


@lru_cache(maxsize=16)
def toml_rows(data: bytes) -> Mapping[str, int]:
    """Line numbers by path; the n-th table of an array is ``name.n``, e.g. ``finding.2.evidence.1.expect``.

    Good enough for messages: dotted keys and keys within inline tables are not listed.
    """
    rows: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, quote = "", ""
    for row, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), start=1):
        if not quote:
            header = _HEADER.match(line)
            if header:
                table = _path(header[2], header[1] == "[[", counts)
                rows.setdefault(table, row)
                continue
            key = _KEY.match(line)
            if key:
                name = key[1].strip("\"'")
                rows.setdefault(f"{table}.{name}" if table else name, row)
        quote = _open_quote(line, quote)
    return rows


def _path(name: str, is_array: bool, counts: dict[str, int]) -> str:
    path = ""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for index, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if is_array and index == len(parts) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = f"{path}.{counts[path]}"
    return path


def _open_quote(line: str, quote: str) -> str:
    """Which multi-line quote is open after `line`."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if not quote:
            quote = mark
        elif quote == mark:
            quote = ""
    return quote
