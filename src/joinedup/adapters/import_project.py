"""Bring a coding project of another program into a study folder: texts, codes, codings, coders; all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from joinedup.adapters import qualcoder, refi_qda, taguette, taguette_lists
from joinedup.adapters.exchange.ids import Ids, guid_of, slug
from joinedup.adapters.exchange.kept import Kept
from joinedup.adapters.exchange.studies import project_of, rules_of
from joinedup.adapters.exchange.twins import digest_of, same_texts, source_of
from joinedup.adapters.foreseen import Check, declared, read_for_import, refuse_new_problems
from joinedup.study.folder import canonical
from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.jsonlines import write_objects
from joinedup.study.folder.placing import place_files
from joinedup.study.folder.texts import ASSIGNMENTS, CASES, CODEBOOK, CODINGS, MEMOS, SETS, TEXTS, VARIABLES, frozen
from joinedup.study.folder.tomlwriter import write_toml
from joinedup.study.hints import shown
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.texts import INDEPENDENT, Code, Coding, Passage, Text
from joinedup.texts.passages import context
from joinedup.texts.project import ImportReport, Project, ProjectCode, ProjectText

_READERS = {
    ".qdpx": refi_qda.read_project,
    ".qde": refi_qda.read_project,
    ".qdc": refi_qda.read_codebook,
    ".qda": qualcoder.read_project,
    ".sqlite3": taguette.read_project,
}


_CHANGED = (TEXTS.file, CODEBOOK, CODINGS, ASSIGNMENTS.file, CASES.file, VARIABLES.file, SETS.file, MEMOS)


def is_project(file: Path) -> bool:
    """Whether a file is a coding project, by the ending of its name, or one of Taguette's lists, by its header."""
    return file.suffix.lower() in _READERS or bool(taguette_lists.kind_of(file))


def _read(file: Path, study: Study) -> Project:
    kind = taguette_lists.kind_of(file)
    if kind == taguette_lists.HIGHLIGHTS:
        return taguette_lists.read_highlights(file, project_of(study).texts)
    return taguette_lists.read_codebook(file) if kind else _READERS[file.suffix.lower()](file)


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """What an import added to the study, and the whole report; `noted`: codings of the study that have new notes."""

    texts: int
    codes: int
    codings: int
    report: ImportReport
    kept: int = 0
    noted: int = 0

    def __str__(self) -> str:
        added = f"{self.texts} texts, {self.codes} codes and {self.codings} codings were added."
        if self.kept:
            added += f" {self.kept} rows of cases, variables, sets and memos were kept."
        if self.noted:
            added += f" {self.noted} codings of the study were given further notes."
        if not self.texts + self.codes + self.codings + self.kept + self.noted:
            added = "The study holds all of it already: nothing was changed."
        return f"{self.report}\n{added}"


def import_project(
    folder: Path, file: Path, *, check: Check, kind: str = "", site: str = "", wave: str = "", date: str = ""
) -> ImportedProject:
    """Import the project in `file` (.qdpx, .qde, .qdc, .qda, .sqlite3, Taguette's lists) into the study in `folder`.

    Texts that the study holds to the letter are taken as the same, one for one; codes with the same GUID or label too. A text's
    kind, site, wave and date come from the project's variables of these names where the study knows the value, else
    from the arguments; `kind` is needed where the project says none. Each coder is given the texts that they coded.
    Raises UsageError for what the study does not know, StudyError with what would make it unsound.
    """
    study = read_for_import(folder, _CHANGED)
    project = _read(file, study)
    given = {"kind": kind, "site": site, "wave": wave, "date": date}
    joined = _Joined(study, project, file.name, given)
    files = joined.files()
    if files:
        refuse_new_problems(study, files, check)
        place_files(folder, files, "The project was not imported")
    return ImportedProject(
        len(joined.texts),
        len(joined.codes),
        len(joined.codings),
        joined.report(),
        kept=joined.kept.count,
        noted=len(joined.noted),
    )


_Key = tuple[Passage, str, str]
"""A coding's passage, code and coder."""


