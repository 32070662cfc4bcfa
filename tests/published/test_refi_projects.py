"""Public REFI-QDA projects of other programs: what each holds, counted; all come or are named as lost.

qc_demo: qc 1.3.2 (cproctor/qualitative-coding); skyloom: ATLAS.ti 8.4.0, the standard's example (sky-loom/refi-qda);
atlas_*: ATLAS.ti 23.2.3 (enricllagostera/ponte).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from joinedup.adapters.refi_qda import read_codebook, read_project, write_codebook, write_project

pytestmark = pytest.mark.shared
PROJECTS = {
    "qc_demo": (262, 2, 205),
    "skyloom_TestProject": (14, 0, 0),
    "atlas_blank": (0, 0, 0),
    "atlas_target": (3, 0, 0),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_what_a_project_holds(name: str, shared: Path) -> None:
    found = read_project(shared / f"acceptance/refi_qda/{name}.qdpx")
    assert (len(found.codes), len(found.texts), len(found.codings)) == PROJECTS[name]
    texts = {text.id: text.content for text in found.texts}
    assert all(texts[one.text][one.start : one.end] == one.quote for one in found.codings)


def test_qc_demo_loses_nothing(shared: Path) -> None:
    report = read_project(shared / "acceptance/refi_qda/qc_demo.qdpx").report
    assert report.losses == ()
    assert (report.counts["selections"], report.counts["codings"]) == (158, 205)
    assert any("harmless" in said for said in report.choices)


@pytest.mark.parametrize("name", ["skyloom_TestProject.qdpx", "skyloom_Project.qde"])
def test_every_coding_of_a_project_without_sources_is_named_as_lost(name: str, shared: Path) -> None:
    report = read_project(shared / "acceptance/refi_qda" / name).report
    assert report.counts["codings"] == 16
    assert sum(loss.startswith("Coding with") for loss in report.losses) == 16


@pytest.mark.parametrize("name", PROJECTS)
def test_out_again_valid_and_the_same(name: str, shared: Path, tmp_path: Path) -> None:
    folder = shared / "acceptance/refi_qda"
    project = read_project(folder / f"{name}.qdpx")
    write_project(project, tmp_path / "out.qdpx")
    xml = zipfile.ZipFile(tmp_path / "out.qdpx").read("project.qde")
    etree.XMLSchema(etree.parse(str(folder / "Project.xsd"))).assertValid(etree.fromstring(xml))
    back = read_project(tmp_path / "out.qdpx")
    for part in ("texts", "codes", "codings", "coders", "cases", "variables", "notes", "sets"):
        assert getattr(back, part) == getattr(project, part)
    if project.codes:
        write_codebook(project, tmp_path / "out.qdc")
        etree.XMLSchema(etree.parse(str(folder / "Codebook.xsd"))).assertValid(etree.parse(str(tmp_path / "out.qdc")))
        assert read_codebook(tmp_path / "out.qdc").codes == project.codes
