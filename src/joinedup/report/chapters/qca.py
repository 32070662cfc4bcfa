"""The chapter on QCA: which combinations of conditions go with the outcome, and what hangs on the choices made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section
from joinedup.report.describe import Describer
from joinedup.report.figures.qca import solution_against_outcome
from joinedup.report.model import Block, Cell, Folded, Heading, Inline, Line, Paragraph, TableBlock, Text, ValueRef
from joinedup.report.prose import ref
from joinedup.report.quotes import quotes_of
from joinedup.report.tables import table_block
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID, key_part
from joinedup.study.result import Result
from joinedup.synthesis.qca.declared import Declared, DeclaredSet, declared

TITLE = "Which combinations go with the outcome"
_ID = "synthesis.qca"
_QUOTES = 3
_NOT = (
    "When not to rest a decision on this: with few sites almost any table has some sufficient combination; a row of one "
    "site is an anecdote with a number. The method does not say what would have happened otherwise, and an anchor moved "
    "across one site can change the solution, as the ranges above show. Read it with the sites' own accounts."
)


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study declares no QCA."""
    analysis, result = declared(study), results.get(_ID)
    if analysis is None or result is None:
        return []
    if result.refused:
        return section(results, _ID, "Conditions and outcome")
    told = "intermediate" if analysis.expectations() is not None else "parsimonious"
    by_id = {table.id: table for table in result.tables}
    return [
        *_lead(results, analysis, told),
        *figures(solution_against_outcome(study, result, analysis)),
        *paragraph(
            results,
            f"The truth table has {ref(_ID, 'rows_possible')} rows, of which {ref(_ID, 'rows_observed')} were observed "
            f"and {ref(_ID, 'rows_sufficient')} are sufficient.",
            "Its sites lead to the rows of the study behind their memberships.",
        ),
        _truth_table(study, result, analysis),
        *_part(result, "The three solutions", "models"),
        *_part(result, "Is one condition necessary?", "necessity"),
        *_part(result, "What hangs on the choices", "robustness"),
        *_core(results),
        Folded((Text("How the sets were calibrated, and why"),), (_calibration(study, result, analysis),), kind="data"),
        Folded((Text("Memberships of the sites"),), (table_block(result, by_id["memberships"]),), kind="data"),
        *_part(result, "Sites to look into next", "sites-to-study"),
        *_quotes(results, analysis),
        Paragraph((Text(_NOT),), "caution"),
        *methods(results, _ID),
    ]


def _lead(results: Mapping[str, Result], analysis: Declared, told: str) -> list[Block]:
    outcome = analysis.outcome.label
    return lead(
        results,
        f"{ref(_ID, 'in_outcome')} of {ref(_ID, 'sites')} sites are more in than out of the outcome, “{outcome}”.",
        f"These combinations go with it: {_words(results, told, analysis)} "
        f"(inclusion {ref(_ID, f'{told}.1.inclusion', '.2f')}, coverage {ref(_ID, f'{told}.1.coverage', '.2f')}).",
        f"It is the first of {ref(_ID, f'{told}.models')} tied models of the {told} solution, each of which covers every "
        "sufficient row with as few terms."
        if results[_ID].values.get(f"{told}.models") != 1
        else f"It is the only model of the {told} solution.",
        f"{ref(_ID, 'deviant_coverage')} sites have the outcome and none of the combinations.",
    )


