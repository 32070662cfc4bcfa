"""Figures of the texts strand: themes by profession."""

from __future__ import annotations

from typing import NamedTuple

from joinedup.report.describe import Describer
from joinedup.report.figures.spec import (
    BLUE,
    WIDTH,
    axis,
    chart,
    figure,
    figure_table,
    names,
    number,
)
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result


class _Theme(NamedTuple):
    label: str
    key: str
    people: float


def _themes(study: Study, result: Result) -> list[_Theme]:
    found = []
    for code in study.texts.codes:
        people = number(result.values.get(f"{key_part(code.id)}.people"))
        if people:
            found.append(_Theme(code.label or code.id, key_part(code.id), people))
    return sorted(found, key=lambda theme: (-theme.people, theme.label))


def themes_by_profession(study: Study, result: Result) -> Figure | None:
    """Dots: the share of each profession's speakers whose turns carry the code; size and number of people beside."""
    themes = _themes(study, result)
    describer = Describer(study)
    parts = sorted({key_part(person.profession) for person in study.people if person.profession})
    parts = [part for part in parts if any(f"{theme.key}.{part}.share" in result.values for theme in themes)]
    if not themes or not parts:
        return None
    labels = {part: describer.label("profession", part) for part in parts}
    data = []
    for theme in themes:
        for part in parts:
            share, people = (number(result.values.get(f"{theme.key}.{part}.{k}")) for k in ("share", "people"))
            if share:
                data.append({"theme": theme.label, "profession": labels[part], "share": share, "people": people})
    size = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [0, 320]},
        "legend": {
            "title": "share of the profession's speakers",
            "orient": "bottom",
            "format": ".0%",
            "values": [0.25, 0.5, 1],
        },
    }
    body = {
        "width": {"step": max(30, min(70, (WIDTH - 160) // len(parts)))},
        "height": {"step": 24},
        "mark": {"type": "circle", "color": BLUE, "opacity": 1},
        "encoding": {
            "x": {
                "field": "profession",
                "type": "nominal",
                "sort": list(labels.values()),
                "axis": axis(None, orient="top", labelAngle=-40, domain=False, ticks=False, grid=True),
            },
            "y": {"field": "theme", **names([theme.label for theme in themes])},
            "size": size,
        },
    }
    table = figure_table(
        "themes-by-profession",
        "Speakers whose turns carry the theme, by profession",
        result,
        [("theme", "Theme"), ("people", "All"), *((part, labels[part]) for part in parts)],
        [[theme.label, *((key, result.values.get(key)) for key in _theme_keys(theme, parts))] for theme in themes],
    )
    top = themes[0]
    alt = (
        f"Dot matrix of {len(themes)} themes by {len(parts)} professions; the larger the dot, the larger the share of "
        f"the profession's speakers. Most widely voiced: {top.label}, {top.people:.0f} speakers."
    )
    note = "A dot's size is the share of the profession's speakers whose turns carry the theme; no dot: none. The table counts people."
    return figure("themes-by-profession", "Who speaks of what", alt, chart(data, body), table, result, note)


def _theme_keys(theme: _Theme, parts: list[str]) -> list[str]:
    return [f"{theme.key}.people", *(f"{theme.key}.{part}.people" for part in parts)]
