"""Sentences and rules that the designs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from joinedup.impact.cells import Note, Sample, cells, lag_of, outcomes
from joinedup.impact.model import FEW as FEW
from joinedup.impact.model import DidFit, Estimate
from joinedup.indicators.panel import changes_sentence, sources
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Source, Table, Value

SMALL_COHORT = 10
"""Below this many sites a cohort's clustered error is too small: a cohort of 1, 2, 3 or 6 sites among 130 comparison
sites rejects a true null in 86, 37, 22 and 13% of samples at the 5% level (simulated)."""

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number_word(number: int) -> str:
    """Whole numbers below ten in words."""
    return _WORDS[number] if number < len(_WORDS) else str(number)


def periods_phrase(number: int) -> str:
    return f"{number_word(number)} period{'' if number == 1 else 's'}"


def samples(study: Study, enough: Callable[[Sample], None] = lambda _: None) -> tuple[list[Sample], list[str]]:
    """The sample of every planned outcome that the design can take, and the sentence for each that it refuses.

    `enough` may refuse a sample by NotComputable.
    """
    taken, refused = [], []
    for indicator in outcomes(study):
        try:
            found = cells(study, indicator, lag_of(study))
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
    return [*declared, *refused, *(f"{text}: {'; '.join(labels)}." for text, labels in grouped.items())]


def _cautions(found: Sample) -> Iterator[Note]:
    if min(found.n_programme, found.n_comparison) < FEW:
        few = f"{found.n_programme} programme and {found.n_comparison} comparison sites"
        yield "Too few sites for an interval by clustering, so that only randomisation inference is given", few
    if len(found.after) < 3:
        yield f"{periods_phrase(len(found.after)).capitalize()} after the start is little to judge an effect by", ""
    if found.indicator.breaks:
        yield "The definition changed", ", ".join(found.indicator.breaks)


def sample_sentence(study: Study, taken: Sequence[Sample]) -> str:
    """Sites, periods, lag, exclusions and boundary changes, for a methods section."""
    parts = []
    for found in taken:
        unit = "its logarithm" if found.logarithm else "its unit"
        parts.append(
            f"{found.indicator.label} (in {unit}): {found.n_programme} programme and {found.n_comparison} comparison "
            f"sites, {len(found.before)} periods before the start and {len(found.after)} treated"
        )
    excluded = [site for site in study.sites if site.excluded]
    text = (
        f"Sample: {'; '.join(parts)}. A period is treated if it begins (a day: lies) at least {lag_of(study)} months "
        f"after the site adopted. Marked and missing cells stay gaps."
    )
    if excluded:
        text += f" {len(excluded)} sites are left out, each with a reason."
    return " ".join(filter(None, (text, changes_sentence(study, [found.indicator.id for found in taken]))))


def sources_of(taken: Sequence[Sample]) -> dict[str, tuple[Source, ...]]:
    return {key_part(found.indicator.id): sources(found.frame) for found in taken}


def unit_of(found: Sample) -> str:
    return "log points" if found.logarithm else found.indicator.unit


def refused_table(refused: Sequence[str]) -> Table:
    columns = (("reason", "Refused, and why"),)
    return Table("refused", "Outcomes for which the design is not defensible", columns, tuple((r,) for r in refused))
