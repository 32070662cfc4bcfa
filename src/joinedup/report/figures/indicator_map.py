"""The change of an indicator on the hexagonal map: every site as large as any other."""

from __future__ import annotations

from joinedup.report.figures.spec import BLUE, ORANGE, RULE, WIDTH, Spec, chart, figure, figure_table, keyed, number
from joinedup.report.model import Figure
from joinedup.study.layout import centre
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
_FLAT = "M-1,0L-0.5,0.866L0.5,0.866L1,0L0.5,-0.866L-0.5,-0.866Z"
_MIDDLE = "#F8F9FA"


def change_map(study: Study, result: Result) -> Figure | None:
    """Sites by their change, blue where it fell and orange where it rose, with a sign; programme sites have a dark edge.

    None where no site of the map has a change.
    """
    data: list[dict[str, object]] = []
    for cell in study.layout.hexes:
        site = study.site_by_id.get(cell.site)
        change = number(result.values.get(f"site.{key_part(cell.site)}.change")) if site else None
        if site is not None and change is not None:
            x, y = centre(study.layout, cell)
            sign = "+" if change > 0 else "\u2212" if change < 0 else "0"
            data.append({"x": x, "y": y, "change": change, "sign": sign, "programme": site.is_programme})
    if not data:
        return None
    indicator = study.indicator_by_id[str(result.values["indicator"])]
    heads = [("group", "Sites"), ("rose", "Rose"), ("fell", "Fell"), ("median", "Median change")]
    rows = [
        [label, *keyed(result, role, ("rose", "fell", "median"))]
        for role, label in (("programme", "Programme sites"), ("others", "All others"))
    ]
    table = figure_table("change-map", "Sites by their change", result, heads, rows)
    years = f"{result.values['from']} to {result.values['to']}"
    alt = (
        f"Hexagonal map of {len(data)} sites by their change in {indicator.label}, {years}: "
        f"{result.values['programme.fell']} of {result.values['programme.sites']} programme sites fell, "
        f"{result.values['others.fell']} of {result.values['others.sites']} others."
    )
    note = (
        "A dark edge marks a programme site; + rose, \u2212 fell. Each site's number stands in the table of this part."
    )
    spec = chart(data, _spec(study, data, f"{indicator.unit}, change"))
    return figure("change-map", f"{indicator.label}: change at each site, {years}", alt, spec, table, result, note)


def _spec(study: Study, data: list[dict[str, object]], title: str) -> Spec:
    east, north = ([float(str(row[name])) for row in data] for name in ("x", "y"))
    wide, tall = max(east) - min(east) + 1.2, max(north) - min(north) + 1.2
    unit = min(46.0, WIDTH / wide)
    scales = [
        {"domain": [min(values) - 0.6, max(values) + 0.6], "nice": False, "zero": False} for values in (east, north)
    ]
    most = max(abs(float(str(row["change"]))) for row in data) or 1.0
    shape = _HEXAGON if study.layout.kind.endswith("-r") else _FLAT
    mark = {
        "type": "point",
        "filled": True,
        "shape": shape,
        "opacity": 1,
        "size": round((unit * 1.86 / 3**0.5) ** 2, 1),
    }
    color = {
        "field": "change",
        "type": "quantitative",
        "scale": {"domain": [-most, 0, most], "range": [BLUE, _MIDDLE, ORANGE], "interpolate": "rgb"},
        "legend": {"title": title, "orient": "bottom", "gradientLength": 220},
    }
    edge = {"condition": {"test": "datum.programme", "value": "#1F2933"}, "value": RULE}
    width = {"condition": {"test": "datum.programme", "value": 2.2}, "value": 0.6}
    ink = {"condition": {"test": f"datum.change < {-0.55 * most}", "value": "white"}, "value": "black"}
    return {
        "width": round(unit * wide),
        "height": round(unit * tall),
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": scales[0], "axis": None},
            "y": {"field": "y", "type": "quantitative", "scale": scales[1], "axis": None},
        },
        "layer": [
            {"mark": mark, "encoding": {"fill": color, "stroke": edge, "strokeWidth": width}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {"text": {"field": "sign"}, "color": ink}},
        ],
    }
