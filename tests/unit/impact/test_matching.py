"""Matching and entropy balancing against R's numbers, brute force and convex optimisation; balance; refusals."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from joinedup.impact.entropy_balancing import entropy_balance
from joinedup.impact.matching import match
from joinedup.impact.weighted_balance import covariate_balance
from joinedup.study.problems import NotComputable

SITES = pd.DataFrame(
    {
        "site": [f"s{number}" for number in range(1, 15)],
        "treated": [1] * 4 + [0] * 10,
        "rate": [61.0, 55, 70, 58, 50, 62, 57, 66, 48, 71, 54, 59, 63, 52],
        "spend": [4.1, 3.2, 5.6, 3.9, 2.8, 4.4, 3.0, 4.0, 2.5, 5.1, 3.6, 3.3, 4.9, 3.1],
        "region": list("NSNSNNSNSNSSNS"),
    }
)
BOTH = ["rate", "spend"]


def nearest(kind: str, neighbours: int) -> dict[str, list[str]]:
    found = match(SITES, "site", "treated", BOTH, neighbours, replace=True, distance=kind)
    return {treated: rows["comparison"].tolist() for treated, rows in found.pairs.groupby("treated")}


def test_nearest_neighbours_are_those_of_r() -> None:
    # R 4.2.2, MatchIt 4.5.1: matchit(treated ~ rate + spend, distance = ..., replace = TRUE, ratio = 2).
    assert nearest("mahalanobis", 2) == {
        "s1": ["s6", "s14"],
        "s2": ["s14", "s5"],
        "s3": ["s13", "s6"],
        "s4": ["s6", "s11"],
    }
    assert nearest("standardised", 2) == {
        "s1": ["s6", "s8"],
        "s2": ["s7", "s14"],
        "s3": ["s10", "s13"],
        "s4": ["s11", "s12"],
    }


def test_distances_and_weights_are_those_of_r() -> None:
    # The same run: mahalanobis_dist and scaled_euclidean_dist; MatchIt's weights have mean 1, ours add up to the treated.
    found = match(SITES, "site", "treated", BOTH, 2, replace=True)
    expected = [0.49187831624764, 1.26281042139573, 0.77345775023652, 0.84734550007001]
    assert found.pairs["distance"].tolist()[:4] == pytest.approx(expected, abs=1e-11)
    scaled = match(SITES, "site", "treated", BOTH, 2, replace=True, distance="standardised")
    expected = [0.35252551921520, 0.70526636795497, 0.35258704596216, 0.43187940533539]
    assert scaled.pairs["distance"].tolist()[:4] == pytest.approx(expected, abs=1e-11)
    weights = found.weights[["s5", "s6", "s11", "s13", "s14", "s7"]] * 5 / 4
    assert weights.tolist() == pytest.approx([0.625, 1.875, 0.625, 0.625, 1.25, 0.0])
    assert found.weights[["s1", "s2", "s3", "s4"]].tolist() == [1.0] * 4
    assert found.effective_comparison == pytest.approx(16 / (0.5**2 * 3 + 1.5**2 + 1.0))


def test_strata_are_matched_exactly() -> None:
    found = match(SITES, "site", "treated", BOTH, replace=True, exact=["region"])
    assert found.pairs["comparison"].tolist() == ["s6", "s14", "s13", "s11"]  # MatchIt 4.5.1, exact = ~region


@given(st.integers(2, 4), st.integers(4, 6), st.integers(0, 10_000), st.sampled_from([None, 0.8, 1.5]))
@settings(max_examples=40, deadline=None)
def test_without_replacement_no_other_matching_is_better(
    treated: int, others: int, seed: int, calliper: float | None
) -> None:
    random = np.random.default_rng(seed)
    n = treated + others
    sites = pd.DataFrame(random.normal(size=(n, 2)), columns=["a", "b"])
    sites = sites.assign(site=range(n), treated=[1] * treated + [0] * others)
    apart = match(sites, "site", "treated", ["a", "b"], others, replace=True).pairs
    distance = {(row.treated, row.comparison): row.distance for row in apart.itertuples()}
    limit = np.inf if calliper is None else calliper
    best = (0, 0.0)
    for chosen in permutations(range(treated, n), treated):
        near = [distance[i, j] for i, j in enumerate(chosen) if distance[i, j] <= limit]
        best = min(best, (-len(near), sum(near)))
    if best[0] == 0:
        with pytest.raises(NotComputable, match="calliper"):
            match(sites, "site", "treated", ["a", "b"], calliper=calliper)
        return
    found = match(sites, "site", "treated", ["a", "b"], calliper=calliper)
    assert (-len(found.pairs), found.pairs["distance"].sum()) == pytest.approx(best, abs=1e-9)
    assert found.pairs["comparison"].is_unique and len(found.unmatched) == treated + best[0]
    shuffled = match(sites.sample(frac=1, random_state=1), "site", "treated", ["a", "b"], calliper=calliper)
    assert shuffled.pairs["distance"].sum() == pytest.approx(found.pairs["distance"].sum(), abs=1e-9)


def test_missing_covariates_leave_out() -> None:
    holed = SITES.assign(rate=SITES["rate"].where(~SITES["site"].isin(["s1", "s6"])))
    found = match(holed, "site", "treated", BOTH)
    assert found.left_out == ("s1", "s6") and found.weights["s1"] == 0
    assert entropy_balance(holed, "site", "treated", BOTH).left_out == ("s1", "s6")


def test_matching_refusals() -> None:
    with pytest.raises(NotComputable, match="rate does not vary"):
        match(SITES.assign(rate=1.0), "site", "treated", BOTH)
    with pytest.raises(NotComputable, match="copy one another"):
        match(SITES.assign(spend=SITES["rate"] * 2), "site", "treated", BOTH)
    with pytest.raises(NotComputable, match="no treated"):
        match(SITES.assign(treated=0), "site", "treated", BOTH)
    with pytest.raises(NotComputable, match="calliper and the strata"):
        match(SITES, "site", "treated", BOTH, calliper=1e-6)
    with pytest.raises(ValueError, match="two rows"):
        match(pd.concat([SITES, SITES]), "site", "treated", BOTH)
    for wrong in ({"distance": "euclidean"}, {"neighbours": 0}, {"calliper": 0.0}):
        with pytest.raises(ValueError, match=r"distance|neighbour|calliper"):
            match(SITES, "site", "treated", BOTH, **wrong)


# R 4.2.2: Newton's method on the dual of Hainmueller (2012), written anew in R, to a gradient of 1e-15.
MEANS = [0.20865882194229, 0.60538388794487, 0.14116944346276, 0.23812830758020, 0.16686241454245]
MEANS += [0.67497594358104, 0.43000000785557, 0.17653016617289, 1.09736643565526, 0.26092457126267]
SQUARES = [0.14827724578082, 0.46127249737800, 0.44912252726858, 0.14222390001441, 0.16888677729254]
SQUARES += [0.41820961927669, 0.14274581181944, 0.31692341264032, 1.60660828291172, 0.14572992561747]


@pytest.mark.parametrize(("moments", "expected"), [(1, MEANS), (2, SQUARES)])
def test_entropy_balancing_is_that_of_r(moments: int, expected: list[float]) -> None:
    found = entropy_balance(SITES, "site", "treated", BOTH, moments)
    assert found.weights.tolist() == pytest.approx([1.0] * 4 + expected, abs=1e-9)


def simulated(seed: int, sites: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    treated = (np.arange(sites) < 8).astype(int)
    frame = pd.DataFrame(random.normal(size=(sites, 3)), columns=["a", "b", "c"])
    frame["a"] += 0.3 * treated
    frame["c"] = (frame["c"] > 0).astype(float)
    return frame.assign(site=range(sites), treated=treated, base=random.uniform(0.5, 2, sites))


@given(st.integers(0, 10_000), st.sampled_from(["", "base"]), st.sampled_from([1, 2]))
@settings(max_examples=30, deadline=None)
def test_weights_balance_exactly_and_tilt_the_base(seed: int, base: str, moments: int) -> None:
    """Moments are equal; log(weight / base) is linear in them: the conditions of the optimum, which is unique."""
    sites = simulated(seed)
    try:
        found = entropy_balance(sites, "site", "treated", ["a", "b", "c"], moments, base)
    except NotComputable:
        assume(False)
    others = sites["treated"].to_numpy() == 0
    x = sites[["a", "b", "c"]]
    x = x.assign(aa=x["a"] ** 2, bb=x["b"] ** 2) if moments == 2 else x
    weights = found.weights.to_numpy()[others]
    assert weights.sum() == pytest.approx(8)
    assert (weights @ x[others].to_numpy() / 8) == pytest.approx(x[~others].mean().to_numpy(), abs=1e-8)
    tilt = np.log(weights / (sites["base"].to_numpy()[others] if base else 1.0))
    design = np.column_stack([np.ones(others.sum()), x[others]])
    assert design @ np.linalg.lstsq(design, tilt, rcond=None)[0] == pytest.approx(tilt, abs=1e-6)


def test_balanced_groups_keep_their_weights() -> None:
    sites = pd.concat([SITES[4:].assign(treated=1), SITES[4:].assign(site=SITES["site"][4:] + "x")])
    found = entropy_balance(sites, "site", "treated", BOTH, 2)
    assert found.weights.to_numpy() == pytest.approx(np.ones(20)) and found.effective_comparison == pytest.approx(10)


def test_what_can_not_be_balanced_is_named() -> None:
    with pytest.raises(NotComputable, match=r"balance rate: .* as high as the highest of the 10"):
        entropy_balance(SITES.assign(rate=SITES["rate"] + 30 * SITES["treated"]), "site", "treated", BOTH)
    with pytest.raises(NotComputable, match="the square of rate"):
        extreme = SITES.assign(rate=[45.0, 73, 45, 73, *SITES["rate"][4:]])
        entropy_balance(extreme, "site", "treated", BOTH, 2)
    with pytest.raises(NotComputable, match=r"all 2 moments at once"):
        crossed = SITES.assign(
            rate=[60.0] * 4 + SITES["rate"].tolist()[4:], spend=[2.8] * 4 + SITES["spend"].tolist()[4:]
        )
        entropy_balance(crossed, "site", "treated", BOTH)


def test_weighting_refusals() -> None:
    with pytest.raises(NotComputable, match="two comparison units"):
        entropy_balance(SITES[:5], "site", "treated", BOTH)
    with pytest.raises(ValueError, match="moments"):
        entropy_balance(SITES, "site", "treated", BOTH, 3)
    with pytest.raises(ValueError, match="base weights"):
        entropy_balance(SITES.assign(base=0.0), "site", "treated", BOTH, base="base")


def test_balance_before_and_after_by_hand() -> None:
    sites = pd.DataFrame({"site": list("abcde"), "treated": [1, 1, 0, 0, 0], "x": [1.0, 3.0, 0.0, 2.0, 7.0]})
    found = covariate_balance(sites, "site", "treated", ["x"], pd.Series([1, 1, 0.5, 1.5, 0], index=list("abcde")))
    row = found.iloc[0]
    assert row["comparison_before"] == 3 and row["comparison_after"] == 1.5 and row["treated"] == 2
    scale = ((2 + 13) / 2) ** 0.5
    assert row["standardised_before"] == pytest.approx(-1 / scale)
    assert row["standardised_after"] == pytest.approx(0.5 / scale)
    assert row["variance_ratio_before"] == pytest.approx(2 / 13)
    assert row["variance_ratio_after"] == pytest.approx(2 / (2 * (0.5 * 2.25 + 1.5 * 0.25) / (4 - 2.5)))


def test_weights_that_balance_leave_no_difference() -> None:
    weights = entropy_balance(SITES, "site", "treated", BOTH).weights
    found = covariate_balance(SITES, "site", "treated", BOTH, weights)
    assert found["standardised_after"].to_numpy() == pytest.approx([0, 0], abs=1e-9)
    assert (found["standardised_before"].abs() > 0.3).all()
