"""Writing REFI-QDA projects and codebooks: the same project gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from joinedup.adapters.exchange.ids import guid_of, plain_guid
from joinedup.adapters.extract.normal import normal
from joinedup.texts.project import Case, Note, Project, ProjectCode, ProjectCoding, ProjectText
from joinedup.version import __version__

_SCHEMA = "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_LONGEST_NAME = 100
_FIXED = (1980, 1, 1, 0, 0, 0)
_TYPES = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)


def write_project(project: Project, path: str | Path) -> None:
    """Write `project` as a .qdpx archive; see `project_bytes`."""
    Path(path).write_bytes(project_bytes(project))


def write_codebook(project: Project, path: str | Path) -> None:
    """Write the codes and the sets of codes of `project` as a codebook file (.qdc)."""
    Path(path).write_bytes(codebook_bytes(project))


def project_bytes(project: Project) -> bytes:
    """A .qdpx archive of `project`: UTF-8 texts without byte-order mark, positions in code points.

    The archive holds no dates of its own and every GUID that the project does not bring follows from content.
    """
    out = io.BytesIO()
    guids = _Guids(project)
    parts = {"project.qde": _document(project, guids)}
    for text in project.texts:
        parts[f"sources/{guids.texts[text.id].upper()}.txt"] = text.content
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content.encode("utf-8"))
    return out.getvalue()


def codebook_bytes(project: Project) -> bytes:
    """A codebook file (.qdc) of the codes and the sets of codes of `project`."""
    guids = _Guids(project)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="joinedup {__version__}">',
        "<Codes>",
        *_codes(project.codes, guids, {}),
        "</Codes>",
    ]
    sets = [item for item in project.sets if item.codes]
    if sets:
        lines.append("<Sets>")
        for item in sets:
            lines.append(f"<Set{_attributes(guid=guids.sets[item], name=item.name)}>")
            lines += _description(item.description)
            lines += [f"<MemberCode{_attributes(guid=guids.codes[code])}/>" for code in item.codes]
            lines.append("</Set>")
        lines.append("</Sets>")
    return "\n".join([*lines, "</CodeBook>", ""]).encode("utf-8")


class _Guids:
    """A GUID for everything: the one it came with, or one that follows from what it is. No two share one."""

    def __init__(self, project: Project) -> None:
        self._taken: set[str] = set()
        self.coders = {coder.id: self.take("coder", coder.id, given=coder.guid) for coder in project.coders}
        self.codes = {code.id: self.take("code", code.id, given=code.guid) for code in project.codes}
        self.texts = {text.id: self.take("text", text.id, given=text.guid) for text in project.texts}
        names = {name for values in _valued(project) for name in values}
        declared = [variable.name for variable in project.variables]
        self.variables = {name: self.take("variable", name) for name in (*declared, *sorted(names - set(declared)))}
        self.sets = {item: self.take("set", item.name) for item in project.sets}
        self.notes: dict[Note, str] = {note: self.take("note", note.name, note.content) for note in project.notes}
        self.comments: dict[str, str] = {}

    def take(self, kind: str, *content: str, given: str = "") -> str:
        found, again = guid_of(kind, *content, given=given), 1
        while found in self._taken:
            again += 1
            found = guid_of(kind, *content, str(again))
        self._taken.add(found)
        return found

    def comment(self, words: str) -> str:
        """The note that holds a comment on codings: the same words are one note."""
        if words not in self.comments:
            self.comments[words] = self.take("comment", words)
        return self.comments[words]


def _document(project: Project, guids: _Guids) -> str:
    codings: dict[str, list[ProjectCoding]] = {}
    for coding in project.codings:
        codings.setdefault(coding.text, []).append(coding)
    sources = [line for text in project.texts for line in _source(project, text, codings.get(text.id, []), guids)]
    sections = {
        "Users": [
            f"<User{_attributes(guid=guids.coders[coder.id], name=coder.name, id=coder.id)}/>"
            for coder in project.coders
        ],
        "CodeBook": _book(project, guids),
        "Variables": _variables(project, guids),
        "Cases": [line for case in project.cases for line in _case(case, project, guids)],
        "Sources": sources,
        "Notes": list(_notes(guids)),
        "Sets": _sets(project, guids),
    }
    about = _attributes(name=project.name, origin=f"joinedup {__version__}")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<Project xmlns="urn:QDA-XML:project:1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="urn:QDA-XML:project:1.0 {_SCHEMA}"{about}>',
    ]
    for name, inner in sections.items():
        lines += [f"<{name}>", *inner, f"</{name}>"] if inner else []
    lines += _description(project.description)
    lines += _references("NoteRef", [guids.notes[n] for n in project.notes if not n.texts and not n.codes])
    return "\n".join([*lines, "</Project>", ""])


def _book(project: Project, guids: _Guids) -> list[str]:
    noted: dict[str, list[str]] = {}
    for note in project.notes:
        for code in note.codes:
            noted.setdefault(code, []).append(guids.notes[note])
    inner = list(_codes(project.codes, guids, noted))
    return ["<Codes>", *inner, "</Codes>"] if inner else []


def _codes(codes: Iterable[ProjectCode], guids: _Guids, noted: Mapping[str, list[str]]) -> Iterator[str]:
    below: dict[str, list[ProjectCode]] = {}
    known = {code.id for code in codes}
    for item in codes:
        below.setdefault(item.parent if item.parent in known else "", []).append(item)
    stack: list[ProjectCode | None] = [*reversed(below.get("", []))]
    while stack:
        code = stack.pop()
        if code is None:
            yield "</Code>"
            continue
        colour = code.colour if _COLOUR.fullmatch(code.colour) else ""
        codable = "true" if code.codable else "false"
        yield f"<Code{_attributes(guid=guids.codes[code.id], name=code.name, isCodable=codable, color=colour)}>"
        yield from _description(code.description)
        yield from _references("NoteRef", noted.get(code.id, []))
        stack += [None, *reversed(below.get(code.id, []))]


def _variables(project: Project, guids: _Guids) -> list[str]:
    about = {variable.name: variable for variable in project.variables}
    lines = []
    for name, guid in guids.variables.items():
        kind = _type(project, name)
        inner = _description(about[name].description) if name in about else []
        lines += [f"<Variable{_attributes(guid=guid, name=name, typeOfVariable=kind)}>", *inner, "</Variable>"]
    return lines


def _valued(project: Project) -> list[Mapping[str, str]]:
    return [case.variables for case in project.cases] + [text.variables for text in project.texts]


def _type(project: Project, name: str) -> str:
    """The declared type; Text where a value could not be written under it."""
    kind = next((variable.type for variable in project.variables if variable.name == name), "Text")
    values = [item[name] for item in _valued(project) if name in item]
    return kind if kind in _TYPES and all(_fits(value, kind) for value in values) else "Text"


def _fits(value: str, kind: str) -> bool:
    patterns = {
        "Boolean": r"true|false|0|1",
        "Integer": r"[-+]?\d+",
        "Float": r"[-+]?(\d+(\.\d*)?|\.\d+)",
        "Date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    }
    if kind == "DateTime":
        return _DATE.fullmatch(value) is not None
    return kind == "Text" or re.fullmatch(patterns[kind], value, re.ASCII) is not None


def _values(project: Project, values: Mapping[str, str], guids: _Guids) -> list[str]:
    lines = []
    for name, value in values.items():
        tag = f"{_type(project, name)}Value"
        reference = f"<VariableRef{_attributes(targetGUID=guids.variables[name])}/>"
        lines.append(f"<VariableValue>{reference}<{tag}>{_words(value)}</{tag}></VariableValue>")
    return lines


def _case(case: Case, project: Project, guids: _Guids) -> list[str]:
    return [
        f"<Case{_attributes(guid=guids.take('case', case.name), name=case.name)}>",
        *_description(case.description),
        *_values(project, case.variables, guids),
        *_references("SourceRef", [guids.texts[text] for text in case.texts]),
        "</Case>",
    ]


def _source(project: Project, text: ProjectText, codings: Iterable[ProjectCoding], guids: _Guids) -> list[str]:
    guid = guids.texts[text.id]
    about = _attributes(guid=guid, name=text.name, plainTextPath=f"internal://{guid.upper()}.txt")
    notes = [guids.notes[note] for note in project.notes if text.id in note.texts]
    return [
        f"<TextSource{about}>",
        *_description(text.description),
        *_selections(text, sorted(codings, key=_by_selection), guids),
        *_references("NoteRef", notes),
        *_values(project, text.variables, guids),
        "</TextSource>",
    ]


def _by_selection(coding: ProjectCoding) -> tuple[int, int, str]:
    return coding.start, coding.end, coding.title


def _selections(text: ProjectText, codings: Iterable[ProjectCoding], guids: _Guids) -> Iterator[str]:
    """One selection for all codings of the same words; its name is its title, or its words, cut off where long."""
    for (start, end, title), group in groupby(codings, key=_by_selection):
        quote = text.content[start:end]
        name = title or (quote if len(quote) <= _LONGEST_NAME else quote[:_LONGEST_NAME] + "…")
        guid = guids.take("selection", text.id, str(start), str(end), title)
        yield f"<PlainTextSelection{_attributes(guid=guid, name=name, startPosition=str(start), endPosition=str(end))}>"
        for coding in group:
            user = guids.coders.get(coding.coder, "")
            date = coding.created.replace(" ", "T") if _DATE.fullmatch(coding.created.replace(" ", "T")) else ""
            made = guids.take("coding", guid, coding.code, coding.coder)
            yield f"<Coding{_attributes(guid=made, creatingUser=user, creationDateTime=date)}>"
            yield from _references("CodeRef", [guids.codes[coding.code]])
            yield from _references("NoteRef", [guids.comment(coding.note)] if coding.note else [])
            yield "</Coding>"
        yield "</PlainTextSelection>"


def _notes(guids: _Guids) -> Iterator[str]:
    """The notes of the project, then the comments that codings refer to."""
    written = [(guid, note.name, note.content) for note, guid in guids.notes.items()]
    written += [(guid, "", words) for words, guid in guids.comments.items()]
    for guid, name, words in written:
        yield f"<Note{_attributes(guid=guid, name=name)}><PlainTextContent>{_words(words)}</PlainTextContent></Note>"


def _sets(project: Project, guids: _Guids) -> list[str]:
    lines = []
    for item in project.sets:
        lines.append(f"<Set{_attributes(guid=guids.sets[item], name=item.name)}>")
        lines += _description(item.description)
        lines += _references("MemberCode", [guids.codes[code] for code in item.codes])
        lines += _references("MemberSource", [guids.texts[text] for text in item.texts])
        lines.append("</Set>")
    return lines


def _references(tag: str, guids: Iterable[str]) -> list[str]:
    return [f'<{tag} targetGUID="{plain_guid(guid)}"/>' for guid in guids]


def _description(words: str) -> list[str]:
    return [f"<Description>{_words(words)}</Description>"] if words else []


def _attributes(**values: str) -> str:
    """Attributes in the order given; empty ones are left out, but for a name."""
    return "".join(
        f' {key}="{normal(value).translate(_ESCAPES)}"' for key, value in values.items() if value or key == "name"
    )


def _words(text: str) -> str:
    return normal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