def _words(results: Mapping[str, Result], told: str, analysis: Declared) -> str:
    """The first model of a solution in words."""
    formula = str(results[_ID].values.get(f"{told}.1.formula", ""))
    labels = {one.name: one.label for one in analysis.conditions}
    parts = []
    for term in formula.split(" + "):
        names = [_literal(text, labels) for text in term.split("*")]
        parts.append(", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1])
    return "; or ".join(parts)


def _literal(text: str, labels: Mapping[str, str]) -> str:
    name, _, value = text.lstrip("~").partition("[")
    label = labels.get(name, name)
    label = label[:1].lower() + label[1:]
    if value:
        return f"{label} at {value.rstrip(']')}"
    return f"not “{label}”" if text.startswith("~") else f"“{label}”"


def _part(result: Result, title: str, table: str) -> list[Block]:
    found = [one for one in result.tables if one.id == table]
    return [Heading(3, (Text(title),), f"qca-{table}"), table_block(result, found[0])] if found else []


def _core(results: Mapping[str, Result]) -> list[Block]:
    return paragraph(
        results,
        f"Held against {ref(_ID, 'core.tests')} solutions at other cut-offs of inclusion, the robust core has an inclusion "
        f"of {ref(_ID, 'core.inclusion', '.2f')} and a coverage of {ref(_ID, 'core.coverage', '.2f')}: "
        f"{ref(_ID, 'core.rf_cov', '.0%')} of the solution's coverage.",
    )


def _calibration(study: Study, result: Result, analysis: Declared) -> TableBlock:
    """The table of calibrations, with names in the place of ids and keys."""
    table = next(one for one in result.tables if one.id == "calibration")
    describer, by_label = Describer(study), {one.label: one for one in (analysis.outcome, *analysis.conditions)}
    rows = []
    for label, told, method, anchor, *rest in table.rows:
        one = by_label.get(str(label))
        made = _made_from(describer, one) if one else str(told)
        inside = (
            "in: " + " or ".join(describer.label("option", part) for part in one.inside) if one and one.inside else ""
        )
        rows.append((label, made, method, inside or anchor, *rest))
    return table_block(result, replace(table, rows=tuple(rows)))


def _made_from(describer: Describer, one: DeclaredSet) -> str:
    """What a set was made from, in words."""
    match one.source:
        case "result":
            kind, part = KIND_BY_ID.get(str(one.raw["result"])), str(one.raw["key"]).rpartition(".")[2]
            return f"{kind.title if kind else one.raw['result']}: {describer.label('level', part)}"
        case "indicator":
            return f"{describer.label('indicator', key_part(str(one.raw['indicator'])))} in {one.raw['period']}"
        case "item":
            return f"“{describer.label('item', key_part(str(one.raw['item'])))}”"
        case _:
            return one.told


def _truth_table(study: Study, result: Result, analysis: Declared) -> TableBlock:
    """The truth table with each site's name as a reference to its row, so that its evidence opens."""
    table = next(one for one in result.tables if one.id == "truth-table")
    block = table_block(result, table)
    by_row: dict[str, list[Inline]] = {}
    for site in study.programme_sites:
        key = f"case.{key_part(site.id)}"
        row = result.values.get(f"{key}.row")
        if row is not None:
            outcome = result.values.get(f"{key}.in.{analysis.outcome.name}")
            out = isinstance(outcome, int | float) and outcome < 0.5
            parts = by_row.setdefault(str(row), [])
            parts += [Text(", ")] if parts else []
            parts.append(ValueRef(_ID, f"{key}.in.{analysis.outcome.name}", f"{site.name}{'*' if out else ''}"))
    lines = tuple(
        Line((*line.cells[:-1], Cell(tuple(by_row.get(str(row[0]), ())))), line.id, line.source)
        for line, row in zip(block.lines, table.rows, strict=True)
    )
    return TableBlock(block.id, block.caption, block.head, lines, block.note, block.result, block.data)


def _quotes(results: Mapping[str, Result], analysis: Declared) -> list[Block]:
    """Cleared quotes on the sets that name a theme."""
    found: list[Block] = []
    for one in (analysis.outcome, *analysis.conditions):
        theme = str(one.raw.get("theme", ""))
        quotes = quotes_of(results, theme, _QUOTES) if theme else ()
        if quotes:
            found.append(Folded((Text(f"In their words: {one.label}"),), quotes, kind="data"))
    return found
