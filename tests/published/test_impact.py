"""Published numbers of two-way fixed effects and event studies: R fixest, the Bacon decomposition's castle, Medicaid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from joinedup.impact.event_effects import event_study
from joinedup.impact.jackknife import leave_one_out
from joinedup.impact.model import TooFewClusters
from joinedup.impact.randomization import randomization_test
from joinedup.impact.two_way import did

pytestmark = pytest.mark.shared

FIXEST = {  # R fixest 0.12.2, feols(y ~ x1 + i(period, treat, 5) | id + period, vcov = ~id)
    -5: (-1.403045486284, 1.1102666229053),
    -4: (-1.247510784444, 1.0931445634177),
    -3: (-0.273205962245, 1.1069350577610),
    -2: (-1.795720563992, 1.0879737653669),
    0: (0.784452028314, 1.0283880749032),
    1: (3.598897331598, 1.1015634144393),
    2: (3.811766212016, 1.2475019657748),
    3: (4.731426200909, 1.0971126493470),
    4: (6.606228841916, 1.1204942994455),
}
MEDICAID = {  # betahat of the HonestDiD example, six printed digits
    -6: (-0.005285, 0.008654),
    -5: (-0.011297, 0.008524),
    -4: (-0.002676, 0.007108),
    -3: (-0.001419, 0.006327),
    -2: (0.000340, 0.007391),
    0: (0.046447, 0.009152),
    1: (0.069206, 0.010350),
}


def test_event_study_equals_r_fixest(shared: Path) -> None:
    cells = pd.read_csv(shared / "acceptance/impact/base_did/base_did.csv")
    cells["adopted"] = np.where(cells["treat"] == 1, 6.0, np.nan)
    found = event_study(cells, "y", "id", "period", "adopted", covariates=["x1"])
    assert set(found.terms) == set(FIXEST)
    for relative, (estimate, se) in FIXEST.items():
        assert found.terms[relative].estimate == pytest.approx(estimate, abs=1e-9)
        assert found.terms[relative].se == pytest.approx(se, abs=1e-9)
    assert found.covariates["x1"].estimate == pytest.approx(0.973490151261, abs=1e-9)
    assert found.covariates["x1"].se == pytest.approx(0.0456783117647, abs=1e-9)
    assert found.cohorts == {6: 55}
    assert found.terms[0].n_units == 108


def castle(shared: Path) -> pd.DataFrame:
    cells = pd.read_csv(shared / "acceptance/impact/castle/castle.csv", usecols=["state", "year", "l_homicide", "post"])
    starts = cells[cells["post"] == 1].groupby("state")["year"].min()
    return cells.assign(adopted=cells["state"].map(starts))


def test_two_way_fixed_effects_equal_the_castle_doctrine(shared: Path) -> None:
    found = did(castle(shared), "l_homicide", "state", "year", "post")
    assert found.estimate == pytest.approx(0.0818116169306475, abs=1e-10)
    assert found.se == pytest.approx(0.05887422, abs=1e-8)
    assert (found.n_units, found.n_cells, found.n_treated) == (50, 550, 21)
    assert found.ci[0] < 0 < found.ci[1]


def test_castle_without_each_state(shared: Path) -> None:
    """R 4.2.2: lm with state and year indicators, refitted without each state; CR3 with the factor (G-1)/G."""
    assert did(castle(shared), "l_homicide", "state", "year", "post").se_cr3 == pytest.approx(
        0.059903644447489, abs=1e-11
    )
    found = leave_one_out(castle(shared), "l_homicide", "state", "year", "post").sort_values()
    assert (found.index[0], found.index[-1]) == ("South Dakota", "Delaware")
    assert (found.iloc[0], found.iloc[-1]) == pytest.approx((0.0359383330845, 0.0977024803814), abs=1e-11)


def test_proposition_99_by_two_way_fixed_effects(shared: Path) -> None:
    """-27.3491110836 (R synthdid 0.0.9, did_estimate): one treated state, so that no clustered p is offered."""
    panel = pd.read_csv(shared / "acceptance/impact/prop99/california_prop99.csv", sep=";")
    found = did(panel, "PacksPerCapita", "State", "Year", "treated")
    assert found.estimate == pytest.approx(-27.3491110836, abs=1e-9)
    with pytest.raises(TooFewClusters, match="1 treated and 38 comparison"):
        _ = found.p


def test_randomisation_has_the_same_coefficient(shared: Path) -> None:
    found = randomization_test(castle(shared), "l_homicide", "state", "year", "adopted", draws=99, seed=1)
    assert found.estimate == pytest.approx(0.0818116169306475, abs=1e-10)


def test_event_study_equals_the_medicaid_example(shared: Path) -> None:
    cells = pd.read_csv(shared / "acceptance/impact/medicaid_ehec/ehec_data.csv")
    cells = cells[(cells["year"] < 2016) & (cells["yexp2"] != 2015)]
    assert len(cells) == 344
    cells = cells.assign(adopted=cells["yexp2"].where(cells["yexp2"] == 2014))
    found = event_study(cells, "dins", "stfips", "year", "adopted")
    for relative, (estimate, se) in MEDICAID.items():
        assert found.terms[relative].estimate == pytest.approx(estimate, abs=5e-7)
        assert found.terms[relative].se == pytest.approx(se, abs=5e-7)
