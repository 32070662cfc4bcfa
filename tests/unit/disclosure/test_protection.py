"""Complementary suppression against an attacker written on its own: no primary cell may be worked out, ever."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import Status, audit_release, protect
from tests.unit.disclosure.attacker import by_atoms, by_flows, by_trying, leaves

SMALL_COUNTS = st.one_of(st.integers(0, 8), st.integers(0, 60))


def margins(inside: np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame(inside, index=[f"r{n}" for n in range(len(inside))]).rename(columns=lambda n: f"c{n}")
    frame.loc["Total"] = frame.sum()
    frame["Total"] = frame.sum(axis=1)
    return frame


def random_table(seed: int) -> pd.DataFrame:
    """35 x 10 with margins; SIMULATED; many small counts."""
    return margins(np.random.default_rng(seed).negative_binomial(0.6, 0.03, size=(35, 10)))


@pytest.mark.parametrize("seed", range(4))
def test_a_large_random_table_keeps_every_primary_cell_open(seed: int) -> None:
    truth = random_table(seed)
    safe = protect(truth)
    status = safe.status.to_numpy()
    primary = status == Status.PRIMARY
    assert 70 <= primary.sum() <= 120
    assert (primary == ((truth > 0) & (truth < 6)).to_numpy()).all()
    hidden = (safe.table == "c").to_numpy()
    found = by_flows(truth, hidden)
    for cell in map(tuple, np.argwhere(primary)):
        low, high = found[cell]
        assert low == 0
        assert high >= 6
    own = {(cell.low, cell.high) for cell in safe.audit().cells}
    assert own == {found[cell] for cell in map(tuple, np.argwhere(primary))}
    assert safe.audit().safe


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 5), st.integers(2, 5), st.data())
def test_random_tables_with_margins_keep_every_primary_cell_open(rows: int, columns: int, data: st.DataObject) -> None:
    inside = data.draw(
        st.lists(st.lists(SMALL_COUNTS, min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    truth = margins(np.array(inside))
    safe = protect(truth)
    hidden = (safe.table == "c").to_numpy()
    assert (safe.table.to_numpy()[~hidden] == truth.to_numpy()[~hidden]).all()
    for cell, (low, high) in by_flows(truth, hidden).items():
        if safe.status.to_numpy()[cell] == Status.PRIMARY:
            assert high - low >= 2
    assert audit_release([safe]) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_small_tables_by_trying_every_number(values: list[int]) -> None:
    truth = margins(np.array(values).reshape(2, 3))
    safe = protect(truth)
    tables = list(by_trying(safe.table.to_numpy(), 12)) if (safe.table.iloc[:2, :3] == "c").to_numpy().sum() < 6 else []
    for at in map(tuple, np.argwhere(safe.status.to_numpy() == Status.PRIMARY)):
        assert not tables or len({int(table[at]) for table in tables}) >= 3


def hierarchical(draw: st.DrawFn) -> tuple[pd.DataFrame, Mapping[str, list[str]], Mapping[str, list[str]]]:
    """A table with regions of sites as rows, and groups of answers as columns; some totals aren't shown."""
    rows: dict[str, list[str]] = {"England": []}
    for region in range(draw(st.integers(1, 3))):
        sites = [f"s{region}{n}" for n in range(draw(st.integers(1, 4)))]
        rows["England"].append(f"region{region}")
        rows[f"region{region}"] = sites
    columns: dict[str, list[str]] = {"all": ["yes", "no"], "no": ["never", "seldom"]}
    if draw(st.booleans()):
        columns = {"all": ["a", "b", "c"]}
    atoms = {
        pair: draw(SMALL_COUNTS) for pair in ((r, c) for r in leaves("England", rows) for c in leaves("all", columns))
    }
    row_labels = [*leaves("England", rows), *rows]
    column_labels = [*leaves("all", columns), *columns]
    counts = [
        [sum(atoms[r, c] for r in leaves(row, rows) for c in leaves(column, columns)) for column in column_labels]
        for row in row_labels
    ]
    shown = pd.DataFrame(counts, index=row_labels, columns=column_labels)
    absent = draw(st.lists(st.sampled_from(row_labels), unique=True, max_size=2))
    return shown.drop(index=absent), rows, columns


@settings(max_examples=100, deadline=None)
@given(st.composite(hierarchical)())
def test_hierarchies_in_rows_and_columns_keep_every_primary_cell_open(
    drawn: tuple[pd.DataFrame, Mapping[str, list[str]], Mapping[str, list[str]]],
) -> None:
    truth, rows, columns = drawn
    safe = protect(truth, totals={"rows": rows, "columns": columns})
    for (row, column), (low, high) in by_atoms(safe.table, rows, columns).items():
        if safe.status.loc[row, column] == Status.PRIMARY:
            assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) >= 2
    assert safe.audit().safe
