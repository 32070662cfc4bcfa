"""The analysis impact.randomisation: where the estimate lies among those of other assignments of the programme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, STRATUM, TREATED, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, summary_table
from joinedup.impact.model import RandomizationTest, TooFewClusters
from joinedup.impact.planned import draws_of, mechanism, seed_of, strata_of, weights_of
from joinedup.impact.randomization import randomization_test
from joinedup.impact.wild_bootstrap import wild_cluster_bootstrap
from joinedup.study.model import Study
from joinedup.study.result import Result, Value

BINS = 31
WILD_DRAWS = 1999
_COLUMNS = (
    ("estimate", "Estimate"),
    ("low", "95% from"),
    ("high", "to"),
    ("p", "p"),
    ("p_low", "p lies from"),
    ("p_high", "to"),
    ("p_studentised", "p, studentised"),
    ("p_wild", "p, wild bootstrap"),
    ("smallest_p", "Smallest p possible"),
    ("draws", "Assignments compared"),
)


def randomisation_result(study: Study) -> Result | None:
    """Randomisation inference on the two-way coefficient of the planned outcomes; None unless the plan asks for it.

    Raises NotComputable where every outcome is refused.
    """
    return design_result(study, "randomisation", lambda found: _one(study, found), lambda found: _report(study, found))


def _one(study: Study, found: Sample) -> Own:
    plain, studentised = _test(study, found, False), _test(study, found, True)
    low, high = plain.interval()
    p_low, p_high = plain.simulation_interval
    values: dict[str, Value] = {
        "estimate": plain.estimate,
        "low": low,
        "high": high,
        "p": plain.p,
        "p_low": p_low,
        "p_high": p_high,
        "p_studentised": studentised.p,
        "smallest_p": plain.smallest_p,
        "draws": plain.draws,
        "enumerated": int(plain.enumerated),
        "n_programme": found.n_programme,
        "n_comparison": found.n_comparison,
    }
    told = []
    try:
        wild = wild_cluster_bootstrap(
            found.frame,
            OUTCOME,
            SITE,
            PERIOD,
            TREATED,
            draws=WILD_DRAWS,
            seed=seed_of(study),
            weights=weights_of(study),
            children=CHILDREN,
        )
        values["p_wild"] = wild.p
    except TooFewClusters as reason:
        values["p_wild"] = None
        told.append(str(reason))
    if plain.smallest_p > 0.05:
        told.append(
            f"no result, however large, can have a p below {plain.smallest_p:.3f}: the assignments are too few."
        )
    return Own(values | _histogram(plain), tuple(told))


def _test(study: Study, found: Sample, studentised: bool) -> RandomizationTest:
    return randomization_test(
        found.frame,
        OUTCOME,
        SITE,
        PERIOD,
        ADOPTED,
        draws_of(study),
        seed_of(study),
        strata=STRATUM if strata_of(study) else "",
        studentised=studentised,
        weights=weights_of(study),
        children=CHILDREN,
    )


def _histogram(test: RandomizationTest) -> dict[str, Value]:
    """The estimates of the assignments in bins of equal width about 0, the estimate within them."""
    if test.inversion is None:
        return {}
    estimates = test.inversion.numerator[0]
    reach = 1.02 * max(float(np.abs(estimates).max()), abs(test.estimate)) or 1.0
    counts, edges = np.histogram(estimates, bins=BINS, range=(-reach, reach))
    found: dict[str, Value] = {}
    for number, count in enumerate(counts, 1):
        found |= {
            f"bin_{number}.middle": float(edges[number - 1] + edges[number]) / 2,
            f"bin_{number}.share": count / len(estimates),
        }
    return found


def _report(study: Study, found: Sequence[Found]) -> Report:
    enumerated = all(each.own.values["enumerated"] for each in found)
    how = "All assignments are compared" if enumerated else f"{draws_of(study):,} assignments are drawn"
    least = max(float(each.own.values["smallest_p"] or 0) for each in found)
    return Report(
        f"{estimand_sentence(study)} Estimator: two-way fixed effects. How p is inferred: {mechanism(study)}; the smallest "
        f"attainable p is {least:.2g}. {how}; each gives the dates of adoption to other sites, and p is the share whose "
        "estimate is at least as far from 0 (Clopper-Pearson limits for the simulation). The interval holds the effects "
        "that the test does not reject. Beside it: the same on the estimate over its clustered error, and the restricted "
        f"wild cluster bootstrap ({WILD_DRAWS:,} draws).",
        [summary_table(study, found, "Randomisation inference", _COLUMNS)],
        parameters={
            "draws": draws_of(study),
            "seed": seed_of(study),
            "strata": strata_of(study),
            "mechanism": mechanism(study),
        },
    )
