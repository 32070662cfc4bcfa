"""A corrected text in the place of an earlier version: its codings come along, and what could not is kept and named."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from joinedup.adapters.foreseen import Check, read_for_import, stop
from joinedup.adapters.import_text import anchored
from joinedup.adapters.xlsform import read_instrument
from joinedup.study.folder import canonical
from joinedup.study.folder.jsonlines import write_objects
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.reader import assemble
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.texts import CODINGS, TEXTS, frozen
from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Problem, UsageError
from joinedup.study.texts import Coding
from joinedup.texts import CarriedOver, carry_over

NOT_CARRIED = "texts/not-carried.jsonl"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text's new version: what became of its codings, and what elsewhere in the study cites the old words."""

    text: str
    sha256: str
    codings: CarriedOver[Coding]
    cited: tuple[Problem, ...]
    new: bool = True

    def __str__(self) -> str:
        if not self.new:
            return f"{self.text} is in the study already, the same to the letter: nothing was changed."
        found = self.codings
        lines = [
            f"{self.text}: a new version, frozen under {self.sha256[:12]}; {len(found.carried)} codings carried over, "
            f"{len(found.changed)} of them with other words, {len(found.lost)} not."
        ]
        for old, now in found.changed:
            lines.append(
                f"  {old.code} by {old.coder}: {shown(old.passage.quote)} reads {shown(now.passage.quote)} now"
            )
        for old, why in found.lost:
            lines.append(
                f"  not carried over (kept in {NOT_CARRIED}): {old.code} by {old.coder}, {shown(old.passage.quote)}: {why}"
            )
        return "\n".join([*lines, *(f"  to be set anew: {problem}" for problem in self.cited)])


def correct_text(folder: Path, file: Path, *, text: str, check: Check) -> Corrected:
    """Put the words of `file` in the place of those of the text `text` in the study in `folder`.

    The earlier frozen text stays in texts/frozen/. Codings that can't be carried over leave codings.jsonl and are
    appended to texts/not-carried.jsonl with the reason. All of it or nothing. Raises UsageError for an unknown text,
    StudyError with the document's own problem or with what would make the texts unsound.
    """
    from joinedup.adapters.extract import extract

    study = read_for_import(folder, (TEXTS.file, CODINGS))
    before = study.text_by_id.get(text)
    if before is None:
        hint = did_you_mean(text, study.text_by_id)
        raise UsageError(f"There is no text {text!r} to be corrected (option --text).{hint}")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} can't be read ({(error.strerror or 'no reason given').lower()}).") from None
    found = extract(data, file.name)
    stop(found.problems)
    content = found.text.encode("utf-8")
    sha256 = hashlib.sha256(content).hexdigest()
    own = [one for one in study.texts.codings if one.passage.text == text]
    carried = carry_over(before.content, found.text, own)
    if sha256 == before.sha256:
        return Corrected(text, sha256, carried, (), new=False)
    others = tuple(one for one in study.texts.codings if one.passage.text != text)
    files = {f"texts/files/{text}-{sha256[:12]}{file.suffix.lower()}": data, frozen(sha256): content}
    files |= anchored(study, text, sha256, found)
    if own:
        files[CODINGS] = write_objects(canonical.codings((*others, *carried.carried)))
    if carried.lost:
        files[NOT_CARRIED] = study.files.get(NOT_CARRIED, b"") + _not_carried(carried, before.sha256)
    files[TEXTS.file] = _renamed(study.files[TEXTS.file], before.sha256, sha256)
    cited = _judged(study, files, check)
    place_files(folder, files, "The text was not corrected")
    return Corrected(text, sha256, carried, cited)


def _renamed(table: bytes, old: str, new: str) -> bytes:
    """texts.csv with one digest in the place of another; no other byte changes."""
    if table.count(old.encode("ascii")) != 1:
        raise UsageError(f"{TEXTS.file} names the digest {old[:12]} more than once: two texts share their words.")
    return table.replace(old.encode("ascii"), new.encode("ascii"))


def _not_carried(found: CarriedOver[Coding], sha256: str) -> bytes:
    """The codings that were lost, with the version they belong to and the reason."""
    reasons = {id(coding): why for coding, why in found.lost}
    lines = []
    for coding, _ in found.lost:
        (item,) = canonical.codings([dataclasses.replace(coding, row=0)])
        lines.append({**item, "sha256": sha256, "reason": reasons[id(coding)]})
    return write_objects(iter(lines))


def _judged(study: Study, files: Mapping[str, bytes], check: Check) -> tuple[Problem, ...]:
    """Raises StudyError with new problems of the texts strand; others (what cites the old words) are returned."""
    reading = Reading({**study.files, **files})
    known = set(check(study))
    new = [problem for problem in check(assemble(reading, read_instrument)) if problem not in known]
    stop(problem for problem in new if problem.place.file in files)
    return tuple(problem for problem in new if problem.place.file not in files)
