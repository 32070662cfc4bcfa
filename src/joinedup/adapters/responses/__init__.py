"""Responses in, from our own CSV and from the programs that evaluators use: every row taken, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from joinedup.adapters.responses.model import LeftBehind, Options, Raw, Refused, Responses
from joinedup.study.problems import UsageError
from joinedup.study.survey import MISSING, Instrument

__all__ = ["SOURCES", "LeftBehind", "Refused", "Responses", "read_responses"]

SOURCES = ("joinedup", "limesurvey", "qualtrics", "odk", "odata", "redcap", "spss", "stata")
"""Programs whose files are read; ``odk`` is ODK Central's, Collect's and KoboToolbox's CSV."""

NOT_ANSWERED = "not answered"
_ENDINGS = {".json": "odata", ".sav": "spss", ".zsav": "spss", ".dta": "stata"}


def read_responses(
    path: str | PathLike[str],
    instrument: Instrument,
    source: str | None = None,
    *,
    person: str = "",
    wave: str = "",
    missing: Mapping[str, str] | None = None,
) -> Responses:
    """The responses in the file at `path`, checked against `instrument`.

    `source` is one of `SOURCES` (default: told from the file). `person` names the column that holds the person where
    the program has none of its own; `wave` fills the wave where the file says none. `missing` maps codes of the file
    to a missing kind: refused, don't know, not applicable, not asked, not answered. A code counts for every question
    that does not offer it as an option, open ones excepted; ``item:code`` counts for that question, whatever it offers.

    A row is taken whole or refused whole. A question that the instrument did not ask holds the code for *not asked*;
    an answer to it goes to `left_behind`. The file is only read: twice the same file gives twice the same responses.
    Raises StudyError where the file can't be read or its layout is unknown, UsageError where there is no such file.
    """
    at = Path(path)
    if not at.is_file():
        raise UsageError(f"{at} is no file. Name the file of responses.")
    if source is not None and source not in SOURCES:
        raise UsageError(f"{source!r} is no source of responses. Choose one of {', '.join(SOURCES)}.")
    options = Options(person, wave, _codes(missing or {}))
    source = source or _ENDINGS.get(at.suffix.lower())
    from joinedup.adapters.responses.answers import responses_of

    if source in ("spss", "stata"):
        from joinedup.adapters.responses.labelled import labelled

        return responses_of(labelled(at, source, instrument, options), instrument, source, options, ())
    raw, broken, known = _delimited(at.read_bytes(), at.name, source, instrument, options)
    return responses_of(raw, instrument, known, options, broken)


def _codes(missing: Mapping[str, str]) -> Mapping[str, str]:
    kinds = {**MISSING, NOT_ANSWERED: ""}
    unknown = sorted({kind for kind in missing.values() if kind not in kinds})
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no missing kind. Choose one of {', '.join(kinds)}.")
    return {code: kinds[kind] for code, kind in missing.items()}


def _delimited(
    data: bytes, name: str, source: str | None, instrument: Instrument, options: Options
) -> tuple[Raw, tuple[Refused, ...], str]:
    from joinedup.adapters.responses import programs
    from joinedup.adapters.responses.odata import odata
    from joinedup.adapters.responses.tabular import decoded

    text = decoded(data, name)
    source = source or told_from(text, name)
    if source == "odata":
        raw, broken = odata(text, name, instrument, options)
        return raw, broken, source
    importers: Mapping[str, programs.Importer] = {
        "joinedup": programs.own,
        "limesurvey": programs.limesurvey,
        "qualtrics": programs.qualtrics,
        "odk": programs.odk,
        "redcap": programs.redcap,
    }
    raw, sheet = importers[source](text, name, instrument, options)
    return raw, tuple(Refused(row, reason) for row, reason in sheet.broken), source


def told_from(text: str, name: str) -> str:
    """The program that wrote a delimited file or JSON, by its headings. Raises StudyError where none is recognised."""
    from joinedup.adapters.responses.tabular import UNKNOWN, peek, refuse

    if text.lstrip()[:1] in ("{", "["):
        return "odata"
    heads = peek(text)
    first = set(heads[0]) if heads else set()
    both = first | (set(heads[1]) if len(heads) > 1 else set())
    if "ResponseId" in first and len(heads) > 2 and "ImportId" in "".join(heads[2]):
        return "qualtrics"
    if "id" in both and both & {"submitdate", "lastpage", "startlanguage"}:
        return "limesurvey"
    if first & {"KEY", "meta-instanceID", "meta/instanceID", "instanceID", "_uuid", "__version__"}:
        return "odk"
    if "response" in first:
        return "joinedup"
    if first & {"record_id", "redcap_event_name"} or any("___" in heading for heading in first):
        return "redcap"
    what = "The headings are those of no program whose responses are read here."
    remedy = f"Say which it is (source = {', '.join(SOURCES)}), or add a column `response` with an id a row."
    raise refuse(UNKNOWN, name, what, remedy, 1)
