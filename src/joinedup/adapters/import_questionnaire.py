"""Bring a questionnaire into a study folder: survey/instrument.xlsx, frozen once it has responses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from joinedup.adapters.foreseen import read_for_import, refuse_new_problems, stop
from joinedup.adapters.launched import changes_since_launch, kept_at_launch
from joinedup.adapters.xlsform import read_instrument
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.survey import INSTRUMENT
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.survey import Instrument
from joinedup.survey.checks import check
from joinedup.survey.versions import fingerprint, frozen_problems

_WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class ImportedQuestionnaire:
    """The questionnaire of the study; `new` tells whether this import changed anything."""

    instrument: Instrument
    new: bool

    def __str__(self) -> str:
        instrument = self.instrument
        version = f"version {instrument.version}" if instrument.version else "no version"
        what = f"{INSTRUMENT}: {instrument.title or 'questionnaire'}, {version}, {len(instrument.items)} questions."
        return what if self.new else f"{what} It was there already: nothing was changed."


def import_questionnaire(folder: Path, file: Path) -> ImportedQuestionnaire:
    """Put the XLSForm workbook `file` (.xlsx, .xls), or a REDCap data dictionary (.csv), into the study in `folder`.

    An .xlsx is kept byte for byte. A data dictionary has no version: it gets one from its content. Raises StudyError
    with what makes the form unsound; with J210 where responses came in under its version and it has changed since;
    and with what the study's scales and responses would lack. The folder is then as it was.
    """
    study = read_for_import(folder, ())
    data, instrument = _read(file)
    if study.files.get(INSTRUMENT) == data:
        return ImportedQuestionnaire(instrument, new=False)
    has_responses = any(table.num_rows for table in study.survey.responses.values())
    stop(changes_since_launch(study, instrument, data))
    if has_responses and study.survey.instrument is not None:
        stop(frozen_problems(study.survey.instrument, instrument))
    files = {**(kept_at_launch(study) if _has_own_responses(study) else {}), INSTRUMENT: data}
    if has_responses:
        refuse_new_problems(study, files, check)
    place_files(folder, files, "The questionnaire was not imported")
    return ImportedQuestionnaire(instrument, new=True)


def _read(file: Path) -> tuple[bytes, Instrument]:
    """The workbook's bytes and the questionnaire that they hold."""
    if not file.is_file():
        raise UsageError(f"{file} is no file. Name the workbook of a questionnaire.")
    data = file.read_bytes()
    if data.startswith(_WORKBOOK):
        return data, read_instrument(data, file.name)
    from joinedup.adapters.xlsform_writer import workbook_of

    if file.suffix.lower() == ".csv":
        from joinedup.adapters.responses.dictionary import read_dictionary

        found = read_dictionary(file)
        found = replace(found, version=fingerprint(found)[:12])
    else:
        found = read_instrument(data, file.name)
    data = workbook_of(found)
    return data, read_instrument(data, file.name)


def _has_own_responses(study: Study) -> bool:
    """Whether responses came in under the version of the study's questionnaire."""
    instrument = study.survey.instrument
    columns = (table.column("instrument_version") for table in study.survey.responses.values())
    versions = {version for column in columns for version in column.to_pylist()}
    return instrument is not None and bool(versions & {instrument.version, ""})
