"""A study without what was withdrawn: words blanked in their places, codings on them gone, answers taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from joinedup.study.finding import Claim, Evidence
from joinedup.study.model import Study, Survey, Texts
from joinedup.study.texts import Code, FrameworkCell, Passage, Text
from joinedup.study.withdrawals import blanked
from joinedup.texts.spans import Span
from joinedup.texts.turns import turns
from joinedup.texts.withdrawn_notes import Gone, without_notes

if TYPE_CHECKING:
    import pyarrow as pa

_SHORTEST = 12
"""Characters from which on an example of the codebook can be recognised as somebody's words."""


def without_withdrawn(study: Study) -> Study:
    """`study` as every analysis, export and report may see it.

    The words of a person who withdrew are blanked in every text that they speak in (characters keep their places), a
    text that was withdrawn is blanked whole. Codings, decisions and citations that share a character with them go;
    a quote of a claim, of a declaration in synthesis/ or of the codebook that holds them is blanked, and with it what
    is cited counts as gone. A person who withdrew speaks no more: nobody is counted for them. Memos, values of variables,
    cases and members of sets that belong to them go too (see `withdrawn_notes`). Answers to the survey go where the
    withdrawal says so. The files stay what they are.
    """
    if not study.withdrawals:
        return study
    spans = _spans(study)
    texts = tuple(_blank(text, spans.get(text.id, ())) for text in study.texts.texts)
    words = [text.content[start:end] for text in study.texts.texts for start, end in spans.get(text.id, ())]
    people = {one.person for one in study.withdrawals if one.person}
    whole = {one.text for one in study.withdrawals if one.text}
    gone = Gone(people, whole, spans, "\n".join(words))
    return replace(
        study,
        texts=_texts(without_notes(study.texts, gone), texts, spans, gone.words, people),
        survey=_survey(study.survey, {one.person for one in study.withdrawals if one.responses}),
        claims=tuple(_claim(claim, spans) for claim in study.claims),
        synthesis={name: _declared(data, spans) for name, data in study.synthesis.items()},
    )


def _spans(study: Study) -> dict[str, tuple[Span, ...]]:
    """Text -> what of it was withdrawn."""
    whole = {one.text for one in study.withdrawals if one.text}
    gone = {one.person for one in study.withdrawals if one.person}
    found: dict[str, tuple[Span, ...]] = {}
    for text in study.texts.texts:
        said = {one.speaker: one.person for one in study.texts.speakers if one.text == text.id}
        if text.id in whole:
            found[text.id] = ((0, len(text.content)),)
        elif gone & set(said.values()):
            spoken = turns(text, frozenset(said))
            found[text.id] = tuple((turn.words, turn.end) for turn in spoken if said[turn.speaker] in gone)
    return found


def _shares(passage: Passage, spans: Mapping[str, tuple[Span, ...]]) -> bool:
    return any(passage.start < end and start < passage.end for start, end in spans.get(passage.text, ()))


def _blank(text: Text, spans: Iterable[Span]) -> Text:
    content = text.content
    for start, end in spans:
        content = content[:start] + blanked(content[start:end]) + content[end:]
    return replace(text, content=content)


def _texts(
    texts: Texts, contents: tuple[Text, ...], spans: Mapping[str, tuple[Span, ...]], words: str, gone: set[str]
) -> Texts:
    cells = texts.framework.cells
    return replace(
        texts,
        texts=contents,
        codings=tuple(coding for coding in texts.codings if not _shares(coding.passage, spans)),
        decisions=tuple(
            one for one in texts.decisions if not _shares(Passage(one.text, one.start, one.end, ""), spans)
        ),
        codes=tuple(_code(code, words) for code in texts.codes),
        speakers=tuple(replace(one, person="") if one.person in gone else one for one in texts.speakers),
        framework=replace(texts.framework, cells=tuple(_cell(cell, spans) for cell in cells)),
    )


def _code(code: Code, words: str) -> Code:
    said = len(code.example) >= _SHORTEST and code.example in words
    return replace(code, example=blanked(code.example)) if said else code


def _cell(cell: FrameworkCell, spans: Mapping[str, tuple[Span, ...]]) -> FrameworkCell:
    """A summary that rests on withdrawn words says what they said: it goes, and the cell waits for a new one."""
    if any(_shares(passage, spans) for passage in cell.cites):
        return replace(cell, summary="", cites=(), digest="", by="")
    return cell


def _survey(survey: Survey, people: set[str]) -> Survey:
    return replace(survey, responses={wave: _kept(table, people) for wave, table in survey.responses.items()})


def _kept(table: pa.Table, people: set[str]) -> pa.Table:
    if not people or "person" not in table.column_names:
        return table
    return table.filter([person not in people for person in table.column("person").to_pylist()])


def _claim(claim: Claim, spans: Mapping[str, tuple[Span, ...]]) -> Claim:
    return replace(claim, evidence=tuple(_evidence(piece, spans) for piece in claim.evidence))


def _evidence(piece: Evidence, spans: Mapping[str, tuple[Span, ...]]) -> Evidence:
    passage = piece.passage
    if passage is None or not _shares(passage, spans):
        return piece
    return replace(piece, passage=replace(passage, quote=blanked(passage.quote)), note="")


def _declared(data: Any, spans: Mapping[str, tuple[Span, ...]]) -> Any:
    """A declaration of synthesis/ with the quotes of withdrawn passages blanked, wherever they stand in it."""
    if isinstance(data, Mapping):
        found = {key: _declared(value, spans) for key, value in data.items()}
        if {"text", "start", "end", "quote"} <= found.keys() and isinstance(found["quote"], str):
            passage = Passage(str(found["text"]), int(found["start"]), int(found["end"]), found["quote"])
            return {**found, "quote": blanked(passage.quote)} if _shares(passage, spans) else found
        return found
    if isinstance(data, list):
        return [_declared(value, spans) for value in data]
    return data
