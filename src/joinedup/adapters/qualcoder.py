"""QualCoder's projects (a folder NAME.qda with the database data.qda) as coding projects.

The program stores positions as its window counts them (UTF-16 code units, line ends as one) or as its automatic
coding does, and the coded words beside them: each coding is held to its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from joinedup.adapters.exchange.apart import SMALL, read_apart
from joinedup.adapters.exchange.coordinates import COUNTINGS, Counting, Received, Selection, Span, detect
from joinedup.adapters.exchange.database import Database, Row, size_of, text, whole
from joinedup.adapters.exchange.gathering import Applied, Coded, Findings, parents_first, placed_codings
from joinedup.adapters.exchange.ids import Ids
from joinedup.adapters.extract.model import RefusedError, problem_of
from joinedup.adapters.extract.normal import normal
from joinedup.study.hints import shown
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.passages import locate
from joinedup.texts.project import Case, Coder, Note, Project, ProjectCode, ProjectText, Variable

_NEEDED = {
    "source": ("id", "name", "fulltext"),
    "code_name": ("cid", "name"),
    "code_text": ("cid", "fid", "pos0", "pos1"),
}
_QT = Counting(utf16=True, short_ends=True)
_MEDIA = {"code_image": "areas of pictures or pages", "code_av": "stretches of sound or film"}
_SIGN = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?"
)
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|{_SIGN}(?:\u200d{_SIGN})*")
"""Flags, and signs with their joined followers (Unicode Technical Standard 51), near enough to find a position again."""
_SAMPLE = 2_000
"""Codings that tell how a database counts; each is held to its own words all the same."""
_PLACELESS = {"graph": "drawn maps", "ris": "lines of bibliographic references", "stored_sql": "stored queries"}


def read_project(path: str | Path) -> Project:
    """The project in the folder NAME.qda, or in its database data.qda.

    Opened read only. Every quote is verified against the text: where the stored position and the stored words
    disagree, the words decide, and the report says so; words that are nowhere in the text are a loss. Raises
    StudyError where the file is refused, UsageError where it can't be opened. A large one is read in a child process
    with limits on time and memory.
    """
    path = Path(path)
    size = size_of(_database(path))
    return read_here(path) if size <= SMALL else read_apart("qualcoder", path, size)


def _database(path: Path) -> Path:
    return path / "data.qda" if path.is_dir() else path


def read_here(path: Path) -> Project:
    """`read_project` in this very process."""
    file = _database(path)
    try:
        with Database(file) as database:
            for table, columns in _NEEDED.items():
                if not set(columns) <= set(database.columns.get(table, ())):
                    raise RefusedError("J323", "a database of another program than QualCoder")
            name = path.parent.name if path.name == "data.qda" else path.name
            return _Reader(database).read(name.removesuffix(".qda"))
    except RefusedError as error:
        raise StudyError([problem_of(error, path.name)]) from None
    except OSError as error:
        raise UsageError(f"{file} can't be read ({(error.strerror or 'no reason given').lower()}).") from None


@dataclass
class _Reader:
    database: Database
    findings: Findings = field(default_factory=Findings)
    received: dict[str, Received] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    sources: dict[int, Row] = field(default_factory=dict)
    codes: dict[str, ProjectCode] = field(default_factory=dict)
    by_cid: dict[int, str] = field(default_factory=dict)
    coders: dict[str, Coder] = field(default_factory=dict)
    _coder_ids: Ids = field(default_factory=Ids)
    _important: int = 0
    _shifted: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)
    _by_name: dict[str, str] = field(default_factory=dict)

    def read(self, name: str) -> Project:
        self._read_sources()
        self._read_codes()
        for row in self.database.rows("coder_names", "name"):
            self._coder(text(row, "name"))
        coded = self._read_codings()
        spans = self._spans([item.selection for item in coded])
        kept = [(item, span) for item, span in zip(coded, spans, strict=True) if span is not None or not item.applied]
        bare = [Coded(Selection(c.selection.text, c.selection.start, c.selection.end), c.applied) for c, _ in kept]
        codings = placed_codings(self.received, bare, [s for _, s in kept], (), self.codes, self.findings)
        about = next(iter(self.database.rows("project", "date")), {})
        values = self._values()
        cases = self._cases(values)
        self._uncoded()
        self._placeless(values)
        return Project(
            name=name,
            texts=tuple(self._text(number, id, values) for number, id in self.texts.items()),
            codes=tuple(self.codes.values()),
            codings=codings,
            coders=tuple(self.coders.values()),
            cases=cases,
            variables=self._variables(),
            notes=tuple(self._notes()),
            description=normal(text(about, "memo")).strip(),
            origin=f"QualCoder {text(about, 'about') or text(about, 'databaseversion')}".strip(),
            report=self.findings.report({"texts": len(self.texts), "codes": len(self.by_cid), "codings": len(coded)}),
        )

    def _read_sources(self) -> None:
        ids = Ids()
        for row in self.database.rows("source", "id"):
            number, name = whole(row, "id"), text(row, "name").strip()
            if number is None:
                continue
            self.sources[number] = row
            content, media = text(row, "fulltext"), text(row, "mediapath")
            if not content and media and not media.startswith(("/docs/", "docs:")):
                self.findings.losses.append(f"{shown(name)}: a source without text ({_folder(media)}).")
                continue
            stem = name.rsplit(".", 1)[0] if "." in name[-6:] else name
            self.texts[number] = id = ids.take(stem, "text")
            self.received[id] = Received(content)
            if not content.strip("\ufeff \r\n\t"):
                self.findings.flags.append(f"The text {shown(name)} is empty.")

    def _read_codes(self) -> None:
        """Categories become codes that are not applied, above their codes; a lost or circular parent leaves the top."""
        categories = {
            n: row for row in self.database.rows("code_cat", "catid") if (n := whole(row, "catid")) is not None
        }
        own = {n: row for row in self.database.rows("code_name", "cid") if (n := whole(row, "cid")) is not None}
        ids = Ids()
        id_of = {("cat", n): ids.take(text(row, "name"), "category") for n, row in categories.items()}
        id_of |= {("code", n): ids.take(text(row, "name"), "code") for n, row in own.items()}
        self.by_cid = {n: id_of["code", n] for n in own}
        above: dict[str, str] = {}
        for (kind, n), id in id_of.items():
            row = categories[n] if kind == "cat" else own[n]
            parent = whole(row, "supercatid" if kind == "cat" else "catid")
            over = whole(row, "supercid") if kind == "code" else None
            above[id] = id_of.get(("code", over), "") if over is not None else id_of.get(("cat", parent or -1), "")
            if (parent or over) and not above[id]:
                self.findings.flags.append(f"The category above {shown(id)} does not exist: it stands at the top.")
        rows = {id: (categories[n] if kind == "cat" else own[n], kind == "code") for (kind, n), id in id_of.items()}
        for id in parents_first(above, self.findings):
            row, codable = rows[id]
            name, memo = text(row, "name").strip(), normal(text(row, "memo")).strip()
            self.codes[id] = ProjectCode(id, name or id, memo, above[id], text(row, "color"), codable)

    def _coder(self, name: str) -> str:
        name = name.strip()
        if name and name not in self._by_name:
            self._by_name[name] = id = self._coder_ids.take(name, "coder")
            self.coders[id] = Coder(id, name)
        return self._by_name.get(name, "")

    def _read_codings(self) -> list[Coded]:
        found = []
        for row in self.database.rows("code_text", "ctid"):
            source, code = self.texts.get(whole(row, "fid") or -1), self.by_cid.get(whole(row, "cid") or -1)
            start, end = whole(row, "pos0"), whole(row, "pos1")
            if source is None or code is None or start is None or end is None:
                what = "text" if source is None else "code" if code is None else "position"
                self.findings.losses.append(f"Coding of {shown(text(row, 'seltext'))}: its {what} does not exist.")
                continue
            self._important += bool(whole(row, "important"))
            note = normal(text(row, "memo")).strip()
            applied = Applied(code, self._coder(text(row, "owner")), note, text(row, "date"))
            found.append(Coded(Selection(source, start, end, normal(text(row, "seltext"))), (applied,)))
        return found

    def _spans(self, selections: list[Selection]) -> list[Span | None]:
        """The span of each selection: by the way of counting that fits the database, else where its words are."""
        if not selections:
            return []
        detected = detect(self.received, selections[:: 1 + len(selections) // _SAMPLE])
        counting = detected.counting
        if detected.undecided:
            counting = _QT
            self.findings.choices.append("Coordinates: as the program's window counts them; others fit as well.")
        else:
            self.findings.choices.append(detected.said)
        return [self._span(one, counting) for one in selections]

    def _span(self, one: Selection, counting: Counting) -> Span | None:
        received = self.received[one.text]
        content = received.frozen.content
        first = received.span(one.start, one.end, counting)
        where = f"{one.start}-{one.end} of {shown(one.text)}"
        if not one.name:
            self.findings.flags.append(f"The coding at {where} holds no words to be verified by.")
            return first
        for span in chain([first], (received.span(one.start, one.end, c) for c in COUNTINGS)):
            if span is not None and span[0] < span[1] and _same(content[slice(*span)], one.name):
                if span != first:
                    self.findings.choices.append("A coding was counted in another way than most: its words decided.")
                return span
        widened = _widened(received, one)
        if widened is not None:
            self.findings.flags.append(f"The coding at {where} begins or ends inside a letter, which was taken whole.")
            return widened
        automatic = self._automatic(one)
        if automatic is not None:
            self.findings.choices.append("A coding was placed as the program's automatic coding counts emoji.")
            return automatic
        words = one.name.strip()
        at = locate(content, words, first[0] if first else one.start)
        if at is None:
            self.findings.losses.append(f"Coding at {where}: its words {shown(one.name)} are nowhere in the text.")
            return None
        end = _end(content, at, words)
        self.findings.flags.append(
            f"The coding at {where} was moved to {at}-{end}, where its words {shown(words)} stand."
        )
        return at, end

    def _automatic(self, one: Selection) -> Span | None:
        """The place of a coding that the program made by itself: it adds to a position the length of every emoji before."""
        received, key = self.received[one.text], (one.text, one.name)
        if key not in self._shifted:
            emoji = [(match.end(), len(match[0])) for match in _EMOJI.finditer(received.words)]
            found, shift, at = dict[int, int](), 0, 0
            for match in re.finditer(re.escape(one.name), received.words):
                while at < len(emoji) and emoji[at][0] < match.start() + shift:
                    shift, at = shift + emoji[at][1], at + 1
                found[match.start() + shift] = match.start()
            self._shifted[key] = found
        start = self._shifted[key].get(one.start)
        return None if start is None else received.frozen.span(start, start + len(one.name))

    def _values(self) -> Mapping[tuple[str, int], dict[str, str]]:
        """("case" or "file", number) -> attribute -> value."""
        found: dict[tuple[str, int], dict[str, str]] = {}
        for row in self.database.rows("attribute", "attrid"):
            number, value = whole(row, "id"), text(row, "value").strip()
            if number is not None and value:
                found.setdefault((text(row, "attr_type"), number), {})[text(row, "name")] = value
        return found

    def _variables(self) -> tuple[Variable, ...]:
        kinds = {"numeric": "Float"}
        return tuple(
            Variable(text(row, "name"), kinds.get(text(row, "valuetype"), "Text"), normal(text(row, "memo")).strip())
            for row in self.database.rows("attribute_type", "name")
        )

    def _cases(self, values: Mapping[tuple[str, int], dict[str, str]]) -> tuple[Case, ...]:
        texts: dict[int, dict[str, None]] = {}
        for row in self.database.rows("case_text", "id"):
            case, source = whole(row, "caseid"), self.texts.get(whole(row, "fid") or -1)
            if case is not None and source is not None:
                texts.setdefault(case, {})[source] = None
                end = whole(row, "pos1") or 0
                if (whole(row, "pos0") or 0) > 0 or 0 < end < len(self.received[source].frozen.content) - 1:
                    said = f"A case holds only a part of {shown(source)}: it was given the whole text."
                    self.findings.flags.append(said)
        found = []
        for row in self.database.rows("cases", "caseid"):
            number = whole(row, "caseid") or 0
            memo = normal(text(row, "memo")).strip()
            found.append(Case(text(row, "name"), memo, values.get(("case", number), {}), tuple(texts.get(number, ()))))
        return tuple(found)

    def _text(self, number: int, id: str, values: Mapping[tuple[str, int], dict[str, str]]) -> ProjectText:
        row = self.sources[number]
        content = self.received[id].frozen.content
        memo = normal(text(row, "memo")).strip()
        return ProjectText(id, text(row, "name"), content, "", memo, values.get(("file", number), {}))

    def _notes(self) -> list[Note]:
        found = [
            Note(text(row, "name"), normal(text(row, "jentry")).strip()) for row in self.database.rows("journal", "jid")
        ]
        for row in self.database.rows("annotation", "anid"):
            source = self.texts.get(whole(row, "fid") or -1)
            where = f"{text(row, 'pos0')}-{text(row, 'pos1')}"
            if source is not None:
                found.append(Note(f"Annotation at {where}", normal(text(row, "memo")).strip(), (source,)))
        return found

    def _uncoded(self) -> None:
        for table, what in _MEDIA.items():
            for row in self.database.rows(table, "id"):
                self._important += bool(whole(row, "important"))
                code = self.by_cid.get(whole(row, "cid") or -1, "an unknown code")
                name = text(self.sources.get(whole(row, "id") or -1, {}), "name")
                self.findings.losses.append(f"Coding with {shown(code)} on {shown(name)}: {what} have no words.")

    def _placeless(self, values: Mapping[tuple[str, int], dict[str, str]]) -> None:
        """What the database holds and a project has no place for, counted."""
        cases = {whole(row, "caseid") for row in self.database.rows("cases", "caseid")}
        known = {("case", number) for number in cases} | {("file", number) for number in self.texts}
        seen = [row for row in self.database.rows("case_text", "id") if whole(row, "fid") not in self.texts]
        gone = {
            "codings marked as important": self._important,
            "values of sources without text, or of what does not exist": sum(
                len(held) for of, held in values.items() if of not in known
            ),
            "sources without text that belong to cases": len(seen),
        }
        gone |= {what: sum(1 for _ in self.database.rows(table, "")) for table, what in _PLACELESS.items()}
        self.findings.losses += [
            f"{count:,} {what}: a project has no place for them." for what, count in gone.items() if count
        ]


def _folder(media: str) -> str:
    """What kind of medium a path like /images/a.png or audio:C:/a.mp3 leads to."""
    return next(filter(None, re.split(r"[/:]", media)), media)


def _widened(received: Received, one: Selection) -> Span | None:
    """The span of a selection that parts a letter from its accent, where the words as received are those stored."""
    for counting in COUNTINGS:
        first, last = received.place(one.start, counting), received.place(one.end, counting)
        if first is not None and last is not None and first < last and normal(received.words[first:last]) == one.name:
            return received.frozen.span(first, last)
    return None


def _same(words: str, stored: str) -> bool:
    return words == stored or "".join(words.split()) == "".join(stored.split()) != ""


def _end(content: str, at: int, words: str) -> int:
    """Where `words`, which start at `at`, end: white space may differ."""
    left, index = len("".join(words.split())), at
    while left and index < len(content):
        left -= not content[index].isspace()
        index += 1
    return index
