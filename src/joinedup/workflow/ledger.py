"""The ledger: files that only grow, one line an entry."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def append_line(path: Path, record: Mapping[str, Any]) -> None:
    """One whole line, on the disk before this returns; a last line that was cut off is ended first."""
    path.parent.mkdir(exist_ok=True)
    line = json.dumps(record, ensure_ascii=False) + "\n"
    if path.exists() and path.stat().st_size and not path.read_bytes().endswith(b"\n"):
        line = "\n" + line
    with path.open("ab") as ledger:
        ledger.write(line.encode())
        ledger.flush()
        os.fsync(ledger.fileno())
