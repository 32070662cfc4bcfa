"""The part of the chapter on impact about costs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.figures.impact_costs import acceptability
from joinedup.report.model import Block, Bullets, Inlines
from joinedup.report.prose import inlines, ref
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_COSTS = "impact.costs"
_FIRST = "consequences"
"""The table that comes before any ratio."""
_PAIR = re.compile(r"(?P<effect>\w+)\.and\.(?P<cost>\w+)\.words")
_READING = (
    "A threshold is what somebody would pay for a unit of effect, and is no result of this study. At a threshold of 0 the "
    "share is that of samples in which the programme saves money; far to the right it nears that of samples with any "
    "effect at all, however small. Near one half the sites do not tell; and where the interval of an outcome holds 0, a "
    "large share says only on which side of 0 the estimate lies."
)


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """Costs and consequences side by side, then each pair; empty where the plan asks for none."""
    costs = results.get(_COSTS)
    said = _pairs(study, results, costs) if costs else []
    return section(
        results,
        _COSTS,
        "Costs and effects",
        paragraph(
            results,
            f"Outcomes: {ref(_COSTS, 'effects')}, costs: {ref(_COSTS, 'costs')}. They stand side by side; nothing is summed.",
            f"Money is in prices of {ref(_COSTS, 'price_year')}.",
        ),
        tables(results, _COSTS, without=[table.id for table in costs.tables if table.id != _FIRST] if costs else ()),
        [Bullets(tuple(said))] if said else [],
        figures(acceptability(study, costs) if costs else None),
        paragraph(results, f"{ref(_COSTS, 'draws', ',')} samples of sites stand behind each share. {_READING}"),
        tables(results, _COSTS, without=[_FIRST]),
        methods(results, _COSTS, [str(text) for text in study.plan("impact").get("caveats", ())]),
    )


def _pairs(study: Study, results: Mapping[str, Result], costs: Result) -> list[Inlines]:
    """Each outcome with each cost in words: what changed, with intervals, and how sure its worth is."""
    indicators = {key_part(one.id): one for one in study.indicators.indicators}
    found = []
    for match in (match for key in costs.values if (match := _PAIR.fullmatch(key))):
        effect, cost = (indicators[match[part]] for part in ("effect", "cost"))
        sentences = [
            f"“{effect.label}” changed by {_change(costs, match['effect'], effect.unit)}, “{cost.label}” by "
            f"{_change(costs, match['cost'], cost.unit)}.",
            f"The estimates say: {ref(_COSTS, match[0])}.",
            "*The interval of the outcome holds 0.*" if _holds_zero(costs, match["effect"]) else "",
            _worth(costs, match[0].removesuffix(".words")),
        ]
        found.append(inlines(results, " ".join(sentence for sentence in sentences if sentence)))
    return found


def _change(costs: Result, part: str, unit: str) -> str:
    """The references to an estimate and, where there is one, its interval, with their unit."""
    interval = f"95% interval {ref(_COSTS, f'{part}.low', '.2f')} to {ref(_COSTS, f'{part}.high', '.2f')}; "
    known = costs.values.get(f"{part}.low") is not None
    return f"{ref(_COSTS, f'{part}.estimate', '.2f')} ({interval if known else ''}{unit})"


def _holds_zero(costs: Result, part: str) -> bool:
    low, high = (costs.values.get(f"{part}.{end}") for end in ("low", "high"))
    return isinstance(low, int | float) and isinstance(high, int | float) and low <= 0 <= high


def _worth(costs: Result, pair: str) -> str:
    stem = f"{pair}.benefit_"
    thresholds = sorted(int(key[len(stem) :].split(".")[0]) for key in costs.values if key.startswith(stem) and key.endswith("acceptable"))  # fmt: skip
    if not thresholds:
        return ""
    most = thresholds[-1]
    return f"It is worth its cost in {ref(_COSTS, f'{stem}{most}.acceptable', '.0%')} of samples if a unit of effect is worth {most:,}."
