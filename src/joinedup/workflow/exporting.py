"""Exporting: what leaves of a study in a format of its own. It passes the disclosure gate, or a named person lets it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.withdrawals import is_withdrawn
from joinedup.workflow import exchanging
from joinedup.workflow.formats import FORMATS, JUDGED, OF_NOBODY
from joinedup.workflow.leaving import Departure, Permit, check_file, check_ledger, enter, permit_for, write_file
from joinedup.workflow.opening import Progress, silent

if TYPE_CHECKING:
    from joinedup.study.finding import Finding
    from joinedup.workflow.release_set import Gated

INSTRUMENT = "survey/instrument.xlsx"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: for a folder its `files` that differ from what was read, else the one file. `held` says why
    something was held back, and how much; `whole` that a named person let everything out."""

    files: tuple[str, ...]
    held: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False


def export(
    study: Study,
    to: str,
    out: str | Path,
    source: str | Path | None = None,
    language: str = "",
    progress: Progress = silent,
    *,
    by: str = "",
    reason: str = "",
) -> Exported:
    """Write `study` to `out` in the format `to`: what may leave of it, or all where `by` and `reason` say who lets it out.

    `source` is the folder that the study was read from: nothing of it is changed but its ledger of releases, which gets
    a line for every export that tells of evidence, before the file is in its place. `language` chooses the words of
    the form on paper. Raises UsageError for an unknown format, where `out` holds something else, and for what leaves
    only whole without who and why; ReleaseRefused where the gate stops what PROV or annotations would tell.
    """
    if to not in FORMATS:
        raise UsageError(f"There is no export format {to!r}. There is: {', '.join(FORMATS)}.")
    if language and to != "paper":
        raise UsageError("A language is chosen for the form on paper only (--to paper).")
    permit = permit_for(to, by, reason)
    origin = Path(source) if source is not None else None
    if to in OF_NOBODY:
        write_file(Path(out), _of_nobody(study, to, language), origin)
        return Exported((str(out),))
    origin = check_ledger(origin)
    if to == "folder" and permit:
        return _folder(study, Path(out), origin, permit)
    from joinedup.texts.withdrawn import without_withdrawn

    check_file(Path(out), origin)
    study = without_withdrawn(study)
    if permit:
        data = _whole(study, to, progress)
        write_file(Path(out), data, origin, Departure(to, permit))
        return Exported((str(out),), whole=True)
    data, held, departure = _leaving(study, to, origin, progress)
    write_file(Path(out), data, origin, departure)
    return Exported((str(out),), held)


def _folder(study: Study, out: Path, origin: Path, permit: Permit) -> Exported:
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

    departure = Departure("folder", permit)
    changed = write_folder(
        study,
        out,
        source=origin,
        read_instrument=read_instrument,
        before=lambda files: enter(origin, departure, files),
    )
    return Exported(changed, whole=True)


def _whole(study: Study, to: str, progress: Progress) -> bytes:
    """Everything that the format has a place for."""
    if to != "annotations":
        return exchanging.codings_in(study, to)
    from joinedup.adapters.provenance import web_annotations
    from joinedup.workflow.running import compute

    return web_annotations(study, compute(study, progress)[1]).encode("utf-8")


def _leaving(study: Study, to: str, origin: Path, progress: Progress) -> tuple[bytes, Mapping[str, int], Departure]:
    """What may leave in the format `to`, why the rest is held back, and what the ledger says of it."""
    from joinedup.report.gate.passages import Leaving
    from joinedup.workflow.release_ledger import read_register
    from joinedup.workflow.releasing import gate, study_profile

    passages = [coding.passage for coding in study.texts.codings]
    if to not in JUDGED:
        profile = study_profile(study)
        data, held = exchanging.leaving_codings_in(study, to, Leaving(study, profile, passages))
        return data, held, Departure(to, profile=profile.id)
    gated = gate(study, read_register(origin), progress=progress)
    departure = Departure(to, profile=gated.values.profile.id, tables=gated.values.tables)
    if to == "prov":
        return _provenance(gated), {}, departure
    from joinedup.adapters.provenance import leaving_annotations

    passages += [piece.passage for one in gated.findings.values() for piece in one.evidence if piece.passage]
    text, held = leaving_annotations(study, _told(gated), Leaving(study, gated.values.profile, passages))
    return text.encode("utf-8"), held, departure


def _told(gated: Gated) -> Mapping[str, Finding]:
    """The findings with their sentences as the gate lets them say it: rounded where it rounds."""
    from joinedup.report.gate.as_shown import filled

    return {id: replace(one, text=filled(one.claim, gated.results, gated.values)) for id, one in gated.findings.items()}


def _provenance(gated: Gated) -> bytes:
    from joinedup.adapters.provenance import provenance
    from joinedup.report.gate.anonymity import anonymous_result, is_promised

    study, results = gated.study, gated.results
    if is_promised(study):
        results = {id: anonymous_result(result, study) for id, result in results.items()}
    return provenance(study, results, _told(gated), gated.files).encode("utf-8")


def _of_nobody(study: Study, to: str, language: str) -> bytes:
    from joinedup.adapters.render.printed import codebook_page, paper_page

    if to == "instrument":
        return _workbook(study)
    text = codebook_page(study) if to == "codebook" else paper_page(study, language)
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
