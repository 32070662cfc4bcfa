"""Releasing: everything that leaves passes the disclosure gate, is written whole or not at all, and is registered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.study.problems import UsageError
from joinedup.workflow.opening import Progress, silent
from joinedup.workflow.release_ledger import append_release, read_register
from joinedup.workflow.release_set import PLAIN, Gated, Styles, write_part, write_set
from joinedup.workflow.writing import check_out, replace_folder, write_json, written_beside

if TYPE_CHECKING:
    from joinedup.disclosure import Profile, Register, Stop
    from joinedup.report.gate.values import Values
    from joinedup.study.model import Study

MARK = "register.json"
"""A folder that holds this file is a release of ours and may be replaced."""
DEFAULT_PROFILE = "children-la"


class ReleaseRefused(Exception):
    """The gate refused a release: the stops, each with the id by which a reviewer may let it pass."""

    def __init__(self, stops: Sequence[Stop]) -> None:
        super().__init__("\n".join(str(stop) for stop in stops))
        self.stops = tuple(stops)


@dataclass(frozen=True, slots=True)
class Bypass:
    """Stops that a named reviewer lets pass, and why. It is written to the ledger with the release."""

    ids: tuple[str, ...]
    by: str
    reason: str


def stop_id(stop: Stop) -> str:
    """Eight letters that name a stop: the same as long as it says the same."""
    return hashlib.sha256(str(stop).encode()).hexdigest()[:8]


def gate(study: Study, register: Register, bypass: Bypass | None = None, progress: Progress = silent) -> Gated:
    """Run `study` and put its report through the gate of the study's profile.

    `register` holds what earlier releases showed. Raises ReleaseRefused with every stop that `bypass` does not name,
    UsageError where `bypass` names none that is there, or lacks who and why.
    """
    from joinedup.report.document import build
    from joinedup.report.gate.anonymity import anonymous_document, is_promised
    from joinedup.report.gate.changed_records import records_of, stops_of_changes
    from joinedup.report.gate.document import gated_result, released_document
    from joinedup.report.gate.judged import gated_finding, stops_of_expectations
    from joinedup.report.gate.retold import retold
    from joinedup.report.gate.rows import survey_rows
    from joinedup.report.gate.text_labels import TextLabels
    from joinedup.report.gate.values import protected_values
    from joinedup.report.gate.words import stops
    from joinedup.workflow.running import compute

    results, findings = compute(study, progress)
    progress("gate", 0, 1)
    profile = study_profile(study)
    files = {id: result.files for id, result in results.items()}
    values = protected_values(study, results, profile, register)
    told = retold(study, results, {id: gated_result(result, values) for id, result in results.items()}, values)
    expected = list(stops_of_expectations(findings, results, values))
    claims = {claim.id: claim for claim in study.claims}
    findings = {id: gated_finding(one, claims[id], results, told, values) for id, one in findings.items()}
    document = build(study, told, findings)
    changes = stops_of_changes(records_of(study), register, profile)
    found = [*stops(study, document, findings, values), *expected, *changes, *_audited(values, register)]
    passed = _passed(found, bypass)
    left = [stop for stop in found if stop not in passed]
    if left:
        raise ReleaseRefused(left)
    released = released_document(document, values, f"Released under the profile: {profile.label}")
    if is_promised(study):
        released = anonymous_document(released, study)
    labels = TextLabels(study)
    results = {id: labels.result(result) for id, result in told.items()}
    rows = survey_rows(study, values, register)
    return Gated(study, results, findings, labels.document(released), values, passed, rows, files)


def study_profile(study: Study) -> Profile:
    """The profile of the disclosure gate that study.toml names, else the default."""
    from joinedup.disclosure.profiles import profile_of

    return profile_of(str(study.settings.get("disclosure", {}).get("profile", DEFAULT_PROFILE)))


def _audited(values: Values, register: Register) -> Iterable[Stop]:
    """What an attacker who holds this release and all earlier ones can work out."""
    from joinedup.disclosure import audit_release

    for cell in audit_release(values.tables, register=register):
        if cell.stop is not None:
            yield cell.stop


def _passed(found: Sequence[Stop], bypass: Bypass | None) -> tuple[Stop, ...]:
    if bypass is None or not bypass.ids:
        return ()
    if not bypass.by.strip() or not bypass.reason.strip():
        raise UsageError("To let a stop pass, say who reviewed it and why: --by NAME --reason WORDS.")
    known = {stop_id(stop): stop for stop in found}
    unknown = [id for id in bypass.ids if id not in known]
    if unknown:
        raise UsageError(f"There is no stop {unknown[0]!r} in this release. Its stops: {', '.join(known) or 'none'}.")
    return tuple(known[id] for id in bypass.ids)


def release(
    study: Study,
    folder: Path,
    out: Path,
    *,
    bypass: Bypass | None = None,
    styles: Styles = PLAIN,
    at: datetime | None = None,
    progress: Progress = silent,
) -> Gated:
    """Write the gated set of the study in `folder` to `out`, and register it in its ledger.

    `out` gets report.html, report.pdf, report.docx, slides.pptx, a brief for each site, figures/, tables/, results/,
    deposit/ and register.json. It is written beside and renamed; the ledger is written before, so that nothing leaves
    unregistered. Raises what `gate` raises, and UsageError where `out` lies in a study or holds something else.
    """

    check_release_out(out)
    styles.check()
    gated = gate(study, read_register(folder), bypass, progress)
    _write(gated, folder, out, lambda beside: write_set(gated, beside, styles, progress), at, bypass)
    return gated


def release_part(
    study: Study,
    folder: Path,
    part: str,
    out: Path,
    *,
    styles: Styles = PLAIN,
    at: datetime | None = None,
    progress: Progress = silent,
) -> Gated:
    """Write one part of the gated set (see PARTS) to the folder `out`, which also gets register.json.

    It passes the same gate as a whole release, and is registered like one. Raises what `release` raises.
    """
    check_release_out(out)
    styles.check()
    gated = gate(study, read_register(folder), progress=progress)
    _write(gated, folder, out, lambda beside: write_part(gated, part, beside, styles), at)
    return gated


def sites_without_scores(gated: Gated) -> int:
    """How many sites have a score that is suppressed, because few people rated them."""
    from joinedup.study.registry import key_part

    scores = {*(key_part(level.id) for level in gated.study.levels), "score", "first", "second"}
    hidden = [key.split(".") for id, key in gated.values.hidden if id in gated.values.bare and key.startswith("site.")]
    return len({site for _, site, what, *_ in hidden if what in scores})


def _write(
    gated: Gated,
    folder: Path,
    out: Path,
    write: Callable[[Path], object],
    at: datetime | None,
    bypass: Bypass | None = None,
) -> None:
    """What `write` makes, beside `out` first; then the entry of the ledger; then the new name."""
    from joinedup.disclosure import Register
    from joinedup.report.gate.anonymity import anonymous_register, is_promised
    from joinedup.report.gate.rows import with_rows

    when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    register = Register().with_release(when, gated.values.tables)
    with written_beside(out) as beside:
        write(beside)
        if gated.rows and (beside / "deposit").is_dir():
            register = with_rows(register, when, gated.rows)
        told = anonymous_register(register, gated.study) if is_promised(gated.study) else register
        write_json(beside / MARK, told.to_dict())
        append_release(folder, _entry(gated, when, bypass, register, beside))
        replace_folder(beside, out)


def _entry(gated: Gated, at: str, bypass: Bypass | None, register: Register, out: Path) -> dict[str, Any]:
    """The line of the ledger: when, under which profile, what was let pass by whom, what was written, what it shows, and
    what it rests on."""
    from joinedup.report.gate.changed_records import records_of

    passed = [{"id": stop_id(stop), "stop": str(stop)} for stop in gated.passed]
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {
        "at": at,
        "profile": gated.values.profile.id,
        "passed": passed,
        "by": bypass.by if bypass and passed else "",
        "reason": bypass.reason if bypass and passed else "",
        "files": {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        "register": register.to_dict(),
        "records": records_of(gated.study),
    }


def check_release_out(out: Path) -> None:
    """Refuse a target inside a study, a file, or a folder with something else than a release in it."""
    check_out(out, MARK, "a release")
