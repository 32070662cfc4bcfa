"""Figures of the partnership strand: overlap of members and of remits, targeted and universal shares."""

from __future__ import annotations

from joinedup.report.figures.spec import (
    BLUE,
    INK,
    ORANGE,
    WIDTH,
    Spec,
    axis,
    chart,
    figure,
    figure_table,
    keyed,
    number,
    quantity,
)
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value


def overlap_by_site(study: Study, result: Result) -> Figure | None:
    """Scatter of sites: mean overlap of remits over mean overlap of members; on the diagonal they are alike."""
    rows = []
    for site in study.sites:
        key = f"site.{key_part(site.id)}"
        members, remits = (number(result.values.get(f"{key}.{of}.jaccard")) for of in ("members", "remits"))
        if members is not None and remits is not None:
            rows.append((site.name, key, members, remits))
    if not rows:
        return None
    data = [{"site": name, "members": members, "remits": remits} for name, _, members, remits in rows]
    domain = (0.0, 1.0)
    body = {"width": 340, "height": 340, "layer": [_diagonal(), _sites(domain)]}
    keys = ("bodies", "members.jaccard", "remits.jaccard")
    heads = ("Bodies", "Overlap of members", "Overlap of remits")
    table = figure_table(
        "overlap-by-site",
        "Overlap of bodies within each site",
        result,
        [("site", "Site"), *zip(keys, heads, strict=True)],
        [[name, *keyed(result, key, keys)] for name, key, *_ in rows],
    )
    above = sum(remits > members for *_, members, remits in rows)
    alt = (
        f"Scatter of {len(rows)} sites: mean Jaccard overlap of bodies' remits against that of their members, 0 to 1. "
        f"In {above} of {len(rows)} sites remits overlap more than members."
    )
    note = (
        "Each dot is a site: the mean over its pairs of bodies. Above the dashed line remits overlap more than members."
    )
    return figure("overlap-by-site", "Do bodies share members, or tasks?", alt, chart(data, body), table, result, note)


def _diagonal() -> Spec:
    line = [{"members": 0, "remits": 0}, {"members": 1, "remits": 1}]
    x, y = ({"field": f, "type": "quantitative"} for f in ("members", "remits"))
    return {"data": {"values": line}, "mark": {"type": "line", "color": INK, "strokeDash": [4, 3], "strokeWidth": 1},
            "encoding": {"x": x, "y": y}}  # fmt: skip


def _sites(domain: tuple[float, float]) -> Spec:
    mark = {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 0.65, "stroke": "white"}
    x = {"field": "members", **quantity("overlap of members (Jaccard)", domain)}
    y = {"field": "remits", **quantity("overlap of remits (Jaccard)", domain)}
    return {"mark": mark, "encoding": {"x": x, "y": y}}


def provision_shares(study: Study, result: Result) -> Figure | None:
    """Lines: targeted and universal services as shares of both, by period, over all sites."""
    periods = sorted({row.period for row in study.partnership.provision if f"targeted.{row.period}" in result.values})
    data: list[dict[str, Value]] = []
    for tier, label in (("targeted", "Targeted"), ("universal", "Universal")):
        for period in periods:
            share = number(result.values.get(f"{tier}.{period}"))
            if share is not None:
                data.append({"tier": label, "period": period, "share": share})
    if not data:
        return None
    scale = {"domain": ["Targeted", "Universal"], "range": [BLUE, ORANGE]}
    shape = {"domain": ["Targeted", "Universal"], "range": ["circle", "square"]}
    legend = {"title": None, "orient": "top"}
    channel = {"field": "tier", "type": "nominal"}
    body = {
        "width": WIDTH - 140,
        "height": 220,
        "mark": {"type": "line", "point": {"size": 70, "filled": True, "opacity": 1}, "strokeWidth": 2.5},
        "encoding": {
            "x": {"field": "period", "type": "ordinal", "axis": axis("period", labelAngle=0)},
            "y": {"field": "share", **quantity("share of spending on both", (0.0, 1.0), format=".0%")},
            "color": {**channel, "scale": scale, "legend": legend},
            "shape": {**channel, "scale": shape, "legend": legend},
        },
    }
    table = figure_table(
        "provision-shares",
        "Targeted and universal services as shares of the spending on both",
        result,
        [("period", "Period"), ("targeted", "Targeted"), ("universal", "Universal")],
        [
            [p, *((f"{tier}.{p}", result.values.get(f"{tier}.{p}")) for tier in ("targeted", "universal"))]
            for p in periods
        ],
    )
    first, last = (number(result.values.get(f"targeted.{p}")) for p in (periods[0], periods[-1]))
    told = f" from {first:.0%} to {last:.0%}" if first is not None and last is not None else ""
    alt = f"Lines of targeted and universal shares of spending, {periods[0]} to {periods[-1]}: targeted{told}."
    return figure("provision-shares", "Targeted and universal provision", alt, chart(data, body), table, result)
