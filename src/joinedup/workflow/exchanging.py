"""Codings in and out: projects of other coding programs, lists of quotations, corrected texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.model import Study
from joinedup.workflow.formats import QUOTATIONS
from joinedup.workflow.opening import check

if TYPE_CHECKING:
    from joinedup.adapters.codings_out import Quotations
    from joinedup.adapters.correct_text import Corrected
    from joinedup.adapters.import_project import ImportedProject
    from joinedup.report.gate.passages import Leaving


def is_project(file: Path) -> bool:
    """Whether a file is a project of a coding program, by the ending of its name."""
    from joinedup.adapters.import_project import is_project as ends_so

    return ends_so(file)


def import_project(
    folder: Path, file: Path, *, kind: str = "", site: str = "", wave: str = "", date: str = ""
) -> ImportedProject:
    """Import the project `file` into the study in `folder`; see `adapters.import_project`."""
    from joinedup.adapters.import_project import import_project as act

    return act(folder, file, check=check, kind=kind, site=site, wave=wave, date=date)


def correct_text(folder: Path, file: Path, *, text: str) -> Corrected:
    """Put the words of `file` in the place of the text `text`; see `adapters.correct_text`."""
    from joinedup.adapters.correct_text import correct_text as act

    return act(folder, file, text=text, check=check)


def codings_in(study: Study, to: str) -> bytes:
    """All codings of `study` in the format `to`, one of CODINGS (workflow/formats.py)."""
    from joinedup.adapters import codings_out as out
    from joinedup.adapters.exchange.studies import project_of
    from joinedup.adapters.refi_qda.writer import codebook_bytes, project_bytes

    if to in QUOTATIONS:
        return _quotations(study, out.quotations(study), to)
    if to == "matrix-csv":
        return out.matrix_csv(study, study.texts.texts, study.texts.codes)
    write = project_bytes if to == "refi-qda" else codebook_bytes
    return write(project_of(study))


def leaving_codings_in(study: Study, to: str, leaving: Leaving) -> tuple[bytes, Mapping[str, int]]:
    """The codings and codes of `study` that may leave, in the format `to`, and how much is held back, by reason."""
    from joinedup.adapters import codings_out as out
    from joinedup.adapters.exchange.studies import codebook_of
    from joinedup.adapters.refi_qda.writer import codebook_bytes
    from joinedup.report.gate.passages import leaving_codes, leaving_texts

    if to in QUOTATIONS:
        found = out.leaving_quotations(study, leaving)
        return _quotations(study, found, to), found.held
    codes, held = leaving_codes(study, leaving)
    if to == "matrix-csv":
        texts, left = leaving_texts(study)
        return out.matrix_csv(study, texts, codes), left
    return codebook_bytes(codebook_of(study, codes)), held


def _quotations(study: Study, found: Quotations, to: str) -> bytes:
    from joinedup.adapters import codings_out as out

    if to == "quotations-csv":
        return out.quotations_csv(found)
    if to == "quotations-xlsx":
        return out.quotations_xlsx(found)
    return out.quotations_html(study, found) if to == "quotations-html" else out.quotations_docx(study, found)


def left_behind(study: Study, to: str) -> tuple[str, ...]:
    """What the format has no place for, in sentences."""
    from joinedup.adapters.exchange.studies import project_of

    return project_of(study).report.losses if to == "refi-qda" else ()
