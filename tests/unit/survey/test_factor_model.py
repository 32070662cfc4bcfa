"""Properties and refusals of the factor model and of the comparison of groups. Data are SIMULATED."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.survey import cfa, measurement_invariance

TWO = {"f": ["a", "b", "c"], "g": ["d", "e", "h"]}


def simulated(n: int = 300, seed: int = 3) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    first = draw.normal(size=(n, 1))
    second = 0.5 * first + draw.normal(size=(n, 1))
    latent = np.hstack([np.repeat(first, 3, 1), np.repeat(second, 3, 1)])
    return pd.DataFrame(latent * [1, 0.8, 0.6, 1, 0.7, 0.9] + draw.normal(size=(n, 6)), columns=list("abcdeh"))


@settings(deadline=None, max_examples=15)
@given(st.lists(st.floats(0.1, 10), min_size=6, max_size=6), st.permutations(range(300)))
def test_fit_does_not_depend_on_units_or_the_order_of_rows(units: list[float], rows: list[int]) -> None:
    data = simulated()
    once, again = cfa(data, TWO), cfa((data * units).iloc[rows], TWO)
    assert again.chi2 == pytest.approx(once.chi2, abs=1e-6)
    assert again.loadings["std"].tolist() == pytest.approx(once.loadings["std"].tolist(), abs=1e-5)


def test_a_reversed_item_only_turns_its_sign() -> None:
    data = simulated()
    once, again = cfa(data, TWO).loadings, cfa(data.assign(b=-data["b"]), TWO).loadings
    assert again.loc["b", "marker"] == pytest.approx(-once.loc["b", "marker"], abs=1e-6)
    turned = cfa(data.assign(a=-data["a"]), TWO).loadings
    assert turned.loc["a", "estimate"] > 0
    assert turned.loc["b", "std"] == pytest.approx(-once.loc["b", "std"], abs=1e-6)


def test_three_items_of_one_factor_are_saturated_and_solved_by_hand() -> None:
    """With three items the squared loading of the first is s12 s13 / s23."""
    data = simulated()[["a", "b", "c"]]
    found = cfa(data, {"f": ["a", "b", "c"]})
    s = data.cov(ddof=0).to_numpy()
    assert found.loadings.loc["a", "estimate"] ** 2 == pytest.approx(s[0, 1] * s[0, 2] / s[1, 2], abs=1e-7)
    assert (found.df, found.p, found.tli, found.rmsea, found.rmsea_ci, found.cfi) == (0, None, None, None, None, 1.0)
    assert found.chi2 == pytest.approx(0, abs=1e-9)


def test_columns_of_an_array_and_rows_with_blanks() -> None:
    data = simulated()
    data.iloc[:5, 0] = np.nan
    found = cfa(data.to_numpy(), {"f": [0, 1, 2], "g": [3, 4, 5]})
    assert (found.n, found.left_out) == (295, 5)
    assert found.chi2 == pytest.approx(cfa(data, TWO).chi2, abs=1e-9)


def test_a_negative_residual_variance_is_told_of() -> None:
    """Correlations .9, .9 and .7 of three items make the first one's loading exceed 1."""
    wanted = np.array([[1, 0.9, 0.9], [0.9, 1, 0.7], [0.9, 0.7, 1]])
    raw = np.random.default_rng(1).normal(size=(100, 3))
    raw = (raw - raw.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False)).T)
    found = cfa(raw @ np.linalg.cholesky(wanted).T, {"f": [0, 1, 2]})
    assert found.loadings.loc[0, "std"] == pytest.approx(np.sqrt(0.81 / 0.7), abs=1e-6)
    assert "negative" in found.warnings[0]


def test_refusals_of_data_that_carry_no_model() -> None:
    data = simulated()
    with pytest.raises(NotComputable, match="Factor f needs at least 3 items; there are 2"):
        cfa(data, {"f": ["a", "b"]})
    with pytest.raises(NotComputable, match="there are 9 rows"):
        cfa(data.head(9), TWO)
    with pytest.raises(NotComputable, match="same answer to: a"):
        cfa(data.assign(a=1.0), TWO)
    with pytest.raises(NotComputable, match="follow exactly from others"):
        cfa(data.assign(a=data["b"] + data["c"]), TWO)


def test_arguments_that_make_no_sense() -> None:
    data = simulated()
    with pytest.raises(ValueError, match="no item: z"):
        cfa(data, {"f": ["a", "b", "z"]})
    with pytest.raises(ValueError, match="not so: a"):
        cfa(data, {"f": ["a", "b", "c"], "g": ["a", "d", "e"]})
    with pytest.raises(ValueError, match="no factor"):
        cfa(data, {})


def test_groups_of_the_same_people_differ_in_nothing() -> None:
    data = simulated(150)
    twice = pd.concat([data, data], ignore_index=True)
    found = measurement_invariance(twice, TWO, np.repeat(["one", "two"], 150))
    assert found["chi2_change"].iloc[1:].tolist() == pytest.approx([0, 0], abs=1e-6)
    assert found["df_change"].iloc[1:].tolist() == [4, 4]
    assert found.loc["configural", "chi2"] == pytest.approx(2 * cfa(data, TWO).chi2, abs=1e-6)


def test_a_shifted_intercept_is_found_by_the_scalar_step_alone() -> None:
    data = simulated(600)
    group = np.arange(600) % 2
    found = measurement_invariance(data.assign(b=data["b"] + 2 * group), TWO, group)
    assert found.loc["metric", "p_change"] > 0.01
    assert found.loc["scalar", "p_change"] < 1e-6


def test_groups_too_few_or_too_small() -> None:
    data = simulated(40)
    with pytest.raises(NotComputable, match="at least two"):
        measurement_invariance(data, TWO, ["x"] * 40)
    with pytest.raises(NotComputable, match="group y needs"):
        measurement_invariance(data, TWO, ["x"] * 35 + ["y"] * 5)


def test_items_that_share_nothing_are_refused_or_told_of() -> None:
    """Noise has no factors: the likelihood may have no maximum."""
    noise = pd.DataFrame(np.random.default_rng(4).normal(size=(40, 6)), columns=list("abcdeh"))
    with pytest.raises(NotComputable, match="may not share these factors"):
        cfa(noise, TWO)
