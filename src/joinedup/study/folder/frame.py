"""study.toml, sites.csv and people.csv: the frame that every strand shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joinedup.study.folder.csvfile import CsvRow
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.sheet import Sheet, same
from joinedup.study.folder.tomlfile import TomlTable, parse_toml
from joinedup.study.hints import shown
from joinedup.study.model import Programme
from joinedup.study.site import PROGRAMME, Level, Person, Question, Site, TextKind, Wave
from joinedup.study.tomlplaces import toml_rows

STUDY = "study.toml"


@dataclass(frozen=True, slots=True)
class Frame:
    """What study.toml declares; `settings` is all of it as parsed."""

    id: str = ""
    title: str = ""
    programme: Programme = field(default_factory=Programme)
    questions: tuple[Question, ...] = ()
    levels: tuple[Level, ...] = ()
    waves: tuple[Wave, ...] = ()
    kinds: tuple[TextKind, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def read_frame(reading: Reading) -> Frame:
    """study.toml; what is wrong with it becomes problems."""
    if STUDY not in reading.files:
        reading.report(
            "J001", STUDY, "There is no study.toml: this folder is no study.", "Write one, with id and title."
        )
        return Frame()
    settings = parse_toml(reading, STUDY)
    if settings is None:
        return Frame()
    return frame_of(TomlTable(reading, STUDY, settings, "", toml_rows(reading.files[STUDY])))


def frame_of(top: TomlTable) -> Frame:
    """The frame that a parsed study.toml declares."""
    frame = Frame(
        id=top.text("id", required=True),
        title=top.text("title", required=True),
        programme=_programme(top.table("programme")),
        questions=tuple(_question(table) for table in top.tables("question")),
        levels=tuple(_level(table) for table in top.tables("level")),
        waves=tuple(_wave(table) for table in top.tables("wave")),
        kinds=tuple(_kind(table) for table in top.tables("kind")),
        settings=top.data,
    )
    _sections(top)
    top.finish()
    return frame


def _programme(table: TomlTable) -> Programme:
    found = Programme(
        table.text("name"), table.text("started"), table.flag("simulated"), table.text("funder"), table.text("note")
    )
    table.finish()
    return found


def _question(table: TomlTable) -> Question:
    found = Question(table.text("id", required=True), table.text("text", required=True), table.texts("strands"))
    table.finish()
    return found


def _level(table: TomlTable) -> Level:
    id = table.text("id", required=True)
    found = Level(id, table.text("label", id))
    table.finish()
    return found


def _wave(table: TomlTable) -> Wave:
    id = table.text("id", required=True)
    found = Wave(id, table.text("label", id), table.text("start"), table.text("end"), table.text("note"))
    table.finish()
    return found


def _kind(table: TomlTable) -> TextKind:
    id = table.text("id", required=True)
    found = TextKind(id, table.text("label", id), table.flag("speakers"), table.flag("public"))
    table.finish()
    return found


_Read = Callable[[TomlTable, str], object]
_TEXT: _Read = TomlTable.text
_TEXTS: _Read = TomlTable.texts
_WHOLE: _Read = TomlTable.whole


def _published_totals(table: TomlTable, key: str) -> None:
    """A number for each indicator and period: ``looked_after = { "2011" = 65520 }``."""
    totals = table.table(key)
    for indicator in totals.data:
        periods = totals.table(indicator)
        for period in periods.data:
            periods.number(period)


def _topics(table: TomlTable, key: str) -> None:
    """What a topic model is asked for: ``{ k = 8, starts = 5, seeded = false }``."""
    asked = table.table(key)
    asked.whole("k")
    asked.whole("starts")
    asked.flag("seeded")
    asked.finish()


def _by_indicator(table: TomlTable, key: str) -> None:
    """A number for each indicator: ``looked_after = 0.05``."""
    numbers = table.table(key)
    for indicator in numbers.data:
        numbers.number(indicator)


def _codings(table: TomlTable, key: str) -> None:
    """Other readings of when sites adopted: ``[[plan.impact.coding]]`` with id, label and a column of sites.csv."""
    for coding in table.tables(key):
        coding.text("id", required=True)
        coding.text("label")
        coding.text("column", required=True)
        coding.finish()


def _costs(table: TomlTable, key: str) -> None:
    """Outcomes and costs set side by side: ``[plan.impact.costs]`` with effects, costs, thresholds and draws."""
    asked = table.table(key)
    for name in ("effects", "costs"):
        asked.texts(name)
    asked.wholes("thresholds")
    asked.whole("draws")
    asked.finish()


def _open(table: TomlTable, key: str) -> None:
    """People whose counts may be shown whatever their size: ``[[disclosure.open]]`` with people and reason."""
    for declared in table.tables(key):
        declared.text("people", required=True)
        declared.text("reason", required=True)
        declared.finish()


def _consented(table: TomlTable, key: str) -> None:
    """Kinds of text that may be deposited: ``[[deposit.texts]]`` with kind and the consent that covers it."""
    for declared in table.tables(key):
        declared.text("kind", required=True)
        declared.text("consent", required=True)
        declared.finish()


def _cleared(table: TomlTable, key: str) -> None:
    """Questions whose answers somebody read and found safe: ``[[deposit.clear]]`` with item and reason."""
    for declared in table.tables(key):
        declared.text("item", required=True)
        declared.text("reason", required=True)
        declared.finish()


def _checklist(table: TomlTable, key: str) -> None:
    """The author's answers to items of reporting checklists: ``[[report.checklist]]``."""
    for written in table.tables(key):
        for name in ("checklist", "item", "text"):
            written.text(name, required=True)
        written.text("place")
        written.finish()


