"""Permutation p values are exact: over all assignments no level is exceeded; the simulation of sizes runs and repeats."""

from __future__ import annotations

import importlib.util
import math
import sys
from itertools import combinations
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from joinedup.impact import group_time, randomization_test

LEVELS = (0.02, 0.05, 0.1, 0.25, 0.5)


@pytest.fixture(scope="module")
def simulation(root: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("impact_size", root / "bench/impact_size.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module  # its frozen types look their module up
    found.loader.exec_module(module)
    return module


def assigned(treated: tuple[int, ...], sites: int = 7, periods: int = 4) -> pd.DataFrame:
    """SIMULATED: the same outcomes of heavy-tailed sites whatever the assignment: no effect at all."""
    outcome = np.random.default_rng(5).standard_t(2, size=(sites, periods))
    frame = pd.DataFrame([(s, p) for s in range(sites) for p in range(periods)], columns=["site", "period"])
    frame["y"] = outcome.ravel()
    frame["adopted"] = np.where(frame["site"].isin(treated), 2.0, np.nan)
    return frame.assign(treated=(frame["period"] >= frame["adopted"]).astype(float))


def coefficient(frame: pd.DataFrame) -> float:
    return randomization_test(frame, "y", "site", "period", "adopted").p


def studentised(frame: pd.DataFrame) -> float:
    return randomization_test(frame, "y", "site", "period", "adopted", studentised=True).p


def adoption_vectors(frame: pd.DataFrame) -> float:
    return group_time(frame, "y", "site", "period", "adopted", permutations=99).aggregate("simple").p


@pytest.mark.parametrize("p_value", [coefficient, studentised, adoption_vectors])
def test_over_all_assignments_no_level_is_exceeded(p_value) -> None:
    """35 assignments of 3 sites of 7, all equally likely: P(p <= a) <= a, and p takes every multiple of 1/35 but for ties."""
    p = np.array([p_value(assigned(treated)) for treated in combinations(range(7), 3)])
    for level in LEVELS:
        assert (p <= level + 1e-12).mean() <= level + 1e-12
    assert p.min() == pytest.approx(1 / 35)


def test_sixty_null_panels_stay_near_five_per_cent_where_permuted(simulation: ModuleType) -> None:
    """5 of 20 treated: of 60 panels a right test rejects 3; more than 9 has a probability of .001."""
    rejected: dict[str, int] = {}
    for number in range(60):
        random = np.random.default_rng([3, number])
        for method, p in simulation.p_values(
            simulation.panel(simulation.Scenario(20, 5, 6, 3), random), number, 99, 30
        ):
            rejected[method] = rejected.get(method, 0) + (p <= 0.05)
    exact = [name for name in rejected if "randomisation" in name or "permutation" in name]
    assert len(exact) == 3 and all(rejected[name] <= 9 for name in exact)


def test_the_simulation_repeats(simulation: ModuleType) -> None:
    scenario = simulation.Scenario(12, 5, 6, 3)
    found = simulation.sizes(scenario, 2, seed=1)
    assert found == simulation.sizes(scenario, 2, seed=1)
    assert len(found) == 9 and all(0 <= share <= 1 for share, _ in found.values())
    assert next(iter(found.values()))[1] == math.sqrt(0.05 * 0.95 / 2)
