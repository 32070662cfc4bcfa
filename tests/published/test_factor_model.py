"""The three-factor model of Holzinger and Swineford (1939) and a one-factor model of bfi against lavaan 0.6.14."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from joinedup.survey import cfa, measurement_invariance
from joinedup.survey.confirmatory import sample_of
from joinedup.survey.model_fit import log_likelihood

pytestmark = pytest.mark.shared
MODEL = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}


@pytest.fixture(scope="module")
def children(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "acceptance/survey/holzinger_swineford_1939/HolzingerSwineford1939.csv")


def test_fit_of_three_factors(children: pd.DataFrame) -> None:
    found = cfa(children, MODEL)
    assert (found.npar, found.df, found.baseline_df, found.n, found.left_out) == (21, 24, 36, 301, 0)
    assert found.chi2 == pytest.approx(85.30552, abs=5e-6)
    assert found.baseline_chi2 == pytest.approx(918.852, abs=5e-4)
    assert (found.cfi, found.tli) == pytest.approx((0.93056, 0.89584), abs=5e-6)
    assert found.rmsea == pytest.approx(0.092121, abs=5e-7)
    assert found.rmsea_ci == pytest.approx((0.071, 0.114), abs=5e-4)
    assert found.rmsea_p == pytest.approx(0.001, abs=5e-4)
    assert found.srmr == pytest.approx(0.065205, abs=5e-7)
    assert found.log_likelihood == pytest.approx(-3737.745, abs=5e-4)
    assert (found.aic, found.bic, found.sabic) == pytest.approx((7517.490, 7595.339, 7528.739), abs=5e-4)
    assert log_likelihood([sample_of(children.loc[:, "x1":"x9"])], 0.0) == pytest.approx(-3695.092, abs=5e-4)


def test_loadings_of_three_factors(children: pd.DataFrame) -> None:
    loadings = cfa(children, MODEL).loadings
    marker = {
        "x2": (0.553500, 0.099665),
        "x3": (0.729370, 0.109110),
        "x5": (1.113077, 0.065420),
        "x6": (0.926146, 0.055449),
        "x8": (1.179951, 0.164987),
        "x9": (1.081530, 0.151167),
    }
    for item, digits in marker.items():
        assert tuple(loadings.loc[item, ["marker", "se"]]) == pytest.approx(digits, abs=2e-6)
    standardised = [0.771880, 0.423601, 0.581132, 0.851582, 0.855065, 0.838010, 0.569515, 0.723044, 0.665009]
    assert loadings["std"].tolist() == pytest.approx(standardised, abs=1e-6)


def test_factors_of_three_factors(children: pd.DataFrame) -> None:
    found = cfa(children, MODEL)
    correlations = [found.correlations.loc[a, b] for a, b in (("visual", "textual"), ("visual", "speed"))]
    assert correlations == pytest.approx([0.458509, 0.470535], abs=1e-6)
    assert found.correlations.loc["textual", "speed"] == pytest.approx(0.282985, abs=1e-6)
    assert found.factors["omega"].tolist() == pytest.approx([0.62531802, 0.88517536, 0.68776004], abs=1e-6)
    assert found.factors["omega_observed"].tolist() == pytest.approx([0.612, 0.885, 0.686], abs=5e-4)
    assert found.factors["alpha"].tolist() == pytest.approx([0.62611713, 0.88270691, 0.68845502], abs=5e-9)
    assert found.factors["ave"].tolist() == pytest.approx([0.37055894, 0.72101635, 0.42448833], abs=1e-6)


def test_invariance_by_school(children: pd.DataFrame) -> None:
    found = measurement_invariance(children, MODEL, children["school"])
    assert found["df"].tolist() == [48, 54, 60]
    assert found["chi2"].tolist() == pytest.approx([115.851, 124.044, 164.103], abs=5e-4)
    assert found["cfi"].tolist() == pytest.approx([0.923, 0.921, 0.882], abs=5e-4)
    assert found["rmsea"].tolist() == pytest.approx([0.097, 0.093, 0.107], abs=5e-4)
    assert found["bic"].tolist() == pytest.approx([7706.822, 7680.771, 7686.588], abs=5e-4)


def test_one_factor_of_bfi(shared: Path) -> None:
    items = pd.read_csv(shared / "acceptance/survey/bfi/bfi.csv")[["A1", "A2", "A3", "A4", "A5"]]
    found = cfa(items.assign(A1=7 - items["A1"]), {"agreeable": list(items)})
    assert (found.n, found.df, found.left_out) == (2709, 5, 91)
    assert found.chi2 == pytest.approx(86.696, abs=5e-4)
    assert (found.cfi, found.tli, found.rmsea, found.srmr) == pytest.approx((0.968, 0.935, 0.078, 0.032), abs=5e-4)
    assert found.loadings["estimate"].tolist() == pytest.approx([0.528, 0.774, 0.994, 0.717, 0.791], abs=5e-4)
    residuals = [1.692963, 0.784187, 0.714164, 1.694112, 0.965259]
    assert found.loadings["residual"].tolist() == pytest.approx(residuals, abs=2e-6)
