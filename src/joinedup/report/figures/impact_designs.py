"""Figures of the further designs of impact: paths, assignments, specifications, sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    PANEL_HEADER,
    Shown,
    Spec,
    axis,
    chart,
    figure,
    figure_table,
    keyed,
    number,
)
from joinedup.report.figures.spec import panels as panel_label
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value

LOG_POINTS = "log points"
WIDE, TALL = 235, 170
PANEL = 40
"""Characters of a panel's heading in a line."""
Row = dict[str, object]


def outcomes(study: Study, result: Result) -> Iterator[tuple[str, str, str]]:
    """Key, label and unit of each outcome of a result."""
    logs = study.plan("impact").get("log", ())
    for one in study.indicators.indicators:
        part = key_part(one.id)
        if any(key.startswith(f"{part}.") for key in result.values):
            yield part, one.label or one.id, LOG_POINTS if one.id in logs else one.unit


def _number(values: Mapping[str, Value], key: str) -> float | None:
    return number(values.get(key))


def _facets(labels: Sequence[str], layers: Sequence[Spec], height: int = TALL, resolve: str = "independent") -> Spec:
    return {
        "facet": {"field": "panel", "type": "nominal", "sort": list(dict.fromkeys(labels)), "header": PANEL_HEADER},
        "columns": 2,
        "spec": {"width": WIDE, "height": height, "layer": list(layers)},
        "resolve": {"scale": {"y": "independent", "x": resolve}},
    }


def _zero(channel: str) -> Spec:
    mark = {"type": "rule", "color": GREY, "strokeDash": [4, 3]}
    return {"mark": mark, "encoding": {channel: {"datum": 0, "type": "quantitative"}}}


def synthetic_paths(study: Study, result: Result) -> Figure | None:
    """Panels: programme sites and their synthetic comparison by period, the first treated period marked."""
    rows: list[Row] = []
    cells: list[list[Shown]] = []
    for part, label, unit in outcomes(study, result):
        first = result.values.get(f"{part}.first_treated")
        for period in [key.rsplit(".", 1)[1] for key in result.values if key.startswith(f"{part}.gap.")]:
            shared: Row = {"panel": panel_label(label, unit, PANEL), "period": int(period), "first": first}
            for series, name in (("Programme sites", "programme"), ("Synthetic comparison", "synthetic")):
                rows.append(shared | {"series": series, "value": _number(result.values, f"{part}.{name}.{period}")})
            names = [f"{part}.{name}.{period}" for name in ("programme", "synthetic", "gap")]
            cells.append([label, period, *((key, result.values[key]) for key in names)])
    if not rows:
        return None
    heads = [("outcome", "Outcome"), ("period", "Period"), ("programme", "Programme sites")]
    heads += [("synthetic", "Synthetic comparison"), ("gap", "Gap")]
    table = figure_table("synthetic-paths", "Programme sites and synthetic comparison by period", result, heads, cells)
    alt = f"Lines by period of the programme sites' mean and of their synthetic comparison. {_estimates(study, result)}"
    note = (
        "Dashed line: weighted comparison sites, moved to the programme sites' level before the start. Grey rule: the first "
        "treated period. The gap after it is the estimate."
    )
    return figure(
        "synthetic-paths",
        "Programme sites and synthetic comparison",
        alt,
        chart(rows, _lines(rows)),
        table,
        result,
        note,
    )


def _lines(rows: Sequence[Row]) -> Spec:
    domain = ["Programme sites", "Synthetic comparison"]
    legend = {"title": None, "orient": "top", "symbolType": "stroke", "symbolSize": 300}
    x = {"field": "period", "type": "quantitative", "scale": {"zero": False, "nice": False}}
    x["axis"] = axis(None, format="d", tickMinStep=1, tickCount=6, grid=False)
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False}, "axis": axis(None, tickCount=4)}
    series = {"field": "series", "type": "nominal"}
    lines = {
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 30, "filled": True}},
        "encoding": {
            "x": x,
            "y": y,
            "color": {**series, "scale": {"domain": domain, "range": [BLUE, ORANGE]}, "legend": legend},
            "strokeDash": {**series, "scale": {"domain": domain, "range": [[1, 0], [6, 4]]}, "legend": legend},
        },
    }
    start = {
        "mark": {"type": "rule", "color": GREY},
        "encoding": {"x": {"aggregate": "min", "field": "first", "type": "quantitative"}},
    }
    return _facets([str(row["panel"]) for row in rows], [start, lines])


