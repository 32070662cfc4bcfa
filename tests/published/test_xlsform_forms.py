"""Public XLSForms (getodk/web-forms, Apache-2.0; XLSForm/pyxform, BSD-2): in, out and in again, and what is refused.

The expected names come from the XForms that lie beside the workbooks, made by pyxform.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from joinedup.adapters.xlsform import read_instrument, write_instrument
from joinedup.study.problems import StudyError
from joinedup.study.survey import Instrument, Item, walk

pytestmark = pytest.mark.shared

REFUSED = {"bad_calc.xlsx": "J099", "duplicate_columns.xlsx": "J096"}
FORMS = (
    "getodk-web-forms/all-question-types-v2024091201-3.xlsx",
    "getodk-web-forms/socio-economic-survey-v20240515.xlsx",
    *(
        f"pyxform/{name}"
        for name in (
            "UCL_Biomass_Plot_Form.xlsx", "attribute_columns_test.xlsx", "choice_filter_test.xlsx", "field-list.xlsx",
            "flat_xlsform_test.xlsx", "ict_survey_fails.xls", "or_other.xlsx", "pull_data.xlsx", "repeat_date_test.xls",
            "table-list.xls", "widgets.xls", "xlsform_spec_test.xlsx",
        )
    ),
)  # fmt: skip


def test_the_list_of_forms_is_complete(shared: Path) -> None:
    folder = shared / "acceptance" / "xlsform"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.xls*")}
    assert found == {*FORMS, *(f"pyxform/{name}" for name in REFUSED)}


@pytest.mark.parametrize("form", FORMS)
def test_out_and_in_gives_the_equal_model(form: str, shared: Path, tmp_path: Path) -> None:
    found = read_instrument(shared / "acceptance" / "xlsform" / form)
    out = tmp_path / "out.xlsx"
    write_instrument(found, out)
    again = read_instrument(out)
    assert again == found
    first = out.read_bytes()
    write_instrument(again, out)
    assert out.read_bytes() == first


def nodes(form: Path) -> set[str]:
    """Names of the nodes of the primary instance of an XForm; the form's own groups and questions."""
    root = ET.parse(form).getroot()
    instance = next(node for node in root.iter() if node.tag.endswith("}instance"))
    return {node.tag.rpartition("}")[2] for node in instance.iter()}


def names(instrument: Instrument) -> set[str]:
    """Names of questions and notes; groups of a flat form are no nodes."""
    return {element.name for _, element in walk(instrument.elements) if isinstance(element, Item) and element.name}


@pytest.mark.parametrize("form", FORMS)
def test_every_question_is_a_node_of_the_published_xform(form: str, shared: Path) -> None:
    path = shared / "acceptance" / "xlsform" / form
    if not path.with_suffix(".xml").exists():
        assert form in (
            "pyxform/UCL_Biomass_Plot_Form.xlsx", "pyxform/choice_filter_test.xlsx", "pyxform/field-list.xlsx",
            "pyxform/ict_survey_fails.xls",
        )  # fmt: skip
        return
    assert names(read_instrument(path)) - {"audit"} <= nodes(path.with_suffix(".xml")) | {"name"}


@pytest.mark.parametrize(("form", "number"), REFUSED.items())
def test_what_is_refused(form: str, number: str, shared: Path) -> None:
    with pytest.raises(StudyError) as caught:
        read_instrument(shared / "acceptance" / "xlsform" / "pyxform" / form)
    assert {problem.number for problem in caught.value.problems} == {number}
    assert all(problem.place.row and problem.place.column for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("form", "place", "named"),
    [
        ("pyxform/pull_data.xlsx", ("survey", 2, "calculation"), "pulldata()"),
        ("pyxform/UCL_Biomass_Plot_Form.xlsx", ("survey", 16, "type"), "UCL_regions.csv"),
        ("getodk-web-forms/socio-economic-survey-v20240515.xlsx", ("survey", 12, "calculation"), "jr:itext()"),
        ("getodk-web-forms/all-question-types-v2024091201-3.xlsx", ("survey", 83, "type"), "cities.geojson"),
    ],
)
def test_forms_whose_launch_is_refused(form: str, place: tuple[str, int, str], named: str, shared: Path) -> None:
    found = read_instrument(shared / "acceptance" / "xlsform" / form).launch_problems
    assert any((one.sheet, one.row, one.column) == place and named in one.reason for one in found)


@pytest.mark.parametrize("form", ["pyxform/widgets.xls", "pyxform/or_other.xlsx", "pyxform/choice_filter_test.xlsx"])
def test_forms_that_can_be_launched(form: str, shared: Path) -> None:
    assert read_instrument(shared / "acceptance" / "xlsform" / form).launch_problems == ()


def test_what_the_forms_hold(shared: Path) -> None:
    folder = shared / "acceptance" / "xlsform"
    ucl = read_instrument(folder / "pyxform" / "UCL_Biomass_Plot_Form.xlsx")
    assert ucl.languages == ("Swahili (sw)", "English (en)")
    item = ucl.item("leader_number")
    assert item is not None
    assert (item.label, item.labels["Swahili (sw)"]) == ("Your Phone Number", "Namba Yako ya Simu")
    assert item.constraint_messages["English (en)"] == "10 digit phone number"
    repeats = [element for _, element in walk(ucl.body) if getattr(element, "repeat", False)]
    assert [group.name for group in repeats][:2] == ["trees", "stems"]
    other = read_instrument(folder / "getodk-web-forms" / "all-question-types-v2024091201-3.xlsx").other_sheets
    assert other["widgets to deprecate"][2][1:3] == ("image", "webview_image_widget")
    spec = read_instrument(folder / "pyxform" / "attribute_columns_test.xlsx").item("my_name")
    assert spec is not None
    assert spec.extra["rows"] == "12"
