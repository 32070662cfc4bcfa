"""The open answers of a wave as frozen texts of the study folder, each with its respondent as the speaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from joinedup.adapters.foreseen import declared, read_for_import, refuse_new_problems
from joinedup.adapters.import_text import with_places
from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.frame import PEOPLE
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.spreadsheet import cells_of
from joinedup.study.folder.survey import INSTRUMENT
from joinedup.study.folder.texts import SPEAKERS, TEXTS, frozen
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.texts import Text
from joinedup.survey.model import responses_file
from joinedup.survey.open_answers import open_answer_speakers, open_answers
from joinedup.texts.checks import check


@dataclass(frozen=True, slots=True)
class OpenAnswers:
    """How many open answers became texts, and how many were texts already."""

    wave: str
    added: int
    already: int

    def __str__(self) -> str:
        if self.added + self.already == 0:
            return f"Nobody wrote an open answer in wave {self.wave}: nothing was changed."
        if not self.added:
            return f"All {self.already} open answers of wave {self.wave} are texts already: nothing was changed."
        before = f", {self.already} were there already" if self.already else ""
        return f"{self.added} open answers of wave {self.wave} are texts now{before}: see {TEXTS.file}."


def open_answers_to_texts(folder: Path, *, wave: str, kind: str) -> OpenAnswers:
    """Freeze every open answer of `wave` in the study in `folder` as a text of `kind`: frozen file, texts.csv, speakers.csv.

    All of it or nothing; again, nothing changes. Raises UsageError for a wave or kind that the study does not have,
    and where an answer was changed after it became a text; StudyError with what would make the study unsound.
    """
    study = read_for_import(folder, (PEOPLE.file, INSTRUMENT, responses_file(wave), TEXTS.file, SPEAKERS.file))
    _check(study, folder, wave, kind)
    texts = open_answers(study, wave, kind)
    new = tuple(text for text in texts if _is_new(study, text))
    if new:
        files = {frozen(text.sha256): text.content.encode("utf-8") for text in new}
        speakers = [
            {"text": one.text, "speaker": one.speaker, "person": one.person} for one in open_answer_speakers(new)
        ]
        files[SPEAKERS.file] = with_rows(study.files.get(SPEAKERS.file, b""), SPEAKERS.file, SPEAKERS.columns, speakers)
        rows = [{column: getattr(text, name) for column, name in TEXTS.fields.items()} for text in new]
        files[TEXTS.file] = with_rows(study.files.get(TEXTS.file, b""), TEXTS.file, TEXTS.columns, rows)
        files |= _anchors(study, wave, new)
        refuse_new_problems(study, files, check)
        place_files(folder, files, "No open answer became a text")
    return OpenAnswers(wave, len(new), len(texts) - len(new))


def _anchors(study: Study, wave: str, new: Sequence[Text]) -> dict[str, bytes]:
    """texts/anchors.csv with the cell of each answer; nothing where the answers' table can't be read as one."""
    file = responses_file(wave)
    sheet = file.rpartition("/")[2]
    found = cells_of(study.files.get(file, b""), file, {(text.row, text.extra["item"]) for text in new})
    rows = [
        {"sha256": text.sha256, "at": "0", "place": f"{sheet}!{cell}", "text": text.id}
        for text in new
        if (cell := found.get((text.row, text.extra["item"])))
    ]
    return with_places(study, rows)


def _check(study: Study, folder: Path, wave: str, kind: str) -> None:
    declared("wave", wave, study.wave_order)
    declared("kind of text", kind, (one.id for one in study.kinds))
    if not next(one.speakers for one in study.kinds if one.id == kind):
        raise UsageError(f"The kind {kind} of study.toml needs `speakers = true`: the respondent is the speaker.")
    if study.survey.instrument is None or wave not in study.survey.responses:
        missing = INSTRUMENT if study.survey.instrument is None else responses_file(wave)
        raise UsageError(f"{folder} has no {missing}, so there are no open answers of wave {wave}.")
    counted = Counter(text.id for text in open_answers(study, wave, kind))
    twice = next((id for id, count in counted.items() if count > 1), "")
    if twice:
        raise UsageError(f"Two open answers would be the text {twice}: give their questions names that differ more.")


def _is_new(study: Study, text: Text) -> bool:
    there = study.text_by_id.get(text.id)
    if there is not None and there.sha256 != text.sha256:
        raise UsageError(
            f"{text.source}:{text.row}: this answer became the text {text.id} with other words. A frozen text is never "
            f"replaced, because codings refer to its characters: put the answer back as it was."
        )
    return there is None
