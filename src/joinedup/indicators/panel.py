"""The frame that every analysis of an indicator uses: site x period, marks kept, boundary changes dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.result import Source

COLUMNS = ("site", "period", "value", "mark", "row", "file", "behind")
_SHARES = ("%", "per cent", "percent", " per ", "rate", "ratio", "mean", "average", "score")


@dataclass(frozen=True, slots=True)
class Changes:
    """Boundary changes of a study, by rule. `into` maps an old code to its last new one (recoded or merged)."""

    into: Mapping[str, str] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()

    @property
    def recoded(self) -> frozenset[str]:
        return frozenset(self.into) - self.merged


def changes(study: Study) -> Changes:
    """What site-changes.csv declares. `split` holds the old and the new codes: neither is the other's series.

    Codes that were renamed or merged into a code of a split belong to it: their area is only a part of the new one.
    """
    rows = study.indicators.site_changes
    step = {row.old: row.new for row in rows if row.rule != "split"}
    into = {old: _last(step, old) for old in step}
    split = {code for row in rows if row.rule == "split" for code in (row.old, row.new)}
    split |= {old for old, new in into.items() if new in split}
    merged = frozenset(row.old for row in rows if row.rule == "merge") - split
    return Changes({old: new for old, new in into.items() if old not in split}, merged, frozenset(split))


def _last(step: Mapping[str, str], code: str) -> str:
    for _ in step:
        code = step.get(code, code)
    return code


def published(study: Study, indicator: str) -> pd.DataFrame:
    """The cells of `indicator` as published, under the codes of the day: one row a site and period.

    Columns site, period, value (float; NaN where marked or empty), mark ("" where there is none), row, file and
    behind (file, row and columns of what the value rests on). A declared rate that no file holds is computed from its
    numerator and denominator where both exist. Raises KeyError for an indicator that is not declared.
    """
    declared = study.indicator_by_id[indicator]
    parts = [_cells(table, file, indicator) for file, table in sorted(study.indicators.values.items())]
    parts = [part for part in parts if len(part)]
    if parts:
        return pd.concat(parts, ignore_index=True)
    if is_computed(study, declared):
        return _rate(published(study, declared.numerator), published(study, declared.denominator), declared.per)
    return _empty()


def panel(study: Study, indicator: str) -> pd.DataFrame:
    """The cells of `indicator` as comparable series: as `published`, with boundary changes applied.

    A recode renames the old code. A merge sums the old codes into the new one in every period in which all of them
    have a number; a rate can't be summed, so the old codes' values are dropped. Codes of a split are dropped. Where
    the new code has a number of its own, that number stands. A mark is never a number.
    """
    declared = study.indicator_by_id[indicator]
    found = published(study, indicator)
    if not _is_stored(study, indicator) and is_computed(study, declared):
        return _rate(panel(study, declared.numerator), panel(study, declared.denominator), declared.per)
    change = changes(study)
    found = found[~found["site"].isin(change.split)]
    if not adds_up(declared):
        found = found[~found["site"].isin(change.merged)]
    targets = set(change.into.values())
    touched = found["site"].isin(set(change.into) | targets)
    resolved = _resolve(found[touched], change)
    return pd.concat([found[~touched], resolved], ignore_index=True)[list(COLUMNS)]


def adds_up(indicator: Indicator) -> bool:
    """Whether values of two areas may be summed: a count or a sum of money, not a rate, share or mean."""
    if indicator.numerator or indicator.denominator:
        return False
    unit = f" {indicator.unit.lower()} "
    return not any(word in unit for word in _SHARES)


def is_computed(study: Study, indicator: Indicator) -> bool:
    """Whether `indicator` names a numerator and a denominator that the study declares as indicators."""
    known = study.indicator_by_id
    return indicator.numerator in known and indicator.denominator in known


def sources(frame: pd.DataFrame) -> tuple[Source, ...]:
    """The files (of the study folder, or of the data folder: ``data:...``) and rows behind the cells of `frame`."""
    rows: dict[str, set[int]] = {}
    columns: dict[str, dict[str, None]] = {}
    for places in frame["behind"]:
        for file, row, names in places:
            rows.setdefault(file, set()).add(row)
            columns.setdefault(file, {}).update(dict.fromkeys(names))
    return tuple(
        Source(
            file if file.startswith("data:") else f"indicators/{file}", tuple(sorted(rows[file])), tuple(columns[file])
        )
        for file in sorted(rows)
    )


def changes_sentence(study: Study, indicators: Iterable[str]) -> str:
    """What was done about changed codes, for a methods section; empty where there are none."""
    change = changes(study)
    parts = []
    if change.recoded:
        parts.append(f"{len(change.recoded)} codes were renamed to their successors")
    if change.merged:
        parts.append(f"{len(change.merged)} merged codes were summed into their successors")
        rates = [study.indicator_by_id[i] for i in indicators]
        dropped = [found.label for found in rates if not adds_up(found) and not is_computed(study, found)]
        if dropped:
            parts.append(f"their values of {', '.join(dropped)} were dropped, because rates can't be summed")
    if change.split:
        names = ", ".join(_name(study, code) for code in sorted(change.split))
        parts.append(f"{len(change.split)} codes of areas that were split were dropped ({names})")
    return f"Boundary changes: {'; '.join(parts)}." if parts else ""


def _name(study: Study, code: str) -> str:
    site = study.site_by_id.get(code)
    return f"{site.name} {code}" if site and site.name != code else code


def _is_stored(study: Study, indicator: str) -> bool:
    return any(pc.any(pc.equal(table["indicator"], indicator)).as_py() for table in study.indicators.values.values())


def _cells(table: pa.Table, file: str, indicator: str) -> pd.DataFrame:
    rows = table.filter(pc.equal(table["indicator"], indicator))
    numbers = rows["_row"].to_pylist()
    columns = _columns(table, indicator)
    return pd.DataFrame(
        {
            "site": rows["site"].to_pylist(),
            "period": rows["period"].to_pylist(),
            "value": pd.array(rows["_number"].to_pylist(), dtype="Float64").to_numpy(
                dtype=float, na_value=float("nan")
            ),
            "mark": [mark or "" for mark in rows["_mark"].to_pylist()],
            "row": numbers,
            "file": [file] * len(numbers),
            "behind": [((file, row, columns),) for row in numbers],
        }
    )


def _columns(table: pa.Table, indicator: str) -> tuple[str, ...]:
    """The file's own columns behind the values of `indicator`: an official file has its own headings."""
    written = (table.schema.metadata or {}).get(indicator.encode())
    return tuple(written.decode().split("\t")) if written else ("site", "period", "indicator", "value")


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=float if name == "value" else object) for name in COLUMNS})


