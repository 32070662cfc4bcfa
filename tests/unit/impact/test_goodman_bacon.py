"""The Bacon decomposition: weights sum to 1, the weighted sum is the two-way coefficient, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from joinedup.impact import bacon, did
from joinedup.study.problems import NotComputable


def panel(starts: list[float], periods: int = 6, seed: int = 0) -> pd.DataFrame:
    """SIMULATED; a start before 0 is always treated, one after the last period never."""
    random = np.random.default_rng(seed)
    rows = [(u, p, float(p >= s), random.normal() + u) for u, s in enumerate(starts) for p in range(periods)]
    return pd.DataFrame(rows, columns=["unit", "period", "on", "y"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-1, 6), min_size=3, max_size=12), st.integers(0, 999))
def test_the_weighted_sum_is_the_two_way_coefficient(starts: list[int], seed: int) -> None:
    """Goodman-Bacon (2021), theorem 1, with never and always treated units where there are some."""
    assume(len({max(s, 0) for s in starts}) > 1 and any(0 < s < 6 for s in starts))
    frame = panel([float(s) for s in starts], seed=seed)
    found = bacon(frame, "y", "unit", "period", "on")
    assert sum(part.weight for part in found.comparisons) == pytest.approx(1.0, abs=1e-12)
    assert all(part.weight > 0 for part in found.comparisons)
    assert found.estimate == pytest.approx(did(frame, "y", "unit", "period", "on").estimate, abs=1e-10)
    assert found.table["weight"].sum() == pytest.approx(1.0)
    assert 0 <= found.forbidden_share <= 1


def test_one_start_is_one_comparison() -> None:
    found = bacon(panel([3, 3, 9, 9, 9]), "y", "unit", "period", "on")
    (only,) = found.comparisons
    assert (only.kind, only.treated, only.control, only.weight) == ("treated against never treated", 3.0, np.inf, 1.0)
    assert found.forbidden_share == 0


def test_two_starts_without_never_treated_by_hand() -> None:
    """Starts 1 and 2 of periods 0-2: earlier (1 against 2, periods 0-1), later (2 against 1, periods 1-2); both shares 1/4,
    treated 2/3 and 1/3: weights (1/3)(1/3) and (1/3)(1/3): one half each."""
    frame = pd.DataFrame(
        [("a", 0, 0, 0.0), ("a", 1, 1, 5.0), ("a", 2, 1, 7.0), ("b", 0, 0, 1.0), ("b", 1, 0, 2.0), ("b", 2, 1, 9.0)],
        columns=["unit", "period", "on", "y"],
    )
    found = {part.kind: (part.weight, part.estimate) for part in bacon(frame, "y", "unit", "period", "on").comparisons}
    assert found["earlier against later treated"] == (pytest.approx(0.5), pytest.approx(5 - 1))
    assert found["later against earlier treated"] == (pytest.approx(0.5), pytest.approx(7 - 2))


def test_refusals() -> None:
    frame = panel([2, 4, 9])
    with pytest.raises(NotComputable, match="1 cells are missing"):
        bacon(frame.iloc[1:], "y", "unit", "period", "on")
    with pytest.raises(NotComputable, match="never ends"):
        bacon(frame.assign(on=frame["on"] * (frame["period"] < 5)), "y", "unit", "period", "on")
    with pytest.raises(NotComputable, match="nothing to compare"):
        bacon(panel([9, 9]), "y", "unit", "period", "on")
    with pytest.raises(NotComputable, match="nothing to compare"):
        bacon(panel([0, 9]), "y", "unit", "period", "on")
    with pytest.raises(ValueError, match="two cells"):
        bacon(pd.concat([frame, frame]), "y", "unit", "period", "on")
