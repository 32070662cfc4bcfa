"""Cases, variables, sets and notes of a project that join a study, and the files that they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joinedup.adapters.exchange.keeping import new_cases, new_memos, new_sets, new_values
from joinedup.study.exchanged import CaseText, SetMember, VariableValue
from joinedup.study.folder import canonical
from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.jsonlines import write_objects
from joinedup.study.folder.sheet import Sheet
from joinedup.study.folder.texts import CASES, MEMOS, SETS, VARIABLES
from joinedup.study.model import Study
from joinedup.study.texts import Memo
from joinedup.texts.project import Project


@dataclass(frozen=True, slots=True)
class Kept:
    """What is new to the study."""

    cases: tuple[CaseText, ...]
    variables: tuple[VariableValue, ...]
    sets: tuple[SetMember, ...]
    memos: tuple[Memo, ...]

    @classmethod
    def of(cls, study: Study, project: Project, texts: Mapping[str, str], codes: Mapping[str, str], by: str) -> Kept:
        """`study` has the project's texts already; `texts` and `codes` map the project's ids to the study's."""
        return cls(
            new_cases(study, project, texts),
            new_values(study, project, texts),
            new_sets(study, project, texts, codes),
            new_memos(study, project, texts, codes, by, datetime.now(tz=UTC).date().isoformat()),
        )

    @property
    def count(self) -> int:
        """How many rows and memos these are."""
        return len(self.cases) + len(self.variables) + len(self.sets) + len(self.memos)

    def files(self, study: Study) -> dict[str, bytes]:
        """The files of the study that change; their other bytes stay."""
        sheets: list[tuple[Sheet[Any], tuple[Any, ...]]] = [
            (CASES, self.cases),
            (VARIABLES, self.variables),
            (SETS, self.sets),
        ]
        files = {}
        for sheet, items in sheets:
            rows = [{column: getattr(item, name) for column, name in sheet.fields.items()} for item in items]
            if rows:
                files[sheet.file] = with_rows(study.files.get(sheet.file, b""), sheet.file, sheet.columns, rows)
        if self.memos:
            before = study.files.get(MEMOS, b"")
            gap = b"" if not before or before.endswith(b"\n") else b"\n"
            files[MEMOS] = before + gap + write_objects(canonical.memos(self.memos))
        return files
