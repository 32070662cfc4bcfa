"""What each file of a study folder holds, and the bytes it has after an edit.

A part that reads the same as its original bytes keeps them; row numbers don't count.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from joinedup.study.folder import canonical
from joinedup.study.folder.arrowtables import read_table, write_table
from joinedup.study.folder.findings import (
    AFFIRMATIONS,
    FINDINGS,
    REFERENCES,
    SYNTHESIS,
    read_affirmations,
    read_claims,
    read_references,
)
from joinedup.study.folder.frame import PEOPLE, SITES, STUDY, Frame, read_frame
from joinedup.study.folder.indicators import (
    DECLARED,
    NEIGHBOURS,
    OTHER_TABLES,
    SITE_CHANGES,
    VALUE_COLUMNS,
    VALUES,
    read_declared,
)
from joinedup.study.folder.jsonlines import write_objects
from joinedup.study.folder.layout import LAYOUT, read_layout, write_layout
from joinedup.study.folder.partnership import BODIES, MEMBERS, PROVISION, REMITS
from joinedup.study.folder.plan_lock import PLAN_LOCK, read_plan_lock, write_plan_lock
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.sheet import Sheet
from joinedup.study.folder.survey import RESPONSE_COLUMNS, RESPONSES, ROSTER, SCALES, read_scales
from joinedup.study.folder.texts import (
    ANCHORS,
    ASSIGNMENTS,
    CASES,
    CODEBOOK,
    CODINGS,
    DECISIONS,
    FRAMEWORK,
    MEMOS,
    SETS,
    SPEAKERS,
    TEXTS,
    VARIABLES,
    frozen,
    read_codebook,
    read_codings,
    read_decisions,
    read_framework,
    read_memos,
)
from joinedup.study.folder.tomlfile import parse_toml
from joinedup.study.folder.tomlwriter import write_toml
from joinedup.study.model import Indicators, Study


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One file: what the study now holds for it, what its original bytes hold, and how it is written when edited."""

    file: str
    now: Any
    read: Callable[[Reading], Any]
    write: Callable[[Any], bytes]

    def bytes(self, original: Reading) -> bytes | None:
        """The bytes that belong into the file; None where the part is empty and had no file."""
        before = original.files.get(self.file)
        if before is None:
            return None if _is_empty(self.now) else self.write(self.now)
        return before if _same(self.read(original), self.now) else self.write(self.now)


def _is_empty(now: Any) -> bool:
    return now == type(now)() if dataclasses.is_dataclass(now) and not isinstance(now, type) else not now


def parts(study: Study) -> Iterator[Part]:
    """Every part of `study` that stands in one file of text (the questionnaire's workbook is none)."""
    yield _frame(study)
    yield from _sheets(study)
    if study.plan_lock is not None:
        yield Part(PLAN_LOCK, study.plan_lock, read_plan_lock, write_plan_lock)
    yield Part(LAYOUT, study.layout, read_layout, write_layout)
    yield Part(SCALES, study.survey.scales, read_scales, lambda now: write_toml(canonical.scales(now)))
    yield Part(CODEBOOK, study.texts.codes, read_codebook, lambda now: write_toml(canonical.codebook(now)))
    yield Part(CODINGS, study.texts.codings, read_codings, lambda now: write_objects(canonical.codings(now)))
    yield Part(DECISIONS, study.texts.decisions, read_decisions, lambda now: write_objects(canonical.decisions(now)))
    framework, memos = study.texts.framework, study.texts.memos
    yield Part(FRAMEWORK, framework, read_framework, lambda now: write_toml(canonical.framework(now), ("cites",)))
    yield Part(MEMOS, memos, read_memos, lambda now: write_objects(canonical.memos(now)))
    yield _declared(study)
    yield Part(FINDINGS, study.claims, read_claims, lambda now: write_toml(canonical.findings(now), ("passage",)))
    yield _ledger(study)
    yield Part(REFERENCES, study.references, read_references, lambda now: str(now).encode("utf-8"))
    yield from _frozen_texts(study)
    yield from _many(study)


def _frame(study: Study) -> Part:
    names = [field.name for field in dataclasses.fields(Frame)]
    now = Frame(**{name: getattr(study, name) for name in names})

    def write(now: Frame) -> bytes:
        before = read_frame(Reading({STUDY: write_toml(now.settings)}))
        return write_toml(canonical.settings_of(now, before))

    return Part(STUDY, now, read_frame, write)


