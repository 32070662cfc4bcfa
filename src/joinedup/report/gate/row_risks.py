"""What rows of a survey tell beyond their answers: groups of few, and counts that the tables of a release hide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from joinedup.disclosure import Cell, Profile, Protected, Shown
from joinedup.disclosure.auditing import Published
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.survey import MISSING, Item
from joinedup.survey.model import ANSWERED, headline_wave, programme_roster

NOT_ASKED = MISSING["not asked"]
_NOT_PUT = frozenset((NOT_ASKED, MISSING["not applicable"]))
_NO_ANSWER = frozenset(("", *MISSING.values()))
OTHER = "other agencies"
"""Agencies that rows do not tell apart, since a table hides how many of them answered."""
_FOLLOWS = {"type": "site", "region": "site"}
"""Variables of the tables that follow from one of the rows."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What one person answered in one wave: `about` holds site, agency and role, `given` the answers as written."""

    person: str
    wave: str
    about: Mapping[str, str]
    given: Mapping[str, str]


Rows = Sequence[AnswerRow]


def groups_too_small(rows: Rows, attributes: Sequence[str], items: Sequence[Item], profile: Profile) -> bool:
    """Whether up to `profile.threshold` rows share wave, attributes and the questions put to them, or all rows of a
    group of up to `profile.small_group` give one answer to a question."""
    groups: dict[tuple[object, ...], list[AnswerRow]] = {}
    for row in rows:
        put = tuple(row.given.get(item.name) == NOT_ASKED for item in items)
        groups.setdefault((row.wave, *(row.about[name] for name in attributes), put), []).append(row)
    return any(
        len(group) <= profile.threshold or (len(group) <= profile.small_group and _of_one_mind(group, items))
        for group in groups.values()
    )


def _of_one_mind(group: Rows, items: Iterable[Item]) -> bool:
    for item in items:
        said = {row.given.get(item.name, "") for row in group}
        if len(said) == 1 and not said & _NO_ANSWER:
            return True
    return False


def tells_who(item: Item, rows: Rows, told: Rows, attributes: Sequence[str]) -> bool:
    """Whether those to whom a question didn't apply, or wasn't put, are told by that as of an agency, role or site that
    `told`, the `rows` as they would leave, keep back: nobody rates the agency that is their own."""
    alike: dict[tuple[str, ...], list[tuple[AnswerRow, bool]]] = {}
    waves: dict[str, list[tuple[AnswerRow, bool]]] = {}
    for row, shown in zip(rows, told, strict=True):
        put = row.given.get(item.name) not in _NOT_PUT
        alike.setdefault((row.wave, *(shown.about[name] for name in attributes)), []).append((row, put))
        waves.setdefault(row.wave, []).append((row, put))
    if any(_follows(group, name) for group in alike.values() for name in ("agency", "role")):
        return True
    return "site" not in attributes and any(_follows(group, "site") for group in waves.values())


def _follows(group: Sequence[tuple[AnswerRow, bool]], name: str) -> bool:
    """Whether a question was put to (or kept from) some labels of `name` only, and there to most."""
    labels: dict[str, list[bool]] = {}
    for row, put in group:
        labels.setdefault(row.about[name], []).append(put)
    shares = [sum(put) / len(put) for put in labels.values()]
    return any(
        0 < sum(share > 0 for share in one) < len(one) and all(share == 0 or share > 1 / 2 for share in one)
        for one in (shares, [1 - share for share in shares])
    )


def told_elsewhere(tables: Iterable[Protected], attributes: Sequence[str], merged: Collection[str] = ()) -> bool:
    """Whether a table of the release hides a count of a group that rows with these attributes would let anybody count.

    `merged`: agencies (as keys write them) that the rows don't tell apart.
    """
    return any(told and told <= set(attributes) and not labels & set(merged) for told, labels in _hidden(tables))


def hidden_agencies(tables: Iterable[Protected]) -> frozenset[str]:
    """The agencies (as keys write them) of which a table of the release hides a count over all sites."""
    return frozenset(label for told, labels in _hidden(tables) if told == {"agency"} for label in labels)


def with_merged(rows: Rows, merged: Collection[str]) -> Rows:
    """The rows with these agencies as one."""
    return [
        replace(row, about={**row.about, "agency": OTHER}) if key_part(row.about["agency"]) in merged else row
        for row in rows
    ]


def _hidden(tables: Iterable[Protected]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Of each hidden count the attributes of rows that tell its group, and the labels of the group.

    Under a profile that rounds every count a rounded one is hidden too: rows would let anybody count the persons.
    """
    for table in tables:
        rounds = table.profile.base > 1
        for cell, shown in table.published.shown.items():
            if shown.mark or (rounds and not shown.exact):
                told = {_meant(variable, cell.population): label for variable, label in cell.at}
                told.pop("answered", None)
                yield frozenset(told), frozenset(told.values())


def _meant(variable: str, population: str) -> str:
    """The attribute of rows that a variable of a table is; "category" is that of `agency on the roster`."""
    name = population.removesuffix(" on the roster") if variable == "category" else variable
    return _FOLLOWS.get(name, name)


def shown_by(
    study: Study, rows: Rows, attributes: Sequence[str], profile: Profile, merged: Collection[str] = ()
) -> Published:
    """What the rows tell of who answered, as cells of the populations that the tables count.

    Where the roster counts others than there are rows (an answer was withdrawn), the rows are a population of their own.
    """
    shown: dict[Cell, Shown] = {}
    sums = []
    for wave in dict.fromkeys(row.wave for row in rows):
        here = [row for row in rows if row.wave == wave]
        for population in _populations(study, wave, len(here)):
            for depth in _parts(attributes):
                counted = Counter(tuple((name, key_part(row.about[name])) for name in depth) for row in here)
                shown |= {_cell(population, at): Shown(n, n) for at, n in counted.items()}
            if merged and "agency" in attributes:
                parts = tuple(_cell(population, [("agency", label)]) for label in sorted(merged))
                sums.append((_cell(population, [("agency", key_part(OTHER))]), parts))
    return Published("rows of the survey", shown, tuple(sums), profile, frozenset())


def _cell(population: str, at: Iterable[tuple[str, str]]) -> Cell:
    return Cell(population, tuple(sorted((*at, ("answered", "yes")))))


def _populations(study: Study, wave: str, n: int) -> list[str]:
    if sum(entry.outcome in ANSWERED for entry in programme_roster(study, wave)) != n:
        return [f"rows of the survey, {wave}"]
    try:
        headline = headline_wave(study) == wave
    except NotComputable:
        headline = False
    return [f"people on the roster of {wave}", *(["people on the roster"] if headline else [])]


def _parts(attributes: Sequence[str]) -> list[tuple[str, ...]]:
    """Every selection of the attributes: their table has all its margins."""
    found: list[tuple[str, ...]] = [()]
    for name in attributes:
        found += [(*one, name) for one in found]
    return found
