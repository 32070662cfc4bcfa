"""Hundreds of random hierarchical tables under every profile, each protected and then attacked by who knows the rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from joinedup.disclosure import PROFILES, Profile, protect
from joinedup.disclosure.attack import Attack, system_of
from joinedup.disclosure.auditing import bounds_of
from joinedup.disclosure.nearby import near_values
from tests.unit.disclosure.any_table import AnyTable, Attacker, any_table

EACH_PROFILE = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MOST_TRIED = 300_000


def hold(table: AnyTable, profile: Profile, could_be: dict[int, set[int]]) -> None:
    """Small cells keep three numbers, no hidden cell is solved; where the rule hides no others, the audit tells which."""
    safe = protect(table.table, profile)
    small = (table.truth >= 1) & (table.truth <= profile.threshold)
    assert (small == (safe.status.to_numpy(dtype=object).ravel() == "primary")).all()
    few = {cell for cell, numbers in could_be.items() if small[cell] and len(numbers) < profile.least_feasible}
    assert bool(few) == bool(safe.audit().disclosed)
    if profile.secondary:
        assert not few
        assert all(len(numbers) > 1 for numbers in could_be.values()), (
            "a hidden cell that can be worked out hides nothing"
        )


@EACH_PROFILE
@MANY
@given(table=any_table(dimensions=3, most=2))
def test_a_program_of_the_attackers_own_solves_no_hidden_cell(profile: Profile, table: AnyTable) -> None:
    printed = protect(table.table, profile).table.to_numpy(dtype=object).ravel()
    hidden = np.flatnonzero(printed == profile.mark)
    assume(len(hidden))
    hold(table, profile, Attacker(table, printed, profile).could_be(hidden))


@EACH_PROFILE
@MANY
@given(table=any_table(dimensions=2, most=2))
def test_small_tables_by_trying_every_table_that_fits(profile: Profile, table: AnyTable) -> None:
    printed = protect(table.table, profile).table.to_numpy(dtype=object).ravel()
    hidden = np.flatnonzero(printed == profile.mark)
    attacker = Attacker(table, printed, profile)
    assume(len(hidden) and attacker.tables_to_try(profile.threshold + 2) <= MOST_TRIED)
    tried = attacker.by_trying(profile.threshold + 2)
    found = {int(cell): set(map(int, np.unique(tried[:, cell]))) for cell in hidden}
    exact = attacker.could_be(hidden)
    hold(table, profile, {cell: found[cell] if len(found[cell]) >= 3 else exact[cell] for cell in exact})


@pytest.mark.parametrize("profile", [PROFILES["nhs"], PROFILES["rounded"]], ids=["nhs", "rounded"])
@MANY
@given(table=any_table(dimensions=2, most=3))
def test_what_is_proven_near_a_table_that_fits_is_possible(profile: Profile, table: AnyTable) -> None:
    """The audit's quick proof against one program for each cell: the same cells are open."""
    safe = protect(table.table, profile)
    shown = safe.published
    system = system_of(shown.sums, shown.shown)
    low, high = bounds_of(system, shown.shown)
    attack = Attack(system.matrix, low, high)
    primary = sorted(shown.sensitive or ())
    numbers = np.array([system.number[cell] for cell in primary], dtype=np.int64)
    for cell, first, last in zip(numbers, *near_values(system, low, high, numbers), strict=True):
        least, greatest = attack.interval(int(cell))
        assert first > last or (least <= first and (greatest is None or last <= greatest))
        assert attack.feasible(int(cell), 10)[2] >= min(10, last - first + 1)
    alone = {cell for cell in primary if attack.feasible(system.number[cell], profile.least_feasible)[2] < 3}
    assert {cell.cell for cell in safe.audit().disclosed if cell.cell in primary} == alone
