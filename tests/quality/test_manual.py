"""The manual and the README: every link leads somewhere, the index names every page, named findings are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """What a page's headings are called in a link."""
    text = FENCED.sub("", page.read_text("utf-8"))
    heads = [re.sub(r"[^\w\- ]", "", head.strip().lower()) for head in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    return {head.replace(" ", "-") for head in heads}


def links(page: Path) -> list[str]:
    found = LINK.findall(FENCED.sub("", page.read_text("utf-8")))
    return [link for link in found if not link.startswith(("http://", "https://", "mailto:"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_names_every_page_once() -> None:
    named = links(DOCS / "index.md")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"index.md"}
    assert sorted(named) == sorted(pages)


def test_the_findings_that_the_readme_asks_for_are_there() -> None:
    claims = tomllib.loads((ROOT / "examples" / "pathfinders" / "findings.toml").read_text("utf-8"))["finding"]
    asked = re.findall(r'findings\["(\w+)"\]', (ROOT / "README.md").read_text("utf-8"))
    assert asked
    assert set(asked) <= {claim["id"] for claim in claims}
