"""The declared comparison of a study's sites by QCA, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result
from joinedup.study.site import Site
from joinedup.synthesis.qca.calibrated import CalibratedSet, calibrated
from joinedup.synthesis.qca.case_choice import Chosen, cases_to_study
from joinedup.synthesis.qca.declared import Declared
from joinedup.synthesis.qca.enhanced import contradictory_assumptions, parse_term, untenable
from joinedup.synthesis.qca.minimization import CONSERVATIVE, INTERMEDIATE, PARSIMONIOUS, Solution, minimize
from joinedup.synthesis.qca.necessary_conditions import Necessity, necessity
from joinedup.synthesis.qca.truthtable import TruthTable, truth_table


@dataclass(frozen=True)
class Compared:
    """A comparison of sites, whole: what the Result and the report are made from.

    `solutions` and `negation` map the name of a solution to it; `told` is the one that the report tells first.
    """

    analysis: Declared
    sites: tuple[Site, ...]
    sets: tuple[CalibratedSet, ...]
    table: TruthTable
    negated: TruthTable
    necessity: Necessity
    solutions: Mapping[str, Solution]
    negation: Mapping[str, Solution]
    told: str
    excluded: tuple[int, ...]
    contradictory: int
    chosen: tuple[Chosen, ...]


def compare(study: Study, results: Mapping[str, Result], analysis: Declared) -> Compared:
    """The comparison that a study declares."""
    sites, sets = calibrated(study, results, analysis)
    names = [one.name for one in analysis.conditions]
    data: dict[str, list[float] | list[str]] = {"case": [site.id for site in sites]}
    data |= {one.declared.name: list(one.memberships) for one in sets}
    cuts = (analysis.inclusion, analysis.pri, analysis.frequency, analysis.contradiction)
    try:
        table = truth_table(data, analysis.outcome.name, names, *cuts)
        negated = truth_table(data, f"~{analysis.outcome.name}", names, *cuts)
        parsimonious = minimize(table, "?")
    except ValueError as error:
        raise NotComputable(f"{error}" if str(error).endswith(".") else f"{error}.") from error
    contradictory, excluded = _excluded(analysis, table, negated)
    if excluded:
        parsimonious = minimize(table, "?", exclude=excluded)
    solutions = {CONSERVATIVE: minimize(table), PARSIMONIOUS: parsimonious}
    expected = analysis.expectations()
    if expected is not None:
        solutions[INTERMEDIATE] = minimize(table, "?", expected, exclude=excluded)
    told = INTERMEDIATE if expected is not None else PARSIMONIOUS
    return Compared(
        analysis,
        sites,
        sets,
        table,
        negated,
        necessity(data, analysis.outcome.name, names),
        solutions,
        _of_negation(analysis, negated),
        told,
        excluded,
        contradictory,
        cases_to_study(solutions[told]),
    )


def _excluded(analysis: Declared, table: TruthTable, negated: TruthTable) -> tuple[int, tuple[int, ...]]:
    """How many remainders are assumed for the outcome and its negation, and which may not be used."""
    try:
        contradictory = contradictory_assumptions(table, negated)
    except ValueError:  # no row of the negation is sufficient: nothing is assumed for it
        contradictory = ()
    impossible = set(untenable(table, impossible=analysis.impossible))
    return len(contradictory), tuple(sorted(impossible | set(contradictory if analysis.enhanced else ())))


def _of_negation(analysis: Declared, negated: TruthTable) -> dict[str, Solution]:
    try:
        found = {CONSERVATIVE: minimize(negated), PARSIMONIOUS: minimize(negated, "?")}
    except ValueError:
        return {}
    expected = analysis.expectations(negated=True)
    if expected is not None:
        found[INTERMEDIATE] = minimize(negated, "?", expected)
    return found


def necessity_key(table: TruthTable, term: str) -> str:
    """The key of a single literal."""
    at, value = next((at, value) for at, value in enumerate(parse_term(table, term)) if value >= 0)
    return f"necessity.{table.conditions[at]}.{value}"