def _estimates(study: Study, result: Result) -> str:
    told = [
        f"{label}: {show(result.values[f'{part}.estimate'], '+.3f')}"
        for part, label, _ in outcomes(study, result)
        if f"{part}.estimate" in result.values
    ]
    return "; ".join(told) + "." if told else ""


def assignments(study: Study, result: Result) -> Figure | None:
    """Histograms: the estimates that other assignments of the programme give, and the one that is."""
    rows: list[Row] = []
    cells: list[list[Shown]] = []
    for part, label, unit in outcomes(study, result):
        bins = [
            key.removesuffix(".middle")
            for key in result.values
            if key.startswith(f"{part}.bin_") and key.endswith(".middle")
        ]
        middles = [_number(result.values, f"{one}.middle") or 0.0 for one in bins]
        half = (middles[1] - middles[0]) / 2 if len(middles) > 1 else 0.0
        for one, middle in zip(bins, middles, strict=True):
            rows.append(
                {
                    "panel": panel_label(label, unit, PANEL),
                    "from": middle - half,
                    "to": middle + half,
                    "share": _number(result.values, f"{one}.share"),
                    "estimate": _number(result.values, f"{part}.estimate"),
                }
            )
            cells.append(
                [
                    label,
                    (f"{one}.middle", result.values[f"{one}.middle"]),
                    (f"{one}.share", result.values[f"{one}.share"]),
                ]
            )
    if not rows:
        return None
    heads = (("outcome", "Outcome"), ("middle", "Estimate, middle of the bin"), ("share", "Share of assignments"))
    table = figure_table("assignments", "Estimates of other assignments", result, heads, cells)
    alt = f"Histograms of the estimates under other assignments, the actual one marked. {_estimates(study, result)}"
    note = "Bars: what the same sites' numbers would show, had the programme gone to others. Orange line: what they do show."
    return figure(
        "assignments", "The estimate among other assignments", alt, chart(rows, _histograms(rows)), table, result, note
    )


def _histograms(rows: Sequence[Row]) -> Spec:
    x = {"type": "quantitative", "axis": axis(None, tickCount=5, grid=False)}
    y = {"field": "share", "type": "quantitative", "axis": axis("Share", format=".0%", tickCount=4)}
    bars = {
        "mark": {"type": "rect", "color": PALE, "stroke": "white", "strokeWidth": 0.5},
        "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": y, "y2": {"datum": 0}},
    }
    own = {
        "mark": {"type": "rule", "color": ORANGE, "strokeWidth": 3},
        "encoding": {"x": {"aggregate": "min", "field": "estimate", **x}},
    }
    return _facets([str(row["panel"]) for row in rows], [bars, own], 130)


def site_effects(study: Study, result: Result) -> Figure | None:
    """Ranked dots: each programme site's change, over the band in which comparison sites lie."""
    names = {key_part(site.id): site.name or site.id for site in study.programme_sites}
    rows: list[Row] = []
    cells: list[list[Shown]] = []
    for part, label, unit in outcomes(study, result):
        prefix = f"{part}.site."
        for stem in [
            key.removesuffix(".effect") for key in result.values if key.startswith(prefix) and key.endswith(".effect")
        ]:
            name = names[stem.removeprefix(prefix)]
            rows.append(
                {
                    "panel": panel_label(label, unit, PANEL),
                    "site": name,
                    "effect": _number(result.values, f"{stem}.effect"),
                    "low": _number(result.values, f"{part}.placebo_low"),
                    "high": _number(result.values, f"{part}.placebo_high"),
                }
            )
            cells.append([label, name, *keyed(result, stem, ("effect", "p"))])
    if not rows:
        return None
    heads = (("outcome", "Outcome"), ("site", "Site"), ("effect", "Change"), ("p", "p, rank"))
    table = figure_table("site-effects", "Change of each programme site beyond the comparison", result, heads, cells)
    outside = sum(int(number(result.values.get(f"{part}.outside")) or 0) for part, *_ in outcomes(study, result))
    alt = f"Ranked dots of each programme site's change over the range of comparison sites: {outside} of {len(rows)} lie outside it."
    note = (
        "Grey band: the middle 95% of the comparison sites, where there was no programme. Dashed line: no difference."
    )
    return figure(
        "site-effects",
        "Change of each programme site",
        alt,
        chart(rows, _ranked(rows, "effect")),
        table,
        result,
        note,
    )


