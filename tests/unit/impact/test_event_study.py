"""The event study under staggered adoption, and what it and difference in differences refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from joinedup.impact.event_effects import event_study
from joinedup.impact.two_way import did
from joinedup.study.problems import NotComputable


def staggered(effect=None, noise: float = 0.0, never: int = 8, sizes: tuple[int, int] = (4, 2)) -> pd.DataFrame:
    """SIMULATED: `sizes` units start in 3 and in 5, `never` never; y = unit + period effects + effect(cohort, relative)."""
    random = np.random.default_rng(5)
    starts = [3.0] * sizes[0] + [5.0] * sizes[1] + [np.nan] * never
    rows = [
        (u, p, a, u * 1.7 + p * p + (effect(a, p - a) if effect and a <= p else 0.0) + noise * random.normal())
        for u, a in enumerate(starts)
        for p in range(8)
    ]
    return pd.DataFrame(rows, columns=["unit", "period", "adopted", "y"])


def test_effects_that_differ_between_cohorts_and_grow_are_recovered_exactly() -> None:
    cells = staggered(lambda cohort, relative: (10 if cohort == 3 else 1) * (1 + relative))
    found = event_study(cells, "y", "unit", "period", "adopted")
    for relative in (0, 1, 2):  # both cohorts: (4 * 10 + 2 * 1) / 6 for each period since the start
        assert found.terms[relative].estimate == pytest.approx((1 + relative) * 42 / 6, abs=1e-8)
    for relative in (3, 4):  # only the first cohort is seen so long
        assert found.terms[relative].estimate == pytest.approx(10 * (1 + relative), abs=1e-8)
    for term in found.before.values():
        assert term.estimate == pytest.approx(0, abs=1e-8)
    assert found.cohorts == {3: 4, 5: 2}
    assert sorted(found.terms) == [-5, -4, -3, -2, 0, 1, 2, 3, 4]


def test_plain_relative_time_dummies_would_be_wrong_here() -> None:
    """Why cohorts are kept apart: one set of dummies gives differences before the start where there are none."""
    cells = staggered(lambda cohort, relative: (10 if cohort == 3 else 1) * (1 + relative))
    relative = cells["period"] - cells["adopted"]
    wanted = [r for r in range(-5, 5) if r != -1]
    dummies = np.column_stack([(relative == r).astype(float) for r in wanted])
    effects = pd.get_dummies(cells[["unit", "period"]].astype(str), dtype=float)
    plain = np.linalg.lstsq(np.column_stack([dummies, effects]), cells["y"], rcond=None)[0]
    assert abs(plain[wanted.index(-2)]) > 0.1


def test_two_way_dummies_have_to_be_asked_for_and_are_those_of_least_squares() -> None:
    cells = staggered(lambda cohort, relative: (10 if cohort == 3 else 1) * (1 + relative))
    asked = event_study(cells, "y", "unit", "period", "adopted", method="twfe")
    wanted = [r for r in range(-5, 5) if r != -1]
    relative = cells["period"] - cells["adopted"]
    dummies = np.column_stack([(relative == r).astype(float) for r in wanted])
    effects = pd.get_dummies(cells[["unit", "period"]].astype(str), dtype=float)
    plain = np.linalg.lstsq(np.column_stack([dummies, effects]), cells["y"], rcond=None)[0]
    assert [asked.terms[r].estimate for r in wanted] == pytest.approx(plain[: len(wanted)].tolist(), abs=1e-7)
    assert asked.terms[-2].estimate != pytest.approx(
        event_study(cells, "y", "unit", "period", "adopted").terms[-2].estimate
    )
    with pytest.raises(ValueError, match="method must be one of sun-abraham, twfe"):
        event_study(cells, "y", "unit", "period", "adopted", method="ols")


def test_one_period_before_shows_no_trend_and_is_refused() -> None:
    cells = staggered(lambda *_: 1.0)
    short = cells[(cells["period"] >= 4) & (cells["adopted"].isna() | (cells["adopted"] == 5))]
    with pytest.raises(NotComputable, match="fewer than 2 periods before the start"):
        event_study(short, "y", "unit", "period", "adopted")


def test_children_as_weights_equal_repeated_rows() -> None:
    """A site of three children weighs as three sites of one child with the same numbers, whatever its start."""
    cells = staggered(lambda *_: 1.0, noise=1.0)
    cells = cells.assign(n=np.where(cells["unit"] % 2, 3, 1))
    weighed = event_study(cells, "y", "unit", "period", "adopted", weights="child")
    copies = pd.concat([cells[cells["n"] > k].assign(unit=lambda f, k=k: f["unit"] + 100 * k) for k in range(3)])
    repeated = event_study(copies, "y", "unit", "period", "adopted")
    for relative, term in repeated.terms.items():
        assert weighed.terms[relative].estimate == pytest.approx(term.estimate, abs=1e-9)


def test_a_cohort_term_equals_the_difference_of_mean_changes() -> None:
    cells = staggered(lambda *_: 2.0, noise=1.0)
    one = cells[cells["adopted"].isna() | (cells["adopted"] == 3)]
    found = event_study(one, "y", "unit", "period", "adopted")
    wide = one.pivot(index="unit", columns="period", values="y")
    change = wide[4] - wide[2]
    assert found.terms[1].estimate == pytest.approx(change[:4].mean() - change[4:].mean(), abs=1e-9)


def test_a_gap_in_the_periods_stays_a_gap() -> None:
    cells = staggered(lambda _, relative: 1.0 + relative)
    found = event_study(cells[~cells["period"].isin([1, 6])], "y", "unit", "period", "adopted")
    assert found.terms[0].estimate == pytest.approx(1.0, abs=1e-8)
    assert found.terms[4].estimate == pytest.approx(5.0, abs=1e-8)  # period 7 of the first cohort


def test_no_effect_gives_a_pretrend_p_that_is_no_alarm_and_a_trend_gives_one() -> None:
    quiet = staggered(noise=1.0, never=60, sizes=(30, 20))
    first = event_study(quiet, "y", "unit", "period", "adopted").pretrend_p
    drift = quiet.assign(y=quiet["y"] + quiet["period"] * 5.0 * quiet["adopted"].notna())
    second = event_study(drift, "y", "unit", "period", "adopted").pretrend_p
    assert first is not None
    assert first > 0.01
    assert second is not None
    assert second < 1e-6


def test_too_few_clusters_for_the_joint_test_give_none() -> None:
    cells = staggered(noise=1.0, never=2)
    cells = cells[cells["unit"].isin([0, 6, 7])]
    assert event_study(cells, "y", "unit", "period", "adopted").pretrend_p is None


def test_without_a_never_treated_unit_it_is_refused() -> None:
    with pytest.raises(NotComputable, match="none to compare with"):
        event_study(staggered(never=0), "y", "unit", "period", "adopted")


def test_a_cohort_without_its_reference_period_is_refused_by_name() -> None:
    cells = staggered()
    with pytest.raises(NotComputable, match="first treated in 3 have no value 1 period"):
        event_study(cells[cells["period"] != 2], "y", "unit", "period", "adopted")


def test_did_refuses_where_there_is_no_contrast() -> None:
    cells = staggered().assign(treated=0.0)
    with pytest.raises(NotComputable, match="no contrast"):
        did(cells, "y", "unit", "period", "treated")


def test_did_refuses_a_collinear_treatment_by_name() -> None:
    cells = staggered()
    cells = cells.assign(treated=(cells["unit"] < 4).astype(float))
    with pytest.raises(NotComputable, match="treated"):
        did(cells, "y", "unit", "period", "treated")


def test_two_cells_of_a_unit_in_one_period_are_an_error() -> None:
    cells = staggered()
    with pytest.raises(ValueError, match="two cells"):
        did(pd.concat([cells, cells]).assign(treated=1.0), "y", "unit", "period", "treated")


def test_did_on_two_periods_is_the_difference_of_mean_changes_and_missing_cells_are_left_out() -> None:
    cells = pd.DataFrame(
        [("a", 1, 1.0), ("a", 2, 5.0), ("b", 1, 2.0), ("b", 2, 3.0), ("c", 1, 0.0), ("c", 2, 2.0), ("d", 1, 9.0)],
        columns=["unit", "period", "y"],
    )
    cells = cells.assign(treated=((cells["unit"] == "a") & (cells["period"] == 2)).astype(float))
    cells.loc[len(cells)] = ["d", 2, float("nan"), 0.0]
    found = did(cells, "y", "unit", "period", "treated")
    assert found.estimate == pytest.approx(4 - 1.5)
    assert (found.n_units, found.n_cells, found.n_treated) == (3, 6, 1)
