"""The study: one evaluation, frozen. It knows no file, database or web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from joinedup.study.exchanged import CaseText, SetMember, VariableValue
from joinedup.study.finding import Affirmation, Claim
from joinedup.study.indicators import Indicator, Neighbour, SiteChange
from joinedup.study.layout import Layout
from joinedup.study.partnership import Body, Member, Provision, Remit
from joinedup.study.plan_lock import PlanLock
from joinedup.study.site import Level, Person, Question, Site, TextKind, Wave
from joinedup.study.survey import Instrument, RosterEntry, Scale
from joinedup.study.texts import Anchor, Assignment, Code, Coding, Decision, Framework, Memo, Speaker, Text
from joinedup.study.withdrawals import Withdrawal

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Programme:
    """What is evaluated. `simulated` studies say so on every page of their report."""

    name: str = ""
    started: str = ""
    simulated: bool = False
    funder: str = ""
    note: str = ""


@dataclass(frozen=True)
class Survey:
    """The survey strand. `responses` maps a wave to its table.

    A table of responses has the columns response, person, wave, instrument_version and one column an item, all
    strings as written (empty: not answered), and `_row` (int32, the row in the file).
    """

    instrument: Instrument | None = None
    scales: tuple[Scale, ...] = ()
    roster: tuple[RosterEntry, ...] = ()
    responses: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Texts:
    """The texts strand: frozen texts, who speaks in them, the codebook, the codings, what was decided of them."""

    texts: tuple[Text, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    codes: tuple[Code, ...] = ()
    codings: tuple[Coding, ...] = ()
    framework: Framework = field(default_factory=Framework)
    memos: tuple[Memo, ...] = ()
    decisions: tuple[Decision, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    cases: tuple[CaseText, ...] = ()
    variables: tuple[VariableValue, ...] = ()
    sets: tuple[SetMember, ...] = ()


@dataclass(frozen=True)
class Partnership:
    """The partnership strand."""

    bodies: tuple[Body, ...] = ()
    members: tuple[Member, ...] = ()
    remits: tuple[Remit, ...] = ()
    provision: tuple[Provision, ...] = ()


@dataclass(frozen=True)
class Indicators:
    """The indicators strand. `values` maps a file (below indicators/) to its table.

    A table of values has the columns site, period, indicator, value (strings as written), and derived from them
    `_number` (float64, null where marked), `_mark` (string, null where a number) and `_row` (int32).
    `deflator` maps a period to the price index (any base); `price_base` is the period whose prices are used.
    """

    indicators: tuple[Indicator, ...] = ()
    values: Mapping[str, pa.Table] = field(default_factory=dict)
    site_changes: tuple[SiteChange, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    deflator: Mapping[str, float] = field(default_factory=dict)
    price_base: str = ""
    deflator_source: str = ""


@dataclass(frozen=True)
class Study:
    """One evaluation: questions, framework, sites, evidence, findings.

    `synthesis` maps the name of a file of synthesis/ (without .toml) to what it declares.
    `settings` is study.toml as parsed (the analysis plan and the report's texts are read from it);
    `files` holds the bytes of every file as received, by its path in the folder, for a lossless export.
    """

    id: str
    title: str
    programme: Programme = field(default_factory=Programme)
    questions: tuple[Question, ...] = ()
    levels: tuple[Level, ...] = ()
    waves: tuple[Wave, ...] = ()
    kinds: tuple[TextKind, ...] = ()
    sites: tuple[Site, ...] = ()
    layout: Layout = field(default_factory=Layout)
    people: tuple[Person, ...] = ()
    survey: Survey = field(default_factory=Survey)
    texts: Texts = field(default_factory=Texts)
    partnership: Partnership = field(default_factory=Partnership)
    indicators: Indicators = field(default_factory=Indicators)
    synthesis: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    affirmations: tuple[Affirmation, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    references: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    plan_lock: PlanLock | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def site_by_id(self) -> Mapping[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def text_by_id(self) -> Mapping[str, Text]:
        return {text.id: text for text in self.texts.texts}

    @cached_property
    def indicator_by_id(self) -> Mapping[str, Indicator]:
        return {indicator.id: indicator for indicator in self.indicators.indicators}

    @cached_property
    def code_by_id(self) -> Mapping[str, Code]:
        return {code.id: code for code in self.texts.codes}

    @cached_property
    def wave_order(self) -> Mapping[str, int]:
        return {wave.id: index for index, wave in enumerate(self.waves)}

    @property
    def programme_sites(self) -> tuple[Site, ...]:
        return tuple(site for site in self.sites if site.is_programme)

    def person_at(self, person: str, wave: str) -> Person | None:
        """Who `person` was in `wave`: the latest row whose `from_wave` is not after it.

        An unknown or empty `wave` gives the first row.
        """
        rows = self._people.get(person, ())
        at = self.wave_order.get(wave, -1)
        known = [row for row in rows if self.wave_order.get(row.from_wave, 0) <= at]
        return known[-1] if known else (rows[0] if rows else None)

    @cached_property
    def _people(self) -> Mapping[str, tuple[Person, ...]]:
        found: dict[str, list[Person]] = {}
        for person in sorted(self.people, key=lambda p: self.wave_order.get(p.from_wave, 0)):
            found.setdefault(person.id, []).append(person)
        return {key: tuple(rows) for key, rows in found.items()}

    def plan(self, section: str) -> Mapping[str, Any]:
        """A section of the analysis plan, e.g. ``plan("impact")`` for [plan.impact] of study.toml; empty if absent."""
        found = self.settings.get("plan", {}).get(section, {})
        return found if isinstance(found, Mapping) else {}
