"""More overlap than chance: margins are kept, all tables are equally likely, p equals that of all tables enumerated."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.partnership import overlap_by_chance
from joinedup.partnership.chance import curveball, jaccard_sums
from joinedup.study.problems import NotComputable

# Five members on three bodies with 3, 2 and 2 seats; the two small bodies are alike.
TABLE = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 1, 1]])


def all_tables(table: np.ndarray) -> list[np.ndarray]:
    """Every 0/1 table with the margins of `table`."""
    rows = [[[int(at in row) for at in range(table.shape[1])] for row in combinations(range(table.shape[1]), int(n))]
            for n in table.sum(axis=1)]  # fmt: skip
    found = [np.array(chosen) for chosen in product(*rows)]
    return [one for one in found if (one.sum(axis=0) == table.sum(axis=0)).all()]


def mean_jaccard(table: np.ndarray) -> float:
    values = []
    for a, b in combinations(table.astype(bool), 2):
        values.append((a & b).sum() / (a | b).sum())
    return float(np.mean(values))


def test_the_null_is_that_of_all_tables_with_these_margins() -> None:
    values = np.array([mean_jaccard(one) for one in all_tables(TABLE)])
    observed = mean_jaccard(TABLE)
    tails = (values >= observed - 1e-9).mean(), (values <= observed + 1e-9).mean()
    found = overlap_by_chance([TABLE], draws=20000, seed=3)
    assert found.observed == pytest.approx(observed)
    assert found.by_chance == pytest.approx(values.mean(), abs=0.004)
    assert found.p == pytest.approx(min(1, 2 * min(tails)), abs=0.02)
    assert found.p <= found.p_high <= found.p + 0.02


def test_all_tables_are_equally_likely() -> None:
    tables = all_tables(TABLE)
    chains = np.repeat(TABLE.astype(bool)[None, None], 20000, axis=0)
    curveball(chains, np.array([3]), 30, np.random.default_rng(5))
    counts = Counter(chain.tobytes() for chain in chains[:, 0])
    assert len(counts) == len(tables)
    expected = 20000 / len(tables)
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values())
    assert chi_square < len(tables) + 5 * (2 * len(tables)) ** 0.5


@given(
    st.lists(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=5), min_size=1, max_size=4),
    st.integers(0, 99),
)
@settings(max_examples=50, deadline=None)
def test_both_margins_are_kept(tables: list[list[list[bool]]], seed: int) -> None:
    rows = max(map(len, tables))
    stacked = np.zeros((7, len(tables), rows, 5), dtype=bool)
    for at, table in enumerate(tables):
        stacked[:, at, : len(table)] = table
    before = stacked.copy()
    curveball(stacked, np.array([len(table) for table in tables]), 12, np.random.default_rng(seed))
    assert (stacked.sum(axis=2) == before.sum(axis=2)).all()
    assert (stacked.sum(axis=3) == before.sum(axis=3)).all()


def test_sums_of_jaccard_over_two_sites() -> None:
    small = np.zeros_like(TABLE)
    small[0, 0] = small[1, 0] = small[1, 1] = 1
    stacked = np.stack([TABLE, small])[None].astype(bool)
    assert jaccard_sums(stacked, np.array([3, 2]))[0].tolist() == pytest.approx([2 / 3, 1 / 2])


def test_overlap_made_to_be_large_is_found() -> None:
    blocks = np.kron(np.eye(3, dtype=int), np.ones((2, 4), dtype=int))
    found = overlap_by_chance([blocks] * 3, draws=499)
    assert found.observed == pytest.approx(3 / 15)
    assert found.observed > found.high
    assert found.p == pytest.approx(2 / 500)
    assert found.sites_observed.tolist() == pytest.approx([0.2] * 3)


def test_the_same_seed_gives_the_same_answer() -> None:
    one, other = (overlap_by_chance([TABLE, TABLE[:2]], draws=99, seed=8) for _ in range(2))
    assert (one.p, one.by_chance, one.low) == (other.p, other.by_chance, other.low)


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="no pair"):
        overlap_by_chance([[[1, 0]], [[1, 1], [0, 0]]])
    with pytest.raises(NotComputable, match="no other table"):
        overlap_by_chance([[[1, 1], [1, 1]]])
    with pytest.raises(ValueError, match="Table 0"):
        overlap_by_chance([[[2, 0], [1, 1]]])
