"""Is synthesis/qca.toml sound: every set has a source, every anchor a reason."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.registry import KeyChecker, key_part
from joinedup.study.rules import cites, identifier, known, once, period, place_in
from joinedup.synthesis.case_selection.declared import attribute_names
from joinedup.synthesis.qca.declared import CATEGORIES, FILE, KEYS, NAME, SET_KEYS, SOURCES

_METHODS = ("direct", "indirect", "crisp", "multi-value", "tfr", CATEGORIES)
_COUNTS: Mapping[str, tuple[int, ...]] = {"direct": (3, 6), "crisp": (1,), "tfr": (0,)}


def check(study: Study) -> Iterator[Problem]:
    """Every problem of synthesis/qca.toml."""
    found = study.synthesis.get(NAME)
    if found is None:
        return
    wrong = list(_keys(study, found, KEYS, ""))
    wrong += [problem for path, one in _sets(found) for problem in _keys(study, one, SET_KEYS, path)]
    wrong += list(_needed(study, found))
    yield from wrong
    if wrong:
        return
    keys = KeyChecker(study)
    yield from once(((one["id"],), place_in(study, FILE, path, "id")) for path, one in _sets(found))
    for path, one in _sets(found):
        yield from identifier(one["id"], place_in(study, FILE, path, "id"))
        yield from _source(study, one, path, keys)
        yield from _calibration(study, one, path)
        yield from _expectations(study, one, path)
    yield from _named(study, found)
    yield from _cuts(study, found)


def _sets(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    sets = found.get("set", [])
    for number, one in enumerate(sets if isinstance(sets, list) else [], start=1):
        if isinstance(one, Mapping):
            yield f"set.{number}", one


def _keys(
    study: Study, table: Mapping[str, Any], allowed: Mapping[str, tuple[type, ...]], path: str
) -> Iterator[Problem]:
    for key, value in table.items():
        place = place_in(study, FILE, f"{path}.{key}" if path else key, key)
        if key not in allowed:
            what = f"`{key}` is no key of a QCA here.{did_you_mean(key, allowed)}"
            yield Problem("J670", place, what, f"It knows {', '.join(allowed)}.")
        elif not isinstance(value, allowed[key]) or (isinstance(value, bool) and allowed[key] != (bool,)):
            yield Problem("J670", place, f"`{key}` is {shown(str(value))}.", "See the reference manual, qca.toml.")


def _needed(study: Study, found: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("outcome", "conditions", "reason", "set"):
        if not found.get(key):
            remedy = "Write which outcome, which conditions, and why these and these cut-offs."
            yield Problem("J671", Place(FILE, 0, key), f"The QCA has no `{key}`.", remedy)
    for path, one in _sets(found):
        for key in ("id", "label"):
            if not one.get(key):
                place = place_in(study, FILE, path, key)
                yield Problem("J671", place, f"A set has no `{key}`.", f'Write {key} = "...".')


def _source(study: Study, one: Mapping[str, Any], path: str, keys: KeyChecker) -> Iterator[Problem]:
    place = place_in(study, FILE, path)
    given = [name for name in SOURCES if name in one]
    if len(given) != 1:
        what = f"The set {shown(one['id'])} has {len(given)} sources."
        yield Problem("J672", place, what, f"Name one of {', '.join(SOURCES)}.")
        return
    if given == ["result"]:
        key = str(one.get("key", ""))
        first = study.programme_sites[0].id if study.programme_sites else ""
        if "{site}" not in key:
            remedy = "Write {site} where the site's id stands, as in site.{site}.frontline."
            yield Problem("J672", place, f"The key {shown(key)} does not say where the site stands.", remedy)
        else:
            yield from cites(one["result"], key.replace("{site}", key_part(first)), keys, place)
    elif given == ["indicator"]:
        yield from known("indicator", one["indicator"], study.indicator_by_id, place)
        yield from period(str(one.get("period", "")), place)
    else:
        instrument = study.survey.instrument
        among = (
            attribute_names(study)
            if given == ["attribute"]
            else [i.name for i in instrument.items]
            if instrument
            else []
        )
        if one[given[0]] not in among:
            what = f"{shown(one[given[0]])} is no {given[0]} of this study.{did_you_mean(one[given[0]], among)}"
            yield Problem("J672", place, what, "Name a column of sites.csv, or an item of the questionnaire.")


def _calibration(study: Study, one: Mapping[str, Any], path: str) -> Iterator[Problem]:
    place = place_in(study, FILE, path, "anchors")
    method = one.get("method", CATEGORIES if "in" in one else "direct")
    anchors = one.get("anchors", [])
    if method not in _METHODS:
        what = f"{shown(method)} is no method of calibration.{did_you_mean(method, _METHODS)}"
        yield Problem("J673", place, what, f"They are {', '.join(_METHODS)}.")
        return
    if method in (CATEGORIES, "tfr"):
        if not one.get("reason"):
            yield Problem(
                "J673", place, f"The calibration of {shown(one['id'])} has no reason.", 'Write reason = "...".'
            )
        if method == CATEGORIES and (not one.get("in") or "result" in one or "indicator" in one):
            remedy = 'Write in = ["..."]: the answers, or values of the attribute, that are in the set.'
            yield Problem("J673", place, f"The set {shown(one['id'])} does not say which categories are in it.", remedy)
        return
    for number, anchor in enumerate(anchors, start=1):
        if not isinstance(anchor, Mapping) or not isinstance(anchor.get("at"), int | float) or not anchor.get("reason"):
            remedy = 'Write { at = 3.0, reason = "..." }: without its reason nobody can judge an anchor.'
            yield Problem("J673", place, f"Anchor {number} of {shown(one['id'])} has no reason, or no number.", remedy)
            return
    yield from _order(one, method, [float(anchor["at"]) for anchor in anchors], place)


def _order(one: Mapping[str, Any], method: str, points: list[float], place: Place) -> Iterator[Problem]:
    wanted = _COUNTS.get(method)
    rising = all(low < high for low, high in itertools.pairwise(points))
    falling = method == "direct" and len(points) == 3 and points[0] > points[1] > points[2]
    if not points or (wanted and len(points) not in wanted):
        count = " or ".join(map(str, wanted)) if wanted else "at least 1"
        yield Problem(
            "J673", place, f"{shown(one['id'])} has {len(points)} anchors.", f"The method {method} has {count}."
        )
    elif not (rising or falling):
        remedy = "Write them in the order out, crossover, in; thresholds rise."
        yield Problem("J673", place, f"The anchors of {shown(one['id'])} are out of order.", remedy)


def _expectations(study: Study, one: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for key, reason in (("expectation", "because"), ("negated_expectation", "negated_because")):
        if key in one and not one.get(reason):
            what = f"The {key} of {shown(one['id'])} has no reason."
            yield Problem(
                "J674", place_in(study, FILE, path, key), what, f'Write {reason} = "...": theory, not these data.'
            )
    if one.get("theme"):
        yield from known("code", one["theme"], study.code_by_id, place_in(study, FILE, path, "theme"))


def _named(study: Study, found: Mapping[str, Any]) -> Iterator[Problem]:
    ids = [one["id"] for _, one in _sets(found)]
    for key, names in (("outcome", [found["outcome"]]), ("conditions", found["conditions"])):
        for name in names:
            if name not in ids:
                what = f"{shown(str(name))} is no set.{did_you_mean(str(name), ids)}"
                yield Problem("J675", place_in(study, FILE, key, key), what, "Declare it as a [[set]].")
    if found["outcome"] in found["conditions"]:
        what = f"{shown(found['outcome'])} is the outcome and a condition."
        yield Problem("J675", place_in(study, FILE, "conditions", "conditions"), what, "Take it out of the conditions.")
    by_id = {one["id"]: one for _, one in _sets(found)}
    for term in found.get("impossible", ()):
        for literal in str(term).split("*"):
            if key_part(literal.lstrip("~")) not in {key_part(name) for name in by_id}:
                what = f"{shown(literal)} is no set."
                yield Problem(
                    "J675", place_in(study, FILE, "impossible", "impossible"), what, "Join sets by *, ~ is not."
                )


def _cuts(study: Study, found: Mapping[str, Any]) -> Iterator[Problem]:
    cuts = [(key, found[key]) for key in ("inclusion", "pri", "contradiction") if key in found]
    cuts += [("test_inclusion", cut) for cut in found.get("test_inclusion", ())]
    for key, cut in cuts:
        if isinstance(cut, bool) or not isinstance(cut, int | float) or not 0 < cut <= 1:
            what = f"The cut-off {key} is {shown(str(cut))}."
            yield Problem(
                "J676", place_in(study, FILE, key, key), what, "Write a number above 0 and up to 1, such as 0.8."
            )
    if found.get("frequency", 1) < 1:
        what = f"The cut-off frequency is {found['frequency']}."
        yield Problem("J676", place_in(study, FILE, "frequency", "frequency"), what, "A row needs at least one case.")
