"""The deposits of both studies, read by the validators of their standards, by SPSS's readers, and by their own pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import joinedup
from joinedup.adapters.deposit import deposit_files
from joinedup.disclosure import Register
from joinedup.report.gate.document import released_result
from joinedup.study.result import Result
from joinedup.workflow import running
from joinedup.workflow.releasing import gate
from tests.unit.deposit.ddi_schema import violations
from tests.unit.deposit.readers import crate_issues, package_issues, run_python, run_r, written
from tests.unit.deposit.sav import sav_differences
from tests.unit.deposit.test_ddi import SCHEMA, of_the_schema
from tests.unit.deposit.test_deposit import rows_of
from tests.unit.deposit.test_quarto import PYTHON_TOLD, R_TABLES, R_TOLD, counted, tables_of

pytestmark = pytest.mark.xdist_group("pathfinders")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
UNKNOWN = ("author", "publisher", "`datePublished`", "URL")
"""What a crate should say and these studies don't: who wrote them, who publishes them, and when to the day."""


@dataclass(frozen=True)
class Deposit:
    folder: Path
    results: Mapping[str, Result]


@pytest.fixture(scope="session")
def pathfinders(pathfinders_run: joinedup.Run, tmp_path_factory: pytest.TempPathFactory) -> Deposit:
    """The demonstration's deposit, of the run that other tests look at too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "compute", lambda *_: (pathfinders_run.results, pathfinders_run.findings))
        return _deposit(pathfinders_run.study, tmp_path_factory.mktemp("pathfinders"))


@pytest.fixture(scope="session")
def sfpc(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Deposit:
    study = joinedup.open_study(EXAMPLES / "sfpc", data=shared / "real" / "sfpc")
    return _deposit(study, tmp_path_factory.mktemp("sfpc"))


def _deposit(study: joinedup.Study, folder: Path) -> Deposit:
    gated = gate(study, Register())
    assert gated.rows is not None
    files = deposit_files(gated.study, gated.results, gated.document, gated.values, gated.rows)
    told = {id: released_result(result) for id, result in gated.results.items()}
    return Deposit(written(files, folder), told)


@pytest.fixture(params=["pathfinders", pytest.param("sfpc", marks=pytest.mark.shared)])
def deposit(request: pytest.FixtureRequest) -> Iterator[Deposit]:
    yield request.getfixturevalue(request.param)


def test_the_codebook_says_only_what_its_schema_allows(deposit: Deposit) -> None:
    xml = (deposit.folder / "ddi-codebook.xml").read_bytes()
    assert list(violations(xml)) == []
    assert not SCHEMA or of_the_schema()(xml) == []


def test_the_data_package_is_valid_and_every_cell_fits_its_schema(deposit: Deposit) -> None:
    assert package_issues(deposit.folder) == []


def test_the_crate_is_valid_and_says_what_it_should(deposit: Deposit) -> None:
    assert crate_issues(deposit.folder) == []
    told = crate_issues(deposit.folder, "RECOMMENDED")
    assert [issue for issue in told if not any(word in issue for word in UNKNOWN)] == []


def test_the_pages_find_the_tables(deposit: Deposit) -> None:
    tables = tables_of(deposit.folder)
    assert len(tables) > 50
    told = run_python(deposit.folder, 'for name in tables:\n    print("table", name, len(tables[name]), sep="\\t")')
    assert _told(told) == tables
    assert _told(run_r(deposit.folder, R_TABLES)) == tables


def _told(printed: str) -> dict[str, int]:
    lines = [line.split("\t") for line in printed.splitlines() if line.startswith("table\t")]
    return {name: int(rows) for _, name, rows in lines}


def test_the_python_page_reads_the_numbers_of_the_results(deposit: Deposit) -> None:
    more = "import json\nnumbers = {n: [[number(c) for c in row.values()] for row in t] for n, t in tables.items()}"
    read = json.loads(run_python(deposit.folder, f"{more}\nprint(json.dumps(numbers))").splitlines()[-1])
    compared = 0
    for id, result in deposit.results.items():
        for table in (table for table in result.tables if table.rows):
            found = read[f"{id}.{table.id}".replace("_", "-")]
            assert len(found) == len(table.rows)
            told = [cell for row in table.rows for cell in row]
            for cell, number in zip(told, [number for row in found for number in row], strict=True):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    assert number == cell, (id, table.id)
                    compared += 1
    assert compared > 1_000


def test_the_pages_count_the_answers_that_the_report_counts(pathfinders: Deposit) -> None:
    told = json.loads(run_python(pathfinders.folder, PYTHON_TOLD).splitlines()[-1])
    found = Counter({(name, wave, code): times for name, wave, code, times in told["answers"]})
    assert found == counted(pathfinders.folder)
    lines = [line.split("\t") for line in run_r(pathfinders.folder, R_TOLD).splitlines()]
    assert found == {(one[1], one[2], one[3]): int(one[4]) for one in lines if one[0] == "answer"}
    values = pathfinders.results["survey.item-answers"].values
    compared = 0
    for (name, wave, code), times in found.items():
        if wave == "w2" and isinstance(said := values.get(f"{name}.{code}"), int):
            assert said == times, (name, code)
            compared += 1
    assert compared == 18 * 5, "the questions whose answers are in the rows"


def test_the_sav_holds_what_the_csv_holds(pathfinders: Deposit) -> None:
    assert sav_differences(pathfinders.folder) == []
    assert len(rows_of((pathfinders.folder / "data" / "survey.csv").read_bytes())) > 400
