"""The files of synthesis/ that integrate strands: as written by hand, with the passages that they cite filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coders import Mark
from files import write_text
from passages import cited, with_passages

_WRITTEN = Path(__file__).parent / "fixed" / "integration"


def write_integration(folder: Path, content: Mapping[str, str], marks: list[Mark]) -> None:
    """synthesis/*.toml; a passage is found by the words that it begins with."""
    for path in sorted(_WRITTEN.glob("*.toml")):
        declared = path.read_text(encoding="utf-8")
        filled = with_passages(declared, cited(declared, content, marks))
        write_text(folder / "synthesis" / path.name, filled)
