"""Programme and comparison sites before the start: means, standardised differences, variance ratios."""

from __future__ import annotations

import math

import pandas as pd

from joinedup.indicators.panel import published, sources
from joinedup.indicators.timing import Groups, groups, periods_before, programme_start
from joinedup.study.analysis import make_result
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
)


def standardised_difference(programme: pd.Series[float], comparison: pd.Series[float]) -> float:
    """Difference of means / sqrt((s1^2 + s0^2) / 2), variances with n - 1; NaN where neither group varies.

    Source: Imbens and Rubin (2015), equation 14.1. It does not grow with the number of sites, as a t statistic does.
    """
    pooled = math.sqrt((programme.var(ddof=1) + comparison.var(ddof=1)) / 2)
    return float((programme.mean() - comparison.mean()) / pooled) if pooled > 0 else float("nan")


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
    values: dict[str, Value] = {}
    found_in: dict[str, tuple[Source, ...]] = {}
    caveats: list[str] = []
    compared: list[Indicator] = []
    for id, frame in frames.items():
        indicator = study.indicator_by_id[id]
        cells = _baseline(indicator, frame, sites, start)
        if cells is None:
            caveats.append(f"{indicator.label}: no period before {start} has two numbers in either group.")
            continue
        compared.append(indicator)
        values |= {f"{key_part(id)}.{name}": value for name, value in _row(cells, sites).items()}
        found_in[key_part(id)] = sources(cells)
        for role in ("programme", "comparison", "all_others"):
            found_in[f"{key_part(id)}.{role}"] = sources(cells[cells["site"].isin(sites.of(role))])
    if not compared:
        raise NotComputable(" ".join(caveats))
    values |= _counts(study, sites, compared, values)
    table = _table(compared, values)
    return make_result(
        "indicators.balance",
        values,
        _methods(values, start),
        (study.indicators, study.sites, dict(study.plan("indicators"))),
        tables=(table, _left_out(sites)) if sites.excluded else (table,),
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


def _row(cells: pd.DataFrame, sites: Groups) -> dict[str, Value]:
    programme, comparison, others = (
        cells[cells["site"].isin(sites.of(role))]["value"] for role in ("programme", "comparison", "all_others")
    )
    spread = comparison.var(ddof=1)
    return {
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
    }


def _counts(study: Study, sites: Groups, compared: list[Indicator], values: dict[str, Value]) -> dict[str, Value]:
    differences = (values[f"{key_part(indicator.id)}.standardised"] for indicator in compared)
    return {
        "programme_sites": len(sites.programme),
        "comparison_sites": len(sites.comparison),
        "excluded_sites": sum(bool(site.excluded) and not site.is_programme for site in study.sites),
        "indicators": len(compared),
        "imbalanced": sum(isinstance(d, float) and abs(d) > IMBALANCE for d in differences),
    }


def _table(compared: list[Indicator], values: dict[str, Value]) -> Table:
    names = [name for name, _ in _COLUMNS]
    parts = [key_part(indicator.id) for indicator in compared]
    return Table(
        "balance",
        "Programme and comparison sites in the last period before the start",
        (("indicator", "Indicator"), *_COLUMNS),
        tuple(
            (i.label, *(values[f"{part}.{name}"] for name in names)) for i, part in zip(compared, parts, strict=True)
        ),
        "Comparison sites without, all others with those that are left out of comparisons.",
        tuple(("", *(f"{part}.{name}" for name in names)) for part in parts),
    )


def _left_out(sites: Groups) -> Table:
    columns = (("site", "Site"), ("reason", "Left out because"))
    return Table("left-out", "Sites left out of comparisons", columns, tuple(sorted(sites.excluded)))


def _methods(values: dict[str, Value], start: str) -> str:
    return (
        f"{values['programme_sites']} programme sites are set against {values['comparison_sites']} comparison sites "
        f"({values['excluded_sites']} more are left out, with a reason each) in the last period before {start} for which "
        "each indicator is published, under the codes of the day. The standardised difference is the difference of "
        "means over sites divided by the square root of the mean of the two variances; every site counts once. "
        f"{values['imbalanced']} of {values['indicators']} indicators differ by more than {IMBALANCE} standard deviations."
    )
