"""The survey's chapter and figures from computed results: words, data, what is not printed, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from joinedup.adapters.render.figures import svg
from joinedup.report.chapters.survey import blocks
from joinedup.report.document import build
from joinedup.report.figures import survey_change, survey_people, survey_sites
from joinedup.report.figures.spec import ALT_LIMIT
from joinedup.report.model import Figure, Paragraph, TableBlock, ValueRef, walk
from joinedup.report.prose import plain
from joinedup.study.analysis import make_result, refusal
from joinedup.study.layout import Layout
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.survey.results import ANALYSES
from tests.survey_sample import SITES, small_study

Draw = Callable[[Study, Result], Figure | None]
DRAW: Mapping[str, tuple[str, Draw]] = {
    "response-grid": ("survey.response", survey_people.response_grid),
    "ranked-sites": ("survey.aggregation", survey_sites.ranked_sites),
    "site-map": ("survey.aggregation", survey_sites.hex_map),
    "change-by-level": ("survey.change", survey_change.change_by_level),
    "change-by-site": ("survey.change", survey_change.change_by_site),
    "methods-compared": ("survey.sensitivity", survey_change.methods_compared),
}
SMALL_COUNTS = re.compile(r"site\.\w+\.(\w+\.)?(asked|answered|raters)")


@pytest.fixture(scope="module")
def study() -> Study:
    return small_study()


@pytest.fixture(scope="module")
def results(study: Study) -> dict[str, Result]:
    found = {id: analysis(study) for id, analysis in ANALYSES.items()}
    return {id: result for id, result in found.items() if result is not None}


@pytest.fixture(scope="module")
def figures(study: Study, results: dict[str, Result]) -> dict[str, Figure]:
    return {figure.id: figure for figure in build(study, results, {}).figures}


def test_the_chapter_has_them_all(figures: dict[str, Figure]) -> None:
    assert {*DRAW, "item-answers"} <= set(figures)


@pytest.mark.parametrize("id", [*DRAW, "item-answers"])
def test_a_figure_has_words_data_and_a_drawing(figures: dict[str, Figure], id: str) -> None:
    one = figures[id]
    assert 40 < len(one.alt) <= ALT_LIMIT
    assert one.table.data is not None
    assert any(isinstance(part, ValueRef) for part in walk(one.table))
    drawn = svg(one)
    assert drawn == svg(one)
    assert "NaN" not in drawn
    assert "undefined" not in drawn


@pytest.mark.parametrize("id", DRAW)
def test_nothing_is_drawn_from_nothing(study: Study, id: str) -> None:
    result, draw = DRAW[id]
    assert draw(study, make_result(result, {}, "", ())) is None
    assert draw(study, refusal(result, "too few")) is None


def test_no_answers_no_bars(study: Study) -> None:
    assert survey_people.likert(study, make_result("survey.item-answers", {}, "", ())) == ()


def test_many_items_have_a_figure_for_each_scale(
    study: Study, results: dict[str, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_people, "_TOGETHER", 5)
    found = survey_people.likert(study, results["survey.item-answers"])
    assert [figure.id for figure in found] == ["item-answers-governance_scale", "item-answers-frontline_scale"]


def test_the_bars_add_up_to_the_shares(results: dict[str, Result], figures: dict[str, Figure]) -> None:
    rows = figures["item-answers"].spec["data"]["values"]
    values = results["survey.item-answers"].values
    label = "governance 1"
    ends = [row["to"] for row in rows if row["item"] == label and "to" in row]
    assert max(ends) == pytest.approx(100 * values["governance_1.above.share"])
    assert min(ends) == pytest.approx(-100 * values["governance_1.below.share"])
    base = [row["base"] for row in rows if row["item"] == label and "base" in row]
    assert base == [f"{values['governance_1.answered']}/{values['governance_1.base']}"]


def test_the_map_has_a_cell_for_each_site_and_none_without_a_layout(
    study: Study, results: dict[str, Result], figures: dict[str, Figure]
) -> None:
    rows = figures["site-map"].spec["data"]["values"]
    assert {row["id"] for row in rows} == {site.id for site in SITES}
    assert len({(row["x"], row["y"]) for row in rows}) == len(SITES)
    assert survey_sites.hex_map(replace(study, layout=Layout()), results["survey.aggregation"]) is None


def test_the_grid_says_in_words_who_answered(results: dict[str, Result], figures: dict[str, Figure]) -> None:
    values = results["survey.response"].values
    data = figures["response-grid"].table.data
    assert data is not None
    heads = [name for name, _ in data.columns]
    for site, row in zip(SITES, data.rows, strict=True):
        for agency in ("education", "health", "police"):
            asked, answered = (values[f"site.{site.id}.{agency}.{what}"] for what in ("asked", "answered"))
            told = "everybody" if asked == answered else "some" if answered else "nobody"
            assert row[heads.index(agency)] == told


def test_no_count_of_people_at_a_site_is_printed(study: Study, results: dict[str, Result]) -> None:
    document = build(study, results, {})
    assert [ref.key for ref in document.values if SMALL_COUNTS.fullmatch(ref.key)] == []
    tables = [part for part in walk(document.sections) if isinstance(part, TableBlock)]
    assert len(tables) > 15
    keys = {key for table in tables if table.data for row in table.data.keys for key in row}
    assert [key for key in keys if SMALL_COUNTS.fullmatch(key)] == []


def test_a_refusal_stands_where_the_result_would(study: Study, results: dict[str, Result]) -> None:
    refused = {id: refusal(id, f"no {id}") for id in results}
    told = [plain(block.inlines) for block in blocks(study, refused) if isinstance(block, Paragraph)]
    assert [text for text in told if text.startswith("Not computed")] == [
        f"Not computed: no {id}"
        for id in (
            "survey.response",
            "survey.nonresponse",
            "survey.typology",
            "survey.item-answers",
            "survey.reliability",
            "survey.aggregation",
            "survey.level-scores",
            "survey.level-contrast",
            "survey.sensitivity",
            "survey.change",
        )
    ]


def test_where_agencies_differ_is_told_as_a_finding(study: Study, results: dict[str, Result]) -> None:
    told = " ".join(plain(block.inlines) for block in blocks(study, results) if isinstance(block, Paragraph))
    ranges = {site.name: results["survey.aggregation"].values[f"site.{site.id}.agency_range"] for site in SITES}
    widest = max(ranges, key=lambda name: ranges[name])
    assert f"Agencies differ most at {widest} (" in told
    assert "this is change, not effect" in told


def test_the_labels_of_one_figure_have_the_same_decimals(study: Study, results: dict[str, Result]) -> None:
    drawn = survey_change.change_by_level(study, results["survey.change"])
    assert drawn is not None
    rows = [row for row in re.findall(r"'text': '([^']*)'", str(drawn.spec)) if row]
    assert rows and all(re.fullmatch(r"\d\.\d\d", row) for row in rows)
