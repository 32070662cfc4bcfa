"""The working report in a browser: no network, accessible, the drawer by mouse and keyboard, and without a script."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import report_sample

from joinedup.adapters.render import render_report
from joinedup.synthesis.joint_display import joint_display

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample's report as an address."""
    study, results = report_sample.study(), report_sample.results()
    display = joint_display(study, results)
    assert display is not None
    out = tmp_path_factory.mktemp("report")
    return render_report(
        study, {**results, display.id: display}, report_sample.findings(), out, lambda *_: None
    ).as_uri()


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    """The report in a wide window; anything said on the console or fetched fails the test."""
    page = browser.new_page(viewport=WIDE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if request.url != address else None)
    page.goto(address)
    yield page
    page.close()
    assert said == []


def _violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [f"{v['id']}: {node['target']}" for v in found.response["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(tab: Any, viewport: dict[str, int]) -> None:
    tab.set_viewport_size(viewport)
    assert _violations(tab) == []


def test_axe_finds_nothing_with_everything_open(tab: Any) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert _violations(tab) == []


def test_axe_finds_nothing_in_the_drawer(tab: Any) -> None:
    tab.locator(".finding a.ev").first.click()
    assert _violations(tab) == []


def test_a_click_on_a_number_shows_its_evidence(tab: Any) -> None:
    link = tab.locator("#survey .lead a.v").first
    key = link.get_attribute("href").partition("--")[2]
    link.click()
    drawer = tab.locator("dialog#drawer")
    assert drawer.is_visible()
    told = drawer.inner_text()
    assert key in told
    assert "survey/responses-w2.csv" in told
    assert "rows 2–4, 9" in told
    assert "Inputs (SHA-256)" in told
    assert "joinedup " in told


def test_enter_opens_escape_closes_and_focus_comes_back(tab: Any) -> None:
    link = tab.locator("#survey a.v").first
    link.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("dialog#drawer").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.locator("dialog#drawer").is_visible()
    assert link.evaluate("one => one === document.activeElement")


def test_a_finding_leads_to_its_ledger_and_on_to_a_number_and_back(tab: Any) -> None:
    tab.locator(".finding a.ev").first.click()
    title = tab.locator("#drawer-title")
    assert "Finding f1" in title.inner_text()
    tab.locator("dialog a.v").first.click()
    assert title.inner_text() == "Evidence for a number"
    tab.locator("#drawer-back").click()
    assert "Finding f1" in title.inner_text()
    assert not tab.locator("#drawer-back").is_visible()


def test_a_figure_leads_to_its_result(tab: Any) -> None:
    tab.locator("#fig-site-by-level a.ev").click()
    assert "survey.level-scores" in tab.locator("dialog#drawer").inner_text()


def test_a_cleared_quote_is_in_the_drawer_as_words(tab: Any) -> None:
    tab.locator("#fig-themes-by-profession a.ev").click()
    assert report_sample.HOSTILE in tab.locator("dialog blockquote").first.inner_text()


def test_without_a_script_a_number_leads_to_its_line_in_the_annex(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    link = page.locator("#survey .lead a.v").first
    target = link.get_attribute("href")
    link.click()
    assert page.url.endswith(target)
    assert page.locator(f'[id="{target[1:]}"]').is_visible()
    context.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW, {"width": 320, "height": 800}], ids=["wide", "narrow", "zoomed"])
def test_the_page_never_scrolls_sideways(tab: Any, viewport: dict[str, int]) -> None:
    tab.set_viewport_size(viewport)
    assert tab.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_skip_link_comes_first_and_leads_to_the_report(tab: Any) -> None:
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the report"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


def test_contents_are_folded_on_a_phone(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=NARROW)
    page.goto(address)
    assert page.locator(".contents details").get_attribute("open") is None
    page.close()


def test_every_printed_page_says_that_the_data_are_simulated(tab: Any, tmp_path: Path) -> None:
    from pypdf import PdfReader

    path = tmp_path / "report.pdf"
    tab.pdf(path=str(path), prefer_css_page_size=True)
    pages = PdfReader(path).pages
    assert len(pages) > 5
    assert all("SIMULATED DATA" in page.extract_text() for page in pages)
    assert all("WORKING REPORT" in page.extract_text() for page in pages)


def test_a_broad_table_does_not_shrink_the_printed_pages(tab: Any) -> None:
    tab.evaluate("""() => {
      const row = (tag, word) => '<tr>' + `<${tag} class="n">${word}</${tag}>`.repeat(18) + '</tr>';
      const table = '<table><thead>' + row('th', 'Endorsement') + '</thead>' + row('td', '1,234') + '</table>';
      document.querySelector('main').insertAdjacentHTML('beforeend', '<div class="scroll">' + table + '</div>');
    }""")
    tab.set_viewport_size({"width": 643, "height": 1000})  # what the margins leave of an A4 page
    tab.emulate_media(media="print")
    assert tab.evaluate("document.documentElement.scrollWidth") == 643


def test_what_is_folded_is_told_on_paper(tab: Any) -> None:
    tab.emulate_media(media="print")
    shown = "details.cautions > summary, details.long > summary, details.data:has(> blockquote) > summary"
    folded = tab.locator(shown)
    assert folded.count() > 0
    assert all(one.is_visible() for one in folded.all())
