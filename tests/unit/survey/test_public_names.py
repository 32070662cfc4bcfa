"""The public names of the survey strand: all there, none hidden by a module, nothing heavy before they are used."""

from __future__ import annotations

import inspect
import pkgutil
import subprocess
import sys

import pytest

import joinedup.survey


def test_every_public_name_is_a_documented_function() -> None:
    for name in joinedup.survey.__all__:
        found = getattr(joinedup.survey, name)
        assert inspect.isfunction(found), name
        assert found.__doc__, name


def test_no_module_has_a_public_name() -> None:
    """A module of the same name would replace the function once it is imported."""
    modules = {module.name for module in pkgutil.iter_modules(joinedup.survey.__path__)}
    assert not modules & set(joinedup.survey.__all__)


def test_the_strand_alone_imports_nothing_heavy() -> None:
    code = "import sys, joinedup.survey; sys.exit(any(name in sys.modules for name in ('numpy', 'pandas', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = joinedup.survey.nonsense
