"""The tables, the methods sentences and the cautions of `synthesis.qca`."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Row, Table, Value
from joinedup.synthesis.qca.calibrated import CalibratedSet
from joinedup.synthesis.qca.comparison import Compared, necessity_key
from joinedup.synthesis.qca.declared import ANCHORS, CATEGORIES
from joinedup.synthesis.qca.enhanced import also_sufficient_for_negation, skew, sufficient_for_both
from joinedup.synthesis.qca.truthtable import REMAINDER
from joinedup.synthesis.qca.truthtable import Row as TruthRow

Values = Mapping[str, Value]
_MOST_CASES = 3


def tables(found: Compared, values: Values) -> tuple[Table, ...]:
    """Calibration, necessity, truth table, models, memberships, robustness and the sites to look into."""
    made = (
        _calibration(found),
        _necessity(found, values),
        _truth_table(found, values),
        _models(found, values),
        _memberships(found, values),
        _robustness(found, values),
        _to_study(found, values),
    )
    return tuple(table for table in made if table.rows)


def _calibration(found: Compared) -> Table:
    rows: list[Row] = []
    for one in found.sets:
        set_ = one.declared
        if set_.method in (CATEGORIES, "tfr"):
            anchor = f"in: {', '.join(set_.inside)}" if set_.inside else "by rank"
            rows.append((set_.label, set_.told, set_.method, anchor, None, str(set_.raw["reason"])))
        labels = ANCHORS.get(set_.method, ()) if len(set_.anchors) == 3 else ()
        for at, (point, reason) in enumerate(zip(set_.anchors, set_.reasons, strict=True)):
            rows.append((set_.label, set_.told, set_.method, labels[at] if labels else f"{at + 1}", point, reason))
    columns = (
        ("set", "Set"),
        ("source", "Made from"),
        ("method", "Method"),
        ("anchor", "Anchor"),
        ("at", "At"),
        ("reason", "Reason"),
    )
    return Table("calibration", "How the sets were calibrated, and why", columns, tuple(rows))


def _necessity(found: Compared, values: Values) -> Table:
    rows, keys = [], []
    for term in found.necessity:
        key = necessity_key(found.table, term)
        parts = [f"{key}.{name}" for name in ("inclusion", "ron", "coverage")]
        rows.append((term, *(values[part] for part in parts)))
        keys.append(("", *parts))
    columns = (("term", "Condition"), ("inclusion", "Inclusion"), ("ron", "Relevance (RoN)"), ("coverage", "Coverage"))
    note = "A condition is called necessary from an inclusion of about 0.9; with a relevance near 0 that says little."
    return Table("necessity", "Is a condition necessary for the outcome?", columns, tuple(rows), note, tuple(keys))


def _truth_table(found: Compared, values: Values) -> Table:
    rows, keys = [], []
    names = {site.id: site.name for site in found.sites}
    for row in sorted(found.table.rows, key=_rank):
        parts = [f"row.{row.number}.{name}" for name in ("output", "cases", "inclusion", "pri")]
        told = ", ".join(f"{names[case]}{'*' if case in row.deviant else ''}" for case in row.cases)
        rows.append((str(row.number), *map(str, row.values), *(values[part] for part in parts), told))
        keys.append(("", *("" for _ in row.values), *parts, ""))
    heads = tuple((one.declared.name, one.declared.label) for one in found.sets[1:])
    columns = (
        ("row", "Row"),
        *heads,
        ("output", "Output"),
        ("cases", "Sites"),
        ("inclusion", "Inclusion"),
        ("pri", "PRI"),
        ("names", "Which sites"),
    )
    note = "An asterisk marks a site that is in the row and not in the outcome. Rows that are not listed have no site."
    return Table("truth-table", "Truth table", columns, tuple(rows), note, tuple(keys))


def _rank(row: TruthRow) -> tuple[bool, float, int]:
    return row.output == REMAINDER, -row.inclusion, row.number


def _models(found: Compared, values: Values) -> Table:
    rows, keys = [], []
    for prefix, solutions, what in (("", found.solutions, ""), ("negation.", found.negation, " of the negation")):
        for name in solutions:
            for number in range(1, min(len(solutions[name].models), 20) + 1):
                key = f"{prefix}{name}.{number}"
                parts = [f"{key}.{part}" for part in ("formula", "inclusion", "pri", "coverage")]
                rows.append((f"{name}{what}, M{number}", *(values[part] for part in parts)))
                keys.append(("", *parts))
    columns = (
        ("model", "Solution and model"),
        ("formula", "Sufficient combinations"),
        ("inclusion", "Inclusion"),
        ("pri", "PRI"),
        ("coverage", "Coverage"),
    )
    note = "* is and, + is or, ~ is not. Models of one solution are tied: each covers every sufficient row with as few terms, so none is the right one."
    return Table("models", "The solutions, with all tied models", columns, tuple(rows), note, tuple(keys))


def _memberships(found: Compared, values: Values) -> Table:
    rows, keys = [], []
    for site in found.sites:
        key = f"case.{key_part(site.id)}"
        parts = [f"{key}.in.{one.declared.name}" for one in (*found.sets[1:], found.sets[0])]
        parts = [f"{key}.row", *parts, f"{key}.solution"]
        rows.append((site.name, *(values[part] for part in parts)))
        keys.append(("", *parts))
    heads = tuple((one.declared.name, one.declared.label) for one in (*found.sets[1:], found.sets[0]))
    columns = (("site", "Site"), ("row", "Row"), *heads, ("solution", "Solution"))
    return Table("memberships", "Memberships of the sites", columns, tuple(rows), "", tuple(keys))


def _robustness(found: Compared, values: Values) -> Table:
    cuts: list[tuple[str, str, float]] = [
        ("robust.inclusion", "Cut-off of inclusion", found.analysis.inclusion),
        ("robust.pri", "Cut-off of PRI", found.analysis.pri),
        ("robust.frequency", "Cut-off of frequency", float(found.analysis.frequency)),
    ]
    for one in found.sets[1:]:
        cuts += _anchors_of(one)
    rows, keys = [], []
    for key, label, at in cuts:
        low, high = f"{key}.low", f"{key}.high"
        if low in values:
            rows.append((label, values[low], at, values[high]))
            keys.append(("", low, "", high))
    columns = (("what", "Cut-off or anchor"), ("low", "Down to"), ("at", "As declared"), ("high", "Up to"))
    note = f"Within these ranges, each moved alone, the {found.told} solution stays as it is. A dash: no change as far as was tried."
    return Table("robustness", "How far a choice can move", columns, tuple(rows), note, tuple(keys))


def _anchors_of(one: CalibratedSet) -> list[tuple[str, str, float]]:
    labels = ANCHORS.get(one.declared.method, ()) if len(one.declared.anchors) == 3 else ()
    return [
        (f"robust.{one.declared.name}.{label}", f"{one.declared.label}: {label}", one.declared.anchors[at])
        for at, label in enumerate(labels)
    ]


def _to_study(found: Compared, values: Values) -> Table:
    names = {site.id: site.name for site in found.sites}
    rows, keys, counts = [], [], dict[tuple[str, str], int]()
    for one in found.chosen:
        group = (one.kind, one.term)
        counts[group] = counts.get(group, 0) + 1
        if counts[group] > _MOST_CASES:
            continue
        case = f"case.{key_part(one.case)}"
        outcome = f"{case}.in.{found.analysis.outcome.name}"
        rows.append((one.kind, one.term or "in no term", names[one.case], values[f"{case}.solution"], values[outcome]))
        keys.append(("", "", "", f"{case}.solution", outcome))
    columns = (
        ("kind", "Kind"),
        ("term", "Term"),
        ("site", "Site"),
        ("solution", "In the solution"),
        ("outcome", "In the outcome"),
    )
    note = "Up to three of a kind for each term, the best suited first (Schneider and Rohlfing 2013)."
    return Table("sites-to-study", "Sites to look into next", columns, tuple(rows), note, tuple(keys))


def methods(found: Compared, values: Values) -> str:
    """What a methods section would print."""
    analysis, outcome = found.analysis, found.analysis.outcome
    expected = analysis.expectations()
    directions = (
        " The intermediate solution assumes of unobserved combinations only what agrees with the declared expectations ("
        + ", ".join(f"{name} {'present' if value else 'absent'}" for name, value in expected.items())
        + ")."
        if expected
        else ""
    )
    contradiction = "" if analysis.contradiction is None else f", contradictory from {analysis.contradiction:g}"
    excluded = f" {values['excluded']} remainders were excluded from every solution." if found.excluded else ""
    return (
        f"Qualitative comparative analysis of {values['sites']} programme sites; outcome: {outcome.label}. {analysis.reason} "
        f"Values were calibrated to memberships as the table says. A row of the truth table is sufficient from an "
        f"inclusion of {analysis.inclusion:g} and a PRI of {analysis.pri:g}, with {analysis.frequency} site or more"
        f"{contradiction}. Prime implicants are computed exactly; every cover with the fewest of them is a model, and all "
        f"tied models are kept.{directions}{excluded} Inclusion, PRI, coverage and relevance of necessity are those of "
        "Ragin (2006) and Schneider and Wagemann (2012). The negated outcome was analysed by itself."
    )


def caveats(study: Study, found: Compared, values: Values) -> tuple[str, ...]:
    """What stands in the way of reading the solution as more than it is."""
    told = [
        "QCA describes which combinations go with the outcome in these sites. It is no estimate of an effect, and a "
        "combination that is sufficient here may be so by chance.",
    ]
    for one in skew(found.table):
        if one.skewed:
            told.append(f"{_label(found, one.name)} is skewed: {one.share:.0%} of the sites are more in than out.")
    both = sufficient_for_both(found.table, found.negated)
    if both:
        told.append(f"Rows {', '.join(map(str, both))} pass the cut-offs for the outcome and for its negation.")
    also = also_sufficient_for_negation(found.solutions[found.told])
    if also:
        told.append(f"{' and '.join(also)} would be sufficient for the negated outcome too.")
    if found.contradictory and not found.analysis.enhanced:
        told.append(
            f"{found.contradictory} unobserved combinations are assumed to bring about the outcome and its negation; "
            "`enhanced = true` would exclude them."
        )
    left = int(values["left_out"] or 0)
    if left:
        told.append(
            f"{left} of {len(study.programme_sites)} programme sites lack a value for some set and are left out."
        )
    told += [text for one in found.solutions.values() for text in (one.capped, *one.notes) if text]
    return tuple(told)


def _label(found: Compared, name: str) -> str:
    labels = {one.declared.name: one.declared.label for one in found.sets}
    return labels.get(name, name)
