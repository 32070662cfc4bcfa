"""Two coders: the first follows the bank, the second reads a quarter of the interviews and sees some of it otherwise."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from chance import shuffled, stream
from interviews import Transcript

CODER1, CODER2 = "coder1", "coder2"
PHASE = "independent"
SECOND_READ = 27
CONTEXT = 32
CLEARED_SHARE = 0.3
CLEARED_FIRST = 2
DIFFERENCES: Mapping[str, tuple[float, float, str]] = {
    # code: share of turns missed, share given another code, that other code
    "endorsement": (0.22, 0.08, "whole_child"),
    "targeted_provision": (0.23, 0.12, "universal_provision"),
    "universal_provision": (0.18, 0.1, "targeted_provision"),
    "body_scope": (0.27, 0.08, "founding_reasons"),
    "founding_reasons": (0.22, 0.08, "endorsement"),
    "keeping_safe_complex": (0.14, 0.16, "keeping_safe_demanding"),
    "keeping_safe_demanding": (0.16, 0.14, "keeping_safe_complex"),
    "professional_traditions": (0.18, 0.12, "sectoral_view"),
    "whole_child": (0.2, 0.12, "professional_traditions"),
    "sectoral_view": (0.22, 0.14, "professional_traditions"),
}
MOVED_SHARE = 0.3


@dataclass(frozen=True, order=True)
class Mark:
    """A coding of the half-open span [start, end) of a text."""

    text: str
    start: int
    end: int
    code: str
    coder: str
    cleared: bool = False


def first_coder(found: Iterable[Transcript]) -> list[Mark]:
    """The bank's labels: the whole utterance its theme, and passages within it."""
    return [Mark(t.id, start, end, code, CODER1) for t in found for start, end, code in t.spans]


def second_reading(found: list[Transcript]) -> list[Transcript]:
    """The interviews that both coders read, a quarter of all."""
    chosen = {t.id for t in shuffled(stream("second reading"), found)[:SECOND_READ]}
    return [t for t in found if t.id in chosen]


def second_coder(found: list[Transcript], first: list[Mark]) -> list[Mark]:
    """What the second coder made of the same interviews: misses, other codes, other ends."""
    rng = stream("second coder")
    turns = {t.id: t.turns for t in found}
    groups: dict[tuple[str, str, tuple[int, int]], list[Mark]] = {}
    for mark in first:
        if mark.text in turns:
            turn = next(turn for turn in turns[mark.text] if turn[0] <= mark.start and mark.end <= turn[1])
            groups.setdefault((mark.code, mark.text, turn), []).append(mark)
    content = {t.id: t.content for t in found}
    marks = []
    for code, (missed, swapped, other) in DIFFERENCES.items():
        keys = shuffled(rng, [key for key in groups if key[0] == code])
        lost, changed = round(missed * len(keys)), round(swapped * len(keys))
        for index, key in enumerate(keys[lost:]):
            new = other if index < changed else code
            marks += [_moved(rng, mark, new, content[mark.text]) for mark in groups[key]]
    return list(dict.fromkeys(marks))


def _moved(rng: Random, mark: Mark, code: str, content: str) -> Mark:
    """The mark of the second coder: at times it begins at the second sentence or ends before the last."""
    start, end = mark.start, mark.end
    stop = content.find(". ", start, end)
    if rng.random() < MOVED_SHARE and 0 < stop < end - 20:
        start, end = (stop + 2, end) if rng.random() < 0.5 else (start, stop + 1)
    return Mark(mark.text, start, end, code, CODER2)


def cleared(marks: list[Mark], professions: Mapping[str, str], cited: Container[tuple[str, int]]) -> list[Mark]:
    """Clears some of the first coder's quotes: two of every code and profession, a share of the others, and the `cited`.

    `cited` holds (text, start) of the passages that findings cite.
    """
    rng = stream("cleared")
    seen: dict[tuple[str, str], int] = {}
    found = []
    for mark in sorted(marks):
        key = (mark.code, professions.get(mark.text, ""))
        chance = rng.random()
        whole = mark.end - mark.start > 60
        wanted = (mark.text, mark.start) in cited or seen.get(key, 0) < CLEARED_FIRST or chance < CLEARED_SHARE
        clear = mark.coder == CODER1 and whole and wanted
        seen[key] = seen.get(key, 0) + (1 if clear else 0)
        found.append(Mark(mark.text, mark.start, mark.end, mark.code, mark.coder, clear))
    return found


def coding_rows(marks: Iterable[Mark], content: Mapping[str, str]) -> list[dict[str, object]]:
    """The lines of codings.jsonl, sorted."""
    rows = []
    for mark in sorted(marks):
        text = content[mark.text]
        row: dict[str, object] = {
            "text": mark.text,
            "start": mark.start,
            "end": mark.end,
            "quote": text[mark.start : mark.end],
            "code": mark.code,
            "coder": mark.coder,
            "phase": PHASE,
            "prefix": text[max(0, mark.start - CONTEXT) : mark.start],
            "suffix": text[mark.end : mark.end + CONTEXT],
        }
        rows.append(row | ({"cleared": True} if mark.cleared else {}))
    return rows
