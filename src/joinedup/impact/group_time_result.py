"""The analysis impact.group-time: effects by start and period, with permutation where a start has few sites."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, name_of, summary_table
from joinedup.impact.group_time_effects import group_time
from joinedup.impact.group_time_table import PERMUTED, GroupTime
from joinedup.impact.planned import seed_of, weights_of
from joinedup.impact.words import SMALL_COHORT, number_word
from joinedup.study.model import Study
from joinedup.study.result import Result, Row, Table, Value

PERMUTATIONS = 999
KINDS = {
    "simple": "all treated group-times",
    "dynamic": "by time since the start",
    "group": "by start",
    "calendar": "by period",
}
_PARTS = ("estimate", "se", "low", "high", "p", "inferred")


def group_time_result(study: Study) -> Result | None:
    """Group-time average effects for the planned outcomes; None unless the plan asks for them.

    Raises NotComputable where every outcome is refused.
    """
    return design_result(study, "group-time", lambda found: _one(study, found), lambda found: _report(study, found))


def _one(study: Study, found: Sample) -> Own:
    control = str(study.plan("impact").get("control", "never"))
    fit = group_time(
        found.frame,
        OUTCOME,
        SITE,
        PERIOD,
        ADOPTED,
        control=control,
        base="universal",
        weights=weights_of(study),
        children=CHILDREN,
        seed=seed_of(study),
        permutations=PERMUTATIONS,
    )
    values: dict[str, Value] = {}
    for kind in KINDS:
        values |= {f"{kind}.{part}": value for part, value in _overall(fit, kind).items()}
    values |= {"pretest_p": fit.pretest.p if fit.pretest else None, "cohorts": len(fit.cohorts)}
    for start, sites in fit.cohorts.items():
        values[f"cohort_{int(start)}.sites"] = sites
    for row in fit.att.to_dict("records"):
        stem = f"cohort_{int(row['group'])}.in_{int(row['period'])}"
        if row["inferred"] != "none":
            values |= {f"{stem}.estimate": row["att"], **{f"{stem}.{p}": row[p] for p in _PARTS[1:]}}
    told = [
        f"{number_word(number)} site{'' if number == 1 else 's'} left out because of {reason}."
        for reason, number in fit.left_out.items()
        if number
    ]
    small = {int(start): sites for start, sites in fit.cohorts.items() if sites < SMALL_COHORT}
    if small:
        named = ", ".join(f"{start} ({sites})" for start, sites in small.items())
        told.append(
            f"starts with fewer than {SMALL_COHORT} sites ({named}) have no analytic error, which would be too small; "
            "p is by permutation of the adoption vectors, assuming exchangeability, not design-based."
        )
    return Own(values, tuple(told))


def _overall(fit: GroupTime, kind: str) -> dict[str, Value]:
    found = fit.aggregate(kind)
    half = 1.959963984540054 * found.se
    return {
        "estimate": found.overall,
        "se": found.se,
        "low": found.overall - half,
        "high": found.overall + half,
        "p": found.p,
        "inferred": found.inferred,
    }


def _report(study: Study, found: Sequence[Found]) -> Report:
    permuted = any(value == PERMUTED for each in found for value in each.own.values.values())
    errors = "Standard errors come from influence functions, independent between sites"
    errors += (
        f"; where a start has fewer than {SMALL_COHORT} sites there is none, and p is by {PERMUTATIONS} permutations of the "
        "adoption vectors."
        if permuted
        else "."
    )
    control = (
        "sites that have not yet begun" if study.plan("impact").get("control") == "notyet" else "sites that never begin"
    )
    return Report(
        f"{estimand_sentence(study, 'starts and periods in the ways that the table names')} Estimator: group-time average "
        "effects (Callaway and Sant'Anna 2021): the change of each start's sites since the last period before it, less "
        f"that of {control}. {errors} Sites with a gap are left out.",
        [
            summary_table(study, found, "Group-time effects, averaged over all treated starts and periods", _columns()),
            *(_table(study, each) for each in found),
        ],
        parameters={"permutations": PERMUTATIONS, "seed": seed_of(study)},
    )


def _columns() -> tuple[tuple[str, str], ...]:
    heads = ("Estimate", "Standard error", "95% from", "to", "p", "Inferred by")
    return (
        *((f"simple.{part}", head) for part, head in zip(_PARTS, heads, strict=True)),
        ("dynamic.estimate", "Mean by time since the start"),
        ("calendar.estimate", "Mean by period"),
        ("group.estimate", "Mean by start"),
        ("pretest_p", "p, no difference before"),
    )


def _table(study: Study, each: Found) -> Table:
    rows: list[Row] = []
    keys = []
    for stem in [
        key.removesuffix(".estimate") for key in each.own.values if ".in_" in key and key.endswith(".estimate")
    ]:
        start, _, period = stem.removeprefix("cohort_").partition(".in_")
        rows.append((start, period, *(each.own.values[f"{stem}.{part}"] for part in _PARTS)))
        keys.append(("", "", *(f"{each.part}.{stem}.{part}" for part in _PARTS)))
    heads = ("Estimate", "Standard error", "95% from", "to", "p", "Inferred by")
    return Table(
        f"effects-{each.part.replace('_', '-')}",
        f"{name_of(study, each)}: effects by start and period",
        (("start", "First treated"), ("period", "Period"), *zip(_PARTS, heads, strict=True)),
        tuple(rows),
        "Periods before the first treated one show how the groups differed without the programme.",
        tuple(keys),
    )
