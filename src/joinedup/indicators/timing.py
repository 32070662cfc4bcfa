"""When the programme began, seen from an indicator's periods, and which sites are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from joinedup.study.dates import first_day
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable


@dataclass(frozen=True, slots=True)
class Groups:
    """Codes of the sites that are compared. `comparison` leaves the excluded ones out, `all_others` has them."""

    programme: frozenset[str]
    comparison: frozenset[str]
    all_others: frozenset[str]
    excluded: tuple[tuple[str, str], ...]

    def of(self, role: str) -> frozenset[str]:
        return {"programme": self.programme, "comparison": self.comparison, "all_others": self.all_others}[role]


def groups(study: Study) -> Groups:
    """Programme sites, comparison sites, and the comparison sites left out with their reasons."""
    others = [site for site in study.sites if not site.is_programme]
    given = Counter(site.name for site in study.sites)
    names = {site.id: site.name if given[site.name] == 1 else f"{site.name} {site.id}".strip() for site in study.sites}
    return Groups(
        frozenset(site.id for site in study.programme_sites if not site.excluded),
        frozenset(site.id for site in others if not site.excluded),
        frozenset(site.id for site in others),
        tuple((names[site.id], site.excluded) for site in study.sites if site.excluded),
    )


def programme_start(study: Study) -> str:
    """The first date on which a programme site adopted; else when the programme started.

    Raises NotComputable where the study gives neither.
    """
    dates = [site.adopted for site in study.programme_sites if site.adopted]
    if dates:
        return min(dates, key=first_day)
    if study.programme.started:
        return study.programme.started
    raise NotComputable("No programme site has a date of adoption and the programme has no start.")


def periods_before(indicator: Indicator, periods: Iterable[str], start: str) -> list[str]:
    """The `periods` that are over (a day: lie) before `start`, in order.

    A period in which the programme began is neither before nor, until the lag is over, treated.
    """
    day = first_day(start)
    month, last = map(int, indicator.period.end.split("-"))
    return sorted(period for period in set(periods) if (int(period), month, last) < (day.year, day.month, day.day))
