"""The survey's rows as they may leave: one row an answerer, with what tells persons apart taken out until enough agree.

k-anonymity: Samarati & Sweeney (1998), Protecting privacy when disclosing information; the groups whose members share one
answer: Machanavajjhala et al. (2007), l-diversity, ACM TKDD 1(1). Rows are counts too: what they would tell is attacked
together with every table of the release and of earlier ones.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from joinedup.disclosure import Profile, Register
from joinedup.disclosure.auditing import Published, audit_published
from joinedup.report.gate.anonymity import is_promised
from joinedup.report.gate.row_items import Step, Variable, columns_of, deposited_items
from joinedup.report.gate.row_risks import (
    NOT_ASKED,
    OTHER,
    AnswerRow,
    Rows,
    groups_too_small,
    hidden_agencies,
    shown_by,
    tells_who,
    told_elsewhere,
    with_merged,
)
from joinedup.report.gate.values import Values
from joinedup.study.digest import digest
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.survey import Item
from joinedup.survey.model import respondents

CHOICES = (("site", "agency", "role"), ("site", "agency"), ("site",), ("agency", "role"), ("agency",), ())
"""What a row may tell of its person, in the order in which it is tried: role goes first, then agency, then the site."""


@dataclass(frozen=True, slots=True)
class SurveyRows:
    """Rows of the survey that may leave. `refused` says why there are none; `log` what was done to them.

    `rows` are texts in the order of `variables`; an empty one was not answered. `published` is what the rows tell of
    counts that tables tell too: the next release is held against it.
    """

    variables: tuple[Variable, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    log: tuple[Step, ...] = ()
    published: Published | None = None
    refused: str = ""


def survey_rows(study: Study, values: Values, register: Register | None = None) -> SurveyRows:
    """The rows of every wave at programme sites, with as much of who answered as the profile of `values` allows.

    A combination of wave, site, agency and role (and of the questions that were put) stays only if more rows have it
    than the profile hides, no small group gives one answer, no table of the release hides it, and nobody who holds the
    tables, the earlier releases and the rows can work out what is hidden. Else role goes, then agency, then the site;
    and with them the questions of which it follows from who was asked them.
    """
    if study.survey.instrument is None:
        return SurveyRows(refused="The study has no questionnaire, so there are no answers to deposit.")
    try:
        rows = tuple(_answer_rows(study))
    except NotComputable as reason:
        return SurveyRows(refused=str(reason))
    if not rows:
        return SurveyRows(refused="Nobody at a programme site answered a survey.")
    items, log = deposited_items(study, rows, values)
    if not items:
        why = "No question is left whose answers may be told one by one: see the anonymisation log."
        return SurveyRows(log=tuple(log), refused=why)
    for attributes in _choices(study):
        for merged in _mergings(attributes, values):
            told = with_merged(rows, merged)
            if merged and all(row.about["agency"] == OTHER for row in told):
                attributes, merged = tuple(name for name in attributes if name != "agency"), frozenset[str]()
            published = shown_by(study, told, attributes, values.profile, merged)
            fit = [item for item in items if not tells_who(item, rows, told, attributes)]
            for kept in _with_and_without_partly_asked(fit, rows) if fit else ():
                if _may_leave(told, attributes, kept, values, published, register, merged):
                    log += _left(attributes, items, kept, merged)
                    return _written(study, told, attributes, kept, log, published, values.profile)
    why = (
        f"Even without site, agency and role, fewer than {values.profile.threshold + 1} rows share what is left, all of "
        "a small group give one answer, or the rows would give a suppressed count away: no rows are deposited."
    )
    return SurveyRows(log=tuple(log), refused=why)


def _answer_rows(study: Study) -> Iterable[AnswerRow]:
    for wave in sorted(study.survey.responses, key=lambda wave: (study.wave_order.get(wave, -1), wave)):
        table = study.survey.responses[wave]
        columns = {name: table.column(name).to_pylist() for name in table.column_names if not name.startswith("_")}
        for one in respondents(study, wave):
            given = {name: (column[one.index] or "").strip() for name, column in columns.items()}
            entry = one.entry
            about = {"site": entry.site, "agency": entry.agency, "role": entry.role}
            yield AnswerRow(entry.person, wave, about, given)


def _with_and_without_partly_asked(items: Sequence[Item], rows: Rows) -> list[tuple[Item, ...]]:
    """All items; then those that everybody in a wave was asked, or nobody: who was asked something tells who one is."""
    waves = {row.wave for row in rows}
    whole = [
        item
        for item in items
        if all(len({row.given.get(item.name) == NOT_ASKED for row in rows if row.wave == wave}) == 1 for wave in waves)
    ]
    return [tuple(items)] if len(whole) == len(items) or not whole else [tuple(items), tuple(whole)]


def _choices(study: Study) -> Iterable[tuple[str, ...]]:
    """CHOICES; without the site where the study promised its sites that no release tells them apart."""
    return [one for one in CHOICES if "site" not in one or not is_promised(study)]


def _mergings(attributes: Sequence[str], values: Values) -> list[frozenset[str]]:
    """No agencies as one; then, where sites aren't told, those that a table hides."""
    hidden = hidden_agencies(values.tables)
    able = "agency" in attributes and "site" not in attributes and len(hidden) > 1
    return [frozenset(), hidden] if able else [frozenset()]


