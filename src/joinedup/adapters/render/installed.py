"""What the report needs beside the core, and what to install where it is absent."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from joinedup.study.problems import UsageError


def needed(module: str) -> ModuleType:
    """The module, or a UsageError that says what to install."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(
            f'The working report needs {module}, which is not installed. Run: pip install "joinedup[report]"'
        ) from error
