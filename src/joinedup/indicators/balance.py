"""Programme and comparison sites before the start: means, standardised differences, variance ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from joinedup.indicators.neighbours import beside_neighbours, neighbours_of, neighbours_table, rank_among
from joinedup.indicators.panel import published, sources
from joinedup.indicators.timing import Groups, groups, periods_before, programme_start
from joinedup.study.analysis import make_result
from joinedup.study.dates import date_words
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source, Table, Value

IMBALANCE = 0.25
"""Above this size of a standardised difference regression adjustment is unreliable (Rubin 2001, as used by Imbens and
Rubin 2015, Causal Inference, chapter 14)."""

_COLUMNS = (
    ("period", "Period"),
    ("programme", "Programme sites"),
    ("n_programme", "n"),
    ("comparison", "Comparison sites"),
    ("n_comparison", "n"),
    ("all_others", "All others"),
    ("n_all_others", "n"),
    ("difference", "Difference"),
    ("standardised", "Standardised"),
    ("variance_ratio", "Variance ratio"),
    ("rank", "Rank"),
)


def standardised_difference(programme: pd.Series[float], comparison: pd.Series[float]) -> float:
    """Difference of means / sqrt((s1^2 + s0^2) / 2), variances with n - 1; NaN where neither group varies.

    Source: Imbens and Rubin (2015), equation 14.1. It does not grow with the number of sites, as a t statistic does.
    """
    pooled = pooled_deviation(programme, comparison)
    return float((programme.mean() - comparison.mean()) / pooled) if pooled > 0 else float("nan")


def pooled_deviation(programme: pd.Series[float], comparison: pd.Series[float]) -> float:
    """sqrt((s1^2 + s0^2) / 2): what a standardised difference is divided by."""
    return math.sqrt((programme.var(ddof=1) + comparison.var(ddof=1)) / 2)


def balance(study: Study) -> Result | None:
    """Each planned indicator in its last period before the start with two numbers in either group.

    None without comparison sites or values. The comparison leaves excluded sites out; "all others" has them.
    """
    chosen = [i for i in study.plan("indicators").get("balance", study.indicator_by_id) if i in study.indicator_by_id]
    frames = {id: frame for id in chosen if len(frame := published(study, id))}
    sites = groups(study)
    if not frames or not sites.comparison:
        return None
    start = programme_start(study)
    near = neighbours_of(study, sites.comparison)
    values: dict[str, Value] = {}
    found_in: dict[str, tuple[Source, ...]] = {}
    caveats: list[str] = []
    compared: list[Indicator] = []
    for id, frame in frames.items():
        indicator = study.indicator_by_id[id]
        cells = _baseline(indicator, frame, sites, start)
        if cells is None:
            caveats.append(f"{indicator.label}: no period before {date_words(start)} has two numbers in either group.")
            continue
        compared.append(indicator)
        values |= {f"{key_part(id)}.{name}": value for name, value in _row(cells, sites, near).items()}
        found_in[key_part(id)] = sources(cells)
        for role in ("programme", "comparison", "all_others"):
            found_in[f"{key_part(id)}.{role}"] = sources(cells[cells["site"].isin(sites.of(role))])
    if not compared:
        raise NotComputable(" ".join(caveats))
    values |= _counts(study, sites, near, compared, values)
    tables = [_table(compared, values)]
    if near:
        parts = [key_part(indicator.id) for indicator in compared]
        tables.append(neighbours_table([indicator.label for indicator in compared], parts, values))
    if sites.excluded:
        tables.append(_left_out(sites))
    return make_result(
        "indicators.balance",
        values,
        _methods(values, start),
        (study.indicators, study.sites, dict(study.plan("indicators"))),
        tables=tuple(tables),
        sources=found_in,
        caveats=tuple(caveats),
    )


def _baseline(indicator: Indicator, frame: pd.DataFrame, sites: Groups, start: str) -> pd.DataFrame | None:
    numbers = frame[frame["value"].notna()]
    for period in reversed(periods_before(indicator, numbers["period"], start)):
        cells = numbers[numbers["period"] == period]
        if all(cells["site"].isin(sites.of(role)).sum() >= 2 for role in ("programme", "comparison")):
            return cells
    return None


def _row(cells: pd.DataFrame, sites: Groups, near: Mapping[str, tuple[str, ...]]) -> dict[str, Value]:
    programme, comparison, others = (
        cells[cells["site"].isin(sites.of(role))]["value"] for role in ("programme", "comparison", "all_others")
    )
    spread = comparison.var(ddof=1)
    scale = pooled_deviation(programme, comparison)
    beside = (
        beside_neighbours(cells[cells["site"].isin(sites.programme | sites.comparison)], near, scale) if near else {}
    )
    return beside | {
        "period": str(cells["period"].iloc[0]),
        "programme": programme.mean(),
        "n_programme": len(programme),
        "comparison": comparison.mean(),
        "n_comparison": len(comparison),
        "all_others": others.mean(),
        "n_all_others": len(others),
        "difference": programme.mean() - comparison.mean(),
        "standardised": standardised_difference(programme, comparison),
        "variance_ratio": programme.var(ddof=1) / spread if spread > 0 else None,
        "rank": sum(rank_among(value, comparison.tolist()) for value in programme) / len(programme),
    }


def _counts(
    study: Study,
    sites: Groups,
    near: Mapping[str, tuple[str, ...]],
    compared: list[Indicator],
    values: dict[str, Value],
) -> dict[str, Value]:
    def imbalanced(name: str) -> int:
        found = (values[f"{key_part(indicator.id)}.{name}"] for indicator in compared)
        return sum(isinstance(size, float) and abs(size) > IMBALANCE for size in found)

    counts: dict[str, Value] = {
        "programme_sites": len(sites.programme),
        "comparison_sites": len(sites.comparison),
        "excluded_sites": sum(bool(site.excluded) and not site.is_programme for site in study.sites),
        "indicators": len(compared),
        "imbalanced": imbalanced("standardised"),
    }
    chosen = {site: each for site, each in near.items() if site in sites.programme}
    if near:
        counts["with_neighbours"] = len(chosen)
        counts["neighbour_sites"] = len({one for each in chosen.values() for one in each})
        counts["imbalanced_neighbours"] = imbalanced("neighbours_standardised")
    return counts


def _table(compared: list[Indicator], values: dict[str, Value]) -> Table:
    same = all(
        values[f"{key_part(one.id)}.n_all_others"] == values[f"{key_part(one.id)}.n_comparison"] for one in compared
    )
    columns = [column for column in _COLUMNS if not (same and column[0] in ("all_others", "n_all_others"))]
    names = [name for name, _ in columns]
    parts = [key_part(indicator.id) for indicator in compared]
    return Table(
        "balance",
        "Programme and comparison sites in the last period before the start",
        (("indicator", "Indicator"), *columns),
        tuple(
            (i.label, *(values[f"{part}.{name}"] for name in names)) for i, part in zip(compared, parts, strict=True)
        ),
        ("" if same else "Comparison sites are without those that are left out of comparisons, all others with them. ")
        + "Rank: the share of comparison sites with a lower number than a programme site has, on average; 0.5 where they are alike.",
        tuple(("", *(f"{part}.{name}" for name in names)) for part in parts),
    )


def _left_out(sites: Groups) -> Table:
    columns = (("site", "Site"), ("reason", "Left out because"))
    return Table("left-out", "Sites left out of comparisons", columns, tuple(sorted(sites.excluded)))


def _methods(values: dict[str, Value], start: str) -> str:
    excluded = values["excluded_sites"]
    left_out = f"({excluded} more are left out, with a reason each) " if excluded else ""
    text = (
        f"{values['programme_sites']} programme sites are set against {values['comparison_sites']} comparison sites "
        f"{left_out}in the last period before {date_words(start)} for which "
        "each indicator is published, under the codes of the day. The standardised difference is the difference of "
        "means over sites divided by the square root of the mean of the two variances; every site counts once. "
        f"Indicators that differ by more than {IMBALANCE} standard deviations: {values['imbalanced']} of {values['indicators']}."
    )
    if "neighbour_sites" not in values:
        return text
    return (
        f"{text} {values['with_neighbours']} programme sites have statistical neighbours among the comparison sites, "
        f"{values['neighbour_sites']} in all: each is set against the mean of its own, and the difference is divided by the "
        f"same standard deviation; then {values['imbalanced_neighbours']} differ by more than {IMBALANCE}."
    )
