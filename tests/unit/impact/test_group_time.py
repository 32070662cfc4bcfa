"""Group-time effects: recovery, influence functions by numerical derivative, permutation of adoption, refusals."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact import group_time
from joinedup.study.problems import NotComputable


def simulated(seed: int = 1, never: int = 30, sizes: tuple[int, ...] = (14, 12), periods: int = 6) -> pd.DataFrame:
    """SIMULATED: groups start in 3, 4, ...; x is constant in a unit, z moves; n counts children."""
    random = np.random.default_rng(seed)
    starts = [s for s, size in enumerate(sizes, 3) for _ in range(size)] + [np.nan] * never
    rows = []
    for unit, start in enumerate(starts):
        x, children = random.normal() + (0 if math.isnan(start) else 0.3), int(random.integers(20, 200))
        level = random.normal()
        for period in range(periods):
            effect = 1.0 + 0.5 * (period - start) if period >= start else 0.0
            y = level + 0.2 * period + 0.4 * x * period + effect + random.normal() * 0.5
            rows.append((f"s{unit:03}", period, start, x, float(x > 0), children, y))
    return pd.DataFrame(rows, columns=["site", "period", "adopted", "x", "high", "n", "y"])


def run(panel: pd.DataFrame, **options):
    return group_time(panel, "y", "site", "period", "adopted", **options)


def test_effects_without_noise_are_recovered_exactly() -> None:
    panel = simulated()
    effect = (1 + 0.5 * (panel["period"] - panel["adopted"])).where(panel["period"] >= panel["adopted"], 0.0)
    site = panel["site"].str[1:].astype(float)
    found = run(panel.assign(y=site * 3 + panel["period"] ** 2 + effect), smallest_cohort=1)
    after = found.att[found.att["period"] >= found.att["group"]]
    assert after["att"].to_numpy() == pytest.approx((1 + 0.5 * (after["period"] - after["group"])).to_numpy())
    before = found.att[found.att["period"] < found.att["group"]]
    assert before["att"].to_numpy() == pytest.approx(0, abs=1e-10)
    dynamic = found.aggregate("dynamic").table
    assert dynamic[dynamic["relative"] == 2]["att"].item() == pytest.approx(2.0)


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_influence_functions_equal_numerical_derivatives(method: str) -> None:
    """psi of a site = n * its weight * the derivative by its weight: for every effect and every aggregate."""
    panel = simulated(never=16, sizes=(8, 7), periods=5)
    options = {"method": method, "covariates": ["x"], "weights": "child", "smallest_cohort": 1}
    whole = run(panel, **options)
    kinds = ("simple", "dynamic", "group", "calendar")
    children = panel.groupby("site")["n"].first()
    for at in (0, 9, 20, 30):
        site, step = children.index[at], 1e-3
        moved = [run(panel.assign(n=panel["n"] + sign * step * (panel["site"] == site)), **options) for sign in (1, -1)]
        scale = len(children) * children.iloc[at] / (2 * step)
        assert whole.influence[:, at] == pytest.approx((moved[0].estimates - moved[1].estimates) * scale, abs=2e-5)
        for kind in kinds:
            slope = (moved[0].aggregate(kind).overall - moved[1].aggregate(kind).overall) * scale
            assert whole.aggregate(kind).influence[-1, at] == pytest.approx(slope, abs=2e-5)


def test_methods_agree_without_covariates_and_with_a_saturated_one() -> None:
    panel = simulated(seed=4)
    plain = [run(panel, method=method).att for method in ("dr", "reg", "ipw")]
    full = [run(panel, method=method, covariates=["high"]).att for method in ("dr", "reg", "ipw")]
    for group in (plain, full):
        for other in group[1:]:
            assert other["att"].to_numpy() == pytest.approx(group[0]["att"].to_numpy(), abs=1e-9)
            assert other["se"].to_numpy() == pytest.approx(group[0]["se"].to_numpy(), abs=1e-9)
    assert abs(plain[0]["att"] - full[0]["att"]).max() > 1e-3


def test_doubly_robust_is_the_weighted_mean_of_regression_residuals() -> None:
    """The two steps by hand for one effect: least squares among controls, then odds of the logit on the residuals."""
    from scipy.optimize import minimize

    panel = simulated(seed=7)
    wide = panel.pivot(index="site", columns="period", values="y")
    site = panel.drop_duplicates("site").set_index("site")
    kept = site["adopted"].isna() | (site["adopted"] == 3)
    change, x, d = (wide[4] - wide[2])[kept].to_numpy(), site["x"][kept].to_numpy(), (site["adopted"] == 3)[kept]
    d = d.to_numpy(dtype=float)
    z = np.column_stack([np.ones(len(x)), x])
    residual = change - z @ np.linalg.lstsq(z[d == 0], change[d == 0], rcond=None)[0]
    logit = minimize(lambda b: -(d * (z @ b) - np.log1p(np.exp(z @ b))).sum(), np.zeros(2), tol=1e-12).x
    odds = np.exp(z @ logit) * (1 - d)
    by_hand = residual[d == 1].mean() - (odds * residual).sum() / odds.sum()
    found = run(panel, covariates=["x"]).att.set_index(["group", "period"])
    assert found.loc[(3, 4), "att"] == pytest.approx(by_hand, abs=1e-6)


def test_the_average_child_weighs_sites_by_their_children() -> None:
    panel = simulated(seed=2)
    found = run(panel, weights="child").att.set_index(["group", "period"])
    change = panel[panel["period"] == 4].set_index("site")["y"] - panel[panel["period"] == 2].set_index("site")["y"]
    site = panel.drop_duplicates("site").set_index("site")
    own, never = site["adopted"] == 3, site["adopted"].isna()
    means = [np.average(change[which], weights=site["n"][which]) for which in (own, never)]
    assert found.loc[(3, 4), "att"] == pytest.approx(means[0] - means[1])
    assert "average child" in run(panel, weights="child").said


def test_base_periods_and_anticipation() -> None:
    panel = simulated()
    varying, universal = run(panel).att, run(panel, base="universal").att
    reference = universal[universal["period"] == universal["group"] - 1]
    assert (reference["att"] == 0).all()
    assert reference["se"].isna().all()
    merged = varying.merge(universal, on=["group", "period"])
    after = merged[merged["period"] >= merged["group"]]
    assert after["att_x"].to_numpy() == pytest.approx(after["att_y"].to_numpy())
    early = run(panel, anticipation=1).att.set_index(["group", "period"])
    wide = panel.pivot(index="site", columns="period", values="y")
    site = panel.drop_duplicates("site").set_index("site")["adopted"]
    change = wide[4] - wide[1]
    assert early.loc[(3, 4), "att"] == pytest.approx(change[site == 3].mean() - change[site.isna()].mean())


def test_small_groups_have_no_analytic_error_but_the_permutation_p() -> None:
    found = run(simulated(sizes=(14, 3)), permutations=199)
    small = found.att[found.att["group"] == 4]
    assert small["se"].isna().all()
    assert set(small["inferred"]) == {"permutation of adoption"}
    assert small["p"].between(1 / 200, 1).all()
    assert found.att[found.att["group"] == 3]["se"].notna().all()
    simple = found.aggregate("simple")
    assert math.isnan(simple.se)
    assert simple.inferred == "permutation of adoption"
    assert found.pretest is None
    assert "4 (3)" in found.said
    assert "not design-based" in found.said
    assert run(simulated(sizes=(14, 3)), smallest_cohort=1).att["se"].notna().all()
    with_covariate = run(simulated(sizes=(14, 3)), covariates=["x"])
    assert with_covariate.att[with_covariate.att["group"] == 4]["p"].isna().all()


def test_the_covariance_of_an_aggregate_is_for_large_groups_only() -> None:
    found = run(simulated(), base="universal").aggregate("dynamic")
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(found.table["se"].fillna(0).to_numpy())
    with pytest.raises(NotComputable, match="Use the permutation p"):
        _ = run(simulated(sizes=(14, 3)), permutations=9).aggregate("dynamic").covariance


def test_few_comparison_sites_have_no_analytic_error_either() -> None:
    found = run(simulated(never=3), permutations=99)
    assert found.att["se"].isna().all()
    assert found.att["p"].between(0.01, 1).all()
    assert "contrasts with fewer than 4 comparison sites" in found.said
    assert "groups of fewer" not in found.said
    assert "comparison sites" not in run(simulated(never=4, sizes=(14, 3)), permutations=9).said


def test_nullable_and_infinite_starts_mean_the_same() -> None:
    panel = simulated()
    one = run(panel)
    for column in (panel["adopted"].fillna(np.inf), panel["adopted"].astype("Int64"), panel["adopted"].fillna(99)):
        assert run(panel.assign(adopted=column)).att.equals(one.att)


def test_the_permutation_p_equals_refitting_every_assignment() -> None:
    panel = simulated(seed=3, never=4, sizes=(2, 1), periods=5)
    found = run(panel, permutations=1000).att.set_index(["group", "period"])
    sites = panel["site"].unique()
    starts = panel.drop_duplicates("site")["adopted"].to_numpy()
    every = set(permutations([-1 if math.isnan(s) else s for s in starts]))
    values = []
    for order in sorted(every):
        again = panel["site"].map(dict(zip(sites, order, strict=True))).replace(-1, np.nan)
        values.append(run(panel.assign(adopted=again), permutations=1, smallest_cohort=1).estimates)
    assert len(every) == 105
    share = (np.abs(values) >= np.abs(found["att"].to_numpy()) * (1 - 1e-9)).mean(axis=0)
    assert found["p"].to_numpy() == pytest.approx(share)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.sampled_from(["never", "notyet"]))
def test_levels_trends_and_order_of_rows_do_not_matter(seed: int, shift: float, control: str) -> None:
    panel = simulated(seed=seed, never=6, sizes=(5, 4), periods=5)
    moved = panel.assign(y=panel["y"] + shift * panel["period"] ** 2 + panel["site"].str[1:].astype(float))
    one = run(panel, control=control, permutations=1)
    other = run(moved.sample(frac=1, random_state=seed), control=control, permutations=1)
    assert other.estimates == pytest.approx(one.estimates, abs=1e-8)
    for kind in ("simple", "dynamic", "group", "calendar"):
        assert other.aggregate(kind).overall == pytest.approx(one.aggregate(kind).overall, abs=1e-8)


def test_sites_that_can_not_be_used_are_left_out_and_counted() -> None:
    panel = simulated()
    panel = panel.assign(adopted=panel["adopted"].where(panel["site"] != "s000", 0.0))
    panel = panel[(panel["site"] != "s001") | (panel["period"] != 2)]
    found = run(panel)
    assert found.left_out == {"a gap in the series": 1, "no period before adoption": 1}
    assert found.cohorts == {3.0: 12, 4.0: 12}
    assert "Left out: 1 sites with a gap" in found.said


def test_not_yet_adopted_sites_compare_where_none_stays_untreated() -> None:
    panel = simulated(never=0, sizes=(12, 12))
    found = run(panel, control="notyet")
    assert found.att.query("group == 3 and period >= 3")["period"].tolist() == [3]
    with pytest.raises(NotComputable, match='control="notyet"'):
        run(panel)


def test_refusals_say_why() -> None:
    panel = simulated()
    with pytest.raises(NotComputable, match="leave it empty for sites that never adopt"):
        run(panel.assign(period=panel["period"] + 2000, adopted=panel["adopted"].fillna(0)))
    with pytest.raises(NotComputable, match="no group to estimate"):
        run(panel.assign(adopted=np.nan))
    with pytest.raises(NotComputable, match="changes from period to period"):
        run(panel.assign(adopted=panel["period"]))
    with pytest.raises(NotComputable, match="told apart among the comparison"):
        run(panel.assign(c=1.0), method="reg", covariates=["c"])
    with pytest.raises(NotComputable, match="separate sites"):
        run(panel.assign(c=panel["adopted"].notna().astype(float)), method="ipw", covariates=["c"])
    with pytest.raises(NotComputable, match="must be numbers"):
        run(panel.assign(period="spring " + panel["period"].astype(str)))
    with pytest.raises(NotComputable, match="no column children"):
        run(panel, weights="child", children="children")
    with pytest.raises(NotComputable, match="counts no children"):
        run(panel.assign(n=0), weights="child")
    with pytest.raises(NotComputable, match="complete series"):
        run(panel.assign(y=np.nan))
    with pytest.raises(NotComputable, match="lacks a value"):
        run(panel.assign(x=panel["x"].where(panel["site"] != "s004")), covariates=["x"])
    for option in ({"control": "all"}, {"method": "ols"}, {"base": "last"}, {"weights": "people"}):
        with pytest.raises(ValueError, match="must be"):
            run(panel, **option)
    with pytest.raises(ValueError, match="kind must be one of"):
        run(panel).aggregate("mean")
    with pytest.raises(ValueError, match="two rows"):
        run(pd.concat([panel, panel.head(1)]))
