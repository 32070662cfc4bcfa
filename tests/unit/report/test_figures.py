"""Figures: every strand has its own, each with words and data; the same bytes twice; SVG that stands alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import report_sample

from joinedup.adapters.render.figures import svg
from joinedup.report.figures import impact, indicators, partnership, survey, texts, texts_agreement
from joinedup.report.figures.spec import ALT_LIMIT, figure, figure_table
from joinedup.report.model import Document, Figure, ValueRef, walk
from joinedup.study.analysis import make_result

IDS = {
    "response-by-agency", "level-means", "site-by-level", "level-contrasts", "themes-by-profession", "agreement-by-code",
    "overlap-by-site", "provision-shares", "balance", "trends", "effects", "event-study",
}  # fmt: skip
DRAW = {
    "survey.response": survey.response_by_agency,
    "survey.level-scores": survey.site_heat_map,
    "survey.level-contrast": survey.level_contrasts,
    "texts.theme-matrix": texts.themes_by_profession,
    "texts.agreement": texts_agreement.agreement_by_code,
    "partnership.overlap": partnership.overlap_by_site,
    "partnership.provision": partnership.provision_shares,
    "indicators.balance": indicators.balance,
    "indicators.trends": indicators.trends,
    "impact.did": impact.effects,
    "impact.event-study": impact.event_study,
}


@pytest.fixture(scope="module")
def figures(document: Document) -> dict[str, Figure]:
    return {figure.id: figure for figure in document.figures}


def test_every_strand_has_its_figures(figures: dict[str, Figure]) -> None:
    assert set(figures) == IDS


@pytest.mark.parametrize("id", sorted(IDS))
def test_a_figure_has_words_and_data(figures: dict[str, Figure], id: str) -> None:
    one = figures[id]
    assert one.title
    assert 40 < len(one.alt) <= ALT_LIMIT
    assert one.table.lines
    assert one.table.data is not None
    assert any(isinstance(part, ValueRef) for part in walk(one.table))


@pytest.mark.parametrize("id", sorted(DRAW))
def test_a_result_without_values_draws_nothing(id: str) -> None:
    assert DRAW[id](report_sample.study(), make_result(id, {}, "", ())) is None


@pytest.mark.parametrize("id", sorted(IDS))
def test_svg_is_the_same_twice_has_its_words_and_refers_to_nothing_outside(figures: dict[str, Figure], id: str) -> None:
    drawn = svg(figures[id])
    assert drawn == svg(figures[id])
    root = ET.fromstring(drawn)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == f"svg-{id}-title svg-{id}-desc"
    assert next(iter(root)).text == figures[id].title
    assert not re.search(r"(?:href|src)=\"(?!#)|<script|<style|style=|<image|NaN|undefined", drawn)
    assert all(found.startswith(f"svg-{id}-") for found in re.findall(r'\bid="([^"]+)"', drawn))
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= set(re.findall(r'\bid="([^"]+)"', drawn))


def test_the_heat_map_shows_every_site_and_score(figures: dict[str, Figure]) -> None:
    drawn = svg(figures["site-by-level"])
    found = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert set(report_sample.SITES) <= set(found)
    assert len([text for text in found if re.fullmatch(r"\d\.\d", text)]) == 8 * 4


def test_a_logarithm_is_in_log_points_and_has_no_band_of_another_unit() -> None:
    plan = {"impact": {"log": ["looked_after"]}}
    study = report_sample.study(settings={"plan": plan})
    drawn = impact.effects(study, report_sample.results()["impact.did"])
    assert drawn is not None
    rows = {row["strip"]: row["most"] for row in drawn.spec["data"]["values"]}
    assert rows == {"Children looked after\nlog points": None, "School absence\n% of sessions": 2.0}


def test_long_alternative_text_is_cut_at_a_word() -> None:
    result = make_result("survey.response", {"rate": 0.5}, "", ())
    table = figure_table("x", "X", result, [("a", "A")], [["b"]])
    made = figure("x", "X", "word " * 100, {}, table, result)
    assert len(made.alt) <= ALT_LIMIT
    assert made.alt.endswith("word…")


def test_hostile_names_stay_words() -> None:
    site = report_sample.study().sites[0]
    hostile = type(site)(site.id, report_sample.HOSTILE, adopted=site.adopted)
    study = report_sample.study(sites=(hostile,))
    made = survey.site_heat_map(study, report_sample.results()["survey.level-scores"])
    assert made is not None
    texts_found = [element.text for element in ET.fromstring(svg(made)).iter() if element.text]
    assert any(report_sample.HOSTILE[:20] in text for text in texts_found)
    assert "<img" not in svg(made)
