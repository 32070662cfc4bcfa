"""Randomisation and the wild cluster bootstrap with weights, covariates and other nulls: equal to refitting each draw."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from joinedup.impact import cell_table, did, randomization_test, wild_cluster_bootstrap
from joinedup.impact.model import TooFewClusters
from joinedup.impact.wild_bootstrap import _all_signs
from joinedup.study.problems import NotComputable

TREATED = (0, 1, 2, 3)


def rows(units: int = 8, periods: int = 4, seed: int = 1, size: int = 400) -> pd.DataFrame:
    """SIMULATED children in unequal sites, some site-periods empty, one covariate of children; starts in period 2."""
    random = np.random.default_rng(seed)
    site = random.choice(units, size, p=random.dirichlet(np.ones(units) * 4))
    frame = pd.DataFrame({"site": site, "period": random.integers(0, periods, size), "x": random.normal(size=size)})
    frame = frame[~((frame["site"] == 5) & (frame["period"] == 1))]
    treated = frame["site"].isin(TREATED) & (frame["period"] >= 2)
    y = frame["site"] * 0.3 + frame["x"] * (0.5 + 0.1 * frame["site"]) + 0.4 * treated + random.normal(size=len(frame))
    return frame.assign(treated=treated.astype(int), y=y).reset_index(drop=True)


def slow_fit(frame: pd.DataFrame, y: np.ndarray, d: np.ndarray, covariates: list[str], w: np.ndarray):
    """Coefficient and sum of squared scores over (d'd)^2, by least squares on all dummies of the rows."""
    dummies = pd.get_dummies(frame[["site", "period"]].astype(str), dtype=float).to_numpy()
    others = np.column_stack([frame[covariates].to_numpy(dtype=float), dummies]) * np.sqrt(w)[:, None]
    y, d = y * np.sqrt(w), d * np.sqrt(w)

    def free(v: np.ndarray) -> np.ndarray:
        return v - others @ np.linalg.lstsq(others, v, rcond=None)[0]

    d, y = free(d), free(y)
    beta = d @ y / (d @ d)
    scores = pd.Series(d * (y - beta * d)).groupby(frame["site"].to_numpy()).sum()
    return beta, float((scores**2).sum()) / (d @ d) ** 2


@pytest.mark.parametrize("covariates", [[], ["x"]])
@pytest.mark.parametrize("studentised", [False, True])
@pytest.mark.parametrize("null", [0.0, 0.7])
def test_randomisation_on_cells_of_children_equals_refitting_the_rows(
    covariates: list[str], studentised: bool, null: float
) -> None:
    frame = rows()
    cells = cell_table(frame, "site", "period", "y", "treated", covariates)
    test = randomization_test(
        cells, "y", "site", "period", "treated", covariates=covariates, studentised=studentised, null=null
    )
    found = []
    shifted = frame["y"].to_numpy() - null * frame["treated"].to_numpy()
    for chosen in combinations(range(8), 4):
        d = (frame["site"].isin(chosen) & (frame["period"] >= 2)).to_numpy(dtype=float)
        beta, spread = slow_fit(frame, shifted, d, covariates, np.ones(len(frame)))
        found.append(beta / spread**0.5 if studentised else beta)
    observed = found[0]  # combinations begin with (0, 1, 2, 3)
    assert (test.draws, test.assignments, test.enumerated) == (70, 70, True)
    assert test.statistic == pytest.approx(observed, abs=1e-9)
    assert test.p == pytest.approx(np.mean(np.abs(found) >= abs(observed) * (1 - 1e-9)))
    assert np.sort(np.sqrt(test.inversion.squares(null))) == pytest.approx(np.sort(np.abs(found)), abs=1e-9)


@pytest.mark.parametrize("studentised", [False, True])
def test_staggered_frames_with_counts_equal_refitting(studentised: bool) -> None:
    frame = rows(7).groupby(["site", "period"], as_index=False).agg(y=("y", "mean"), n=("y", "size"), x=("x", "mean"))
    frame = frame.assign(adopted=frame["site"].map({0: 2.0, 1: 1.0, 2: 2.0}).fillna(np.inf))
    test = randomization_test(
        frame, "y", "site", "period", "adopted", covariates=["x"], studentised=studentised, weights="child"
    )
    found = []
    for early in range(7):
        for late in combinations(sorted(set(range(7)) - {early}), 2):
            start = frame["site"].map({early: 1.0, **dict.fromkeys(late, 2.0)}).fillna(np.inf)
            d = (frame["period"] >= start).to_numpy(dtype=float)
            beta, spread = slow_fit(frame, frame["y"].to_numpy(), d, ["x"], frame["n"].to_numpy(dtype=float))
            found.append(beta / spread**0.5 if studentised else beta)
    assert np.sort(np.sqrt(test.inversion.squares(0.0))) == pytest.approx(np.sort(np.abs(found)), abs=1e-9)
    assert test.draws == 105


@pytest.mark.parametrize("studentised", [False, True])
def test_the_interval_is_where_p_crosses(studentised: bool) -> None:
    cells = cell_table(rows(9, seed=4), "site", "period", "y", "treated", ["x"])
    given = {"covariates": ["x"], "studentised": studentised}
    test = randomization_test(cells, "y", "site", "period", "treated", **given)
    low, high = test.interval(0.9)
    assert low < test.estimate < high
    for end, side in ((low, -1), (high, 1)):
        assert randomization_test(cells, "y", "site", "period", "treated", null=end - side * 1e-6, **given).p > 0.1
        assert randomization_test(cells, "y", "site", "period", "treated", null=end + side * 1e-6, **given).p <= 0.1


def test_too_few_assignments_give_an_unbounded_interval() -> None:
    frame = rows(6).assign(adopted=lambda f: f["site"].map({0: 2.0}))
    means = frame.groupby(["site", "period"], as_index=False)[["y", "adopted"]].mean()
    test = randomization_test(means, "y", "site", "period", "adopted")
    assert test.interval() == (-np.inf, np.inf)
    assert test.smallest_p >= 1 / 6


def test_strata_may_be_a_mapping_and_must_name_every_unit() -> None:
    cells = cell_table(rows(), "site", "period", "y", "treated")
    strata = {site: site % 2 for site in range(8)}
    assert randomization_test(cells, "y", "site", "period", "treated", strata=strata).assignments == 36
    with pytest.raises(NotComputable, match="No stratum is given for 7"):
        randomization_test(cells, "y", "site", "period", "treated", strata=dict.fromkeys(range(7), 0))
    with pytest.raises(NotComputable, match="give a mapping"):
        randomization_test(cells, "y", "site", "period", "treated", strata="region")


def test_treatment_that_ends_has_no_dates_to_permute() -> None:
    frame = rows(periods=6)
    frame["treated"] *= frame["period"] < 4
    with pytest.raises(NotComputable, match="Treatment ends"):
        randomization_test(cell_table(frame, "site", "period", "y", "treated"), "y", "site", "period", "treated")


def test_the_error_of_a_drawn_p_is_exact() -> None:
    cells = cell_table(rows(14, size=900), "site", "period", "y", "treated")
    drawn = randomization_test(cells, "y", "site", "period", "treated", draws=99, seed=2)
    exact = randomization_test(cells, "y", "site", "period", "treated", draws=2000)
    low, high = drawn.simulation_interval
    assert low < exact.p < high
    assert exact.simulation_interval == (exact.p, exact.p)


def slow_bootstrap(frame: pd.DataFrame, null: float, covariates: list[str], w: np.ndarray, signs: np.ndarray):
    """|t| of every row of `signs`, each refitted on flipped restricted residuals."""
    dummies = pd.get_dummies(frame[["site", "period"]].astype(str), dtype=float).to_numpy()
    others = np.column_stack([frame[covariates].to_numpy(dtype=float), dummies])
    d, y = frame["treated"].to_numpy(dtype=float), frame["y"].to_numpy()
    root = np.sqrt(w)
    fitted = others @ np.linalg.lstsq(others * root[:, None], (y - null * d) * root, rcond=None)[0]
    residual = y - null * d - fitted
    position = np.searchsorted(np.unique(frame["site"]), frame["site"])
    for v in signs:
        beta, spread = slow_fit(frame, fitted + residual * v[position], d, covariates, w)
        yield abs(beta) / spread**0.5


@pytest.mark.parametrize("covariates", [[], ["x"]])
@pytest.mark.parametrize("null", [0.0, -0.4])
def test_the_wild_bootstrap_on_cells_of_children_equals_refitting_the_rows(covariates: list[str], null: float) -> None:
    frame = rows(9, seed=3)
    cells = cell_table(frame, "site", "period", "y", "treated", covariates)
    test = wild_cluster_bootstrap(cells, "y", "site", "period", "treated", covariates, null)
    assert (test.draws, test.enumerated, test.kind, test.seed) == (256, True, "Rademacher", None)
    found = list(slow_bootstrap(frame, null, covariates, np.ones(len(frame)), _all_signs(9)))
    assert np.sqrt(test.inversion.squares(null)) == pytest.approx(found, abs=1e-8)
    assert test.p == pytest.approx(np.mean(np.array(found) >= found[0] * (1 - 1e-9)))
    fit = did(cells, "y", "site", "period", "treated", covariates)
    assert test.estimate == pytest.approx(fit.estimate, abs=1e-12)
    assert test.statistic == pytest.approx((fit.estimate - null) / fit.se, abs=1e-9)


def test_the_wild_bootstrap_with_counts_and_with_sites_equals_refitting() -> None:
    frame = rows(9, seed=5).groupby(["site", "period"], as_index=False)
    frame = frame.agg(y=("y", "mean"), n=("y", "size"), x=("x", "mean"), treated=("treated", "max"))
    for weights, w in (("child", frame["n"].to_numpy(dtype=float)), ("site", np.ones(len(frame)))):
        test = wild_cluster_bootstrap(frame, "y", "site", "period", "treated", ["x"], weights=weights)
        found = list(slow_bootstrap(frame, 0.0, ["x"], w, _all_signs(9)))
        assert np.sqrt(test.inversion.squares(0.0)) == pytest.approx(found, abs=1e-8)


def test_the_bootstrap_interval_is_where_p_crosses() -> None:
    cells = cell_table(rows(10, seed=6), "site", "period", "y", "treated")
    low, high = wild_cluster_bootstrap(cells, "y", "site", "period", "treated").interval()
    for end, side in ((low, -1), (high, 1)):
        inside = wild_cluster_bootstrap(cells, "y", "site", "period", "treated", null=end - side * 1e-6)
        outside = wild_cluster_bootstrap(cells, "y", "site", "period", "treated", null=end + side * 1e-6)
        assert inside.p > 0.05 >= outside.p


def test_webb_s_points_below_twelve_units_and_the_same_seed_gives_the_same() -> None:
    cells = cell_table(rows(11), "site", "period", "y", "treated")
    first, again = (wild_cluster_bootstrap(cells, "y", "site", "period", "treated", draws=999, seed=7) for _ in "ab")
    assert first == again
    assert (first.kind, first.enumerated, first.draws) == ("Webb", False, 999)
    exact = wild_cluster_bootstrap(cells, "y", "site", "period", "treated")
    assert (exact.draws, exact.enumerated) == (1024, True)
    many = wild_cluster_bootstrap(
        cell_table(rows(14, size=900), "site", "period", "y", "treated"), *["y", "site", "period", "treated"], draws=999
    )
    assert many.kind == "Rademacher"


def test_few_treated_or_comparison_units_are_refused() -> None:
    frame = rows(7)
    with pytest.raises(TooFewClusters, match="4 treated and 3 comparison"):
        wild_cluster_bootstrap(cell_table(frame, "site", "period", "y", "treated"), "y", "site", "period", "treated")
