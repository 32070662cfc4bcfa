"""The analysis impact.did: difference in differences for every planned outcome."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, STRATUM, TREATED, Sample, cells, outcomes
from joinedup.impact.goodman_bacon import ALWAYS, EARLIER, LATER, NEVER, bacon
from joinedup.impact.model import DidFit
from joinedup.impact.planned import draws_of, estimand, mechanism, seed_of, strata_of, weights_of
from joinedup.impact.randomization import randomization_test
from joinedup.impact.references import cited
from joinedup.impact.two_way import did
from joinedup.impact.words import (
    common_caveats,
    inputs_of,
    periods_phrase,
    refused_table,
    sample_caveats,
    sample_sentence,
    samples,
    sources_of,
    trusted,
    unit_of,
)
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value

BACON = {NEVER: "never", EARLIER: "earlier", LATER: "later", ALWAYS: "always"}
_COLUMNS = (
    ("estimate", "Estimate"),
    ("low", "95% from"),
    ("high", "to"),
    ("se", "Standard error"),
    ("p", "p, clustered"),
    ("p_randomisation", "p, randomisation"),
    ("smallest_p", "Smallest p possible"),
    ("n_programme", "Programme sites"),
    ("n_comparison", "Comparison sites"),
    ("n_before", "Periods before"),
    ("n_after", "Periods treated"),
)


def did_result(study: Study) -> Result | None:
    """Two-way fixed effects with errors clustered by site, and randomisation inference, for the planned outcomes.

    None where the study has no outcome. Raises NotComputable where every outcome is refused.
    """
    if not outcomes(study):
        return None
    taken, refused = samples(study)
    if not taken:
        raise NotComputable(" ".join(refused))
    values: dict[str, Value] = {}
    for found in taken:
        values |= {f"{key_part(found.indicator.id)}.{name}": value for name, value in _estimate(study, found).items()}
    lags = _lags(study, taken)
    values |= lags | _summary(taken, refused, values)
    tables = [_table(taken, values)]
    tables += [_bacon_table(taken, values)] if any(".bacon." in key for key in values) else []
    tables += [_lag_table(taken, lags)] if lags else []
    tables += [refused_table(refused)] if refused else []
    told = _caveats(study, taken, refused, values)
    return make_result(
        "impact.did",
        values,
        _methods(study, taken, values),
        inputs_of(study),
        tables=tuple(tables),
        parameters={
            "draws": draws_of(study),
            "seed": seed_of(study),
            "strata": strata_of(study),
            "weights": weights_of(study),
        },
        sources=sources_of(taken),
        caveats=tuple(told),
        references=cited(*told),
    )


def _estimate(study: Study, found: Sample) -> dict[str, Value]:
    effect = _did(study, found)
    values: dict[str, Value] = {"estimate": effect.estimate, **trusted(found, effect)}
    values |= {"p_randomisation": None, "smallest_p": None, "draws": 0}
    try:
        test = randomization_test(
            found.frame,
            OUTCOME,
            SITE,
            PERIOD,
            ADOPTED,
            draws_of(study),
            seed_of(study),
            strata=STRATUM,
            weights=weights_of(study),
            children=CHILDREN,
        )
        values |= {"p_randomisation": test.p, "smallest_p": test.smallest_p, "draws": test.draws}
    except NotComputable:
        pass  # _caveats says so
    return (
        values
        | _bacon(found)
        | {
            "n_programme": found.n_programme,
            "n_comparison": found.n_comparison,
            "n_before": len(found.before),
            "n_after": len(found.after),
        }
    )


def _did(study: Study, found: Sample) -> DidFit:
    return did(found.frame, OUTCOME, SITE, PERIOD, TREATED, weights=weights_of(study), children=CHILDREN)


def _bacon(found: Sample) -> dict[str, Value]:
    """With several starts: which comparisons the coefficient averages, on the sites with complete series."""
    if len(found.cohorts) < 2:
        return {}
    sizes = found.frame.groupby(SITE)[PERIOD].transform("size")
    complete = found.frame[sizes == found.frame[PERIOD].nunique()]
    try:
        table = bacon(complete, OUTCOME, SITE, PERIOD, TREATED).table
    except NotComputable:
        return {}
    values: dict[str, Value] = {}
    for row in table.to_dict("records"):
        stem = f"bacon.{BACON[row['kind']]}"
        values |= {f"{stem}.weight": row["weight"], f"{stem}.estimate": row["estimate"]}
    return values


def _lags(study: Study, taken: Sequence[Sample]) -> dict[str, Value]:
    """The estimate under every other lag of the plan that the data allow."""
    values: dict[str, Value] = {}
    for lag in study.plan("impact").get("lag_varied", ()):
        for found in taken:
            try:
                other = cells(study, found.indicator, int(lag))
            except NotComputable:
                continue
            effect = _did(study, other)
            interval = trusted(other, effect)
            key = f"{key_part(found.indicator.id)}.lag_{int(lag)}"
            values |= {f"{key}.estimate": effect.estimate}
            values |= {f"{key}.low": interval["low"], f"{key}.high": interval["high"]}
    return values


def _summary(taken: Sequence[Sample], refused: Sequence[str], values: dict[str, Value]) -> dict[str, Value]:
    counts = {"better": 0, "worse": 0, "unclear": 0}
    for found in taken:
        part = key_part(found.indicator.id)
        low, high = values[f"{part}.low"], values[f"{part}.high"]
        if not isinstance(low, float) or not isinstance(high, float):
            continue
        if low <= 0 <= high:
            counts["unclear"] += 1
        elif found.indicator.direction in ("up", "down"):
            counts["better" if (low > 0) == (found.indicator.direction == "up") else "worse"] += 1
    sites: set[str] = set()
    treated: set[str] = set()
    for found in taken:
        sites |= set(found.frame[SITE])
        treated |= set(found.frame.dropna(subset=[ADOPTED])[SITE])
    return {
        "indicators": len(taken),
        "refused": len(refused),
        **counts,
        "programme_sites": len(treated),
        "comparison_sites": len(sites - treated),
    }


def _table(taken: Sequence[Sample], values: dict[str, Value]) -> Table:
    parts = [key_part(found.indicator.id) for found in taken]
    names = [name for name, _ in _COLUMNS]
    rows = [
        (found.indicator.label, unit_of(found), *(values[f"{part}.{name}"] for name in names))
        for found, part in zip(taken, parts, strict=True)
    ]
    keys = [("", "", *(f"{part}.{name}" for name in names)) for part in parts]
    columns = (("outcome", "Outcome"), ("unit", "Unit"), *_COLUMNS)
    note = "A difference in differences, not by itself the programme's effect: see the caveats."
    return Table("did", "Difference in differences", columns, tuple(rows), note, tuple(keys))


def _lag_table(taken: Sequence[Sample], lags: dict[str, Value]) -> Table:
    columns = (("outcome", "Outcome"), ("lag", "Lag in months"), *_COLUMNS[:3])
    rows, keys = [], []
    for found in taken:
        start = f"{key_part(found.indicator.id)}.lag_"
        for stem in [
            key.removesuffix(".estimate") for key in lags if key.startswith(start) and key.endswith("estimate")
        ]:
            row = [f"{stem}.{name}" for name in ("estimate", "low", "high")]
            rows.append((found.indicator.label, int(stem.removeprefix(start)), *(lags[key] for key in row)))
            keys.append(("", "", *row))
    return Table("lags", "The same with other lags", columns, tuple(rows), keys=tuple(keys))


def _bacon_table(taken: Sequence[Sample], values: dict[str, Value]) -> Table:
    rows: list[Row] = []
    keys = []
    for found in taken:
        for kind, name in BACON.items():
            names = [f"{key_part(found.indicator.id)}.bacon.{name}.{part}" for part in ("weight", "estimate")]
            if names[0] in values:
                rows.append((found.indicator.label, kind, *(values[key] for key in names)))
                keys.append(("", "", *names))
    columns = (("outcome", "Outcome"), ("kind", "Comparison"), ("weight", "Weight"), ("estimate", "Estimate"))
    note = "Comparisons of later with earlier treated sites may have the wrong sign where effects vary."
    return Table("bacon", "Which comparisons the coefficient averages", columns, tuple(rows), note, tuple(keys))


def _methods(study: Study, taken: Sequence[Sample], values: dict[str, Value]) -> str:
    within = f" within each {strata_of(study)}" if strata_of(study) else ""
    draws = sorted({int(values[f"{key_part(found.indicator.id)}.draws"] or 0) for found in taken})
    return (
        f"Estimand: how much more {estimand(study)} of the programme changed than the comparison, averaged over its treated "
        "periods. Estimator: two-way fixed effects (site and period), errors clustered by site, t intervals. The p of "
        f"randomisation comes from giving the dates of adoption to other sites{within} ({' or '.join(f'{number:,}' for number in draws)} times: "
        f"{mechanism(study)}). {sample_sentence(study, taken)}"
    )


def _caveats(study: Study, taken: Sequence[Sample], refused: Sequence[str], values: dict[str, Value]) -> list[str]:
    told = [*common_caveats(study, taken, refused), *sample_caveats(study, taken)]
    for found in taken:
        part = key_part(found.indicator.id)
        if len(found.cohorts) > 1:
            share = values.get(f"{part}.bacon.later.weight")
            weight = f" Such comparisons have a weight of {share:.0%} here." if isinstance(share, float) else ""
            told.append(
                f"{found.indicator.label}: sites began in {periods_phrase(len(found.cohorts))}; where effects vary, two-way "
                "fixed effects mix comparisons with sites treated earlier (Goodman-Bacon 2021), and this is not the headline."
                f"{weight} See the event study."
            )
        if not values[f"{part}.draws"]:
            told.append(f"{found.indicator.label}: no stratum holds programme and comparison sites to reassign among.")
    return told
