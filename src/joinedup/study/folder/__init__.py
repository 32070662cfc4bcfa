"""The study folder: small text files in, a frozen Study out, and back without losing a byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.study.folder.reader import read_folder
    from joinedup.study.folder.writer import write_folder

__all__ = ["read_folder", "write_folder"]


def __getattr__(name: str) -> Any:
    if name == "read_folder":
        from joinedup.study.folder.reader import read_folder

        return read_folder
    if name == "write_folder":
        from joinedup.study.folder.writer import write_folder

        return write_folder
    raise AttributeError(name)
