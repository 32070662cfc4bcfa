"""The tables of a deposit: rows of the survey, their codebook, sites, results, and lists of what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from joinedup.adapters.deposit.contents import MISSING_LABELS, Sheet
from joinedup.adapters.deposit.spss import names, numbered
from joinedup.disclosure import Profile
from joinedup.report.gate.anonymity import anonymous_result, is_promised
from joinedup.report.gate.deposited_texts import Deposited
from joinedup.report.gate.document import released_result
from joinedup.report.gate.row_items import ONE, Step, Variable, columns_of
from joinedup.report.gate.rows import SurveyRows
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table, Value

NO_CONSENT = "No consent is declared; the rows hold no name, no address and no pseudonym."
SURVEY, CODEBOOK = "data/survey.csv", "data/codebook.csv"


def _table(id: str, title: str, columns: Mapping[str, str], rows: Iterator[tuple[Value, ...]], note: str = "") -> Table:
    return Table(id, title, tuple(columns.items()), tuple(rows), note)


def survey_sheets(rows: SurveyRows) -> Iterator[Sheet]:
    """The rows of the survey and their codebook; nothing where no rows may leave."""
    if not rows.rows:
        return
    columns = {variable.name: variable.label for variable in rows.variables}
    yield Sheet(SURVEY, _table("survey", "Answers to the survey", columns, iter(rows.rows)), rows.variables)
    heads = {"variable": "Variable in survey.csv", "sav_variable": "Variable in survey.sav", "label": "Label"}
    heads |= {
        "question": "Question",
        "code": "Code in survey.csv",
        "sav_code": "Code in survey.sav",
        "meaning": "Meaning",
    }
    yield Sheet(CODEBOOK, _table("codebook", "Codebook of the survey", heads, _codes(rows)))


def _codes(rows: SurveyRows) -> Iterator[tuple[Value, ...]]:
    named = names(rows.variables)
    for at, variable in enumerate(rows.variables):
        head = (variable.name, named[at], variable.label, variable.question)
        for code, label in variable.categories.items():
            yield (*head, code, str(numbered(variable)[code]), label)
        if not variable.categories:
            yield (*head, None, None, None)
        used = {row[at] for row in rows.rows}
        for code, label in MISSING_LABELS.items():
            if code in used:
                yield (*head, code, code, label)


def sites_sheet(study: Study) -> Sheet:
    """The places of the study, as its report names them."""
    heads = {"site": "Site", "name": "Name", "region": "Region", "type": "Type", "role": "Role"}
    heads["adopted"] = "Year and month in which the programme began there"
    rows = ((s.id, s.name, s.region, s.type, s.role, s.adopted) for s in study.sites)
    return Sheet("data/sites.csv", _table("sites", "Sites", heads, rows))


def released_results(study: Study, results: Mapping[str, Result]) -> dict[str, Result]:
    """The results as they may leave; hidden values are marks."""
    told = {id: released_result(result) for id, result in results.items()}
    return {id: anonymous_result(result, study) for id, result in told.items()} if is_promised(study) else told


def result_sheets(released: Mapping[str, Result]) -> Iterator[Sheet]:
    """Every table of the released results that has rows."""
    for id, result in released.items():
        for table in (table for table in result.tables if table.rows):
            yield Sheet(f"tables/{id}.{table.id}.csv".replace("_", "-"), table)


def texts_sheet(texts: Deposited) -> Sheet:
    """The data list: a row a text."""
    heads = {"file": "File", "kind": "Kind", "wave": "Wave", "site": "Site", "date": "Date", "profession": "Profession"}
    heads |= {"words": "Words"}
    rows = (
        (
            f"texts/{one.file}.txt",
            one.kind,
            one.about.get("Wave"),
            one.about.get("Site"),
            one.about.get("Date") or one.about.get("Year"),
            one.about.get("Profession"),
            len(one.words.split()),
        )
        for one in texts.texts
    )
    return Sheet("data-list.csv", _table("data-list", "Data list: the texts of the deposit", heads, rows))


def log_sheet(steps: tuple[Step, ...]) -> Sheet:
    """The anonymisation log."""
    heads = {"what": "What", "how": "What was done", "often": "How often", "why": "Why"}
    rows = ((step.what, step.how, step.often, step.why) for step in steps)
    return Sheet(
        "anonymisation-log.csv",
        _table("anonymisation-log", "Anonymisation log: what was changed, how often and why", heads, rows),
    )


def hidden_step(sheets: Iterable[Sheet], profile: Profile) -> Iterator[Step]:
    """What the profile hid in the tables of results: how many of their cells bear its mark."""
    hidden = [sum(cell == profile.mark for row in sheet.table.rows for cell in row) for sheet in sheets]
    if any(hidden):
        often = f"{sum(hidden)} cells of {sum(n > 0 for n in hidden)} tables"
        yield Step("tables of results", f"{profile.mark} in place of a figure", often, f"{profile.legend}.")


def consent_sheet(consent: str, study: Study, texts: Deposited, rows: SurveyRows, profile: Profile) -> Sheet:
    """What the deposit rests on, and whether withdrawals were honoured; counts of persons as the profile shows them."""
    heads = {"what": "What", "held": "Held by the team", "deposited": "Deposited", "basis": "What it rests on"}
    lines: list[tuple[Value, ...]] = [(one.kind, one.texts, one.deposited, one.basis) for one in texts.consents]
    if study.survey.responses:
        basis = (consent or NO_CONSENT) if rows.rows else rows.refused
        lines.append(("answers to the survey", None, len(rows.rows), basis))
    people = {one.person for one in study.withdrawals if one.person}
    why = "Their words are taken out, and their answers where they asked for it."
    lines.append(("people who withdrew", _told(len(people), profile), 0, why))
    whole = {one.text for one in study.withdrawals if one.text}
    lines.append(("texts that were withdrawn", _told(len(whole), profile), 0, "They are in no file of this deposit."))
    return Sheet(
        "consent-record.csv",
        _table(
            "consent-record",
            "Consent record: what the deposit rests on, and who withdrew",
            heads,
            iter(lines),
            profile.legend,
        ),
    )


def _told(people: int, profile: Profile) -> Value:
    return people if people == 0 or people > profile.threshold else profile.mark


def frequencies(study: Study, rows: SurveyRows, released: Mapping[str, Result]) -> dict[str, dict[str, int]]:
    """How often each code stands in the rows; of a question without rows, what the released tables show."""
    found: dict[str, dict[str, int]] = {}
    for at, variable in enumerate(rows.variables if rows.rows else ()):
        if not variable.identifier:
            counted = found.setdefault(variable.name, {})
            for row in rows.rows:
                counted[row[at]] = counted.get(row[at], 0) + 1
    result = released.get("survey.item-answers")
    items = study.survey.instrument.items if study.survey.instrument and result else ()
    for item in items:
        if result and item.kind == ONE and item.name not in found:
            told = {code: result.values.get(f"{key_part(item.name)}.{key_part(code)}") for code in item.options}
            found[item.name] = {code: n for code, n in told.items() if isinstance(n, int)}
    return found


def described(study: Study, rows: SurveyRows) -> tuple[Variable, ...]:
    """The variables of the rows, then the questions that were asked and are not among them."""
    held = {variable.name for variable in rows.variables} if rows.rows else set()
    items = study.survey.instrument.items if study.survey.instrument else ()
    others = [column.variable for item in items for column in columns_of(item) if column.variable.name not in held]
    return (*(rows.variables if rows.rows else ()), *others)
