"""Expenditure in constant prices."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from joinedup.indicators.panel import changes_sentence, panel, sources
from joinedup.indicators.timing import groups
from joinedup.study.analysis import make_result
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

ROLES = {"programme": "Programme sites", "comparison": "Comparison sites"}


def constant_prices(frame: pd.DataFrame, deflator: Mapping[str, float], base: str) -> pd.DataFrame:
    """`frame` with values in prices of `base`: value * index(base) / index(period).

    Periods without an index are left out. Raises KeyError where `base` has no index.
    """
    index = frame["period"].map(deflator)
    kept = frame[index.notna()]
    return kept.assign(value=kept["value"] * deflator[base] / index[index.notna()].astype(float))


def expenditure(study: Study) -> Result | None:
    """Indicators that are money in current prices (``deflate``), in prices of the base; None where there are none.

    Sites with a number in every period that has a deflator are followed; nothing is imputed. Raises NotComputable
    where there is no deflator.
    """
    money = [found for found in study.indicators.indicators if found.deflate]
    frames = {found.id: frame for found in money if (frame := panel(study, found.id))["value"].notna().any()}
    if not frames:
        return None
    base, deflator = study.indicators.price_base, study.indicators.deflator
    if base not in deflator:
        raise NotComputable("Money in current prices can't be compared: indicators.toml has no deflator for its base.")
    values: dict[str, Value] = {"price_base": base}
    found_in: dict[str, tuple[Source, ...]] = {}
    caveats: list[str] = []
    tables = []
    for id, frame in frames.items():
        indicator = study.indicator_by_id[id]
        left_out = sorted(set(frame[frame["value"].notna()]["period"]) - set(deflator))
        if left_out:
            caveats.append(f"{indicator.label}: no deflator for {', '.join(left_out)}; left out.")
        real = constant_prices(frame[frame["value"].notna()], deflator, base)
        own = _means(study, indicator, real)
        values |= own
        tables.append(_table(indicator, real, own, base))
        found_in[key_part(id)] = sources(real)
        for role in ROLES:
            found_in[f"{key_part(id)}.{role}"] = sources(real[real["site"].isin(groups(study).of(role))])
    return make_result(
        "indicators.expenditure",
        values,
        _methods(study, frames, base),
        (study.indicators, study.sites),
        tables=tuple(tables),
        sources=found_in,
        caveats=tuple(caveats),
    )


def _means(study: Study, indicator: Indicator, real: pd.DataFrame) -> dict[str, Value]:
    values: dict[str, Value] = {}
    part = key_part(indicator.id)
    sites = groups(study)
    periods = sorted(set(real["period"]))
    for role in ROLES:
        cells = real[real["site"].isin(sites.of(role))]
        followed = cells.groupby("site").filter(lambda rows: rows["period"].nunique() == len(periods))
        values[f"{part}.n_{role}"] = int(followed["site"].nunique())
        means = followed.groupby("period")["value"].mean()
        for period, mean in means.items():
            values[f"{part}.{role}.{key_part(str(period))}"] = float(mean)
        if len(means) > 1 and means.iloc[0]:
            values[f"{part}.{role}.change"] = float(means.iloc[-1] / means.iloc[0] - 1)
    return values


def _table(indicator: Indicator, real: pd.DataFrame, values: dict[str, Value], base: str) -> Table:
    part = key_part(indicator.id)
    rows: list[Row] = []
    keys = []
    for period in sorted(set(real["period"])):
        names = [f"{part}.{role}.{key_part(period)}" for role in ROLES]
        rows.append((period, *(values.get(name) for name in names)))
        keys.append(("", *(name if name in values else "" for name in names)))
    counts = ", ".join(f"{values[f'{part}.n_{role}']} {heading.lower()}" for role, heading in ROLES.items())
    title = f"{indicator.label}, prices of {base}" + (f" ({indicator.unit})" if indicator.unit else "")
    return Table(
        f"expenditure-{part.replace('_', '-')}",
        title,
        (("period", "Period"), *ROLES.items()),
        tuple(rows),
        f"Means over sites with a number in every period shown: {counts}.",
        tuple(keys),
    )


def _methods(study: Study, frames: Mapping[str, pd.DataFrame], base: str) -> str:
    source = f" ({study.indicators.deflator_source})" if study.indicators.deflator_source else ""
    text = (
        f"Money was put into prices of {base} with the price index of the study{source}; periods without an index are "
        "left out. Means are over the sites with a number in every period shown; spending per child exists only where "
        "both money and children are published, and nothing is imputed."
    )
    return " ".join(filter(None, (text, changes_sentence(study, frames))))
