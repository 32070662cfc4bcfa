"""The registry of results: every result id and the keys of its values.

`check` refuses a finding that cites what is not here, the manual prints it, and a test holds every analysis to it.
A key is written with placeholders in braces; each stands for an id that the study declares, as `key_part` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from joinedup.study.kinds import KINDS, ResultKind, integration, qca
from joinedup.study.model import Study
from joinedup.study.survey import ATTRIBUTES, NOT_RECORDED, OUTCOMES

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def key_part(text: str) -> str:
    """`text` as a part of a key: lower case, anything but letters and digits becomes one "_"."""
    return re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")


KIND_BY_ID: Mapping[str, ResultKind] = {kind.id: kind for kind in KINDS}
STRANDS = ("survey", "texts", "partnership", "indicators", "impact")


def _periods(study: Study) -> set[str]:
    found = {row.period for row in study.partnership.provision}
    for table in study.indicators.values.values():
        found.update(table.column("period").unique().to_pylist())
    return found


def _categories(study: Study) -> set[str]:
    """The values of the roster's attributes."""
    roster = study.survey.roster
    types = {site.type for site in study.sites}
    found = types | {entry.agency for entry in roster} | {entry.role for entry in roster}
    return {category or NOT_RECORDED for category in found}


def _agencies(study: Study) -> set[str]:
    """Agencies of people, those that were asked, and those that the study asks about."""
    named = study.synthesis.get("cooperation", {}).get("agency", ())
    about = (
        {str(one.get("agency", "")) for one in named if isinstance(one, Mapping)} if isinstance(named, list) else set()
    )
    return {person.agency for person in study.people} | {entry.agency for entry in study.survey.roster} | about


def _aspects(study: Study) -> Iterable[str]:
    """What the case-study sites were chosen by."""
    declared = study.synthesis.get("case-choice", {}).get("attributes", {})
    return declared if isinstance(declared, Mapping) else ()


def _classes(study: Study) -> set[str]:
    """The values of the sites' attributes."""
    sites = study.programme_sites
    return {value for site in sites for value in (site.region, site.type, site.model, *site.extra.values())}


def placeholders(study: Study) -> Mapping[str, frozenset[str]]:
    """What each placeholder may stand for in `study`; `n` and numbers of periods are whole numbers."""
    instrument = study.survey.instrument
    items = instrument.items if instrument else ()
    joint = study.synthesis.get("joint-display", {}).get("row", [])
    found: dict[str, Iterable[str]] = {
        "level": (level.id for level in study.levels),
        "wave": (wave.id for wave in study.waves),
        "site": (site.id for site in study.sites),
        "case": [*(site.id for site in study.sites), *(person.id for person in study.people)],
        "agency": _agencies(study),
        "profession": {person.profession for person in study.people},
        "seat": {seat.agency for seat in study.partnership.members},
        "task": {remit.remit for remit in study.partnership.remits},
        "bodykind": {body.kind or body.name for body in study.partnership.bodies},
        "body": (body.id for body in study.partnership.bodies),
        "code": (code.id for code in study.texts.codes),
        "text": (text.id for text in study.texts.texts),
        "coder": map(str, study.plan("texts").get("coders", ())),
        "other": map(str, study.plan("texts").get("coders", ())),
        "kind": (kind.id for kind in study.kinds),
        "item": (item.name for item in items),
        "option": {option for item in items for option in item.options},
        "indicator": (indicator.id for indicator in study.indicators.indicators),
        "period": _periods(study),
        "scale": (scale.id for scale in study.survey.scales),
        "outcome": OUTCOMES,
        "attribute": ATTRIBUTES,
        "category": _categories(study),
        "mark": ("c", "z", "x", "missing", "k", "low"),
        "row": (row.get("id", "") for row in joint if isinstance(row, Mapping)),
        "strand": STRANDS,
        "aspect": _aspects(study),
        "class": _classes(study),
        "set": qca.declared_sets(study.synthesis),
        **integration.declared(study.synthesis),
    }
    return {name: frozenset(key_part(text) for text in texts) for name, texts in found.items()}


class KeyChecker:
    """Says whether a result of `study` can have a key.

    Where the values lie in official files that are not attached, any year may be a period.
    """

    def __init__(self, study: Study) -> None:
        self._allowed = placeholders(study)
        self._awaits_data = "data.toml" in study.files and not study.indicators.values
        self._patterns: dict[str, tuple[re.Pattern[str], ...]] = {}

    def knows(self, result: str, key: str) -> bool:
        """Whether `result` is a result id and `key` one of its keys in this study."""
        if result not in self._patterns:
            kind = KIND_BY_ID.get(result)
            keys = kind.keys if kind else ()
            self._patterns[result] = tuple(re.compile(self._expression(pattern)) for pattern in keys)
        return any(pattern.fullmatch(key) for pattern in self._patterns[result])

    def _expression(self, pattern: str) -> str:
        parts = []
        for index, piece in enumerate(_PLACEHOLDER.split(pattern)):
            if index % 2 == 0:
                parts.append(re.escape(piece))
            elif piece == "period" and self._awaits_data:
                parts.append(r"\d{4}")
            elif piece == "n":
                parts.append(r"\d+")
            else:
                words = sorted(self._allowed[piece], key=len, reverse=True)
                parts.append("(?:" + "|".join(map(re.escape, words)) + ")" if words else r"(?!)")
        return "".join(parts)
