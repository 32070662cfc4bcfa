"""Exporting: the folder byte for byte where nobody edited; the questionnaire as a workbook, on paper, as a codebook;
codings for other programs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.withdrawals import is_withdrawn
from joinedup.workflow import exchanging
from joinedup.workflow.formats import CODINGS, FORMATS, JUDGED
from joinedup.workflow.opening import Progress, silent

INSTRUMENT = "survey/instrument.xlsx"


def export(
    study: Study,
    to: str,
    out: str | Path,
    source: str | Path | None = None,
    language: str = "",
    progress: Progress = silent,
) -> tuple[str, ...]:
    """Write `study` to `out` in the format `to`; returns the files that differ from what was read, or the file written.

    `source` is the folder that the study was read from: it is never written to. `language` chooses the words of the
    form on paper. Raises UsageError for an unknown format, or where `out` holds something else.
    """
    if to not in FORMATS:
        raise UsageError(f"There is no export format {to!r}. There is: {', '.join(FORMATS)}.")
    if language and to != "paper":
        raise UsageError("A language is chosen for the form on paper only (--to paper).")
    origin = Path(source) if source is not None else None
    if to == "folder":
        return _folder(study, Path(out), origin)
    _write_file(Path(out), _content(study, to, language, progress), origin)
    return (str(out),)


def _folder(study: Study, out: Path, origin: Path | None) -> tuple[str, ...]:
    if any(name.startswith("data:") for name in study.files):
        raise UsageError(
            "This study was opened with official data, which stay where they are: open it without, then export."
        )
    if study.withdrawals and any(is_withdrawn(text.content) for text in study.texts.texts):
        raise UsageError(
            "Words of this study were withdrawn and are blanked in it: open it with whole=True to write it."
        )
    from joinedup.adapters.xlsform import read_instrument
    from joinedup.study.folder import write_folder

    return write_folder(study, out, source=origin, read_instrument=read_instrument)


def _content(study: Study, to: str, language: str, progress: Progress) -> bytes:
    if to in CODINGS:
        return exchanging.codings_in(study, to)
    if to in JUDGED:
        return _judged(study, to, progress)
    from joinedup.adapters.render.printed import codebook_page, paper_page

    if to == "instrument":
        return _workbook(study)
    text = codebook_page(study) if to == "codebook" else paper_page(study, language)
    return text.encode("utf-8")


def _judged(study: Study, to: str, progress: Progress) -> bytes:
    from joinedup.adapters.provenance import provenance, web_annotations
    from joinedup.workflow.running import compute

    results, findings = compute(study, progress)
    text = web_annotations(study, findings) if to == "annotations" else provenance(study, results, findings)
    return text.encode("utf-8")


def _workbook(study: Study) -> bytes:
    """The questionnaire as it was received, or written anew where it was edited here."""
    instrument, received = study.survey.instrument, study.files.get(INSTRUMENT)
    if instrument is None:
        raise UsageError(f"The study has no questionnaire ({INSTRUMENT}), so there is none to export.")
    from joinedup.adapters.xlsform import read_instrument
    from joinedup.adapters.xlsform_writer import workbook_of

    if received is not None and read_instrument(received, INSTRUMENT) == instrument:
        return received
    return workbook_of(instrument)


def _write_file(out: Path, data: bytes, origin: Path | None) -> None:
    """Write `out` beside its place and rename it; only an earlier export is replaced."""
    from joinedup.adapters.render.printed.page import GENERATOR

    if origin is not None and origin.resolve() in out.resolve().parents:
        raise UsageError(f"{out} lies in the study itself. Name a file elsewhere.")
    if out.is_dir():
        raise UsageError(f"{out} is a folder. Name a file.")
    if out.exists() and (before := out.read_bytes()) != data and GENERATOR.encode() not in before[:2000]:
        raise UsageError(f"{out} is there already and is no earlier export. Choose another name.")
    beside = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(out)
    except OSError as error:
        raise UsageError(f"{out} can't be written ({(error.strerror or str(error)).lower()}).") from None
    finally:
        with suppress(OSError):
            beside.unlink()
