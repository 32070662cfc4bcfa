"""Targeted and universal provision: shares of spending by tier, and how the targeted share moved."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.inference import MeanInterval, mean_interval
from joinedup.study.model import Study
from joinedup.study.partnership import TARGETED, UNIVERSAL, Provision
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

FILE = "partnership/provision.csv"
LEAST_SITES = 3
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Tiers:
    """Spending on both tiers, in pounds."""

    targeted: float
    universal: float

    @property
    def targeted_share(self) -> float | None:
        """Targeted / (targeted + universal); None where nothing was spent."""
        total = self.targeted + self.universal
        return self.targeted / total if total else None

    @property
    def universal_share(self) -> float | None:
        """Universal / (targeted + universal); None where nothing was spent."""
        total = self.targeted + self.universal
        return self.universal / total if total else None


def tiers(rows: Iterable[Provision]) -> Tiers | None:
    """Spending of one site in one period by tier.

    None where there is no split: a row holds a status mark (it is not 0), one tier has no row at all, or nothing was
    spent. A stated zero is a number like any other.
    """
    spent: dict[str, list[float]] = {TARGETED: [], UNIVERSAL: []}
    for row in rows:
        if row.spend is None or row.tier not in spent:
            return None
        spent[row.tier].append(row.spend)
    if not all(spent.values()):
        return None
    split = Tiers(math.fsum(spent[TARGETED]), math.fsum(spent[UNIVERSAL]))
    return None if split.targeted_share is None else split


def pooled(parts: Iterable[Tiers]) -> Tiers:
    """Spending of several sites together."""
    found = list(parts)
    return Tiers(math.fsum(part.targeted for part in found), math.fsum(part.universal for part in found))


@dataclass(frozen=True, slots=True)
class Spending:
    """Known splits by site and period (both in order), and the site-periods whose split is not known."""

    periods: tuple[str, ...]
    known: Mapping[str, Mapping[str, Tiers]]
    unknown: tuple[tuple[str, str], ...]

    def in_period(self, period: str) -> list[Tiers]:
        """The known splits of all sites in a period."""
        return [split[period] for split in self.known.values() if period in split]

    def share(self, site: str, period: str) -> float | None:
        """The targeted share of a site in a period; None where it is not known."""
        split = self.known.get(site, {}).get(period)
        return split.targeted_share if split else None

    def changes(self) -> dict[str, float]:
        """The last period's targeted share minus the first's, for each site that has both; none in a single period."""
        if len(self.periods) < 2:
            return {}
        ends = {site: (self.share(site, self.periods[0]), self.share(site, self.periods[-1])) for site in self.known}
        return {site: last - first for site, (first, last) in ends.items() if first is not None and last is not None}


def spending(study: Study) -> Spending:
    """What provision.csv says, split by site (in the study's order) and period."""
    order = {site.id: index for index, site in enumerate(study.sites)}
    cells: dict[tuple[str, str], list[Provision]] = {}
    for row in study.partnership.provision:
        cells.setdefault((row.site, row.period), []).append(row)
    known: dict[str, dict[str, Tiers]] = {}
    unknown = []
    for site, period in sorted(cells, key=lambda cell: (order.get(cell[0], len(order)), *cell)):
        split = tiers(cells[site, period])
        known.setdefault(site, {})
        if split is None:
            unknown.append((site, period))
        else:
            known[site][period] = split
    return Spending(tuple(sorted({period for _, period in cells})), known, tuple(unknown))


def provision_result(study: Study) -> Result | None:
    """`partnership.provision`: targeted and universal shares by period, and the change of the targeted share."""
    rows = study.partnership.provision
    if not rows:
        return None
    found = spending(study)
    interval = change_interval(list(found.changes().values()))
    values = {**_overall(rows, found, interval), **_shares(found)}
    for site in found.known:
        values[f"site.{key_part(site)}.targeted"] = found.share(site, found.periods[-1])
        values[f"site.{key_part(site)}.change"] = found.changes().get(site)
    return make_result(
        "partnership.provision",
        values,
        _methods(found, values),
        (rows, study.sites),
        tables=(_period_table(found, values), _site_table(study, found, values)),
        parameters={"first": found.periods[0], "last": found.periods[-1], "least_sites": LEAST_SITES},
        sources=_sources(rows, found),
        caveats=_caveats(study, found, values),
    )


def change_interval(changes: Sequence[float]) -> MeanInterval | None:
    """The mean change over sites with its t interval, the sites taken as some of many; None below three sites."""
    return mean_interval(changes) if len(changes) >= LEAST_SITES else None


def _overall(rows: Sequence[Provision], found: Spending, interval: MeanInterval | None) -> dict[str, Value]:
    changes = list(found.changes().values())
    return {
        "sites": len(found.changes()),
        "targeted.change": math.fsum(changes) / len(changes) if changes else None,
        "targeted.change_low": interval.low if interval else None,
        "targeted.change_high": interval.high if interval else None,
        "targeted.sites_rising": sum(change > _TIE for change in changes),
        "marked": sum(row.spend is None for row in rows),
        "zeros": sum(row.spend == 0 for row in rows),
        "left_out": len(found.unknown),
    }


def _shares(found: Spending) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for period in found.periods:
        together = pooled(found.in_period(period))
        values[f"targeted.{key_part(period)}"] = together.targeted_share
        values[f"universal.{key_part(period)}"] = together.universal_share
        values[f"sites.{key_part(period)}"] = len(found.in_period(period))
    return values


def _methods(found: Spending, values: Mapping[str, Value]) -> str:
    first, last = found.periods[0], found.periods[-1]
    return (
        f"Spending on targeted services as a share of spending on targeted and universal services; for a period, of "
        f"all sites together, so that a site with more spending weighs more. A stated zero counts as zero "
        f"({values['zeros']} rows). A row with a status mark is not zero ({values['marked']} rows): where a site has "
        f"a mark, no row for one of the tiers or no spending at all in a period, its split is not known and the site is "
        f"left out of that period ({values['left_out']} times). The change is the share of {last} minus that of {first}, as the mean "
        f"over the {values['sites']} sites that have both, each counted alike; reading 'sites like these': 95% t "
        f"interval over sites, given at least {LEAST_SITES} of them. The shares are of current prices, which cancel."
    )


def _caveats(study: Study, found: Spending, values: Mapping[str, Value]) -> tuple[str, ...]:
    names = study.site_by_id
    told = [f"{names[site].name if site in names else site} {period}" for site, period in found.unknown]
    said = []
    if told:
        said.append(f"The split is not known, so left out: {', '.join(told)}.")
    if len(found.periods) == 1:
        said.append("There is one period only, so no change.")
    elif values["targeted.change_low"] is None:
        said.append(f"Fewer than {LEAST_SITES} sites have the first and the last period, so there is no interval.")
    return tuple(said)


def _period_table(found: Spending, values: Mapping[str, Value]) -> Table:
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for period in found.periods:
        together, part = pooled(found.in_period(period)), key_part(period)
        keys.append(("", f"sites.{part}", "", "", f"targeted.{part}", f"universal.{part}"))
        sums = (together.targeted, together.universal) if values[f"sites.{part}"] else (None, None)
        rows.append((period, values[f"sites.{part}"], *sums, *(values[key] for key in keys[-1][4:])))
    columns = (
        ("period", "Period"),
        ("sites", "Sites"),
        ("targeted", "Targeted (£)"),
        ("universal", "Universal (£)"),
        ("targeted_share", "Targeted share"),
        ("universal_share", "Universal share"),
    )
    note = f"Sites whose split is known. Never counted as zero: rows with a status mark ({values['marked']})."
    return Table("by_period", "Spending by tier and period", columns, tuple(rows), note, tuple(keys))


def _site_table(study: Study, found: Spending, values: Mapping[str, Value]) -> Table:
    first, last = found.periods[0], found.periods[-1]
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for site in found.known:
        key = f"site.{key_part(site)}"
        name = study.site_by_id[site].name if site in study.site_by_id else site
        keys.append(("", "", f"{key}.targeted", f"{key}.change"))
        rows.append((name, found.share(site, first), values[f"{key}.targeted"], values[f"{key}.change"]))
    columns = (("site", "Site"), ("first", f"Targeted share {first}"), ("last", f"Targeted share {last}"))
    note = "A dash: the split of that period is not known."
    return Table("by_site", "Targeted share by site", (*columns, ("change", "Change")), tuple(rows), note, tuple(keys))


def _sources(rows: Sequence[Provision], found: Spending) -> dict[str, tuple[Source, ...]]:
    """Behind everything all rows; behind a period or a site its own; behind the change those of both ends."""
    ends = (found.periods[0], found.periods[-1])
    sources = {"": _source(rows), "targeted.change": _source(row for row in rows if row.period in ends)}
    sources |= {f"targeted.change_{end}": sources["targeted.change"] for end in ("low", "high")}
    sources["targeted.sites_rising"] = sources["targeted.change"]
    sources["marked"] = _source(row for row in rows if row.spend is None)
    for period in found.periods:
        for name in ("targeted", "universal", "sites"):
            sources[f"{name}.{key_part(period)}"] = _source(row for row in rows if row.period == period)
    for site in found.known:
        sources[f"site.{key_part(site)}"] = _source(row for row in rows if row.site == site)
    return sources


def _source(rows: Iterable[Provision]) -> tuple[Source, ...]:
    at = tuple(sorted(row.row for row in rows))
    return (Source(FILE, at, ("site", "tier", "period", "spend")),)
