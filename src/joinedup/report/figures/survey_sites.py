"""Figures of the survey's sites: ranked with the spread of their raters, and on a hexagonal map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from joinedup.report.figures.spec import (
    BLUE,
    BLUES,
    PALE,
    RULE,
    WIDTH,
    Spec,
    chart,
    figure,
    figure_table,
    keyed,
    names,
    number,
    quantity,
    span,
)
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.layout import centre
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value

FEW = 5
"""With fewer raters than this a site's dot is hollow; the number itself is not shown."""
_HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
_FLAT = "M-1,0L-0.5,0.866L0.5,0.866L1,0L0.5,-0.866L-0.5,-0.866Z"
_DARK = 0.53


class _Site(NamedTuple):
    id: str
    name: str
    key: str
    score: float
    deviation: float | None
    raters: Value


def _sites(study: Study, result: Result) -> list[_Site]:
    rows = []
    for site in study.programme_sites:
        key = f"site.{key_part(site.id)}"
        score = number(result.values.get(f"{key}.score"))
        if score is not None:
            spread = number(result.values.get(f"{key}.deviation"))
            rows.append(_Site(site.id, site.name, key, score, spread, result.values.get(f"{key}.raters")))
    return sorted(rows, key=lambda row: (-row.score, row.name))


def _how_many(raters: Value) -> str:
    return f"{FEW} raters or more" if (number(raters) or 0) >= FEW else f"fewer than {FEW} raters"


def _range(study: Study) -> tuple[float, float]:
    scales = study.survey.scales
    return min((s.low for s in scales), default=1.0), max((s.high for s in scales), default=5.0)


def ranked_sites(study: Study, result: Result) -> Figure | None:
    """Dots: sites in order of their score, with bars of one average deviation of their raters either way.

    Where no bar may leave there are none, and where the number of some site's raters may not, no dot tells how many.
    """
    rows = _sites(study, result)
    if not rows:
        return None
    apart = [row for row in rows if row.deviation is not None]
    counted = not any(isinstance(row.raters, str) for row in rows)
    data = [_point(row, counted) for row in rows]
    parts = ("score", "deviation", "agency_range") if apart else ("score",)
    heads = ("Score", "Deviation of raters", "Range between agencies")[: len(parts)]
    told = [[row.name, *keyed(result, row.key, parts), *([_how_many(row.raters)] if counted else [])] for row in rows]
    table = figure_table(
        "ranked-sites",
        "Score of each site and how far its raters lie apart" if apart else "Score of each site",
        result,
        [("site", "Site"), *zip(parts, heads, strict=True), *([("raters", "Raters")] if counted else [])],
        told,
    )
    alt = f"Ranked dot plot of {len(rows)} sites: {_said(rows[0])} highest, {_said(rows[-1])} lowest."
    note = "Dot: the site's score over all levels."
    if apart:
        widest = max(apart, key=lambda row: row.deviation or 0.0)
        alt += f" Bars show the raters' average deviation, widest at {widest.name}."
        note += " Bar: the average deviation of its raters, either way; short bars: they agree."
    if counted:
        note += f" Hollow dots: fewer than {FEW} raters."
    title = "Every site, and how far its people agree" if apart else "Every site"
    spec = chart(data, _ranked([row.name for row in rows], *_range(study), counted))
    return figure("ranked-sites", title, alt, spec, table, result, note)


def _said(row: _Site) -> str:
    return f"{row.name} ({show(row.score)})"


def _point(row: _Site, counted: bool) -> dict[str, object]:
    ends = (None, None) if row.deviation is None else (row.score - row.deviation, row.score + row.deviation)
    point: dict[str, object] = {"site": row.name, "score": row.score, "low": ends[0], "high": ends[1]}
    return point | ({"raters": _how_many(row.raters)} if counted else {})


