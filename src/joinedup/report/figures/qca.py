"""The XY plot of a QCA: each site's membership in the solution against its membership in the outcome."""

from __future__ import annotations

from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    Shown,
    Spec,
    chart,
    figure,
    figure_table,
    number,
    quantity,
)
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result
from joinedup.synthesis.qca.declared import Declared

_SIDE = 400
_KINDS = {
    (True, True): "in the solution and in the outcome",
    (True, False): "in the solution, not in the outcome",
    (False, True): "in the outcome, not in the solution",
    (False, False): "in neither",
}
_SHAPES = ["circle", "cross", "triangle-up", "square"]
_COLORS = [BLUE, ORANGE, INK, GREY]


def solution_against_outcome(study: Study, result: Result, analysis: Declared) -> Figure | None:
    """Dots over the square of memberships; on or above the diagonal a site speaks for sufficiency."""
    outcome, data, rows = analysis.outcome, [], list[list[Shown]]()
    for site in study.programme_sites:
        key = f"case.{key_part(site.id)}"
        keys = [f"{key}.solution", f"{key}.in.{outcome.name}"]
        x, y = (number(result.values.get(name)) for name in keys)
        if x is None or y is None:
            continue
        kind = _KINDS[x > 0.5, y > 0.5]
        data.append({"site": site.name, "x": x, "y": y, "kind": kind})
        rows.append([site.name, *((name, result.values[name]) for name in keys), kind])
    if not data:
        return None
    heads = [
        ("site", "Site"),
        ("solution", "Membership in the solution"),
        ("outcome", outcome.label),
        ("kind", "Where"),
    ]
    counts = {kind: sum(row["kind"] == kind for row in data) for kind in _KINDS.values()}
    alt = (
        f"Scatter plot of {len(data)} sites: membership in the solution against membership in {outcome.label}. "
        + "; ".join(f"{count} {kind}" for kind, count in counts.items())
        + "."
    )
    return figure(
        "qca-xy",
        "The solution against the outcome",
        alt,
        _spec(data, outcome.label),
        figure_table("qca-xy", "Memberships in the solution and in the outcome", result, heads, rows),
        result,
        "On or above the diagonal a site is no more in the solution than in the outcome, as sufficiency wants.",
    )


def _spec(data: list[dict[str, object]], label: str) -> Spec:
    x = quantity("Membership in the solution", (0, 1), values=[0, 0.25, 0.5, 0.75, 1], format=".2f")
    y = quantity(f"Membership in the outcome: {label}", (0, 1), values=[0, 0.25, 0.5, 0.75, 1], format=".2f")
    present = [kind for kind in _KINDS.values() if any(row["kind"] == kind for row in data)]
    at = [list(_KINDS.values()).index(kind) for kind in present]
    rule = {"type": "rule", "color": GREY, "strokeDash": [4, 3]}
    legend = {"title": None, "orient": "bottom", "columns": 2}
    scale = {"domain": present}
    dots = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.9},
        "encoding": {
            "x": {"field": "x", **x},
            "y": {"field": "y", **y},
            "shape": {"field": "kind", "scale": {**scale, "range": [_SHAPES[i] for i in at]}, "legend": legend},
            "color": {"field": "kind", "scale": {**scale, "range": [_COLORS[i] for i in at]}, "legend": legend},
        },
    }
    diagonal = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": INK, "strokeWidth": 1},
        "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}},
    }
    cross = [
        {"mark": rule, "encoding": {"x": {"datum": 0.5}, "y": None}},
        {"mark": rule, "encoding": {"y": {"datum": 0.5}, "x": None}},
    ]
    return chart(data, {"width": _SIDE, "height": _SIDE, "layer": [diagonal, *cross, dots]})
