"""What every reader of another program's project gathers, and how its selections become codings that hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from joinedup.adapters.exchange.coordinates import Received, Selection, Span, says
from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import DEEPEST, RefusedError
from joinedup.study.hints import shown
from joinedup.texts.project import ImportReport, ProjectCode, ProjectCoding

_A_CODING = 1e-4
"""Processor time that a coding may take."""


@dataclass
class Findings:
    """The report while it is written."""

    losses: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    def report(self, counts: Mapping[str, int]) -> ImportReport:
        """The report; a sentence that was said twice stands once, with how often."""
        return ImportReport(tuple(self.losses), _once(self.flags), _once(self.choices), dict(counts))


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for sentence in sentences:
        counts[sentence] = counts.get(sentence, 0) + 1
    return tuple(said if count == 1 else f"{said} ({count} times)" for said, count in counts.items())


@dataclass(frozen=True, slots=True)
class Applied:
    """A code applied to a selection, by ids."""

    code: str
    coder: str = ""
    note: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Coded:
    """A selection with what was applied to it; `selection.text` is the text's id."""

    selection: Selection
    applied: tuple[Applied, ...]


def placed_codings(
    texts: Mapping[str, Received],
    coded: Sequence[Coded],
    spans: Sequence[Span | None],
    undecided: Collection[int],
    codes: Mapping[str, ProjectCode],
    findings: Findings,
) -> tuple[ProjectCoding, ...]:
    """The codings of all selections that have a place, verified; the others are losses, one sentence each."""
    found: dict[tuple[str, int, int, str, str], ProjectCoding] = {}
    order = {text: number for number, text in enumerate(texts)}
    for number, (item, span) in enumerate(zip(coded, spans, strict=True)):
        one = item.selection
        content = texts[one.text].frozen.content
        why = _why_not(span, number in undecided)
        if why or span is None:
            findings.losses += [f"{_coding_of(codes, applied, one)}: {why}." for applied in item.applied]
            continue
        quote = content[span[0] : span[1]]
        title = _title(one, quote, findings)
        for applied in item.applied:
            key = (one.text, *span, applied.code, applied.coder)
            made = ProjectCoding(
                one.text, *span, quote, applied.code, applied.coder, applied.note, title, applied.created
            )
            if key in found:
                made = _one_coding(found[key], made)
                once = made == found[key]
                findings.choices.append(
                    "A coding that the file holds twice was taken once."
                    if once
                    else "Notes on codings that the file holds twice were joined."
                )
            CLOCK.earn(_A_CODING)
            found[key] = made
    return tuple(sorted(found.values(), key=lambda c: (order[c.text], c.start, c.end, c.code, c.coder)))


def _one_coding(first: ProjectCoding, again: ProjectCoding) -> ProjectCoding:
    """A coding that a file holds twice: the first title stays, a second one and a second note go into the note."""
    further = (again.title if first.title else "", again.note)
    notes = dict.fromkeys((first.note, *(one for one in further if one not in (first.title, first.note))))
    return replace(first, title=first.title or again.title, note="\n\n".join(filter(None, notes)))


def _why_not(span: Span | None, undecided: bool) -> str:
    if undecided:
        return "two ways of counting positions fit the file equally well and disagree here, so it was not guessed"
    if span is None:
        return "its positions lie outside the text"
    return "it holds no character" if span[0] == span[1] else ""


def _coding_of(codes: Mapping[str, ProjectCode], applied: Applied, one: Selection) -> str:
    name = codes[applied.code].name if applied.code in codes else applied.code
    return f"Coding with {shown(name)} at {one.start}-{one.end} of {shown(one.text)}"


def _title(one: Selection, quote: str, findings: Findings) -> str:
    """The selection's name where it is not its words."""
    agrees = says(one.name, quote)
    if agrees is False:
        where = f"{one.start}-{one.end} of {shown(one.text)}"
        findings.flags.append(f"The selection {where} is named {shown(one.name)} but its words are {shown(quote)}.")
    return "" if agrees else one.name.strip()


def parents_first(above: dict[str, str], findings: Findings) -> list[str]:
    """Every id after the one above it. A circle is cut, in `above` too, where it is entered.

    Raises RefusedError where a code stands more than 200 levels deep.
    """
    depth: dict[str, int] = {"": 0}
    for id in above:
        chain = {} if id in depth else {id: None}
        at = id
        while chain and above[at] not in depth:
            if above[at] in chain:
                findings.flags.append(f"{shown(at)} lies below itself: it stands at the top now.")
                above[at] = ""
                break
            at = above[at]
            chain[at] = None
        for one in reversed(chain):
            depth[one] = depth[above[one]] + 1
            if depth[one] > DEEPEST:
                raise RefusedError("J335", limit=DEEPEST)
    return list(depth)[1:]
