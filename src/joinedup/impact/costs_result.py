"""The analysis impact.costs: what the programme changed in outcomes and costs, and both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from joinedup.impact.cells import OUTCOME, PERIOD, SITE, TREATED, Sample, cells, lag_of
from joinedup.impact.costs import QUADRANTS, CostEffect, paired
from joinedup.impact.planned import seed_of
from joinedup.impact.two_way import did
from joinedup.impact.weighted_cells import gather
from joinedup.impact.words import FEW, refused_table, sample_sentence, sources_of, trusted
from joinedup.indicators.expenditure import constant_prices
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table, Value

DRAWS = 1000
_SHARES = ("more_higher", "more_lower", "less_lower", "less_higher")
_ESTIMATES = (("estimate", "Change"), ("low", "95% from"), ("high", "to"), ("n_programme", "Programme sites"),
              ("n_comparison", "Comparison sites"))  # fmt: skip
_PAIRS = (("effect", "Effect (better is more)"), ("cost", "Cost"), ("words", "Together"), ("ratio", "Cost of a unit"),
          ("ratio_low", "95% from"), ("ratio_high", "to"), *zip(_SHARES, map(str.capitalize, QUADRANTS), strict=True))  # fmt: skip
_BENEFITS = (("estimate", "Net benefit"), ("low", "95% from"), ("high", "to"), ("acceptable", "Share above 0"))
REFERENCES = (
    "Hoch, J. S., Briggs, A. H. and Willan, A. R. (2002), Something old, something new, something borrowed, something blue: "
    "a framework for the marriage of health econometrics and cost-effectiveness analysis. Health Economics 11(5), 415-430.",
    "Fenwick, E., Claxton, K. and Sculpher, M. (2001), Representing uncertainty: the role of cost-effectiveness "
    "acceptability curves. Health Economics 10(8), 779-787.",
)


@dataclass(frozen=True, slots=True)
class _Pair:
    effect: Sample
    cost: Sample
    found: CostEffect

    @property
    def part(self) -> str:
        return f"{key_part(self.effect.indicator.id)}.and.{key_part(self.cost.indicator.id)}"

    @property
    def few(self) -> bool:
        """Whether there are too few sites for an interval by clustering."""
        return min(self.found.effect.groups or (0, 0)) < FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """That of the ratio; None without a ratio, unbounded, or with too few sites."""
        return None if self.few or self.found.ratio is None else self.found.ratio_interval

    @property
    def label(self) -> str:
        return f"{self.effect.indicator.label}, with {self.cost.indicator.label}"


def costs_result(study: Study) -> Result | None:
    """Cost-consequence table, and for each pair of an outcome and a cost the plane, net benefit and acceptability.

    None unless the plan has [plan.impact.costs]. Raises NotComputable where no cost and no outcome can be estimated.
    """
    plan = study.plan("impact").get("costs")
    if not isinstance(plan, Mapping):
        return None
    refused: list[str] = []
    effects = _samples(study, plan.get("effects", ()), refused)
    costs = [_deflated(study, found) for found in _samples(study, plan.get("costs", ()), refused)]
    if not effects or not costs:
        raise NotComputable(" ".join(refused) or "The plan names no outcome and no cost to set side by side.")
    values: dict[str, Value] = {}
    for found in (*effects, *costs):
        values |= {f"{key_part(found.indicator.id)}.{key}": value for key, value in _change(found).items()}
    draws = int(plan.get("draws", DRAWS))
    pairs = _paired(study, effects, costs, draws, refused)
    thresholds = [int(size) for size in plan.get("thresholds", ())]
    for pair in pairs:
        values |= {f"{pair.part}.{key}": value for key, value in _together(pair, thresholds).items()}
    values |= {"effects": len(effects), "costs": len(costs), "pairs": len(pairs), "refused": len(refused)}
    values |= {"price_year": study.indicators.price_base or None, "draws": draws if pairs else 0}
    tables = [_consequences(effects, costs, values, study), _plane(pairs, values)]
    tables += [_benefits(pair, thresholds, values) for pair in pairs if thresholds]
    tables += [refused_table(refused)] if refused else []
    return make_result(
        "impact.costs",
        values,
        _methods(study, [*effects, *costs], pairs, values),
        (study.indicators, study.sites, study.programme, dict(study.plan("impact"))),
        tables=tuple(table for table in tables if table.rows),
        parameters={"draws": draws, "seed": seed_of(study)},
        sources=sources_of([*effects, *costs]),
        caveats=tuple(_caveats(costs, pairs)),
        references=REFERENCES,
    )


def _samples(study: Study, ids: Sequence[object], refused: list[str]) -> list[Sample]:
    found = []
    for indicator in (study.indicator_by_id[str(id)] for id in ids if str(id) in study.indicator_by_id):
        try:
            taken = cells(study, indicator, lag_of(study))
        except NotComputable as reason:
            refused.append(str(reason))
            continue
        if taken.logarithm:
            refused.append(f"{indicator.label}: the plan analyses it as a logarithm, which has no price. Take a rate.")
        else:
            found.append(taken)
    return found


def _deflated(study: Study, found: Sample) -> Sample:
    """Money in current prices in those of the base; periods without an index are left out."""
    if not found.indicator.deflate:
        return found
    strand = study.indicators
    if strand.price_base not in strand.deflator:
        raise NotComputable("Money in current prices can't be compared: indicators.toml has no deflator for its base.")
    frame = found.frame.assign(value=found.frame[OUTCOME], period=found.frame[PERIOD].astype(str))
    real = constant_prices(frame, strand.deflator, strand.price_base)
    real = real.assign(**{OUTCOME: real["value"], PERIOD: real[PERIOD].astype(int)})
    return replace(found, frame=real.reset_index(drop=True))


def _change(found: Sample) -> dict[str, Value]:
    effect = did(found.frame, OUTCOME, SITE, PERIOD, TREATED)
    interval = {key: trusted(found, effect)[key] for key in ("low", "high")}
    counts = {"n_programme": found.n_programme, "n_comparison": found.n_comparison}
    return {"estimate": effect.estimate, **interval, **counts}


def _paired(
    study: Study, effects: Sequence[Sample], costs: Sequence[Sample], draws: int, refused: list[str]
) -> list[_Pair]:
    found = []
    for effect in effects:
        for cost in costs:
            label = f"{effect.indicator.label} and {cost.indicator.label}"
            if not effect.indicator.direction:
                refused.append(f"{label}: the plan does not say which direction of the outcome is better.")
                continue
            try:
                found.append(_Pair(effect, cost, _both(effect, cost, draws, seed_of(study))))
            except NotComputable as reason:
                refused.append(f"{label}: {reason}")
    return found


def _both(effect: Sample, cost: Sample, draws: int, seed: int) -> CostEffect:
    shared = set(effect.frame[SITE]) & set(cost.frame[SITE])
    sign = 1.0 if effect.indicator.direction == "up" else -1.0
    first, second = (each.frame[each.frame[SITE].isin(shared)] for each in (effect, cost))
    first = first.assign(**{OUTCOME: sign * first[OUTCOME]})
    samples = [gather(frame, OUTCOME, SITE, PERIOD, TREATED) for frame in (first, second)]
    return paired(samples[0], samples[1], draws, seed)


def _together(pair: _Pair, thresholds: Sequence[int]) -> dict[str, Value]:
    found = pair.found
    treated, comparison = found.effect.groups or (0, 0)
    low, high = pair.interval or (None, None)
    values: dict[str, Value] = {
        "effect": found.effect.estimate,
        "cost": found.cost.estimate,
        "words": found.words,
        "ratio": found.ratio,
        "ratio_low": low,
        "ratio_high": high,
        "n_programme": treated,
        "n_comparison": comparison,
        **dict(zip(_SHARES, found.quadrants.values(), strict=True)),
    }
    for threshold, share in zip(thresholds, found.acceptability(thresholds).tolist(), strict=True):
        benefit = found.net_benefit(threshold)
        own: dict[str, Value] = {"estimate": benefit.estimate, "low": None, "high": None, "acceptable": share}
        own |= {} if pair.few else {"low": benefit.low, "high": benefit.high}
        values |= {f"benefit_{threshold}.{key}": value for key, value in own.items()}
    return values


def _consequences(
    effects: Sequence[Sample], costs: Sequence[Sample], values: Mapping[str, Value], study: Study
) -> Table:
    rows, keys = [], []
    for kind, group in (("outcome", effects), ("cost", costs)):
        for found in group:
            names = [f"{key_part(found.indicator.id)}.{name}" for name, _ in _ESTIMATES]
            rows.append((found.indicator.label, kind, found.indicator.unit, *(values[name] for name in names)))
            keys.append(("", "", "", *names))
    year = f" Costs in prices of {study.indicators.price_base}." if study.indicators.price_base else ""
    head = (("indicator", "Indicator"), ("kind", "Kind"), ("unit", "Unit"), *_ESTIMATES)
    title = "Costs and consequences, side by side"
    return Table("consequences", title, head, tuple(rows), f"Nothing is summed.{year}", tuple(keys))


def _plane(pairs: Sequence[_Pair], values: Mapping[str, Value]) -> Table:
    names = [name for name, _ in _PAIRS]
    rows = tuple((pair.label, *(values[f"{pair.part}.{name}"] for name in names)) for pair in pairs)
    keys = tuple(("", *(f"{pair.part}.{name}" for name in names)) for pair in pairs)
    head = [(f"{name}_share" if name in _SHARES else name, title) for name, title in _PAIRS]
    note = "Shares of bootstrap samples of sites. A ratio without an interval is unbounded: its effect may be nothing."
    return Table("plane", "Each outcome with each cost", (("pair", "Outcome, with cost"), *head), rows, note, keys)


def _benefits(pair: _Pair, thresholds: Sequence[int], values: Mapping[str, Value]) -> Table:
    stems = [f"{pair.part}.benefit_{threshold}" for threshold in thresholds]
    rows = tuple(
        (threshold, *(values[f"{stem}.{name}"] for name, _ in _BENEFITS))
        for threshold, stem in zip(thresholds, stems, strict=True)
    )
    keys = tuple(("", *(f"{stem}.{name}" for name, _ in _BENEFITS)) for stem in stems)
    unit = f"{pair.cost.indicator.unit} for each unit of the outcome ({pair.effect.indicator.unit})"
    heads = [(f"{name}_share" if name == "acceptable" else name, title) for name, title in _BENEFITS]
    head = (("threshold", "If a unit of effect is worth"), *heads)
    id = f"benefit-{pair.part.replace('.', '-').replace('_', '-')}"
    return Table(id, f"Net benefit: {pair.label}", head, rows, f"In {unit}.", keys)


def _methods(study: Study, taken: Sequence[Sample], pairs: Sequence[_Pair], values: Mapping[str, Value]) -> str:
    year = f" Money is in prices of {values['price_year']}." if values["price_year"] else ""
    text = (
        "Estimand: what the programme changed at the average site in each outcome and each cost, set side by side "
        "(cost-consequence analysis); difference in differences with site and period effects, errors clustered by site "
        f"(CR1).{year}"
    )
    if pairs:
        text += (
            " Each outcome and cost at the sites that have both: net benefit (threshold x effect - cost) with the error of "
            "the net-benefit regression (Hoch, Briggs and Willan 2002); cost-effectiveness plane and acceptability from "
            f"{values['draws']} bootstrap samples of whole sites, programme and comparison sites drawn apart, seed "
            f"{seed_of(study)}; interval of the ratio by Fieller's theorem."
        )
    return f"{text} {sample_sentence(study, taken)}"


def _caveats(costs: Sequence[Sample], pairs: Sequence[_Pair]) -> list[str]:
    told = []
    current = [found.indicator.label for found in costs if not found.indicator.deflate]
    if current:
        told.append(f"In the prices of the source, not deflated: {'; '.join(current)}.")
    apart = [pair.label for pair in pairs if pair.effect.indicator.period != pair.cost.indicator.period]
    if apart:
        told.append(
            f"The outcome and the cost cover different times of the year, each with its own start: {', '.join(apart)}."
        )
    lost = [pair.label for pair in pairs if pair.found.ratio is not None and not pair.few and pair.interval is None]
    if lost:
        told.append(f"The effect may be nothing, so that its price has no bounds: {', '.join(lost)}.")
    if any(pair.few for pair in pairs):
        told.append("Too few sites for an interval of a net benefit or a ratio: estimates and bootstrap shares alone.")
    return told
