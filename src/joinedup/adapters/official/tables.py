"""Official values as tables of the indicators strand, with their marks and the rows they come from."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joinedup.adapters.official.declaration import (
    BAD_PERIOD,
    BAD_VALUE,
    FILE,
    NO_INDICATOR,
    NO_ROW,
    NO_SITE,
    TWICE,
    CodesSpec,
    DeflatorSpec,
    TableSpec,
)
from joinedup.adapters.official.grid import Files, Grid
from joinedup.study.hints import did_you_mean
from joinedup.study.indicators import MARKS
from joinedup.study.problems import Place, Problem

if TYPE_CHECKING:
    import pyarrow as pa

_YEARS = re.compile(r"(\d{4})[/-]?(\d{2})")


@dataclass(slots=True)
class Cells:
    """Columns of a table of values in the making.

    `headings` maps an indicator to the file's own headings behind it, with tabs between; it goes with the table as
    metadata of its schema.
    """

    site: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    indicator: list[str] = field(default_factory=list)
    value: list[str] = field(default_factory=list)
    number: list[float | None] = field(default_factory=list)
    mark: list[str | None] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)

    def add(self, site: str, period: str, indicator: str, value: str, mark: str | None, row: int) -> None:
        self.site.append(site)
        self.period.append(period)
        self.indicator.append(indicator)
        self.value.append(value)
        self.number.append(None if mark or not value else float(value))
        self.mark.append(mark)
        self.row.append(row)

    def table(self) -> pa.Table:
        import pyarrow as pa

        return pa.table(
            {
                "site": pa.array(self.site, pa.string()),
                "period": pa.array(self.period, pa.string()),
                "indicator": pa.array(self.indicator, pa.string()),
                "value": pa.array(self.value, pa.string()),
                "_number": pa.array(self.number, pa.float64()),
                "_mark": pa.array(self.mark, pa.string()),
                "_row": pa.array(self.row, pa.int32()),
            },
            metadata=self.headings,
        )


def period_of(text: str) -> str | None:
    """The year in which the period `text` ends: 2017 is itself; 201617, 2016/17 and 2016-17 end in 2017."""
    if re.fullmatch(r"\d{4}", text):
        return text
    years = _YEARS.fullmatch(text)
    if years is None:
        return None
    end = int(years[1]) + 1
    return str(end) if end % 100 == int(years[2]) else None


def read_values(
    files: Files,
    specs: Sequence[TableSpec],
    codes: Mapping[str, Mapping[str, str]],
    sites: Collection[str],
    indicators: Collection[str],
) -> dict[str, pa.Table]:
    """A table of values for each file, in the order of the file's rows; unknown sites, periods and values are problems."""
    gathered: dict[str, Cells] = {}
    seen: dict[tuple[str, str, str], str] = {}
    for spec in specs:
        for indicator in spec.values.values():
            if indicator not in indicators:
                what = f"The indicator `{indicator}` is not declared.{did_you_mean(indicator, indicators)}"
                problem = Problem(NO_INDICATOR, Place(FILE), what, "Declare it in indicators/indicators.toml.")
                files.problems.append(problem)
        grid = files.grid(spec, [c for c in (spec.site, spec.period, *spec.where, *spec.values) if c])
        if grid is not None:
            cells = gathered.setdefault(grid.name, Cells())
            _read_table(files, spec, grid, codes.get(spec.codes, {}), sites, cells, seen)
    return {name: cells.table() for name, cells in sorted(gathered.items())}