@dataclass
class _Joined:
    """A study and a project that joins it: what is new."""

    study: Study
    project: Project
    source: str
    given: Mapping[str, str]
    texts: dict[str, Text] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    codings: list[Coding] = field(default_factory=list)
    noted: dict[int, Coding] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    kept: Kept = field(init=False)
    _text_of: dict[str, Text] = field(default_factory=dict)
    _ids: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        for own in self.study.texts.texts:
            self._ids.take(own.id, "text")
        self._text_of, unsure = same_texts(self.study.texts.texts, self.project.texts, self.source)
        self.flags += [
            f"Several texts of the study have the words of {shown(id)}: it was taken as {shown(self._text_of[id].id)}."
            for id in unsure
        ]
        for text in self.project.texts:
            if text.id not in self._text_of:
                self._text(text)
        self._code_of = self._codes()
        self._add_codings()
        texts = {id: text.id for id, text in self._text_of.items()}
        then = replace(self.study, texts=replace(self.study.texts, texts=self._every_text()))
        self.kept = Kept.of(then, self.project, texts, self._code_of, self.source)

    def _every_text(self) -> tuple[Text, ...]:
        return (*self.study.texts.texts, *self.texts.values())

    def report(self) -> ImportReport:
        """The project's report with what the joining adds to it."""
        found = self.project.report
        kept = self.kept
        added = {
            "rows of cases": (len(kept.cases), CASES.file),
            "values and declarations of variables": (len(kept.variables), VARIABLES.file),
            "members of sets": (len(kept.sets), SETS.file),
            "notes, as memos": (len(kept.memos), MEMOS),
        }
        choices = [f"{count:,} {what} were kept in {file}." for what, (count, file) in added.items() if count]
        gone = {
            "colours of codes": sum(bool(code.colour) for code in self.project.codes),
            "dates of codings": sum(bool(coding.created) for coding in self.project.codings),
        }
        losses = [f"{count:,} {what}: a study has no place for them." for what, count in gone.items() if count]
        homeless = sum(
            bool(note.texts or note.codes) and not (note.codes or {*note.texts} & {*self._text_of})
            for note in self.project.notes
        )
        losses += [f"{homeless:,} notes on texts that did not come."] if homeless else []
        return replace(
            found,
            losses=(*found.losses, *self.losses, *losses),
            flags=(*found.flags, *self.flags),
            choices=(*found.choices, *choices),
        )

    def _text(self, text: ProjectText) -> None:
        if not text.content.strip():
            self.losses.append(f"The text {shown(text.name)} is empty.")
            return
        id = self._ids.take(text.id, "text")
        if id != (slug(text.id) or "text"):
            self.flags.append(f"The study has another text {shown(text.id)}; the new one is {shown(id)}.")
        about = self._about(text)
        interview = text.variables.get("interview", "")
        where = about["kind"], interview, about["site"], about["wave"], about["date"]
        new = Text(id, *where, source_of(text, self.source), digest_of(text), text.content)
        self.texts[id] = self._text_of[text.id] = new

    def _about(self, text: ProjectText) -> dict[str, str]:
        known = {
            "kind": [kind.id for kind in self.study.kinds],
            "site": [*self.study.site_by_id],
            "wave": [*self.study.wave_order],
        }
        found = {}
        for key, given in self.given.items():
            said = text.variables.get(key, "")
            found[key] = said if said and said in known.get(key, (said,)) else given
            if key in known and (found[key] or key == "kind"):
                if key == "kind" and not found[key]:
                    raise UsageError(f"The project does not say what kind of text {text.name!r} is: add --kind KIND.")
                declared({"kind": "kind of text"}.get(key, key), found[key], known[key])
        return found

    def _codes(self) -> dict[str, str]:
        """The project's code -> the study's: the same by GUID, by its path of labels, by a label unique in both; or new."""
        mine, theirs = self.study.texts.codes, self.project.codes
        by_guid = {guid_of("code", code.id): code.id for code in mine}
        by_path = {path: id for id, path in _paths([(one.id, one.label, one.parent) for one in mine]).items()}
        paths = _paths([(one.id, one.name, one.parent) for one in theirs])
        labels = Counter(one.label.casefold() for one in mine)
        named = Counter(one.name.casefold() for one in theirs)
        by_label = {one.label.casefold(): one.id for one in mine if labels[one.label.casefold()] == 1}
        ids = Ids()
        for own in mine:
            ids.take(own.id, "code")
        found: dict[str, str] = {}
        for code in theirs:
            label = code.name.casefold()
            same = by_guid.get(code.guid) or by_path.get(paths[code.id])
            same = same or (by_label.get(label) if named[label] == 1 else None)
            if same is None:
                same = ids.take(code.id, "code")
                self.codes.append(self._code(code, same, found.get(code.parent, "")))
            found[code.id] = same
        return found

    def _code(self, code: ProjectCode, id: str, parent: str) -> Code:
        rules = rules_of(code.description)
        definition, include, exclude, example = (
            rules.get(k, "") for k in ("definition", "include", "exclude", "example")
        )
        return Code(id, code.name, definition, parent, include, exclude, example)

    def _add_codings(self) -> None:
        """The codings that are new; of one that is there, a note that is new is added to its own."""
        every = [*self.study.texts.codings]
        own, at, said = len(every), dict[_Key, int](), dict[_Key, str]()
        for number, coding in enumerate(every):
            key = coding.passage, coding.code, coding.coder
            at.setdefault(key, number)
            said[key] = _with_note(said.get(key, ""), coding.note)
        for one in self.project.codings:
            text = self._text_of[one.text]
            passage = Passage(text.id, one.start, one.end, one.quote)
            key = passage, self._code_of[one.code], one.coder or "unknown"
            number = at.setdefault(key, len(every))
            if number == len(every):
                prefix, suffix = context(text.content, one.start, one.end)
                every.append(Coding(*key, prefix=prefix, suffix=suffix))
            note = _with_note(one.title, one.note)
            if _with_note(said.get(key, ""), note) != said.get(key, ""):
                said[key] = _with_note(said.get(key, ""), note)
                every[number] = replace(every[number], note=_with_note(every[number].note, note))
                if number < own:
                    self.noted[number] = every[number]
        self.codings = every[own:]

    def files(self) -> dict[str, bytes]:
        """The files of the study that change, the tables that make the others known last."""
        study = self.study
        files = {frozen(text.sha256): text.content.encode("utf-8") for text in self.texts.values()}
        if self.codes:
            before = study.files.get(CODEBOOK, b"")
            gap = b"\n" if before.endswith((b"\n", b"\r")) else b"\n\n" if before else b""
            files[CODEBOOK] = before + gap + write_toml(canonical.codebook(self.codes))
        if self.codings or self.noted:
            there = [self.noted.get(at, one) for at, one in enumerate(study.texts.codings)]
            files[CODINGS] = write_objects(canonical.codings([*there, *self.codings]))
            files |= self._assignments()
        files |= self.kept.files(study)
        if self.texts:
            rows = [
                {column: getattr(one, name) for column, name in TEXTS.fields.items()} for one in self.texts.values()
            ]
            files[TEXTS.file] = with_rows(study.files.get(TEXTS.file, b""), TEXTS.file, TEXTS.columns, rows)
        return files

    def _assignments(self) -> dict[str, bytes]:
        """Each coder's texts: a coder who coded a text has read it."""
        held = {(row.text, row.coder) for row in self.study.texts.assignments}
        new = sorted({(one.passage.text, one.coder) for one in self.codings} - held)
        if not new:
            return {}
        rows = [{"text": text, "coder": coder, "phase": INDEPENDENT} for text, coder in new]
        before = self.study.files.get(ASSIGNMENTS.file, b"")
        return {ASSIGNMENTS.file: with_rows(before, ASSIGNMENTS.file, ASSIGNMENTS.columns, rows)}


def _with_note(note: str, further: str) -> str:
    """Two notes as one, paragraphs apart; one that the other holds already is said once."""
    held = f"\n\n{further}\n\n" in f"\n\n{note}\n\n"
    return note if held else "\n\n".join(filter(None, (note, further)))


def _paths(codes: Sequence[tuple[str, str, str]]) -> dict[str, tuple[str, ...]]:
    """Each code (id, label, parent) -> the labels from it upwards, and which of several with these labels it is."""
    known = {id: (label, parent) for id, label, parent in codes}
    counts: Counter[tuple[str, ...]] = Counter()
    found = {}
    for id in known:
        path, at = list[str](), id
        while at in known and len(path) < len(known):
            path.append(known[at][0].casefold())
            at = known[at][1]
        counts[tuple(path)] += 1
        found[id] = (str(counts[tuple(path)]), *path)
    return found
