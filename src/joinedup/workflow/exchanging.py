"""Codings in and out: projects of other coding programs, lists of quotations, corrected texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.model import Study
from joinedup.workflow.opening import check

if TYPE_CHECKING:
    from joinedup.adapters.correct_text import Corrected
    from joinedup.adapters.import_project import ImportedProject


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
    """The codings of `study` in the format `to`, one of CODINGS (workflow/formats.py)."""
    from joinedup.adapters import codings_out as out
    from joinedup.adapters.exchange.studies import project_of
    from joinedup.adapters.refi_qda.writer import codebook_bytes, project_bytes

    write: Mapping[str, Callable[[Study], bytes]] = {
        "refi-qda": lambda study: project_bytes(project_of(study)),
        "codebook-qdc": lambda study: codebook_bytes(project_of(study)),
        "quotations-csv": out.quotations_csv,
        "quotations-xlsx": out.quotations_xlsx,
        "quotations-html": out.quotations_html,
        "quotations-docx": out.quotations_docx,
        "matrix-csv": out.matrix_csv,
    }
    return write[to](study)


def left_behind(study: Study, to: str) -> tuple[str, ...]:
    """What the format has no place for, in sentences."""
    from joinedup.adapters.exchange.studies import project_of

    return project_of(study).report.losses if to == "refi-qda" else ()
