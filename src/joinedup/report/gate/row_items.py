"""Which questions may be deposited answer by answer, and the columns that they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.report.gate.row_risks import AnswerRow
from joinedup.report.gate.values import Values, is_one_of
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.survey import MISSING, Item

ONE, SEVERAL = "select_one", "select_multiple"
_NUMBERS = ("integer", "decimal", "range")
_MISSING = frozenset(MISSING.values())
_RESULT = "survey.item-answers"
NO, YES = "0", "1"


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the deposit: `categories` maps codes to labels; empty: any text, or any number where `number`.

    `question` is what was asked; `identifier` marks a running number, which is no measurement.
    """

    name: str
    label: str
    question: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    number: bool = False
    identifier: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the anonymisation log: to what, what was done, how often, and why; never what stood there before."""

    what: str
    how: str
    often: str
    why: str


@dataclass(frozen=True, slots=True)
class Column:
    """A variable with how it comes from answers: `option` is the one of several that it tells of."""

    variable: Variable
    item: str
    option: str = ""

    def of(self, given: Mapping[str, str]) -> str:
        """Its value for a person's answers: 1 or 0 for an option of several; missing codes stay what they are."""
        answer = given.get(self.item, "")
        if not self.option or answer in _MISSING or not answer:
            return answer
        return YES if self.option in answer.split() else NO


def columns_of(item: Item) -> Iterator[Column]:
    """One column; of a question with several answers one for each of its options."""
    if item.kind != SEVERAL:
        yield Column(
            Variable(item.name, item.label or item.name, item.label, _options(item), item.kind in _NUMBERS), item.name
        )
        return
    for code, label in _options(item).items():
        variable = Variable(f"{item.name}_{code}", f"{item.label}: {label}", item.label, {NO: "No", YES: "Yes"})
        yield Column(variable, item.name, code)


def _options(item: Item) -> Mapping[str, str]:
    return {code: label or code for code, label in item.options.items() if code not in _MISSING}


def deposited_items(study: Study, rows: Sequence[AnswerRow], values: Values) -> tuple[list[Item], list[Step]]:
    """The questions whose answers may leave one by one, and a step of the log for each that may not."""
    assert study.survey.instrument is not None
    cleared = {one["item"] for one in study.settings.get("deposit", {}).get("clear", [])}
    plan = study.plan("survey")
    of_sites = {*plan.get("site_items", ()), *plan.get("typology", ())} - cleared
    kept, log = [], []
    for item in study.survey.instrument.items:
        if not any(item.name in row.given for row in rows):
            continue
        why = "" if item.name in cleared else _why_not(item, item.name in of_sites, study, rows, values)
        if why:
            log.append(Step(item.name, "question left out", "all", why))
        else:
            kept.append(item)
    return kept, log


def _why_not(item: Item, of_site: bool, study: Study, rows: Sequence[AnswerRow], values: Values) -> str:
    if of_site:
        return "What is known of a site tells who spoke for it."
    if item.kind not in (ONE, SEVERAL) or not item.options:
        return "Answers in the person's own words or numbers, which nobody declared clear."
    declared = [one["people"] for one in study.settings.get("disclosure", {}).get("open", [])]
    if is_one_of(f"asked {item.name}", declared):
        return ""
    key = f"{key_part(item.name)}."
    if any(id == _RESULT and name.startswith(key) for id, name in values.changed):
        return "The tables of the release hide or round counts of its answers."
    if _rare(item, rows, values):
        return "An answer was given by so few that their count would be suppressed."
    return ""


def _rare(item: Item, rows: Sequence[AnswerRow], values: Values) -> bool:
    for wave in {row.wave for row in rows}:
        here = [row.given.get(item.name, "") for row in rows if row.wave == wave]
        for column in columns_of(item):
            counted = Counter(column.of({item.name: answer}) for answer in here)
            if any(0 < n <= values.profile.threshold for n in counted.values()):
                return True
    return False
