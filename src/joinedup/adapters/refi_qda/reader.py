"""Reading REFI-QDA projects (.qdpx, bare .qde) and codebooks (.qdc) as programs really write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import Element

from joinedup.adapters.exchange.apart import SMALL, cost, read_apart
from joinedup.adapters.exchange.coordinates import Counting, Detected, detect, says
from joinedup.adapters.exchange.gathering import Findings, placed_codings
from joinedup.adapters.exchange.ids import Ids, plain_guid
from joinedup.adapters.extract.model import RefusedError, problem_of
from joinedup.adapters.extract.normal import normal
from joinedup.adapters.refi_qda.archive import LARGEST_PROJECT, Archive
from joinedup.adapters.refi_qda.codebook import Codes, read_sets
from joinedup.adapters.refi_qda.markup import parse, words
from joinedup.adapters.refi_qda.sources import Place, Sources
from joinedup.study.hints import shown
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.project import Case, Coder, Note, Project, ProjectText, Variable

ORIGIN = "joinedup"
_T = TypeVar("_T")


def read_project(path: str | Path) -> Project:
    """The project in a .qdpx archive, or in a bare .qde (which has no source files).

    Nothing outside the archive is read. Every coding's quote stands at its offsets, in code points of its frozen
    text; `report` lists what was chosen, what should be looked at, and each thing that did not come along. Raises
    StudyError with a numbered sentence where the file is refused, UsageError where it can't be opened. A large one is
    read in a child process with limits on time and memory.
    """
    path = Path(path)
    unpacked = _guarded(path, _unpacked)
    return read_here(path) if unpacked <= SMALL else read_apart("refi_qda", path, cost(path, unpacked))


def read_here(path: Path) -> Project:
    """`read_project` in this very process."""
    return _guarded(path, _project)


def _unpacked(path: Path) -> int:
    with Archive(path) as archive:
        return archive.unpacked


def read_codebook(path: str | Path) -> Project:
    """The codes and sets of a codebook file (.qdc), as a project without texts. Raises as `read_project` does."""
    return _guarded(Path(path), _codebook)


def _guarded(path: Path, read: Callable[[Path], _T]) -> _T:
    try:
        return read(path)
    except RefusedError as error:
        raise StudyError([problem_of(error, path.name)]) from None
    except OSError as error:
        raise UsageError(f"{path} can't be read ({(error.strerror or 'no reason given').lower()}).") from None


def _codebook(path: Path) -> Project:
    with path.open("rb") as file:
        data = file.read(LARGEST_PROJECT + 1)
    if not data:
        raise RefusedError("J320")
    if len(data) > LARGEST_PROJECT:
        raise RefusedError("J321", limit=LARGEST_PROJECT // 1_000_000)
    findings = Findings()
    root, mended = parse(data, "CodeBook")
    findings.flags += mended
    codes = Codes(findings)
    codes.read(root.find("Codes"))
    sets = read_sets(root.find("Sets"), codes.by_guid, {}, findings)
    counts = {"codes": len(codes.codes), "sets": len(sets)}
    found = tuple(codes.codes.values())
    return Project(path.stem, codes=found, sets=sets, origin=root.get("origin", ""), report=findings.report(counts))


def _project(path: Path) -> Project:
    findings = Findings()
    with Archive(path) as archive:
        data = archive.project()
        root, mended = parse(data, "Project")
        findings.flags += mended
        if archive.name and archive.name != "project.qde":
            findings.choices.append(f"The project's XML is called {shown(archive.name)}, not project.qde.")
        return _Reader(archive, root, findings).read(path.stem, b"\r\n" in data)


def _noted(element: Element) -> list[str]:
    """The GUIDs of the notes that an element refers to."""
    return [plain_guid(reference.get("targetGUID", "")) for reference in element.findall("NoteRef")]


class _Reader:
    def __init__(self, archive: Archive, root: Element, findings: Findings) -> None:
        self._archive, self._root, self._findings = archive, root, findings
        self._coders: dict[str, Coder] = {}
        self._notes: dict[str, tuple[str, str]] = {}
        self._variables: dict[str, Variable] = {}

    def read(self, name: str, short_ends: bool) -> Project:
        """The project; `short_ends`: the XML's own line ends are CRLF, of which a parser leaves LF."""
        root, findings = self._root, self._findings
        coders = self._read_users()
        codes = Codes(findings)
        codes.read(root.find("CodeBook/Codes"))
        self._read_variables()
        self._read_notes()
        sources = Sources(
            self._archive, findings, codes.by_guid, coders, {guid: note[1] for guid, note in self._notes.items()}
        )
        sources.short_ends = short_ends
        sources.read(root.find("Sources"))
        detected = self._detect(sources)
        coded = [*sources.coded, *sources.whole]
        spans = [*detected.spans, *((one.selection.start, one.selection.end) for one in sources.whole)]
        codings = placed_codings(sources.received, coded, spans, detected.undecided, codes.codes, findings)
        codes.applied(coding.code for coding in codings)
        self._uncounted(sources)
        return Project(
            name=normal(root.get("name", "")).strip() or name,
            texts=tuple(self._text(place, sources) for place in sources.places),
            codes=tuple(codes.codes.values()),
            codings=codings,
            coders=tuple(self._coders.values()),
            cases=self._cases(sources),
            variables=tuple(self._variables.values()),
            notes=self._attached(sources, codes),
            sets=read_sets(root.find("Sets"), codes.by_guid, sources.by_guid, findings),
            description=normal(words(root.find("Description"))).strip(),
            origin=root.get("origin", ""),
            report=findings.report(self._counts(sources, codes)),
        )

    def _detect(self, sources: Sources) -> Detected:
        """The coordinates: this program's own files say the standard's; any other file is tried."""
        selections = [item.selection for item in sources.coded]
        if self._root.get("origin", "").split(" ")[0] == ORIGIN:
            spans = tuple(sources.received[one.text].span(one.start, one.end, Counting()) for one in selections)
            wrong = any(
                span is None or says(one.name, sources.received[one.text].frozen.content[slice(*span)]) is False
                for one, span in zip(selections, spans, strict=True)
            )
            if not wrong:
                self._findings.choices.append("Coordinates: code points, as this program writes them.")
                return Detected(Counting(), spans)
        found = detect(sources.received, selections)
        (self._findings.flags if found.undecided else self._findings.choices).append(found.said)
        return found

    def _counts(self, sources: Sources, codes: Codes) -> dict[str, int]:
        found = self._root.find("Sources")
        every = list(found.iter()) if found is not None else []
        return {
            "sources": len(found) if found is not None else 0,
            "texts": len(sources.places),
            "codes": len(codes.codes),
            "selections": sum(element.tag.endswith("Selection") for element in every),
            "codings": sum(element.tag == "Coding" for element in every),
            "coders": len(self._coders),
        }

    def _read_users(self) -> Mapping[str, str]:
        """Plain GUID -> id. One person who is listed twice, by GUID or by name, is one coder."""
        ids, by_guid, by_name = Ids(), dict[str, str](), dict[str, str]()
        for user in self._root.iterfind("Users/User"):
            guid = plain_guid(user.get("guid", ""))
            name = normal(user.get("name", "") or user.get("id", "")).strip() or guid
            if guid in by_guid or name in by_name:
                self._findings.choices.append(f"The user {shown(name)} is listed twice: taken as one coder.")
                by_guid.setdefault(guid, by_name.get(name, ""))
                continue
            id = ids.take(name, "coder")
            by_guid[guid] = by_name[name] = id
            self._coders[id] = Coder(id, name, guid)
        for coding in self._root.iter("Coding"):
            guid = plain_guid(coding.get("creatingUser", ""))
            if guid and guid not in by_guid:
                by_guid[guid] = id = ids.take("coder", "coder")
                self._coders[id] = Coder(id, id, guid)
                self._findings.flags.append(f"A coder is not among the users of the project; called {shown(id)}.")
        return by_guid

    def _read_variables(self) -> None:
        counts, taken = Counter[str](), set[str]()
        for element in self._root.iterfind("Variables/Variable"):
            said = name = normal(element.get("name", "")).strip()
            while name in taken:
                counts[said] += 1
                name = f"{said} ({counts[said] + 1})"
            taken.add(name)
            if name != said:
                self._findings.flags.append(f"Two variables are called {shown(said)}; one is now {shown(name)}.")
            kind, about = element.get("typeOfVariable", "Text"), normal(words(element.find("Description"))).strip()
            self._variables[plain_guid(element.get("guid", ""))] = Variable(name, kind, about)

    def _values(self, element: Element, where: str) -> dict[str, str]:
        found = {}
        for value in element.findall("VariableValue"):
            reference = value.find("VariableRef")
            guid = plain_guid(reference.get("targetGUID", "")) if reference is not None else ""
            said = next((normal(words(child)).strip() for child in value if child.tag != "VariableRef"), "")
            if guid in self._variables:
                found[self._variables[guid].name] = said
            else:
                self._findings.losses.append(f"A value of {shown(where)} ({shown(said)}) belongs to no variable.")
        return found

    def _read_notes(self) -> None:
        """Notes by plain GUID, as (name, words): those in the project and those in files of the archive."""
        for note in self._root.iterfind("Notes/Note"):
            guid, name = plain_guid(note.get("guid", "")), normal(note.get("name", "")).strip()
            content = words(note.find("PlainTextContent"))
            path = note.get("plainTextPath", "")
            if not content and path.startswith("internal:"):
                content = (self._archive.source(path) or b"").decode("utf-8-sig", "replace")
            about = normal(words(note.find("Description"))).strip()
            said = normal(content).strip()
            if not said and (path or note.get("richTextPath")):
                self._findings.losses.append(f"The words of the note {shown(name)}: no plain text of them is here.")
            self._notes[guid] = (name, "\n\n".join(filter(None, (said, about))) or name)
            coded = [child for child in note if child.tag.endswith("Selection") or child.tag == "Coding"]
            if coded:
                self._findings.losses.append(f"{len(coded)} codings of the note {shown(name)} itself.")

    def _text(self, place: Place, sources: Sources) -> ProjectText:
        values = self._values(place.element, place.name)
        about = normal(words(place.element.find("Description"))).strip()
        return ProjectText(place.id, place.name, sources.received[place.id].frozen.content, place.guid, about, values)

    def _cases(self, sources: Sources) -> tuple[Case, ...]:
        found = []
        for element in self._root.iterfind("Cases/Case"):
            name = normal(element.get("name", "")).strip() or plain_guid(element.get("guid", ""))
            guids = [plain_guid(r.get("targetGUID", "")) for r in element.findall("SourceRef")]
            missing = sum(guid not in sources.by_guid for guid in guids)
            parts = len(element.findall("SelectionRef")) + len(element.findall("CodeRef"))
            if missing or parts:
                said = (
                    f"The case {shown(name)}: {missing} of its sources and {parts} references to selections or codes."
                )
                self._findings.losses.append(said)
            texts = tuple(dict.fromkeys(sources.by_guid[guid] for guid in guids if guid in sources.by_guid))
            about = normal(words(element.find("Description"))).strip()
            found.append(Case(name, about, self._values(element, name), texts))
        return tuple(found)

    def _attached(self, sources: Sources, codes: Codes) -> tuple[Note, ...]:
        """The notes on texts, codes and the project; those on codings alone stand with the codings."""
        texts: dict[str, list[str]] = {}
        on_codings, kept = set[str](), set[str]()
        for place in sources.places:
            bare = [one for one in place.element.iter() if one.tag.endswith("Selection") and one.find("Coding") is None]
            for guid in dict.fromkeys(guid for element in (place.element, *bare) for guid in _noted(element)):
                texts.setdefault(guid, []).append(place.id)
        by_note: dict[str, list[str]] = {}
        for code, guids in codes.noted.items():
            for guid in guids:
                by_note.setdefault(guid, []).append(code)
        for parent in self._root.iter():
            coded = parent.tag == "Coding" or (parent.tag.endswith("Selection") and parent.find("Coding") is not None)
            (on_codings if coded else kept).update(_noted(parent))
        return tuple(
            Note(name, said, tuple(texts.get(guid, ())), tuple(by_note.get(guid, ())))
            for guid, (name, said) in self._notes.items()
            if guid in kept or guid not in on_codings
        )

    def _uncounted(self, sources: Sources) -> None:
        """What a project of this program has no place for."""
        for tag, what in (("Links/Link", "links between things"), ("Graphs/Graph", "drawn maps")):
            count = len(self._root.findall(tag))
            if count:
                self._findings.losses.append(f"{count} {what}.")
        rich = sum(1 for source in self._root.iterfind("Sources/TextSource") if source.get("richTextPath"))
        if rich and sources.places:
            self._findings.choices.append(f"Of {rich} texts with formatting only the plain words were taken.")
