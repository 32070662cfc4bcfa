"""The sources of a REFI-QDA project: texts, and the selections on them; whatever else can be selected is a loss."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from joinedup.adapters.exchange.coordinates import Received, Selection, Span
from joinedup.adapters.exchange.gathering import Applied, Coded, Findings
from joinedup.adapters.exchange.ids import Ids, plain_guid, slug
from joinedup.adapters.extract.model import LONGEST_TEXT, RefusedError
from joinedup.adapters.extract.normal import normal
from joinedup.adapters.refi_qda.archive import Archive
from joinedup.adapters.refi_qda.markup import words
from joinedup.study.hints import shown

_TRANSCRIBED = ("AudioSource", "VideoSource")
_ENDING = re.compile(r"\.(txt|docx?|odt|rtf|pdf|html?|md|csv|vtt|srt)$", re.IGNORECASE)
_MEDIA = {
    "PictureSelection": "an area of a picture",
    "PDFSelection": "an area of a page",
    "AudioSelection": "a stretch of sound",
    "VideoSelection": "a stretch of film",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text comes from: its element in the project, and what it is called."""

    id: str
    name: str
    guid: str
    element: Element


@dataclass
class Sources:
    """Reads `Sources` element by element. `codes` and `coders` map plain GUIDs to ids, `notes` to their words."""

    archive: Archive
    findings: Findings
    codes: Mapping[str, str]
    coders: Mapping[str, str]
    notes: Mapping[str, str]
    received: dict[str, Received] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    coded: list[Coded] = field(default_factory=list)
    whole: list[Coded] = field(default_factory=list)
    by_guid: dict[str, str] = field(default_factory=dict)
    short_ends: bool = False
    _ids: Ids = field(default_factory=Ids)
    _by_path: dict[str, str] = field(default_factory=dict)
    _made: dict[tuple[str, str], dict[str, list[Span]]] = field(default_factory=dict)

    def read(self, sources: Element | None) -> None:
        """Every source of the project, in order; texts first, because transcripts may share their files."""
        found = list(sources) if sources is not None else []
        for source in sorted(found, key=lambda element: element.tag != "TextSource"):
            path = source.get("plainTextPath", "").replace("\\", "/").rsplit("/", 1)[-1]
            name = normal(source.get("name", "")).strip() or path or source.get("guid", "") or "a source without a name"
            if source.tag == "TextSource":
                self._text(source, source, name)
            else:
                self._medium(source, name)

    def _medium(self, source: Element, name: str) -> None:
        inner = [*source.findall("Representation"), *source.findall("Transcript"), *source.findall("TextDescription")]
        before = len(self.places)
        texts = [self._text(text, source, name) for text in inner]
        if len(self.places) > before:
            kind = source.tag.removesuffix("Source").lower()
            self.findings.losses.append(f"The {kind} {shown(name)} itself: of it only its text came along.")
        elif not inner:
            self.findings.losses.append(f"{shown(name)}: a source without text ({source.tag}).")
        for selection in source:
            if selection.tag in _MEDIA:
                self._area(selection, name, next(filter(None, texts), ""))
        self._whole(source, name, next(filter(None, texts), ""))

    def _text(self, element: Element, source: Element, name: str) -> str:
        """Read one text and its selections; returns its id, empty where its words are missing."""
        content, path = self._content(element, name)
        if content is None:
            self._lost(element, name)
            return ""
        if element is not source and path in self._by_path:
            id = self._by_path[path]
            self.findings.choices.append(f"The transcript of {shown(name)} is the text {shown(id)}: it was taken once.")
        else:
            stem = _ENDING.sub("", name)
            id = self._ids.take(stem, "text")
            if id != (slug(stem) or "text"):
                self.findings.flags.append(f"Two sources are called {shown(name)}; one is now {shown(id)}.")
            self.received[id] = Received(content)
            self.places.append(Place(id, name, plain_guid(source.get("guid", "")), source))
            if not content.removeprefix("\ufeff").strip():
                self.findings.flags.append(f"The text {shown(name)} is empty.")
        for guid in (element.get("guid", ""), source.get("guid", "")):
            self.by_guid[plain_guid(guid)] = id
        if path:
            self._by_path[path] = id
        self._selections(element, id)
        self._whole(element, name, id)
        return id

    def _content(self, element: Element, name: str) -> tuple[str | None, str]:
        """The words of a text as received, and the path of their file (empty where they stand in the project)."""
        inline, path = element.find("PlainTextContent"), element.get("plainTextPath", "")
        if inline is not None and (not path or words(inline)):
            if path:
                self.findings.choices.append(f"{shown(name)} has its words twice; those in the project were taken.")
            return self._inline(words(inline)), ""
        if not path:
            return None, ""
        if re.match(r"(relative|absolute|file|https?):", path, re.IGNORECASE) or ".." in path:
            self.findings.flags.append(f"{shown(name)} points outside the project ({shown(path)}): not followed.")
            return None, path
        try:
            data = self.archive.source(path)
        except RefusedError as error:
            if error.number == "J326":
                raise
            self.findings.flags.append(f"The file of {shown(name)} {error.what}.")
            return None, path
        if data is None:
            return None, path
        return self._decoded(data, name), path

    def _inline(self, content: str) -> str:
        """Words in an XML with CRLF get theirs back: the program may have counted them."""
        return content.replace("\n", "\r\n") if self.short_ends and "\r" not in content else content

    def _decoded(self, data: bytes, name: str) -> str:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self.findings.flags.append(f"The text {shown(name)} is UTF-16, not UTF-8 as the standard says.")
            return "\ufeff" + data.decode("utf-16", "replace")
        try:
            content = data.decode("utf-8")
        except UnicodeDecodeError:
            self.findings.flags.append(f"The text {shown(name)} is not UTF-8: it was read as Windows-1252.")
            content = data.decode("cp1252", "replace")
        if len(content) > LONGEST_TEXT:
            raise RefusedError("J333", limit=LONGEST_TEXT // 1_000_000)
        return content

    def _lost(self, element: Element, name: str) -> None:
        """A text whose words are missing: its selections are lost one by one."""
        self.findings.losses.append(f"{shown(name)}: its text is not in the project.")
        for selection in element:
            if selection.tag.endswith("Selection"):
                self._lose(selection, name, "its text is not in the project")
        for coding in element.findall("Coding"):
            self._lose_coding(coding, f"the whole of {shown(name)}", "its text is not in the project")

    def _selections(self, element: Element, id: str) -> None:
        points = {plain_guid(p.get("guid", "")): p.get("position", "") for p in element.findall("SyncPoint")}
        for selection in element:
            if selection.tag == "PlainTextSelection":
                start, end = selection.get("startPosition", ""), selection.get("endPosition", "")
            elif selection.tag == "TranscriptSelection":
                start, end = (
                    points.get(plain_guid(selection.get(key, "")), "") for key in ("fromSyncPoint", "toSyncPoint")
                )
            else:
                continue
            try:
                positions = int(start), int(end)
            except ValueError:
                self._lose(selection, id, "its positions are no numbers")
                continue
            self._take(selection, id, *positions)

    def _take(self, selection: Element, id: str, start: int, end: int) -> None:
        about = [normal(words(selection.find("Description"))).strip(), *self._noted(selection)]
        applied = tuple(self._applied(selection.findall("Coding"), about, f"{start}-{end} of {shown(id)}"))
        if not applied:
            if not selection.findall("Coding"):
                self._lose(selection, id, "it carries no code")
            return
        for one in applied:
            self._made.setdefault((id, one.code), {}).setdefault(one.created, []).append((start, end))
        self.coded.append(Coded(Selection(id, start, end, normal(selection.get("name", ""))), applied))

    def _applied(self, codings: list[Element], about: list[str], where: str) -> Iterator[Applied]:
        for coding in codings:
            code = self._code(coding)
            if not code:
                self._lose_coding(coding, where, "its code is not in the codebook")
                continue
            note = "\n\n".join(dict.fromkeys(filter(None, [*about, *self._noted(coding)])))
            coder = self.coders.get(plain_guid(coding.get("creatingUser", "")), "")
            yield Applied(code, coder, note, coding.get("creationDateTime", ""))

    def _code(self, coding: Element) -> str:
        reference = coding.find("CodeRef")
        return self.codes.get(plain_guid(reference.get("targetGUID", "")), "") if reference is not None else ""

    def _noted(self, element: Element) -> list[str]:
        """The words of the notes on an element."""
        guids = (plain_guid(reference.get("targetGUID", "")) for reference in element.findall("NoteRef"))
        return [self.notes[guid] for guid in guids if self.notes.get(guid)]

    def _whole(self, element: Element, name: str, id: str) -> None:
        """Codings of a source as a whole become codings of its whole text."""
        codings = element.findall("Coding")
        if not codings:
            return
        if id and self.received[id].frozen.content.strip():
            end = len(self.received[id].frozen.content)
            applied = tuple(self._applied(codings, [], f"the whole of {shown(id)}"))
            self.whole.append(Coded(Selection(id, 0, end), applied))
            return
        for coding in codings:
            self._lose_coding(coding, f"the whole of {shown(name)}", "it has no words")

    def _area(self, selection: Element, name: str, text: str) -> None:
        """An area of a page that repeats a coding of the text is no loss; every other area is."""
        said = "".join(words(selection.find("Representation")).split())
        for coding in selection.findall("Coding"):
            twin = self._twin(coding, text, said)
            if twin:
                self.findings.choices.append(f"An area of {shown(name)} repeats a coding of its text: taken once.")
            else:
                self._lose_coding(coding, f"{_MEDIA[selection.tag]} of {shown(name)}", "areas and times have no words")
        if not selection.findall("Coding"):
            self._lose(selection, name, "it carries no code")

    def _twin(self, coding: Element, text: str, said: str) -> bool:
        """Whether the text has a coding of the same code, made at the same time or else on the same words."""
        code, created = self._code(coding), coding.get("creationDateTime", "")
        made = self._made.get((text, code), {})
        if created:
            return created in made
        content = self.received[text].words if text else ""
        spans = [span for found in made.values() for span in found]
        return any(said and said in "".join(content[max(0, a - 5) : b + 5].split()) for a, b in spans)

    def _lose(self, selection: Element, name: str, why: str) -> None:
        start, end = selection.get("startPosition"), selection.get("endPosition")
        where = (
            f"{start}-{end} of {shown(name)}"
            if start is not None
            else f"{_MEDIA.get(selection.tag, 'a selection')} of {shown(name)}"
        )
        codings = selection.findall("Coding")
        for coding in codings:
            self._lose_coding(coding, where, why)
        if not codings:
            said = words(selection.find("Description")) or selection.get("name", "")
            self.findings.losses.append(f"Selection of {where} ({shown(said)}): {why}.")

    def _lose_coding(self, coding: Element, where: str, why: str) -> None:
        self.findings.losses.append(f"Coding with {shown(self._code(coding) or 'an unknown code')} on {where}: {why}.")
