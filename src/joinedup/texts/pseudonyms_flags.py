"""Flags: every place that may give somebody away, with a proposal; a person decides each, in a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.result import Table
from joinedup.study.spreadsheet_cells import unmarked
from joinedup.study.texts import Text
from joinedup.texts.passages import CONTEXT, context
from joinedup.texts.pseudonyms import Entry, Names, everyday_words
from joinedup.texts.pseudonyms_patterns import find_patterns
from joinedup.texts.pseudonyms_sweep import sweep

REPLACE, KEEP, OPEN = "replace", "keep", ""
COLUMNS = ("decision", "replacement", "found", "kind", "text", "start", "end", "before", "after")


@dataclass(frozen=True, slots=True)
class Flag:
    """[start, end) of a text, what stands there, what it may be, what would stand for it, and what was decided.

    `decision` is `replace`, `keep` or empty (nobody has decided); what is certain is proposed as `replace`.
    """

    text: str
    start: int
    end: int
    found: str
    kind: str
    replacement: str
    decision: str = OPEN

    @property
    def place(self) -> tuple[str, int, int]:
        return self.text, self.start, self.end


def flag_study(study: Study, key: Iterable[Entry]) -> tuple[Flag, ...]:
    """The flags of every text, sorted by kind, words and place, so that the same words stand together."""
    everyday = everyday_words(text.content for text in study.texts.texts)
    names = Names(key, everyday)
    labels: dict[str, set[str]] = {}
    for speaker in study.texts.speakers:
        labels.setdefault(speaker.text, set()).add(speaker.speaker)
    found = [
        flag
        for text in study.texts.texts
        for flag in flag_text(text, names, everyday, frozenset(labels.get(text.id, ())))
    ]
    return tuple(sorted(found, key=lambda flag: (flag.kind, flag.found.casefold(), flag.found, flag.place)))


def flag_text(text: Text, names: Names, everyday: frozenset[str], labels: frozenset[str] = frozenset()) -> list[Flag]:
    """The flags of one text in order; none overlap, and together they cover every name, pattern and swept word."""
    content = text.content
    found: list[Flag] = []
    for name in names.find(content):
        proposed = name.pseudonyms[0] if len(name.pseudonyms) == 1 else ""
        found.append(_flag(text, name.start, name.end, name.kind, proposed, name.certain))
    for pattern in find_patterns(content):
        found.append(_flag(text, pattern.start, pattern.end, pattern.kind, pattern.replacement, pattern.certain))
    kept = _joined(text, found)
    for (start, end), kind in sweep(content, everyday, labels):
        kept += [_flag(text, *part, kind, f"[{kind}]", False) for part in _uncovered(kept, start, end, content)]
    return sorted(kept, key=lambda flag: flag.start)


def _flag(text: Text, start: int, end: int, kind: str, replacement: str, certain: bool) -> Flag:
    return Flag(text.id, start, end, text.content[start:end], kind, replacement, REPLACE if certain else OPEN)


def _joined(text: Text, found: list[Flag]) -> list[Flag]:
    """Flags that overlap made one, of the longest one's kind; what one covers, all of it is covered."""
    kept: list[Flag] = []
    for flag in sorted(found, key=lambda flag: (flag.start, -flag.end)):
        if kept and flag.start < kept[-1].end:
            last = kept[-1]
            longest = flag if flag.end - flag.start > last.end - last.start else last
            end = max(last.end, flag.end)
            kept[-1] = replace(longest, start=last.start, end=end, found=text.content[last.start : end])
        else:
            kept.append(flag)
    return kept


def _uncovered(kept: list[Flag], start: int, end: int, content: str) -> Iterator[tuple[int, int]]:
    """The parts of [start, end) that no flag covers and that hold a capital or a digit."""
    at = start
    inside = sorted((flag.start, flag.end) for flag in kept if flag.start < end and start < flag.end)
    for low, high in (*inside, (end, end)):
        part = content[at:low]
        trimmed = part.strip(" \u00a0'\u2019-")
        if trimmed and trimmed != "s" and any(sign.isupper() or sign.isdigit() for sign in trimmed):
            first = at + part.index(trimmed)
            yield first, first + len(trimmed)
        at = max(at, high)


def flag_table(study: Study, flags: Iterable[Flag]) -> Table:
    """The table that a person fills in: one row a flag, decisions in the first column, the words around at the end."""
    rows = []
    for flag in flags:
        before, after = context(study.text_by_id[flag.text].content, flag.start, flag.end, CONTEXT)
        around = (before.replace("\n", " "), after.replace("\n", " "))
        rows.append((flag.decision, flag.replacement, flag.found, flag.kind, *flag.place, *around))
    return Table("flags", "Flags", tuple((name, name.title()) for name in COLUMNS), tuple(rows))


def read_decisions(table: str) -> Mapping[tuple[str, int, int], tuple[str, str]]:
    """Place -> (decision, replacement) from the table as it came back; UsageError with the row that can't be read.

    Commas or semicolons separate the cells, as spreadsheets write them.
    """
    text = table.removeprefix("\ufeff")
    header = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    missing = [
        name for name in ("decision", "replacement", "text", "start", "end") if name not in (rows.fieldnames or ())
    ]
    if missing:
        raise UsageError(f"The table of flags has no column {', '.join(missing)}: flag the study anew.")
    found = {}
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        decision = cells["decision"].casefold()
        if decision not in (REPLACE, KEEP, OPEN):
            raise UsageError(
                f"Row {rows.line_num} of the flags: {cells['decision']!r} is no decision. Write replace or keep."
            )
        if not (cells["start"].isdecimal() and cells["end"].isdecimal()):
            raise UsageError(f"Row {rows.line_num} of the flags: start and end are no whole numbers.")
        found[cells["text"], int(cells["start"]), int(cells["end"])] = (decision, cells["replacement"])
    return found


def decided(flags: Iterable[Flag], decisions: Mapping[tuple[str, int, int], tuple[str, str]]) -> tuple[Flag, ...]:
    """`flags` with what was decided of them; a flag that the table lacks keeps its proposal."""
    return tuple(
        replace(flag, decision=decisions[flag.place][0], replacement=unmarked(decisions[flag.place][1]))
        if flag.place in decisions
        else flag
        for flag in flags
    )


def check_decided(flags: Iterable[Flag], decisions: Mapping[tuple[str, int, int], tuple[str, str]]) -> None:
    """UsageError unless the table decides every flag of the study and nothing else."""
    listed = tuple(flags)
    unlisted = sum(flag.place not in decisions for flag in listed)
    strange = len(decisions.keys() - {flag.place for flag in listed})
    if unlisted or strange:
        raise UsageError(
            f"The table of flags is not of this study and key as they are now: {unlisted} flags are not in it, {strange} of "
            f"its rows are no flags. Flag the study anew; decisions for places that did not change are taken over."
        )
    undecided = [flag for flag in listed if flag.decision == OPEN]
    if undecided:
        first = undecided[0]
        raise UsageError(
            f"{len(undecided)} of {len(listed)} flags are not decided, the first in {first.text} at {first.start}. A person "
            f"decides each: write replace or keep in the column `decision`."
        )
    empty = [flag for flag in listed if flag.decision == REPLACE and not flag.replacement.strip()]
    if empty:
        raise UsageError(
            f"{len(empty)} flags are to be replaced by nothing, the first in {empty[0].text} at {empty[0].start}. Write what "
            f"stands for it in the column `replacement`."
        )
