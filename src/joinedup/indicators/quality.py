"""What the indicators hold: values, marks, sites and totals by period, and cross-footing against published totals."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from joinedup.indicators.panel import adds_up, published, sources
from joinedup.study.analysis import make_result
from joinedup.study.indicators import MARKS, Indicator
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

MARK_KEYS = {mark: "missing" if mark == ":" else mark for mark in MARKS}


def quality(study: Study) -> Result | None:
    """Counts of values, status marks and sites, and totals over sites as published; None without any value.

    Totals are summed over all sites under the codes of the day (a boundary change moves no child) and, where the plan
    names a published total (``[plan.indicators.published]``), set against it; the two agree where they differ by no
    more than ``plan.indicators.rounding``.
    """
    frames = {found.id: published(study, found.id) for found in study.indicators.indicators}
    frames = {id: frame for id, frame in frames.items() if len(frame)}
    if not frames:
        return None
    every = pd.concat(frames.values(), ignore_index=True)
    values = _overall(study, frames, every)
    found_in: dict[str, tuple[Source, ...]] = {"": sources(every)}
    for id, frame in frames.items():
        values |= _of_indicator(study.indicator_by_id[id], frame)
        found_in[key_part(id)] = sources(frame)
        for period, cells in frame.groupby("period", sort=True):
            found_in[f"{key_part(id)}.total.{key_part(str(period))}"] = sources(cells)
    feet, caveats = _cross_foot(study, frames, values)
    return make_result(
        "indicators.quality",
        values,
        _methods(values, feet),
        (study.indicators,),
        tables=(_table(study, frames, values), *feet, *_files(study)),
        sources=found_in,
        caveats=caveats,
    )


def _overall(study: Study, frames: Mapping[str, pd.DataFrame], every: pd.DataFrame) -> dict[str, Value]:
    filled = every[every["value"].notna() | (every["mark"] != "")]
    changed = {code for row in study.indicators.site_changes for code in (row.old, row.new)}
    values: dict[str, Value] = {
        "indicators": len(frames),
        "sites": int(filled["site"].nunique()),
        "rows": len(filled),
        "sites_all_periods": _complete(every),
        "changed_codes": len(changed & set(every["site"])),
    }
    counts = every["mark"].value_counts()
    return values | {f"mark.{MARK_KEYS[mark]}": int(counts.get(mark, 0)) for mark in MARKS}


def _complete(frame: pd.DataFrame) -> int:
    """Sites with a row in every period of `frame`."""
    return int((frame.groupby("site")["period"].nunique() == frame["period"].nunique()).sum())


def _of_indicator(indicator: Indicator, frame: pd.DataFrame) -> dict[str, Value]:
    part = key_part(indicator.id)
    numbers = frame[frame["value"].notna()]
    marked = int((frame["mark"] != "").sum())
    values: dict[str, Value] = {
        f"{part}.rows": len(frame),
        f"{part}.values": len(numbers),
        f"{part}.marked": marked,
        f"{part}.empty": len(frame) - len(numbers) - marked,
        f"{part}.codes": int(frame["site"].nunique()),
        f"{part}.codes_all_periods": _complete(frame),
    }
    for period, cells in numbers.groupby("period", sort=True):
        values[f"{part}.sites.{key_part(str(period))}"] = int(cells["site"].nunique())
        if adds_up(indicator):
            values[f"{part}.total.{key_part(str(period))}"] = float(cells["value"].sum())
    return values


def _cross_foot(
    study: Study, frames: Mapping[str, pd.DataFrame], values: dict[str, Value]
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Sums against published totals; adds their keys to `values`."""
    plan = study.plan("indicators")
    rounding = float(plan.get("rounding", 0))
    rows: list[Row] = []
    keys, caveats = [], []
    for id, totals in plan.get("published", {}).items():
        indicator = study.indicator_by_id.get(id)
        for period, total in sorted(totals.items()):
            part, when = key_part(id), key_part(period)
            summed = values.get(f"{part}.total.{when}")
            if indicator is None or not isinstance(summed, float):
                caveats.append(f"The published total of {id} in {period} could not be compared: no sum over sites.")
                continue
            gap = summed - float(total)
            values[f"{part}.published.{when}"], values[f"{part}.gap.{when}"] = float(total), gap
            marked = int((frames[id].query("period == @period")["mark"] != "").sum())
            agrees = abs(gap) <= rounding
            rows.append((indicator.label, period, summed, float(total), gap, marked, "yes" if agrees else "no"))
            keys.append(("", "", f"{part}.total.{when}", f"{part}.published.{when}", f"{part}.gap.{when}", "", ""))
            if not agrees:
                caveats.append(
                    f"{indicator.label}, {period}: the sites sum to {summed:,.0f}, published are {float(total):,.0f}; "
                    f"the gap exceeds the rounding of {rounding:g}."
                )
    columns = (
        ("indicator", "Indicator"), ("period", "Period"), ("sum", "Sum over sites"), ("published", "Published total"),
        ("gap", "Sum minus published"), ("marked", "Cells with a mark"), ("agrees", "Agrees within rounding"),
    )  # fmt: skip
    table = Table("cross-foot", "Sums over sites and published totals", columns, tuple(rows), keys=tuple(keys))
    return ((table,) if rows else ()), tuple(caveats)


def _table(study: Study, frames: Mapping[str, pd.DataFrame], values: Mapping[str, Value]) -> Table:
    names = ("rows", "values", "marked", "empty", "codes", "codes_all_periods")
    rows, keys = [], []
    for id, frame in frames.items():
        part = key_part(id)
        span = f"{frame['period'].min()}-{frame['period'].max()}"
        rows.append((study.indicator_by_id[id].label, span, *(values[f"{part}.{name}"] for name in names)))
        keys.append(("", "", *(f"{part}.{name}" for name in names)))
    headings = ("Cells", "Numbers", "Marked", "Not published", "Site codes", "Site codes in every period")
    columns = (("indicator", "Indicator"), ("periods", "Periods"), *zip(names, headings, strict=True))
    note = "Marks are kept as published: " + ", ".join(f"{mark} {text}" for mark, text in MARKS.items()) + "."
    return Table("quality", "What the indicators hold", columns, tuple(rows), note, tuple(keys))


def _files(study: Study) -> tuple[Table, ...]:
    """The official files that were read, by name and digest."""
    digests = study.settings.get("data", {}).get("sha256", {})
    columns = (("file", "File"), ("sha256", "SHA-256"))
    return (Table("files", "Official files that were read", columns, tuple(digests.items())),) if digests else ()


def _methods(values: Mapping[str, Value], feet: tuple[Table, ...]) -> str:
    text = (
        f"{values['indicators']} indicators were read for {values['sites']:,} site codes: {values['rows']:,} numbers and "
        "status marks, as published and under the codes of the day. A marked cell is never counted as a number and "
        "never as 0."
    )
    if feet:
        agreed = sum(row[-1] == "yes" for row in feet[0].rows)
        text += (
            f" Sums over sites were set against {len(feet[0].rows)} published totals; {agreed} agree within rounding."
        )
    return text
