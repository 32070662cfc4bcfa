"""REFI-QDA: projects (.qdpx) and codebooks (.qdc) in and out."""

from __future__ import annotations

from joinedup.adapters.refi_qda.reader import read_codebook, read_project
from joinedup.adapters.refi_qda.writer import write_codebook, write_project

__all__ = ["read_codebook", "read_project", "write_codebook", "write_project"]
