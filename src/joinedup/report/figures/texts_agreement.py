"""Agreement between coders by code: alpha over units with its interval, and over characters beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    ORANGE,
    WIDTH,
    Shown,
    Spec,
    chart,
    dots,
    figure,
    figure_table,
    keyed,
    line_at,
    names,
    number,
    quantity,
    span,
)
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_COLUMNS = (
    ("alpha", "Alpha"),
    ("alpha.low", "95% from"),
    ("alpha.high", "to"),
    ("kappa", "Kappa"),
    ("ac1", "AC1"),
    ("percent", "Agreement"),
    ("either", "Both, of either"),
    ("base_rate", "Base rate"),
    ("alpha_characters", "Alpha (characters)"),
    ("alpha_unitized", "Alpha (unitized)"),
)
_TENTATIVE, _FIRM = 0.667, 0.8


class _Code(NamedTuple):
    label: str
    key: str
    alpha: float


def agreement_by_code(study: Study, result: Result) -> Figure | None:
    """Dots of Krippendorff's alpha (units) by code with 95% intervals; diamonds over characters; rarity in the table."""
    found = []
    for code in study.texts.codes:
        alpha = number(result.values.get(f"{key_part(code.id)}.alpha"))
        if alpha is not None:
            found.append(_Code(code.label or code.id, key_part(code.id), alpha))
    rows = sorted(found, key=lambda row: (-row.alpha, row.label))
    if not rows:
        return None
    data = [_plotted(result, row) for row in rows]
    table = figure_table(
        "agreement-by-code",
        "Agreement between coders, by code",
        result,
        [("code", "Code"), *((name.replace(".", "_"), title) for name, title in _COLUMNS)],
        [_line(result, row) for row in rows],
    )
    alt = (
        f"Dot plot of Krippendorff's alpha for {len(rows)} codes, from {rows[0].label} at {rows[0].alpha:.2f} to "
        f"{rows[-1].label} at {rows[-1].alpha:.2f}; dashed lines at {_TENTATIVE} and {_FIRM:g}."
    )
    note = (
        f"Dots: over units, with 95% intervals over resampled texts where there are enough. Diamonds: over characters. "
        f"Dashed lines: {_TENTATIVE} (tentative conclusions) and {_FIRM:g} (firm conclusions), after Krippendorff; they "
        f"are conventions, not tests."
    )
    spec = chart(data, _body([row.label for row in rows], data))
    return figure("agreement-by-code", "Where the coders agree", alt, spec, table, result, note)


def _plotted(result: Result, row: _Code) -> dict[str, object]:
    value = {name: number(result.values.get(f"{row.key}.{name}")) for name, _ in _COLUMNS}
    return {
        "code": row.label,
        "alpha": row.alpha,
        "low": value["alpha.low"],
        "high": value["alpha.high"],
        "characters": value["alpha_characters"],
    }


def _line(result: Result, row: _Code) -> list[Shown]:
    return [row.label, *keyed(result, row.key, [name for name, _ in _COLUMNS])]


def _body(labels: Sequence[str], data: Sequence[Mapping[str, object]]) -> Spec:
    numbers = [v for row in data for v in row.values() if isinstance(v, float)]
    x = quantity("Krippendorff's alpha", (min(0.0, *numbers), 1.0))
    layers: list[Spec] = [line_at(_TENTATIVE, x), line_at(_FIRM, x)]
    if any(row["low"] is not None for row in data):
        layers.append({"transform": [{"filter": "isValid(datum.low)"}], **span("low", "high", x, GREY, 1.5)})
    if any(row["characters"] is not None for row in data):
        diamonds = dots("characters", x, ORANGE, "diamond", 80)
        layers.append({"transform": [{"filter": "isValid(datum.characters)"}], **diamonds})
    layers.append(dots("alpha", x, BLUE))
    return {
        "width": WIDTH - 200,
        "height": {"step": 24},
        "encoding": {"y": {"field": "code", **names(labels)}},
        "layer": layers,
    }
