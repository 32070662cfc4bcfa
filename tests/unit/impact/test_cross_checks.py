"""Imputation and interaction weighting: equal to brute force, robust to staggered effects; refusals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact import event_study, group_time, imputation, sun_abraham
from joinedup.impact.imputed_outcomes import imputation_without
from joinedup.study.problems import NotComputable


def simulated(seed: int = 1, noise: float = 0.5, never: int = 12, sizes: tuple[int, ...] = (11, 10)) -> pd.DataFrame:
    """SIMULATED: groups start in 3 and 5 of 8 periods, with effects that differ and grow; n counts children."""
    random = np.random.default_rng(seed)
    starts = [s for s, size in zip((3, 5), sizes, strict=True) for _ in range(size)] + [np.nan] * never
    rows = [
        (f"s{u:02}", t, a, random.integers(10, 99), u + t * t + effect + noise * random.normal(), random.normal())
        for u, a in enumerate(starts)
        for t in range(8)
        for effect in [(5 if a == 3 else 1) * (1 + t - a) if t >= a else 0.0]
    ]
    return pd.DataFrame(rows, columns=["site", "t", "adopted", "n", "y", "x"])


ARGUMENTS = ("y", "site", "t", "adopted")


def truth(panel: pd.DataFrame) -> float:
    after = panel[panel["t"] >= panel["adopted"]]
    return float((np.where(after["adopted"] == 3, 5, 1) * (1 + after["t"] - after["adopted"])).mean())


def test_growing_effects_that_differ_are_recovered_by_all_routes() -> None:
    panel = simulated(noise=0.0)
    assert imputation(panel, *ARGUMENTS).overall == pytest.approx(truth(panel))
    assert sun_abraham(panel, *ARGUMENTS).overall == pytest.approx(truth(panel))
    assert group_time(panel, *ARGUMENTS).aggregate("simple").overall == pytest.approx(truth(panel))


@pytest.mark.parametrize("weights", ["site", "child"])
@pytest.mark.parametrize("covariates", [(), ("x",)])
def test_imputation_equals_dummies_by_brute_force(weights: str, covariates: tuple[str, ...]) -> None:
    panel = simulated().drop(index=[5, 77, 130])
    found = imputation(panel, *ARGUMENTS, weights=weights, covariates=covariates)
    design = pd.get_dummies(panel[["site", "t"]].astype(str), dtype=float).to_numpy()
    design = np.hstack([design, panel[list(covariates)].to_numpy(dtype=float)])
    after = (panel["t"] >= panel["adopted"]).to_numpy()
    w = panel["n"].to_numpy(dtype=float) if weights == "child" else np.ones(len(panel))
    root = np.sqrt(w[~after])[:, None]
    beta = np.linalg.lstsq(root * design[~after], root[:, 0] * panel["y"].to_numpy()[~after], rcond=None)[0]
    effects = panel["y"].to_numpy() - design @ beta
    assert found.overall == pytest.approx(np.average(effects[after], weights=w[after]), abs=1e-8)
    assert found.table["cells"].sum() == after.sum()
    assert ("average child" in found.methods) == (weights == "child")


def test_the_conservative_error_by_its_definition() -> None:
    """v = w1 on treated cells, -Z0 (Z0'Z0)^-1 Z1'w1 on the others; residuals about cohort-by-period means."""
    panel = simulated()
    found = imputation(panel, *ARGUMENTS)
    design = pd.get_dummies(panel[["site", "t"]].astype(str), dtype=float).to_numpy()
    after = (panel["t"] >= panel["adopted"]).to_numpy()
    inverse = np.linalg.pinv(design[~after])
    effects = panel["y"].to_numpy() - design @ (inverse @ panel["y"].to_numpy()[~after])
    v = np.where(after, 1 / after.sum(), 0.0)
    v[~after] = -inverse.T @ design[after].T @ v[after]
    groups = [panel["adopted"][after], panel["t"][after]]
    means = pd.Series(effects[after]).groupby([g.to_numpy() for g in groups]).transform("mean").to_numpy()
    residual = effects.copy()
    residual[after] -= means  # within a cohort and period v is constant, so the v^2-weighted mean is the mean
    by_site = pd.Series(v * residual).groupby(panel["site"].to_numpy()).sum()
    assert found.se == pytest.approx(float(np.sqrt((by_site**2).sum())), abs=1e-9)


def test_cells_that_can_not_be_imputed_are_counted() -> None:
    panel = simulated(never=0)
    found = imputation(panel, *ARGUMENTS)
    assert found.left_out == 3 * 21  # from period 5 on every site is treated
    panel = simulated()
    assert imputation(panel[(panel["site"] != "s00") | (panel["t"] >= 3)], *ARGUMENTS).left_out == 5


def test_interaction_weighting_averages_the_event_study() -> None:
    panel = simulated()
    found, study = sun_abraham(panel, *ARGUMENTS), event_study(panel, *ARGUMENTS)
    for relative, term in study.terms.items():
        rows = found.table[found.table["relative"] == relative]
        assert np.average(rows["estimate"], weights=rows["units"]) == pytest.approx(term.estimate)
    after = found.table[found.table["relative"] >= 0]
    assert found.overall == pytest.approx(np.average(after["estimate"], weights=after["units"]))
    assert found.se > 0


def test_small_cohorts_have_no_error() -> None:
    panel = simulated(sizes=(11, 2))
    for found in (imputation(panel, *ARGUMENTS), sun_abraham(panel, *ARGUMENTS)):
        assert found.small == (5,)
        assert math.isnan(found.se)
    assert imputation(panel, *ARGUMENTS, smallest_cohort=1).se > 0
    assert imputation(panel, *ARGUMENTS).table["se"].notna().sum() == 2  # relative 3 and 4 hold only the first cohort


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(-9, 9))
def test_imputation_ignores_levels_of_sites_and_periods(seed: int, size: float) -> None:
    panel = simulated(seed)
    moved = panel.assign(y=panel["y"] + size * panel["site"].str[1:].astype(int) + size * panel["t"] ** 2)
    one, other = imputation(panel, *ARGUMENTS), imputation(moved.sample(frac=1, random_state=seed), *ARGUMENTS)
    assert other.overall == pytest.approx(one.overall, abs=1e-7)
    assert other.se == pytest.approx(one.se, abs=1e-7)


def test_refusals_say_why() -> None:
    panel = simulated()
    with pytest.raises(NotComputable, match="Every cell is treated, or none"):
        imputation(panel.assign(adopted=np.nan), *ARGUMENTS)
    together = panel[panel["adopted"] == 3].assign(adopted=4)
    with pytest.raises(NotComputable, match="can't be imputed"):
        imputation(together, *ARGUMENTS)
    with pytest.raises(NotComputable, match="none to compare"):
        sun_abraham(panel[panel["adopted"].notna()], *ARGUMENTS)
    with pytest.raises(ValueError, match="two cells"):
        imputation(pd.concat([panel, panel.head(1)]), *ARGUMENTS)
    with pytest.raises(ValueError, match="weights must be"):
        imputation(panel, *ARGUMENTS, weights="people")


@pytest.mark.parametrize("weights", ["site", "child"])
def test_imputation_without_each_site_is_imputing_again(weights: str) -> None:
    panel = simulated(sizes=(2, 1), never=3).drop(index=[5, 17])
    found = imputation_without(panel, *ARGUMENTS, weights=weights)
    for site in panel["site"].unique():
        left = panel[panel["site"] != site]
        again = imputation(left, *ARGUMENTS, weights=weights).overall
        assert found[site] == pytest.approx(again)
    alone = panel[panel["site"].isin(["s00", "s03", "s04"])]
    assert math.isnan(imputation_without(alone, *ARGUMENTS)["s00"])
