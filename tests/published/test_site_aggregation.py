"""ICC and rwg against R's multilevel 2.7 and lme4 (bh1996: 7,382 soldiers in 99 companies), and Shrout and Fleiss's table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from joinedup.survey import average_deviation, icc, icc_two_way, mixed_level_contrasts, rwg, rwg_j
from joinedup.survey.mixed import random_intercept


@pytest.fixture(scope="module")
def soldiers(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "acceptance/survey/bh1996/bh1996.csv")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "icc1", "icc2", "msb", "msw", "f"),
    [
        ("HRS", 0.13310668, 0.91967320, 55.811486, 4.4831583, 12.449145),
        ("COHES", 0.044265298, 0.77545968, 3.2134635, 0.72155212, 4.4535431),
        ("LEAD", 0.12702755, 0.91561297, 6.1721994, 0.52085358, 11.850162),
        ("WBEING", 0.04336905, 0.77171288, 3.4590041, 0.78964609, 4.3804485),
    ],
)
def test_icc_by_analysis_of_variance(
    soldiers: pd.DataFrame, name: str, icc1: float, icc2: float, msb: float, msw: float, f: float
) -> None:
    found = icc(soldiers[name], soldiers["GRP"])
    assert (found.icc1, found.icc2) == pytest.approx((icc1, icc2), abs=6e-9)
    assert (found.msb, found.msw, found.f) == pytest.approx((msb, msw, f), rel=1e-7)
    assert (found.groups, found.n, found.df_between, found.df_within) == (99, 7382, 98, 7283)
    assert "arithmetic mean" in found.form


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "corrected", "reml1", "reml2"),
    [
        ("HRS", 0.13349805, 0.129236997, 0.91712863),
        ("COHES", 0.04440883, 0.048048396, 0.79007451),
        ("LEAD", 0.12740368, 0.147461360, 0.92804422),
        ("WBEING", 0.04350981, 0.043379225, 0.77175607),
    ],
)
def test_icc_with_n0_and_by_reml(
    soldiers: pd.DataFrame, name: str, corrected: float, reml1: float, reml2: float
) -> None:
    assert icc(soldiers[name], soldiers["GRP"], k="n0").icc1 == pytest.approx(corrected, abs=6e-9)
    found = icc(soldiers[name], soldiers["GRP"], estimator="reml")
    assert (found.icc1, found.icc2) == pytest.approx((reml1, reml2), abs=1e-7)


@pytest.mark.shared
def test_variances_of_a_random_intercept(soldiers: pd.DataFrame) -> None:
    """lme4: lmer(WBEING ~ 1 + (1 | GRP))."""
    codes = soldiers["GRP"].to_numpy() - 1
    found = random_intercept(soldiers["WBEING"].to_numpy(), np.ones((len(soldiers), 1)), codes)
    assert found.between == pytest.approx(0.035800775, abs=5e-8)
    assert found.within == pytest.approx(0.789497274, abs=5e-8)


@pytest.mark.shared
def test_rwg_of_companies(soldiers: pd.DataFrame) -> None:
    cohesion = rwg(soldiers["COHES"], soldiers["GRP"], 2)
    first = [0.65601860, 0.62998080, 0.69202813, 0.33096416, 0.69251494, 0.45871569]
    assert cohesion.loc[1:6].tolist() == pytest.approx(first, abs=6e-9)
    described = (cohesion.min(), cohesion.median(), cohesion.mean(), cohesion.max())
    assert described == pytest.approx((0.33096, 0.63474, 0.63164, 0.84649), abs=6e-6)
    lead = rwg(soldiers["LEAD"], soldiers["GRP"], 2)
    described = (lead.min(), lead.median(), lead.mean(), lead.max())
    assert described == pytest.approx((0.59990, 0.74222, 0.74116, 0.84838), abs=6e-6)


def test_rwg_of_tiny_groups() -> None:
    """The tiny cases of multilevel: agreement, disagreement beyond the null, a mixture, a single rater."""
    found = rwg([4, 4, 4, 4, 4, 1, 5, 1, 5, 3, 4, 4, 5, 4, 3], list("aaaaabbbbcccccd"), 2)
    assert found.loc[["a", "b", "c"]].tolist() == pytest.approx([1, 0, 0.75])
    assert np.isnan(found["d"])
    assert found.attrs["not_computable"] == {"d": "one rater has no agreement"}
    assert found.attrs["set_to_zero"] == ["b"]
    assert found.attrs["raters"] == {"a": 5, "b": 4, "c": 5, "d": 1}
    assert rwg([3, 4, 4, 5, 4], [1] * 5, 1.34)[1] == pytest.approx(0.62686567, abs=6e-9)


def test_six_forms_of_shrout_and_fleiss() -> None:
    """Shrout & Fleiss (1979), tables 2 to 4: six targets, four judges."""
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = icc_two_way(table)
    single = (found.icc1_1, found.icc2_1, found.icc3_1)
    average = (found.icc1_k, found.icc2_k, found.icc3_k)
    assert single == pytest.approx((0.17, 0.29, 0.71), abs=5e-3)
    assert average == pytest.approx((0.44, 0.62, 0.91), abs=5e-3)
    assert found.mean_squares == pytest.approx((11.24, 6.26, 32.49, 1.02), abs=5e-3)


def test_levels_by_a_mixed_model() -> None:
    """lme4 1.1: lmer(y ~ 0 + level + (1 | site)) on these six sites, one score missing: 17 rows."""
    levels = {
        "a": [3.1, 2.8, 3.9, 4.2, 2.2, 3.3],
        "b": [2.9, 2.5, 3.7, 4.0, 2.4, 2.8],
        "c": [2.2, 2.6, 3.0, 3.9, 1.8, np.nan],
    }
    found = mixed_level_contrasts(pd.DataFrame(levels))
    assert found["estimate"].tolist() == pytest.approx([0.2, 3.25 - 2.681034837, 3.05 - 2.681034837], abs=1e-7)
    variance = 0.0830339053845 + 0.0854426102724 - 2 * 0.0748639801355
    assert found.loc[("a", "c"), "se"] == pytest.approx(variance**0.5, abs=1e-7)


SIMULATED = (
    "4433 4324 3332 4433 4434 1333 4343 4334 2334 4423 4243 3534 "
    "2442 2453 5444 3435 3452 3444 4343 3535 4344 5253 3552 3434"
)


def test_rwg_j_and_average_deviation_of_four_items() -> None:
    """multilevel 2.7: rwg.j, rwg.j.lindell, rwg, ad.m on SIMULATED ratings of groups of 2, 3, 4, 4, 5 and 6."""
    items = np.array([list(map(int, ratings)) for ratings in SIMULATED.split()])
    group = np.repeat(range(1, 7), [2, 3, 4, 4, 5, 6])
    james = [0.9454545455, 0.9382716049, 0.8794326241, 0.7932489451, 0.8571428571, 0.7973199330]
    lindell = [0.8125, 0.7916666667, 0.6458333333, 0.4895833333, 0.6, 0.4958333333]
    mean = [0.375, 0.3888888889, 0.53125, 0.71875, 0.56, 0.7916666667]
    median = [0.375, 0.3333333333, 0.5, 0.6875, 0.5, 0.7916666667]
    assert rwg_j(items, group, 2).tolist() == pytest.approx(james, abs=6e-11)
    assert rwg_j(items, group, 2, form="lindell").tolist() == pytest.approx(lindell, abs=6e-11)
    assert average_deviation(items, group).tolist() == pytest.approx(mean, abs=6e-11)
    assert average_deviation(items, group, about="median").tolist() == pytest.approx(median, abs=6e-11)
    single = [1, 0.8333333333, 0, 0.5416666667, 0.4, 0.6666666667]
    assert rwg(items[:, 0], group, 2).tolist() == pytest.approx(single, abs=6e-11)
