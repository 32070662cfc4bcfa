"""The crate and the data package of a deposit, read by the libraries of their standards; and what those must notice."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from joinedup.study.model import Study
from tests.unit.deposit.readers import TERMS, crate_issues, package_issues, written
from tests.unit.deposit.test_ddi import STUDIES, full
from tests.unit.deposit.test_deposit import deposit


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name, study in STUDIES.items():
        found[name] = written(deposit(study()), tmp_path_factory.mktemp("deposit"))
    return found


def graph_of(folder: Path) -> list[dict[str, Any]]:
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    found: list[dict[str, Any]] = crate["@graph"]
    return found


def links_of(value: object) -> list[str]:
    """The entities that a property links to."""
    values = value if isinstance(value, list) else [value]
    return [one["@id"] for one in values if isinstance(one, dict)]


@pytest.mark.parametrize("study", STUDIES)
def test_every_crate_is_valid(study: str, folders: dict[str, Path]) -> None:
    assert crate_issues(folders[study]) == []


def test_a_crate_says_all_that_it_should_but_what_a_study_is_not_asked_for(folders: dict[str, Path]) -> None:
    told = crate_issues(folders["everything"], "RECOMMENDED")
    unasked = ("`publisher` property", "`affiliation`", "organizational affiliation", "organization SHOULD have a URL")
    assert [issue for issue in told if not any(words in issue for words in unasked)] == []


@pytest.mark.parametrize("study", STUDIES)
def test_a_crate_names_each_file_once_and_links_to_nothing_that_is_not_there(
    study: str, folders: dict[str, Path]
) -> None:
    folder, graph = folders[study], graph_of(folders[study])
    ids = [entity["@id"] for entity in graph]
    assert len(set(ids)) == len(ids)
    used = {key for entity in graph for key in entity if not key.startswith("@")} | {one["@type"] for one in graph}
    assert used <= TERMS.keys(), "the context would drop a term that it doesn't know"
    linked = {id for entity in graph for value in entity.values() for id in links_of(value)}
    outside = {"https://w3id.org/ro/crate/1.1"}
    assert linked - outside == set(ids) - {"ro-crate-metadata.json"}, "everything is there, and linked from something"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    told = {entity["@id"]: entity for entity in graph if entity["@type"] == "File"}
    assert told.keys() == files.keys() - {"ro-crate-metadata.json"}
    assert {id: int(entity["contentSize"]) for id, entity in told.items()} == {
        path: file.stat().st_size for path, file in files.items() if path in told
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda root: root.pop("datePublished"),
        lambda root: root.pop("license"),
        lambda root: root.pop("description"),
        lambda root: root.update({"@type": "CreativeWork"}),
    ],
)
def test_the_validator_notices_what_a_crate_lacks(
    change: Callable[[dict[str, Any]], object], folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(folders["everything"], tmp_path / "deposit"))
    path = folder / "ro-crate-metadata.json"
    crate = json.loads(path.read_text(encoding="utf-8"))
    change(next(entity for entity in crate["@graph"] if entity["@id"] == "./"))
    path.write_text(json.dumps(crate), encoding="utf-8")
    assert crate_issues(folder)


@pytest.mark.parametrize("study", STUDIES)
def test_every_data_package_is_valid_and_every_cell_fits_its_schema(study: str, folders: dict[str, Path]) -> None:
    folder = folders[study]
    assert package_issues(folder) == []
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    held = {resource["path"]: resource for resource in package["resources"]}
    assert held.keys() == {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    for path, resource in held.items():
        content = (folder / path).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)


def _replaced(path: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / path).read_bytes().decode()
        assert old in text
        (folder / path).write_bytes(text.replace(old, new, 1).encode())

    return change


def _without_a_column(folder: Path) -> None:
    path = folder / "data" / "survey.csv"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    path.write_bytes("".join(",".join(row[:-1]) + "\n" for row in rows).encode())


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (_replaced("data/survey.csv", ",w1,", ",w9,"), "constraint-error"),
        (_replaced("data/survey.csv", "\n1,", "\nfirst,"), "type-error"),
        (_replaced("data/survey.csv", "\n2,", "\n1,"), "hash-count"),
        (_without_a_column, "missing-label"),
        (_replaced("datapackage.json", '"name": "wave"', '"name": "round"'), "incorrect-label"),
        (_replaced("datapackage.json", '"type": "integer"', '"type": "whole"'), "field-error"),
        (lambda folder: (folder / "data-list.csv").unlink(), "scheme-error"),
    ],
)
def test_frictionless_notices_what_a_data_package_gets_wrong(
    change: Callable[[Path], object], kind: str, folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(folders["everything"], tmp_path / "deposit"))
    change(folder)
    assert [issue for issue in package_issues(folder) if issue.startswith(kind)]


def test_a_study_without_any_date_gives_a_crate_without_one() -> None:
    study: Study = full()
    programme = dataclasses.replace(study.programme, started="")
    undated = dataclasses.replace(study, waves=(), settings={**study.settings, "report": {}}, programme=programme)
    files = deposit(undated)
    root = next(entity for entity in json.loads(files["ro-crate-metadata.json"])["@graph"] if entity["@id"] == "./")
    assert "datePublished" not in root
    assert "[report] date" in files["README.md"].decode()
