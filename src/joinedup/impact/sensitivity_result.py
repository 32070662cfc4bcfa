"""The analysis impact.sensitivity: trends that were not parallel, single sites, sites left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, Sample, cells, lag_of
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, name_of, summary_table
from joinedup.impact.group_time_effects import group_time
from joinedup.impact.headline import ESTIMATOR, headline
from joinedup.impact.planned import codings, recoded, weights_of
from joinedup.impact.sensitivity import breakdown_value, honest_did
from joinedup.impact.words import SMALL_COHORT
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value

BOUNDS = (0, 50, 100)
"""Bounds on the trends' difference after the start, in per cent of the largest step before."""
_COLUMNS = (
    ("estimate", "Estimate"),
    ("without_low", "Smallest without one site"),
    ("without_high", "Largest without one site"),
    ("with_excluded.estimate", "With excluded sites"),
    ("honest.estimate", "Event study, mean after"),
    ("honest.largest_step", "Largest step before"),
    ("honest.breakdown", "Breakdown value"),
)


def sensitivity_result(study: Study) -> Result | None:
    """HonestDiD with its breakdown value, leave-one-site-out and excluded sites in, for the planned outcomes.

    None unless the plan asks for it. Raises NotComputable where every outcome is refused.
    """
    return design_result(study, "sensitivity", lambda found: _one(study, found), lambda found: _report(study, found))


def _one(study: Study, found: Sample) -> Own:
    told: list[str] = []
    values: dict[str, Value] = {"estimate": headline(found.frame, weights_of(study)).estimate}
    values |= _without_each(study, found)
    values |= _with_excluded(study, found)
    try:
        values |= _honest(study, found, told)
    except NotComputable as reason:
        told.append(f"no bounds on trends that differ (HonestDiD): {reason}")
    return Own(values, tuple(told))


def _without_each(study: Study, found: Sample) -> dict[str, Value]:
    """The estimate without each programme site in turn."""
    sites = sorted(found.frame.dropna(subset=[ADOPTED])[SITE].unique().tolist())
    if len(sites) < 2:
        return {}
    values: dict[str, Value] = {}
    for site in sites:
        left = headline(found.frame[found.frame[SITE] != site], weights_of(study))
        values[f"without.{key_part(str(site))}.estimate"] = left.estimate
    estimates = [float(value) for value in values.values() if isinstance(value, float)]
    return values | {"without_low": min(estimates), "without_high": max(estimates)}


def _with_excluded(study: Study, found: Sample) -> dict[str, Value]:
    """The estimate with the comparison sites that the study leaves out for a reason."""
    if not any(site.excluded and not site.is_programme for site in study.sites):
        return {}
    other = cells(recoded(study, codings(study)[0], with_excluded=True), found.indicator, lag_of(study))
    fit = headline(other.frame, weights_of(study))
    return {
        "with_excluded.estimate": fit.estimate,
        "with_excluded.low": fit.low,
        "with_excluded.high": fit.high,
        "with_excluded.sites": other.n_comparison - found.n_comparison,
    }


def _honest(study: Study, found: Sample, told: list[str]) -> Mapping[str, Value]:
    """Bounds by relative magnitudes on the mean effect after the start, from the event study on complete series.

    Raises NotComputable where a start is too small for its covariance, or there is one period before.
    """
    fit = group_time(
        found.frame,
        OUTCOME,
        SITE,
        PERIOD,
        ADOPTED,
        base="universal",
        weights=weights_of(study),
        children=CHILDREN,
        permutations=1,
    ).aggregate("dynamic")
    covariance = fit.covariance
    kept = np.flatnonzero(fit.table["relative"].to_numpy() != -1)
    relative = fit.table["relative"].to_numpy()[kept]
    estimates, covariance = fit.table["att"].to_numpy(dtype=float)[kept], covariance[np.ix_(kept, kept)]
    n_pre, n_post = int((relative < 0).sum()), int((relative >= 0).sum())
    mean = [1 / n_post] * n_post
    given = (estimates.tolist(), covariance.tolist(), n_pre, n_post)
    values: dict[str, Value] = {"honest.estimate": float(estimates[n_pre:].mean())}
    steps = np.abs(np.diff(np.append(estimates[:n_pre], 0.0)))
    values |= {"honest.largest_step": float(steps.max()), "honest.breakdown": breakdown_value(*given, parameter=mean)}
    for bound in BOUNDS:
        interval = honest_did(*given, bound=bound / 100, parameter=mean)
        values |= {f"honest.bound_{bound}.low": interval.lower, f"honest.bound_{bound}.high": interval.upper}
    if (np.diff(np.append(relative[:n_pre], -1)) > 1).any():
        told.append(
            "a step over a period without data counts as one step before the start, which makes the bounds wider."
        )
    return values


def _report(study: Study, found: Sequence[Found]) -> Report:
    return Report(
        f"{estimand_sentence(study)} Estimator: {ESTIMATOR}, again without each programme site in turn and with the sites "
        "that are left out for a reason. Trends that differ (HonestDiD, relative magnitudes; Rambachan and Roth 2023): "
        "intervals for the mean effect after the start that stay right if, after it, the groups drift apart in one period by "
        "no more than a given share of the largest step between them before it. The breakdown value is the smallest share "
        "at which the interval holds 0: 0 means that it does even with parallel trends. Not computed where a start has "
        f"fewer than {SMALL_COHORT} sites.",
        [
            summary_table(study, found, "How far the estimate leans on single choices", _COLUMNS),
            _bounds(study, found),
            *(_sites(study, each) for each in found),
        ],
    )


def _bounds(study: Study, found: Sequence[Found]) -> Table:
    rows: list[Row] = []
    keys = []
    for each in found:
        for bound in BOUNDS:
            names = [f"honest.bound_{bound}.{end}" for end in ("low", "high")]
            if names[0] in each.own.values:
                rows.append((name_of(study, each), bound / 100, *(each.own.values[name] for name in names)))
                keys.append(("", "", *(f"{each.part}.{name}" for name in names)))
    heads = (("outcome", "Outcome"), ("bound", "Largest step after / before"), ("low", "95% from"), ("high", "to"))
    title = "Mean effect after the start if trends may differ (HonestDiD)"
    return Table("honest", title, heads, tuple(rows), keys=tuple(keys))


def _sites(study: Study, each: Found) -> Table:
    names = {key_part(site.id): site.name or site.id for site in study.programme_sites}
    stems = [key.removesuffix(".estimate") for key in each.own.values if key.startswith("without.")]
    rows: list[Row] = [(names[stem.removeprefix("without.")], each.own.values[f"{stem}.estimate"]) for stem in stems]
    return Table(
        f"without-{each.part.replace('_', '-')}",
        f"{name_of(study, each)}: the estimate without each programme site",
        (("site", "Without"), ("estimate", "Estimate")),
        tuple(rows),
        keys=tuple(("", f"{each.part}.{stem}.estimate") for stem in stems),
    )
