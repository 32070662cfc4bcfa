"""A study folder as a Study, with everything that is wrong with its files."""

from __future__ import annotations

from pathlib import Path

from joinedup.study.folder.findings import (
    read_affirmations,
    read_claims,
    read_references,
    read_synthesis,
    read_withdrawals,
)
from joinedup.study.folder.frame import PEOPLE, SITES, read_frame
from joinedup.study.folder.indicators import read_indicators
from joinedup.study.folder.layout import read_layout
from joinedup.study.folder.partnership import read_partnership
from joinedup.study.folder.plan_lock import read_plan_lock
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.scan import scan
from joinedup.study.folder.survey import ReadInstrument, read_survey
from joinedup.study.folder.texts import read_texts
from joinedup.study.model import Study
from joinedup.study.problems import Problem, UsageError, condensed


def read_folder(path: Path, read_instrument: ReadInstrument | None = None) -> tuple[Study, tuple[Problem, ...]]:
    """The study in the folder `path` and every problem of form; what files mean is for the checks.

    `read_instrument` turns a workbook's bytes and name into an Instrument; without it the study has none.
    A file that can't be read leaves its part empty. Raises UsageError where there is no such folder.
    """
    path = Path(path)
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "does not exist"
        raise UsageError(f"{path} {what}. Name the folder of a study: the one that holds study.toml.")
    reading = scan(path)
    study = assemble(reading, read_instrument)
    return study, condensed(reading.problems)


def assemble(reading: Reading, read_instrument: ReadInstrument | None) -> Study:
    """The study that the files make."""
    frame = read_frame(reading)
    sites = SITES.read(reading)
    if not sites and not any(problem.place.file == SITES.file for problem in reading.problems):
        reading.report("J121", SITES.file, "The study has no site.", "List its sites in sites.csv (site, name, ...).")
    return Study(
        id=frame.id,
        title=frame.title,
        programme=frame.programme,
        questions=frame.questions,
        levels=frame.levels,
        waves=frame.waves,
        kinds=frame.kinds,
        sites=sites,
        layout=read_layout(reading),
        people=PEOPLE.read(reading),
        survey=read_survey(reading, read_instrument),
        texts=read_texts(reading),
        partnership=read_partnership(reading),
        indicators=read_indicators(reading),
        synthesis=read_synthesis(reading),
        claims=read_claims(reading),
        affirmations=read_affirmations(reading),
        withdrawals=read_withdrawals(reading),
        references=read_references(reading),
        settings=frame.settings,
        plan_lock=read_plan_lock(reading),
        files=reading.files,
    )
