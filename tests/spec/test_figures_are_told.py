"""Every figure of the demonstration is told in words, has its numbers beside it, and says what its colours and signs mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

import joinedup
from joinedup.report.document import build
from joinedup.report.model import Figure

SIGNS = ("color", "fill", "shape", "strokeDash")


@pytest.fixture(scope="module")
def figures(pathfinders_run: joinedup.Run) -> tuple[Figure, ...]:
    return build(pathfinders_run.study, pathfinders_run.results, pathfinders_run.findings).figures


def signs(spec: Any) -> Iterator[dict[str, Any]]:
    """The encodings that show a field by a colour or a sign."""
    if isinstance(spec, dict):
        for name, part in spec.items():
            if name in SIGNS and isinstance(part, dict) and "field" in part:
                yield part
            yield from signs(part)
    elif isinstance(spec, list | tuple):
        for part in spec:
            yield from signs(part)


def test_every_figure_has_words_of_its_own_and_a_table(figures: tuple[Figure, ...]) -> None:
    assert len(figures) > 15
    for figure in figures:
        assert 40 < len(figure.alt) <= 250, figure.id
        assert not re.search(rf"^{figure.id}\b|\.svg|\.png", figure.alt), figure.id
        assert figure.alt != figure.title
        assert figure.table.lines, figure.id
    assert len({figure.alt for figure in figures}) == len(figures)


def test_a_legend_or_a_note_says_what_colours_and_signs_mean(figures: tuple[Figure, ...]) -> None:
    several = [figure for figure in figures if any(True for _ in signs(figure.spec))]
    assert len(several) > 5
    for figure in several:
        hidden = [sign["field"] for sign in signs(figure.spec) if sign.get("legend", "drawn") is None]
        assert not hidden or len(figure.note) > 40, (figure.id, hidden)


def test_the_page_gives_each_figure_its_words_and_its_numbers(pathfinders_run: joinedup.Run) -> None:
    assert pathfinders_run.report_path is not None
    page = html.fromstring(pathfinders_run.report_path.read_text(encoding="utf-8"))
    drawn = page.find_class("figure")
    assert len(drawn) > 15
    for one in drawn:
        (drawing,) = one.xpath(".//*[local-name() = 'svg']")
        assert drawing.get("role") == "img"
        named = [page.get_element_by_id(id) for id in drawing.get("aria-labelledby").split()]
        assert all((part.text or "").strip() for part in named)
        assert one.xpath(".//details//table//td"), one.get("id")
