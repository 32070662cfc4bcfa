"""Are the checklists that study.toml names known, and their items?"""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.report.checklists.items import CHECKLISTS, checklist
from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Problem
from joinedup.study.rules import place_in

_FILE = "study.toml"


def check(study: Study) -> Iterator[Problem]:
    """J821 for an unknown checklist, J822 for an item that it does not have, J823 for an item answered twice."""
    report = study.settings.get("report", {})
    for id in report.get("checklists", ()):
        if id not in CHECKLISTS:
            yield _unknown(study, id, "report", "checklists")
    seen: set[tuple[str, str]] = set()
    for number, written in enumerate(report.get("checklist", ()), start=1):
        path, id, item = f"report.checklist.{number}", written["checklist"], written["item"]
        if id not in CHECKLISTS:
            yield _unknown(study, id, path, "checklist")
            continue
        known = [one.number for one in checklist(id).items]
        if item not in known:
            what = f"{shown(item)} is no item of {id}, which has {known[0]} to {known[-1]}."
            yield Problem("J822", place_in(study, _FILE, path, "item"), what, "Give the number of the item.")
        if (id, item) in seen:
            what = f"Item {item} of {id} is answered twice."
            yield Problem("J823", place_in(study, _FILE, path, "item"), what, "Make the two answers one.")
        seen.add((id, item))


def _unknown(study: Study, id: str, path: str, key: str) -> Problem:
    what = f"{shown(id)} is no checklist.{did_you_mean(id, CHECKLISTS)}"
    return Problem("J821", place_in(study, _FILE, path, key), what, f"Name one of {listed(CHECKLISTS)}.")
