"""The ledger: files that only grow, one line an entry."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def append_line(path: Path, record: Mapping[str, Any]) -> None:
    """One whole line, on the disk before this returns, or none; a last line that was cut off is ended first."""
    path.parent.mkdir(exist_ok=True)
    line = json.dumps(record, ensure_ascii=False) + "\n"
    size = path.stat().st_size if path.exists() else 0
    if size and not path.read_bytes().endswith(b"\n"):
        line = "\n" + line
    try:
        with path.open("ab") as ledger:
            ledger.write(line.encode())
            ledger.flush()
            os.fsync(ledger.fileno())
    except OSError:
        with suppress(OSError):  # a full disk: half a line would damage what stands before it
            os.truncate(path, size) if size else path.unlink()
        raise
