"""Official statistics and documents, read as data.toml of the study folder declares and attached to the study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.problems import Place, Problem, StudyError, UsageError, condensed

if TYPE_CHECKING:
    from joinedup.adapters.official.declaration import Declaration
    from joinedup.adapters.official.grid import Files
    from joinedup.study.model import Study

Progress = Callable[[str, int, int], None]


def attach(study: Study, data: Path, progress: Progress) -> Study:
    """`study` with the sites, indicators and documents of the folder `data`, as its data.toml declares.

    Every file read is recorded with its SHA-256 in ``settings["data"]["sha256"]`` under the name ``data:<path>``, which
    is also the file of every Source; CSV files keep their bytes in `files` under that name. Raises UsageError where
    `data` is no folder, StudyError with all problems.
    """
    from joinedup.adapters.official.declaration import BAD_DECLARATION, FILE, read_declaration
    from joinedup.adapters.official.grid import Files

    if not data.is_dir():
        raise UsageError(f"There is no folder {data}. Give --data the folder that holds the official files.")
    problems: list[Problem] = []
    if FILE not in study.files:
        what = "The study has no data.toml, so the official files can't be read."
        raise StudyError([Problem(BAD_DECLARATION, Place(FILE), what, "Write one; see the page on official files.")])
    declaration = read_declaration(study.files[FILE], problems)
    files = Files(data, problems)
    study = _with_values(study, declaration, files, progress)
    study = _with_documents(study, declaration, files, progress)
    if problems:
        raise StudyError(condensed(problems))
    settings = {**study.settings, "data": {"sha256": dict(sorted(files.sha256.items()))}}
    return replace(study, settings=settings, files={**study.files, **files.content})


def _with_values(study: Study, declaration: Declaration, files: Files, progress: Progress) -> Study:
    from joinedup.adapters.official.sites import add_sites
    from joinedup.adapters.official.tables import read_codes, read_deflator, read_values

    progress("official tables", 0, len(declaration.tables))
    sites = add_sites(files, declaration.sites, study.sites)
    codes = read_codes(files, declaration.codes)
    known = {site.id for site in sites}
    values = read_values(files, declaration.tables, codes, known, study.indicator_by_id)
    indicators = replace(study.indicators, values={**study.indicators.values, **values})
    for spec in declaration.deflator:
        index = read_deflator(files, spec)
        indicators = replace(indicators, deflator=index, price_base=spec.base, deflator_source=spec.source)
    progress("official tables", len(declaration.tables), len(declaration.tables))
    return replace(study, sites=sites, indicators=indicators)


def _with_documents(study: Study, declaration: Declaration, files: Files, progress: Progress) -> Study:
    if not declaration.documents:
        return study
    from joinedup.adapters.official.documents import add_documents

    return replace(study, texts=add_documents(study, declaration.documents, files, progress))
