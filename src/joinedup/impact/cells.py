"""The cells that a design sees: programme and comparison sites by period, with the first treated period of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import ReferenceType, ref

import pandas as pd

from joinedup.indicators.panel import panel, sources
from joinedup.indicators.timing import periods_before, programme_start
from joinedup.study.indicators import Indicator
from joinedup.study.model import Indicators, Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Source
from joinedup.study.site import Site

SITE, PERIOD, OUTCOME, ADOPTED, TREATED, STRATUM = "site", "period", "outcome", "adopted", "treated", "stratum"
CHILDREN = "n"

Note = tuple[str, str]
"""What was left out, and how many or which."""

UNDATED = "Programme sites without a date of adoption, left out"
UNTREATED = "Programme sites that are not treated in any period, left out"


@dataclass(frozen=True, eq=False)
class Sample:
    """The sample of an outcome. `frame` has a row a site and period with a number, and the rows behind it.

    Its column adopted is the first treated period (missing for comparison sites). `before` are the periods with data
    before the programme began anywhere, `after` those treated at some site; `notes` say what was left out, and how many.
    """

    indicator: Indicator
    frame: pd.DataFrame
    logarithm: bool
    before: tuple[int, ...]
    after: tuple[int, ...]
    n_programme: int
    n_comparison: int
    cohorts: tuple[int, ...]
    notes: tuple[Note, ...]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The files and rows behind the frame."""
        return sources(self.frame)


class _Series:
    """The comparable series of the indicators that were asked for last: every design, lag and coding reads the same."""

    def __init__(self) -> None:
        self._of: ReferenceType[Indicators] | None = None
        self._frames: dict[str, pd.DataFrame] = {}

    def __call__(self, study: Study, id: str) -> pd.DataFrame:
        if self._of is None or self._of() is not study.indicators:
            self._of, self._frames = ref(study.indicators), {}
        if id not in self._frames:
            frame = panel(study, id)
            self._frames[id] = frame.assign(period=frame[PERIOD].astype(int))
        return self._frames[id]


_series = _Series()


def outcomes(study: Study) -> list[Indicator]:
    """The outcomes of the plan ([plan.impact] outcomes, then exploratory), by default every indicator of that family."""
    plan = study.plan("impact")
    planned = plan.get("outcomes") or [found.id for found in study.indicators.indicators if found.family == "outcome"]
    wanted = dict.fromkeys([*planned, *plan.get("exploratory", ())])
    return [study.indicator_by_id[id] for id in wanted if id in study.indicator_by_id]


def cells(study: Study, indicator: Indicator, lag_months: int) -> Sample:
    """The sample for `indicator`: excluded sites left out, a period treated if it begins `lag_months` after adoption.

    Raises NotComputable, with the sentence for the report, where there are no values, no comparison, no treated period,
    or fewer than two periods before the programme began: then no trend before it can be seen.
    """
    frame = _series(study, indicator.id)
    if frame.empty:
        raise NotComputable(f"{indicator.label}: it has no values.")
    first, last = _window(study, frame)
    frame = frame[frame[PERIOD].between(first, last)]
    starts, notes = _starts(study, indicator, lag_months, range(first, last + 1))
    eligible = {site.id: site for site in study.sites if not site.excluded}
    kept = {id for id, site in eligible.items() if not site.is_programme or id in starts}
    frame = frame[frame["site"].isin(kept)]
    marked = int(frame["value"].isna().sum())
    if marked:
        notes.append(("Cells without a number (marked or not published), left as gaps", str(marked)))
    logarithm = indicator.id in study.plan("impact").get("log", ())
    frame, refused = _outcome(frame.dropna(subset=["value"]), logarithm)
    if refused:
        notes.append(("Cells left out because they are not above 0 and have no logarithm", str(refused)))
    adopted = frame["site"].map(starts).astype(float)
    if study.plan("impact").get("weights") == "child":
        frame = _counted(study, frame, notes)
        adopted = frame["site"].map(starts).astype(float)
    strata = {id: _stratum(study, site) for id, site in eligible.items()}
    treated = (frame[PERIOD] >= adopted).astype(float)
    frame = frame.assign(adopted=adopted, treated=treated, stratum=frame["site"].map(strata))
    return _checked(study, indicator, _informative(frame, notes), logarithm, notes)


