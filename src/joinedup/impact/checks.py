"""Is what the analysis plan asks of impact sound: designs, estimand, assignment, smallest effects, codings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from joinedup.impact.planned import ASSIGNMENTS, CONTROLS, DESIGNS, WEIGHTS
from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import dated, known, place_in

_FILE, _PLAN = "study.toml", "plan.impact"


def check(study: Study) -> Iterator[Problem]:
    """Every problem of [plan.impact] but those of its outcomes, strata and numbers, which the frame checks."""
    plan = study.plan("impact")
    words: tuple[tuple[str, Sequence[str]], ...] = (
        ("designs", DESIGNS),
        ("weights", WEIGHTS),
        ("assignment", ASSIGNMENTS),
        ("control", CONTROLS),
    )
    for key, allowed in words:
        yield from _words(plan, key, allowed, place_in(study, _FILE, _PLAN, key))
    yield from _children(study, plan)
    yield from _smallest(study, plan)
    for number in _wholes(plan.get("before_varied")):
        if number < 1:
            place = place_in(study, _FILE, _PLAN, "before_varied")
            yield Problem("J116", place, f"`before_varied` holds {number}.", "Write numbers of periods, 1 or more.")
    yield from _codings(study, plan)


def _words(plan: Mapping[str, Any], key: str, allowed: Sequence[str], place: Place) -> Iterator[Problem]:
    given = plan.get(key)
    for word in [given] if isinstance(given, str) else given or ():
        if isinstance(word, str) and word not in allowed:
            what = f"`{key}` holds {shown(word)}.{did_you_mean(word, allowed)}"
            yield Problem("J120", place, what, f"Write {'some of ' if key == 'designs' else ''}{listed(allowed, 12)}.")


def _children(study: Study, plan: Mapping[str, Any]) -> Iterator[Problem]:
    place = place_in(study, _FILE, _PLAN, "children")
    named = plan.get("children", "")
    if isinstance(named, str) and named:
        yield from known("indicator", named, study.indicator_by_id, place)
    elif plan.get("weights") == "child":
        what = '`weights = "child"` without `children`.'
        at = place_in(study, _FILE, _PLAN, "weights")
        yield Problem("J115", at, what, "Name the indicator that counts the children of a site.")
    for id in plan.get("exploratory", ()):
        if isinstance(id, str):
            yield from known("indicator", id, study.indicator_by_id, place_in(study, _FILE, _PLAN, "exploratory"))


def _smallest(study: Study, plan: Mapping[str, Any]) -> Iterator[Problem]:
    declared = plan.get("smallest_effects", {})
    place = place_in(study, _FILE, _PLAN, "smallest_effects")
    for id, number in declared.items() if isinstance(declared, Mapping) else ():
        yield from known("indicator", id, study.indicator_by_id, place)
        if isinstance(number, int | float) and not number > 0:
            what = f"The smallest effect of interest on {shown(id)} is {number}."
            yield Problem("J116", place, what, "Write a number above 0, in the unit of the analysis.")


def _wholes(given: Any) -> Iterator[int]:
    yield from (number for number in given or () if isinstance(number, int))


def _codings(study: Study, plan: Mapping[str, Any]) -> Iterator[Problem]:
    columns = {name for site in study.sites for name in site.extra}
    ids: set[str] = {"declared"}
    for number, coding in enumerate(plan.get("coding", ()), start=1):
        column, id = str(coding.get("column", "")), str(coding.get("id", ""))
        place = place_in(study, _FILE, f"{_PLAN}.coding.{number}", "column")
        if id in ids:
            yield Problem("J122", place, f"Two codings are called {shown(id)}.", "Give each coding an id of its own.")
        ids.add(id)
        if column and column not in columns:
            what = f"{shown(column)} is no column of sites.csv.{did_you_mean(column, columns)}"
            yield Problem("J115", place, what, "Add the column, with the date on which each programme site adopted.")
        for site in study.programme_sites:
            if site.extra.get(column):
                yield from dated(site.extra[column], Place("sites.csv", site.row, column))
