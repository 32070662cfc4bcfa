"""The analysis impact.sensitivity: trends that were not parallel, single sites, sites left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, TREATED, Sample, cells, lag_of
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, name_of, summary_table
from joinedup.impact.group_time_effects import group_time
from joinedup.impact.headline import ESTIMATOR, headline
from joinedup.impact.imputed_outcomes import imputation_without
from joinedup.impact.jackknife import jackknife_errors, leave_one_out
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
    ("with_excluded.estimate", "With excluded sites"),
    ("honest.estimate", "Event study, mean after"),
    ("honest.largest_step", "Largest step before"),
    ("honest.breakdown", "Breakdown value"),
)
_SINGLE = (
    ("estimate", "Estimate"),
    ("clustered.low", "95% from"),
    ("clustered.high", "to"),
    ("jackknife.low", "95% from (CR3)"),
    ("jackknife.high", "to (CR3)"),
    ("without_low", "Smallest without one programme site"),
    ("without_high", "Largest"),
    ("without_comparison_low", "Smallest without one comparison site"),
    ("without_comparison_high", "Largest (comparison)"),
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
    if _other_sign(values):
        told.append(
            "the estimate and the mean of the event study after the start have different signs. They use other periods "
            "before, and the second complete series only: the direction is not to be relied on."
        )
    return Own(values, tuple(told))


def _other_sign(values: Mapping[str, Value]) -> bool:
    first, second = (values.get(key) for key in ("estimate", "honest.estimate"))
    return isinstance(first, float) and isinstance(second, float) and first * second < 0


def _without_each(study: Study, found: Sample) -> dict[str, Value]:
    """The estimate without each site in turn, and the error that follows from it (CR3, the jackknife by site)."""
    from scipy.stats import t

    whole = headline(found.frame, weights_of(study))
    left = _left_out(found.frame, weights_of(study))
    own = set(found.frame.dropna(subset=[ADOPTED])[SITE])
    values: dict[str, Value] = {}
    for group, sites in (("without", own), ("without_comparison", set(left.index) - own)):
        estimates = left[left.index.isin(sites)].dropna()
        if len(estimates) > 1:
            values |= {f"{group}_low": float(estimates.min()), f"{group}_high": float(estimates.max())}
            values |= {f"{group}_turned": int((estimates * whole.estimate < 0).sum())}
    if "without_low" in values:
        values |= {f"without.{key_part(str(site))}.estimate": float(left[site]) for site in sorted(own)}
    se = float(jackknife_errors(np.array(left.tolist())[:, None], np.array([whole.estimate]))[0])
    if whole.se > 0 and se > 0:
        half = float(t.ppf(0.975, whole.df)) * se
        values |= {"jackknife.se": se, "jackknife.low": whole.estimate - half, "jackknife.high": whole.estimate + half}
        values |= {"clustered.low": whole.low, "clustered.high": whole.high}
    return values


def _left_out(frame: pd.DataFrame, weights: str) -> pd.Series[float]:
    """The headline without each site, by the estimator that all sites together have."""
    names = (OUTCOME, SITE, PERIOD)
    if frame[ADOPTED].nunique() == 1:
        return leave_one_out(frame, *names, TREATED, weights=weights, children=CHILDREN)
    return imputation_without(frame, *names, ADOPTED, weights=weights, children=CHILDREN)


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
        f"{estimand_sentence(study)} Estimator: {ESTIMATOR}, again without each site of either group in turn, from which "
        "follows the jackknife by site (CR3; Bell and McCaffrey 2002; its interval by t, with one degree of freedom fewer than there are sites), "
        "and with the sites that are left out for a reason. Trends that differ (HonestDiD, relative magnitudes; Rambachan and Roth 2023): "
        "intervals for the mean effect after the start that stay right if, after it, the groups drift apart in one period by "
        "no more than a given share of the largest step between them before it. The breakdown value is the smallest share "
        "at which the interval holds 0: 0 means that it does even with parallel trends. Not computed where a start has "
        f"fewer than {SMALL_COHORT} sites.",
        [
            summary_table(study, found, "How far the estimate leans on single choices", _COLUMNS),
            replace(summary_table(study, found, "One site at a time", _SINGLE), id="single-sites"),
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
