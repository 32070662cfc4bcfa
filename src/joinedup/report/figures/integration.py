"""Figures of integration: the map of the theory of change, and the cases in the order of an outcome."""

from __future__ import annotations

import textwrap
from itertools import pairwise

from joinedup.report.figures.spec import (
    BLUE,
    BLUES,
    GREY,
    INK,
    ORANGE,
    WIDTH,
    Shown,
    axis,
    chart,
    figure,
    figure_table,
    names,
    number,
)
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value
from joinedup.synthesis.contribution import CONTESTED, NO_EVIDENCE, Link, Node, Picture, Theory, layout

_STATES = ("strong", "moderate", "weak", "not judged", CONTESTED, NO_EVIDENCE)
_COLOURS = (BLUE, BLUE, BLUE, GREY, ORANGE, GREY)
_DASHES = ([1, 0], [1, 0], [6, 3], [6, 3], [1, 0], [2, 4])
_WIDTHS = (4, 2.5, 2, 1.5, 3, 1.5)
_BOX, _GAP, _WIDEST, _WRAP = 46, 84, 190, 24


def theory_map(theory: Theory, result: Result) -> Figure | None:
    """Steps as boxes in layers from top to bottom, links as lines whose colour and dash say what stands behind them."""
    if not theory.links:
        return None
    picture = layout(theory)
    points = [*picture.place.values(), *(point for route in picture.routes.values() for point in route)]
    widest, deepest = max(abs(across) for _, across in points) + 0.5, max(layer for layer, _ in points)
    half = min(WIDTH / (2 * widest) * 0.46, _WIDEST / 2)
    lines = [line for link in theory.links for line in _line(link, picture)]
    layers = [_lines(lines), _arrows([line for line in lines if line["last"]])]
    for measured in (True, False):
        boxes = [node for node in theory.nodes if node.measured is measured]
        layers.append(_boxes([_at(picture, node.id) for node in boxes], half, [1, 0] if measured else [4, 3]))
    layers.append(_labels([row for node in theory.nodes for row in _label(picture, node)]))
    body = {"width": WIDTH, "height": (deepest + 1) * _GAP, "layer": layers}
    labels = {node.id: node.label for node in theory.nodes}
    rows: list[list[Shown]] = [
        [
            labels[link.source],
            labels[link.target],
            link.state,
            (f"{key}.evidence", result.values.get(f"{key}.evidence")),
        ]
        for link in theory.links
        for key in [f"{key_part(link.source)}.{key_part(link.target)}"]
    ]
    heads = [("from", "From"), ("to", "To"), ("state", "State"), ("evidence", "Evidence")]
    table = figure_table("theory-of-change", "Links of the theory of change", result, heads, rows)
    values = result.values
    alt = (
        f"Map of {values['nodes']} steps in {deepest + 1} layers, joined by {values['links']} links: {values['contested']} "
        f"contested, {values['without_evidence']} without evidence. {values['unmeasured']} steps are not measured."
    )
    note = "From top to bottom. Dashed boxes: no value tells how far the step came about. Dotted lines: claimed, not shown."
    scale = _scales(widest, deepest)
    return figure(
        "theory-of-change",
        "The theory of change and what stands behind it",
        alt,
        _spec(body, scale),
        table,
        result,
        note,
    )


def _spec(body: dict[str, object], scales: dict[str, object]) -> dict[str, object]:
    return {**chart([], body), "encoding": scales}


def _scales(widest: float, deepest: int) -> dict[str, object]:
    bare = {"type": "quantitative", "axis": None}
    return {
        "x": {"field": "x", **bare, "scale": {"domain": [-widest, widest], "nice": False}},
        "y": {"field": "y", **bare, "scale": {"domain": [-0.5, deepest + 0.5], "nice": False, "reverse": True}},
    }


def _line(link: Link, picture: Picture) -> list[dict[str, object]]:
    """A link from the lower edge of its box, through the layers that it passes, to the upper edge of the next."""
    edge = _BOX / _GAP / 2
    route = [(float(layer), across) for layer, across in picture.routes[link.source, link.target]]
    points = [(route[0][0] + edge, route[0][1])]
    for layer, across in route[1:-1]:
        points += [(layer - edge, across), (layer + edge, across)]
    points.append((route[-1][0] - edge - 0.06, route[-1][1]))
    return [
        {"x": a[1], "y": a[0], "x2": b[1], "y2": b[0], "state": link.state, "last": b is points[-1]}
        for a, b in pairwise(points)
    ]


def _at(picture: Picture, node: str) -> dict[str, object]:
    layer, across = picture.place[node]
    return {"x": across, "y": layer}


def _label(picture: Picture, node: Node) -> list[dict[str, object]]:
    """The lines of a node's label, one below the other about the middle of its box."""
    layer, across = picture.place[node.id]
    words = textwrap.wrap(node.label, _WRAP)
    return [
        {"x": across, "y": layer + (at - (len(words) - 1) / 2) * 14 / _GAP, "label": line}
        for at, line in enumerate(words)
    ]


