"""Figures of the survey's respondents: the response grid, answers to the items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from joinedup.report.describe import Describer
from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    Shown,
    Spec,
    axis,
    chart,
    figure,
    figure_table,
    keyed,
    names,
    number,
    panels,
)
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_STATES = ("everybody", "some", "nobody", "nobody asked")
_WRAP = 46
_TOGETHER = 24
"""So many items stand in one figure; with more, every scale has its own."""


def response_grid(study: Study, result: Result) -> Figure | None:
    """Sites by agencies: everybody, some or nobody answered, or nobody was asked. No count of people is shown."""
    agencies = sorted({key.split(".")[1] for key in result.values if key.startswith("agency.")})
    sites = [site for site in study.programme_sites if f"site.{key_part(site.id)}.asked" in result.values]
    if not agencies or not sites:
        return None
    describer = Describer(study)
    labels = [describer.label("agency", agency) for agency in agencies]
    states = {site.id: [_state(result, site.id, agency) for agency in agencies] for site in sites}
    data = [
        {"site": site.name, "agency": label, "state": state, "sign": _SIGNS[state]}
        for site in sites
        for label, state in zip(labels, states[site.id], strict=True)
    ]
    rows: list[list[Shown]] = [
        [
            site.name,
            *states[site.id],
            *keyed(result, f"site.{key_part(site.id)}", ("agencies_answered", "agencies_asked")),
        ]
        for site in sites
    ]
    heads = [("site", "Site"), *zip(agencies, labels, strict=True)]
    heads += [("agencies_answered", "Agencies that answered"), ("agencies_asked", "Agencies asked")]
    table = figure_table("response-grid", "Who answered at each site, by agency", result, heads, rows)
    cells = [state for found in states.values() for state in found]
    silent = cells.count("nobody")
    alt = (
        f"Grid of {len(sites)} sites by {len(agencies)} agencies: everybody asked answered in "
        f"{cells.count('everybody')} cells, some in {cells.count('some')}, nobody in {silent}; in "
        f"{cells.count('nobody asked')} nobody was asked."
    )
    note = "Each cell: whether the people asked of an agency at a site answered. Counts of people are not shown."
    spec = chart(data, _grid([site.name for site in sites], labels))
    return figure("response-grid", "Who answered, site by site", alt, spec, table, result, note)


_SIGNS = {"everybody": "●", "some": "◐", "nobody": "○", "nobody asked": ""}


def _state(result: Result, site: str, agency: str) -> str:
    key = f"site.{key_part(site)}.{agency}"
    asked, answered = number(result.values.get(f"{key}.asked")), number(result.values.get(f"{key}.answered"))
    if not asked:
        return "nobody asked"
    return "everybody" if answered == asked else "some" if answered else "nobody"


def _grid(sites: list[str], agencies: list[str]) -> Spec:
    x_axis = axis(None, orient="top", labelAngle=-35, domain=False, ticks=False, labelPadding=6)
    scale = {"domain": list(_STATES), "range": [BLUE, PALE, ORANGE, "#F4F6F8"]}
    legend = {"title": "of the people asked, answered", "orient": "bottom", "columns": 4, "symbolType": "square"}
    ink = {"condition": {"test": "datum.state == 'everybody'", "value": "white"}, "value": INK}
    return {
        "width": {"step": 56},
        "height": {"step": 19},
        "encoding": {
            "x": {"field": "agency", "type": "nominal", "sort": agencies, "axis": x_axis},
            "y": {"field": "site", **names(sites)},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1.5},
                "encoding": {"color": {"field": "state", "type": "nominal", "scale": scale, "legend": legend}},
            },
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {"text": {"field": "sign"}, "color": ink}},
        ],
    }


class _Item(NamedTuple):
    key: str
    label: str
    scale: str
    shares: list[tuple[str, float]]
    below: float
    middle: float
    above: float
    base: str


def likert(study: Study, result: Result) -> tuple[Figure, ...]:
    """Bars of the answers to the items, the neutral answer apart; one figure, or one a scale where there are many."""
    scales = [scale for scale in study.survey.scales if scale.items]
    found = {
        scale.id: [row for item in scale.items if (row := _item(study, result, scale.id, item))] for scale in scales
    }
    groups = {"": [row for rows in found.values() for row in rows]}
    if len(groups[""]) > _TOGETHER:
        groups = {scale.id: found[scale.id] for scale in scales}
    labels = {scale.id: scale.label for scale in scales}
    return tuple(_likert(result, id, labels.get(id, "the scales"), rows) for id, rows in groups.items() if rows)


def _item(study: Study, result: Result, scale_id: str, name: str) -> _Item | None:
    scale = next(scale for scale in study.survey.scales if scale.id == scale_id)
    instrument, key = study.survey.instrument, key_part(name)
    item = instrument.item(name) if instrument else None
    below, middle, above = (number(result.values.get(f"{key}.{part}.share")) for part in ("below", "middle", "above"))
    if item is None or below is None or middle is None or above is None:
        return None
    told = {option: result.values.get(f"{key}.{key_part(option)}.share") for option in item.options}
    shares = [(option, share) for option, value in told.items() if (share := number(value)) is not None]
    if any(isinstance(value, str) for value in told.values()):
        shares = []  # a mark stands for an answer: without it the others would add up to less than their side
    words = item.label or name
    label = f"{words} (reversed)" if name in scale.reverse else words
    base = "/".join(show(result.values.get(f"{key}.{part}")) for part in ("answered", "base"))
    return _Item(key, label, scale_id, shares, below, middle, above, base)


def _likert(result: Result, id: str, label: str, rows: Sequence[_Item]) -> Figure:
    at = "-".join(filter(None, ("item-answers", id)))
    parts = ("below.share", "middle.share", "above.share", "answered", "base")
    heads = ("Below the middle", "Middle", "Above the middle", "Answered", "Base")
    table = figure_table(
        at,
        f"Answers to the items of {label.lower()}",
        result,
        [("item", "Item"), *((part.replace(".", "_"), head) for part, head in zip(parts, heads, strict=True))],
        [[row.label, *keyed(result, row.key, parts)] for row in rows],
    )
    most, least = max(rows, key=lambda row: row.above), min(rows, key=lambda row: row.above)
    alt = (
        f"Stacked bars of answers to {len(rows)} items, the middle answer apart: above the middle from {most.above:.0%} "
        f"({_short(most.label)}) to {least.above:.0%} ({_short(least.label)})."
    )
    note = (
        "Left: answers below the middle of the range; right: above it, darker the further; the middle answer stands "
        "apart. Beside the bars: people who answered / people asked the item. Reversed items are shown as asked."
    )
    note += "" if all(row.shares for row in rows) else " A side is one bar where one of its answers is suppressed."
    return figure(
        at, f"What the respondents answered: {label}", alt, chart(_bars(rows), _likert_body(rows)), table, result, note
    )


def _short(label: str, width: int = 44) -> str:
    return label if len(label) <= width else label[:width].rsplit(" ", 1)[0] + "…"


def _bars(rows: Sequence[_Item]) -> list[dict[str, object]]:
    """Segments in percent: those below run leftwards from 0, those above rightwards, the middle from 0 on its own axis."""
    data: list[dict[str, object]] = []
    for row in rows:
        options = [share for _, share in row.shares]
        low = _side(options, row.below) if options else [row.below]
        high = _side(list(reversed(options)), row.above) if options else [row.above]
        label = panels(row.label, "", _WRAP)
        for side, shares, sign, whole in (("below", low, -1, row.below), ("above", high, 1, row.above)):
            end = 0.0
            for step, share in enumerate(reversed(shares)):
                start, end = end, end + sign * 100 * share
                far = step == len(shares) - 1 and len(shares) > 1
                data.append({"item": label, "from": start, "to": end, "tone": f"{side}{' far' if far else ''}"})
            data.append({"item": label, "end": end, "words": f"{100 * whole:.0f}%", "side": side})
        data.append({"item": label, "middle": 100 * row.middle, "middle_words": f"{100 * row.middle:.0f}%"})
        data.append({"item": label, "base": row.base})
    return data


_ROUNDED = 1e-4
"""A release rounds shares to five digits: their sum may pass that of their side by so much."""


def _side(shares: Sequence[float], total: float) -> list[float]:
    """The outermost shares that add up to `total`, from the end of the range inwards."""
    found: list[float] = []
    for share in shares:
        if sum(found) + share > total + _ROUNDED:
            break
        found.append(share)
    return found[: len(shares) // 2]


_TONES = {"below far": ORANGE, "below": "#F9B490", "above": "#6F97BA", "above far": BLUE}


def _likert_body(rows: Sequence[_Item]) -> Spec:
    order = [panels(row.label, "", _WRAP) for row in rows]
    y_axis = axis(
        None,
        domain=False,
        ticks=False,
        labelPadding=8,
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=12,
        labelFontSize=11,
    )
    y = {"field": "item", "type": "nominal", "sort": order, "axis": y_axis}
    blank = {**y, "axis": None}
    percent = {
        "type": "quantitative",
        "axis": axis("below | above the middle, per cent", tickCount=5, labelExpr="abs(datum.value)"),
    }
    color = {
        "field": "tone",
        "type": "nominal",
        "scale": {"domain": list(_TONES), "range": list(_TONES.values())},
        "legend": None,
    }
    edge = max(10 * (int(10 * max(max(row.below, row.above) for row in rows)) + 3), 30)
    sides: Spec = {
        "width": 196,
        "height": {"step": 34},
        "encoding": {"y": y},
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.tone)"}],
                "mark": {"type": "bar", "height": 16},
                "encoding": {
                    "x": {"field": "from", **percent, "scale": {"domain": [-edge, edge], "nice": False}},
                    "x2": {"field": "to"},
                    "color": color,
                },
            },
            *(
                _side_words(side, anchor, shift)
                for side, anchor, shift in (("below", "right", -5), ("above", "left", 5))
            ),
        ],
    }
    return {
        "hconcat": [sides, _middle_panel(blank), _base_panel(blank)],
        "spacing": 14,
        "resolve": {"scale": {"y": "shared"}},
    }


def _middle_panel(y: Spec) -> Spec:
    """The middle answers, on an axis of their own."""
    return {
        "width": 64,
        "height": {"step": 34},
        "transform": [{"filter": "isValid(datum.middle)"}],
        "encoding": {
            "y": y,
            "x": {
                "field": "middle",
                "type": "quantitative",
                "scale": {"domain": [0, 100]},
                "axis": axis("middle", values=[0, 50, 100]),
            },
        },
        "layer": [
            {"mark": {"type": "bar", "height": 16, "color": "#C9CED4"}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10, "color": INK},
                "encoding": {"text": {"field": "middle_words"}},
            },
        ],
    }


def _base_panel(y: Spec) -> Spec:
    """People who answered / people asked."""
    return {
        "width": 52,
        "height": {"step": 34},
        "transform": [{"filter": "isValid(datum.base)"}],
        "mark": {"type": "text", "fontSize": 11, "color": GREY},
        "encoding": {"y": y, "text": {"field": "base"}},
    }


def _side_words(side: str, align: str, dx: int) -> Spec:
    return {
        "transform": [{"filter": f"datum.side == '{side}'"}],
        "mark": {"type": "text", "align": align, "dx": dx, "fontSize": 10, "color": INK},
        "encoding": {"x": {"field": "end", "type": "quantitative"}, "text": {"field": "words"}},
    }
