"""The house rules that a machine can read: sizes, what start-up may import, generated pages, the words of the project."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
HEAVY = ("pandas", "numpy", "scipy", "pyarrow", "pyfixest", "duckdb", "ibis", "rich", "pypdf", "openpyxl")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_file_holds_two_ideas() -> None:
    long = {str(path): n for path in SOURCES if (n := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert not long


def test_no_function_holds_two_ideas() -> None:
    assert not [(name, n) for path in SOURCES for name, n in functions(path) if n > LONGEST_FUNCTION]


@pytest.mark.parametrize("arguments", [["-m", "joinedup", "--help"], ["-c", "import joinedup"]])
def test_start_up_imports_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, cwd=ROOT, check=True
    )
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "joinedup" in imported
    assert not imported & set(HEAVY)


def test_a_users_csv_module_in_the_working_folder_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "csv.py").write_text("print('HIJACKED')\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "joinedup", "check", "nowhere"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "HIJACKED" not in done.stdout + done.stderr
    assert done.returncode == 2


def test_generated_pages_of_the_manual_are_up_to_date() -> None:
    """In a process of its own: a library that another test imports may dress the help of every command."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "build.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run `python3 dev docs`: {done.stdout}{done.stderr}"


def test_links_of_the_manual_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert pages
    assert not broken


def test_no_path_of_one_machine_in_tracked_text() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, cwd=ROOT, check=False).stdout.decode()
    words = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")
    names = [
        name for name in listed.split("\0") if name.endswith((".py", ".md", ".toml", ".csv", ".jsonl", ".css", ".js"))
    ]
    assert not [name for name in names if (ROOT / name).is_file() and words.search((ROOT / name).read_text("utf-8"))]


def test_the_script_explains_itself_and_refuses_an_unknown_verb() -> None:
    told = subprocess.run([sys.executable, "dev"], capture_output=True, text=True, cwd=ROOT, check=True)
    for verb in ("demo", "test", "check", "serve", "docs", "bench", "setup"):
        assert f"  {verb}" in told.stdout
    assert (
        subprocess.run([sys.executable, "dev", "nonsense"], capture_output=True, cwd=ROOT, check=False).returncode == 2
    )
    assert len((ROOT / "dev").read_text(encoding="utf-8").splitlines()) <= 120
