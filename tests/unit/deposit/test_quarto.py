"""The Quarto project of a deposit: its pages run as they are, in Python and in R, and find what the report says."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from joinedup.adapters.deposit.contents import MISSING_LABELS
from joinedup.survey.results import ANALYSES
from tests.unit.deposit.readers import chunks, front_matter, run_python, run_r, written, yaml_of
from tests.unit.deposit.test_deposit import deposit, rows_of, surveyed, talked

PYTHON_TOLD = """
import json
told = [[name, wave, code, times] for name in questions for (wave, code), times in answers[name].items()]
print(json.dumps({"answers": told, "waves": waves, "tables": {name: len(rows) for name, rows in tables.items()}}))
"""
R_TABLES = """
cat(paste("table", names(tables), vapply(tables, nrow, 1L), sep = "\\t"), sep = "\\n")
"""
R_TOLD = """
for (name in names(answers)) {
  told <- as.data.frame(answers[[name]], stringsAsFactors = FALSE)
  told <- told[told$Freq > 0, ]
  cat(paste("answer", name, told$Var1, told$Var2, told$Freq, sep = "\\t"), sep = "\\n", fill = FALSE)
  cat("\\n")
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(deposit(surveyed()), tmp_path_factory.mktemp("deposit"))


def counted(folder: Path) -> Counter[tuple[str, str, str]]:
    """How often each question, wave and answer stands in the deposited rows, by this test's own reading."""
    rows = rows_of((folder / "data" / "survey.csv").read_bytes())
    asked = {row["variable"] for row in rows_of((folder / "data" / "codebook.csv").read_bytes()) if row["question"]}
    given = [(name, row["wave"], row[name]) for row in rows for name in asked]
    return Counter(one for one in given if one[2] not in ("", *MISSING_LABELS))


def tables_of(folder: Path) -> dict[str, int]:
    found = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "tables").glob("*.csv")}
    return {name: len(list(csv.reader(io.StringIO(text, newline="")))) - 1 for name, text in found.items()}


def test_the_python_page_finds_the_answers_that_the_report_counts(folder: Path) -> None:
    printed = run_python(folder, PYTHON_TOLD)
    told = json.loads(printed.splitlines()[-1])
    found = {(name, wave, code): times for name, wave, code, times in told["answers"]}
    assert found == counted(folder)
    assert told["tables"] == tables_of(folder)
    assert told["waves"] == Counter(row["wave"] for row in rows_of((folder / "data" / "survey.csv").read_bytes()))
    result = ANALYSES["survey.item-answers"](surveyed())
    assert result is not None
    for question in ("governance_1", "frontline_3"):
        assert {code: result.values[f"{question}.{code}"] for code in "12345"} == {
            code: found.get((question, "w2", code), 0) for code in "12345"
        }
        assert result.values[f"{question}.answered"] == sum(
            times for (name, wave, _), times in found.items() if (name, wave) == (question, "w2")
        )
    assert f"  w2  3 Point 3: {found['governance_1', 'w2', '3']}" in printed.splitlines()


def test_the_r_page_finds_what_the_python_page_finds(folder: Path) -> None:
    lines = [line.split("\t") for line in run_r(folder, R_TOLD + R_TABLES).splitlines()]
    answers = {
        (name, wave, code): int(times) for _, name, wave, code, times in (one for one in lines if one[0] == "answer")
    }
    assert answers == counted(folder)
    assert {one[1]: int(one[2]) for one in lines if one[0] == "table"} == tables_of(folder)


def test_marks_are_read_as_nothing_and_numbers_as_numbers(folder: Path) -> None:
    told = run_python(folder, 'print([number(cell) for cell in ("12.5", "0", "c", "low", "", ":", "words")])')
    assert told.splitlines()[-1] == "[12.5, 0.0, None, None, None, None, None]"


def test_without_rows_the_pages_read_the_tables(tmp_path: Path) -> None:
    folder = written(deposit(talked()), tmp_path)
    labels = {path.name: [label for _, label, _ in chunks(path)] for path in (folder / "analysis").glob("*.qmd")}
    assert labels == {"python.qmd": ["tables"], "r.qmd": ["tables"]}
    assert run_python(folder, "print(len(tables))").splitlines()[-1] == str(len(tables_of(folder)))
    assert run_r(folder, "cat(length(tables))").splitlines()[-1] == str(len(tables_of(folder)))


@pytest.mark.parametrize(
    "title", ["Trusts: 'one' \"two\" \\ C:\\new #3", "Control \x07 \x85 \ufffe, 😀", "- [x]: {y}\n---\nz"]
)
def test_each_page_is_of_one_language_with_a_head_that_is_yaml_and_labels_that_differ(
    title: str, tmp_path: Path
) -> None:
    folder = written(deposit(dataclasses.replace(surveyed(), title=title)), tmp_path)
    assert yaml_of((folder / "analysis" / "_quarto.yml").read_text(encoding="utf-8"))["project"] == {"type": "default"}
    shown = title.replace("\x07", "\ufffd").replace("\x85", "\ufffd").replace("\ufffe", "\ufffd")
    for name, engine in (("python", {"jupyter": "python3"}), ("r", {"engine": "knitr"})):
        page = folder / "analysis" / f"{name}.qmd"
        assert front_matter(page) == {"title": shown, **engine}
        found = chunks(page)
        assert {language for language, _, _ in found} == {name}
        assert [label for _, label, _ in found] == ["survey", "answers", "tables"]
        assert page.read_text(encoding="utf-8").count("```") == 2 * len(found)
