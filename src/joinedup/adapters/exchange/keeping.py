"""What a project holds beside texts and codings, as rows of the study's files, and back again.

A note becomes a memo: its name, an empty line, its words. Values of variables that the study has columns for (kind,
interview, site, wave, date) stay there; all others, cases and sets go into tables of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from joinedup.study.exchanged import CaseText, SetMember, VariableValue
from joinedup.study.model import Study
from joinedup.study.texts import Memo
from joinedup.texts.project import Case, CodeSet, Note, Project, Variable

ATTRIBUTES = ("kind", "interview", "site", "wave", "date")
_OF_SITES = ("name", "region", "type", "role", "adopted", "model")
_LONGEST_NAME = 100
_DECLARED = ""


def memo_words(note: Note) -> str:
    """The words of a note as those of a memo."""
    return note.content if not note.name or note.name == note.content else f"{note.name}\n\n{note.content}"


def new_memos(
    study: Study, project: Project, texts: Mapping[str, str], codes: Mapping[str, str], by: str, today: str
) -> tuple[Memo, ...]:
    """The project's notes as memos, without those that the study has; `texts` and `codes` map the project's ids.

    A note says neither who wrote it nor when: the memo says from which file it came, and on which day.
    """
    found: dict[tuple[str, str], Memo] = {}
    for note in _notes(project):
        on = [f"text:{texts[id]}" for id in note.texts if id in texts]
        on += [f"code:{codes[id]}" for id in note.codes if id in codes]
        if memo_words(note).strip() and (on or not (note.texts or note.codes)):
            found |= {(one, memo_words(note)): Memo(one, by, today, memo_words(note)) for one in on or ["study"]}
    held = {(memo.on, memo.memo) for memo in study.texts.memos}
    return tuple(memo for key, memo in found.items() if key not in held)


def _notes(project: Project) -> Iterator[Note]:
    yield from project.notes
    if project.description:
        yield Note(f"Description of {project.name}", project.description)
    for text in project.texts:
        if text.description:
            yield Note(f"Description of {text.name}", text.description, (text.id,))


def notes_of(study: Study) -> tuple[Note, ...]:
    """The memos on the study, its texts and codes as notes; one memo on several things is one note."""
    found: dict[tuple[str, str, str], Note] = {}
    for memo in study.texts.memos:
        kind, _, id = memo.on.partition(":")
        if kind not in ("study", "text", "code"):
            continue
        key = memo.by, memo.at, memo.memo
        note = found.get(key) or _note(memo.memo)
        if kind == "text":
            note = replace(note, texts=(*note.texts, id))
        elif kind == "code":
            note = replace(note, codes=(*note.codes, id))
        found[key] = note
    return tuple(found.values())


def _note(words: str) -> Note:
    name, gap, content = words.partition("\n\n")
    named = bool(gap) and "\n" not in name and 0 < len(name) <= _LONGEST_NAME and bool(content)
    return Note(name, content) if named else Note("", words)


def new_values(study: Study, project: Project, texts: Mapping[str, str]) -> tuple[VariableValue, ...]:
    """The values of variables that the study does not hold, and the declarations of their variables."""
    found: dict[tuple[str, str], VariableValue] = {}
    for text in project.texts:
        if text.id in texts:
            own = study.text_by_id.get(texts[text.id])
            for name, value in text.variables.items():
                if not (name in ATTRIBUTES and own is not None and getattr(own, name) == value):
                    key = f"text:{texts[text.id]}", f"{name} (imported)" if name in ATTRIBUTES else name
                    found[key] = VariableValue(*key, value)
    for case in project.cases:
        of_site = _site_variables(study, case.name)
        for name, value in case.variables.items():
            if of_site.get(name) != value:
                found[f"case:{case.name}", name] = VariableValue(f"case:{case.name}", name, value)
    valued = {name for text in project.texts for name in text.variables}
    valued |= {name for case in project.cases for name in case.variables}
    declared = [
        VariableValue(_DECLARED, one.name, one.description, one.type)
        for one in project.variables
        if one.description or one.type != "Text" or one.name not in valued
    ]
    held = {(one.on, one.variable) for one in study.texts.variables}
    every = (*declared, *found.values())
    return tuple(one for one in every if one.variable.strip() and (one.on, one.variable) not in held)


def _site_variables(study: Study, case: str) -> dict[str, str]:
    site = study.site_by_id.get(case)
    return {f"site {key}": said for key in _OF_SITES if (said := getattr(site, key))} if site else {}


def new_cases(study: Study, project: Project, texts: Mapping[str, str]) -> tuple[CaseText, ...]:
    """The cases with their texts; a case that is a site of the study is held by the texts' own site."""
    found: dict[tuple[str, str], CaseText] = {}
    for case in project.cases:
        ids = [texts[id] for id in case.texts if id in texts]
        sites = {study.text_by_id[id].site for id in ids if id in study.text_by_id}
        if case.name in study.site_by_id and sites <= {case.name} and not case.description:
            continue
        for id in ids or [""]:
            found[case.name, id] = CaseText(case.name, id, case.description)
    held = {(one.case, one.text) for one in study.texts.cases}
    return tuple(one for key, one in found.items() if key not in held)


