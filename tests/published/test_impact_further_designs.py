"""Interrupted series, effects by score, effects by site and the specification curve against digits of R 4.2.2: sandwich's
NeweyWest on the annual flow of the Nile (R's `Nile`; Cobb 1978, Biometrika 65), fixest 0.12.2 on a made-up panel; HonestDiD's shortest
intervals of other effects against Python's moderndid 0.2.0."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from joinedup.impact import did, dose_response, honest_did, interrupted_time_series, site_effects, specification_curve
from joinedup.impact.model import DidFit
from tests.impact_panel import made_up_panel

KEYS = ("y", "unit", "period")
NILE = [
    *(1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140),
    *(1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969),
    *(831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759),
    *(781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890),
    *(744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740),
]


@pytest.fixture(scope="module")
def one_start() -> pd.DataFrame:
    """The units that begin in period 6 and those that never do."""
    panel = made_up_panel()
    return panel[panel["adopted"].isna() | (panel["adopted"] == 6)]


@pytest.mark.parametrize(
    ("lags", "level", "slope", "last"),
    [
        (None, (-289.10268537, 63.04980366, 0.0000136696), (-0.46908877, 2.75728592, 0.8652682813), 241.59264280),
        (0, (-289.10268537, 53.29376875, 0.0000004338), (-0.46908877, 2.77256942, 0.8660038243), 227.35710431),
    ],
)
def test_the_break_of_the_nile_in_1899_equals_r(
    lags: int | None, level: tuple[float, ...], slope: tuple[float, ...], last: float
) -> None:
    """100 years: 4 lags by default. R: lm(y ~ time + after + after:time), NeweyWest(prewhite = FALSE, adjust = TRUE)."""
    series = pd.DataFrame({"unit": "Aswan", "period": range(1871, 1971), "y": NILE})
    found = interrupted_time_series(series, *KEYS, 1899, lags=lags)
    assert found.lags == (4 if lags is None else lags)
    assert (found.level.estimate, found.level.se) == pytest.approx(level[:2], abs=1e-7)
    assert (found.slope.estimate, found.slope.se) == pytest.approx(slope[:2], abs=1e-7)
    assert (found.level.p, found.slope.p) == pytest.approx((level[2], slope[2]), abs=1e-9)
    assert (found.last.estimate, found.last.se) == pytest.approx((-322.40798787, last), abs=1e-7)
    if lags is None:
        assert (found.level.low, found.level.high) == pytest.approx((-414.255556483, -163.949814250), abs=1e-7)


@pytest.mark.parametrize(
    ("covariates", "slope", "effect"), [([], 0.2061519305, 1.4786596602), (["x"], 0.2163879042, 1.4792727418)]
)
def test_effects_by_score_equal_the_interaction_in_fixest(
    covariates: list[str], slope: float, effect: float, one_start: pd.DataFrame
) -> None:
    scored = one_start[one_start["kept"] == 1].assign(score=lambda rows: rows["unit"] * 7 % 5)
    found = dose_response(scored, *KEYS, "adopted", "score", draws=99, covariates=covariates)
    assert (found.slope, found.effect) == pytest.approx((slope, effect), abs=1e-9)


def test_effects_by_site_equal_a_regression_for_each_in_fixest(one_start: pd.DataFrame) -> None:
    expected = {1: 1.4164000508, 5: 0.7336667090, 9: 2.1109333672, 45: 1.7563332910}
    found = site_effects(one_start, *KEYS, "adopted").table.set_index("unit")["effect"]
    for unit, digits in expected.items():
        assert found[unit] == pytest.approx(digits, abs=1e-9)


def test_every_specification_equals_its_regression_in_fixest(one_start: pd.DataFrame) -> None:
    expected = {
        (1, True): (1.4805333376, 0.2036175289),
        (1, False): (1.5587181903, 0.1938098616),
        (3, True): (1.4413407440, 0.1770124657),
        (3, False): (1.5002319931, 0.1737166479),
    }
    errors: dict[tuple[int, bool], float] = {}

    def run(since: int, with_third: bool) -> DidFit:
        kept = one_start[(one_start["period"] >= since) & (with_third | (one_start["unit"] != 3))]
        fit = did(kept, *KEYS, "on")
        errors[since, with_third] = fit.se
        return fit

    table = specification_curve({"since": [1, 3], "with_third": [True, False]}, run).table
    assert len(table) == len(expected)
    for row in table.itertuples():
        estimate, se = expected[row.since, row.with_third]
        assert (row.estimate, errors[row.since, row.with_third]) == pytest.approx((estimate, se), abs=1e-9)
    assert table["estimate"].tolist() == pytest.approx(sorted(estimate for estimate, _ in expected.values()))


MEAN = (1 / 3, 1 / 3, 1 / 3)


@pytest.mark.parametrize(
    ("parameter", "bound", "expected"),
    [
        (0, 0.0, (0.2533783538, 0.6463207549)),
        (0, 0.2, (0.0211240276, 0.9988756790)),
        (2, 0.0, (0.4335672801, 1.2796474097)),
        (2, 0.05, (-0.0097882583, 1.5989555194)),
        (2, 0.2, (-0.8226910104, 2.7826904149)),
        (MEAN, 0.0, (0.3601725497, 0.9296136296)),
        (MEAN, 0.05, (0.0841608857, 1.1223740656)),
        (MEAN, 0.2, (-0.3636370438, 1.8369700964)),
    ],
)
def test_smoothness_intervals_of_later_and_mean_effects_equal_moderndid(
    parameter: int | tuple[float, ...], bound: float, expected: tuple[float, float]
) -> None:
    """Made up: three estimates before and three after. Its optimiser stops about 1e-4 from the optimum."""
    sd = np.array([0.12, 0.11, 0.09, 0.10, 0.13, 0.17])
    apart = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
    covariance = (np.outer(sd, sd) * 0.5 ** (apart / 2)).tolist()
    estimates = [0.10, -0.04, 0.06, 0.45, 0.60, 0.80]
    found = honest_did(estimates, covariance, 3, 3, "smoothness", bound, parameter)
    assert (found.lower, found.upper) == pytest.approx(expected, abs=1.5e-4)
    assert found.upper - found.lower <= expected[1] - expected[0] + 1e-6
