"""Is the indicators strand sound: declarations, values and marks, changes of codes and boundaries, the deflator."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.indicators import FAMILIES, MARKS, SITE_CHANGE_RULES, Indicator, SiteChange
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem, condensed
from joinedup.study.rules import dated, distinct, entry, identifier, known, more_rows, once, period, place_in

if TYPE_CHECKING:
    import pyarrow as pa

_DECLARED, _CHANGES = "indicators/indicators.toml", "indicators/site-changes.csv"
_NEIGHBOURS = "indicators/neighbours.csv"
_KEYS = ("site", "period", "indicator")
_MOST = 50
_GROUPED = re.compile(r"[-+]?\d{1,3}([, ]\d{3})+(\.\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")


def check(study: Study) -> Iterator[Problem]:
    """Every problem of the indicators strand; of each kind in a file the first ones and how many more."""
    yield from condensed(_check(study))


def _check(study: Study) -> Iterator[Problem]:
    declared = study.indicators.indicators
    places = [entry(study, _DECLARED, "indicator", n, indicator.id) for n, indicator in enumerate(declared, start=1)]
    yield from once(((place.column,), place) for place in places)
    for indicator, place in zip(declared, places, strict=True):
        yield from _indicator(study, indicator, place)
    yield from _deflator(study)
    yield from _changes(study)
    yield from _neighbours(study)
    for name, table in study.indicators.values.items():
        yield from _values(study, name if name.startswith("data:") else f"indicators/{name}", table)
    yield from _repeated(study)


def _indicator(study: Study, indicator: Indicator, place: Place) -> Iterator[Problem]:
    yield from identifier(indicator.id, place)
    if indicator.family not in FAMILIES:
        what = f"{shown(indicator.family)} is no family of indicators.{did_you_mean(indicator.family, FAMILIES)}"
        yield Problem("J505", place, what, f"Write one of {', '.join(FAMILIES)}.")
    if indicator.direction not in ("", "up", "down"):
        what = f"{shown(indicator.direction)} is no direction."
        yield Problem("J506", place, what, "Write what counts as better, up or down, or nothing.")
    parts = (indicator.numerator, indicator.denominator)
    if any(part in study.indicator_by_id for part in parts):
        for part in parts:
            yield from known("indicator", part, study.indicator_by_id, place)
    if not indicator.per > 0:
        yield Problem("J508", place, f"`per` is {indicator.per:g}.", "Write a number above 0.")
    if indicator.smallest_effect is not None and indicator.smallest_effect < 0:
        what = f"`smallest_effect` is {indicator.smallest_effect:g}."
        yield Problem("J508", place, what, "Write its size, 0 or more.")
    for value in indicator.breaks:
        yield from period(value, place)


def _deflator(study: Study) -> Iterator[Problem]:
    strand, place = study.indicators, place_in(study, _DECLARED, "deflator")
    deflated = [indicator.id for indicator in strand.indicators if indicator.deflate]
    if deflated and not strand.deflator and "data.toml" not in study.files:
        what = f"{shown(deflated[0])} is to be deflated, but there is no [deflator] with values."
        yield Problem("J510", place, what, "Add the price index, or take `deflate` out.")
    for year, index in strand.deflator.items():
        yield from period(year, place)
        if not index > 0:
            yield Problem("J510", place, f"The price index of {year} is {index:g}.", "Write a number above 0.")
    if strand.deflator and strand.price_base not in strand.deflator:
        what = f"The base {shown(strand.price_base)} is none of the deflator's periods."
        yield Problem("J510", place, what, "Name as `base` a period that has a value.")
    if list(strand.deflator) != sorted(strand.deflator):
        yield Problem("J510", place, "The deflator's periods are out of order.", "Write them in order of time.")


def _changes(study: Study) -> Iterator[Problem]:
    changes = study.indicators.site_changes
    yield from once(((c.old, c.new, c.start), Place(_CHANGES, c.row, "old")) for c in changes)
    olds, news = defaultdict(set), defaultdict(set)
    for change in changes:
        olds[change.old].add(change.new)
        news[change.new, change.start].add(change.old)
    for change in changes:
        yield from _change(change, len(olds[change.old]), len(news[change.new, change.start]))
        place = Place(_CHANGES, change.row, "from")
        yield from dated(change.start, place)
        if not change.start:
            yield Problem("J126", place, "The date of the change is empty.", "Write when the new code began.")
    yield from _circles(changes)


def _change(change: SiteChange, successors: int, predecessors: int) -> Iterator[Problem]:
    """One row says recode (one to one), merge (several into one) or split (one into several), as the rows do."""
    place = Place(_CHANGES, change.row, "rule")
    if change.rule not in SITE_CHANGE_RULES:
        what = f"{shown(change.rule)} is no rule.{did_you_mean(change.rule, SITE_CHANGE_RULES)}"
        yield Problem("J511", place, what, f"Write one of {', '.join(SITE_CHANGE_RULES)}.")
    elif change.rule == "recode" and (successors > 1 or predecessors > 1):
        what = f"{shown(change.old)} is recoded to {shown(change.new)}, but the rows are not one to one."
        yield Problem("J512", place, what, "Write merge for several into one, split for one into several.")
    elif change.rule == "merge" and predecessors < 2 and change.old != change.new:
        what = f"{shown(change.new)} is merged from {shown(change.old)} alone."
        yield Problem("J512", place, what, "List every old code that went into it, or write recode.")
    elif change.rule == "split" and successors < 2:
        what = f"{shown(change.old)} is split into {shown(change.new)} alone."
        yield Problem("J512", place, what, "List every new code that came of it, or write recode.")


def _circles(changes: tuple[SiteChange, ...]) -> Iterator[Problem]:
    following = {change.old: change for change in changes if change.old != change.new}
    for change in changes:
        seen, at = {change.old}, following.get(change.old)
        while at is not None and at.new not in seen:
            seen.add(at.new)
            at = following.get(at.new)
        if (at is not None and at.new == change.old) or (change.rule == "recode" and change.old == change.new):
            what = f"{shown(change.old)} becomes itself again."
            yield Problem("J512", Place(_CHANGES, change.row, "new"), what, "A code's changes lead to a new code.")


def _neighbours(study: Study) -> Iterator[Problem]:
    rows = study.indicators.neighbours
    yield from once(((n.site, n.neighbour), Place(_NEIGHBOURS, n.row, "neighbour")) for n in rows)
    for row in rows:
        for column, code in (("site", row.site), ("neighbour", row.neighbour)):
            yield from known("site", code, study.site_by_id, Place(_NEIGHBOURS, row.row, column))
        if row.site == row.neighbour:
            what = f"{shown(row.site)} is given as its own neighbour."
            yield Problem("J513", Place(_NEIGHBOURS, row.row, "neighbour"), what, "Name another site.")
        if not row.rank.isascii() or not row.rank.isdigit() or int(row.rank) < 1:
            what = f"{shown(row.rank)} is no rank."
            yield Problem("J513", Place(_NEIGHBOURS, row.row, "rank"), what, "Write a whole number, 1 for the nearest.")


def _values(study: Study, file: str, table: pa.Table) -> Iterator[Problem]:
    sites = set(study.site_by_id)
    for change in study.indicators.site_changes:
        sites.update((change.old, change.new))
    for value, row, count in distinct(table, "site"):
        yield from _counted(known("site", value, sites, Place(file, row, "site")), count)
    for value, row, count in distinct(table, "indicator"):
        place = Place(file, row, "indicator")
        yield from _counted(known("indicator", value, study.indicator_by_id, place), count)
    for value, row, count in distinct(table, "period"):
        yield from _counted(period(value, Place(file, row, "period")), count)
    import pyarrow.compute as pc

    neither = pc.and_(pc.is_null(table.column("_number")), pc.is_null(table.column("_mark")))
    wrong = table.filter(pc.and_(neither, pc.not_equal(table.column("value"), "")))  # empty: not published
    for value, row, count in distinct(wrong, "value"):
        what = f"{shown(value)} is neither a number nor a status mark{more_rows(count)}.{_number_hint(value)}"
        remedy = f"Write digits with a decimal point, or one of the marks {', '.join(MARKS)}; 0 only for none."
        yield Problem("J502", Place(file, row, "value"), what, remedy)


def _counted(problems: Iterator[Problem], count: int) -> Iterator[Problem]:
    for problem in problems:
        what = f"{problem.what} It stands in {count:,} rows." if count > 1 else problem.what
        yield Problem(problem.number, problem.place, what, problem.remedy)


def _number_hint(value: str) -> str:
    text = value.strip()
    if _GROUPED.fullmatch(text):
        return " Take the thousands separators out."
    if _COMMA.fullmatch(text):
        return " Write the decimal comma as a point."
    near = text.casefold().strip("[]().*")
    if near in MARKS:
        return f" Did you mean `{near}` ({MARKS[near]})?"
    return ""


def _repeated(study: Study) -> Iterator[Problem]:
    """A site's value of an indicator in a period stands once, over all files."""
    import numpy as np
    import pyarrow as pa

    tables = [(f"indicators/{name}", table) for name, table in study.indicators.values.items()]
    if not tables:
        return
    whole = pa.concat_tables([table.select([*_KEYS, "_row"]) for _, table in tables])
    ids = _numbered(whole)
    order = np.argsort(ids, kind="stable")
    again = np.flatnonzero(ids[order][1:] == ids[order][:-1]) + 1
    starts = np.cumsum([0, *(table.num_rows for _, table in tables)])
    rows = whole.column("_row")

    def place(at: int) -> Place:
        file = tables[int(np.searchsorted(starts, at, side="right")) - 1][0]
        return Place(file, rows[at].as_py(), "value")

    for at in again[np.argsort(order[again])][:_MOST].tolist():
        here, before = int(order[at]), int(order[at - 1])
        key = ", ".join(whole.column(name)[here].as_py() for name in _KEYS)
        first = place(before)
        what = f"{shown(key)} stands here again, after {first.file} row {first.row}."
        yield Problem("J503", place(here), what, "Keep one of the values.")
    if len(again) > _MOST:
        what = f"{len(again) - _MOST:,} more rows repeat a site, period and indicator."
        yield Problem("J503", Place("indicators"), what, "Mend the first ones and check again.")


def _numbered(table: pa.Table) -> Any:
    """One whole number a row (int64 array): equal where site, period and indicator are equal."""
    import numpy as np
    import pyarrow.compute as pc

    ids = np.zeros(table.num_rows, dtype=np.int64)
    for name in _KEYS:
        coded = pc.dictionary_encode(table.column(name).combine_chunks())
        ids = ids * (len(coded.dictionary) + 1) + np.asarray(coded.indices)
    return ids
