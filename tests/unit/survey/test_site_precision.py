"""The interval of a single site's score: by hand, by simulation of its coverage, and none without a known spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from joinedup.survey.site_precision import site_intervals


def test_by_hand() -> None:
    """Eleven agencies of two people one point apart at site a: s^2 = 0.5 with 11 degrees of freedom, t 2.200985."""
    scores = [*[2.0, 3.0] * 11, 4.0, 5.0, math.nan]
    sites = [*["a"] * 22, "b", "b", "b"]
    agencies = [*[f"agency {n // 2}" for n in range(22)], "one", "other", "third"]
    found = site_intervals(scores, sites, agencies)
    half_a = 2.200985 * math.sqrt(0.5 * 11 * 0.5) / 11
    half_b = 2.200985 * math.sqrt(0.5 * 2) / 2
    assert found["a"] == pytest.approx((2.5 - half_a, 2.5 + half_a), abs=1e-6)
    assert found["b"] == pytest.approx((4.5 - half_b, 4.5 + half_b), abs=1e-6)


def test_too_few_people_do_not_tell_their_spread() -> None:
    assert site_intervals([1.0, 2.0, 3.0], ["a", "a", "b"], ["x", "x", "x"]) == {}


def test_it_covers_the_site_s_own_middle_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(7)
    sites = [f"s{n // 5}" for n in range(100)]
    agencies = [("x", "x", "y", "y", "z")[n % 5] for n in range(100)]
    middles = {site: float(random.normal(3, 0.5)) for site in dict.fromkeys(sites)}
    shift = {"x": -0.3, "y": 0.1, "z": 0.2}
    held = []
    for _ in range(300):
        drawn = [middles[s] + shift[a] + float(random.normal(0, 0.6)) for s, a in zip(sites, agencies, strict=True)]
        held += [low <= middles[site] <= high for site, (low, high) in site_intervals(drawn, sites, agencies).items()]
    assert np.mean(held) == pytest.approx(0.95, abs=0.01)
