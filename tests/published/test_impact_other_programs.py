"""Impact designs on one made-up panel (staggered starts, gaps, counts) against digits that other programs gave for it:
R's fixest 0.12.2 (sunab, i, feols), bacondecomp 0.1.3 and synthdid 0.0.9; Python's moderndid 0.2.0 (a port of R's did) and wildboottest 0.3.2."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from joinedup.impact import (
    bacon,
    did,
    event_study,
    group_time,
    sun_abraham,
    synthetic_control,
    synthetic_did,
    wild_cluster_bootstrap,
)
from tests.impact_panel import made_up_panel

KEYS = ("y", "unit", "period")


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return made_up_panel()


@pytest.fixture(scope="module")
def gaps(panel: pd.DataFrame) -> pd.DataFrame:
    return panel[panel["kept"] == 1]


INTERACTED = {
    -3: (0.0593151482, 0.1821223203),
    -2: (0.2828383208, 0.1981387784),
    0: (1.2833634216, 0.1897203269),
    1: (1.3064375172, 0.1875087419),
    3: (1.9729109098, 0.3114213593),
}
POOLED = {
    -3: (0.0581878413, 0.1757212422),
    -2: (0.2174081994, 0.1821044876),
    0: (1.2864029718, 0.1819642383),
    1: (1.2761432813, 0.1690445656),
    3: (1.8666050710, 0.2394299844),
}


@pytest.mark.parametrize(
    ("method", "expected", "of_x"),
    [
        ("sun-abraham", INTERACTED, (-0.0576601436, 0.0374684981)),
        ("twfe", POOLED, (-0.0557363888, 0.0373217492)),
    ],
)
def test_event_study_with_gaps_and_a_covariate_equals_fixest(
    method: str, expected: dict[int, tuple[float, float]], of_x: tuple[float, float], gaps: pd.DataFrame
) -> None:
    found = event_study(gaps, *KEYS, "adopted", covariates=["x"], method=method)
    for when, digits in expected.items():
        assert (found.terms[when].estimate, found.terms[when].se) == pytest.approx(digits, abs=1e-9)
    assert (found.covariates["x"].estimate, found.covariates["x"].se) == pytest.approx(of_x, abs=1e-9)


def test_the_mean_over_treated_cells_equals_fixest(gaps: pd.DataFrame) -> None:
    found = sun_abraham(gaps, *KEYS, "adopted", covariates=["x"])
    assert (found.overall, found.se) == pytest.approx((1.6254559175, 0.1767898186), abs=1e-9)


def test_the_average_child_of_an_event_study_equals_fixest_with_weights(panel: pd.DataFrame) -> None:
    """fixest counts cells in (N-1)/(N-k), k = 24 coefficients + 9 periods, where we count the children that they hold."""
    found = event_study(panel, *KEYS, "adopted", weights="child")
    children, cells = panel["n"].sum(), len(panel)
    factor = math.sqrt((children - 1) / (children - 33) / ((cells - 1) / (cells - 33)))
    expected = {-3: (-0.0509887064, 0.1680447495), 0: (0.9284376536, 0.1959397810), 3: (1.8213108030, 0.3278672566)}
    for when, (estimate, se) in expected.items():
        assert found.terms[when].estimate == pytest.approx(estimate, abs=1e-9)
        assert found.terms[when].se == pytest.approx(se * factor, abs=1e-9)


def test_difference_in_differences_with_gaps_equals_fixest(gaps: pd.DataFrame) -> None:
    found = did(gaps, *KEYS, "on", ["x"])
    assert (found.estimate, found.se) == pytest.approx((1.2145642509, 0.1087558959), abs=1e-9)


def test_the_decomposition_equals_bacondecomp_also_with_units_always_treated(panel: pd.DataFrame) -> None:
    always = panel.assign(on=panel["on"].where(panel["unit"] % 16 != 0, 1.0))
    plain = {"earlier": (0.28, 1.16898069008), "later": (0.20, 0.61383703516), "never": (0.52, 1.40782949158)}
    other = {
        "earlier": (0.23767383059, 1.09255890512),
        "later": (0.16182048040, 0.55096296326),
        "never": (0.48040455120, 1.37154123108),
        "always": (0.12010113780, -0.03921405113),
    }
    for frame, expected in ((panel, plain), (always, other)):
        table = bacon(frame, *KEYS, "on").table
        found = dict(zip(table["kind"], zip(table["weight"], table["estimate"], strict=True), strict=True))
        names = {
            "earlier": "earlier against later treated",
            "later": "later against earlier treated",
            "never": "treated against never treated",
            "always": "treated against always treated",
        }
        assert len(found) == len(expected)
        for short, digits in expected.items():
            assert found[names[short]] == pytest.approx(digits, abs=1e-9)


def test_three_treated_units_equal_synthdid(panel: pd.DataFrame) -> None:
    few = panel[(panel["unit"] % 4 == 3) | panel["unit"].isin([1, 5, 9])]
    few = few.assign(d=((few["unit"] % 4 == 1) & (few["period"] >= 6)).astype(int))
    assert synthetic_did(few, *KEYS, "d", solver="synthdid").estimate == pytest.approx(1.3306284093, abs=1e-9)
    assert synthetic_control(few, *KEYS, "d", solver="synthdid").estimate == pytest.approx(1.1236676250, abs=1e-9)
    assert did(few, *KEYS, "d").estimate == pytest.approx(1.4203333757, abs=1e-9)


GROUP_TIME = [  # control, method, covariate, anticipation, base; group 6 in period 7; the four aggregates
    (
        ("never", "dr", "z", 0, "varying"),
        (1.3010242389, 0.3505365461),
        {
            "simple": (1.4559816015, 0.1408171911),
            "dynamic": (1.6060751341, 0.1442469175),
            "group": (1.3471891782, 0.1370996064),
            "calendar": (1.3958277081, 0.1661386305),
        },
    ),
    (
        ("notyet", "ipw", "z", 0, "varying"),
        (1.1564428605, 0.3173911534),
        {
            "simple": (1.4471495535, 0.1361082108),
            "dynamic": (1.5995524811, 0.1318760987),
            "group": (1.3321204256, 0.1481105778),
            "calendar": (1.4063899687, 0.1453767573),
        },
    ),
    (
        ("notyet", "reg", "x", 0, "varying"),
        (1.2549053934, 0.2924126097),
        {
            "simple": (1.4969935398, 0.1642439999),
            "dynamic": (1.6529105858, 0.1823375431),
            "group": (1.3948411912, 0.1647242772),
            "calendar": (1.4464049908, 0.1624847385),
        },
    ),
    (
        ("never", "dr", "", 1, "universal"),
        (1.3509111139, 0.1806285614),
        {
            "simple": (1.3958870415, 0.1536638866),
            "dynamic": (1.5302817957, 0.1792544772),
            "group": (1.3164419789, 0.1486322526),
            "calendar": (1.3031455804, 0.1466522628),
        },
    ),
    (
        ("notyet", "dr", "z", 1, "varying"),
        (1.3138560366, 0.1644152624),
        {
            "simple": (1.3447043289, 0.1259440191),
            "dynamic": (1.4712676118, 0.1413701273),
            "group": (1.2606388228, 0.1240560300),
            "calendar": (1.2722656871, 0.1254069586),
        },
    ),
]


@pytest.mark.parametrize(("choice", "effect", "aggregates"), GROUP_TIME)
def test_group_time_effects_equal_moderndid(
    choice: tuple[str, str, str, int, str],
    effect: tuple[float, float],
    aggregates: dict[str, tuple[float, float]],
    panel: pd.DataFrame,
) -> None:
    control, method, covariate, anticipation, base = choice
    covariates = [covariate] if covariate else []
    found = group_time(panel, *KEYS, "adopted", control, method, covariates, anticipation=anticipation, base=base)
    table = found.att.set_index(["group", "period"])
    np.testing.assert_allclose(table.loc[(6, 7), ["att", "se"]].astype(float), effect, atol=1e-8)
    for kind, digits in aggregates.items():
        assert (found.aggregate(kind).overall, found.aggregate(kind).se) == pytest.approx(digits, abs=1e-8)


@pytest.mark.parametrize(
    ("null", "covariates", "p"), [(0.0, [], 5), (0.0, ["x"], 5), (1.0, [], 168), (1.0, ["x"], 179)]
)
def test_all_sign_vectors_give_the_p_of_wildboottest(
    null: float, covariates: list[str], p: int, gaps: pd.DataFrame
) -> None:
    """Ten units, four of them treated: 512 sign vectors; `p` counts those at least as large."""
    few = gaps[gaps["unit"].isin([1, 5, 9, 13, 3, 7, 11, 15, 19, 23])]
    found = wild_cluster_bootstrap(few, *KEYS, "on", covariates, null, draws=999)
    assert found.enumerated and found.draws == 512
    assert found.p == pytest.approx(p / 512)