def _ranked(sites: list[str], low: float, high: float, counted: bool) -> Spec:
    x = quantity(f"score, {low:g} to {high:g}", (low, high))
    kinds = [f"{FEW} raters or more", f"fewer than {FEW} raters"]
    mark = {"type": "point", "filled": True, "size": 70, "stroke": BLUE, "strokeWidth": 1.5, "opacity": 1}
    fill = {
        "field": "raters",
        "type": "nominal",
        "scale": {"domain": kinds, "range": [BLUE, "white"]},
        "legend": {"title": None, "orient": "bottom"},
    }
    return {
        "width": WIDTH - 160,
        "height": {"step": 17},
        "encoding": {"y": {"field": "site", **names(sites)}},
        "layer": [
            span("low", "high", x, PALE, 6),
            {"mark": mark, "encoding": {"x": {"field": "score", **x}, "fill": fill if counted else {"value": BLUE}}},
        ],
    }


def hex_map(study: Study, result: Result) -> Figure | None:
    """A map on which every site is one hexagon of the same size: programme sites by score, all others pale."""
    scored = {row.id: row for row in _sites(study, result)}
    cells = [cell for cell in study.layout.hexes if cell.site in study.site_by_id]
    shown = [scored[cell.site] for cell in cells if cell.site in scored]
    if not shown:
        return None
    low, high = min(row.score for row in shown), max(row.score for row in shown)
    data: list[dict[str, object]] = []
    for cell in cells:
        x, y = centre(study.layout, cell)
        row = scored.get(cell.site)
        found: dict[str, object] = {"x": x, "y": y}
        if row is not None:
            found |= {"id": row.id, "score": row.score, "text": f"{row.score:.1f}"}
            found["dark"] = row.score > low + _DARK * (high - low)
        data.append(found)
    table = figure_table(
        "site-map",
        "Score of each site on the map",
        result,
        [("site", "Site"), ("id", "On the map"), ("score", "Score")],
        [[row.name, row.id, (f"{row.key}.score", row.score)] for row in sorted(shown, key=lambda row: row.id)],
    )
    best, worst = max(shown, key=lambda row: row.score), min(shown, key=lambda row: row.score)
    others = len(cells) - len(shown)
    alt = (
        f"Hexagonal map of {len(shown)} sites, each as large as any other, darker where the score is higher: "
        f"{best.name} highest at {best.score:.1f}, {worst.name} lowest at {worst.score:.1f}."
    )
    if others:
        alt += f" {others} other places are pale."
    note = "Each hexagon is a site, near its neighbours; above its score stands its identifier, named in the table."
    spec = chart(data, _map(study, data, low, high))
    return figure("site-map", "The sites on a map", alt, spec, table, result, note)


def _map(study: Study, data: Sequence[dict[str, object]], low: float, high: float) -> Spec:
    east = [float(str(row["x"])) for row in data]
    north = [float(str(row["y"])) for row in data]
    wide, tall = max(east) - min(east) + 1.2, max(north) - min(north) + 1.2
    unit = min(52.0, WIDTH / wide)
    scales = [
        {"domain": [min(values) - 0.6, max(values) + 0.6], "nice": False, "zero": False} for values in (east, north)
    ]
    shape = _HEXAGON if study.layout.kind.endswith("-r") else _FLAT
    mark = {"type": "point", "filled": True, "shape": shape, "stroke": "white", "strokeWidth": 1, "opacity": 1}
    mark["size"] = round((unit * 2 / 3**0.5) ** 2, 1)
    legend = {"title": "score", "orient": "bottom", "gradientLength": 200}
    color = {
        "field": "score",
        "type": "quantitative",
        "scale": {"type": "linear", "domain": [low, high], "range": BLUES[1:]},
        "legend": legend,
    }
    ink = {"condition": {"test": "datum.dark", "value": "white"}, "value": "black"}
    scored, others = "isValid(datum.score)", "!isValid(datum.score)"
    return {
        "width": round(unit * wide),
        "height": round(unit * tall),
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": scales[0], "axis": None},
            "y": {"field": "y", "type": "quantitative", "scale": scales[1], "axis": None},
        },
        "layer": [
            {"transform": [{"filter": others}], "mark": {**mark, "color": "#F8F9FA", "stroke": RULE}},
            {"transform": [{"filter": scored}], "mark": mark, "encoding": {"color": color}},
            *(
                {
                    "transform": [{"filter": scored}],
                    "mark": {"type": "text", "dy": dy, "fontSize": size},
                    "encoding": {"text": {"field": field}, "color": ink},
                }
                for field, dy, size in (("id", -6, 9), ("text", 6, 11))
            ),
        ],
    }
