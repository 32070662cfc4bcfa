"""What stands beside texts and was withdrawn with them: memos, values, cases, sets, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from joinedup.study.model import Texts
from joinedup.study.texts import Memo
from joinedup.study.withdrawals import blanked
from joinedup.texts.anchors import without_bytes
from joinedup.texts.spans import Span

_RECOGNISED = 24
"""Characters in one piece that are taken for somebody's words; shorter pieces are everybody's."""
_PASSAGE = re.compile(r"passage:(.+):(\d+)-(\d+)")


@dataclass(frozen=True)
class Gone:
    """What was withdrawn: `people`, the `whole` texts, the spans of each text, and all their `words`."""

    people: Collection[str]
    whole: Collection[str]
    spans: Mapping[str, tuple[Span, ...]]
    words: str

    @cached_property
    def _pieces(self) -> frozenset[str]:
        return frozenset(self.words[at : at + _RECOGNISED] for at in range(max(0, len(self.words) - _RECOGNISED + 1)))

    def without(self, written: str) -> str:
        """`written` with every piece that repeats withdrawn words blanked."""
        starts = [at for at in range(len(written) - _RECOGNISED + 1) if written[at : at + _RECOGNISED] in self._pieces]
        signs = list(written)
        for at in starts:
            signs[at : at + _RECOGNISED] = blanked(written[at : at + _RECOGNISED])
        return "".join(signs)


def without_notes(texts: Texts, gone: Gone) -> Texts:
    """`texts` without the memos, values, cases, sets' members and places of what was withdrawn.

    A text belongs to those who withdrew where it was withdrawn whole or nobody else speaks in it; a case does where it
    bears the person's id or all its texts belong to them. What others wrote elsewhere stays, but for withdrawn words
    that it repeats.
    """
    own = _own_texts(texts, gone)
    cases = _own_cases(texts, gone, own)
    left = {f"text:{id}" for id in own} | {f"case:{name}" for name in cases}
    left |= {f"person:{id}" for id in gone.people}
    digests = {text.sha256 for text in texts.texts if text.id in gone.whole}
    blank = frozenset(text.sha256 for text in texts.texts if gone.spans.get(text.id))
    kept: Callable[[str], str] = gone.without
    return replace(
        texts,
        memos=tuple(
            replace(memo, memo=kept(memo.memo)) for memo in texts.memos if memo.on not in left and _stays(memo, gone)
        ),
        variables=tuple(replace(one, value=kept(one.value)) for one in texts.variables if one.on not in left),
        cases=tuple(
            replace(one, description=kept(one.description))
            for one in texts.cases
            if one.case not in cases and one.text not in own
        ),
        sets=tuple(replace(one, description=kept(one.description)) for one in texts.sets if one.member not in left),
        anchors=tuple(
            anchor
            for anchor in without_bytes(texts.anchors, blank)
            if (anchor.text not in gone.whole if anchor.text else anchor.sha256 not in digests)
        ),
    )


def _own_texts(texts: Texts, gone: Gone) -> set[str]:
    speak: dict[str, set[str]] = {}
    for one in texts.speakers:
        if one.person:
            speak.setdefault(one.text, set()).add(one.person)
    return set(gone.whole) | {text for text, people in speak.items() if people <= set(gone.people)}


def _own_cases(texts: Texts, gone: Gone, own: Collection[str]) -> set[str]:
    held: dict[str, set[str]] = {}
    for one in texts.cases:
        held.setdefault(one.case, set()).update({one.text} if one.text else ())
    return set(gone.people) | {case for case, ids in held.items() if ids and ids <= set(own)}


def _stays(memo: Memo, gone: Gone) -> bool:
    """Whether a memo is on no passage that shares a character with withdrawn words."""
    found = _PASSAGE.fullmatch(memo.on)
    if found is None:
        return True
    start, end = int(found[2]), int(found[3])
    return not any(start < last and first < end for first, last in gone.spans.get(found[1], ()))
