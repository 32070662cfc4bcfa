"""A second attacker, written on its own: by maximum flows, by atoms of the table, and by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

ROOF = 10**6


def by_flows(truth: pd.DataFrame, hidden: np.ndarray) -> dict[tuple[int, int], tuple[int, int]]:
    """The interval of each hidden cell of a table with margins last: the table is a circulation of whole numbers.

    A cell runs from its row to its column, a total of a column from it to the totals' row, a total of a row from the
    totals' column to it, the grand total between the two (Gusfield 1988): a cell can grow by the greatest flow back.
    """
    counts = truth.to_numpy(dtype=np.int64)
    rows, columns = counts.shape[0] - 1, counts.shape[1] - 1
    ends = {}
    for i, j in product(range(rows + 1), range(columns + 1)):
        row, column = (i if i < rows else rows + columns), (rows + j if j < columns else rows + columns + 1)
        ends[i, j] = (row, column) if (i < rows) == (j < columns) else (column, row)
    nodes = rows + columns + 2
    found = {}
    for cell in map(tuple, np.argwhere(hidden)):
        room = np.zeros((nodes, nodes), dtype=np.int32)
        for other in map(tuple, np.argwhere(hidden)):
            if other != cell:
                start, end = ends[other]
                room[start, end] += ROOF
                room[end, start] += counts[other]
        start, end = ends[cell]
        more = maximum_flow(csr_array(room), end, start).flow_value
        less = maximum_flow(csr_array(room), start, end).flow_value
        found[cell] = (max(0, int(counts[cell]) - less), int(counts[cell]) + more)
    return found


def leaves(label: str, totals: Mapping[str, Sequence[str]]) -> list[str]:
    """The labels at the bottom below `label`."""
    return [leaf for part in totals[label] for leaf in leaves(part, totals)] if label in totals else [label]


def by_atoms(
    printed: pd.DataFrame, rows: Mapping[str, Sequence[str]], columns: Mapping[str, Sequence[str]], mark: str = "c"
) -> dict[tuple[str, str], tuple[float, float]]:
    """The interval of each hidden cell: every printed cell is a sum of atoms, cells at the bottom of both hierarchies."""
    row_leaves = list(dict.fromkeys(leaf for label in printed.index for leaf in leaves(label, rows)))
    column_leaves = list(dict.fromkeys(leaf for label in printed.columns for leaf in leaves(label, columns)))
    atoms = {pair: at for at, pair in enumerate(product(row_leaves, column_leaves))}
    forms, known = {}, {}
    for row, column in product(printed.index, printed.columns):
        form = np.zeros(len(atoms))
        for pair in product(leaves(row, rows), leaves(column, columns)):
            form[atoms[pair]] += 1
        forms[row, column] = form
        if printed.loc[row, column] != mark:
            known[row, column] = printed.loc[row, column]
    matrix = np.array([forms[key] for key in known]) if known else None
    right = np.array(list(known.values()), dtype=float) if known else None
    found = {}
    for key, form in forms.items():
        if key not in known:
            ends = [linprog(sign * form, A_eq=matrix, b_eq=right, bounds=(0, None)) for sign in (1, -1)]
            low, high = (None if end.status == 3 else end.fun for end in ends)
            found[key] = (low or 0.0, np.inf if high is None else -high)
    return found


def by_trying(printed: np.ndarray, most: int, mark: str = "c") -> Iterator[np.ndarray]:
    """Every table with margins last, of whole numbers up to `most` inside, that agrees with what is printed."""
    inside = [(i, j) for i in range(printed.shape[0] - 1) for j in range(printed.shape[1] - 1)]
    options = [range(most + 1) if printed[at] == mark else [int(printed[at])] for at in inside]
    shape = (printed.shape[0] - 1, printed.shape[1] - 1)
    for values in product(*options):
        table = np.array(values).reshape(shape)
        table = np.vstack([table, table.sum(axis=0)])
        table = np.hstack([table, table.sum(axis=1, keepdims=True)])
        if all(shown in (mark, value) for shown, value in zip(printed.flat, table.flat, strict=True)):
            yield table