def _read_table(
    files: Files,
    spec: TableSpec,
    grid: Grid,
    codes: Mapping[str, str],
    sites: Collection[str],
    cells: Cells,
    seen: dict[tuple[str, str, str], str],
) -> None:
    rows = _kept(files, spec, grid)
    for heading, indicator in spec.values.items():
        cells.headings[indicator] = "\t".join(name for name in (spec.site, spec.period, heading) if name)
    unknown: dict[str, int] = {}
    for row, found in rows:
        code = found[grid.place[spec.site]]
        site = codes.get(code, code)
        if site not in sites:
            unknown.setdefault(code, row)
            continue
        written = found[grid.place[spec.period]] if spec.period else spec.of_period
        period = period_of(written)
        if period is None:
            files.problem(
                BAD_PERIOD, spec.file, f"`{written}` is no period.", "Periods are 2017 or 201617.", row, spec.period
            )
            continue
        for heading, indicator in spec.values.items():
            place = f"{spec.file} row {row}"
            value, mark = found[grid.place[heading]], None
            if _value_is_sound(files, spec, value, row, heading):
                mark = _mark(spec, value)
                cells.add(site, period, indicator, value, mark, row)
            first = seen.setdefault((site, period, indicator), place)
            if first != place:
                what = f"{indicator} of {site} in {period} stands here and in {first}."
                files.problem(TWICE, spec.file, what, "Narrow `where` in data.toml to one of them.", row, heading)
    for code, row in unknown.items():
        what = f"There is no site `{code}`."
        files.problem(NO_SITE, spec.file, what, "Name it in sites.csv or translate it by [[codes]].", row, spec.site)


def _kept(files: Files, spec: TableSpec, grid: Grid) -> list[tuple[int, Sequence[str]]]:
    """The rows that `where` keeps; a condition that no row meets is a problem: lines are renumbered and renamed."""
    rows = list(grid.rows)
    for heading, wanted in spec.where.items():
        at = grid.place[heading]
        kept = [(row, cells) for row, cells in rows if cells[at] == wanted]
        if not kept:
            near = did_you_mean(wanted, {cells[at] for _, cells in rows})
            what = f"No row has `{wanted}` in the column `{heading}`.{near}"
            files.problem(NO_ROW, spec.file, what, "Mend `where` in data.toml: lines change from year to year.")
        rows = kept
    return rows


def _mark(spec: TableSpec, value: str) -> str | None:
    found = spec.marks.get(value, value)
    return found if found in MARKS else None


def _value_is_sound(files: Files, spec: TableSpec, value: str, row: int, heading: str) -> bool:
    if not value or _mark(spec, value) or _is_number(value):
        return True
    what = f"`{value}` is neither a number nor a status mark ({' '.join(MARKS)})."
    remedy = "If it is a mark, say which in `marks` of data.toml."
    files.problem(BAD_VALUE, spec.file, what, remedy, row, heading)
    return False


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def read_codes(files: Files, specs: Sequence[CodesSpec]) -> dict[str, dict[str, str]]:
    """Each translation of site codes, by its id."""
    found: dict[str, dict[str, str]] = {}
    for spec in specs:
        grid = files.grid(spec, [c for c in (spec.old, spec.new, spec.latest) if c])
        if grid is None:
            continue
        rows = [cells for _, cells in grid.rows]
        if spec.latest:
            rows.sort(key=_at(grid, spec.latest))
        found[spec.id] = {cells[grid.place[spec.old]]: cells[grid.place[spec.new]] for cells in rows}
        found[spec.id] |= spec.also
    return found


def _at(grid: Grid, heading: str) -> Callable[[Sequence[str]], str]:
    return lambda cells: cells[grid.place[heading]]


def read_deflator(files: Files, spec: DeflatorSpec) -> dict[str, float]:
    """The price index by period."""
    grid = files.grid(spec, [spec.period, spec.index])
    found: dict[str, float] = {}
    for row, cells in grid.rows if grid else ():
        period, index = period_of(cells[grid.place[spec.period]]), cells[grid.place[spec.index]]  # type: ignore[union-attr]
        if period is None or not _is_number(index):
            what = f"`{cells[0]}` with the index `{index}` is no period with a number."
            files.problem(BAD_PERIOD, spec.file, what, "Mend the row or the headings in data.toml.", row)
        else:
            found[period] = float(index)
    if grid is not None and spec.base not in found:
        what = f"The base {spec.base} is not in the file."
        files.problem(BAD_PERIOD, spec.file, what, f"Choose one of {', '.join(found)}.", column=spec.period)
    return found