def _may_leave(
    rows: Rows,
    attributes: Sequence[str],
    items: Sequence[Item],
    values: Values,
    published: Published,
    register: Register | None,
    merged: Collection[str],
) -> bool:
    if groups_too_small(rows, attributes, items, values.profile) or told_elsewhere(values.tables, attributes, merged):
        return False
    own = {cell.population for cell in published.shown}
    others = [*(register.published if register else ()), *(table.published for table in values.tables)]
    together = [one for one in others if any(cell.population in own for cell in one.shown)]
    return not audit_published([*together, published]).disclosed


def _left(
    attributes: Sequence[str], items: Sequence[Item], kept: Sequence[Item], merged: Collection[str]
) -> Iterable[Step]:
    if merged:
        yield Step(
            "agency", f"{len(merged)} agencies put together as {OTHER!r}", "all", "A table hides how many answered."
        )
    for name in ("role", "agency", "site"):
        if name not in attributes:
            why = "Too few rows would share what is left, or a suppressed count could be worked out."
            yield Step(name, "left out of every row", "all", why)
    for item in items:
        if item not in kept:
            yield Step(item.name, "question left out", "all", "Who was asked it tells agency, role or site.")


def _written(
    study: Study,
    rows: Rows,
    attributes: Sequence[str],
    items: Sequence[Item],
    log: list[Step],
    published: Published,
    profile: Profile,
) -> SurveyRows:
    numbers, linked = _numbers(study, rows, attributes, profile)
    if linked:
        who = Variable("person", "Running number of a person; the same in every wave", identifier=True)
        log.append(Step("person", "pseudonym replaced by a running number", "all", "The order says nothing."))
    else:
        who = Variable("response", "Running number of the response", identifier=True)
        why = "Too few people share what they are over all waves, so the rows of a person can't be told to belong together."
        log.append(Step("person", "pseudonym left out", "all", why))
    waves = {wave.id: wave.label for wave in study.waves if any(row.wave == wave.id for row in rows)}
    columns = [column for item in items for column in columns_of(item)]
    about = [_attribute(study, name, rows) for name in attributes]
    order = {wave: at for at, wave in enumerate(dict.fromkeys(row.wave for row in rows))}
    ordered = sorted(rows, key=lambda row: (numbers[row.person, row.wave], order[row.wave]))
    written = tuple(
        (
            str(numbers[row.person, row.wave]),
            row.wave,
            *(row.about[name] for name in attributes),
            *(column.of(row.given) for column in columns),
        )
        for row in ordered
    )
    variables = (who, Variable("wave", "Wave", categories=waves), *about, *(column.variable for column in columns))
    return SurveyRows(variables, written, tuple(log), published)


def _attribute(study: Study, name: str, rows: Rows) -> Variable:
    found = sorted({row.about[name] for row in rows})
    labels = {site.id: site.name for site in study.sites} if name == "site" else {}
    return Variable(name, name.capitalize(), categories={value: labels.get(value, value) for value in found if value})


def _numbers(
    study: Study, rows: Rows, attributes: Sequence[str], profile: Profile
) -> tuple[Mapping[tuple[str, str], int], bool]:
    """A number for each person and wave, and whether a person keeps it over the waves.

    The order is that of a digest under a key made of everything that the team holds of its people: the same for the
    same study, and not to be had from a pseudonym alone.
    """
    key = digest(study.id, study.people, study.survey.roster, dict(study.survey.responses)).encode()
    paths: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        paths.setdefault(row.person, []).append((row.wave, *(row.about[name] for name in attributes)))
    held: dict[tuple[tuple[str, ...], ...], int] = {}
    for path in paths.values():
        held[tuple(path)] = held.get(tuple(path), 0) + 1
    linked = min(held.values()) > profile.threshold
    who = sorted({(row.person, "" if linked else row.wave) for row in rows}, key=lambda one: _keyed(key, *one))
    number = {one: at for at, one in enumerate(who, 1)}
    return {(row.person, row.wave): number[row.person, "" if linked else row.wave] for row in rows}, linked


def _keyed(key: bytes, *words: str) -> str:
    return hmac.new(key, "\0".join(words).encode(), hashlib.sha256).hexdigest()


def with_rows(register: Register, release: str, rows: SurveyRows) -> Register:
    """The register with what deposited rows tell of counts, named after the release."""
    if rows.published is None:
        return register
    named = replace(rows.published, name=f"{release}, rows of the survey", sensitive=None, earlier=True)
    return Register((*register.published, named))
