"""Adjudication: where coders who worked apart differ, what was decided there, and the codings that follow.

Double coding has three phases (study/texts.py): coders work apart, then compare and decide, then a text is complete.
Agreement is always computed on the first; the codings that are reported are the decided ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from joinedup.study.model import Study
from joinedup.study.texts import CODED, CONSOLIDATING, Coding, Decision, Passage, Text
from joinedup.texts.passages import context
from joinedup.texts.phases import made_apart, readers
from joinedup.texts.spans import Span, merge

_Item = TypeVar("_Item")
_Key = TypeVar("_Key")
ALONE, BOUNDARIES = "not all coded it", "other boundaries"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A stretch of a text where coders differ on one code.

    [start, end) is the union of codings that overlap one another. `codings` holds what each coder who read the text
    coded there with the code (possibly nothing), `others` the other codes that each gave to any of it. `decisions` are
    those that stand there; it is settled where every coding is.
    """

    text: str
    start: int
    end: int
    code: str
    codings: Mapping[str, tuple[Coding, ...]]
    others: Mapping[str, tuple[str, ...]]
    decisions: tuple[Decision, ...] = ()

    @property
    def kind(self) -> str:
        """Whether a coder did not use the code there at all, or all did with other boundaries."""
        return BOUNDARIES if all(self.codings.values()) else ALONE

    @property
    def settled(self) -> bool:
        """Whether every coding of the stretch is settled by a decision."""
        return all(
            any(_meets(decision, coding) for decision in self.decisions)
            for found in self.codings.values()
            for coding in found
        )


def study_disagreements(study: Study) -> tuple[Disagreement, ...]:
    """Every disagreement of a study's planned coders; NotComputable where the plan names no phase of coding apart."""
    return disagreements(study.texts.texts, readers(study), made_apart(study), study.texts.decisions)


def disagreements(
    texts: Iterable[Text],
    given: Mapping[str, Sequence[str]],
    codings: Iterable[Coding],
    decisions: Iterable[Decision] = (),
) -> tuple[Disagreement, ...]:
    """Every disagreement in `texts`, by text, place and code.

    `given` maps a text to the coders who were given it; texts of fewer than two are left out. `codings` are those
    of the independent phase. Spans that agree to the character, once touching ones are joined, are no disagreement.
    """
    standing_by = _grouped(standing(decisions), lambda item: (item.text, item.code))
    by_text = _grouped(codings, lambda coding: coding.passage.text)
    found: list[Disagreement] = []
    for text in texts:
        coders = tuple(given.get(text.id, ()))
        mine = [coding for coding in by_text.get(text.id, ()) if coding.coder in coders]
        if len(coders) > 1:
            found += _in_text(text.id, coders, mine, standing_by)
    return tuple(found)


def _in_text(
    text: str,
    coders: tuple[str, ...],
    codings: list[Coding],
    standing_by: Mapping[tuple[str, str], list[Decision]],
) -> list[Disagreement]:
    found = []
    for code, own in _grouped(codings, lambda coding: coding.code).items():
        for start, end, together in _stretches(own):
            by_coder = {coder: tuple(c for c in together if c.coder == coder) for coder in coders}
            if len({_spans(items) for items in by_coder.values()}) > 1:
                others = {coder: _others(codings, coder, code, (start, end)) for coder in coders}
                there = [d for d in standing_by.get((text, code), ()) if d.start < end and start < d.end]
                found.append(Disagreement(text, start, end, code, by_coder, others, tuple(there)))
    return sorted(found, key=lambda item: (item.start, item.end, item.code))


def _stretches(codings: Iterable[Coding]) -> Iterator[tuple[int, int, tuple[Coding, ...]]]:
    """Codings that overlap one another, directly or through others."""
    together: list[Coding] = []
    end = -1
    for coding in sorted(codings, key=lambda c: (c.passage.start, c.passage.end, c.coder)):
        if together and coding.passage.start >= end:
            yield together[0].passage.start, end, tuple(together)
            together = []
        end = max(end, coding.passage.end) if together else coding.passage.end
        together.append(coding)
    if together:
        yield together[0].passage.start, end, tuple(together)


def _spans(codings: Iterable[Coding]) -> tuple[Span, ...]:
    return merge((coding.passage.start, coding.passage.end) for coding in codings)


def _others(codings: Iterable[Coding], coder: str, code: str, span: Span) -> tuple[str, ...]:
    start, end = span
    here = (c for c in codings if c.coder == coder and c.passage.start < end and start < c.passage.end)
    return tuple(sorted({coding.code for coding in here} - {code}))


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that stand: of two on one code that share a character the later line holds."""
    kept: list[Decision] = []
    for decision in decisions:
        kept = [one for one in kept if not _supersedes(decision, one)]
        kept.append(decision)
    return tuple(kept)


def _supersedes(later: Decision, earlier: Decision) -> bool:
    same = (later.text, later.code) == (earlier.text, earlier.code)
    return same and later.start < earlier.end and earlier.start < later.end


def _meets(decision: Decision, coding: Coding) -> bool:
    span = coding.passage
    same = (decision.text, decision.code) == (span.text, coding.code)
    return same and decision.start < span.end and span.start < decision.end


def adjudicated(
    codings: Sequence[Coding], decisions: Sequence[Decision], texts: Mapping[str, Text]
) -> tuple[Coding, ...]:
    """`codings` after `decisions`: what they settle is gone, what they decided to be coded is there.

    A decided coding bears the name of who decided, the reason as its note, and the row of the first coding that it
    settles; its quote is cleared where a cleared coding held all of it. Without decisions nothing changes.
    """
    stand = [decision for decision in standing(decisions) if decision.text in texts]
    by_key = _grouped(stand, lambda decision: (decision.text, decision.code))
    settled: dict[Decision, list[Coding]] = {decision: [] for decision in stand}
    kept: list[Coding] = []
    for coding in codings:
        over = [d for d in by_key.get((coding.passage.text, coding.code), ()) if _meets(d, coding)]
        for decision in over:
            settled[decision].append(coding)
        if not over:
            kept.append(coding)
    decided = [_decided(texts[d.text], d, settled[d]) for d in stand if d.decision == CODED]
    return (*kept, *decided)


def _decided(text: Text, decision: Decision, over: Sequence[Coding]) -> Coding:
    start, end = decision.start, decision.end
    prefix, suffix = context(text.content, start, end)
    passage = Passage(text.id, start, end, text.content[start:end])
    cleared = any(c.cleared and c.passage.start <= start and end <= c.passage.end for c in over)
    found = Coding(passage, decision.code, decision.by, CONSOLIDATING, prefix, suffix, decision.reason, cleared=cleared)
    return replace(found, row=min((coding.row for coding in over), default=0))


def _grouped(items: Iterable[_Item], key: Callable[[_Item], _Key]) -> dict[_Key, list[_Item]]:
    found: dict[_Key, list[_Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
