"""CR3 equals refitting without each unit; few treated or comparison units have no clustered p in any design."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact import (
    TooFewClusters,
    did,
    event_study,
    imputation,
    leave_one_out,
    sun_abraham,
    wild_cluster_bootstrap,
)


def panel(sites: int, treated: int, periods: int = 6, seed: int = 1, start: int = 3) -> pd.DataFrame:
    """SIMULATED: `treated` of the sites adopt at `start`; children differ between sites; some cells are missing."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame([(s, t) for s in range(sites) for t in range(periods)], columns=["site", "year"])
    frame["adopted"] = np.where(frame["site"] < treated, float(start), np.nan)
    frame["treated"] = (frame["year"] >= frame["adopted"]).astype(float)
    frame["x"] = random.normal(size=len(frame))
    frame["y"] = random.normal(size=sites)[frame["site"]] + 0.3 * frame["year"] + random.normal(size=len(frame))
    return frame.assign(n=random.integers(5, 50, len(frame)))


@given(st.integers(6, 9), st.integers(2, 4), st.integers(0, 1000), st.booleans(), st.sampled_from(["site", "child"]))
@settings(max_examples=20, deadline=None)
def test_cr3_is_refitting_without_each_unit(sites: int, treated: int, seed: int, covariate: bool, weights: str) -> None:
    cells = panel(sites, treated, seed=seed)
    cells = cells[np.random.default_rng(seed).uniform(size=len(cells)) > 0.1]
    covariates = ["x"] if covariate else []

    def fitted(frame: pd.DataFrame) -> float:
        return did(frame, "y", "site", "year", "treated", covariates, weights).estimate

    found = did(cells, "y", "site", "year", "treated", covariates, weights)
    kept = [one for one in range(sites) if (cells["site"] == one).sum() > 1]
    refits = np.array([fitted(cells[cells["site"] != one]) for one in kept])
    alone = leave_one_out(cells, "y", "site", "year", "treated", covariates, weights)
    assert alone.to_numpy() == pytest.approx(refits, rel=1e-8) and alone.index.tolist() == kept
    expected = math.sqrt((len(kept) - 1) / len(kept) * ((refits - found.estimate) ** 2).sum())
    assert found.se_cr3 == pytest.approx(expected, rel=1e-8)


def test_one_treated_unit_has_no_jackknife() -> None:
    assert math.isnan(did(panel(10, 1), "y", "site", "year", "treated").se_cr3)


@pytest.mark.parametrize(("sites", "treated"), [(20, 3), (23, 20)])
def test_few_units_have_no_clustered_p_in_any_design(sites: int, treated: int) -> None:
    cells = panel(sites, treated)
    said = f"{treated} treated and {sites - treated} comparison"
    fit = did(cells, "y", "site", "year", "treated")
    term = event_study(cells, "y", "site", "year", "adopted").terms[0]
    for owner, names in ((fit, ("p", "ci", "low", "high", "p_cr3", "ci_cr3")), (term, ("p", "ci", "low", "high"))):
        assert math.isfinite(owner.estimate)
        for name in names:
            with pytest.raises(TooFewClusters, match=said):
                getattr(owner, name)
    with pytest.raises(TooFewClusters, match=said):
        wild_cluster_bootstrap(cells, "y", "site", "year", "treated")
    assert event_study(cells, "y", "site", "year", "adopted").pretrend_p is None
    assert math.isnan(sun_abraham(cells, "y", "site", "year", "adopted").se)
    assert math.isnan(imputation(cells, "y", "site", "year", "adopted").se)


def test_enough_units_have_a_clustered_p_in_every_design() -> None:
    cells = panel(30, 12)
    fit = did(cells, "y", "site", "year", "treated")
    assert 0 <= fit.p <= 1 and fit.ci_cr3[0] < fit.estimate < fit.ci_cr3[1] and 0 <= fit.p_cr3 <= 1
    events = event_study(cells, "y", "site", "year", "adopted")
    assert events.terms[0].low < events.terms[0].high and events.pretrend_p is not None
    assert sun_abraham(cells, "y", "site", "year", "adopted").se > 0
    assert imputation(cells, "y", "site", "year", "adopted").se > 0
