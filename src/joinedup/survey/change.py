"""Change between two waves, paired by site; people of both waves and people of one apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import vector
from joinedup.survey.contrast import LEAST_SITES, Contrast, contrast

_NEEDED = ("wave", "site", "person", "score")


@dataclass(frozen=True)
class WaveChange:
    """Second wave less first, over sites with a score in both; see `contrast` for its two readings.

    `panel` uses the people who answered in both waves, `cross_section` those who answered in one (None with fewer than
    three sites in both). `by_site` has a row a site: first, second, change, people_first, people_second, people_both.
    """

    everyone: Contrast
    panel: Contrast | None
    cross_section: Contrast | None
    by_site: pd.DataFrame
    only_first: tuple[Any, ...]
    only_second: tuple[Any, ...]


def wave_change(scores: pd.DataFrame, first: Any, second: Any, population: int | None = None) -> WaveChange:
    """The mean change of sites between the waves `first` and `second`, each site's score weighing alike.

    `scores` has a row for each person and wave: columns wave, site, person, score (blank: left out) and, if agencies
    are to count alike within a site, agency. `population` is the number of sites of the programme (those seen in either
    wave, if none). Raises NotComputable with fewer than three sites in both waves, ValueError for a missing column or a
    person who stands twice in a wave.
    """
    if missing := [name for name in _NEEDED if name not in scores.columns]:
        raise ValueError(f"scores has no column {', '.join(missing)}")
    table = scores.assign(score=vector(scores["score"], "score")).dropna(subset=["score"])
    table = table[table["wave"].isin([first, second])]
    if table.duplicated(["wave", "person"]).any():
        raise ValueError("a person has two scores in a wave")
    both = table.groupby("person")["wave"].transform("nunique") == 2
    sites = _site_scores(table, first, second)
    paired = sites.dropna()
    if len(paired) < LEAST_SITES:
        raise NotComputable(
            f"A change paired by site needs at least {LEAST_SITES} sites with a score in both waves; there are "
            f"{len(paired)}."
        )
    size = len(sites) if population is None else population
    return WaveChange(
        contrast(paired["second"].tolist(), paired["first"].tolist(), size),
        _change(_site_scores(table[both], first, second), size),
        _change(_site_scores(table[~both], first, second), size),
        _by_site(sites, table, both, first, second),
        tuple(sites.index[sites["second"].isna()]),
        tuple(sites.index[sites["first"].isna()]),
    )


def _site_scores(table: pd.DataFrame, first: Any, second: Any) -> pd.DataFrame:
    """Sites x (first, second): the mean of people, or of agencies' means where agencies are given."""
    by = ["wave", "site", *(["agency"] if "agency" in table.columns else [])]
    means = table.groupby(by, observed=True)["score"].mean().groupby(["wave", "site"]).mean()
    columns = {"first": _wave(means, first), "second": _wave(means, second)}
    return pd.DataFrame(columns).sort_index()


def _wave(means: pd.Series[float], wave: Any) -> pd.Series[float]:
    found = means[means.index.get_level_values("wave") == wave]
    by_site: pd.Series[float] = found.droplevel("wave")
    return by_site


def _change(sites: pd.DataFrame, population: int) -> Contrast | None:
    paired = sites.dropna()
    if len(paired) < LEAST_SITES:
        return None
    return contrast(paired["second"].tolist(), paired["first"].tolist(), population)


def _by_site(sites: pd.DataFrame, table: pd.DataFrame, both: pd.Series[bool], first: Any, second: Any) -> pd.DataFrame:
    found = sites.assign(change=sites["second"] - sites["first"])
    counted = {
        "people_first": table[table["wave"] == first],
        "people_second": table[table["wave"] == second],
        "people_both": table[both & (table["wave"] == second)],
    }
    for name, part in counted.items():
        found[name] = part.groupby("site").size().reindex(found.index, fill_value=0)
    return found
