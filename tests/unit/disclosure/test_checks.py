"""What a study declares for the gate and the deposit: J801 to J805, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from joinedup.workflow.opening import read_study
from tests.folder_sample import put, sample


@pytest.mark.parametrize(
    ("declared", "number", "told"),
    [
        ('profile = "children"', "J801", "Did you mean"),
        ('profile = "nhs"\n[[disclosure.open]]\npeople = "people interviewed"\nreason = " "', "J802", "reason"),
        ('sites = "anon"', "J806", "anonymous"),
        ('sites = "anonymous"', "", ""),
        ('profile = "nhs"\n[[disclosure.open]]\npeople = "people interviewed"\nreason = "all adults"', "", ""),
    ],
)
def test_the_declaration_is_checked(tmp_path: Path, declared: str, number: str, told: str) -> None:
    files = sample()
    study = files["study.toml"]
    text = study.decode() if isinstance(study, bytes) else study
    files["study.toml"] = (text + f"\n[disclosure]\n{declared}\n").encode()
    _, problems = read_study(put(tmp_path, files))
    found = [problem for problem in problems if problem.number.startswith("J80")]
    assert [problem.number for problem in found] == ([number] if number else [])
    assert all(told in str(problem) for problem in found)


@pytest.mark.parametrize(
    ("declared", "number", "told"),
    [
        ('access = "secret"', "J805", "open, safeguarded, controlled"),
        ('[[deposit.texts]]\nkind = "interviw"\nconsent = "form of 2005"', "J803", "Did you mean"),
        ('[[deposit.clear]]\nitem = "no_such"\nreason = "read by two"', "J804", "no_such"),
        ('access = "open"\n[[deposit.texts]]\nkind = "interview"\nconsent = "form of 2005"', "", ""),
    ],
)
def test_what_the_deposit_declares_is_checked(tmp_path: Path, declared: str, number: str, told: str) -> None:
    files = sample()
    study = files["study.toml"]
    text = study.decode() if isinstance(study, bytes) else study
    files["study.toml"] = (text + f"\n[deposit]\n{declared}\n").encode()
    _, problems = read_study(put(tmp_path, files))
    found = [problem for problem in problems if problem.number.startswith("J80")]
    assert [problem.number for problem in found] == ([number] if number else [])
    assert all(told in str(problem) and problem.place.row for problem in found)
