"""`partnership.balance`: targeted against universal spending as a ratio, by deprivation, and within and between sites."""

from __future__ import annotations

import math
from collections.abc import Mapping

from joinedup.partnership.provision import FILE, LEAST_SITES, Spending, spending
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

DRAWS, SEED = 1999, 1
_REFERENCE = (
    "Kakwani, N., Wagstaff, A. and van Doorslaer, E. (1997), Socioeconomic inequalities in health, Journal of Econometrics "
    "77(1), 87-103; Theil, H. (1967), Economics and Information Theory; Efron, B. and Tibshirani, R. (1993), An "
    "Introduction to the Bootstrap."
)


def balance_result(study: Study) -> Result | None:
    """The Result; None without provision. Raises NotComputable where fewer than three sites have a known split."""
    rows = study.partnership.provision
    if not rows:
        return None
    found = spending(study)
    sites = [site for site in found.known if found.periods[-1] in found.known[site]]
    if len(sites) < LEAST_SITES:
        raise NotComputable(f"Fewer than {LEAST_SITES} sites have a known split in {found.periods[-1]}.")
    deprivation, source = _deprivation(study, found.periods[-1])
    values: dict[str, Value] = {**_ratios(found, sites), **_theil(study, found)}
    values |= _by_deprivation(found, [site for site in sites if site in deprivation], deprivation)
    return make_result(
        "partnership.balance",
        values,
        _methods(study, found, values),
        (rows, study.sites, study.plan("partnership"), sorted(deprivation.items())),
        tables=(_summary(values), _theil_table(found, values), _by_site(study, sites, values)),
        parameters={"draws": DRAWS, "seed": SEED},
        sources={"": _sources(study, source)},
        caveats=_caveats(values),
        references=(_REFERENCE,),
    )


def _ratios(found: Spending, sites: list[str]) -> dict[str, Value]:
    from joinedup.partnership.inequality import bootstrap_mean, log_ratios

    first, last = found.periods[0], found.periods[-1]
    both = [site for site in sites if first in found.known[site]] if first != last else []
    cells = [found.known[site][last] for site in sites] + [found.known[site][first] for site in both]
    ratio, zeros = log_ratios([cell.targeted for cell in cells], [cell.universal for cell in cells])
    now = dict(zip(sites, ratio[: len(sites)].tolist(), strict=True))
    then = dict(zip(both, ratio[len(sites) :].tolist(), strict=True))
    changes = [now[site] - then[site] for site in both]
    low, high = bootstrap_mean(list(now.values()), DRAWS, SEED)
    values: dict[str, Value] = {"sites": len(sites), "zeros": zeros, "log_ratio": math.fsum(now.values()) / len(now)}
    values |= {"log_ratio_low": low, "log_ratio_high": high, "change_sites": len(both)}
    values |= dict.fromkeys(("change", "change_low", "change_high"))
    if len(both) >= LEAST_SITES:
        values["change"] = math.fsum(changes) / len(changes)
        values["change_low"], values["change_high"] = bootstrap_mean(changes, DRAWS, SEED)
    for site in sites:
        values[f"site.{key_part(site)}.log_ratio"] = now[site]
        values[f"site.{key_part(site)}.change"] = now[site] - then[site] if site in then else None
    return values


def _theil(study: Study, found: Spending) -> dict[str, Value]:
    """Theil's T over the services of the sites whose split is known, in the first and the last period."""
    from joinedup.partnership.inequality import theil

    values: dict[str, Value] = {}
    for name, period in (("first", found.periods[0]), ("last", found.periods[-1])):
        cells: dict[str, list[float]] = {}
        for row in study.partnership.provision:
            if row.period == period and row.spend is not None and period in found.known.get(row.site, {}):
                cells.setdefault(row.site, []).append(row.spend)
        parts = theil(cells) if cells else None
        for part in _PARTS:
            values[f"theil.{name}.{part}"] = getattr(parts, part) if parts else None
    return values


def _deprivation(study: Study, period: str) -> tuple[Mapping[str, float], tuple[Source, ...]]:
    """The declared measure of deprivation by site in the latest period up to `period`, with the rows behind it."""
    indicator = str(study.plan("partnership").get("deprivation", ""))
    found: dict[str, tuple[str, float, int, str]] = {}
    for file, table in sorted(study.indicators.values.items()) if indicator else ():
        columns = (table.column(name).to_pylist() for name in ("indicator", "period", "site", "_number", "_row"))
        for kind, at, site, number, row in zip(*columns, strict=True):
            if kind == indicator and number is not None and at <= period and (site not in found or at > found[site][0]):
                found[site] = (at, float(number), row, file)
    programme = {site.id for site in study.programme_sites}
    found = {site: value for site, value in found.items() if site in programme}
    rows: dict[str, list[int]] = {}
    for _, _, row, file in found.values():
        rows.setdefault(f"indicators/{file}", []).append(row)
    columns_read = ("site", "period", "indicator", "value")
    sources = tuple(Source(file, tuple(sorted(rows[file])), columns_read) for file in sorted(rows))
    return {site: value for site, (_, value, _, _) in found.items()}, sources


