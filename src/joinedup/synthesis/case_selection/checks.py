"""Is the declared choice of case-study sites sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import dated, known, place_in
from joinedup.synthesis.case_selection.declared import FILE, KEYS, NAME, REQUIRED, as_written, attribute_names, split
from joinedup.synthesis.case_selection.strategies import STRATEGIES


def check(study: Study) -> Iterator[Problem]:
    """Every problem of synthesis/case-choice.toml."""
    declared = study.synthesis.get(NAME)
    if declared is None:
        return
    wrong = list(_keys(study, declared))
    yield from wrong
    if wrong:
        return
    if declared["strategy"] not in STRATEGIES:
        what = f"{shown(declared['strategy'])} is no strategy.{did_you_mean(declared['strategy'], STRATEGIES)}"
        yield Problem("J630", _at(study, "strategy"), what, f"The strategies are {', '.join(STRATEGIES)}.")
    programme = {site.id for site in study.programme_sites}
    for key in ("sites", "must", "exclude"):
        for site in declared.get(key, ()):
            yield from known("site", str(site), programme, _at(study, key))
    yield from dated(declared["at"], _at(study, "at"))
    yield from _attributes(study, declared)
    yield from _quota(study, declared.get("quota", {}))


def _at(study: Study, key: str) -> Place:
    return place_in(study, FILE, key, key)


def _keys(study: Study, declared: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in declared.items():
        if key not in KEYS:
            what = f"`{key}` is no key of a case choice.{did_you_mean(key, KEYS)}"
            yield Problem("J630", _at(study, key), what, f"It knows {', '.join(KEYS)}.")
        elif not isinstance(value, KEYS[key]):
            what = f"`{key}` is {shown(str(value))}."
            yield Problem("J630", _at(study, key), what, "See the reference manual, case choice.")
    for key in REQUIRED:
        if not declared.get(key):
            what = f"The case choice has no `{key}`."
            yield Problem("J630", Place(FILE, 0, key), what, f"Write {key} = ...: which, how, by whom, when and why.")


def _attributes(study: Study, declared: Mapping[str, Any]) -> Iterator[Problem]:
    names = attribute_names(study)
    for name, weight in declared["attributes"].items():
        if not isinstance(weight, int | float) or isinstance(weight, bool) or not weight >= 0:
            what = f"The weight of {shown(name)} is {shown(str(weight))}."
            yield Problem("J630", _at(study, "attributes"), what, "Write a number from 0 on; 1 is usual.")
    for name in (*declared["attributes"], *filter(None, [declared.get("outcome")])):
        indicator, period = split(name)
        if period:
            yield from known("indicator", indicator, study.indicator_by_id, _at(study, "attributes"))
        elif name not in names:
            what = f"{shown(name)} is no attribute of sites.{did_you_mean(name, names)}"
            remedy = "Name a column of sites.csv, or an indicator and a period as indicator@period."
            yield Problem("J631", _at(study, "attributes"), what, remedy)


def _quota(study: Study, quota: Mapping[str, Any]) -> Iterator[Problem]:
    for name, kinds in quota.items():
        held = {as_written(site, name) for site in study.programme_sites} if name in attribute_names(study) else set()
        for kind, asked in kinds.items() if isinstance(kinds, Mapping) else [("", None)]:
            ends: list[Any] = asked if isinstance(asked, list) else [asked, asked]
            if kind not in held:
                what = f"No programme site has {name} {shown(kind)}.{did_you_mean(kind, held)}"
                yield Problem("J631", _at(study, "quota"), what, "Correct the attribute or the category of the quota.")
            elif len(ends) != 2 or not all(type(end) is int for end in ends) or not 0 <= ends[0] <= ends[1]:
                what = f"The quota of {name} {shown(kind)} is {shown(str(asked))}."
                yield Problem("J630", _at(study, "quota"), what, "Write a number, or [least, most].")
