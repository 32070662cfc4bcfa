"""Is the survey strand sound: instrument, scales, roster, responses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem, condensed
from joinedup.study.rules import distinct, entry, identifier, known, more_rows, once
from joinedup.study.survey import COMPLETE, MISSING, OUTCOMES, PARTIAL, Item, Scale

if TYPE_CHECKING:
    import pyarrow as pa

_FRAME = ("response", "person", "wave", "instrument_version")
_NUMERIC = ("integer", "decimal", "range")
_ROSTER = "survey/roster.csv"
_SCALES = "survey/scales.toml"


def check(study: Study) -> Iterator[Problem]:
    """Every problem of the survey strand; of each kind in a file the first ones and how many more."""
    yield from condensed(_check(study))


def _check(study: Study) -> Iterator[Problem]:
    yield from _instrument(study)
    yield from _scales(study)
    yield from _roster(study)
    for wave, table in study.survey.responses.items():
        yield from _responses(study, wave, table)


def _instrument(study: Study) -> Iterator[Problem]:
    if study.survey.instrument is not None:
        items = study.survey.instrument.items
        yield from once(((item.name,), Place("survey/instrument.xlsx", item.row, "name")) for item in items)


def _scales(study: Study) -> Iterator[Problem]:
    instrument = study.survey.instrument
    names = {item.name for item in instrument.items} if instrument else None
    levels = {level.id for level in study.levels}
    places = [entry(study, _SCALES, "scale", n, scale.id) for n, scale in enumerate(study.survey.scales, start=1)]
    yield from once(((place.column,), place) for place in places)
    for scale, place in zip(study.survey.scales, places, strict=True):
        yield from identifier(scale.id, place)
        if scale.level not in levels:
            what = f"{shown(scale.level)} is no level of this study.{did_you_mean(scale.level, levels)}"
            yield Problem("J214", place, what, "Correct it, or declare it as a [[level]] of study.toml.")
        yield from _scale_items(scale, names, place)


def _scale_items(scale: Scale, names: set[str] | None, place: Place) -> Iterator[Problem]:
    for item in scale.items:
        if names is not None and item not in names:
            what = f"{shown(item)} is no item of the questionnaire.{did_you_mean(item, names)}"
            yield Problem("J213", place, what, "Name items of survey/instrument.xlsx.")
    for item in scale.reverse:
        if item not in scale.items:
            what = f"{shown(item)} is reversed, but is no item of the scale.{did_you_mean(item, scale.items)}"
            yield Problem("J215", place, what, "Name items of the scale in `reverse`.")
    if not scale.items:
        yield Problem("J215", place, "The scale has no items.", 'Write items = ["...", "..."].')
    if not scale.low < scale.high:
        what = f"The range goes from {scale.low:g} to {scale.high:g}."
        yield Problem("J215", place, what, "`low` is less than `high`.")
    yield from once(((scale.id, item), place) for item in scale.items)


def _roster(study: Study) -> Iterator[Problem]:
    roster = study.survey.roster
    people = {person.id for person in study.people}
    yield from once(((e.wave, e.person), Place(_ROSTER, e.row, "person")) for e in roster if e.person)
    for asked in roster:
        yield from known("wave", asked.wave, study.wave_order, Place(_ROSTER, asked.row, "wave"))
        yield from known("site", asked.site, study.site_by_id, Place(_ROSTER, asked.row, "site"))
        if asked.person and people:
            yield from known("person", asked.person, people, Place(_ROSTER, asked.row, "person"))
        if asked.outcome not in OUTCOMES:
            what = f"{shown(asked.outcome)} is no outcome.{did_you_mean(asked.outcome, OUTCOMES)}"
            yield Problem("J202", Place(_ROSTER, asked.row, "outcome"), what, f"Write one of {', '.join(OUTCOMES)}.")


def _responses(study: Study, wave: str, table: pa.Table) -> Iterator[Problem]:
    file = f"survey/responses-{wave}.csv"
    yield from known("wave", wave, study.wave_order, Place(file))
    for value, row, count in distinct(table, "wave"):
        if value != wave:
            what = f"The wave is {shown(value)} in the file of {shown(wave)}{more_rows(count)}."
            yield Problem("J208", Place(file, row, "wave"), what, "Move the rows to the file of their wave.")
    rows = table.column("_row").to_pylist()
    for column in ("response", "person"):
        cells = table.column(column).to_pylist()
        pairs = zip(cells, rows, strict=True)
        yield from once(((cell,), Place(file, row, column)) for cell, row in pairs if cell)
    yield from _answered(study, wave, file, table)
    yield from _answers(study, file, table)


def _answered(study: Study, wave: str, file: str, table: pa.Table) -> Iterator[Problem]:
    """The roster and the responses of a wave agree on who answered."""
    entries = {asked.person: asked for asked in study.survey.roster if asked.wave == wave}
    persons = table.column("person").to_pylist()
    for person, row in zip(persons, table.column("_row").to_pylist(), strict=True):
        place = Place(file, row, "person")
        asked = entries.get(person)
        if asked is None:
            what = f"{shown(person)} answered in {shown(wave)} but was not asked.{did_you_mean(person, entries)}"
            yield Problem("J203", place, what, "Add the person to survey/roster.csv: it is the only denominator.")
        elif asked.outcome not in (COMPLETE, PARTIAL):
            what = f"{shown(person)} answered, but the roster says {shown(asked.outcome)} (row {asked.row})."
            yield Problem("J204", place, what, f"Write {COMPLETE} or {PARTIAL} there, or delete the response.")
    missing = set(entries) - set(persons)
    for asked in entries.values():
        if asked.person in missing and asked.person and asked.outcome == COMPLETE:
            what = f"{shown(asked.person)} is {COMPLETE} in {shown(wave)}, but {file} has no response."
            yield Problem(
                "J205", Place(_ROSTER, asked.row, "outcome"), what, "Add the response or correct the outcome."
            )


def _answers(study: Study, file: str, table: pa.Table) -> Iterator[Problem]:
    instrument = study.survey.instrument
    if instrument is None:
        return
    items = {item.name: item for item in instrument.items}
    ranges = {item: scale for scale in study.survey.scales for item in scale.items}
    for column in table.column_names:
        if column in _FRAME or column.startswith("_"):
            continue
        if column not in items:
            what = f"{shown(column)} is no item of the questionnaire.{did_you_mean(column, items)}"
            yield Problem("J209", Place(file, 0, column), what, "Rename the column, or take it out.")
            continue
        for value, row, count in distinct(table, column):
            number, why = _fault(value, items[column], ranges.get(column))
            if why:
                what = f"The answer {shown(value)} {why}{more_rows(count)}."
                remedy = f"Correct it; missing kinds are {', '.join(f'{c} ({k})' for k, c in MISSING.items())}."
                yield Problem(number, Place(file, row, column), what, remedy)


def _fault(value: str, item: Item, scale: Scale | None) -> tuple[str, str]:
    """The number of the problem and what is wrong with an answer; two empty strings where nothing is."""
    if value == "" or value in MISSING.values():
        return "", ""
    if item.options:
        given = value.split() if item.kind == "select_multiple" else [value]
        if any(one not in item.options for one in given):
            return "J206", f"is none of the options {listed(item.options)}"
    if item.kind not in _NUMERIC and scale is None:
        return "", ""
    try:
        number = float(value)
    except ValueError:
        return "J207", "is no number"
    if number - number != 0:
        return "J207", "is no number"
    if scale is not None and not scale.low <= number <= scale.high:
        return "J207", f"lies outside {scale.low:g} to {scale.high:g}, the range of scale {shown(scale.id)}"
    return "", ""