def _rate(numerator: pd.DataFrame, denominator: pd.DataFrame, per: float) -> pd.DataFrame:
    both = numerator.merge(denominator, on=["site", "period"], suffixes=("", "_below"))
    below = both["value_below"].where(both["value_below"] > 0)
    both["value"] = per * both["value"] / below
    both["mark"] = both["mark"].where(both["mark"] != "", both["mark_below"])
    behind = [first + second for first, second in zip(both["behind"], both["behind_below"], strict=True)]
    return both.assign(behind=pd.Series(behind, index=both.index, dtype=object))[list(COLUMNS)]


def _resolve(frame: pd.DataFrame, change: Changes) -> pd.DataFrame:
    """One row a new code and period, from the rows of the new code and of its old ones."""
    if frame.empty:
        return frame
    wanted: dict[str, set[str]] = {}
    for old, new in change.into.items():
        if old in change.merged:
            wanted.setdefault(new, set()).add(old)
    frame = frame.assign(to=frame["site"].map(lambda code: change.into.get(code, code)))
    rows = [
        _one(str(site), str(period), group, wanted.get(str(site), set()))
        for (site, period), group in frame.groupby(["to", "period"], sort=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _one(site: str, period: str, group: pd.DataFrame, merged: set[str]) -> tuple[object, ...]:
    numbers = group[group["value"].notna()]
    own = numbers[numbers["site"] == site]
    renamed = numbers[(numbers["site"] != site) & ~numbers["site"].isin(merged)]
    if len(own) or len(renamed):
        used = (own if len(own) else renamed).iloc[:1]
    elif merged and merged <= set(numbers["site"]):
        used = numbers
    else:
        used = group.iloc[:0]
    behind = used if len(used) else group
    value = float(used["value"].sum()) if len(used) else float("nan")
    mark = "" if len(used) else next((mark for mark in group["mark"] if mark), "")
    first = behind.iloc[0]
    return site, period, value, mark, first["row"], first["file"], tuple(p for pairs in behind["behind"] for p in pairs)
