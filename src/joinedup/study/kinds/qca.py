"""The result of a qualitative comparative analysis and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joinedup.study.kinds.kind import ResultKind

SOLUTIONS = {
    "conservative": "no remainder assumed",
    "parsimonious": "every remainder assumed that helps",
    "intermediate": "remainders assumed that agree with the expectations",
}


def declared_sets(synthesis: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The ids of the sets that synthesis/qca.toml declares."""
    found = synthesis.get("qca", {}).get("set", ())
    return [str(one.get("id", "")) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


_FIT = {
    "inclusion": "inclusion (consistency) in the outcome",
    "pri": "proportional reduction in inconsistency",
    "coverage": "coverage: how much of the outcome it accounts for",
}


def _models(prefix: str, of: str) -> dict[str, str]:
    found = {}
    for solution, told in SOLUTIONS.items():
        found[f"{prefix}{solution}.models"] = f"tied models of the {solution} solution{of} ({told}), 1,000 at most"
        found[f"{prefix}{solution}.{{n}}.formula"] = (
            f"a model of the {solution} solution{of}, the first twenty: its terms"
        )
        for key, words in _FIT.items():
            found[f"{prefix}{solution}.{{n}}.{key}"] = f"its {words}"
    return found


_TERMS = {
    f"{solution}.{{n}}.term.{{n}}.{key}": f"of a term of a model: {told}"
    for solution in SOLUTIONS
    for key, told in {"formula": "its conditions", **_FIT, "unique": "coverage that no other term has"}.items()
}
_RANGE = {
    "low": "lowest value that leaves the solution as it is; none for an anchor whose move changes nothing",
    "high": "highest value that leaves it as it is; likewise",
}

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "synthesis.qca",
        "synthesis",
        "Which combinations of conditions go with the outcome",
        {
            "sites": "sites compared",
            "left_out": "programme sites without a value for some set",
            "in_outcome": "sites more in than out of the outcome",
            "conditions": "conditions",
            "rows_possible": "combinations of conditions that there could be",
            "rows_observed": "combinations that were observed",
            "remainders": "combinations that were not observed, or by fewer sites than the cut-off",
            "rows_sufficient": "combinations that are sufficient for the outcome at the cut-offs",
            "necessity.{set}.{n}.inclusion": "inclusion of a condition (1) or of its absence (0) as necessary",
            "necessity.{set}.{n}.ron": "its relevance of necessity",
            "necessity.{set}.{n}.coverage": "its coverage as necessary",
            "row.{n}.cases": "sites in a row of the truth table",
            "row.{n}.output": "1, 0, C (contradictory) or ? (too few sites)",
            "row.{n}.inclusion": "inclusion of the row in the outcome",
            "row.{n}.pri": "its proportional reduction in inconsistency",
            "case.{site}.row": "the site's row of the truth table",
            "case.{site}.value.{set}": "the site's value before calibration",
            "case.{site}.in.{set}": "the site's membership in a set",
            "case.{site}.solution": "the site's membership in the first model of the solution that is told",
            **_models("", ""),
            **_TERMS,
            **_models("negation.", " of the negated outcome"),
            "contradictory_assumptions": "remainders assumed for the outcome and for its negation",
            "excluded": "remainders that no solution may use",
            "sufficient_for_both": "rows that pass the cut-offs for the outcome and for its negation",
            "skewed": "sets with more than four fifths of the sites on one side",
            "typical": "sites typical of a term of the solution",
            "deviant_consistency": "sites in a term of the solution and not in the outcome",
            "deviant_coverage": "sites in the outcome and in no term of the solution",
            **{f"robust.inclusion.{end}": f"cut-off of inclusion: {told}" for end, told in _RANGE.items()},
            **{f"robust.pri.{end}": f"cut-off of PRI: {told}" for end, told in _RANGE.items()},
            **{f"robust.frequency.{end}": f"cut-off of frequency: {told}" for end, told in _RANGE.items()},
            **{
                f"robust.{{set}}.{anchor}.{end}": f"the anchor `{anchor}`: {told}"
                for anchor in ("out", "crossover", "in")
                for end, told in _RANGE.items()
            },
            "core.tests": "solutions at other cut-offs that the solution is held against",
            "core.inclusion": "inclusion of what all of them have in common (the robust core)",
            "core.coverage": "coverage of the robust core",
            "core.rf_cov": "coverage of the core over that of the solution; 1 is robust",
            "core.rf_cons": "inclusion of the solution over that of the core; 1 is robust",
            "core.rf_sc_min": "overlap of the solution with what the tests have in common; 1 is robust",
            "core.rf_sc_max": "overlap of the solution with all that the tests hold; 1 is robust",
        },
    ),
)
