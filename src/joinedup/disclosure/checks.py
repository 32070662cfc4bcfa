"""Is what the study declares for the disclosure gate sound: its profile, and the people whose counts are open."""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.disclosure.profiles import PROFILES
from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Problem
from joinedup.study.rules import place_in

_STUDY = "study.toml"


def check(study: Study) -> Iterator[Problem]:
    """Every problem of [disclosure] in study.toml."""
    declared = study.settings.get("disclosure", {})
    profile = declared.get("profile", "")
    if isinstance(profile, str) and profile and profile not in PROFILES:
        what = f"{shown(profile)} is no disclosure profile.{did_you_mean(profile, PROFILES)}"
        place = place_in(study, _STUDY, "disclosure", "profile")
        yield Problem("J801", place, what, f"Write one of {', '.join(PROFILES)}.")
    for number, one in enumerate(declared.get("open", []), 1):
        if isinstance(one, dict) and not str(one.get("reason", "")).strip():
            what = f"Counts of {shown(str(one.get('people', '')))} are declared open, and `reason` is empty."
            place = place_in(study, _STUDY, f"disclosure.open.{number}", "reason")
            yield Problem("J802", place, what, "Say why nobody can be harmed by them; it stands in the release.")
