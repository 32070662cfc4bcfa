"""The acceptability curve: how sure it is that the programme is worth its cost, by what a unit of effect is worth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from joinedup.report.figures.spec import BLUE, GREY, ORANGE, Spec, axis, chart, figure, figure_table, number
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_KEY = re.compile(r"(?P<pair>\w+\.and\.\w+)\.benefit_(?P<threshold>\d+)\.acceptable")
_COLORS, _DASHES = [BLUE, ORANGE, GREY], [[1, 0], [6, 3], [2, 2]]
MOST = 3
"""More pairs than this can't be told apart in one figure."""


@dataclass(frozen=True, slots=True)
class _Point:
    pair: str
    threshold: int
    share: float
    key: str


def acceptability(study: Study, result: Result) -> Figure | None:
    """A line a pair of outcome and cost; None with fewer than two thresholds or more than three pairs."""
    points = _points(study, result)
    pairs = list(dict.fromkeys(point.pair for point in points))
    if not 1 <= len(pairs) <= MOST or len({point.threshold for point in points}) < 2:
        return None
    data = [{"pair": point.pair, "threshold": point.threshold, "share": point.share} for point in points]
    heads = [("pair", "Outcome; cost"), ("threshold", "A unit of effect is worth"), ("share", "Share of samples")]
    rows = [(point.pair, f"{point.threshold:,}", (point.key, point.share)) for point in points]
    table = figure_table("acceptability", "Acceptability by threshold", result, heads, rows)
    ends = "; ".join(_ends(pair, [point for point in points if point.pair == pair]) for pair in pairs)
    alt = f"Acceptability curve, share of bootstrap samples in which the programme is worth its cost. {ends}."
    title = "The share of samples in which the programme is worth its cost"
    return figure("acceptability", title, alt, chart(data, _lines(pairs)), table, result)


def _points(study: Study, result: Result) -> list[_Point]:
    labels = {key_part(one.id): one.label or one.id for one in study.indicators.indicators}
    costs = {match["pair"].split(".and.")[1] for key in result.values if (match := _KEY.fullmatch(key))}
    found = []
    for key, value in result.values.items():
        match = _KEY.fullmatch(key)
        share = number(value)
        if match and share is not None:
            first, second = (labels[part] for part in match["pair"].split(".and."))
            found.append(
                _Point(first if len(costs) == 1 else f"{first}; {second}", int(match["threshold"]), share, key)
            )
    return sorted(found, key=lambda point: (point.pair, point.threshold))


def _ends(pair: str, points: list[_Point]) -> str:
    low, high = points[0], points[-1]
    return f"{pair}: {low.share:.0%} at {low.threshold:,}, {high.share:.0%} at {high.threshold:,}"


def _lines(pairs: list[str]) -> Spec:
    legend = None if len(pairs) == 1 else {"title": None, "orient": "top", "direction": "vertical", "labelLimit": 420}
    color = {
        "field": "pair",
        "type": "nominal",
        "legend": legend,
        "scale": {"domain": pairs, "range": _COLORS[: len(pairs)]},
    }
    dash = {**color, "scale": {"domain": pairs, "range": _DASHES[: len(pairs)]}}
    x = {"field": "threshold", "type": "quantitative", "axis": axis("What a unit of effect is worth", format=",")}
    y = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": axis("Samples in which it is worth its cost", format=".0%"),
    }
    mark = {"type": "line", "strokeWidth": 2.2, "point": {"filled": True, "size": 60}}
    return {"width": 480, "height": 240, "mark": mark, "encoding": {"x": x, "y": y, "color": color, "strokeDash": dash}}
