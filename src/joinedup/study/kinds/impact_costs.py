"""The result on costs and effects, which a plan asks for, and its keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import INTERVAL, ResultKind

_PAIR = "{indicator}.and.{indicator}"

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "impact.costs",
        "impact",
        "Costs and effects",
        {
            "effects": "outcomes estimated",
            "costs": "costs estimated",
            "pairs": "pairs of an outcome and a cost",
            "refused": "outcomes, costs and pairs for which the design was refused",
            "price_year": "the period whose prices all costs are in",
            "draws": "bootstrap samples of sites",
            "{indicator}.estimate": "what the programme changed, in the indicator's unit (costs: constant prices)",
            **{f"{{indicator}}.{key}": text for key, text in INTERVAL.items()},
            "{indicator}.n_programme": "programme sites",
            "{indicator}.n_comparison": "comparison sites",
            f"{_PAIR}.effect": "change of the first indicator, counted upwards as better, at the sites that have both",
            f"{_PAIR}.cost": "change of the second, in constant prices, at the sites that have both",
            f"{_PAIR}.words": "what both say together",
            f"{_PAIR}.ratio": "cost for a unit of effect, where a ratio means something",
            f"{_PAIR}.ratio_low": "lower end of Fieller's 95% interval; empty where it is unbounded",
            f"{_PAIR}.ratio_high": "its upper end",
            f"{_PAIR}.n_programme": "programme sites with both",
            f"{_PAIR}.n_comparison": "comparison sites with both",
            f"{_PAIR}.more_higher": "share of bootstrap samples with more effect at higher cost",
            f"{_PAIR}.more_lower": "share with more effect at lower cost",
            f"{_PAIR}.less_lower": "share with less effect at lower cost",
            f"{_PAIR}.less_higher": "share with less effect at higher cost",
            f"{_PAIR}.benefit_{{n}}.estimate": "net benefit where a unit of effect is worth n",
            f"{_PAIR}.benefit_{{n}}.low": INTERVAL["low"],
            f"{_PAIR}.benefit_{{n}}.high": INTERVAL["high"],
            f"{_PAIR}.benefit_{{n}}.acceptable": "share of bootstrap samples in which it is above 0",
        },
    ),
)
