"""Figures of the survey strand: response by agency, means by level, sites by levels, contrasts with both readings."""

from __future__ import annotations

from typing import NamedTuple

from joinedup.report.describe import Describer
from joinedup.report.figures.spec import (
    BLUE,
    BLUES,
    ORANGE,
    PALE,
    WIDTH,
    Spec,
    axis,
    chart,
    dots,
    figure,
    figure_table,
    keyed,
    line_at,
    names,
    number,
    quantity,
    span,
    words,
)
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_DARK = 0.65
"""The share of the range from which a number is white: there black and white contrast alike, 4.6 to 1."""


class _Agency(NamedTuple):
    name: str
    key: str
    answered: int
    asked: int


def response_by_agency(study: Study, result: Result) -> Figure | None:
    """Bars: people who answered out of those asked, by agency, as n/N."""
    rows = _agencies(study, result)
    if not rows:
        return None
    data = [
        {"agency": r.name, "answered": r.answered, "asked": r.asked, "text": f"{r.answered}/{r.asked}"} for r in rows
    ]
    x = quantity("people", tickMinStep=1, grid=False)
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": color, "height": 16}, "encoding": {"x": {"field": field, **x}}}
        for field, color in (("asked", PALE), ("answered", BLUE))
    ]
    layers.append(words("text", x, "asked", align="left", dx=6))
    body = {"width": WIDTH - 200, "height": {"step": 24}, "layer": layers}
    body["encoding"] = {"y": {"field": "agency", **names([row.name for row in rows])}}
    keys = ("answered", "asked", "rate")
    table = figure_table(
        "response-by-agency",
        "People asked and people who answered, by agency",
        result,
        [("agency", "Agency"), ("answered", "Answered"), ("asked", "Asked"), ("rate", "Rate")],
        [[row.name, *keyed(result, row.key, keys)] for row in rows],
    )
    first, last = rows[0], rows[-1]
    alt = (
        f"Bar chart of people who answered out of those asked, {len(rows)} agencies: from {first.name}, "
        f"{first.answered} of {first.asked}, to {last.name}, {last.answered} of {last.asked}."
    )
    note = "Dark: people who answered. Pale: people asked. Beside the bar: n/N."
    return figure("response-by-agency", "Who answered, by agency", alt, chart(data, body), table, result, note)


def _agencies(study: Study, result: Result) -> list[_Agency]:
    describer = Describer(study)
    rows = []
    for part in sorted({key.split(".")[1] for key in result.values if key.startswith("agency.")}):
        key = f"agency.{part}"
        asked, answered = number(result.values.get(f"{key}.asked")), number(result.values.get(f"{key}.answered"))
        if asked and answered is not None:
            rows.append(_Agency(describer.label("agency", part), key, int(answered), int(asked)))
    return sorted(rows, key=lambda row: (-row.answered / row.asked, row.name))


class _SiteRow(NamedTuple):
    name: str
    keys: list[str]
    scores: list[float | None]
    mean: float


def site_heat_map(study: Study, result: Result) -> Figure | None:
    """Heat map of sites by levels, sites in order of their mean score, the score in each cell."""
    levels = [level for level in study.levels if f"{key_part(level.id)}.mean" in result.values]
    rows = _site_rows(study, result, [key_part(level.id) for level in levels])
    if not rows:
        return None
    low, high = _range(study)
    data = [
        {
            "site": row.name,
            "level": lv.label,
            "score": score,
            "text": show(score, ".1f"),
            "dark": score > low + _DARK * (high - low),
        }
        for row in rows
        for lv, score in zip(levels, row.scores, strict=True)
        if score is not None
    ]
    table = figure_table(
        "site-by-level",
        "Score of each site at each level",
        result,
        [("site", "Site"), *((key_part(level.id), level.label) for level in levels)],
        [[row.name, *((key, result.values.get(key)) for key in row.keys)] for row in rows],
    )
    alt = (
        f"Heat map of {len(rows)} sites by {len(levels)} levels, scores {low:g} to {high:g}, sites in order of their "
        f"mean: {rows[0].name} highest at {rows[0].mean:.2f}, {rows[-1].name} lowest at {rows[-1].mean:.2f}."
    )
    spec = chart(data, _heat([row.name for row in rows], [level.label for level in levels], low, high))
    return figure("site-by-level", "Every site at every level", alt, spec, table, result)


def _site_rows(study: Study, result: Result, levels: list[str]) -> list[_SiteRow]:
    rows = []
    for site in study.programme_sites:
        keys = [f"site.{key_part(site.id)}.{level}" for level in levels]
        scores = [number(result.values.get(key)) for key in keys]
        known = [score for score in scores if score is not None]
        if known:
            rows.append(_SiteRow(site.name, keys, scores, sum(known) / len(known)))
    return sorted(rows, key=lambda row: (-row.mean, row.name))