def without_each(study: Study, result: Result) -> Figure | None:
    """Ranked dots: the estimate without each programme site in turn."""
    names = {key_part(site.id): site.name or site.id for site in study.programme_sites}
    rows: list[Row] = []
    cells: list[list[Shown]] = []
    for part, label, unit in outcomes(study, result):
        prefix = f"{part}.without."
        for key in [key for key in result.values if key.startswith(prefix)]:
            name = names[key.removeprefix(prefix).removesuffix(".estimate")]
            whole = _number(result.values, f"{part}.estimate")
            rows.append(
                {
                    "panel": panel_label(label, unit, PANEL),
                    "site": name,
                    "estimate": _number(result.values, key),
                    "whole": whole,
                    "low": _number(result.values, f"{part}.without_comparison_low"),
                    "high": _number(result.values, f"{part}.without_comparison_high"),
                }
            )
            cells.append([label, name, (key, result.values[key])])
    if not rows:
        return None
    heads = (("outcome", "Outcome"), ("site", "Without"), ("estimate", "Estimate"))
    table = figure_table("without-each", "The estimate without each programme site", result, heads, cells)
    alt = f"Ranked dots of the estimate without each programme site. With all: {_estimates(study, result)}"
    note = (
        "Orange line: the estimate with all sites. Grey band: the estimates without each comparison site. Dashed line: no "
        "difference."
    )
    return figure(
        "without-each",
        "The estimate without each site",
        alt,
        chart(rows, _ranked(rows, "estimate")),
        table,
        result,
        note,
    )


def _ranked(rows: Sequence[Row], field: str) -> Spec:
    x = {"type": "quantitative", "axis": axis(None, tickCount=5)}
    y = {"field": "site", "type": "nominal", "sort": {"field": field, "op": "min"}}
    y["axis"] = axis(None, domain=False, ticks=False, labelFontSize=11, labelLimit=160)
    band = {"type": "rect", "color": GREY, "opacity": 0.18}
    ends = {"x": {"aggregate": "min", "field": "low", **x}, "x2": {"aggregate": "max", "field": "high"}}
    layers: list[Spec] = [{"mark": band, "encoding": ends}]
    if "whole" in rows[0]:
        mark = {"type": "rule", "color": ORANGE, "strokeWidth": 2}
        layers.append({"mark": mark, "encoding": {"x": {"aggregate": "min", "field": "whole", **x}}})
    point = {"mark": {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 1}}
    layers += [_zero("x"), {**point, "encoding": {"x": {"field": field, **x}, "y": y}}]
    sites = max(sum(row["panel"] == panel for row in rows) for panel in {str(row["panel"]) for row in rows})
    spec = _facets([str(row["panel"]) for row in rows], layers, max(60, 17 * sites))
    spec["spec"]["width"] = 175
    return spec


