"""Suggestions of codes: asked for, read by a person in a table, and only then taken into the codings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from joinedup.adapters.foreseen import read_for_import, refuse_new_problems
from joinedup.adapters.local_server import Server, Suggestions, pieces, request_for, suggest_codes
from joinedup.report.csvout import csv_bytes
from joinedup.study.folder import canonical
from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.jsonlines import write_objects
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.texts import ASSIGNMENTS, CODINGS
from joinedup.study.hints import did_you_mean
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.spreadsheet_cells import unmarked
from joinedup.study.texts import CONSOLIDATING, Coding, Passage, Text
from joinedup.texts.passages import context, holds
from joinedup.workflow.opening import check

COLUMNS = ("text", "start", "end", "quote", "code", "suggested_by", "accepted_by")


def what_is_sent(study: Study, text: str, server: Server) -> Iterator[str]:
    """Everything that `suggest` would send for a text, as lines to be read before."""
    known = _text(study, text)
    requests = [request_for(study, known, unit, server.model) for unit in pieces(study, known)]
    yield f"{len(requests)} requests would go to {server}, each with the codebook and the words of one turn or paragraph:"
    if requests:
        yield from requests[0]["messages"][0]["content"].splitlines()
    for number, request in enumerate(requests, 1):
        yield f"[{number}] {request['messages'][1]['content'].strip()}"


def suggest(study: Study, text: str, server: Server, out: Path) -> Suggestions:
    """Ask `server` about a text and write its suggestions to the table `out`, with an empty column `accepted_by`."""
    found = suggest_codes(server, study, _text(study, text))
    spans = ((one.passage, one) for one in found.found)
    rows = [(span.text, span.start, span.end, span.quote, one.code, one.by, "") for span, one in spans]
    try:
        out.write_bytes(csv_bytes([COLUMNS, *rows]))
    except OSError as error:
        raise UsageError(f"{out} can't be written: {(error.strerror or str(error)).lower()}.") from None
    return found


def accept(folder: Path, file: Path) -> tuple[int, int]:
    """Take the accepted rows of the table `file` into the study: (codings added, rows left as suggestions).

    A coding bears the name in `accepted_by` and says who suggested it. It belongs to the phase after the coders worked
    apart, so that agreement never counts it. Raises UsageError where a row does not fit the study.
    """
    study = read_for_import(folder, (CODINGS, ASSIGNMENTS.file))
    rows = _rows(file)
    held = {(one.passage, one.code, one.coder) for one in study.texts.codings}
    new: dict[tuple[Passage, str, str], Coding] = {}
    for number, row in enumerate(rows, 2):
        who = row["accepted_by"].strip()
        if who:
            coding = _coding(study, row, f"{file.name}:{number}")
            new |= {} if (key := (coding.passage, coding.code, coding.coder)) in held else {key: coding}
    if new:
        files = {CODINGS: write_objects(canonical.codings((*study.texts.codings, *new.values())))}
        given = {(row.text, row.coder) for row in study.texts.assignments}
        wanted = sorted({(one.passage.text, one.coder) for one in new.values()} - given)
        cells = [{"text": text, "coder": coder, "phase": CONSOLIDATING} for text, coder in wanted]
        before = study.files.get(ASSIGNMENTS.file, b"")
        files[ASSIGNMENTS.file] = with_rows(before, ASSIGNMENTS.file, ASSIGNMENTS.columns, cells)
        refuse_new_problems(study, files, check)
        place_files(folder, files, "No suggestion was taken")
    return len(new), sum(not row["accepted_by"].strip() for row in rows)


def _coding(study: Study, row: dict[str, str], where: str) -> Coding:
    text = _text(study, row["text"])
    try:
        passage = Passage(text.id, int(row["start"]), int(row["end"]), row["quote"])
    except ValueError:
        raise UsageError(f"{where}: start and end are no whole numbers.") from None
    if not holds(text.content, passage):
        raise UsageError(f"{where}: the quote does not stand at {row['start']}-{row['end']} of {text.id}.")
    if row["code"] not in study.code_by_id:
        hint = did_you_mean(row["code"], study.code_by_id)
        raise UsageError(f"{where}: {row['code']!r} is no code of the study.{hint}")
    around = context(text.content, passage.start, passage.end)
    who = row["accepted_by"].strip()
    note = f"Suggested by {row['suggested_by']}; accepted by {who}."
    return Coding(passage, row["code"], who, CONSOLIDATING, *around, note)


def _text(study: Study, id: str) -> Text:
    found = study.text_by_id.get(id)
    if found is None:
        raise UsageError(f"There is no text {id!r}.{did_you_mean(id, study.text_by_id)}")
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        lines = io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{file} can't be read.") from None
    reader = csv.DictReader(lines)
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise UsageError(f"{file} is no table of suggestions: it needs the columns {', '.join(COLUMNS)}.")
    return [{name: unmarked(row[name] or "") for name in COLUMNS} for row in reader]