def _window(study: Study, frame: pd.DataFrame) -> tuple[int, int]:
    planned = study.plan("impact").get("periods") or []
    if len(planned) == 2:
        return int(planned[0]), int(planned[1])
    return int(frame[PERIOD].min()), int(frame[PERIOD].max())


def _starts(study: Study, indicator: Indicator, lag: int, calendar: range) -> tuple[dict[str, int], list[Note]]:
    """The first treated period of each programme site, by the calendar (a gap in the data is still a period)."""
    starts, undated, late = {}, [], []
    for site in study.programme_sites:
        if site.excluded:
            continue
        if not site.adopted:
            undated.append(site.name or site.id)
            continue
        treated = (p for p in calendar if indicator.period.treated(str(p), site.adopted, lag))
        start = next(treated, None)
        if start is None:
            late.append(site.name or site.id)
        else:
            starts[site.id] = start
    notes = []
    if undated:
        notes.append((UNDATED, ", ".join(sorted(undated))))
    if late:
        notes.append((UNTREATED, ", ".join(sorted(late))))
    return starts, notes


def lag_of(study: Study) -> int:
    """The lag of the plan in months (default 6)."""
    return int(study.plan("impact").get("lag_months", 6))


def _outcome(frame: pd.DataFrame, logarithm: bool) -> tuple[pd.DataFrame, int]:
    if not logarithm:
        return frame.assign(outcome=frame["value"]), 0
    positive = frame[frame["value"] > 0]
    return positive.assign(outcome=[math.log(value) for value in positive["value"]]), len(frame) - len(positive)


def _counted(study: Study, frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """With the number of children of each site: its mean over all periods that have one, so that weights stay put."""
    id = str(study.plan("impact").get("children", ""))
    if id not in study.indicator_by_id:
        raise NotComputable(
            'Effects on the average child (weights = "child") need `children` in [plan.impact]: the indicator that '
            "counts the children of a site."
        )
    numbers = _series(study, id).dropna(subset=["value"]).groupby(SITE)["value"].mean().round()
    found = frame.assign(**{CHILDREN: frame[SITE].map(numbers)})
    known = found[found[CHILDREN] > 0]
    lost = found[SITE].nunique() - known[SITE].nunique()
    if lost:
        notes.append(("Sites left out because their number of children is not known", str(lost)))
    return known


def _stratum(study: Study, site: Site) -> str:
    name = str(study.plan("impact").get("strata", ""))
    if not name:
        return ""
    return str(getattr(site, name)) if hasattr(site, name) else site.extra.get(name, "")


def _informative(frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Without sites that have one cell, or (if treated) none before their start: they can't show a change."""
    sizes = frame.groupby(SITE)[PERIOD].transform("size")
    untreated = frame.groupby(SITE)[TREATED].transform("min") == 0
    kept = frame[(sizes > 1) & untreated]
    lost = frame[SITE].nunique() - kept[SITE].nunique()
    if lost:
        notes.append(("Sites left out because they have a single number, or none before their start", str(lost)))
    return kept.reset_index(drop=True)


def _checked(study: Study, indicator: Indicator, frame: pd.DataFrame, logarithm: bool, notes: Sequence[Note]) -> Sample:
    periods = sorted(set(frame[PERIOD].tolist()))
    before = [int(period) for period in periods_before(indicator, map(str, periods), programme_start(study))]
    sites = frame.drop_duplicates(SITE)
    n_programme = int(sites[ADOPTED].notna().sum())
    after = sorted(set(frame.loc[frame[TREATED] == 1, PERIOD].tolist()))
    found = Sample(
        indicator,
        frame,
        logarithm,
        tuple(before),
        tuple(after),
        n_programme,
        len(sites) - n_programme,
        tuple(sorted(sites[ADOPTED].dropna().astype(int).unique().tolist())),
        tuple(notes),
    )
    reason = _reason(found)
    if reason:
        raise NotComputable(f"{indicator.label}: {reason}")
    return found


def _reason(found: Sample) -> str:
    if not found.n_programme and UNTREATED in dict(found.notes):
        return "none of its periods begins late enough after adoption to be treated."
    if not found.n_programme:
        return "no programme site has values and a date of adoption."
    if not found.n_comparison:
        return "there is no comparison site with values."
    if len(found.before) < 2:
        return (
            f"the design needs at least 2 periods before the programme began, to see whether the groups moved alike; "
            f"there {'is 1' if len(found.before) == 1 else 'are none'}. Its values are descriptive only."
        )
    if not found.after:
        return "no period is treated yet."
    return ""
