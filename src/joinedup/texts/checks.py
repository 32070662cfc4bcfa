"""Is the texts strand sound: frozen texts, speakers, assignments, the codebook, codings and their quotes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import dated, entry, identifier, known, once, passage
from joinedup.study.texts import Text
from joinedup.texts.anchors import check_anchors
from joinedup.texts.annotation_checks import check_framework, check_memos
from joinedup.texts.decision_checks import check_decisions
from joinedup.texts.exchanged_checks import check_exchanged
from joinedup.texts.withdrawal_checks import check_withdrawals

_TEXTS = "texts/texts.csv"
_CODEBOOK = "texts/codebook.toml"
_CODINGS = "texts/codings.jsonl"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check(study: Study) -> Iterator[Problem]:
    """Every problem of the texts strand."""
    texts = study.texts
    yield from once(((text.id,), Place(_TEXTS, text.row, "text")) for text in texts.texts)
    for text in texts.texts:
        yield from _text(study, text)
        yield from _frozen(text)
    yield from _speakers(study)
    yield from _assignments(study)
    yield from _codebook(study)
    yield from _codings(study)
    yield from check_decisions(study)
    yield from check_framework(study)
    yield from check_memos(study)
    yield from check_anchors(study)
    yield from check_exchanged(study)
    yield from check_withdrawals(study)


def _text(study: Study, text: Text) -> Iterator[Problem]:
    kinds = {kind.id for kind in study.kinds}
    yield from identifier(text.id, Place(_TEXTS, text.row, "text"))
    if text.kind not in kinds:
        what = f"{shown(text.kind)} is no kind of text of this study.{did_you_mean(text.kind, kinds)}"
        remedy = "Correct it, or declare it as a [[kind]] of study.toml."
        yield Problem("J310", Place(_TEXTS, text.row, "kind"), what, remedy)
    if text.site:
        yield from known("site", text.site, study.site_by_id, Place(_TEXTS, text.row, "site"))
    if text.wave:
        yield from known("wave", text.wave, study.wave_order, Place(_TEXTS, text.row, "wave"))
    yield from dated(text.date, Place(_TEXTS, text.row, "date"))


def _frozen(text: Text) -> Iterator[Problem]:
    """A frozen text is what its name says, with LF, without byte-order mark, in NFC."""
    place = Place(_TEXTS, text.row, "sha256")
    if _SHA256.fullmatch(text.sha256) is None:
        what = f"{shown(text.sha256)} is no SHA-256 in 64 lower-case hexadecimal digits."
        yield Problem("J302", place, what, "Import the text again.")
        return
    if not text.content:
        return  # the folder's reader has said that the file is missing
    found = hashlib.sha256(text.content.encode("utf-8", "surrogatepass")).hexdigest()
    if found != text.sha256:
        what = f"The frozen text of {shown(text.id)} was changed: its SHA-256 is {found}."
        yield Problem("J302", place, what, "Put the original back: codings refer to its characters.")
    for sign, name in (("\r", "a carriage return"), ("\ufeff", "a byte-order mark")):
        at = text.content.find(sign)
        if at >= 0:
            what = f"The frozen text of {shown(text.id)} holds {name} at character {at}."
            yield Problem("J303", place, what, "Import the text again: frozen texts have LF and no byte-order mark.")
    if not unicodedata.is_normalized("NFC", text.content):
        what = f"The frozen text of {shown(text.id)} is not in Unicode's form NFC."
        yield Problem("J304", place, what, "Import the text again.")


def _speakers(study: Study) -> Iterator[Problem]:
    file = "texts/speakers.csv"
    people = {person.id for person in study.people}
    speakers = study.texts.speakers
    yield from once(((s.text, s.speaker), Place(file, s.row, "speaker")) for s in speakers)
    for speaker in speakers:
        yield from known("text", speaker.text, study.text_by_id, Place(file, speaker.row, "text"))
        if speaker.person:
            yield from known("person", speaker.person, people, Place(file, speaker.row, "person"))
        if not speaker.speaker:
            what = "The speaker's label is empty."
            yield Problem("J309", Place(file, speaker.row, "speaker"), what, "Write it as it stands before the colon.")


def _assignments(study: Study) -> Iterator[Problem]:
    file = "texts/assignments.csv"
    rows = study.texts.assignments
    yield from once(((a.text, a.coder, a.phase), Place(file, a.row, "coder")) for a in rows)
    for row in rows:
        yield from known("text", row.text, study.text_by_id, Place(file, row.row, "text"))
        yield from identifier(row.coder, Place(file, row.row, "coder"))


def _codebook(study: Study) -> Iterator[Problem]:
    by_id = study.code_by_id
    places = [entry(study, _CODEBOOK, "code", n, code.id) for n, code in enumerate(study.texts.codes, start=1)]
    yield from once(((place.column,), place) for place in places)
    for code, place in zip(study.texts.codes, places, strict=True):
        yield from identifier(code.id, place)
        if not code.parent:
            continue
        yield from known("code", code.parent, by_id, place)
        above, seen = code.parent, set[str]()
        while above in by_id and above not in seen and above != code.id:
            seen.add(above)
            above = by_id[above].parent
        if above == code.id:
            what = f"Code {shown(code.id)} lies below itself."
            yield Problem("J311", place, what, "Correct `parent`: the codebook is a tree.")


def _codings(study: Study) -> Iterator[Problem]:
    coders = {assignment.coder for assignment in study.texts.assignments}
    coders.update(c for c in study.plan("texts").get("coders", ()) if isinstance(c, str))
    seen = []
    for coding in study.texts.codings:
        place, span = Place(_CODINGS, coding.row), coding.passage
        yield from passage(study, span.text, span.start, span.end, span.quote, place)
        yield from known("code", coding.code, study.code_by_id, Place(_CODINGS, coding.row, "code"))
        if coders and coding.coder not in coders and not coding.automatic:
            what = f"{shown(coding.coder)} is no coder of this study.{did_you_mean(coding.coder, coders)}"
            remedy = "Correct it, or assign the text in texts/assignments.csv."
            yield Problem("J312", Place(_CODINGS, coding.row, "coder"), what, remedy)
        key = (span.text, f"{span.start}-{span.end}", coding.code, coding.coder, coding.phase)
        seen.append((key, place))
    yield from once(seen)
    yield from _shifted(study)


def _shifted(study: Study) -> Iterator[Problem]:
    """Codings of a text that are all off by the same number of characters: an export with other line ends."""
    offsets: dict[str, list[int]] = {}
    for coding in study.texts.codings:
        text, span = study.text_by_id.get(coding.passage.text), coding.passage
        if text is not None and text.content and span.quote and text.content[span.start : span.end] != span.quote:
            at = text.content.find(span.quote, max(0, span.start - 1000))
            offsets.setdefault(span.text, []).append(at - span.start if at >= 0 else 0)
    for text_id, found in sorted(offsets.items()):
        if len(found) > 2 and len(set(found)) == 1 and found[0]:
            what = f"All {len(found)} codings of {shown(text_id)} whose quote is not found are off by {found[0]:+d}."
            yield Problem("J313", Place(_CODINGS), what, f"Add {found[0]:+d} to start and end of each.")
