"""Who works with whom: the survey's ratings and the share who speak of it, agency by agency, as two matrices."""

from __future__ import annotations

from joinedup.report.figures.spec import (
    BLUES,
    INK,
    Shown,
    Spec,
    axis,
    chart,
    figure,
    figure_table,
    names,
    number,
)
from joinedup.report.model import Figure
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_PARTS = (
    ("mean", "Rating"),
    ("raters", "Raters"),
    ("sites", "Sites"),
    ("people", "Speak of it"),
    ("share", "Share"),
)


def cooperation_map(result: Result) -> Figure | None:
    """Two heat maps, people's agency by the agency worked with: mean rating, and share of those interviewed who speak of it.

    A matrix of a strand that says nothing is left out; None where neither says anything.
    """
    table = next((table for table in result.tables if table.id == "pairs"), None)
    pairs = [(str(row[0]), str(row[1])) for row in table.rows] if table else []
    panels = [panel for panel in (_ratings(result, pairs), _spoken(result, pairs)) if panel]
    if not panels:
        return None
    rows: list[list[Shown]] = [
        [one, other, *((f"{_key(one, other)}.{part}", result.values.get(f"{_key(one, other)}.{part}")) for part, _ in _PARTS)]
        for one, other in pairs
    ]  # fmt: skip
    heads = [("from", "People of"), ("of", "On working with"), *_PARTS]
    shown = figure_table("cooperation", "Ratings of working together, and who speaks of it", result, heads, rows)
    note = (
        "Read along a row: what the people of one agency say of working with the others. An empty cell: their own agency, "
        "or nobody could have said."
    )
    body: Spec = {"hconcat": panels, "spacing": 34, "resolve": {"scale": {"color": "independent"}}}
    return figure("cooperation", "Who works well with whom", _alt(result, pairs), chart([], body), shown, result, note)


def _key(one: str, other: str) -> str:
    return f"pair.{key_part(one)}.{key_part(other)}"


def _alt(result: Result, pairs: list[tuple[str, str]]) -> str:
    found = [(value, pair) for pair in pairs if (value := number(result.values.get(f"{_key(*pair)}.mean"))) is not None]
    told = f"Matrices of {len({one for one, _ in pairs})} agencies by those they work with."
    if not found:
        return f"{told} Share of people interviewed who speak of working with each."
    (worst, low), (best, high) = min(found), max(found)
    return (
        f"{told} Highest mean rating {best:.1f}, by people of {high[0]} on {high[1]}; lowest {worst:.1f}, by people of "
        f"{low[0]} on {low[1]}."
    )


def _ratings(result: Result, pairs: list[tuple[str, str]]) -> Spec | None:
    return _matrix(result, pairs, "mean", "Survey: mean rating", ".1f", True)


def _spoken(result: Result, pairs: list[tuple[str, str]]) -> Spec | None:
    return _matrix(result, pairs, "share", "Interviews: share who speak of it", ".0%", False)


def _matrix(
    result: Result, pairs: list[tuple[str, str]], part: str, title: str, form: str, with_names: bool
) -> Spec | None:
    cells = [(one, other, number(result.values.get(f"{_key(one, other)}.{part}"))) for one, other in pairs]
    data = [{"from": one, "of": other, "value": value} for one, other, value in cells if value is not None]
    if not data:
        return None
    down, across = list(dict.fromkeys(one for one, _ in pairs)), list(dict.fromkeys(other for _, other in pairs))
    values = [float(str(row["value"])) for row in data]
    dark = min(values) + 0.55 * (max(values) - min(values))
    y = {"field": "from", **names(down), "scale": {"domain": down}}
    if not with_names:
        y["axis"] = axis(None, labels=False, domain=False, ticks=False)
    x = {
        "field": "of",
        "type": "nominal",
        "sort": across,
        "scale": {"domain": across},
        "axis": axis(None, orient="top", labelAngle=-40, domain=False, ticks=False),
    }
    color = {"field": "value", "type": "quantitative", "scale": {"range": BLUES, "zero": False}, "legend": None}
    words = {"condition": {"test": f"datum.value > {dark:.6g}", "value": "white"}, "value": INK}
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 12, "offset": 10},
        "data": {"values": data},
        "width": {"step": 44},
        "height": {"step": 30},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "rect", "stroke": "white", "strokeWidth": 2}, "encoding": {"color": color}},
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {"text": {"field": "value", "type": "quantitative", "format": form}, "color": words},
            },
        ],
    }
