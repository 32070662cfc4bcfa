"""What a study declares for the gate: J801 for an unknown profile, J802 for open counts without a reason."""

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
