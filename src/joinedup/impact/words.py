"""Sentences and rules that the designs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from weakref import ReferenceType, ref

from joinedup.impact.cells import Note, Sample, cells, lag_of, outcomes
from joinedup.impact.model import FEW as FEW
from joinedup.impact.model import DidFit, Estimate
from joinedup.impact.planned import is_exploratory
from joinedup.indicators.panel import changes_sentence
from joinedup.study.digest import digest
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Source, Table, Value

SMALL_COHORT = 10
"""Below this many sites a cohort's clustered error is too small: a cohort of 1, 2, 3 or 6 sites among 130 comparison
sites rejects a true null in 86, 37, 22 and 13% of samples at the 5% level (simulated)."""

SPELT_OUT = 3
"""More outcomes than this are summed up in a sentence, not listed."""
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number_word(number: int) -> str:
    """Whole numbers below ten in words."""
    return _WORDS[number] if number < len(_WORDS) else str(number)


def periods_phrase(number: int) -> str:
    return f"{number_word(number)} period{'' if number == 1 else 's'}"


class _Read:
    """What every design reads of the study that was asked for last: samples (or why there is none), inputs' digest."""

    def __init__(self) -> None:
        self._of: ReferenceType[Study] | None = None
        self._samples: dict[str, Sample | NotComputable] = {}
        self._inputs = ""

    def _turn_to(self, study: Study) -> None:
        if self._of is None or self._of() is not study:
            self._of, self._samples, self._inputs = ref(study), {}, ""

    def sample(self, study: Study, indicator: Indicator) -> Sample:
        self._turn_to(study)
        if indicator.id not in self._samples:
            try:
                self._samples[indicator.id] = cells(study, indicator, lag_of(study))
            except NotComputable as reason:
                self._samples[indicator.id] = reason
        found = self._samples[indicator.id]
        if isinstance(found, NotComputable):
            raise NotComputable(str(found))
        return found

    def inputs(self, study: Study) -> str:
        self._turn_to(study)
        self._inputs = self._inputs or digest(
            study.indicators, study.sites, study.programme, dict(study.plan("impact"))
        )
        return self._inputs


_read = _Read()


def inputs_of(study: Study) -> tuple[str]:
    """The digest of all that the designs read."""
    return (_read.inputs(study),)


def samples(study: Study, enough: Callable[[Sample], None] = lambda _: None) -> tuple[list[Sample], list[str]]:
    """The sample of every planned outcome that the design can take, and the sentence for each that it refuses.

    `enough` may refuse a sample by NotComputable.
    """
    taken, refused = [], []
    for indicator in outcomes(study):
        try:
            found = _read.sample(study, indicator)
            enough(found)
        except NotComputable as reason:
            refused.append(str(reason))
        else:
            taken.append(found)
    return taken, refused


def trusted(found: Sample, effect: Estimate | DidFit) -> dict[str, Value]:
    """Error, interval and p by clustering; all None where there are too few sites for them (see FEW)."""
    if min(found.n_programme, found.n_comparison) < FEW:
        return dict.fromkeys(("se", "low", "high", "p"))
    return {"se": effect.se, "low": effect.low, "high": effect.high, "p": effect.p}


def common_caveats(study: Study, taken: Sequence[Sample], refused: Sequence[str]) -> list[str]:
    """What the study declares, what was refused, what was left out, few sites and few periods."""
    grouped: dict[str, list[str]] = {}
    for found in taken:
        for text, detail in (*found.notes, *_cautions(found)):
            grouped.setdefault(text, []).append(f"{found.indicator.label}{f' ({detail})' if detail else ''}")
    declared = [str(text) for text in study.plan("impact").get("caveats", ())]
    told = [f"{text}: {'; '.join(labels)}." for text, labels in grouped.items()]
    return [*declared, *refused, *exploratory_caveats(study, taken), *told]


def _cautions(found: Sample) -> Iterator[Note]:
    if min(found.n_programme, found.n_comparison) < FEW:
        few = f"{found.n_programme} programme and {found.n_comparison} comparison sites"
        yield "Too few sites for an interval by clustering, so that only randomisation inference is given", few
    if len(found.after) < 3:
        yield f"{periods_phrase(len(found.after)).capitalize()} after the start is little to judge an effect by", ""
    if found.indicator.breaks:
        yield "The definition changed", ", ".join(found.indicator.breaks)


def exploratory_caveats(study: Study, taken: Sequence[Sample]) -> list[str]:
    """What the analysis plan does not hold is exploratory, and said to be."""
    if not study.plan("impact").get("outcomes"):
        return ["The analysis plan declares no outcomes ([plan.impact] outcomes): every estimate is exploratory."]
    labels = [found.indicator.label for found in taken if is_exploratory(study, found.indicator)]
    return [f"Exploratory, outside the plan's family of outcomes: {'; '.join(labels)}."] if labels else []


def sample_sentence(study: Study, taken: Sequence[Sample]) -> str:
    """Sites, periods and lag, for a methods section."""
    return (
        f"Sample: {_in_brief(taken) if len(taken) > SPELT_OUT else _one_by_one(taken)}. A period is treated if it begins "
        f"(a day: lies) {lag_of(study)} months or more after the site adopted."
    )


def _one_by_one(taken: Sequence[Sample]) -> str:
    return "; ".join(
        f"{found.indicator.label}{' (logarithm)' if found.logarithm else ''}, {found.n_programme} programme and "
        f"{found.n_comparison} comparison sites, {len(found.before)} periods before the start and {len(found.after)} treated"
        for found in taken
    )


def _in_brief(taken: Sequence[Sample]) -> str:
    return (
        f"{len(taken)} outcomes, {span([found.n_programme for found in taken])} programme and "
        f"{span([found.n_comparison for found in taken])} comparison sites, "
        f"{span([len(found.before) for found in taken])} periods before the start and "
        f"{span([len(found.after) for found in taken])} treated"
    )


def span(numbers: Sequence[int]) -> str:
    """The smallest and the largest of whole numbers, in words."""
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


def sample_caveats(study: Study, taken: Sequence[Sample]) -> list[str]:
    """What was done about areas that changed, and how many sites are left out."""
    excluded = [site for site in study.sites if site.excluded]
    told = [f"{len(excluded)} sites are left out, each with a reason."] if excluded else []
    changed = changes_sentence(study, [found.indicator.id for found in taken])
    return [*told, *([changed] if changed else [])]


def sources_of(taken: Sequence[Sample]) -> dict[str, tuple[Source, ...]]:
    return {key_part(found.indicator.id): found.sources for found in taken}


def unit_of(found: Sample) -> str:
    return "log points" if found.logarithm else found.indicator.unit


def refused_table(refused: Sequence[str]) -> Table:
    columns = (("reason", "Refused, and why"),)
    return Table("refused", "Outcomes for which the design is not defensible", columns, tuple((r,) for r in refused))
