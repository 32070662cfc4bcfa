"""The form on paper and the codebook in a browser: accessible, no network, SIMULATED on every printed page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joinedup.adapters.render.printed import codebook_page, paper_page
from joinedup.study.model import Programme, Survey
from joinedup.study.survey import Choice, Group, Instrument, Item
from joinedup.survey.instrument import answering
from tests.browser.test_report import NARROW, WIDE, _violations
from tests.builders import make_scales, make_study

pytestmark = pytest.mark.browser
AGREE = {str(n): label for n, label in enumerate(("Disagree strongly", "Disagree", "Neither", "Agree", "Agree"), 1)}
HOSTILE = '<script>alert(1)</script> & "quoted" ${trust}'
BODY = (
    Item("hello", "note", "Thank you for taking part.", labels={"": "Thank you for taking part."}),
    Item("trust", "select_one", HOSTILE, {"yes": "Yes", "no": "No"}, required="yes"),
    *(Item(f"governance_{n}", "select_one", f"Statement {n} about how agencies work together.", AGREE) for n in (1, 2)),
    Group("more", (
        Item("why", "select_multiple", "Why?", {f"r{n}": f"Reason {n} <b>" for n in range(1, 13)}, hints={"": "Think."}),
        Item("since", "date", "Since when?", relevant="${trust} = 'yes'"),
        Item("order", "rank", "Rank them", {"a": "First", "b": "Second"}),
    ), labels={"": "More"}, relevant="${trust} = 'yes'"),
    Item("staff", "integer", "Staff"),
    Item("remarks", "text", "Remarks"),
    Item("double", "calculate", calculation="${staff} * 2"),
)  # fmt: skip
FORM = Instrument("1", "Working together (SIMULATED)", answering(BODY), BODY, {"yn": (Choice("yes"),)}, ("", "cy"))


@pytest.fixture(scope="module", params=["paper", "codebook"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    survey = Survey(FORM, make_scales(["governance"]))
    study = make_study(survey=survey, programme=Programme("P", simulated=True))
    path = tmp_path_factory.mktemp("printed") / f"{request.param}.html"
    text = paper_page(study) if request.param == "paper" else codebook_page(study)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def tab(browser: Any, page: Path) -> Any:
    tab = browser.new_page(viewport=WIDE)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("request", lambda request: said.append(request.url) if request.url != page.as_uri() else None)
    tab.goto(page.as_uri())
    yield tab
    tab.close()
    assert said == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW, {"width": 320, "height": 800}], ids=["wide", "narrow", "zoomed"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(tab: Any, viewport: dict[str, int]) -> None:
    tab.set_viewport_size(viewport)
    assert _violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_every_printed_page_says_that_the_data_are_simulated(tab: Any, tmp_path: Path) -> None:
    from pypdf import PdfReader

    tab.pdf(path=str(tmp_path / "p.pdf"), prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "p.pdf").pages
    assert all("SIMULATED DATA" in one.extract_text() for one in pages)
    words = "".join(one.extract_text() for one in pages)
    assert "Statement 2 about how agencies work together." in " ".join(words.split())


def test_words_of_the_form_stay_words(tab: Any) -> None:
    assert tab.locator("script").count() == 0
    assert "<script>alert(1)</script>" in tab.locator("main").inner_text()


def test_questions_with_the_same_options_share_a_grid(tab: Any, page: Path) -> None:
    if page.stem == "paper":
        assert tab.locator("table.grid tbody tr").count() == 2
        assert tab.locator("table.grid thead th").count() == 6
        assert "[answer to question 1]" in tab.locator(".ask").first.inner_text()
    else:
        assert tab.locator("table.codebook tbody tr").count() == len(FORM.items)
        assert tab.locator("text=Scale: Governance").count() == 2
