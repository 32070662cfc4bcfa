"""What the tests of impact's designs share: a study that asks for a design, its result, two-way demeaning."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from joinedup.impact.results import ANALYSES
from joinedup.study.model import Study
from joinedup.study.result import Result

sys.path.insert(0, str(Path(__file__).parent))
from impact_studies import cells, comparison, count, programme, small


def asked(design: str, **parts) -> Study:
    plan = {"designs": [design], "outcomes": ["looked_after"], "placebo_draws": 99, **parts.pop("plan", {})}
    return small(plan=plan, **parts)


def result(design: str, **parts) -> Result:
    found = ANALYSES[f"impact.{design}"](asked(design, **parts))
    assert found is not None
    return found


def two_outcomes(**plan) -> dict[str, object]:
    """The second outcome is noise; both are in the family."""
    given = [*cells(5, 9, -6.0)]
    given += [(site, period, "noise", value) for site, period, _, value in cells(5, 9, 0.0, seed=2)]
    return {
        "cells": given,
        "indicators": [count(direction="down"), count("noise")],
        "plan": {"outcomes": ["looked_after", "noise"], **plan},
    }


def staggered() -> tuple[object, ...]:
    sites = (*programme("s0", "s1"), *programme("s2", "s3", "s4", adopted="2005-01"))
    return (*sites, *comparison(*(f"c{n}" for n in range(9))))


def demeaned(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()


def panel(study: Study) -> tuple[list[str], np.ndarray]:
    """The sites and their outcomes, sites x periods."""
    table = study.indicators.values["values.csv"].to_pandas()
    wide = table[table["indicator"] == "looked_after"].pivot(index="site", columns="period", values="_number")
    return wide.index.tolist(), wide.to_numpy(dtype=float)
