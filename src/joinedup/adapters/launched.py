"""A questionnaire is frozen when its first responses come in: its workbook is kept as survey/launched/version-<v>.xlsx."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from joinedup.adapters.xlsform import read_instrument
from joinedup.study.folder.survey import INSTRUMENT
from joinedup.study.model import Study
from joinedup.study.problems import Problem, StudyError
from joinedup.study.survey import Instrument
from joinedup.survey.versions import frozen_problems

_LAUNCHED = re.compile(r"survey/launched/[^/]+\.xlsx")


def launched_file(version: str) -> str:
    """Where the workbook of a launched version stands in the study folder."""
    return f"survey/launched/version-{re.sub(r'[^A-Za-z0-9_.-]+', '-', version) or 'none'}.xlsx"


def kept_at_launch(study: Study) -> Mapping[str, bytes]:
    """The workbook of the study's questionnaire under its version, where it is not kept yet; empty where it is."""
    instrument, data = study.survey.instrument, study.files.get(INSTRUMENT)
    if instrument is None or data is None:
        return {}
    file = launched_file(instrument.version)
    return {} if file in study.files else {file: data}


def changes_since_launch(study: Study, instrument: Instrument | None, data: bytes | None) -> Iterator[Problem]:
    """J210 for every difference between `instrument` (workbook `data`) and what was launched under its version."""
    if instrument is None:
        return
    for file, kept in study.files.items():
        if _LAUNCHED.fullmatch(file) is None or kept == data:
            continue
        try:
            launched = read_instrument(kept, file)
        except StudyError as error:
            yield from error.problems
            continue
        yield from frozen_problems(launched, instrument)


def check_launched(study: Study) -> Iterator[Problem]:
    """J210 where the study's questionnaire was changed after its launch under the same version."""
    yield from changes_since_launch(study, study.survey.instrument, study.files.get(INSTRUMENT))
