"""The code map: which codes occur together, as a matrix of dots."""

from __future__ import annotations

from joinedup.report.figures.spec import BLUE, WIDTH, Shown, axis, chart, figure, figure_table, names, number
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

MOST_CODES = 16
_KEYS = (
    ("units", "Both"),
    ("jaccard", "Both, of either"),
    ("texts", "Texts with both"),
    ("passages", "Pairs of passages"),
)


def code_map(study: Study, result: Result) -> Figure | None:
    """Dots below the diagonal: the larger, the more turns or paragraphs carry both codes, as a share of those with either.

    The codes that stand in most units are shown, up to MOST_CODES, in the codebook's order; None where none meet.
    """
    codes = _codes(study, result)
    pairs = [(a, b) for at, a in enumerate(codes) for b in codes[at + 1 :] if _both(result, a, b)]
    if not pairs:
        return None
    pairs.sort(key=lambda pair: (-(number(result.values.get(f"{_key(*pair)}.jaccard")) or 0.0), _key(*pair)))
    labels = [label for label, _ in codes]
    data = [
        {"code": b[0], "other": a[0], "share": result.values[f"{_key(a, b)}.jaccard"], "units": _both(result, a, b)}
        for a, b in pairs
    ]
    rows: list[list[Shown]] = [
        [a[0], b[0], *((f"{_key(a, b)}.{key}", result.values.get(f"{_key(a, b)}.{key}")) for key, _ in _KEYS)]
        for a, b in pairs
    ]
    heads = [("code", "Code"), ("other", "Other code"), *_KEYS]
    table = figure_table("code-map", "Turns and paragraphs that carry both codes", result, heads, rows)
    (first, second), top = pairs[0], data[0]
    alt = (
        f"Dot matrix of {len(codes)} codes by one another; the larger the dot, the larger the share of turns that carry "
        f"both. {len(pairs)} pairs meet, most closely {first[0]} and {second[0]}: {top['units']:.0f} turns, {top['share']:.0%}."
    )
    note = "A dot's size is the share of turns (paragraphs in documents) with both codes among those with either; no dot: none."
    return figure("code-map", "Which codes occur together", alt, chart(data, _body(labels)), table, result, note)


def _codes(study: Study, result: Result) -> list[tuple[str, str]]:
    """(label, key) of the codes that stand in most units, in the codebook's order."""
    found = []
    for order, code in enumerate(study.texts.codes):
        units = number(result.values.get(f"{key_part(code.id)}.units"))
        if units:
            found.append((-units, order, code.label or code.id, key_part(code.id)))
    return [(label, key) for _, _, label, key in sorted(sorted(found)[:MOST_CODES], key=lambda item: item[1])]


def _key(a: tuple[str, str], b: tuple[str, str]) -> str:
    return f"{a[1]}.{b[1]}"


def _both(result: Result, a: tuple[str, str], b: tuple[str, str]) -> float | None:
    return number(result.values.get(f"{_key(a, b)}.units"))


def _body(labels: list[str]) -> dict[str, object]:
    size = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domainMin": 0, "range": [0, 360]},
        "legend": {"title": "both codes, of either", "orient": "bottom", "format": ".0%", "tickCount": 3},
    }
    across = axis(None, orient="bottom", labelAngle=-40, domain=False, ticks=False, grid=True)
    return {
        "width": {"step": max(24, min(40, (WIDTH - 180) // len(labels)))},
        "height": {"step": 24},
        "mark": {"type": "circle", "color": BLUE, "opacity": 1},
        "encoding": {
            "x": {
                "field": "other",
                "type": "nominal",
                "sort": labels,
                "scale": {"domain": labels[:-1]},
                "axis": across,
            },
            "y": {"field": "code", **names(labels), "scale": {"domain": labels[1:]}},
            "size": size,
        },
    }
