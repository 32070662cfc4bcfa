"""What a deposit holds, before it is written: tables with their schemas, texts, and what is said of the whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.report.gate.deposited_texts import Deposited
from joinedup.report.gate.row_items import Variable
from joinedup.report.gate.rows import SurveyRows
from joinedup.report.gate.values import Values
from joinedup.study.model import Study
from joinedup.study.result import Table
from joinedup.study.survey import MISSING

SIMULATED = "SIMULATED DATA."
DEFAULT_ACCESS = "safeguarded"
ACCESS = {
    "open": "Anybody may have it.",
    "safeguarded": "Registered users who accept the terms of the archive may have it.",
    "controlled": "Only users whom the depositor or the archive approved may have it, in a secure place.",
}
PUBLIC = (
    "Public documents in `texts/` stay as they were published, with the names in them, under the terms of whoever "
    "published them."
)
NO_LICENCE = "All rights reserved: the depositor has not yet chosen a licence."
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MISSING_LABELS = {code: kind for kind, code in MISSING.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file of the deposit: `path` below its folder, `variables` where its columns are described one by one."""

    path: str
    table: Table
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a deposit. `sheets` are its tables; `frequencies` the counts of answers that may be told,
    by variable and code."""

    study: Study
    values: Values
    rows: SurveyRows
    texts: Deposited
    sheets: tuple[Sheet, ...]
    frequencies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def declared(self) -> Mapping[str, object]:
        """[deposit] of study.toml."""
        found = self.study.settings.get("deposit", {})
        return found if isinstance(found, Mapping) else {}

    @property
    def access(self) -> str:
        return str(self.declared.get("access") or DEFAULT_ACCESS)

    @property
    def licence(self) -> str:
        return str(self.declared.get("licence") or NO_LICENCE)

    @property
    def keywords(self) -> tuple[str, ...]:
        given = self.declared.get("keywords", [])
        return tuple(str(word) for word in given) if isinstance(given, list) else ()

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.study.settings.get("report", {}).get("authors", []))

    @property
    def funder(self) -> str:
        return self.study.programme.funder

    @property
    def date(self) -> str:
        """The date that the study gives: of its report, else of its last wave, else of the programme; empty: none."""
        waves = [wave.end or wave.start for wave in self.study.waves if wave.end or wave.start]
        given = str(self.study.settings.get("report", {}).get("date", ""))
        return given or (waves[-1] if waves else "") or self.study.programme.started

    @property
    def places(self) -> str:
        """How many sites there are, of the programme and others."""
        sites = len(self.study.programme_sites)
        others = len(self.study.sites) - sites
        return _sites(sites, "programme") + (f" and {_sites(others, 'comparison')}" if others else "")

    @property
    def description(self) -> str:
        """One paragraph on the study."""
        study = self.study
        parts = [f"{study.title}."]
        if study.programme.simulated:
            parts.insert(0, SIMULATED)
        if study.questions:
            parts.append("It asks: " + " ".join(question.text for question in study.questions))
        parts.append(f"{self.places}.")
        return " ".join(parts)


def printable(text: str) -> str:
    """`text` with a mark for each character that neither XML nor YAML can hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _sites(n: int, kind: str) -> str:
    return f"{n} {kind} site{'' if n == 1 else 's'}"
