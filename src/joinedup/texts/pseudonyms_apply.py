"""Pseudonymising a study: its texts with the decided replacements, and everything that refers to their characters."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from joinedup.study.finding import Claim
from joinedup.study.model import Study, Texts
from joinedup.study.problems import UsageError
from joinedup.study.texts import Anchor, Coding, Decision, Framework, Memo, Passage, Speaker, Text
from joinedup.texts.anchors import kind_of
from joinedup.texts.framework import CURRENT, framework_cells
from joinedup.texts.offsets import Edited
from joinedup.texts.passages import context
from joinedup.texts.pseudonyms_flags import REPLACE, Flag
from joinedup.texts.turns import turns

Edits = Mapping[str, Edited]


def pseudonymise(study: Study, flags: Iterable[Flag]) -> Study:
    """`study` with every flag that is to be replaced replaced; codings, citations, memos and claims go along.

    A text that changes gets a new SHA-256 and loses its file as received and the name of its source. A passage whose
    edge lies in a replaced name grows to hold the whole replacement; no coding is lost. Summaries of the framework
    matrix that were current stay so. Raises UsageError where a speaker's label is replaced here and kept there.
    """
    edits = edits_of(study, flags)
    read = {(cell.case, cell.code) for cell in framework_cells(study) if cell.state == CURRENT}
    files = {name: data for name, data in study.files.items() if not _received(name, study, edits)}
    found = replace(
        study,
        texts=_texts(study, edits),
        claims=tuple(_claim(claim, edits) for claim in study.claims),
        files=files,
    )
    return _still_current(found, read)


def edits_of(study: Study, flags: Iterable[Flag]) -> Edits:
    """Text -> its edits, for texts with at least one flag that is to be replaced."""
    by_text: dict[str, list[tuple[int, int, str]]] = {}
    for flag in flags:
        if flag.decision == REPLACE:
            by_text.setdefault(flag.text, []).append((flag.start, flag.end, flag.replacement))
    edits = {text: Edited.of(study.text_by_id[text].content, made) for text, made in sorted(by_text.items())}
    for text, edited in edits.items():
        if not unicodedata.is_normalized("NFC", edited.content):
            raise UsageError(
                f"A replacement in {text} begins with a mark that melts into the sign before it: write it anew."
            )
    return edits


def _received(name: str, study: Study, edits: Edits) -> bool:
    """Whether a file of the study is one as received of a text that changes."""
    path = PurePosixPath(name)
    if path.parts[:2] != ("texts", "files"):
        return False
    sources = {study.text_by_id[text].source for text in edits}
    return path.stem in edits or path.name in sources or str(PurePosixPath(*path.parts[2:])) in sources


def _texts(study: Study, edits: Edits) -> Texts:
    texts = study.texts
    return replace(
        texts,
        texts=tuple(_text(text, edits) for text in texts.texts),
        speakers=_speakers(study, edits),
        codings=tuple(_coding(coding, edits) for coding in texts.codings),
        framework=_framework(texts.framework, edits),
        memos=tuple(_memo(memo, edits) for memo in texts.memos),
        decisions=tuple(_decision(item, edits) for item in texts.decisions),
        anchors=tuple(_anchors(study, edits)),
    )


def _text(text: Text, edits: Edits) -> Text:
    if text.id not in edits:
        return text
    content = edits[text.id].content
    return replace(text, content=content, sha256=hashlib.sha256(content.encode("utf-8")).hexdigest(), source="")


def _anchors(study: Study, edits: Edits) -> Iterator[Anchor]:
    """The anchors of every version of a text, moved where its words are edited; earlier versions hold the names."""
    of: dict[str, list[Text]] = {}
    for text in study.texts.texts:
        of.setdefault(text.sha256, []).append(text)
    for anchor in study.texts.anchors:
        texts = [text for text in of.get(anchor.sha256, ()) if anchor.text in ("", text.id)]
        if not texts or any(text.id not in edits for text in texts):
            yield anchor
        if kind_of(anchor.place) != "byte":  # counting bytes on over a pseudonym would mislead
            edited = [text for text in texts if text.id in edits]
            moved = {(_text(one, edits).sha256, edits[one.id].start(anchor.at)) for one in edited}
            yield from (replace(anchor, sha256=sha256, at=at) for sha256, at in sorted(moved))


def _passage(passage: Passage, edits: Edits) -> Passage:
    return edits[passage.text].passage(passage) if passage.text in edits else passage


def _coding(coding: Coding, edits: Edits) -> Coding:
    if coding.passage.text not in edits:
        return coding
    passage = _passage(coding.passage, edits)
    around = context(edits[passage.text].content, passage.start, passage.end)
    prefix, suffix = (new if old else "" for new, old in zip(around, (coding.prefix, coding.suffix), strict=True))
    return replace(coding, passage=passage, prefix=prefix, suffix=suffix)


def _speakers(study: Study, edits: Edits) -> tuple[Speaker, ...]:
    """The labels as they stand in the new texts."""
    names: dict[tuple[str, str], str] = {}
    for text, edited in edits.items():
        declared = frozenset(row.speaker for row in study.texts.speakers if row.text == text)
        for turn in turns(study.text_by_id[text], declared):
            start, end = edited.span(turn.start, turn.start + len(turn.speaker))
            label = edited.content[start:end]
            if names.setdefault((text, turn.speaker), label) != label:
                raise UsageError(
                    f"In {text} a speaker's label is replaced in one place and not, or otherwise, in another: decide its flags alike."
                )
    return tuple(replace(row, speaker=names.get((row.text, row.speaker), row.speaker)) for row in study.texts.speakers)


def _framework(framework: Framework, edits: Edits) -> Framework:
    cells = (replace(cell, cites=tuple(_passage(cite, edits) for cite in cell.cites)) for cell in framework.cells)
    return replace(framework, cells=tuple(cells))


def _memo(memo: Memo, edits: Edits) -> Memo:
    kind, _, rest = memo.on.partition(":")
    text, _, span = rest.rpartition(":")
    if kind != "passage" or text not in edits:
        return memo
    low, _, high = span.partition("-")
    start, end = edits[text].span(int(low), int(high))
    return replace(memo, on=f"passage:{text}:{start}-{end}")


def _decision(item: Decision, edits: Edits) -> Decision:
    if item.text not in edits:
        return item
    start, end = edits[item.text].span(item.start, item.end)
    return replace(item, start=start, end=end)


def _claim(claim: Claim, edits: Edits) -> Claim:
    evidence = (
        replace(piece, passage=_passage(piece.passage, edits)) if piece.passage else piece for piece in claim.evidence
    )
    return replace(claim, evidence=tuple(evidence))


def _still_current(study: Study, read: set[tuple[str, str]]) -> Study:
    """The summaries that were current, with the digest of their passages as they now read."""
    if not read:
        return study
    digests = {(cell.case, cell.code): cell.digest for cell in framework_cells(study)}
    framework = study.texts.framework
    cells = tuple(
        replace(cell, digest=digests[cell.case, cell.code]) if (cell.case, cell.code) in read else cell
        for cell in framework.cells
    )
    return replace(study, texts=replace(study.texts, framework=replace(framework, cells=cells)))
