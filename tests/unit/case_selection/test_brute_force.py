"""Every strategy against brute force over all sets of 14 sites, with ties, must, exclude, quota and missing values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.synthesis.case_selection import STRATEGIES, near_optimal, select

Score = Callable[[tuple[str, ...]], float]
NUMBERS, CLASSES = ["a", "b"], ["region", "type"]
FITTED = ("typical", "deviant", "influential", "pathway", "extreme")
LIMITS: list[dict[str, Any]] = [
    {},
    {"must": ["s03", "s11"]},
    {"exclude": ["s00", "s05"]},
    {"quota": {"region": {"north": 2}}},
    {"quota": {"region": {"north": (1, 2)}, "type": {"city": (2, 3)}}},
    {"must": ["s07"], "exclude": ["s01"], "quota": {"type": {"shire": (1, 1)}}},
]


def some_sites(seed: int, n: int = 14, coarse: bool = False) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    number = (lambda: random.integers(0, 3, n).astype(float)) if coarse else (lambda: random.normal(size=n))
    frame = pd.DataFrame({"a": number(), "b": number(), "y": number()}, index=[f"s{i:02}" for i in range(n)])
    frame["region"] = [("north", "south", "east")[i % 3] for i in range(n)]
    frame["type"] = [("city", "shire")[i] for i in random.integers(0, 2, n)]
    frame.loc[["s00", "s01", "s02"], "type"] = ["city", "shire", "city"]
    frame.loc[["s03", "s04", "s06"], "type"] = ["city", "shire", "city"]
    return frame


def gower_by_hand(sites: pd.DataFrame, weights: dict[str, float]) -> dict[tuple[str, str], float]:
    known = {name: {site: value for site, value in sites[name].items() if not pd.isna(value)} for name in sites}
    spread = {name: max(known[name].values()) - min(known[name].values()) for name in sites if name in (*NUMBERS, "y")}
    found = {}
    for one, other in combinations(sorted(sites.index), 2):
        parts = []
        for name, value in known.items():
            if one in value and other in value:
                x, z = value[one], value[other]
                away = abs(x - z) / (spread[name] or 1.0) if name in spread else float(x != z)
                parts.append((weights.get(name, 1.0), away))
        found[one, other] = sum(w * away for w, away in parts) / sum(w for w, _ in parts)
    return found


def regression(sites: pd.DataFrame, names: list[str]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    parts = [np.ones(len(sites))]
    for name in names:
        if name in NUMBERS:
            parts.append(sites[name].to_numpy())
        else:
            parts += [(sites[name] == kind).to_numpy(dtype=float) for kind in sorted(sites[name].unique())[1:]]
    design = np.column_stack(parts)
    hat = design @ np.linalg.pinv(design)
    y = sites["y"].to_numpy()
    return y - hat @ y, np.diag(hat), int(np.linalg.matrix_rank(design))


def single(sites: pd.DataFrame, strategy: str, names: list[str]) -> dict[str, float]:
    y = sites["y"].to_numpy()
    if strategy == "extreme":
        return dict(zip(sites.index, abs(y - y.mean()) / y.std(ddof=1), strict=True))
    residual, leverage, rank = regression(sites, names)
    found = abs(residual)
    if strategy == "influential":
        variance = (residual**2).sum() / (len(y) - rank)
        found = residual**2 / (rank * variance) * leverage / (1 - leverage) ** 2
    if strategy == "pathway":
        found = np.maximum(abs(regression(sites, names[1:])[0]) - abs(residual), 0)
    return dict(zip(sites.index, found, strict=True))


def covered(sites: pd.DataFrame, chosen: tuple[str, ...], weights: dict[str, float]) -> float:
    shares = []
    for name in sites.columns:
        classes = sites[name]
        if name in NUMBERS:
            low, high = np.quantile(classes, 1 / 3), np.quantile(classes, 2 / 3)
            classes = (classes > low).astype(int) + (classes > high)
        by_site = dict(zip(sites.index, classes, strict=True))
        share = len({by_site[site] for site in chosen}) / len(set(by_site.values()))
        shares.append(weights.get(name, 1.0) * share)
    return sum(shares) / sum(weights.get(name, 1.0) for name in sites.columns)


def score(sites: pd.DataFrame, strategy: str, how: dict[str, Any]) -> tuple[Score, int]:
    """What a set is worth to a strategy, and 1 where the most, -1 where the least is sought."""
    names = [*how.get("predictors", [name for name in sites.columns if name != how.get("outcome")])]
    weights = how.get("weights", {})
    if strategy in FITTED and "outcome" in how:
        worth = single(sites, strategy, names)
        return lambda chosen: math.fsum(worth[site] for site in chosen), -1 if strategy == "typical" else 1
    if strategy == "diverse":
        return lambda chosen: covered(sites[names], chosen, weights), 1
    apart = gower_by_hand(sites[names], weights)
    if strategy == "typical":
        mean = {s: sum(d for pair, d in apart.items() if s in pair) / (len(sites) - 1) for s in sites.index}
        return lambda chosen: math.fsum(mean[site] for site in chosen), -1
    if strategy == "max-min":
        return lambda chosen: min(apart[pair] for pair in combinations(chosen, 2)), 1
    worth_of = apart
    sign = -1 if strategy == "most-similar" and "outcome" not in how else 1
    if "outcome" in how and strategy in ("most-similar", "most-different"):
        y = sites["y"]
        differ = {(i, j): abs(y[i] - y[j]) / (y.max() - y.min()) for i, j in apart}
        turn = 1 if strategy == "most-similar" else -1
        worth_of = {pair: turn * (differ[pair] - apart[pair]) for pair in apart}
    return lambda chosen: math.fsum(worth_of[pair] for pair in combinations(chosen, 2)), sign


def allowed(sites: pd.DataFrame, k: int, how: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    limits = []
    for name, kinds in how.get("quota", {}).items():
        for kind, asked in kinds.items():
            low, high = asked if isinstance(asked, tuple) else (asked, asked)
            limits.append((set(sites.index[sites[name] == kind]), low, high))
    for chosen in combinations(sorted(sites.index), k):
        if not set(how.get("must", ())) <= set(chosen) or set(how.get("exclude", ())) & set(chosen):
            continue
        if all(low <= len(members & set(chosen)) <= high for members, low, high in limits):
            yield chosen


def check(sites: pd.DataFrame, k: int, strategy: str, how: dict[str, Any]) -> None:
    worth, sign = score(sites, strategy, how)
    values = {chosen: sign * worth(chosen) for chosen in allowed(sites, k, how)}
    best = max(values.values())
    tied = [chosen for chosen, value in values.items() if value >= best - 1e-9]
    found = select(sites, k, strategy, **how)
    assert found.objective == pytest.approx(sign * best, abs=1e-9)
    assert found.proven
    assert found.bound == pytest.approx(found.objective)
    assert [found.sites, *found.alternatives] == tied[:100]
    assert found.complete == (len(tied) <= 100)


@pytest.mark.parametrize("limits", LIMITS, ids=range(len(LIMITS)))
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_equals_brute_force(strategy: str, limits: dict[str, Any]) -> None:
    outcome = {"outcome": "y"} if strategy in (*FITTED, "most-similar", "most-different") else {}
    check(some_sites(1), 5, strategy, {"predictors": ["a", "b", *CLASSES], **outcome, **limits})


@pytest.mark.parametrize("limits", LIMITS, ids=range(len(LIMITS)))
@pytest.mark.parametrize("strategy", ["typical", "diverse", "most-similar", "most-different", "max-min", "max-sum"])
def test_ties_come_in_the_order_of_labels(strategy: str, limits: dict[str, Any]) -> None:
    sites = some_sites(2, coarse=True).drop(columns="y").sample(frac=1, random_state=1)
    check(sites, 4, strategy, {"weights": {"a": 2.0, "region": 0.5}, **limits})


@given(st.integers(0, 10**6), st.sampled_from(sorted(STRATEGIES)), st.integers(2, 7), st.integers(0, 5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_equals_brute_force_on_any_sites(seed: int, strategy: str, k: int, limit: int, coarse: bool) -> None:
    how = {"outcome": "y", "predictors": NUMBERS, **LIMITS[limit]}
    sites = some_sites(seed, 11 if k > 5 else 14, coarse)
    if any(site not in sites.index for site in [*how.get("must", ()), *how.get("exclude", ())]):
        how = {"outcome": "y", "predictors": NUMBERS}
    if not any(True for _ in allowed(sites, k, how)) or sites["y"].nunique() < 2:
        return
    check(sites, k, strategy, how)


def test_missing_values_leave_an_attribute_out_for_a_pair() -> None:
    sites = some_sites(3).drop(columns="y")
    sites.loc["s02", "a"] = np.nan
    sites.loc[["s05", "s09"], "region"] = None
    check(sites, 4, "max-min", {})
    check(sites, 4, "max-sum", {})
    notes = select(sites, 4).notes
    assert [note.split(":")[0] for note in notes] == ["a is missing for s02", "region is missing for s05, s09"]


def test_near_optimal_sets_are_all_within_the_share() -> None:
    sites = some_sites(4).drop(columns="y")
    for strategy in ("max-min", "max-sum", "typical", "diverse"):
        worth, sign = score(sites, strategy, {})
        values = {chosen: worth(chosen) for chosen in combinations(sites.index, 3)}
        best = max(values.values()) if sign > 0 else min(values.values())
        expected = {chosen for chosen, value in values.items() if sign * (best - value) <= 0.02 * abs(best) + 1e-9}
        found = near_optimal(sites, 3, strategy, within=0.02)
        assert found.attrs["complete"] == (len(expected) <= 100)
        assert set(found["sites"]) <= expected
        assert len(found) == min(len(expected), 100)
        assert found["objective"].iloc[0] == pytest.approx(best)