def _heat(sites: list[str], levels: list[str], low: float, high: float) -> Spec:
    x_axis = axis(None, orient="top", labelAngle=0, domain=False, ticks=False)
    legend = {"title": f"score, {low:g} to {high:g}", "orient": "bottom", "gradientLength": 200}
    scale = {"type": "linear", "domain": [low, high], "range": BLUES}
    color = {"field": "score", "type": "quantitative", "scale": scale, "legend": legend}
    ink = {"condition": {"test": "datum.dark", "value": "white"}, "value": "black"}
    return {
        "width": {"step": 90},
        "height": {"step": 19},
        "encoding": {
            "x": {"field": "level", "type": "nominal", "sort": levels, "axis": x_axis},
            "y": {"field": "site", **names(sites)},
        },
        "layer": [
            {"mark": {"type": "rect", "stroke": "white", "strokeWidth": 1.5}, "encoding": {"color": color}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {"text": {"field": "text"}, "color": ink}},
        ],
    }


def _range(study: Study) -> tuple[float, float]:
    scales = study.survey.scales
    return min((s.low for s in scales), default=1.0), max((s.high for s in scales), default=5.0)


def level_means(study: Study, result: Result) -> Figure | None:
    """Dots: mean over sites by level, on the range from the lowest to the highest site."""
    keys = ("mean", "sd", "min", "max", "sites")
    rows = []
    for level in study.levels:
        part = key_part(level.id)
        if (mean := number(result.values.get(f"{part}.mean"))) is not None:
            rows.append((level.label, part, mean))
    if not rows:
        return None
    data = [
        {"level": label, "text": f"{mean:.2f}", **{key: result.values.get(f"{part}.{key}") for key in keys}}
        for label, part, mean in rows
    ]
    low, high = _range(study)
    x = quantity(f"score, {low:g} to {high:g}", (low, high))
    body = {
        "width": WIDTH - 160,
        "height": {"step": 40},
        "encoding": {"y": {"field": "level", **names([row[0] for row in rows])}},
        "layer": [span("min", "max", x, PALE, 8), dots("mean", x), words("text", x, "mean", dy=-14)],
    }
    heads = ("Mean", "SD over sites", "Lowest", "Highest", "Sites")
    table = figure_table(
        "level-means",
        "Mean score over sites by level",
        result,
        [("level", "Level"), *zip(keys, heads, strict=True)],
        [[label, *keyed(result, part, keys)] for label, part, _ in rows],
    )
    best, worst = max(rows, key=lambda row: row[2]), min(rows, key=lambda row: row[2])
    alt = (
        f"Dot plot of mean scores over sites at {len(rows)} levels, {low:g} to {high:g}: {best[0]} is highest "
        f"at {best[2]:.2f}, {worst[0]} lowest at {worst[2]:.2f}; bars run from the lowest to the highest site."
    )
    note = "Dots are means over sites; the pale bar runs from the lowest to the highest site."
    return figure("level-means", "How far each level has come", alt, chart(data, body), table, result, note)


def level_contrasts(study: Study, result: Result) -> Figure | None:
    """Differences between levels: the exact difference in these sites, and the 95% interval for sites like these."""
    rows = _contrasts(study, result)
    if not rows:
        return None
    data = [
        {"pair": label, "estimate": estimate, **{end: result.values.get(f"{key}.like_these.{end}") for end in _ENDS}}
        for label, key, estimate in rows
    ]
    x = quantity("difference in points of the scale")
    body = {
        "width": WIDTH - 220,
        "height": {"step": 28},
        "encoding": {"y": {"field": "pair", **names([row[0] for row in rows])}},
        "layer": [line_at(0, x), span("low", "high", x, ORANGE, 4), dots("estimate", x, BLUE, "diamond")],
    }
    keys = ("these.estimate", "sites_ahead", "like_these.low", "like_these.high", "like_these.p")
    heads = ("These sites", "Sites ahead", "Like these: low", "Like these: high", "Like these: p")
    table = figure_table(
        "level-contrasts",
        "Differences between levels: in these sites, and for sites like these",
        result,
        [("pair", "Levels"), *zip(keys, heads, strict=True)],
        [[label, *keyed(result, pair, keys)] for label, pair, _ in rows],
    )
    widest = max(rows, key=lambda row: abs(row[2]))
    alt = (
        f"Dot plot of {len(rows)} differences between levels, each with an interval. The largest: {widest[0]}, "
        f"{show(widest[2], '+.2f')} points."
    )
    note = (
        "Diamonds: the difference in these sites, without sampling error where every site answered. "
        "Orange bars: the 95% interval where these sites stand for sites like them."
    )
    return figure("level-contrasts", "Which levels are ahead", alt, chart(data, body), table, result, note)


_ENDS = ("low", "high")


def _contrasts(study: Study, result: Result) -> list[tuple[str, str, float]]:
    """(words, key, estimate) of every pair of levels that the result holds, in the order of the levels."""
    labels = {key_part(level.id): level.label for level in study.levels}
    found = []
    for at, first in enumerate(labels):
        for second in list(labels)[at + 1 :]:
            for one, other in ((first, second), (second, first)):
                key = f"{one}_vs_{other}"
                estimate = number(result.values.get(f"{key}.estimate"))
                if estimate is not None:
                    found.append((f"{labels[one]} minus {labels[other].lower()}", key, estimate))
                    break
    return found
