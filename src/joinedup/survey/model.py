"""Who answered in a wave: the roster joined to the rows of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Source
from joinedup.study.survey import COMPLETE, MISSING, PARTIAL, RosterEntry

ROSTER = "survey/roster.csv"
Sources = dict[str, tuple[Source, ...]]
"""The rows behind the values of a result, by the beginning of their keys."""

MISSING_CODES = frozenset(MISSING.values())
ANSWERED = frozenset((COMPLETE, PARTIAL))
NOT_ELIGIBLE = "not eligible"


def responses_file(wave: str) -> str:
    """Where the responses of `wave` stand in the study folder."""
    return f"survey/responses-{wave}.csv"


def headline_wave(study: Study) -> str:
    """The wave of the headline results: the plan's, or the last one with a roster; empty where there is no roster.

    Raises NotComputable where nobody was asked in the plan's wave.
    """
    asked = {entry.wave for entry in study.survey.roster}
    planned = study.plan("survey").get("wave")
    if not asked:
        return ""
    if planned is None:
        return max(asked, key=lambda wave: (study.wave_order.get(wave, -1), wave))
    if planned not in asked:
        raise NotComputable(f"The plan's wave {planned} has no row in {ROSTER}, so nobody was asked in it.")
    return str(planned)


def programme_roster(study: Study, wave: str) -> tuple[RosterEntry, ...]:
    """The roster of `wave`, programme sites only, in the order of sites and then of the file's people."""
    order = {site.id: index for index, site in enumerate(study.sites) if site.is_programme}
    entries = (entry for entry in study.survey.roster if entry.wave == wave and entry.site in order)
    return tuple(sorted(entries, key=lambda entry: (order[entry.site], entry.agency, entry.role, entry.person)))


@dataclass(frozen=True, slots=True)
class Respondent:
    """A person on the roster with a row of answers: `index` counts in the table, `row` in the file."""

    entry: RosterEntry
    index: int
    row: int


def respondents(study: Study, wave: str) -> tuple[Respondent, ...]:
    """People of programme sites with the outcome complete or partial and a row of answers in `wave`.

    Raises NotComputable where a person stands twice on the roster or has two rows of answers: whose answer it is, or
    which of the two, can't be said.
    """
    table = study.survey.responses.get(wave)
    if table is None:
        return ()
    entries = [entry for entry in programme_roster(study, wave) if entry.outcome in ANSWERED]
    people = table.column("person").to_pylist()
    _refuse_twice((entry.person for entry in entries), f"{ROSTER} in wave {wave}")
    _refuse_twice(people, responses_file(wave))
    at = {person: index for index, person in enumerate(people)}
    rows = table.column("_row").to_pylist()
    return tuple(Respondent(e, at[e.person], rows[at[e.person]]) for e in entries if e.person in at)


def _refuse_twice(people: Iterable[str], where: str) -> None:
    twice = sorted(person for person, count in Counter(people).items() if count > 1)
    if twice:
        raise NotComputable(f"{', '.join(twice)}: more than one row in {where}, so whose answer counts can't be said.")


def answers(study: Study, wave: str, item: str, people: Sequence[Respondent]) -> list[str]:
    """What each of `people` answered to `item`, as written; "" where it is missing for whatever reason.

    Raises NotComputable where the responses of the wave have no column of that name.
    """
    table = study.survey.responses[wave]
    if item not in table.column_names:
        raise NotComputable(f"{responses_file(wave)} has no column {item}.")
    column = table.column(item).to_pylist()
    given = ((column[person.index] or "").strip() for person in people)
    return ["" if answer in MISSING_CODES else answer for answer in given]


def response_source(wave: str, people: Iterable[Respondent], items: Iterable[str]) -> Source:
    """The rows and columns of answers behind a value."""
    rows = tuple(sorted(person.row for person in people))
    return Source(responses_file(wave), rows, tuple(dict.fromkeys(items)))


def roster_source(entries: Iterable[RosterEntry]) -> Source:
    """The roster's rows behind a value."""
    return Source(ROSTER, tuple(sorted(entry.row for entry in entries)), ("site", "agency", "person", "outcome"))
