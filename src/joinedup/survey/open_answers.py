"""Open answers as texts of the texts strand, each with its respondent as the speaker, so that they can be coded."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from joinedup.study.model import Study
from joinedup.study.survey import MISSING
from joinedup.study.texts import Speaker, Text
from joinedup.survey.model import responses_file

KIND = "open answer"
_NO_ID = re.compile(r"[^A-Za-z0-9_-]")
_MISSING = frozenset(MISSING.values())


def open_answers(study: Study, wave: str = "", kind: str = KIND) -> tuple[Text, ...]:
    """One text an answer to an item of kind text: `wave`, or all waves in the study's order; then rows, then items.

    A text is one turn, ``PERSON: answer`` (NFC, LF), with the site of the roster; `extra` holds person and item, `row`
    is the row of the responses. Missing codes and empty answers are no texts. Speakers: `open_answer_speakers`.
    """
    instrument = study.survey.instrument
    items = [item.name for item in instrument.items if item.kind == "text"] if instrument else []
    sites = {(entry.wave, entry.person): entry.site for entry in study.survey.roster}
    found = []
    waves = sorted(study.survey.responses, key=lambda wave: (study.wave_order.get(wave, -1), wave))
    for wave in [one for one in waves if wave in ("", one)]:
        table = study.survey.responses[wave]
        people, rows = table.column("person").to_pylist(), table.column("_row").to_pylist()
        columns = {item: table.column(item).to_pylist() for item in items if item in table.column_names}
        for at, person in enumerate(people):
            for item, answers in columns.items():
                answer = (answers[at] or "").strip()
                if answer and answer not in _MISSING and person:
                    site = sites.get((wave, person), "")
                    found.append(_text(kind, wave, person, item, answer, site, rows[at]))
    return tuple(found)


def open_answer_speakers(texts: tuple[Text, ...]) -> tuple[Speaker, ...]:
    """Who speaks in each of the texts of `open_answers`: the respondent, under the respondent's own id."""
    return tuple(Speaker(text.id, text.extra["person"], text.extra["person"], row=text.row) for text in texts)


def _text(kind: str, wave: str, person: str, item: str, answer: str, site: str, row: int) -> Text:
    lines = answer.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    content = f"{person}: {unicodedata.normalize('NFC', lines)}\n"
    return Text(
        _NO_ID.sub("-", f"open-{wave}-{person}-{item}"),
        kind,
        f"{wave}-{person}",
        site,
        wave,
        "",
        responses_file(wave),
        hashlib.sha256(content.encode()).hexdigest(),
        content,
        {"person": person, "item": item},
        row,
    )
