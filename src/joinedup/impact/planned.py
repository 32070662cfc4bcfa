"""What the analysis plan ([plan.impact] of study.toml) asks of impact: designs, estimand, draws, assignment, codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from joinedup.study.indicators import Indicator
from joinedup.study.model import Study

if TYPE_CHECKING:
    from joinedup.impact.cells import Sample

DESIGNS = (
    "synthetic-did",
    "group-time",
    "randomisation",
    "specification-curve",
    "sensitivity",
    "site-effects",
    "dose-response",
    "precision",
    "multiplicity",
)
"""The designs that a plan may ask for besides the difference in differences and the event study, which always run."""
ASSIGNMENTS = ("random", "not random")
"""Whether the programme's sites were drawn by lot (within the plan's strata)."""
WEIGHTS = ("site", "child")
"""The estimand: the average site, or the average child."""
CONTROLS = ("never", "notyet")
"""Whom group-time effects compare with: sites that never begin, or those that have not yet begun."""
DRAWS, SEED, PLACEBOS = 4999, 20030711, 200


@dataclass(frozen=True, slots=True)
class Coding:
    """Another defensible reading of when sites adopted: `column` of sites.csv holds its dates."""

    id: str
    label: str
    column: str


def asked(study: Study, design: str) -> bool:
    """Whether the plan asks for `design`."""
    return design in study.plan("impact").get("designs", ())


def draws_of(study: Study) -> int:
    return int(study.plan("impact").get("draws", DRAWS))


def placebo_draws_of(study: Study) -> int:
    return int(study.plan("impact").get("placebo_draws", PLACEBOS))


def seed_of(study: Study) -> int:
    return int(study.plan("impact").get("seed", SEED))


def strata_of(study: Study) -> str:
    return str(study.plan("impact").get("strata", ""))


def weights_of(study: Study) -> str:
    """ "site" (every site counts once) or "child" (every child does)."""
    return str(study.plan("impact").get("weights", "site"))


def estimand(study: Study) -> str:
    """For whom the effect is meant, in words."""
    from joinedup.impact.wide import ESTIMANDS

    return ESTIMANDS[weights_of(study)]


def is_drawn(study: Study) -> bool:
    """Whether the programme declares that its sites were drawn by lot."""
    return bool(study.plan("impact").get("assignment", "not random") == "random")


def mechanism(study: Study) -> str:
    """What a permutation of adoption rests on."""
    among = f"within {strata_of(study)}" if strata_of(study) else "within the whole sample of sites"
    if is_drawn(study):
        return f"randomisation inference on the assignment by lot {among}; design-based"
    return f"permutation test assuming exchangeability {among}; not design-based"


def is_exploratory(study: Study, indicator: Indicator) -> bool:
    """Whether the plan's family of outcomes does not hold `indicator`."""
    return indicator.id not in study.plan("impact").get("outcomes", ())


def smallest_effect(study: Study, found: Sample) -> float | None:
    """The smallest effect of interest, in the unit of the analysis (log points for logarithms); None: not declared."""
    declared = study.plan("impact").get("smallest_effects", {})
    if isinstance(declared, Mapping) and found.indicator.id in declared:
        return float(declared[found.indicator.id])
    return None if found.logarithm else found.indicator.smallest_effect


def codings(study: Study) -> list[Coding]:
    """The dates of sites.csv, and the alternatives that the plan declares."""
    declared = study.plan("impact").get("coding", ())
    others = [Coding(str(one["id"]), str(one.get("label", one["id"])), str(one["column"])) for one in declared]
    return [Coding("declared", "as declared", ""), *others]


def recoded(study: Study, coding: Coding, with_excluded: bool = False) -> Study:
    """`study` with the dates of `coding`; `with_excluded` takes the comparison sites back in that are left out."""
    sites = []
    for site in study.sites:
        dated = site
        if coding.column and site.is_programme:
            dated = replace(dated, adopted=site.extra.get(coding.column, ""))
        if with_excluded and not site.is_programme:
            dated = replace(dated, excluded="")
        sites.append(dated)
    return replace(study, sites=tuple(sites))
