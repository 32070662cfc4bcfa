"""The page: one file without network, content security policy by hashes, numbers that can be read out with their keys."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import report_sample

from joinedup.adapters.render import installed, render_report
from joinedup.adapters.render.html import HtmlRenderer
from joinedup.report.document import build
from joinedup.report.model import Document, Section
from joinedup.report.renderer import Renderer
from joinedup.study.problems import UsageError
from joinedup.study.result import Result
from tests.report_page import ledger


class Reader(HTMLParser):
    """Reads ids, links, headings and the values shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.headings: list[int] = []
        self.tags: Counter[str] = Counter()
        self.values: list[tuple[str, str, str]] = []
        self._open: tuple[str, str] | None = None
        self._ledger = ledger(page)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        assert "style" not in found, f"{tag} has a style that the policy forbids"
        assert not [name for name in found if name.startswith("on")]
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.hrefs.append(found.get("href", ""))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if found.get("class") == "v":
            self._open = self._ledger[found["href"].removeprefix("#")]

    def handle_data(self, data: str) -> None:
        if self._open:
            self.values.append((*self._open, data))
            self._open = None


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def test_numbers_can_be_read_out_with_their_keys(read: Reader, document: Document) -> None:
    shown = {(ref.result, ref.key, ref.shown) for ref in document.values}
    assert set(read.values) == shown
    assert ("survey.response", "rate", "64%") in shown


def test_every_link_leads_to_something_in_the_file(read: Reader) -> None:
    assert all(href.startswith("#") for href in read.hrefs)
    assert {href[1:] for href in read.hrefs} <= set(read.ids)


def test_ids_are_unique(read: Reader) -> None:
    assert [id for id, count in Counter(read.ids).items() if count > 1] == []


def test_headings_never_skip_a_level(read: Reader) -> None:
    main = read.headings[:-1]  # the last is the drawer's own
    assert main[0] == 1
    assert main.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(main))


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    told = unescape(policy[1])
    for tag in ("style", "script"):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(found) == 1
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in told
    assert told.startswith("default-src 'none'")
    assert "unsafe" not in told


def test_nothing_is_fetched(page: str) -> None:
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//|@import|url\((?!#)""", page)


def test_hostile_words_stay_words(page: str, read: Reader) -> None:
    assert "onerror=alert(1)&gt;" in page
    assert read.tags["img"] == 0
    assert read.tags["script"] == 1


def test_a_simulated_study_says_so_and_another_does_not(page: str, results: dict[str, Result], tmp_path: Path) -> None:
    assert page.count("SIMULATED DATA") >= 2
    assert "SIMULATED" in re.findall(r"@top-left \{[^}]*\}", page)[0]
    real = report_sample.study(programme=type(report_sample.study().programme)("Real", "2003"))
    other = HtmlRenderer().render(build(real, results, {}), tmp_path)[0].read_text(encoding="utf-8")
    assert "SIMULATED" not in other


def test_citations_are_set_and_the_bibliography_stands(page: str) -> None:
    assert "Guetterman et al. 2015" in page
    assert 'id="ref-guetterman2015"' in page
    assert "Krippendorff (2019)" in page


def test_the_same_inputs_give_the_same_bytes(page: str, document: Document, tmp_path: Path) -> None:
    assert HtmlRenderer().render(document, tmp_path)[0].read_text(encoding="utf-8") == page


def test_hostile_titles_do_not_leave_their_place(tmp_path: Path) -> None:
    title = '"; } </style><script>alert(1)</script> $version \\ '
    document = Document(title, {"watermark": title}, (Section("a", title, ()),), simulated=True)
    page = HtmlRenderer().render(document, tmp_path)[0].read_text(encoding="utf-8")
    assert Reader(page).tags["script"] == 1
    assert "alert(1)</script>" not in page


def test_render_report_writes_report_figures_and_tables(results: dict[str, Result], tmp_path: Path) -> None:
    steps: list[str] = []
    study, findings = report_sample.study(), report_sample.findings()
    report = render_report(study, results, findings, tmp_path, lambda step, *_: steps.append(step))
    assert report == tmp_path / "report.html"
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert "site-by-level.svg" in names
    tables = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"data-trends.csv", "t-survey-site-answers-answers.csv"} <= tables
    assert b"\r" not in (tmp_path / "tables" / "data-trends.csv").read_bytes()
    assert steps == ["report"]


def test_what_is_not_installed_is_named(
    results: dict[str, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(installed, "import_module", absent)
    with pytest.raises(UsageError, match=r'pip install "joinedup\[report\]"'):
        render_report(report_sample.study(), results, {}, tmp_path, lambda *_: None)
    assert (tmp_path / "tables").is_dir()
    assert not (tmp_path / "report.html").exists()


def test_the_renderer_keeps_the_protocol() -> None:
    renderer: Renderer = HtmlRenderer()
    assert callable(renderer.render)
