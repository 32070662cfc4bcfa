"""Each profile's rule holds for any table: what is shown, rounded, hidden, and which percentages follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES, Profile, Protected, percentages, protect

COUNTS = st.lists(st.integers(0, 40), min_size=9, max_size=9)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_margins(values: list[int]) -> pd.DataFrame:
    inside = np.array(values).reshape(3, 3)
    table = np.vstack([inside, inside.sum(axis=0)])
    table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    rows, columns = pd.Index(["A", "B", "C", "Total"], name="site"), pd.Index(["x", "y", "z", "Total"], name="answer")
    return pd.DataFrame(table, index=rows, columns=columns).astype(object)


def cells(safe: Protected, truth: pd.DataFrame) -> list[tuple[object, int, bool]]:
    """Each cell as shown, its count, and whether it stands in the totals' row (above the authority)."""
    return [
        (safe.table.loc[row, column], int(truth.loc[row, column]), row == "Total")
        for row in truth.index
        for column in truth.columns
    ]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@SLOW
@given(values=COUNTS)
def test_small_counts_are_hidden_zeros_are_true_and_others_rounded(profile: Profile, values: list[int]) -> None:
    truth = with_margins(values)
    for shown, count, above in cells(protect(truth, profile), truth):
        base = profile.base_above if above else profile.base
        if 1 <= count <= profile.threshold:
            assert shown == profile.mark
        elif shown == profile.mark:
            assert profile.secondary, "only complementary suppression hides what isn't small"
        else:
            assert isinstance(shown, int)
            assert shown % base == 0
            assert abs(shown - count) <= base / 2
            assert (count == 0) <= (shown == 0)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@SLOW
@given(values=COUNTS)
def test_a_percentage_follows_from_what_is_shown(profile: Profile, values: list[int]) -> None:
    truth = with_margins(values)
    safe = protect(truth, profile)
    found = percentages(safe, "answer")
    for row in truth.index:
        whole = safe.table.loc[row, "Total"]
        for column in truth.columns:
            part, share = safe.table.loc[row, column], found.loc[row, column]
            if isinstance(share, str):
                continue
            assert isinstance(part, int) and isinstance(whole, int), "numerator and denominator are shown"
            assert share == min(100.0, round(100 * part / whole, profile.decimals))
            left = int(truth.loc[row, "Total"]) - int(truth.loc[row, column])
            if profile.base == 1 and row != "Total":
                assert not 1 <= left <= profile.threshold, "what is left could be worked out"
