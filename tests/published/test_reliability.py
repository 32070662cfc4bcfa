"""Reliability against R's psych 2.2.9, lavaan 0.6.14 and polycor on the 25 personality items of psychTools (bfi)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from joinedup.survey import cronbach_alpha, omega_total, ordinal_alpha, polychoric, polychoric_matrix

pytestmark = pytest.mark.shared
AGREEABLE = ["A1", "A2", "A3", "A4", "A5"]


@pytest.fixture(scope="module")
def bfi(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "acceptance" / "survey" / "bfi" / "bfi.csv")


def test_alpha_with_pairwise_covariances(bfi: pd.DataFrame) -> None:
    found = cronbach_alpha(bfi[AGREEABLE], reverse=["A1"])
    assert found.alpha == pytest.approx(0.70301845, abs=5e-9)
    assert found.std_alpha == pytest.approx(0.71302858, abs=5e-9)
    assert found.lambda6 == pytest.approx(0.68276267, abs=5e-9)
    assert found.average_r == pytest.approx(0.33196766, abs=5e-9)
    dropped = [0.71851736, 0.61718004, 0.60025958, 0.68580565, 0.64295296]
    assert found.if_dropped.tolist() == pytest.approx(dropped, abs=5e-9)
    rest = [0.30841774, 0.56361516, 0.58700459, 0.39444409, 0.48856514]
    assert found.item_rest.tolist() == pytest.approx(rest, abs=5e-9)
    assert found.ci == pytest.approx((0.6852643, 0.7200634), abs=5e-8)  # psych 2.2.9: alpha(...)$feldt
    assert (found.n, found.k, found.missing, found.warnings) == (2800, 5, "pairwise", ())


def test_alpha_of_complete_rows(bfi: pd.DataFrame) -> None:
    found = cronbach_alpha(bfi[AGREEABLE], reverse=["A1"], missing="listwise")
    assert found.alpha == pytest.approx(0.70375589, abs=5e-9)
    assert found.n == 2709


@pytest.mark.parametrize(
    ("letter", "reverse", "alpha", "standardised"),
    [
        ("C", ["C4", "C5"], 0.72673497, 0.73007258),
        ("E", ["E1", "E2"], 0.76173282, 0.76179509),
        ("N", [], 0.81396295, 0.81467467),
        ("O", ["O2", "O5"], 0.60017251, 0.60726843),
    ],
)
def test_alpha_of_the_other_scales(
    bfi: pd.DataFrame, letter: str, reverse: list[str], alpha: float, standardised: float
) -> None:
    found = cronbach_alpha(bfi[[f"{letter}{n}" for n in range(1, 6)]], reverse)
    assert (found.alpha, found.std_alpha) == pytest.approx((alpha, standardised), abs=5e-9)


def test_an_undeclared_reversed_item_is_warned_of_and_left_as_it_is(bfi: pd.DataFrame) -> None:
    with pytest.warns(UserWarning, match="A1"):
        found = cronbach_alpha(bfi[AGREEABLE])
    assert "A1" in found.warnings[0]
    assert found.item_rest["A1"] == pytest.approx(-0.30841774, abs=5e-9)
    assert found.alpha < 0.5


def test_omega_by_two_estimators(bfi: pd.DataFrame) -> None:
    items = bfi[AGREEABLE]
    assert omega_total(items, ["A1"]) == pytest.approx(0.72294314, abs=1e-7)
    assert omega_total(items, ["A1"], estimator="ml") == pytest.approx(0.71212897, abs=5e-7)


def test_omega_of_25_items_and_five_factors(bfi: pd.DataFrame) -> None:
    """psych::omega turns the items that load negatively; here they are declared."""
    reverse = ["A1", "C4", "C5", "E1", "E2", "N1", "N2", "N3", "N4", "N5", "O2", "O4", "O5"]
    assert omega_total(bfi.iloc[:, :25], reverse, factors=5) == pytest.approx(0.87480951, abs=1e-6)


def test_polychoric_correlations_in_two_steps(bfi: pd.DataFrame) -> None:
    """psych and polycor stop their search at 1e-4; an independent two-step maximum is .408884."""
    items = bfi[AGREEABLE].dropna()
    assert polychoric(7 - items["A1"], items["A2"]) == pytest.approx(0.408884, abs=1e-6)
    found = polychoric_matrix(items, ["A1"]).to_numpy()
    triangle = [found[i, j] for i in range(5) for j in range(i)]
    assert triangle == pytest.approx(
        [0.408897, 0.325608, 0.557854, 0.175954, 0.389928, 0.410914, 0.228405, 0.446846, 0.573791, 0.354261], abs=2e-5
    )


def test_ordinal_alpha(bfi: pd.DataFrame) -> None:
    assert ordinal_alpha(bfi[AGREEABLE], ["A1"], missing="listwise") == pytest.approx(0.75960836, abs=5e-6)
