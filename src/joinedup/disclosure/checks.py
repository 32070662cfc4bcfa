"""Is what the study declares for the disclosure gate and the deposit sound: profile, open counts, consent, clearance."""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.disclosure.profiles import PROFILES
from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Problem
from joinedup.study.rules import place_in

_STUDY = "study.toml"
ACCESS = ("open", "safeguarded", "controlled")
"""Who may have a deposit, as archives of social science tell it: everybody; who registers; who is approved."""


def check(study: Study) -> Iterator[Problem]:
    """Every problem of [disclosure] in study.toml."""
    declared = study.settings.get("disclosure", {})
    profile = declared.get("profile", "")
    if isinstance(profile, str) and profile and profile not in PROFILES:
        what = f"{shown(profile)} is no disclosure profile.{did_you_mean(profile, PROFILES)}"
        place = place_in(study, _STUDY, "disclosure", "profile")
        yield Problem("J801", place, what, f"Write one of {', '.join(PROFILES)}.")
    sites = declared.get("sites", "")
    if isinstance(sites, str) and sites not in ("", "named", "anonymous"):
        told = f"{shown(sites)} is neither named nor anonymous.{did_you_mean(sites, ('named', 'anonymous'))}"
        yield Problem("J806", place_in(study, _STUDY, "disclosure", "sites"), told, "Write `named` or `anonymous`.")
    for number, one in enumerate(declared.get("open", []), 1):
        if isinstance(one, dict) and not str(one.get("reason", "")).strip():
            what = f"Counts of {shown(str(one.get('people', '')))} are declared open, and `reason` is empty."
            place = place_in(study, _STUDY, f"disclosure.open.{number}", "reason")
            yield Problem("J802", place, what, "Say why nobody can be harmed by them; it stands in the release.")
    yield from _deposit(study)


def _deposit(study: Study) -> Iterator[Problem]:
    """Every problem of [deposit]: kinds of text, questions and the level of access that are none."""
    declared = study.settings.get("deposit", {})
    items = [item.name for item in study.survey.instrument.items] if study.survey.instrument else []
    for array, key, among, number, what in (
        ("texts", "kind", [kind.id for kind in study.kinds], "J803", "kind of text of the study"),
        ("clear", "item", items, "J804", "question of the questionnaire"),
    ):
        for at, one in enumerate(declared.get(array, []), 1):
            if isinstance(one, dict) and isinstance(one.get(key), str) and one[key] not in among:
                place = place_in(study, _STUDY, f"deposit.{array}.{at}", key)
                told = f"{shown(one[key])} is no {what}.{did_you_mean(one[key], among)}"
                yield Problem(number, place, told, "Name one that there is, or take the lines out.")
    access = declared.get("access", "")
    if isinstance(access, str) and access and access not in ACCESS:
        told = f"{shown(access)} is no level of access.{did_you_mean(access, ACCESS)}"
        yield Problem("J805", place_in(study, _STUDY, "deposit", "access"), told, f"Write one of {', '.join(ACCESS)}.")
