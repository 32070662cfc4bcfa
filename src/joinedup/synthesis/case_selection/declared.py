"""What synthesis/case-choice.toml declares of the sites chosen for case studies, and the attributes it was made by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from joinedup.study.model import Study
from joinedup.study.result import Source
from joinedup.study.site import Site

if TYPE_CHECKING:
    import pandas as pd

NAME = "case-choice"
FILE = f"synthesis/{NAME}.toml"
KEYS: Mapping[str, type] = {
    "sites": list,
    "strategy": str,
    "attributes": dict,
    "outcome": str,
    "must": list,
    "exclude": list,
    "quota": dict,
    "by": str,
    "at": str,
    "reason": str,
    "proposed": bool,
}
REQUIRED = ("sites", "strategy", "attributes", "by", "at", "reason")
_OWN = ("region", "type", "model")


def attribute_names(study: Study) -> tuple[str, ...]:
    """The attributes of sites that a choice may be made by: columns of sites.csv."""
    further = dict.fromkeys(name for site in study.sites for name in site.extra)
    return (*_OWN, *further)


def as_written(site: Site, name: str) -> str:
    """An attribute of a site as it stands in sites.csv; empty where none is given."""
    return str(getattr(site, name)) if name in _OWN else site.extra.get(name, "")


def split(name: str) -> tuple[str, str]:
    """The indicator and the period of an attribute that is written `indicator@period`; otherwise the period is empty."""
    indicator, _, period = name.partition("@")
    return indicator, period


def attribute_label(study: Study, name: str) -> str:
    """An attribute as a reader knows it: an indicator by its label, with the period; a column by its words."""
    indicator, period = split(name)
    if period and indicator in study.indicator_by_id:
        return f"{study.indicator_by_id[indicator].label or indicator}, {period}"
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def attribute_table(study: Study, declared: Mapping[str, Any]) -> pd.DataFrame:
    """The programme sites (index) with the attributes and the outcome of a declaration; numbers where all values are."""
    import pandas as pd

    sites = study.programme_sites
    names = [*declared["attributes"], *([declared["outcome"]] if declared.get("outcome") else [])]
    columns: dict[str, Any] = {}
    for name in names:
        if "@" in name:
            values = _series(study, *split(name))
            columns[name] = [values.get(site.id, (None, 0))[0] for site in sites]
        else:
            columns[name] = _typed([as_written(site, name) or None for site in sites])
    found = pd.DataFrame(columns, index=[site.id for site in sites])
    return found.astype({name: float for name in names if "@" in name})


def _typed(values: list[str | None]) -> list[float | None] | list[str | None]:
    try:
        return [None if value is None else float(value) for value in values]
    except ValueError:
        return values


def _series(study: Study, indicator: str, period: str) -> dict[str, tuple[float | None, int]]:
    """The value of each site with its row; None where it is marked."""
    import pyarrow.compute as pc

    for file in sorted(study.indicators.values):
        table = study.indicators.values[file]
        kept = table.filter(
            pc.and_(pc.equal(table.column("indicator"), indicator), pc.equal(table.column("period"), period))
        )
        if kept.num_rows:
            columns = (kept.column(name).to_pylist() for name in ("site", "_number", "_row"))
            return {site: (number, row) for site, number, row in zip(*columns, strict=True)}
    return {}


def sources(study: Study, declared: Mapping[str, Any]) -> tuple[Source, ...]:
    """The rows behind the attributes."""
    sites = study.programme_sites
    own = tuple(name for name in declared["attributes"] if "@" not in name)
    found = [Source("sites.csv", tuple(site.row for site in sites), ("site", *own))]
    wanted = {site.id for site in sites}
    for name in declared["attributes"]:
        indicator, period = split(name)
        for file in sorted(study.indicators.values) if period else ():
            table = study.indicators.values[file]
            columns = (table.column(part).to_pylist() for part in ("indicator", "period", "site", "_row"))
            rows = [
                row
                for kind, at, site, row in zip(*columns, strict=True)
                if kind == indicator and at == period and site in wanted
            ]
            if rows:
                found.append(
                    Source(f"indicators/{file}", tuple(sorted(rows)), ("site", "period", "indicator", "value"))
                )
    return tuple(found)
