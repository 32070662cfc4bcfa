"""Problems that only follow from a file that can't be read: they are held back until it can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from joinedup.study.problems import Place, Problem

UNREADABLE = frozenset(f"J{number:03}" for number in (*range(3, 12), 14, 19, *range(90, 95)))
"""Numbers that say that a file as a whole could not be read."""
DECLARED_IN: Mapping[str, str] = {
    "J124": "sites.csv",
    "J125": "study.toml",
    "J127": "people.csv",
    "J203": "survey/roster.csv",
    "J213": "survey/instrument.xlsx",
    "J214": "study.toml",
    "J305": "texts/texts.csv",
    "J306": "texts/codebook.toml",
    "J310": "study.toml",
    "J312": "study.toml",
    "J401": "partnership/bodies.csv",
    "J501": "indicators/indicators.toml",
    "J610": "study.toml",
    "J803": "study.toml",
}
"""Number of a problem with a name that nothing declares -> the file that would declare it."""
FROM_ANY = frozenset(("J115", "J602", "J631", "J641", "J652", "J654", "J671", "J672"))
"""Numbers of problems with names that any of these files may have declared."""


def without_consequences(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """`problems` without those that follow from an unreadable file; one sentence for each such file says so."""
    found = tuple(problems)
    declaring = set(DECLARED_IN.values())
    unread = {problem.place.file for problem in found if problem.number in UNREADABLE} & declaring
    if not unread:
        return found
    kept = [p for p in found if not (DECLARED_IN.get(p.number) in unread or p.number in FROM_ANY)]
    return (*kept, *_told(unread)) if len(kept) < len(found) else found


def _told(unread: Iterable[str]) -> Iterator[Problem]:
    for file in sorted(unread):
        what = "Further problems that may come of this file alone are held back until it can be read."
        yield Problem("J021", Place(file), what, "Mend it, and check again.")