def specifications(study: Study, result: Result) -> Figure | None:
    """The specification curve: every estimate in order, with the choice that moves it most as shape and colour."""
    rows: list[Row] = []
    cells: list[list[Shown]] = []
    found = list(outcomes(study, result))
    choice = _strongest(result, [part for part, *_ in found])
    for part, label, unit in found:
        stems = [
            k.removesuffix(".estimate")
            for k in result.values
            if k.startswith(f"{part}.spec_") and k.endswith(".estimate")
        ]
        for rank, stem in enumerate(stems, 1):
            ends = {name: _number(result.values, f"{stem}.{name}") for name in ("estimate", "low", "high")}
            option = _option(choice, result.values[f"{stem}.{choice}"])
            rows.append({"panel": panel_label(label, unit, PANEL), "rank": rank, "option": option, **ends})
            given = [_option(name, result.values[f"{stem}.{name}"]) for name in CHOICES]
            cells.append([label, *given, *keyed(result, stem, ("estimate", "low", "high"))])
    if not rows:
        return None
    heads = (("outcome", "Outcome"), *CHOICES.items(), ("estimate", "Estimate"), ("low", "95% from"), ("high", "to"))
    table = figure_table("specifications", "Every specification, by estimate", result, heads, cells)
    told = [
        f"{label}: {show(result.values[f'{part}.above_zero'])} of {show(result.values[f'{part}.specifications'])} above 0"
        for part, label, _ in found
    ]
    alt = f"Specification curves, every estimate in order of size. {'; '.join(told)}."
    note = f"Shape and colour: {CHOICES[choice].lower()}, the choice that moves the estimate most. Lines: 95% intervals, where there are any."
    return figure(
        "specifications",
        "Every defensible choice",
        alt,
        chart(rows, _curves(rows, CHOICES[choice])),
        table,
        result,
        note,
    )


CHOICES = {
    "coding": "Dates of adoption",
    "lag": "Lag in months",
    "excluded": "Excluded sites",
    "before": "Periods before",
}


def _option(choice: str, value: Value) -> str:
    if choice != "before":
        return str(value)
    return "all" if value == 0 else "last one" if value == 1 else f"last {value}"


def _strongest(result: Result, parts: Sequence[str]) -> str:
    """The choice whose options' mean estimates lie furthest apart, over all outcomes."""
    reach = dict.fromkeys(CHOICES, 0.0)
    for part in parts:
        stems = [
            k.removesuffix(".estimate")
            for k in result.values
            if k.startswith(f"{part}.spec_") and k.endswith(".estimate")
        ]
        for choice in CHOICES:
            groups: dict[str, list[float]] = {}
            for stem in stems:
                estimate = _number(result.values, f"{stem}.estimate")
                groups.setdefault(str(result.values[f"{stem}.{choice}"]), []).append(estimate or 0.0)
            means = [sum(values) / len(values) for values in groups.values()]
            reach[choice] = max(reach[choice], max(means) - min(means))
    return max(reach, key=lambda choice: reach[choice])


def _curves(rows: Sequence[Row], title: str) -> Spec:
    options = list(dict.fromkeys(str(row["option"]) for row in rows))
    options.sort(
        key=lambda option: (option != "all", -int(option.split()[-1]) if option.split()[-1].isdigit() else 0, option)
    )
    scale = {"domain": options, "range": [BLUE, ORANGE, INK, GREY, "#2F6699"][: len(options)]}
    legend = {"title": title, "orient": "top", "titleOrient": "left", "symbolOpacity": 1}
    what = {"field": "option", "type": "nominal"}
    x = {"field": "rank", "type": "quantitative", "scale": {"nice": False}}
    x["axis"] = axis("Specifications, by estimate", grid=False, tickCount=5)
    y = {"type": "quantitative", "axis": axis(None, tickCount=5)}
    color = {**what, "scale": scale, "legend": legend}
    shapes = ["circle", "square", "triangle-up", "diamond", "cross"][: len(options)]
    shape = {**what, "scale": {"domain": options, "range": shapes}, "legend": legend}
    bars = {
        "mark": {"type": "rule", "strokeWidth": 1, "opacity": 0.45},
        "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}, "color": color},
    }
    points = {
        "mark": {"type": "point", "filled": True, "size": 22, "opacity": 1},
        "encoding": {"x": x, "y": {"field": "estimate", **y}, "color": color, "shape": shape},
    }
    return _facets([str(row["panel"]) for row in rows], [_zero("y"), bars, points])
