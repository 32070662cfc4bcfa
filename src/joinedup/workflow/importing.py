"""Importing: a document or transcript into a study, all of it or nothing."""

from __future__ import annotations

from joinedup.adapters.import_text import Imported, import_text

__all__ = ["Imported", "import_text"]
