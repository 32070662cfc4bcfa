"""What the respondents answered to each item of the scales: shares with their number and base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import MISSING, Scale
from joinedup.survey.model import (
    Respondent,
    Sources,
    answers,
    headline_wave,
    respondents,
    response_source,
    roster_source,
)

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ItemShares:
    """Answers to one item: its options in order with their counts, people asked and people who answered."""

    scale: Scale
    item: str
    label: str
    options: Mapping[str, str]
    counts: Mapping[str, int]
    base: int
    people: tuple[Respondent, ...]

    @property
    def answered(self) -> int:
        """People who answered the item."""
        return len(self.people)

    def share(self, side: int) -> float | None:
        """The share of answers below (-1), in (0) or above (1) the middle of the scale's range."""
        middle = (self.scale.low + self.scale.high) / 2
        total = sum(count for option, count in self.counts.items() if _side(float(option), middle) == side)
        return total / self.answered if self.answered else None


def _side(answer: float, middle: float) -> int:
    return 0 if abs(answer - middle) < _TOLERANCE else 1 if answer > middle else -1


def item_answers(study: Study) -> Result | None:
    """`survey.item-answers`: each item of the scales in the headline wave, people of programme sites."""
    wave = headline_wave(study)
    scales = [scale for scale in study.survey.scales if scale.items]
    if not scales or not wave or wave not in study.survey.responses:
        return None
    people = respondents(study, wave)
    if not people:
        raise NotComputable(f"No person of a programme site answered in wave {wave}.")
    items = [_item(study, wave, scale, item, people) for scale in scales for item in scale.items]
    values: dict[str, Value] = {"people": len(people)}
    for found in items:
        values |= _values(found)
    return make_result(
        "survey.item-answers",
        values,
        f"Answers of the {len(people)} people of programme sites who answered in wave {wave}, each counting alike, as "
        f"given (reversed items are not turned round). The base of an item is the people who were asked it; shares are "
        f"of those who answered it. Refused, don't know, not applicable and unanswered are in the base only.",
        (study.survey.instrument, study.survey.scales, study.survey.roster, study.survey.responses[wave], study.sites),
        tables=(_table(items, values),),
        parameters={"wave": wave},
        sources=_sources(wave, items, people),
    )


def _item(study: Study, wave: str, scale: Scale, name: str, people: Sequence[Respondent]) -> ItemShares:
    instrument = study.survey.instrument
    item = instrument.item(name) if instrument else None
    given = answers(study, wave, name, people)
    written = study.survey.responses[wave].column(name).to_pylist()
    asked = [person for person in people if (written[person.index] or "").strip() != MISSING["not asked"]]
    answered = tuple(person for person, answer in zip(people, given, strict=True) if answer)
    points = {str(point): "" for point in range(int(scale.low), int(scale.high) + 1)}
    options = {
        option: label for option, label in (item.options if item else {}).items() if option not in MISSING.values()
    }
    options = options or points
    said = [_as_option(answer, options) for answer in given if answer]
    counts = {option: said.count(option) for option in options if _is_number(option)}
    for answer in sorted(set(said) - counts.keys()):
        if not _is_number(answer):
            raise NotComputable(f"{name}: {answer!r} is no answer from {scale.low:g} to {scale.high:g}.")
        counts[answer] = said.count(answer)
    return ItemShares(scale, name, (item.label if item else "") or name, options, counts, len(asked), answered)


def _as_option(answer: str, options: Mapping[str, str]) -> str:
    """The option that an answer such as "4.0" means."""
    if answer in options or not _is_number(answer):
        return answer
    return f"{float(answer):g}"


def _is_number(text: str) -> bool:
    try:
        return float(text) - float(text) == 0
    except ValueError:
        return False


def _values(found: ItemShares) -> dict[str, Value]:
    key = key_part(found.item)
    values: dict[str, Value] = {f"{key}.base": found.base, f"{key}.answered": found.answered}
    for option in found.options:
        if option in found.counts:
            values[f"{key}.{key_part(option)}"] = found.counts[option]
            values[f"{key}.{key_part(option)}.share"] = (
                found.counts[option] / found.answered if found.answered else None
            )
    for name, side in (("below", -1), ("middle", 0), ("above", 1)):
        values[f"{key}.{name}.share"] = found.share(side)
    total = sum(float(option) * count for option, count in found.counts.items())
    values[f"{key}.mean"] = total / found.answered if found.answered else None
    return values


def _table(items: Sequence[ItemShares], values: Mapping[str, Value]) -> Table:
    names = ("below.share", "middle.share", "above.share", "mean", "answered", "base")
    heads = ("Below the middle", "Middle", "Above the middle", "Mean", "Answered", "Base")
    keys = tuple(("", "", *(f"{key_part(found.item)}.{name}" for name in names)) for found in items)
    rows: tuple[Row, ...] = tuple(
        (found.scale.label, _words(found), *(values[key] for key in row[2:]))
        for found, row in zip(items, keys, strict=True)
    )
    columns = (
        ("scale", "Scale"),
        ("item", "Item"),
        *((name.replace(".", "_"), head) for name, head in zip(names, heads, strict=True)),
    )
    note = "Shares are of the people who answered the item; the base is the people who were asked it."
    return Table("items", "Answers to the items of the scales", columns, rows, note, keys)


def _words(found: ItemShares) -> str:
    return f"{found.label} (reversed)" if found.item in found.scale.reverse else found.label


def _sources(wave: str, items: Sequence[ItemShares], people: Sequence[Respondent]) -> Sources:
    everything = response_source(wave, people, [found.item for found in items])
    sources: Sources = {"": (everything, roster_source(person.entry for person in people))}
    for found in items:
        sources[key_part(found.item)] = (response_source(wave, found.people or people, [found.item]),)
    return sources
