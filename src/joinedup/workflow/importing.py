"""Importing a text into a study folder: what the command line and the served study both call."""

from __future__ import annotations

from joinedup.adapters.import_text import Imported, import_text

__all__ = ["Imported", "import_text"]
