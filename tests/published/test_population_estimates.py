"""Means, totals, shares, raking against R's survey 4.1 (California schools, api), pooling against mice, p.adjust, polr."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from joinedup.survey import (
    benjamini_hochberg,
    estimate_mean,
    estimate_proportions,
    estimate_total,
    holm,
    pool,
    post_stratify,
    proportional_odds,
    rake,
)

STYPE = {"E": 4421, "H": 755, "M": 1018}
SCHEMES = {"No": 1072, "Yes": 5122}


@pytest.fixture(scope="module")
def api(shared: Path) -> dict[str, pd.DataFrame]:
    folder = shared / "acceptance/survey/api"
    return {name: pd.read_csv(folder / f"{name}.csv") for name in ("apisrs", "apistrat", "apiclus1")}


@pytest.mark.shared
def test_a_simple_random_sample(api: dict[str, pd.DataFrame]) -> None:
    schools = api["apisrs"]
    found = estimate_mean(schools["api00"], fpc=schools["fpc"])
    assert (found.estimate, found.se) == pytest.approx((656.585, 9.24972), abs=5e-6)
    assert found.deff == pytest.approx(1)
    assert estimate_mean(schools["api00"]).se == pytest.approx(9.4027722, abs=5e-8)
    total = estimate_total(schools["enroll"], fpc=6194)
    assert (total.estimate, total.se) == pytest.approx((3621074, 169520), abs=0.5)
    shares = estimate_proportions(schools["stype"], fpc=schools["fpc"])
    assert shares["estimate"].tolist() == pytest.approx([0.710, 0.125, 0.165])
    assert shares["se"].tolist() == pytest.approx([0.03164, 0.02306, 0.02588], abs=5e-6)
    assert tuple(shares.loc["E", ["low", "high"]]) == pytest.approx((0.643900327619, 0.768246229844), abs=1e-9)


@pytest.mark.shared
def test_a_stratified_sample(api: dict[str, pd.DataFrame]) -> None:
    schools = api["apistrat"]
    design = {"strata": schools["stype"], "fpc": schools["fpc"]}
    found = estimate_mean(schools["api00"], **design)
    assert (found.estimate, found.se, found.df) == pytest.approx((662.28736, 9.40894, 197), abs=5e-6)
    assert found.interval == "t"
    assert found.ci == pytest.approx((643.7322, 680.8425), abs=5e-5)
    normal = estimate_mean(schools["api00"], weights=schools["pw"], interval="normal", **design)
    assert normal.ci == pytest.approx((643.84618, 680.72855), abs=5e-6)
    total = estimate_total(schools["enroll"], **design)
    assert (total.estimate, total.se) == pytest.approx((3687178, 114642), abs=0.5)
    for kind, mean, se in (("E", 674.43, 12.382480), ("H", 625.82, 14.937129), ("M", 636.60, 16.214707)):
        part = estimate_mean(schools["api00"], domain=schools["stype"] == kind, **design)
        assert (part.estimate, part.se) == pytest.approx((mean, se), abs=5e-7)


@pytest.mark.shared
def test_a_domain_that_crosses_the_strata(api: dict[str, pd.DataFrame]) -> None:
    """R: svyby(~enroll, ~sch.wide, design, svymean) on apistrat."""
    schools = api["apistrat"]
    found = estimate_mean(
        schools["enroll"], strata=schools["stype"], fpc=schools["fpc"], domain=schools["sch.wide"] == "No"
    )
    assert (found.estimate, found.se) == pytest.approx((950.621109082, 94.5704815809), rel=1e-6)


@pytest.mark.shared
def test_a_cluster_sample(api: dict[str, pd.DataFrame]) -> None:
    schools = api["apiclus1"]
    design = {"weights": schools["pw"], "cluster": schools["dnum"], "fpc": schools["fpc"]}
    found = estimate_mean(schools["api00"], **design)
    assert (found.estimate, found.se) == pytest.approx((644.1694, 23.5422), abs=5e-5)
    assert found.deff == pytest.approx(9.34587, abs=5e-6)
    assert found.df == 14
    total = estimate_total(schools["enroll"], **design)
    assert (total.estimate, total.se) == pytest.approx((3404940, 932235), abs=0.5)


@pytest.mark.shared
def test_raking(api: dict[str, pd.DataFrame]) -> None:
    schools = api["apiclus1"]
    found = rake(schools, {"stype": STYPE, "sch.wide": SCHEMES}, weights=schools["pw"])
    assert (found.smallest, found.largest) == pytest.approx((29.870675, 67.125529), abs=5e-7)
    cells = found.weights.groupby([schools["stype"], schools["sch.wide"]]).mean()
    wanted = [39.839236, 29.870675, 67.125529, 50.329401, 49.069072, 36.791025]
    assert cells.tolist() == pytest.approx(wanted, abs=5e-7)
    assert found.warnings == ("Only 3 respondents are stype H and sch.wide No: their weights rest on few.",)
    design = {"cluster": schools["dnum"], "fpc": schools["fpc"], "calibration": found}
    mean = estimate_mean(schools["api00"], **design)
    assert (mean.estimate, mean.se) == pytest.approx((641.23032, 23.7036), abs=5e-5)
    total = estimate_total(schools["enroll"], **design)
    assert (total.estimate, total.se) == pytest.approx((3647280.15, 400603), abs=0.5)


@pytest.mark.shared
def test_post_stratification(api: dict[str, pd.DataFrame]) -> None:
    schools = api["apiclus1"]
    found = post_stratify(schools["stype"], STYPE, weights=schools["pw"])
    design = {"cluster": schools["dnum"], "fpc": schools["fpc"], "calibration": found}
    mean = estimate_mean(schools["api00"], **design)
    assert (mean.estimate, mean.se) == pytest.approx((642.311, 23.9205), abs=5e-4)
    total = estimate_total(schools["enroll"], **design)
    assert (total.estimate, total.se) == pytest.approx((3680893, 406293), abs=0.5)


def test_a_census_and_nearly_one() -> None:
    census = estimate_mean(range(1, 36), fpc=35)
    assert (census.estimate, census.se, census.ci) == (18, 0, (18, 18))
    nearly = estimate_mean(range(1, 31), fpc=35)
    assert (nearly.estimate, nearly.se) == pytest.approx((15.5, 0.60749), abs=5e-6)


@pytest.mark.parametrize(
    ("complete", "df", "fmi"), [(34, 23.013520840439, 0.224863667749), (None, 155.655328798186, 0.170890486322)]
)
def test_pooling(complete: float | None, df: float, fmi: float) -> None:
    """mice 3.15: pool.scalar(Q, U, n = 35, k = 1) and n = Inf."""
    found = pool([10.2, 9.8, 10.9, 10.1, 10.5], [1.1, 1.3, 0.9, 1.2, 1.0], complete)
    assert (found.estimate, found.within, found.between, found.total) == pytest.approx((10.3, 1.1, 0.175, 1.31))
    assert found.riv == pytest.approx(0.190909090909)
    assert (found.df, found.fmi) == pytest.approx((df, fmi), rel=1e-11)
    assert found.se == pytest.approx(1.31**0.5)


def test_adjusted_p_values() -> None:
    """R: p.adjust(p, "holm") and p.adjust(p, "BH")."""
    p = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.2]
    assert holm(p).tolist() == pytest.approx([0.06, 0.1, 0.12, 0.12, 0.12, 0.007, 0.2])
    wanted = [0.035, 0.0466666666667, 0.0525, 0.056, 0.0583333333333, 0.007, 0.2]
    assert benjamini_hochberg(p).tolist() == pytest.approx(wanted, abs=1e-12)


Y = (
    "433243322331134343444321331414341332312224344312433442243444"
    "214341444443141414341331233123414442344321244321342223244323"
)
X = (
    "001101111000101011011010000010010011101011111100110100000110"
    "100010010101000110110100101000001111001110011000111100001001"
)
SITE = np.tile(range(1, 7), 20)


def test_proportional_odds_with_site_effects() -> None:
    """MASS::polr(factor(y) ~ x + factor(site)) on SIMULATED answers of 20 people at each of 6 sites."""
    y, x = np.array(list(Y), dtype=int), np.array(list(X), dtype=int)
    found = proportional_odds(y, x, SITE)
    assert found.terms["estimate"].tolist() == pytest.approx([0.8341338], abs=5e-5)
    assert found.log_likelihood == pytest.approx(-153.683560963, abs=1e-7)
    assert found.thresholds.tolist() == pytest.approx([-1.2440701, -0.1148112, 1.2250720], abs=5e-5)
    effects = [0, 0.9675866, 0.1927942, 0.4067284, -0.0924794, -0.5940956]
    assert found.sites.tolist() == pytest.approx(effects, abs=5e-5)
