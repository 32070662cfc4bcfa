"""Interrupted time series, dose-response, the distribution over sites, and the specification curve."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact import did, dose_response, interrupted_time_series, site_effects, specification_curve
from joinedup.study.problems import NotComputable


def series(
    level: float = 3.0, slope: float = 0.5, noise: float = 0.0, before: int = 10, after: int = 8
) -> pd.DataFrame:
    """SIMULATED: two sites without comparison; the trend of 0.2 a period breaks at `before`."""
    random = np.random.default_rng(4)
    rows = [
        (site, t, offset + 0.2 * t + (level + slope * (t - before)) * (t >= before) + noise * random.normal(), n)
        for site, offset, n in (("a", 1.0, 10), ("b", 5.0, 30))
        for t in range(before + after)
    ]
    return pd.DataFrame(rows, columns=["site", "t", "y", "n"])


def test_a_planted_break_is_recovered() -> None:
    found = interrupted_time_series(series(), "y", "site", "t", 10)
    assert found.level.estimate == pytest.approx(3.0)
    assert found.slope.estimate == pytest.approx(0.5)
    assert found.last.estimate == pytest.approx(3.0 + 7 * 0.5)
    gap = found.path["observed"] - found.path["expected"]
    assert gap.iloc[-1] == pytest.approx(found.last.estimate)
    assert found.sites == 2
    assert "No comparison" in found.methods


def test_newey_west_by_its_definition() -> None:
    found = interrupted_time_series(series(noise=1.0), "y", "site", "t", 10, lags=2)
    path = found.path
    time, after = path["period"].to_numpy(), (path["period"] >= 10).to_numpy(dtype=float)
    x = np.column_stack([np.ones(18), time, after, after * (time - 10)])
    beta = np.linalg.lstsq(x, path["observed"].to_numpy(), rcond=None)[0]
    u = path["observed"].to_numpy() - x @ beta
    lag = np.abs(np.subtract.outer(np.arange(18), np.arange(18)))
    kernel = np.where(lag <= 2, 1 - lag / 3, 0.0)
    bread = np.linalg.inv(x.T @ x)
    covariance = bread @ (x * u[:, None]).T @ kernel @ (x * u[:, None]) @ bread * 18 / 14
    assert found.level.se == pytest.approx(np.sqrt(covariance[2, 2]))
    assert found.slope.se == pytest.approx(np.sqrt(covariance[3, 3]))
    assert found.level.low < found.level.estimate < found.level.high
    assert interrupted_time_series(series(noise=1.0), "y", "site", "t", 10).lags == 2  # floor(4 (18/100)^(2/9))


def test_the_mean_path_is_of_sites_or_of_children() -> None:
    child = interrupted_time_series(series(), "y", "site", "t", 10, weights="child")
    assert child.path["observed"].iloc[0] == pytest.approx((1 * 10 + 5 * 30) / 40)
    assert "average child" in child.methods


def test_interrupted_time_series_refuses_short_and_uneven_ones() -> None:
    for before, after in ((3, 8), (10, 2)):
        with pytest.raises(NotComputable, match="needs 4 and 3"):
            interrupted_time_series(series(before=before, after=after), "y", "site", "t", before)
    with pytest.raises(NotComputable, match="equally spaced"):
        interrupted_time_series(series().query("t != 5"), "y", "site", "t", 10)
    with pytest.raises(ValueError, match="lags must"):
        interrupted_time_series(series(), "y", "site", "t", 10, lags=99)
    short = interrupted_time_series(series(before=5, after=4, noise=1), "y", "site", "t", 5)
    assert "likely too small" in short.methods


def scored(scores: list[float], slope: float = 2.0, noise: float = 0.0, comparison: int = 6) -> pd.DataFrame:
    """SIMULATED: the effect is 1 + slope x (score - mean) from period 3 on."""
    random = np.random.default_rng(9)
    mean = float(np.mean(scores))
    rows = [
        (f"s{u}", t, start, score, u + t * t + effect + noise * random.normal())
        for u, (start, score) in enumerate([(3.0, s) for s in scores] + [(np.nan, np.nan)] * comparison)
        for t in range(6)
        for effect in [1 + slope * (score - mean) if t >= start else 0.0]
    ]
    return pd.DataFrame(rows, columns=["site", "t", "adopted", "score", "y"])


DOSE = ("y", "site", "t", "adopted", "score")


def test_a_planted_dose_is_recovered() -> None:
    found = dose_response(scored([1, 2, 3, 4.5]), *DOSE)
    assert (found.slope, found.effect) == (pytest.approx(2.0), pytest.approx(1.0))
    assert found.per_sd == pytest.approx(2 * np.std([1, 2, 3, 4.5], ddof=1))
    assert found.table["effect"].tolist() == pytest.approx([1 + 2 * (s - 2.625) for s in (1, 2, 3, 4.5)])
    assert (found.draws, found.enumerated, found.p) == (24, True, pytest.approx(1 / 24))
    assert "not the effect of a higher score" in found.methods


def test_dose_equals_the_regression_and_its_p_refitting() -> None:
    panel = scored([1, 2, 2, 5], noise=1.0)
    found = dose_response(panel, *DOSE)
    frame = panel.assign(treated=(panel["t"] >= panel["adopted"]).astype(float))
    slopes = []
    for order in sorted(set(permutations([1, 2, 2, 5]))):
        score = frame["site"].map(dict(zip(["s0", "s1", "s2", "s3"], order, strict=True))).fillna(0)
        fit = did(frame.assign(dose=frame["treated"] * (score - 2.5)), "y", "site", "t", "treated", ["dose"])
        slopes.append(fit.covariates["dose"].estimate)
        if order == (1, 2, 2, 5):
            assert found.slope == pytest.approx(slopes[-1], abs=1e-9)
            assert found.effect == pytest.approx(fit.estimate, abs=1e-9)
    assert (found.draws, len(slopes)) == (12, 12)
    assert found.p == pytest.approx(np.mean(np.abs(slopes) >= abs(found.slope) * (1 - 1e-9)))


def test_dose_draws_when_there_are_many_orders() -> None:
    found = dose_response(scored(list(range(9)), noise=1.0), *DOSE, draws=199, seed=5)
    assert (found.draws, found.enumerated, found.seed, found.smallest_p) == (199, False, 5, 1 / 200)


def test_dose_refuses_what_has_no_slope() -> None:
    with pytest.raises(NotComputable, match="at least 4"):
        dose_response(scored([1, 2, 3]), *DOSE)
    with pytest.raises(NotComputable, match="the same score"):
        dose_response(scored([2, 2, 2, 2]), *DOSE)
    with pytest.raises(NotComputable, match="changes from period to period"):
        dose_response(scored([1, 2, 3, 4]).assign(score=lambda f: f["score"] + f["t"]), *DOSE)


def test_the_distribution_over_sites_by_hand() -> None:
    """Changes 5, 1 against comparison changes 0, 2, 4, 6 (mean 3): effects 2 and -2."""
    changes = {"p": 5, "q": 1, "a": 0, "b": 2, "c": 4, "d": 6}
    rows = [
        (site, t, 2.0 if site in "pq" else np.nan, 10.0 * n + change * (t >= 2))
        for n, (site, change) in enumerate(changes.items())
        for t in range(4)
    ]
    found = site_effects(pd.DataFrame(rows, columns=["site", "t", "adopted", "y"]), "y", "site", "t", "adopted")
    assert dict(zip(found.table["site"], found.table["effect"], strict=True)) == pytest.approx({"q": -2, "p": 2})
    # Placebos: 0 - 4, 2 - 10/3, 4 - 8/3, 6 - 2; two of the four are at least 2 in size.
    assert found.placebos["effect"].tolist() == pytest.approx([-4, -4 / 3, 4 / 3, 4])
    assert found.table["p"].tolist() == pytest.approx([3 / 5, 3 / 5])
    assert (found.mean, found.median, found.above_zero) == (pytest.approx(0), pytest.approx(0), 1)
    assert found.spread == pytest.approx(8**0.5)
    assert found.noise == pytest.approx(np.std([-4, -4 / 3, 4 / 3, 4], ddof=1))
    assert found.beyond == 0.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_with_one_start_the_mean_over_sites_is_the_difference_in_differences(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = [(u, t, 3.0 if u < 4 else np.nan, random.normal()) for u in range(10) for t in range(6)]
    panel = pd.DataFrame(rows, columns=["site", "t", "adopted", "y"])
    found = site_effects(panel, "y", "site", "t", "adopted")
    treated = (panel["t"] >= panel["adopted"]).astype(float)
    assert found.mean == pytest.approx(did(panel.assign(d=treated), "y", "site", "t", "d").estimate, abs=1e-9)


def test_the_distribution_refuses_too_few_comparisons() -> None:
    with pytest.raises(NotComputable, match="too few to tell"):
        site_effects(scored([1, 2], comparison=3), "y", "site", "t", "adopted")
    with pytest.raises(NotComputable, match="No site"):
        site_effects(scored([1, 2]).assign(adopted=np.nan), "y", "site", "t", "adopted")


@dataclass(frozen=True)
class Found:
    estimate: float
    low: float
    high: float


def test_the_specification_curve_sorts_counts_and_keeps_refusals() -> None:
    def run(lag: int, sample: str) -> Found:
        if (lag, sample) == (12, "few"):
            raise NotComputable("Too few.")
        size = lag / 6 - (sample == "few") * 1.5
        return Found(size, size - 1, size + 1 if sample == "all" else float("nan"))

    found = specification_curve({"lag": [0, 6, 12], "sample": ["all", "few"]}, run)
    assert found.table["estimate"].tolist() == [-1.5, -0.5, 0.0, 1.0, 2.0]
    assert found.table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found.refused.to_dict("records") == [{"lag": 12, "sample": "few", "reason": "Too few."}]
    assert (found.median, found.low, found.high) == (0.0, -1.5, 2.0)
    assert (found.clear, found.with_interval) == (1, 3)
    assert "average site" in found.methods


def test_one_curve_holds_one_estimand() -> None:
    with pytest.raises(ValueError, match="one estimand"):
        specification_curve({"weights": ["site", "child"]}, lambda weights: Found(len(weights), 0, 1))
    with pytest.raises(ValueError, match="must be"):
        specification_curve({"lag": [0]}, lambda lag: Found(lag, 0, 1), weights="people")

    def refuse(lag: int) -> Found:
        raise NotComputable(f"No period at lag {lag}.")

    with pytest.raises(NotComputable, match=r"Every specification is refused: No period at lag 0\."):
        specification_curve({"lag": [0]}, refuse)
