"""`synthesis.case-selection`: the study's own choice of case-study sites beside the best choice by its own strategy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from joinedup.study.analysis import make_result
from joinedup.study.dates import date_words
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table, Value
from joinedup.synthesis.case_selection.declared import NAME, attribute_label, attribute_table, sources
from joinedup.synthesis.case_selection.strategies import STRATEGIES

if TYPE_CHECKING:
    import pandas as pd

    from joinedup.synthesis.case_selection.assessing import Assessment

_TOLD = 10
_SAME = 1e-9
_REFERENCES = (
    "Seawright, J. and Gerring, J. (2008), Case selection techniques in case study research, Political Research Quarterly "
    "61(2), 294-308; Gower, J. C. (1971), A general coefficient of similarity, Biometrics 27(4), 857-871; Erkut, E. "
    "(1990), The discrete p-dispersion problem, European Journal of Operational Research 46(1), 48-60."
)


def case_selection(study: Study) -> Result | None:
    """The Result; None where the study declares no choice. Raises NotComputable where the declaration rules itself out."""
    declared = study.synthesis.get(NAME)
    if declared is None:
        return None
    from joinedup.synthesis.case_selection.assessing import assess

    table = attribute_table(study, declared)
    outcome = declared.get("outcome") or None
    try:
        found = assess(
            table,
            declared["sites"],
            declared["strategy"],
            outcome=outcome,
            predictors=tuple(declared["attributes"]),
            weights=None if outcome else declared["attributes"],
            must=declared.get("must", ()),
            exclude=declared.get("exclude", ()),
            quota=_quota(declared.get("quota", {})),
        )
    except ValueError as error:
        raise NotComputable(str(error)) from error
    values = {**_overall(found, len(table)), **_compared(table, found)}
    return make_result(
        "synthesis.case-selection",
        values,
        _methods(study, declared, values),
        (declared, table.reset_index().to_csv(index=False)),
        tables=(_differences(study, found, values), _alternatives(study, found)),
        parameters={"strategy": declared["strategy"], "seed": 1},
        sources={"": sources(study, declared)},
        caveats=(*found.optimum.notes, *_caveats(found)),
        references=(_REFERENCES,),
    )


def _quota(declared: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {kind: tuple(asked) if isinstance(asked, list) else asked for kind, asked in kinds.items()}
        for name, kinds in declared.items()
    }


def _overall(found: Assessment, sites: int) -> dict[str, Value]:
    best = found.optimum
    largest = [value for value in found.differences["standardised"] if not math.isnan(value)]
    return {
        "sites": sites,
        "chosen": len(found.chosen),
        "objective": found.objective,
        "optimum": best.objective,
        "regret": found.regret,
        "regret_share": found.regret_share,
        "proven": int(best.proven),
        "bound": best.bound,
        "as_good": found.as_good,
        "draws": found.draws,
        "in_optimum": len(set(found.chosen) & set(best.sites)),
        "alternatives": len(best.alternatives),
        "largest_difference": max(map(abs, largest), default=None),
    }


def line_key(attribute: str, category: str) -> str:
    """The end of the keys of an attribute's (and category's) values."""
    return ".".join(filter(None, (key_part(attribute), key_part(category))))


def _compared(table: pd.DataFrame, found: Assessment) -> dict[str, Value]:
    from joinedup.synthesis.case_selection.assessing import differences

    best = differences(table, found.optimum.sites)["standardised"].tolist()
    values: dict[str, Value] = {}
    for line, optimum in zip(found.differences.to_dict("records"), best, strict=True):
        key = line_key(line["attribute"], line["category"])
        values |= {f"of_chosen.{key}": line["chosen"], f"of_all.{key}": line["all"]}
        values |= {f"standardised.{key}": line["standardised"], f"standardised_optimum.{key}": optimum}
    return values


def _methods(study: Study, declared: Mapping[str, Any], values: Mapping[str, Value]) -> str:
    weights = "; ".join(
        f"{attribute_label(study, name)} ({weight:g})" for name, weight in declared["attributes"].items()
    )
    certain = "proven" if values["proven"] else "not proven: the search ended first"
    verb = "are proposed" if declared.get("proposed") else "were chosen"
    return (
        f"{values['chosen']} of {values['sites']} programme sites {verb} for case studies by {declared['by']} "
        f"in {date_words(str(declared['at']))}. The reason: {declared['reason']} The choice is held against the best that the "
        f"strategy {declared['strategy']} could have had: {STRATEGIES[declared['strategy']]}. Attributes, with their weights: "
        f"{weights}. Distances are Gower's; a missing value leaves an attribute out for that pair. The optimum is found by a "
        f"search over all admissible sets and is {certain}. Regret is what the choice lacks of it. The place of the choice is told "
        f"among {values['draws']} admissible sets drawn at random. Standardised differences: the chosen sites' mean or "
        f"share minus that of all {values['sites']}, over the standard deviation of all."
    )


def _caveats(found: Assessment) -> tuple[str, ...]:
    best, said = found.optimum, []
    if not best.proven:
        said.append(f"No set is shown to be better than {best.bound:.3g}; the regret may be larger than is told.")
    if not best.complete:
        said.append(f"More than {len(best.alternatives)} other sets reach the same; only so many are counted.")
    return tuple(said)


def _differences(study: Study, found: Assessment, values: Mapping[str, Value]) -> Table:
    columns = (
        ("attribute", "Attribute"),
        ("category", "Category"),
        ("chosen", "Chosen sites"),
        ("all", "All sites"),
        ("standardised", "Standardised difference"),
        ("optimum", "The same, best choice"),
    )
    rows: list[tuple[Value, ...]] = []
    keys = []
    for attribute, category in zip(found.differences["attribute"], found.differences["category"], strict=True):
        end = line_key(attribute, category)
        of = ("of_chosen", "of_all", "standardised", "standardised_optimum")
        keys.append(("", "", *(f"{name}.{end}" for name in of)))
        rows.append((attribute_label(study, str(attribute)), category, *(values[key] for key in keys[-1][2:])))
    note = "A mean for a number, a share for a category. An empty cell: nothing varies."
    return Table("differences", "The chosen sites beside all sites", columns, tuple(rows), note, tuple(keys))


def _alternatives(study: Study, found: Assessment) -> Table:
    best = found.optimum
    sets = [("Chosen", found.chosen), ("Best", best.sites), *(("As good", one) for one in best.alternatives[:_TOLD])]
    rows = tuple(
        (what, ", ".join(study.site_by_id[site].name for site in one), len(set(one) & set(found.chosen)))
        for what, one in sets
    )
    columns = (("set", "Set"), ("sites", "Sites"), ("common", "Sites in common with the choice"))
    note = f"Of the sets that are as good as the best, at most {_TOLD} are shown."
    return Table("sets", "The choice and the best choices", columns, rows, note)
