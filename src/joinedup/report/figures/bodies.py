"""The map of bodies: which agencies sit on each kind of body, and which tasks it has."""

from __future__ import annotations

from joinedup.partnership.seats import kinds_of, members_of, remits_of
from joinedup.report.figures.spec import BLUES, INK, Spec, axis, chart, figure, figure_table, number
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_ID, _MOST = "map-of-bodies", 8
_PARTS = (("agency", "Agencies with a seat"), ("task", "Tasks in the remit"))


def map_of_bodies(study: Study, result: Result) -> Figure | None:
    """Two grids over the kinds of body: the share of bodies on which an agency sits, and that has a task.

    The most frequent kind, agency and task come first; at most eight kinds are drawn, the table has them too.
    """
    kinds = {kind: len(bodies) for kind, bodies in list(kinds_of(study).items())[:_MOST]}
    rows = []
    for (part, group), held in zip(_PARTS, (members_of(study), remits_of(study)), strict=True):
        for name in held.names:
            keys = [f"kind.{key_part(kind)}.{part}.{key_part(name)}" for kind in kinds]
            rows.append((group, name, keys, [number(result.values.get(key)) for key in keys]))
    if not rows:
        return None
    heads = [f"{kind} ({count})" for kind, count in kinds.items()]
    data = [
        {"group": group, "name": name, "kind": head, "share": share}
        for group, name, _, shares in rows
        for head, share in zip(heads, shares, strict=True)
        if share is not None
    ]
    grids = [_grid(group, [row[1] for row in rows if row[0] == group], heads, at == 0) for at, (_, group) in
             enumerate(_PARTS) if any(row[0] == group for row in rows)]  # fmt: skip
    body = {"vconcat": grids, "spacing": 10, "resolve": {"scale": {"color": "shared"}}}
    table = figure_table(
        _ID,
        "Share of the bodies of each kind on which an agency sits, and that have a task",
        result,
        [("name", "Agency or task"), ("group", "What"), *((f"kind{at}_share", head) for at, head in enumerate(heads))],
        [[name, group, *zip(keys, shares, strict=True)] for group, name, keys, shares in rows],
    )
    note = "Each cell: the share of the bodies of that kind, in per cent; in brackets how many bodies there are."
    return figure(_ID, "Who sits where, and for what?", _alt(rows, list(kinds)), chart(data, body), table, result, note)


def _alt(rows: list[tuple[str, str, list[str], list[float | None]]], kinds: list[str]) -> str:
    agencies = [row for row in rows if row[0] == _PARTS[0][1]]
    tasks = len(rows) - len(agencies)
    everywhere = [name for _, name, _, shares in agencies if all(share == 1 for share in shares)]
    told = f" {', '.join(everywhere)} sit on every body." if everywhere else ""
    return (
        f"Grid of {len(agencies)} agencies and {tasks} tasks by {len(kinds)} kinds of body, most frequent first: "
        f"{', '.join(kinds)}. Darker cells: a larger share of the bodies.{told}"
    )


def _grid(group: str, names: list[str], heads: list[str], first: bool) -> Spec:
    x = {
        "field": "kind",
        "type": "nominal",
        "sort": heads,
        "axis": _heading(heads) if first else None,
    }
    y = {"field": "name", "type": "nominal", "sort": names, "axis": axis(None, domain=False, ticks=False)}
    colour = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": BLUES},
        "legend": None,
    }
    white = {"condition": {"test": "datum.share > 0.55", "value": "white"}, "value": INK}
    percent = {"field": "share", "type": "quantitative", "format": ".0%"}
    return {
        "title": {"text": group, "fontSize": 12, "anchor": "start", "frame": "group"},
        "transform": [{"filter": {"field": "group", "equal": group}}],
        "width": {"step": 70},
        "height": {"step": 20},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"}, "encoding": {"color": colour}},
            {
                "transform": [{"filter": "datum.share > 0"}],
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {"text": percent, "color": white},
            },
        ],
    }


def _heading(heads: list[str]) -> Spec:
    """Kinds of body above the grid, a word a line; the lines grow downwards from the padding."""
    lines = max(head.count(" ") for head in heads)
    words = {
        "labelExpr": "split(datum.value, ' ')",
        "labelAngle": 0,
        "labelFontSize": 11,
        "labelPadding": 6 + 13 * lines,
    }
    return axis(None, orient="top", domain=False, ticks=False, **words)
