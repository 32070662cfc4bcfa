"""Small SIMULATED studies for the tests of impact's results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from joinedup.study.model import Study

sys.path.insert(0, str(Path(__file__).parents[1] / "indicators"))
from build import Cell, comparison, count, programme, study

__all__ = ["PERIODS", "cells", "comparison", "count", "programme", "small", "study"]

PERIODS = range(1999, 2008)


def cells(programme_sites: int, comparison_sites: int, effect: float, seed: int = 1) -> Iterator[Cell]:
    """One outcome by site and year; programme sites are lower by `effect` from 2004 on."""
    random = np.random.default_rng(seed)
    for n in range(programme_sites + comparison_sites):
        site = f"s{n}" if n < programme_sites else f"c{n - programme_sites}"
        for p in PERIODS:
            value = 60 + n - (p - 1999) + random.normal() + effect * (site.startswith("s") and p >= 2004)
            yield site, str(p), "looked_after", round(value, 3)


def small(programme_sites: int = 5, comparison_sites: int = 9, effect: float = -6.0, **parts: Any) -> Study:
    """A study whose sites adopted in July 2003: 2004 is the first treated period, five periods lie before."""
    sites = (
        *programme(*(f"s{n}" for n in range(programme_sites))),
        *comparison(*(f"c{n}" for n in range(comparison_sites))),
    )
    return study(
        parts.pop("cells", cells(programme_sites, comparison_sites, effect)),
        parts.pop("indicators", [count(direction="down")]),
        parts.pop("sites", sites),
        parts.pop("changes", ()),
        {"impact": {"draws": 199, "seed": 3, **parts.pop("plan", {})}},
    )
