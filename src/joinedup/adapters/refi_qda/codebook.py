"""The codebook of a project, and the codebook files (.qdc) that hold nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from joinedup.adapters.exchange.gathering import Findings
from joinedup.adapters.exchange.ids import Ids, plain_guid, slug
from joinedup.adapters.extract.normal import normal
from joinedup.adapters.refi_qda.markup import words
from joinedup.study.hints import shown
from joinedup.texts.project import CodeSet, ProjectCode

_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
_RGB = re.compile(r"(?:rgb)?\(?\s*(\d{1,3})\s*[,; ]\s*(\d{1,3})\s*[,; ]\s*(\d{1,3})\s*\)?", re.IGNORECASE)


@dataclass
class Codes:
    """The code tree, flattened parents first. `by_guid` maps plain GUIDs to ids."""

    findings: Findings
    codes: dict[str, ProjectCode] = field(default_factory=dict)
    by_guid: dict[str, str] = field(default_factory=dict)
    noted: dict[str, list[str]] = field(default_factory=dict)
    _ids: Ids = field(default_factory=Ids)

    def read(self, top: Element | None) -> None:
        """Every Code below `top`, in the order of the file. Depth is limited where the tree was parsed."""
        stack = [(code, "") for code in reversed(top.findall("Code"))] if top is not None else []
        while stack:
            element, parent = stack.pop()
            id = self._code(element, parent)
            stack += [(code, id) for code in reversed(element.findall("Code"))]

    def _code(self, element: Element, parent: str) -> str:
        name = normal(element.get("name", "")).strip()
        guid = plain_guid(element.get("guid", ""))
        id = self._ids.take(name, "code")
        if not name:
            self.findings.flags.append(f"A code has no name; it is now {shown(id)}.")
        elif id != (slug(name) or "code"):
            self.findings.flags.append(f"Two codes are called {shown(name)}; one is now {shown(id)}.")
        if guid in self.by_guid:
            self.findings.flags.append(f"Two codes share one GUID; codings stay with {shown(self.by_guid[guid])}.")
        else:
            self.by_guid[guid] = id
        description = normal(words(element.find("Description"))).strip()
        colour = self._colour(element.get("color", ""), name)
        self.codes[id] = ProjectCode(id, name or id, description, parent, colour, self._codable(element, name), guid)
        self.noted[id] = [plain_guid(note.get("targetGUID", "")) for note in element.findall("NoteRef")]
        return id

    def _codable(self, element: Element, name: str) -> bool:
        said = element.get("isCodable", "").strip().lower()
        if said not in ("true", "false", "1", "0"):
            self.findings.flags.append(f"The code {shown(name)} does not say whether it can be applied: taken as yes.")
        return said not in ("false", "0")

    def _colour(self, said: str, name: str) -> str:
        said = said.strip()
        if not said or _COLOUR.fullmatch(said):
            return said
        match = _RGB.fullmatch(said)
        if match and all(int(part) < 256 for part in match.groups()):
            return "#" + "".join(f"{int(part):02X}" for part in match.groups())
        if re.fullmatch(r"#[0-9A-Fa-f]{8}", said):
            self.findings.flags.append(
                f"The colour {shown(said)} of {shown(name)} is transparent: it became {said[:7]}."
            )
            return said[:7]
        self.findings.flags.append(f"The colour {shown(said)} of {shown(name)} is none: it was left out.")
        return ""

    def applied(self, codes: Iterable[str]) -> None:
        """Codes that have codings can be applied, whatever the file says."""
        for id in dict.fromkeys(codes):
            code = self.codes[id]
            if not code.codable:
                self.findings.flags.append(f"{shown(code.name)} is no code but has codings: it was made one.")
                values = (code.id, code.name, code.description, code.parent, code.colour)
                self.codes[id] = ProjectCode(*values, True, code.guid)


def read_sets(
    top: Element | None, codes: Mapping[str, str], texts: Mapping[str, str], findings: Findings
) -> tuple[CodeSet, ...]:
    """The sets of a project or codebook; members that are neither code nor text are losses."""
    found = []
    for element in top.findall("Set") if top is not None else []:
        name = normal(element.get("name", "")).strip()
        members = [(m.tag, plain_guid(m.get("targetGUID", "") or m.get("guid", ""))) for m in element]
        kept = [
            tuple(known[guid] for tag, guid in members if tag == kind and guid in known)
            for kind, known in (("MemberCode", codes), ("MemberSource", texts))
        ]
        lost = sum(tag.startswith("Member") for tag, _ in members) - len(kept[0]) - len(kept[1])
        if lost:
            findings.losses.append(f"{lost} members of the set {shown(name)} are neither a code nor a text that came.")
        found.append(CodeSet(name, normal(words(element.find("Description"))).strip(), kept[0], kept[1]))
    return tuple(found)