def _by_deprivation(found: Spending, sites: list[str], deprivation: Mapping[str, float]) -> dict[str, Value]:
    values: dict[str, Value] = dict.fromkeys(("deprivation.correlation", "deprivation.p", "deprivation.concentration"))
    values["deprivation.sites"] = len(sites)
    shares = [found.share(site, found.periods[-1]) or 0.0 for site in sites]
    ranks = [deprivation[site] for site in sites]
    if len(sites) < LEAST_SITES or len(set(ranks)) < 2 or len(set(shares)) < 2:
        return values
    from scipy.stats import spearmanr

    from joinedup.partnership.inequality import concentration_index

    correlation = spearmanr(shares, ranks)
    values["deprivation.correlation"], values["deprivation.p"] = float(correlation.statistic), float(correlation.pvalue)
    values["deprivation.concentration"] = concentration_index(shares, ranks)
    return values


def _methods(study: Study, found: Spending, values: Mapping[str, Value]) -> str:
    first, last = found.periods[0], found.periods[-1]
    measure = study.plan("partnership").get("deprivation", "")
    label = study.indicator_by_id[measure].label if measure in study.indicator_by_id else ""
    against = (
        f" Deprivation is {label}, the latest value up to {last}, of {values['deprivation.sites']} sites: Spearman's rank "
        f"correlation with the targeted share, and the concentration index of that share (above 0: larger where there is more)."
        if label
        else ""
    )
    return (
        f"ln(targeted / universal spending) of {values['sites']} sites in {last}, each counted alike; 0 is as much of one as "
        f"of the other. A stated zero stays in, as half of the smallest positive amount of its tier ({values['zeros']} "
        f"times); a status mark is not zero, the site has no split then. The change is from {first} to {last} over "
        f"{values['change_sites']} sites. Intervals: 95%, percentiles of {DRAWS:,} draws of sites with replacement. Theil's T is "
        f"of the spending on each service of each site, within sites and between them.{against}"
    )


def _caveats(values: Mapping[str, Value]) -> tuple[str, ...]:
    if not values["zeros"]:
        return ()
    return (
        f"{values['zeros']} stated zeros stand in the log-ratio as half of the smallest positive amount of their tier.",
    )


_RATIOS = (
    ("ln(targeted / universal)", ("log_ratio", "log_ratio_low", "log_ratio_high")),
    ("Its change", ("change", "change_low", "change_high")),
)
_PARTS = ("total", "between", "within")


def _summary(values: Mapping[str, Value]) -> Table:
    columns = (("what", "Measure"), ("value", "Mean over sites"), ("low", "95% from"), ("high", "to"))
    rows: list[Row] = [(label, *(values[key] for key in keys)) for label, keys in _RATIOS]
    keys = tuple(("", *found) for _, found in _RATIOS)
    return Table("summary", "Targeted against universal spending", columns, tuple(rows), "", keys)


def _theil_table(found: Spending, values: Mapping[str, Value]) -> Table:
    columns = (
        ("period", "Period"),
        ("total", "Theil in all"),
        ("between", "Between sites"),
        ("within", "Within sites"),
    )
    ends = (("first", found.periods[0]), ("last", found.periods[-1]))
    keys = tuple(("", *(f"theil.{end}.{part}" for part in _PARTS)) for end, _ in ends)
    rows = tuple((period, *(values[key] for key in row[1:])) for (_, period), row in zip(ends, keys, strict=True))
    return Table("theil", "Inequality of spending over services and sites", columns, rows, "", keys)


def _by_site(study: Study, sites: list[str], values: Mapping[str, Value]) -> Table:
    keys = tuple(("", f"site.{key_part(site)}.log_ratio", f"site.{key_part(site)}.change") for site in sites)
    names = [study.site_by_id[site].name if site in study.site_by_id else site for site in sites]
    rows = tuple((name, *(values[key] for key in row[1:])) for name, row in zip(names, keys, strict=True))
    columns = (("site", "Site"), ("log_ratio", "ln(targeted / universal)"), ("change", "Change"))
    return Table("by_site", "Targeted against universal spending by site", columns, rows, "", keys)


def _sources(study: Study, deprivation: tuple[Source, ...]) -> tuple[Source, ...]:
    at = tuple(sorted(row.row for row in study.partnership.provision))
    return (Source(FILE, at, ("site", "service", "tier", "period", "spend")), *deprivation)