def new_sets(
    study: Study, project: Project, texts: Mapping[str, str], codes: Mapping[str, str]
) -> tuple[SetMember, ...]:
    """The sets with their members."""
    found: dict[tuple[str, str], SetMember] = {}
    for one in project.sets:
        members = [f"code:{codes[id]}" for id in one.codes if id in codes]
        members += [f"text:{texts[id]}" for id in one.texts if id in texts]
        found |= {(one.name, member): SetMember(one.name, member, one.description) for member in members or [""]}
    held = {(one.set, one.member) for one in study.texts.sets}
    return tuple(one for key, one in found.items() if key not in held)


def cases_of(study: Study) -> tuple[Case, ...]:
    """The sites with texts, then the cases that came with projects; one of both names is one case."""
    texts: dict[str, dict[str, None]] = {}
    about: dict[str, str] = {}
    by_site = {site.id for site in study.sites}
    for site in (site.id for site in study.sites):
        own = [text.id for text in study.texts.texts if text.site == site]
        texts |= {site: dict.fromkeys(own)} if own else {}
    for row in study.texts.cases:
        texts.setdefault(row.case, {}).update({row.text: None} if row.text else {})
        about.setdefault(row.case, row.description)
    values = _values(study, "case")
    found = []
    for name, ids in texts.items():
        own_values = _site_variables(study, name) if name in by_site else {}
        found.append(Case(name, about.get(name, ""), {**own_values, **values.get(name, {})}, tuple(ids)))
    return tuple(found)


def text_values(study: Study) -> Mapping[str, Mapping[str, str]]:
    """Text -> variable -> value, of variables that came with projects."""
    return _values(study, "text")


def _values(study: Study, kind: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in study.texts.variables:
        of, _, id = row.on.partition(":")
        if of == kind:
            found.setdefault(id, {})[row.variable] = row.value
    return found


def variables_of(study: Study) -> tuple[Variable, ...]:
    """The variables that projects declared."""
    rows = [row for row in study.texts.variables if row.on == _DECLARED]
    return tuple(Variable(row.variable, row.type or "Text", row.value) for row in rows)


def sets_of(study: Study) -> tuple[CodeSet, ...]:
    """The sets that came with projects."""
    found: dict[str, CodeSet] = {}
    for row in study.texts.sets:
        one = found.setdefault(row.set, CodeSet(row.set, row.description))
        kind, _, id = row.member.partition(":")
        if kind == "code":
            one = replace(one, codes=(*one.codes, id))
        elif kind == "text":
            one = replace(one, texts=(*one.texts, id))
        found[row.set] = one
    return tuple(found.values())
