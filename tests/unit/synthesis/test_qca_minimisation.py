"""QCA: minimisation against brute force over small tables, the order of cases and conditions, caps."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.synthesis import qca
from joinedup.synthesis.qca.truthtable import recut

Observed = dict[tuple[int, ...], int]


@st.composite
def observed(draw: st.DrawFn) -> tuple[tuple[int, ...], Observed]:
    """Levels of two to four conditions, and some rows with their output; at least one of each."""
    levels = draw(st.lists(st.sampled_from([2, 2, 2, 3]), min_size=2, max_size=4))
    space = list(itertools.product(*map(range, levels)))
    rows = draw(st.lists(st.sampled_from(space), min_size=2, max_size=9, unique=True))
    outputs = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    outputs[0], outputs[1] = True, False
    return tuple(levels), dict(zip(rows, map(int, outputs), strict=True))


def table_of(levels: tuple[int, ...], rows: Observed, order: list[int] | None = None) -> qca.TruthTable:
    names = [f"C{at}" for at in order or range(len(levels))]
    found = [{f"C{at}": value for at, value in enumerate(row)} | {"Y": output} for row, output in rows.items()]
    # One case outside the analysis would change the fits: the levels come from the rows alone.
    return qca.truth_table(found, "Y", names)


def covers(term: tuple[int, ...], row: tuple[int, ...]) -> bool:
    return all(value in (-1, theirs) for value, theirs in zip(term, row, strict=True))


def smallest_covers(
    levels: tuple[int, ...], on: list[tuple[int, ...]], off: list[tuple[int, ...]]
) -> set[frozenset[Any]]:
    """By trying everything: all terms, those that are prime, all covers by size."""
    terms = [t for t in itertools.product(*(range(-1, n) for n in levels)) if not any(covers(t, row) for row in off)]
    primes = [
        t for t in terms if not any(o != t and all(a in (-1, b) for a, b in zip(o, t, strict=True)) for o in terms)
    ]
    useful = [t for t in primes if any(covers(t, row) for row in on)]
    for size in itertools.count(1):
        found = {
            frozenset(chosen)
            for chosen in itertools.combinations(useful, size)
            if all(any(covers(t, row) for t in chosen) for row in on)
        }
        if found:
            return found
    raise AssertionError


@settings(max_examples=120, deadline=None)
@given(observed())
def test_models_are_the_smallest_covers_by_brute_force(drawn: tuple[tuple[int, ...], Observed]) -> None:
    _, rows = drawn
    table = table_of(*drawn)
    on = [row for row, output in rows.items() if output]
    negative = [row for row, output in rows.items() if not output]
    space = list(itertools.product(*map(range, table.levels)))
    for include, off in (("", [row for row in space if row not in on]), ("?", negative)):
        found = qca.minimize(table, include=include)
        assert {frozenset(model) for model in found.implicants} == smallest_covers(table.levels, on, off)
        assert not found.capped
    for model in qca.minimize(table, expectations={"C0": 1}).implicants:
        assert all(any(covers(term, row) for term in model) for row in on)
        assert not any(covers(term, row) for term in model for row in negative)


@settings(max_examples=60, deadline=None)
@given(observed(), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_conditions_changes_nothing(
    drawn: tuple[tuple[int, ...], Observed], random: Any
) -> None:
    levels, rows = drawn
    order = list(range(len(levels)))
    random.shuffle(order)
    shuffled = list(rows.items())
    random.shuffle(shuffled)

    def models(table: qca.TruthTable, **arguments: Any) -> set[frozenset[frozenset[str]]]:
        found = qca.minimize(table, **arguments).models
        return {frozenset(frozenset(term.split("*")) for term in model) for model in found}

    for arguments in ({}, {"include": "?"}, {"expectations": {"C1": 1}}):
        before, after = table_of(levels, rows), table_of(levels, dict(shuffled), order)
        assert models(before, **arguments) == models(after, **arguments)


@settings(max_examples=60, deadline=None)
@given(observed())
def test_every_irredundant_cover_covers_and_has_no_spare_term(drawn: tuple[tuple[int, ...], Observed]) -> None:
    table = table_of(*drawn)
    on = [row.values for row in table.with_output("1")]
    smallest, all_of_them = qca.minimize(table, "?"), qca.minimize(table, "?", all_irredundant=True)
    assert {frozenset(m) for m in smallest.implicants} <= {frozenset(m) for m in all_of_them.implicants}
    for model in all_of_them.implicants:
        for spare in (None, *model):
            left = [term for term in model if term != spare]
            assert all(any(covers(term, row) for term in left) for row in on) == (spare is None)


def test_many_tied_models_are_capped_and_said() -> None:
    random = np.random.default_rng(20030711)
    rows = [dict(zip("ABCDEFGHIJKL", map(int, values), strict=True)) for values in random.integers(0, 2, (40, 12))]
    for row, y in zip(rows, random.integers(0, 2, 40), strict=True):
        row["Y"] = int(y)
    found = qca.minimize(qca.truth_table(rows, "Y", list("ABCDEFGHIJKL")), include="?")
    assert len(found.models) == 1000
    assert found.capped.startswith("There are more than 1,000 models of ")


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(["", "?"]), st.sampled_from([0.7, 0.8, 0.9]))
def test_the_range_of_a_cut_off_is_that_of_a_scan(seed: int, include: str, cut: float) -> None:
    random = np.random.default_rng(seed)
    values = np.round(random.random((14, 4)), 2)
    values[values == 0.5] = 0.51
    table = qca.truth_table([dict(zip("ABCY", map(float, row), strict=True)) for row in values], "Y", list("ABC"), cut)
    solve = qca.Solver(include)
    here, found = solve(table), qca.inclusion_range(table, solve)
    same = {at: solve(recut(table, inclusion=at / 500)) == here for at in range(501)}
    for at, unchanged in same.items():
        if found.low <= at / 500 <= found.high:
            assert unchanged
    below, above = int(np.ceil(found.low * 500)) - 1, int(np.floor(found.high * 500)) + 1
    if not found.low_open and below >= 0 and found.low - below / 500 > 1e-8:
        assert not same[below]
    if not found.high_open and above <= 500 and above / 500 - found.high > 1e-8:
        assert not same[above]
