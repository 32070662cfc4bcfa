"""Percentages of a protected table: computed from what is shown, and shown only where that gives nothing away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from joinedup.disclosure.hierarchy import Variable
from joinedup.disclosure.layout import Layout, laid_out
from joinedup.disclosure.model import Cell
from joinedup.disclosure.status import NOT_APPLICABLE_MARK, NOT_AVAILABLE_MARK
from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from joinedup.disclosure.protected import Protected


def percentages(protected: Protected, of: str) -> pd.DataFrame:
    """Each figure of a protected table as a percentage of the total of the variable `of`, with the table's axes.

    A percentage is shown only if its numerator, its denominator and what is left of the denominator are: otherwise it
    is the profile's mark. It is computed from the figures as shown (rounded ones too: 3 of 42 as 7.142857 % would give
    the 3 back), with the profile's decimals. `z`: nobody to take a share of. Raises UsageError where `of` has no total
    of everything.
    """
    import pandas as pd

    layout = laid_out(protected.source)
    variable = _variable(layout, of)
    figures = {cell: protected.table.iat[i, j] for i, row in enumerate(layout.at) for j, cell in enumerate(row)}
    values = [[_percentage(cell, figures, variable, protected) for cell in row] for row in layout.at]
    return pd.DataFrame(values, index=protected.table.index, columns=protected.table.columns, dtype=object)


def _variable(layout: Layout, of: str) -> Variable:
    names = {variable.name: variable for variable in layout.variables}
    if of not in names:
        raise UsageError(f"The table has no variable {of!r} to take percentages of; it has {', '.join(names)}.")
    if names[of].root is None:
        raise UsageError(f"No label of {of} is the total of all others, so there is nothing to take percentages of.")
    return names[of]


def _percentage(cell: Cell, figures: Mapping[Cell, object], of: Variable, protected: Protected) -> float | str:
    whole = Cell(cell.population, tuple(pair for pair in cell.at if pair[0] != of.name))
    numerator, denominator = figures[cell], figures.get(whole, NOT_AVAILABLE_MARK)
    for figure in (numerator, denominator):
        if isinstance(figure, str):
            return figure
    if not isinstance(numerator, int) or not isinstance(denominator, int) or denominator == 0:
        return NOT_APPLICABLE_MARK
    shown = protected.published.shown
    exact = shown[cell].exact and shown[whole].exact
    if exact and 1 <= denominator - numerator <= protected.profile.threshold:
        return protected.profile.mark
    return min(100.0, round(100 * numerator / denominator, protected.profile.decimals))
