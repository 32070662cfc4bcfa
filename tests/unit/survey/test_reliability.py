"""Properties and refusals of alpha, omega and the polychoric correlation."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.survey import cronbach_alpha, omega_total, ordinal_alpha, polychoric, polychoric_matrix


def simulated(n: int = 200, k: int = 5, seed: int = 1) -> pd.DataFrame:
    """SIMULATED answers from 1 to 5 of one factor."""
    draw = np.random.default_rng(seed)
    latent = draw.normal(size=(n, 1)) + draw.normal(size=(n, k))
    return pd.DataFrame(np.clip(np.round(latent + 3), 1, 5), columns=[f"i{n}" for n in range(k)])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-50, 50), min_size=5, max_size=5), st.sampled_from([0.5, 2.0, 10.0]))
def test_alpha_does_not_depend_on_constants_or_on_a_common_unit(constants: list[int], unit: float) -> None:
    items = simulated()
    items.iloc[3, 2] = np.nan
    moved = cronbach_alpha(items * unit + np.array(constants))
    assert moved.alpha == pytest.approx(cronbach_alpha(items).alpha, abs=1e-10)
    assert moved.item_rest.tolist() == pytest.approx(cronbach_alpha(items).item_rest.tolist(), abs=1e-10)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(5)))
def test_alpha_and_omega_do_not_depend_on_the_order_of_items_and_people(columns: list[int]) -> None:
    items = simulated(60)
    mixed = items.iloc[:, columns].sample(frac=1, random_state=len(columns))
    assert cronbach_alpha(mixed).alpha == pytest.approx(cronbach_alpha(items).alpha, abs=1e-12)
    assert omega_total(mixed) == pytest.approx(omega_total(items), abs=1e-7)


def test_reversal_is_the_same_with_any_range() -> None:
    items = simulated()
    turned = items.assign(i1=6 - items["i1"])
    assert cronbach_alpha(turned, ["i1"]).alpha == pytest.approx(cronbach_alpha(items).alpha, abs=1e-12)
    assert cronbach_alpha(turned.to_numpy(), [1]).alpha == pytest.approx(cronbach_alpha(items).alpha, abs=1e-12)


def test_pairwise_is_listwise_where_nothing_is_missing() -> None:
    items = simulated()
    assert cronbach_alpha(items).alpha == cronbach_alpha(items, missing="listwise").alpha


def test_pairwise_covariance_is_that_of_pandas() -> None:
    from joinedup.survey.arrays import pairwise_correlation, pairwise_covariance

    items = simulated(80).mask(np.random.default_rng(2).random((80, 5)) < 0.2)
    assert np.allclose(pairwise_covariance(items)[0], items.cov(), atol=1e-12)
    assert np.allclose(pairwise_correlation(items)[0], items.corr(), atol=1e-12)


def test_feldt_interval_by_hand() -> None:
    """alpha = .8, n = 41, k = 5: R: qf(.975, 40, 160) = 1.581662458, qf(.025, 40, 160) = 0.587075651."""
    from joinedup.survey.reliability import feldt_interval

    low, high = feldt_interval(0.8, 41, 5)
    assert (low, high) == pytest.approx((1 - 0.2 * 1.581662458, 1 - 0.2 * 0.587075651), abs=1e-9)


def test_nullable_columns_and_blanks_are_numbers() -> None:
    items = simulated(30)
    items.iloc[0, 0] = np.nan
    nullable = items.astype("Int64")
    assert cronbach_alpha(nullable).alpha == cronbach_alpha(items).alpha


def test_an_item_that_never_varies_is_told_of() -> None:
    items = simulated().assign(i4=3.0)
    with pytest.warns(UserWarning, match="same answer to: i4"):
        found = cronbach_alpha(items)
    assert found.std_alpha is None
    assert np.isnan(found.item_rest["i4"])
    with pytest.raises(NotComputable, match="does not vary"):
        omega_total(items)


@pytest.mark.parametrize("statistic", [cronbach_alpha, omega_total, ordinal_alpha])
def test_too_few_items_or_respondents(statistic: object) -> None:
    assert callable(statistic)
    with pytest.raises(NotComputable, match="at least 3 items; there are 2"):
        statistic(simulated(k=2))
    with pytest.raises(NotComputable, match="at least 10 respondents; there are 9"):
        statistic(simulated(9))


def test_too_few_complete_rows_and_too_small_overlap() -> None:
    items = simulated(40, 3)
    items.loc[:14, "i0"] = np.nan
    items.loc[24:, "i1"] = np.nan
    with pytest.raises(NotComputable, match="Only 9 respondents answered both i0 and i1"):
        cronbach_alpha(items)
    with pytest.raises(NotComputable, match="there are 9"):
        cronbach_alpha(items, missing="listwise")


def test_nothing_varies() -> None:
    with pytest.raises(NotComputable, match="does not vary"):
        cronbach_alpha(np.ones((20, 4)))


def test_arguments_that_make_no_sense() -> None:
    items = simulated()
    with pytest.raises(ValueError, match="no item: z"):
        cronbach_alpha(items, ["z"])
    with pytest.raises(ValueError, match="a list of items"):
        cronbach_alpha(items, "i1")
    with pytest.raises(ValueError, match="'pairwise' or 'listwise'"):
        cronbach_alpha(items, missing="none")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="same name"):
        cronbach_alpha(pd.concat([items, items[["i1"]]], axis=1))
    with pytest.raises(NotComputable, match="item i1 holds something that is no number"):
        cronbach_alpha(items.assign(i1="agree"))
    with pytest.raises(NotComputable, match="infinite"):
        cronbach_alpha(items.assign(i1=np.inf))
    with pytest.raises(ValueError, match="different row labels"):
        polychoric(items["i1"], items["i2"].iloc[::-1])


@settings(deadline=None, max_examples=20)
@given(st.floats(-0.9, 0.9), st.integers(0, 5))
def test_polychoric_is_symmetric_and_turns_its_sign(rho: float, seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, z = draw.normal(size=(2, 500))
    a, b = np.digitize(x, [-1, 0, 1]), np.digitize(rho * x + np.sqrt(1 - rho**2) * z, [-0.5, 0.8])
    found = polychoric(a, b)
    assert found == pytest.approx(rho, abs=0.2)
    assert polychoric(b, a) == pytest.approx(found, abs=1e-8)
    assert polychoric(-a, b) == pytest.approx(-found, abs=1e-8)


def test_tetrachoric_of_equal_margins_is_a_sine() -> None:
    """With both thresholds at 0 the concordant share is 1/2 + asin(rho)/pi (Sheppard 1899): 3/4 gives sin(pi/4)."""
    x, y = np.repeat([0, 0, 1, 1], [30, 10, 10, 30]), np.repeat([0, 1, 0, 1], [30, 10, 10, 30])
    assert polychoric(x, y) == pytest.approx(np.sin(np.pi / 4), abs=1e-9)


@pytest.mark.parametrize("rho", [-0.99, -0.5, 0.0, 0.3, 0.9, 0.999])
def test_a_quadrant_of_the_bivariate_normal_is_an_arcsine(rho: float) -> None:
    """Sheppard (1899): P(X < 0, Y < 0) = 1/4 + asin(rho) / (2 pi)."""
    from joinedup.survey.ordinal import _bivariate_normal

    zero = np.zeros((1, 1))
    assert _bivariate_normal(zero, zero, rho)[0, 0] == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-13)


def test_polychoric_refusals() -> None:
    with pytest.raises(NotComputable, match="there are 9"):
        polychoric(range(9), range(9))
    with pytest.raises(NotComputable, match="same answer"):
        polychoric([1] * 20, [1, 2] * 10)
    with pytest.raises(NotComputable, match="ordered so perfectly"):
        polychoric([1, 2] * 10, [1, 2] * 10)
    with pytest.raises(NotComputable, match=r"0 and 1: .* ordered so perfectly"):
        polychoric_matrix(np.array([[1, 1, 2], [2, 2, 1]] * 10))
    with pytest.raises(ValueError, match="rows"):
        polychoric([1, 2, 3], [1, 2])


def test_omega_refuses_what_it_can_not_identify() -> None:
    with pytest.raises(NotComputable, match="can't identify 3 factors"):
        omega_total(simulated(), factors=3)
    with pytest.raises(ValueError, match="one factor"):
        omega_total(simulated(), estimator="ml", factors=2)
    with pytest.raises(ValueError, match="'minres' or 'ml'"):
        omega_total(simulated(), estimator="pca")  # type: ignore[arg-type]


def test_a_scale_in_order_gives_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cronbach_alpha(simulated()).warnings == ()
