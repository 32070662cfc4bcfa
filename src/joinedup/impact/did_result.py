"""The analysis impact.did: difference in differences for every planned outcome."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.impact.cells import ADOPTED, OUTCOME, PERIOD, SITE, STRATUM, TREATED, Sample, cells, outcomes
from joinedup.impact.randomization import randomization_test
from joinedup.impact.two_way import did
from joinedup.impact.words import (
    common_caveats,
    periods_phrase,
    refused_table,
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
from joinedup.study.result import Result, Table, Value

DRAWS, SEED = 4999, 20030711

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
    tables += [_lag_table(taken, lags)] if lags else []
    tables += [refused_table(refused)] if refused else []
    return make_result(
        "impact.did",
        values,
        _methods(study, taken, values),
        (study.indicators, study.sites, study.programme, dict(study.plan("impact"))),
        tables=tuple(tables),
        parameters={
            "draws": _draws(study),
            "seed": _seed(study),
            "strata": str(study.plan("impact").get("strata", "")),
        },
        sources=sources_of(taken),
        caveats=tuple(_caveats(study, taken, refused, values)),
    )


def _draws(study: Study) -> int:
    return int(study.plan("impact").get("draws", DRAWS))


def _seed(study: Study) -> int:
    return int(study.plan("impact").get("seed", SEED))


def _estimate(study: Study, found: Sample) -> dict[str, Value]:
    effect = did(found.frame, OUTCOME, SITE, PERIOD, TREATED)
    values: dict[str, Value] = {"estimate": effect.estimate, **trusted(found, effect)}
    values |= {"p_randomisation": None, "smallest_p": None, "draws": 0}
    try:
        test = randomization_test(
            found.frame, OUTCOME, SITE, PERIOD, ADOPTED, _draws(study), _seed(study), strata=STRATUM
        )
        values |= {"p_randomisation": test.p, "smallest_p": test.smallest_p, "draws": test.draws}
    except NotComputable:
        pass  # _caveats says so
    return values | {
        "n_programme": found.n_programme,
        "n_comparison": found.n_comparison,
        "n_before": len(found.before),
        "n_after": len(found.after),
    }


def _lags(study: Study, taken: Sequence[Sample]) -> dict[str, Value]:
    """The estimate under every other lag of the plan that the data allow."""
    values: dict[str, Value] = {}
    for lag in study.plan("impact").get("lag_varied", ()):
        for found in taken:
            try:
                other = cells(study, found.indicator, int(lag))
            except NotComputable:
                continue
            effect = did(other.frame, OUTCOME, SITE, PERIOD, TREATED)
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


def _methods(study: Study, taken: Sequence[Sample], values: dict[str, Value]) -> str:
    strata = str(study.plan("impact").get("strata", ""))
    draws = sorted({int(values[f"{key_part(found.indicator.id)}.draws"] or 0) for found in taken})
    return (
        "Estimand: the difference between treated and untreated periods of programme sites beyond that of comparison "
        "sites, averaged over sites and their treated periods, every site counting once. Estimator: ordinary least squares "
        "with site and period effects (two-way fixed effects); standard errors are clustered by site, intervals use t with "
        "the number of sites minus 1 degrees of freedom. Randomisation inference reassigns the dates of adoption among "
        f"the sites{f' within each {strata}' if strata else ''} ({' or '.join(map(str, draws))} assignments, all of them "
        f"where they are few) and compares the coefficients. {sample_sentence(study, taken)}"
    )


def _caveats(study: Study, taken: Sequence[Sample], refused: Sequence[str], values: dict[str, Value]) -> list[str]:
    told = common_caveats(study, taken, refused)
    for found in taken:
        if len(found.cohorts) > 1:
            told.append(
                f"{found.indicator.label}: sites began in {periods_phrase(len(found.cohorts))}; where effects vary, two-way "
                "fixed effects mix comparisons with sites treated earlier (Goodman-Bacon 2021). See the event study."
            )
        if not values[f"{key_part(found.indicator.id)}.draws"]:
            told.append(f"{found.indicator.label}: no stratum holds programme and comparison sites to reassign among.")
    return told
