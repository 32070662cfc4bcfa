"""The figure of case selection: how the chosen sites differ from all sites, beside the best choice."""

from __future__ import annotations

from joinedup.report.figures.spec import (
    BLUE,
    ORANGE,
    Spec,
    chart,
    dots,
    figure,
    figure_table,
    line_at,
    names,
    number,
    quantity,
    span,
)
from joinedup.report.model import Figure
from joinedup.study.result import Result

_ID = "case-selection"


def chosen_beside_all(result: Result) -> Figure | None:
    """Dots: standardised differences of the chosen sites from all, and those of the best choice."""
    table = next(table for table in result.tables if table.id == "differences")
    lines = []
    for (attribute, category, *_), keys in zip(table.rows, table.keys, strict=True):
        chosen, best = (number(result.values.get(key)) for key in keys[4:])
        if chosen is not None and best is not None:
            name = ": ".join(filter(None, (str(attribute), str(category))))
            lines.append((name, keys, chosen, best))
    if not lines:
        return None
    reach = max(1.0, *(abs(value) for _, _, chosen, best in lines for value in (chosen, best))) * 1.05
    x = quantity("standardised difference from all programme sites", (-reach, reach))
    data = [{"line": name, "chosen": chosen, "best": best} for name, _, chosen, best in lines]
    layers = [line_at(0, x), span("chosen", "best", x, "#D5DBE1"), *_signs(x)]
    body = {
        "width": 330,
        "height": {"step": 21},
        "encoding": {"y": {"field": "line", **names([name for name, *_ in lines])}},
        "layer": layers,
    }
    shown = figure_table(
        _ID,
        "How the chosen sites differ from all programme sites",
        result,
        [("line", "Attribute"), ("chosen", "Chosen sites"), ("best", "Best choice")],
        [[name, (keys[4], chosen), (keys[5], best)] for name, keys, chosen, best in lines],
    )
    name, _, furthest, _ = max(lines, key=lambda line: abs(line[2]))
    alt = (
        f"Dots of standardised differences of the chosen sites from all sites for {len(lines)} attributes, beside those of "
        f"the best choice. The largest of the chosen is {furthest:+.2f}, for {name}."
    )
    note = (
        "Blue dots: the sites chosen. Orange squares: the best choice by the same strategy; where none is seen, it lies under "
        "the dot. 0: as all programme sites."
    )
    return figure(_ID, "Do the chosen sites stand for all?", alt, chart(data, body), shown, result, note)


def _signs(x: Spec) -> list[Spec]:
    return [dots("best", x, ORANGE, "square", 60), dots("chosen", x, BLUE, "circle", 80)]
