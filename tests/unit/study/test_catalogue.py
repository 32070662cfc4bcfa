"""The closed catalogue: every number that the code prints is in it, is constructed, and tested where the folder's own; the manual's page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from joinedup.study.catalogue import GROUPS, TITLES, page

_NUMBER = re.compile(r'"(J\d{3})')


def _constructed(files: Iterable[Path]) -> set[str]:
    own = [path for path in files if path.name != "catalogue.py"]
    return {number for path in own for number in re.findall(r'"(J\d{3})"', path.read_text(encoding="utf-8"))}


def test_every_number_of_the_code_is_catalogued_and_every_catalogued_one_is_constructed(root: Path) -> None:
    assert _constructed((root / "src").rglob("*.py")) == set(TITLES)


def test_no_number_stands_in_two_groups() -> None:
    assert len(TITLES) == sum(len(group) for group in GROUPS.values())
    assert list(TITLES) == sorted(TITLES)


def test_every_number_of_the_folder_and_its_checks_is_tested(root: Path) -> None:
    tested = {
        number
        for path in (root / "tests").rglob("test_*.py")
        for number in _NUMBER.findall(path.read_text(encoding="utf-8"))
    }
    assert (
        _constructed([*(root / "src/joinedup/study").rglob("*.py"), *root.glob("src/joinedup/*/checks.py")]) <= tested
    )


def test_the_manual_prints_the_catalogue(root: Path) -> None:
    text = (root / "docs/reference/problems.md").read_bytes().decode("utf-8").replace("\r\n", "\n")
    assert text == page(), "write docs/reference/problems.md anew from joinedup.study.catalogue.page()"