def _lines(lines: list[dict[str, object]]) -> dict[str, object]:
    held = [state for state in _STATES if any(line["state"] == state for line in lines)]
    at = [_STATES.index(state) for state in held]
    legend = {"title": "What stands behind a link", "orient": "bottom", "columns": 3, "symbolType": "stroke"}
    return {
        "data": {"values": lines},
        "mark": {"type": "rule"},
        "encoding": {
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": held, "range": [_COLOURS[n] for n in at]},
                "legend": legend,
            },
            "strokeDash": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": held, "range": [_DASHES[n] for n in at]},
                "legend": legend,
            },
            "strokeWidth": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": held, "range": [_WIDTHS[n] for n in at]},
                "legend": None,
            },
        },
    }


def _arrows(lines: list[dict[str, object]]) -> dict[str, object]:
    return {
        "data": {"values": lines},
        "mark": {"type": "point", "shape": "triangle-down", "filled": True, "size": 70, "color": INK, "opacity": 1},
        "encoding": {"x": {"field": "x2", "type": "quantitative"}, "y": {"field": "y2", "type": "quantitative"}},
    }


def _boxes(boxes: list[dict[str, object]], half: float, dash: list[int]) -> dict[str, object]:
    mark = {"type": "rect", "width": 2 * half, "height": _BOX, "fill": "white", "stroke": INK, "strokeWidth": 1.5}
    return {"data": {"values": boxes}, "mark": {**mark, "strokeDash": dash, "cornerRadius": 4}}


def _labels(rows: list[dict[str, object]]) -> dict[str, object]:
    mark = {"type": "text", "fontSize": 12, "color": INK, "baseline": "middle"}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"text": {"field": "label"}}}


def case_order(study: Study, result: Result, codes: list[str], outcome: str) -> Figure | None:
    """Cases from the lowest outcome to the highest, the share who speak of each theme as shades."""
    sites = [site for site in study.sites if result.values.get(f"site.{key_part(site.id)}.place") is not None]
    if not sites or not codes:
        return None
    sites.sort(key=lambda site: number(result.values[f"site.{key_part(site.id)}.place"]) or 0.0)
    labels = {code: _named(study, code) for code in codes}
    cases = {site.id: f"{site.name}{_in_brackets(result, site.id)}" for site in sites}
    data = [
        {"case": cases[site.id], "theme": _wrapped(labels[code]), "share": result.values.get(_share(code, site.id))}
        for site in sites
        for code in codes
    ]
    rows: list[list[Shown]] = [
        [
            site.name,
            _outcome(result, site.id),
            *((_share(code, site.id), result.values.get(_share(code, site.id))) for code in codes),
        ]
        for site in sites
    ]
    heads = [("site", "Case"), ("outcome", outcome), *((key_part(code), labels[code]) for code in codes)]
    table = figure_table("case-order", f"Cases in the order of {outcome.lower()}", result, heads, rows)
    alt = (
        f"Heat map of {len(sites)} cases by {len(codes)} themes, cases from the lowest {outcome.lower()} to the highest; "
        f"the darker, the larger the share of people interviewed who speak of the theme. Descriptive."
    )
    note = f"In brackets: {outcome.lower()}. Descriptive, n = {len(sites)}: the cases were chosen, not drawn."
    return figure(
        "case-order",
        f"Cases in the order of {outcome.lower()}",
        alt,
        chart(data, _heat(list(cases.values()), [_wrapped(label) for label in labels.values()])),
        table,
        result,
        note,
    )


def _in_brackets(result: Result, site: str) -> str:
    """The outcome of a case beside its name; nothing where it is not told."""
    outcome = number(_outcome(result, site)[1])
    return "" if outcome is None else f" ({show(outcome)})"


def _named(study: Study, code: str) -> str:
    found = study.code_by_id.get(code)
    return (found.label or code) if found else code


def _wrapped(label: str) -> str:
    return "\n".join(textwrap.wrap(label, 14))


def _share(code: str, site: str) -> str:
    return f"{key_part(code)}.site.{key_part(site)}.share"


def _outcome(result: Result, site: str) -> tuple[str, Value]:
    key = f"site.{key_part(site)}.outcome"
    return key, result.values[key]


def _heat(cases: list[str], themes: list[str]) -> dict[str, object]:
    across = axis(None, orient="bottom", labelAngle=0, domain=False, ticks=False, labelExpr="split(datum.label, '\\n')")
    position = {
        "x": {"field": "theme", "type": "nominal", "sort": themes, "axis": across},
        "y": {"field": "case", **names(cases)},
    }
    shade = {
        "field": "share",
        "type": "quantitative",
        "scale": {"type": "threshold", "domain": [0.2, 0.4, 0.6, 0.8], "range": BLUES},
        "legend": {"title": "share of people interviewed", "orient": "bottom", "format": ".0%"},
    }
    ink = {"condition": {"test": "datum.share >= 0.6", "value": "white"}, "value": INK}
    words = {"field": "share", "type": "quantitative", "format": ".0%"}
    return {
        "width": {"step": min(96, (WIDTH - 60) // len(themes))},
        "height": {"step": 26},
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"}, "encoding": {**position, "color": shade}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {**position, "text": words, "color": ink}},
        ],
    }
