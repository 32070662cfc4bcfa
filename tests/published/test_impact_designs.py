"""Group-time effects, cross-checks, synthetic control and synthetic DiD against published digits and other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from joinedup.impact import group_time, imputation, sun_abraham, synthetic_control, synthetic_did

pytestmark = pytest.mark.shared

SCENARIOS = {
    "mpdta_nev_dr": {},
    "mpdta_nyt_dr": {"control": "notyet"},
    "mpdta_nev_reg_cov": {"method": "reg", "covariates": ["lpop"]},
    "mpdta_nev_ipw": {"method": "ipw"},
}
# moderndid 0.2.0, att_gt(..., xformla="~lpop", est_method="dr"), analytic errors; R's did prints the same to 4 digits.
DOUBLY_ROBUST = {
    (2004, 2004): (-0.01452966830489871, 0.02212915723833554),
    (2004, 2007): (-0.10690389811145941, 0.03288649300289722),
    (2006, 2005): (-0.006202524579796513, 0.018495701904182673),
    (2007, 2007): (-0.028781361039486447, 0.016238952966185993),
}
# diff-diff 3.13.0, CallawaySantAnna(estimation_method="ipw") with the covariate lpop.
WEIGHTED = {
    (2004, 2004): (-0.01454843115413968, 0.02211453311143675),
    (2006, 2006): (0.0012080452397307227, 0.019487929103449063),
    (2007, 2004): (0.02655610362356159, 0.014044158504648846),
}


@pytest.fixture(scope="module")
def mpdta(shared: Path) -> pd.DataFrame:
    panel = pd.read_csv(shared / "acceptance/impact/mpdta/mpdta.csv")
    return panel.assign(adopted=panel["first.treat"].replace(0, np.nan))


@pytest.fixture(scope="module")
def prop99(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "acceptance/impact/prop99/california_prop99.csv", sep=";")


def estimated(panel: pd.DataFrame, **options):
    return group_time(panel, "lemp", "countyreal", "year", "adopted", **options)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_group_time_effect_equals_r_did(scenario: str, mpdta: pd.DataFrame, shared: Path) -> None:
    reference = pd.read_csv(shared / "acceptance/impact/mpdta/ref_attgt.csv").query("scenario == @scenario")
    found = estimated(mpdta, **SCENARIOS[scenario]).att
    both = reference.merge(found, left_on=["group", "t"], right_on=["group", "period"], suffixes=("_r", ""))
    assert len(both) == len(found) == 12
    assert both["att"].to_numpy() == pytest.approx(both["att_r"].to_numpy(), abs=1e-12)
    assert both["se"].to_numpy() == pytest.approx(both["se_r"].to_numpy(), abs=1e-12)


@pytest.mark.parametrize("kind", ["simple", "dynamic", "group", "calendar"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_aggregate_equals_r_did(scenario: str, kind: str, mpdta: pd.DataFrame, shared: Path) -> None:
    every = pd.read_csv(shared / "acceptance/impact/mpdta/ref_aggte.csv")
    reference = every[(every["scenario"] == scenario) & (every["type"] == kind)]
    found = estimated(mpdta, **SCENARIOS[scenario]).aggregate(kind)
    assert found.overall == pytest.approx(reference["overall_att"].iloc[0], abs=1e-12)
    assert found.se == pytest.approx(reference["overall_se"].iloc[0], abs=1e-12)
    if kind != "simple":
        assert found.table.iloc[:, 0].tolist() == reference["egt"].tolist()
        assert found.table["att"].to_numpy() == pytest.approx(reference["att_egt"].to_numpy(), abs=1e-12)
        assert found.table["se"].to_numpy() == pytest.approx(reference["se_egt"].to_numpy(), abs=1e-12)


def test_the_pretest_equals_the_readme_of_did(mpdta: pd.DataFrame) -> None:
    pretest = estimated(mpdta).pretest
    assert pretest is not None
    assert (pretest.df, round(pretest.p, 5)) == (5, 0.16812)


@pytest.mark.parametrize(("method", "expected"), [("dr", DOUBLY_ROBUST), ("ipw", WEIGHTED)])
def test_covariates_equal_two_other_programs(method: str, expected: dict, mpdta: pd.DataFrame) -> None:
    found = estimated(mpdta, method=method, covariates=["lpop"]).att.set_index(["group", "period"])
    for which, (att, se) in expected.items():
        assert found.loc[which, "att"] == pytest.approx(att, abs=1e-12)
        assert found.loc[which, "se"] == pytest.approx(se, abs=1e-12)


def test_uniform_bands_are_wider_and_draws_agree_with_the_analytic_errors(mpdta: pd.DataFrame) -> None:
    found = estimated(mpdta, draws=4999, seed=1)
    assert found.att["se_draws"].to_numpy() == pytest.approx(found.att["se"].to_numpy(), rel=0.06)
    assert 2.5 < found.critical < 3.1  # 12 parameters: between 2.5 and the Bonferroni 2.87, with room for correlation
    assert estimated(mpdta, draws=4999, seed=1).critical == found.critical


def test_cross_checks_equal_diff_diff(mpdta: pd.DataFrame) -> None:
    """diff-diff 3.13.0, ImputationDiD and SunAbraham on the same data."""
    imputed = imputation(mpdta, "lemp", "countyreal", "year", "adopted")
    assert imputed.overall == pytest.approx(-0.0477099182778, abs=1e-8)
    assert imputed.se == pytest.approx(0.01322248865, abs=1e-9)
    assert imputed.table["att"].tolist() == pytest.approx([-0.0310669272, -0.0522348567, -0.1360781144, -0.1047074716])
    assert imputed.table["se"].tolist() == pytest.approx([0.0135772497, 0.0188124268, 0.0353419721, 0.0337658534])
    weighted = sun_abraham(mpdta, "lemp", "countyreal", "year", "adopted")
    assert weighted.overall == pytest.approx(-0.039951275155176276, abs=1e-12)
    assert weighted.se == pytest.approx(0.011796277441754287, abs=1e-10)


@pytest.mark.parametrize(
    ("design", "solver", "expected", "tolerance"),
    [
        (synthetic_did, "synthdid", -15.6038278727, 1e-8),
        (synthetic_control, "synthdid", -19.6196634709, 1e-8),
        (synthetic_did, "exact", -15.605398, 1e-6),
        (synthetic_control, "exact", -19.513630, 1e-6),
    ],
)
def test_proposition_99(design, solver: str, expected: float, tolerance: float, prop99: pd.DataFrame) -> None:
    """R synthdid 0.0.9 (Arkhangelsky et al. 2021, table 1) and the exact optima."""
    found = design(prop99, "PacksPerCapita", "State", "Year", "treated", 1989, solver=solver)
    assert found.estimate == pytest.approx(expected, abs=tolerance)
    assert found.weights.sum() == pytest.approx(1)
    assert len(found.weights) == 38


def test_all_placebos_of_proposition_99(prop99: pd.DataFrame) -> None:
    did = synthetic_did(prop99, "PacksPerCapita", "State", "Year", "California", 1989).placebos()
    control = synthetic_control(prop99, "PacksPerCapita", "State", "Year", "California", 1989).placebos()
    assert (did.draws, did.enumerated, did.seed) == (38, True, None)
    assert (round(did.se, 4), round(did.se_sample, 4)) == (9.3684, 9.4942)
    # The reference solved this with the sum of the weights as a penalty, which is exact to about 2e-4 only.
    assert (control.se, control.se_sample) == (pytest.approx(10.6330, abs=2e-4), pytest.approx(10.7756, abs=3e-4))
    assert (did.p, control.p) == (2 / 39, 3 / 39)
    assert did.perfect == control.perfect == 0


def test_equal_weights_give_the_difference_in_differences(prop99: pd.DataFrame) -> None:
    """-27.3491110836: with a very large ridge the unit weights are equal; the mean gap before is then taken off."""
    found = synthetic_did(prop99, "PacksPerCapita", "State", "Year", "treated", 1989, ridge=1e9)
    gap = found.path["gap"].to_numpy()
    assert gap[19:].mean() - gap[:19].mean() == pytest.approx(-27.3491110836, abs=1e-6)
