"""The files of the indicators strand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from joinedup.study.dates import PeriodRule
from joinedup.study.folder.arrowtables import read_table
from joinedup.study.folder.csvfile import Columns
from joinedup.study.folder.numbers import NUMBER
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.sheet import Sheet, same
from joinedup.study.folder.tomlfile import TomlTable, read_toml
from joinedup.study.indicators import MARKS, Indicator, Neighbour, SiteChange
from joinedup.study.model import Indicators

if TYPE_CHECKING:
    import pyarrow as pa

DECLARED = "indicators/indicators.toml"
VALUES = re.compile(r"indicators/([^/]+\.csv)")
VALUE_COLUMNS = Columns(("site", "period", "indicator", "value"), ("site", "period", "indicator", "value"))
SITE_CHANGES: Sheet[SiteChange] = Sheet(
    "indicators/site-changes.csv",
    SiteChange,
    {**same("old", "new"), "from": "start", **same("rule", "source")},
    ("old", "new", "from", "rule"),
)
NEIGHBOURS: Sheet[Neighbour] = Sheet(
    "indicators/neighbours.csv", Neighbour, same("site", "neighbour", "rank"), ("site", "neighbour", "rank")
)
OTHER_TABLES = (SITE_CHANGES.file, NEIGHBOURS.file)
"""The files beside the values that are no values."""
_CALENDAR_YEAR = PeriodRule("01-01", "12-31")


def read_indicators(reading: Reading) -> Indicators:
    """The indicators strand; empty where the folder has none of its files."""
    declared = read_declared(reading)
    return Indicators(
        indicators=declared.indicators,
        values=read_values(reading),
        site_changes=SITE_CHANGES.read(reading),
        neighbours=NEIGHBOURS.read(reading),
        deflator=declared.deflator,
        price_base=declared.price_base,
        deflator_source=declared.deflator_source,
    )


def read_declared(reading: Reading) -> Indicators:
    """What indicators.toml declares."""
    top = read_toml(reading, DECLARED)
    if top is None:
        return Indicators()
    deflator = top.table("deflator")
    values = deflator.table("values")
    index = {period: values.number(period) for period in values.data}
    found = Indicators(
        indicators=tuple(_indicator(table) for table in top.tables("indicator")),
        deflator={period: number for period, number in index.items() if number is not None},
        price_base=deflator.text("base"),
        deflator_source=deflator.text("source"),
    )
    deflator.finish()
    top.finish()
    return found


def _indicator(table: TomlTable) -> Indicator:
    id = table.text("id", required=True)
    words = {
        key: table.text(key)
        for key in ("family", "unit", "numerator", "denominator", "direction", "source", "service", "note")
    }
    per = table.number("per", 1.0)
    found = Indicator(
        id=id,
        label=table.text("label", id),
        period=_period(table),
        per=1.0 if per is None else per,
        deflate=table.flag("deflate"),
        smallest_effect=table.number("smallest_effect"),
        breaks=table.texts("breaks"),
        **words,
    )
    table.finish()
    return found


def _period(table: TomlTable) -> PeriodRule:
    rule = table.table("period")
    at, start, end = rule.text("at"), rule.text("from"), rule.text("to")
    rule.finish()
    remedy = 'Write period = { at = "03-31" } or period = { from = "04-01", to = "03-31" }.'
    if bool(at) == bool(start or end):
        table.report("J509", "The period needs either `at` or `from` and `to`.", remedy, "period")
        return _CALENDAR_YEAR
    try:
        return PeriodRule(at or start, at or end)
    except ValueError as error:
        table.report("J509", f"The period can't be read: {error}.", remedy, "period")
        return _CALENDAR_YEAR


def read_values(reading: Reading) -> Mapping[str, pa.Table]:
    """The tables of values by their file's name below indicators/, with `_number` and `_mark`."""
    found = {}
    for file in sorted(reading.files):
        match = VALUES.fullmatch(file)
        if match and file not in OTHER_TABLES:
            table = read_table(reading, file, VALUE_COLUMNS)
            if table is not None:
                found[match[1]] = derived(table)
    return found


def derived(table: pa.Table) -> pa.Table:
    """`table` with `_number` (null where the value is no number) and `_mark` (null where it is no mark).

    An empty value was not published: its mark is the empty string. A value that is neither has both null.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(table.column("value"))
    is_number = pc.match_substring_regex(text, NUMBER)
    nothing = pa.scalar(None, pa.string())
    number = pc.if_else(is_number, text, nothing).cast(pa.float64())
    number = pc.if_else(pc.is_finite(number), number, pa.scalar(None, pa.float64()))
    mark = pc.if_else(pc.is_in(text, value_set=pa.array(["", *MARKS])), text, nothing)
    rows = table.column("_row")
    return (
        table.drop_columns(["_row"])
        .append_column("_number", number)
        .append_column("_mark", mark)
        .append_column("_row", rows)
    )
