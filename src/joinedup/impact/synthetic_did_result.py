"""The analysis impact.synthetic-did: synthetic difference in differences, start by start, with placebos in space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from joinedup.impact.cells import CHILDREN, OUTCOME, PERIOD, SITE, TREATED, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, summary_table
from joinedup.impact.model import FEW
from joinedup.impact.planned import placebo_draws_of, seed_of, weights_of
from joinedup.impact.synthetic import synthetic_did
from joinedup.impact.synthetic_fit import SyntheticFit
from joinedup.impact.words import number_word
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result, Row, Table, Value

_COLUMNS = (
    ("estimate", "Estimate"),
    ("low", "95% from"),
    ("high", "to"),
    ("se", "Placebo error"),
    ("p", "p, placebos"),
    ("smallest_p", "Smallest p possible"),
    ("n_programme", "Programme sites"),
    ("n_comparison", "Comparison sites"),
    ("effective_sites", "Sites that the weights amount to"),
)


def synthetic_did_result(study: Study) -> Result | None:
    """Synthetic difference in differences for the planned outcomes; None unless the plan asks for it.

    Raises NotComputable where every outcome is refused.
    """
    return design_result(study, "synthetic-did", lambda found: _one(study, found), lambda found: _report(study, found))


def _one(study: Study, found: Sample) -> Own:
    weights = weights_of(study)
    fit = synthetic_did(found.frame, OUTCOME, SITE, PERIOD, TREATED, weights=weights, children=CHILDREN)
    values: dict[str, Value] = {
        "estimate": fit.estimate,
        "n_programme": sum(cohort.sites for cohort in fit.cohorts),
        "n_comparison": len(fit.donors),
        "cohorts": len(fit.cohorts),
        "first_treated": int(fit.cohorts[0].start),
        "effective_sites": _effective(fit),
        "rmspe_before": _fit_before(fit),
    }
    told = []
    if fit.left_out:
        told.append(
            f"{number_word(fit.left_out)} site{'' if fit.left_out == 1 else 's'} left out because of a gap in the series."
        )
    few = min(sum(cohort.sites for cohort in fit.cohorts), len(fit.donors)) < FEW
    values |= dict.fromkeys(("se", "low", "high", "p", "smallest_p", "draws"))
    try:
        placebo = fit.placebos(placebo_draws_of(study), seed_of(study))
    except NotComputable as reason:
        told.append(str(reason))
    else:
        values |= {"p": placebo.p, "smallest_p": placebo.smallest_p, "draws": placebo.draws}
        if not few:
            values |= {"se": placebo.se, "low": placebo.low, "high": placebo.high}
    return Own(values | _path(fit), tuple(told))


def _effective(fit: SyntheticFit) -> float:
    """How many equally weighted comparison sites the weights amount to (1 / sum of squares), averaged over the starts."""
    columns = np.asarray(fit.weights, dtype=float).reshape(len(fit.donors), -1)
    return float(np.mean(1 / (columns**2).sum(axis=0)))


def _path(fit: SyntheticFit) -> dict[str, Value]:
    """By period the mean of the programme sites, that of their synthetic comparison, and the gap, mean over sites.

    The comparison is shifted by the weighted gap before the start, as the estimator does.
    """
    frame = fit.path
    found: dict[str, Value] = {}
    sites = {cohort.start: cohort.sites for cohort in fit.cohorts}
    shifts = _shifts(fit)
    total = sum(sites.values())
    for period, rows in frame.groupby(PERIOD, sort=True):
        share = rows["start"].map(sites) / total
        treated = float((share * rows["treated"]).sum())
        gap = float((share * (rows["gap"] - rows["start"].map(shifts))).sum())
        name = str(int(float(str(period))))
        found |= {f"programme.{name}": treated, f"synthetic.{name}": treated - gap, f"gap.{name}": gap}
    return found


def _shifts(fit: SyntheticFit) -> Mapping[float, float]:
    """The weighted gap before each start."""
    found = {}
    for cohort, weighted in zip(fit.cohorts, fit.fits, strict=True):
        found[cohort.start] = float(weighted.times[0] @ weighted.gaps[0][: cohort.before])
    return found


def _fit_before(fit: SyntheticFit) -> float:
    """Root mean square of the shifted gap before the start: how far the two paths were apart without a programme."""
    shifts = _shifts(fit)
    squares = [
        (cohort.sites, float(np.mean((weighted.gaps[0][: cohort.before] - shifts[cohort.start]) ** 2)))
        for cohort, weighted in zip(fit.cohorts, fit.fits, strict=True)
    ]
    return float(np.sqrt(sum(n * square for n, square in squares) / sum(n for n, _ in squares)))


def _report(study: Study, found: Sequence[Found]) -> Report:
    several = any(int(each.own.values["cohorts"] or 0) > 1 for each in found)
    starts = " Sites that began in different periods are estimated start by start." if several else ""
    how = "all placebo groups" if _all(study, found) else f"{placebo_draws_of(study)} placebo groups"
    return Report(
        f"{estimand_sentence(study)} Estimator: synthetic difference in differences (Arkhangelsky et al. 2021). "
        "Comparison sites are weighted so that their past runs parallel to that of the programme sites, and periods "
        f"before the start so that they resemble those after.{starts} Standard error, interval and p: {how}, drawn from "
        "the comparison sites and treated as if they had begun; this assumes that programme and comparison sites vary "
        "alike. Sites with a gap are left out.",
        [
            summary_table(
                study,
                found,
                "Synthetic difference in differences",
                _COLUMNS,
                "The placebo error is the spread of estimates where there was no programme.",
            ),
            *(_path_table(each) for each in found),
        ],
        parameters={"placebo_draws": placebo_draws_of(study), "seed": seed_of(study)},
    )


def _all(study: Study, found: Sequence[Found]) -> bool:
    return all(int(each.own.values["draws"] or 0) < placebo_draws_of(study) for each in found)


def _path_table(each: Found) -> Table:
    periods = [key.removeprefix("gap.") for key in each.own.values if key.startswith("gap.")]
    names = ("programme", "synthetic", "gap")
    rows: list[Row] = [(period, *(each.own.values[f"{name}.{period}"] for name in names)) for period in periods]
    return Table(
        f"path-{each.part.replace('_', '-')}",
        f"{each.label}: programme sites and their synthetic comparison",
        (("period", "Period"), ("programme", "Programme sites"), ("synthetic", "Synthetic comparison"), ("gap", "Gap")),
        tuple(rows),
        keys=tuple(("", *(f"{each.part}.{name}.{period}" for name in names)) for period in periods),
    )
