"""What the results of all further designs have alike: outcome by outcome, refusals kept, one table to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.impact.cells import Sample, outcomes
from joinedup.impact.planned import asked, estimand, is_exploratory, weights_of
from joinedup.impact.references import cited
from joinedup.impact.words import inputs_of, refused_table, sample_sentence, samples, sources_of, unit_of
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value

AS_DID = "The cautions told of the difference in differences hold for this design, too."


@dataclass(frozen=True, slots=True)
class Own:
    """What a design found on one outcome: values by their key below the outcome's, and what has to be said."""

    values: Mapping[str, Value]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a design found on one outcome, with the sample that it rests on."""

    sample: Sample
    own: Own

    @property
    def part(self) -> str:
        return key_part(self.sample.indicator.id)

    @property
    def label(self) -> str:
        return self.sample.indicator.label


@dataclass(frozen=True, slots=True)
class Report:
    """The words and tables of a result; `methods` without the sample, which all designs say alike."""

    methods: str
    tables: Sequence[Table]
    values: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    references: tuple[str, ...] = ()


def design_result(
    study: Study, design: str, one: Callable[[Sample], Own], report: Callable[[Sequence[Found]], Report]
) -> Result | None:
    """The result `impact.<design>`: `one` on every planned outcome, then `report` on all.

    None where the plan does not ask for it or the study has no outcome. Raises NotComputable where every outcome is
    refused.
    """
    if not asked(study, design) or not outcomes(study):
        return None
    found, refused = by_outcome(study, one)
    said = report(found)
    taken = [each.sample for each in found]
    values = {f"{each.part}.{key}": value for each in found for key, value in each.own.values.items()}
    tables = [*said.tables, *([refused_table(refused)] if refused else [])]
    told = [f"{each.label}: {text}" for each in found for text in each.own.told]
    return make_result(
        f"impact.{design}",
        values | {"indicators": len(found), "refused": len(refused)} | dict(said.values),
        f"{said.methods} {sample_sentence(study, taken)}",
        inputs_of(study),
        tables=tuple(table for table in tables if table.rows),
        parameters={"weights": weights_of(study)} | dict(said.parameters),
        sources=sources_of(taken),
        caveats=(AS_DID, *told),
        references=(*said.references, *cited(said.methods, *told)),
    )


def by_outcome(study: Study, one: Callable[[Sample], Own]) -> tuple[list[Found], list[str]]:
    """`one` on the sample of every planned outcome; the sentence of each that is refused."""
    found: dict[str, Own] = {}

    def keep(sample: Sample) -> None:
        try:
            found[sample.indicator.id] = one(sample)
        except NotComputable as reason:
            raise NotComputable(f"{sample.indicator.label}: {reason}") from None

    taken, refused = samples(study, keep)
    if not taken:
        raise NotComputable(" ".join(refused))
    return [Found(sample, found[sample.indicator.id]) for sample in taken], refused


def summary_table(
    study: Study, found: Sequence[Found], title: str, columns: Sequence[tuple[str, str]], note: str = ""
) -> Table:
    """A row an outcome, with the values named by `columns`; a column that no outcome has is left out."""
    shown = [(name, head) for name, head in columns if any(name in each.own.values for each in found)]
    names = [name for name, _ in shown]
    rows: list[Row] = [
        (name_of(study, each), unit_of(each.sample), *(each.own.values.get(name) for name in names)) for each in found
    ]
    keys = [("", "", *(f"{each.part}.{name}" if name in each.own.values else "" for name in names)) for each in found]
    return Table("summary", title, (("outcome", "Outcome"), ("unit", "Unit"), *shown), tuple(rows), note, tuple(keys))


def name_of(study: Study, each: Found) -> str:
    """The outcome's label, marked where the plan's family does not hold it."""
    return f"{each.label} (exploratory)" if is_exploratory(study, each.sample.indicator) else each.label


def estimand_sentence(study: Study, over: str = "its treated periods") -> str:
    """For a methods section."""
    return f"Estimand: the programme's effect on {estimand(study)} of the programme, averaged over {over}."
