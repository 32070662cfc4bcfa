"""Bring a document or transcript into a study folder: the file as received, its frozen text, its row in texts.csv."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.dates import first_day
from joinedup.study.folder import read_folder
from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.texts import ANCHORS, TEXTS, frozen
from joinedup.study.hints import did_you_mean, listed
from joinedup.study.model import Study
from joinedup.study.problems import Problem, StudyError, UsageError

if TYPE_CHECKING:
    from joinedup.adapters.extract import Extracted

_ID = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """A text of the study; `new` tells whether this import brought it, `placed` whether it brought only its places."""

    text: str
    sha256: str
    characters: int
    new: bool
    placed: bool = False

    def __str__(self) -> str:
        if self.placed:
            return f"{self.text} is in the study already, the same to the letter: its places in the file were added."
        if not self.new:
            return f"{self.text} is in the study already, the same to the letter: nothing was changed."
        return f"{self.text}: {self.characters:,} characters, frozen under {self.sha256[:12]}."


def import_text(
    folder: Path,
    file: Path,
    *,
    text: str = "",
    kind: str,
    interview: str = "",
    site: str = "",
    wave: str = "",
    date: str = "",
) -> Imported:
    """Import `file` into the study in `folder` as the text `text` (default: made from the file's name).

    The file is read in a child process, kept as received in texts/files/, frozen as UTF-8 in texts/frozen/, and
    listed in texts/texts.csv, whose other bytes stay as they are: all of it or nothing. The same words again under
    the same id change nothing, but for places that an earlier import did not keep. Raises UsageError for what the study does not know and for an id that is taken, and
    StudyError with the document's own problem.
    """
    from joinedup.adapters.extract import extract

    study, problems = read_folder(folder)
    _stop(problem for problem in problems if problem.place.file in ("study.toml", TEXTS.file))
    id = text or re.sub(r"[^A-Za-z0-9_-]+", "-", file.stem).strip("-")
    _check(study, id, kind=kind, site=site, wave=wave, date=date)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} can't be read ({(error.strerror or 'no reason given').lower()}).") from None
    found = extract(data, file.name)
    _stop(found.problems)
    content = found.text.encode("utf-8")
    sha256 = hashlib.sha256(content).hexdigest()
    imported = Imported(id, sha256, len(found.text), _is_new(study, id, sha256))
    places = anchored(study, id, sha256, found)
    if imported.new:
        received = f"texts/files/{id}{file.suffix.lower()}"
        cells = {"text": id, "kind": kind, "interview": interview, "site": site, "wave": wave, "date": date}
        cells |= {"source": file.name, "sha256": sha256}
        table = with_rows(study.files.get(TEXTS.file, b""), TEXTS.file, TEXTS.columns, [cells])
        files = {received: data, frozen(sha256): content, **places, TEXTS.file: table}
        place_files(folder, files, "The text was not imported")
    elif places and file.name in _files_of(study.text_by_id[id].source):
        place_files(folder, places, "The places were not added")
        return replace(imported, placed=True)
    return imported


def _files_of(source: str) -> tuple[str, str]:
    """The names that the file of a text may have: its source, or its name in the project that brought it."""
    return source, source.rpartition(": ")[2]


def anchored(study: Study, text: str, sha256: str, found: Extracted) -> dict[str, bytes]:
    """texts/anchors.csv with the places of `text`, read as `found`; nothing where it has none or they are there."""
    if any(anchor.sha256 == sha256 and anchor.text in ("", text) for anchor in study.texts.anchors):
        return {}
    return with_places(
        study, [{"sha256": sha256, "at": str(at), "place": place, "text": text} for at, place in found.anchors]
    )


def with_places(study: Study, rows: list[dict[str, str]]) -> dict[str, bytes]:
    """texts/anchors.csv with `rows`; a table without a column for texts holds places by the words alone."""
    if not rows:
        return {}
    before = study.files.get(ANCHORS.file, b"")
    try:
        return {ANCHORS.file: with_rows(before, ANCHORS.file, ANCHORS.columns, rows)}
    except UsageError:
        bare = [{**row, "text": ""} for row in rows]
        return {ANCHORS.file: with_rows(before, ANCHORS.file, ANCHORS.columns, bare)}


def _stop(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise StudyError(found)


def _check(study: Study, id: str, *, kind: str, site: str, wave: str, date: str) -> None:
    if _ID.fullmatch(id) is None:
        raise UsageError(f"{id!r} can't be the id of a text: use letters, digits, - and _ (option --text).")
    known = {
        "kind of text": (kind, {declared.id for declared in study.kinds}),
        "site": (site, set(study.site_by_id)),
        "wave": (wave, set(study.wave_order)),
    }
    for what, (given, declared) in known.items():
        if given not in declared and (given or what == "kind of text"):
            hint = did_you_mean(given, declared) or f" The study has {listed(sorted(declared))}."
            raise UsageError(f"{given!r} is no {what} of this study.{hint}")
    if date:
        try:
            first_day(date)
        except ValueError as error:
            raise UsageError(f"{error}.") from None


def _is_new(study: Study, id: str, sha256: str) -> bool:
    there = study.text_by_id.get(id)
    if there is not None and there.sha256 != sha256:
        raise UsageError(
            f"The study has a text {id} with other words. A frozen text is never replaced, because codings refer to "
            f"its characters: import a corrected transcript under an id of its own (option --text)."
        )
    twin = next((text.id for text in study.texts.texts if text.sha256 == sha256 and text.id != id), None)
    if twin is not None and there is None:
        raise UsageError(
            f"The study has these very words already, as the text {twin}: imported twice they count twice."
        )
    return there is None