def _sheets(study: Study) -> Iterator[Part]:
    survey, texts, partnership = study.survey, study.texts, study.partnership
    held: list[tuple[Sheet[Any], Any]] = [
        (SITES, study.sites),
        (PEOPLE, study.people),
        (ROSTER, survey.roster),
        (SPEAKERS, texts.speakers),
        (ASSIGNMENTS, texts.assignments),
        (ANCHORS, texts.anchors),
        (CASES, texts.cases),
        (VARIABLES, texts.variables),
        (SETS, texts.sets),
        (BODIES, partnership.bodies),
        (MEMBERS, partnership.members),
        (REMITS, partnership.remits),
        (PROVISION, partnership.provision),
        (SITE_CHANGES, study.indicators.site_changes),
        (NEIGHBOURS, study.indicators.neighbours),
    ]
    for sheet, items in held:
        yield Part(sheet.file, items, sheet.read, sheet.write)
    plain = tuple(dataclasses.replace(text, content="") for text in texts.texts)
    yield Part(TEXTS.file, plain, TEXTS.read, TEXTS.write)


def _declared(study: Study) -> Part:
    strand = study.indicators
    now = Indicators(
        indicators=strand.indicators,
        deflator=strand.deflator,
        price_base=strand.price_base,
        deflator_source=strand.deflator_source,
    )
    return Part(DECLARED, now, read_declared, lambda now: write_toml(canonical.declared(now), ("period",)))


def _ledger(study: Study) -> Part:
    original = study.files.get(AFFIRMATIONS, b"")
    before = read_affirmations(Reading({AFFIRMATIONS: original}))

    def write(now: Any) -> bytes:
        if now[: len(before)] != before:
            return write_objects(canonical.affirmations(now))
        gap = b"\n" if original and not original.endswith(b"\n") else b""
        return original + gap + write_objects(canonical.affirmations(now[len(before) :]))

    return Part(AFFIRMATIONS, study.affirmations, read_affirmations, write)


def _frozen_texts(study: Study) -> Iterator[Part]:
    for text in study.texts.texts:
        file = frozen(text.sha256)
        if text.content or file in study.files:
            yield Part(file, text.content, partial(_content, file=file), lambda now: str(now).encode("utf-8"))


def _content(original: Reading, file: str) -> str:
    try:
        return original.files[file].decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _many(study: Study) -> Iterator[Part]:
    """The parts of which a study has any number: responses by wave, values by file, synthesis by name."""
    for wave, table in study.survey.responses.items():
        file = f"survey/responses-{wave}.csv"
        yield Part(file, table, partial(read_table, file=file, columns=RESPONSE_COLUMNS), write_table)
    for name, table in study.indicators.values.items():
        file = f"indicators/{name}"
        yield Part(file, table, partial(read_table, file=file, columns=VALUE_COLUMNS), write_table)
    for name, data in study.synthesis.items():
        file = f"synthesis/{name}.toml"
        yield Part(file, data, partial(parse_toml, file=file), write_toml)


def removed(study: Study) -> set[str]:
    """Files of which the original folder has a part that `study` has no longer: they are not written."""
    waves, values, names = study.survey.responses, study.indicators.values, study.synthesis
    kept = {text.sha256 for text in study.texts.texts}
    original = Reading(study.files)
    gone = {frozen(text.sha256) for text in TEXTS.read(original) if text.sha256 not in kept}
    if study.plan_lock is None and read_plan_lock(original) is not None:  # a lock changed by hand was never held
        gone.add(PLAN_LOCK)
    readers: list[tuple[Any, Mapping[str, Any], Callable[[str], Any]]] = [
        (RESPONSES, waves, lambda file: read_table(original, file, RESPONSE_COLUMNS)),
        (VALUES, values, lambda file: read_table(original, file, VALUE_COLUMNS)),
        (SYNTHESIS, names, lambda file: parse_toml(original, file)),
    ]
    for file in study.files:
        for pattern, held, read in readers:
            match = pattern.fullmatch(file)
            is_other = match is None or match[1] in held or file in OTHER_TABLES
            if not is_other and read(file) is not None:  # what could not be read was never held: it stays
                gone.add(file)
    return gone


def _same(before: Any, now: Any) -> bool:
    if hasattr(before, "column_names") and hasattr(now, "column_names"):
        names = [name for name in now.column_names if not name.startswith("_")]
        kept = [name for name in before.column_names if not name.startswith("_")]
        return names == kept and bool(before.select(names).equals(now.select(names)))
    if isinstance(before, tuple) and isinstance(now, tuple):
        return before == now or (len(before) == len(now) and all(map(_same, before, now)))
    if dataclasses.is_dataclass(before) and hasattr(before, "row") and type(before) is type(now):
        return bool(dataclasses.replace(before, row=0) == dataclasses.replace(now, row=0))  # type: ignore[type-var]
    return bool(before == now)
