"""The Result `synthesis.qca`: the declared comparison of a study's sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source, Value, merged
from joinedup.synthesis.qca.case_choice import DEVIANT_CONSISTENCY, DEVIANT_COVERAGE, TYPICAL
from joinedup.synthesis.qca.comparison import Compared, compare, necessity_key
from joinedup.synthesis.qca.declared import ANCHORS, declared
from joinedup.synthesis.qca.enhanced import skew, sufficient_for_both
from joinedup.synthesis.qca.fit import Fit
from joinedup.synthesis.qca.minimization import minimize
from joinedup.synthesis.qca.robustness import (
    Solver,
    anchor_range,
    core_fit,
    frequency_range,
    inclusion_range,
    pri_range,
)
from joinedup.synthesis.qca.truthtable import POSITIVE, recut

_REFERENCES = (
    "Ragin, C. C. (2006), Set relations in social research: evaluating their consistency and coverage. Political Analysis "
    "14(3), 291-310.",
    "Schneider, C. Q. and Wagemann, C. (2012), Set-theoretic methods for the social sciences: a guide to qualitative "
    "comparative analysis. Cambridge: Cambridge University Press.",
    "Schneider, C. Q. and Rohlfing, I. (2013), Combining QCA and process tracing in set-theoretic multi-method research. "
    "Sociological Methods and Research 42(4), 559-597.",
)

SHOWN = 20


def qca_result(study: Study, results: Mapping[str, Result]) -> Result | None:
    """`synthesis.qca`: truth table, necessity, the three solutions with all tied models, robustness.

    None where the study declares no QCA. Raises NotComputable where no combination is sufficient at the cut-offs,
    where every one is, or where a membership is exactly 0.5.
    """
    analysis = declared(study)
    if analysis is None:
        return None
    found = compare(study, results, analysis)
    from joinedup.synthesis.qca.study_tables import caveats, methods, tables

    values = {**_counts(study, found), **_rows(found), **_cases(found), **_solutions(found), **_robustness(found)}
    read = sorted({str(one.declared.raw["result"]) for one in found.sets if one.declared.source == "result"})
    items = [study.survey.responses[wave] for wave in sorted(study.survey.responses)]
    inputs = (
        study.synthesis["qca"],
        study.sites,
        {id: results[id].inputs for id in read},
        items if any(one.declared.source == "item" for one in found.sets) else (),
        [one.values for one in found.sets],
    )
    return make_result(
        "synthesis.qca",
        values,
        methods(found, values),
        inputs,
        tables=tables(found, values),
        sources=_sources(found),
        caveats=caveats(study, found, values),
        parameters={"inclusion": analysis.inclusion, "pri": analysis.pri, "frequency": analysis.frequency},
        references=_REFERENCES,
    )


def _counts(study: Study, found: Compared) -> dict[str, Value]:
    table = found.table
    possible = 1
    for count in table.levels:
        possible *= count
    counted = [row for row in table.rows if row.output != "?"]
    kinds = {TYPICAL: "typical", DEVIANT_CONSISTENCY: "deviant_consistency", DEVIANT_COVERAGE: "deviant_coverage"}
    return {
        "sites": len(found.sites),
        "left_out": len(study.programme_sites) - len(found.sites),
        "in_outcome": int((table.y > 0.5).sum()),
        "conditions": len(table.members),
        "rows_possible": possible,
        "rows_observed": len(table.rows),
        "remainders": possible - len(counted),
        "rows_sufficient": len(table.with_output(POSITIVE)),
        "contradictory_assumptions": found.contradictory,
        "excluded": len(found.excluded),
        "sufficient_for_both": len(sufficient_for_both(table, found.negated)),
        "skewed": sum(one.skewed for one in skew(table)),
        **{name: len({one.case for one in found.chosen if one.kind == kind}) for kind, name in kinds.items()},
    }


def _rows(found: Compared) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for row in found.table.rows:
        at = f"row.{row.number}"
        values |= {f"{at}.cases": row.n, f"{at}.output": row.output}
        values |= {f"{at}.inclusion": row.inclusion, f"{at}.pri": row.pri}
    for term, fit in found.necessity.items():
        values |= {f"{necessity_key(found.table, term)}.{name}": fit[name] for name in ("inclusion", "ron", "coverage")}
    return values


def _cases(found: Compared) -> dict[str, Value]:
    row_of = {case: row.number for row in found.table.rows for case in row.cases}
    solution = found.solutions[found.told].membership(0)
    values: dict[str, Value] = {}
    for at, site in enumerate(found.sites):
        key = f"case.{key_part(site.id)}"
        values[f"{key}.row"] = row_of[site.id]
        values[f"{key}.solution"] = float(solution[at])
        for one in found.sets:
            values[f"{key}.value.{one.declared.name}"] = one.values[at]
            values[f"{key}.in.{one.declared.name}"] = one.memberships[at]
    return values


def _solutions(found: Compared) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for prefix, solutions in (("", found.solutions), ("negation.", found.negation)):
        for name, solution in solutions.items():
            values[f"{prefix}{name}.models"] = len(solution.models)
            for number, whole in enumerate(solution.solution[:SHOWN], start=1):
                key = f"{prefix}{name}.{number}"
                values |= _fit(key, whole)
                for term, fit in enumerate(solution.terms[number - 1] if not prefix else (), start=1):
                    values |= _fit(f"{key}.term.{term}", fit) | {f"{key}.term.{term}.unique": fit.unique}
    return values


def _fit(key: str, fit: Fit) -> dict[str, Value]:
    return {
        f"{key}.formula": fit.term,
        f"{key}.inclusion": fit.inclusion,
        f"{key}.pri": fit.pri,
        f"{key}.coverage": fit.coverage,
    }


def _robustness(found: Compared) -> dict[str, Value]:
    """Ranges in which the told solution stays as it is."""
    table, expected = found.table, found.analysis.expectations()
    solve = Solver("?", expected, found.excluded)
    values: dict[str, Value] = {}
    spans = {"inclusion": inclusion_range, "pri": pri_range, "frequency": frequency_range}
    for name, search in spans.items():
        span = search(table, solve)
        values |= {f"robust.{name}.low": span.low, f"robust.{name}.high": span.high}
    for one in found.sets[1:]:
        anchors = one.declared.anchors
        for which, label in enumerate(ANCHORS.get(one.declared.method, ()) if len(anchors) == 3 else ()):
            numbers = [float(value) for value in one.values]
            span = anchor_range(table, one.declared.name, numbers, anchors, which, solve)
            values[f"robust.{one.declared.name}.{label}.low"] = None if span.low_open else span.low
            values[f"robust.{one.declared.name}.{label}.high"] = None if span.high_open else span.high
    return values | _core(found)


def _core(found: Compared) -> dict[str, Value]:
    tests = []
    for cut in found.analysis.test_inclusion:
        try:
            other = minimize(
                recut(found.table, inclusion=cut), "?", found.analysis.expectations(), exclude=found.excluded
            )
        except ValueError:
            continue
        tests.append(other.membership(0))
    if not tests:
        return {}
    core = core_fit(found.solutions[found.told].membership(0), tests, found.table.y)
    return {
        "core.tests": len(tests),
        "core.inclusion": core.inclusion,
        "core.coverage": core.coverage,
        "core.rf_cov": core.rf_cov,
        "core.rf_cons": core.rf_cons,
        "core.rf_sc_min": core.rf_sc_min,
        "core.rf_sc_max": core.rf_sc_max,
    }


def _sources(found: Compared) -> dict[str, tuple[Source, ...]]:
    sources: dict[str, tuple[Source, ...]] = {}
    for at, site in enumerate(found.sites):
        key = f"case.{key_part(site.id)}"
        for one in found.sets:
            sources[f"{key}.in.{one.declared.name}"] = one.sources[at]
            sources[f"{key}.value.{one.declared.name}"] = one.sources[at]
        sources[key] = merged(source for one in found.sets for source in one.sources[at])
    for row in found.table.rows:
        behind: Iterator[Source] = (source for case in row.cases for source in sources[f"case.{key_part(case)}"])
        sources[f"row.{row.number}"] = merged(behind)
    return sources