PLAN: Mapping[str, Mapping[str, _Read]] = {
    "survey": {"wave": _TEXT, "site_role": _TEXT, "site_items": _TEXTS, "typology": _TEXTS},
    "partnership": {"deprivation": _TEXT},
    "texts": {"coders": _TEXTS, "phase": _TEXT, "topics": _topics},
    "indicators": {
        "balance": _TEXTS,
        "headline_total": _TEXTS,
        "published": _published_totals,
        "rounding": TomlTable.number,
        "neighbours": _WHOLE,
        "map": _TEXT,
    },
    "impact": {
        "outcomes": _TEXTS,
        "exploratory": _TEXTS,
        "log": _TEXTS,
        "designs": _TEXTS,
        "weights": _TEXT,
        "children": _TEXT,
        "assignment": _TEXT,
        "control": _TEXT,
        "smallest_effects": _by_indicator,
        "lag_months": _WHOLE,
        "lag_varied": TomlTable.wholes,
        "before_varied": TomlTable.wholes,
        "coding": _codings,
        "costs": _costs,
        "draws": _WHOLE,
        "placebo_draws": _WHOLE,
        "seed": _WHOLE,
        "strata": _TEXT,
        "periods": _TEXTS,
        "caveats": _TEXTS,
    },
}
"""The keys of each section of the analysis plan, with how each is read."""

SECTIONS: Mapping[str, Mapping[str, _Read]] = {
    "disclosure": {"profile": _TEXT, "sites": _TEXT, "open": _open},
    "deposit": {
        "access": _TEXT,
        "licence": _TEXT,
        "keywords": _TEXTS,
        "consent": _TEXT,
        "texts": _consented,
        "clear": _cleared,
    },
    "report": {
        "subtitle": _TEXT,
        "authors": _TEXTS,
        "date": _TEXT,
        "summary": _TEXTS,
        "limits": _TEXTS,
        "checklists": _TEXTS,
        "checklist": _checklist,
    },
}


def _sections(top: TomlTable) -> None:
    """Read every declared key of the settings once, so that types and unknown keys are checked."""
    plan = top.table("plan")
    for owner, sections in ((plan, PLAN), (top, SECTIONS)):
        for name, keys in sections.items():
            table = owner.table(name)
            for key, read in keys.items():
                read(table, key)
            table.finish()
    plan.finish()


def _site(reading: Reading, row: CsvRow) -> Site:
    if row.cells["case"] not in ("", "0", "1"):
        what = f"`case` is {shown(row.cells['case'])}."
        reading.report(
            "J110", SITES.file, what, "Write 1 for a case-study site, 0 or nothing for others.", row.row, "case"
        )
    found = SITES.arguments(row)
    return Site(**{**found, "role": found["role"] or PROGRAMME, "case": row.cells["case"] == "1"})


SITES: Sheet[Site] = Sheet(
    "sites.csv",
    Site,
    {"site": "id", **same("name", "region", "type", "role", "adopted", "model", "case", "excluded")},
    ("site", "name"),
    make=_site,
    cells=lambda site: {"case": "1" if site.case else "0"},
)
PEOPLE: Sheet[Person] = Sheet(
    "people.csv",
    Person,
    {"person": "id", **same("from_wave", "site", "agency", "profession", "role")},
    ("person", "from_wave", "site", "agency", "profession"),
)
