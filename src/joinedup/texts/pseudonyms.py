"""The key of pseudonyms: names of people, places and organisations, every form in which they may stand, and where they do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from joinedup.study.hints import listed
from joinedup.study.problems import UsageError
from joinedup.texts.folding import Folded, fold

KINDS = ("person", "place", "organisation")
COLUMNS = ("kind", "name", "pseudonym", "variants")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "cllr", "councillor", "rev", "sister", "pc"])  # fmt: skip
_SMALL_WORD = re.compile(r"(?<![\w.@-])[^\W\d_A-Z][^\W\d_]*(?![\w@-]|\.\w)")
_SMALL = frozenset(["of", "the", "and", "for", "de", "la", "van", "von", "upon", "on", "in"])
_NICKNAMES = (
    "alexander alexandra alex sandy lex",
    "andrew andy drew",
    "anthony tony",
    "benjamin ben benny",
    "catherine katherine kathryn cath kath cathy kathy kate katie kat",
    "charles charlie chas",
    "christopher christine christina chris chrissie",
    "daniel danielle dan danny",
    "david dave davy",
    "deborah debbie deb debs",
    "edward ed eddie ted teddy",
    "elizabeth elisabeth liz lizzie beth betty eliza libby",
    "frances francis fran frank",
    "gareth gary gaz",
    "geoffrey jeffrey geoff jeff",
    "jacqueline jackie jacqui",
    "james jim jimmy jamie",
    "jennifer jen jenny",
    "jonathan john johnny jon jack",
    "joseph josephine joe joey jo josie",
    "kenneth ken kenny",
    "margaret maggie meg peggy marge",
    "matthew matt matty",
    "michael michelle mike mick micky shell",
    "mohammed muhammad mohamed mo",
    "nicholas nicola nick nicky nikki",
    "pamela pam",
    "patricia patrick pat paddy patsy trish",
    "peter pete",
    "philip phillip philippa phil pip",
    "rebecca becky becca bex",
    "richard rick ricky rich dick",
    "robert rob robbie bob bobby",
    "ronald ron ronnie",
    "samuel samantha sam sammy",
    "stephen steven stephanie steve steph",
    "susan suzanne susannah sue susie",
    "theresa teresa terry tess",
    "thomas tom tommy",
    "timothy tim",
    "victoria vicky vicki tori",
    "william will bill billy willie",
)
"""First names and the short forms in common use in Britain, those that stand for one another on a line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A real name and what stands for it; `variants` are further forms that the maker of the key knows of."""

    kind: str
    name: str
    pseudonym: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name of the key at [start, end) of a text; several `pseudonyms` where the form fits several entries.

    `certain`: the form stands for one entry and is written as a name (capitals), and is no everyday word of the texts.
    """

    start: int
    end: int
    kind: str
    pseudonyms: tuple[str, ...]
    certain: bool


def read_key(table: str) -> tuple[Entry, ...]:
    """The key from CSV with the columns kind, name, pseudonym and, separated by semicolons, variants.

    Raises UsageError with the row of the first thing that is wrong.
    """
    rows = csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
    missing = [name for name in COLUMNS[:3] if name not in (rows.fieldnames or ())]
    if missing:
        raise UsageError(f"The key has no column {listed(missing)}. Its header is {','.join(COLUMNS)}.")
    entries = []
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        variants = tuple(part.strip() for part in cells["variants"].split(";") if part.strip())
        entries.append(Entry(cells["kind"], cells["name"], cells["pseudonym"], variants))
        _check(entries[-1], rows.line_num)
    if not entries:
        raise UsageError("The key names nobody and nothing: add a row for each person, place and organisation.")
    return tuple(entries)


def _check(entry: Entry, row: int) -> None:
    if entry.kind not in KINDS:
        raise UsageError(f"Row {row} of the key: {entry.kind!r} is no kind. Write {listed(KINDS)}.")
    if not any(sign.isalnum() for sign in fold(entry.name)):
        raise UsageError(f"Row {row} of the key has no name.")
    if not entry.pseudonym:
        raise UsageError(f"Row {row} of the key has no pseudonym.")
    names = {word for form in (entry.name, *entry.variants) for word in _words(form) if len(word) > 2} - _SMALL
    kept = names & set(_words(entry.pseudonym)) if entry.kind == "person" else set()
    if kept:
        raise UsageError(f"Row {row} of the key: the pseudonym repeats a part of the name.")


def forms(entry: Entry) -> Mapping[str, bool]:
    """Every form of an entry's name, folded, words separated by one blank -> whether the key spells it out.

    What it does not (short forms of first names, initials) counts as found only where it is written with capitals.

    Of a person: the whole name and its variants, first and last name alone, short forms of the first name (alone and
    with the last), initials (all of them, and before the last name). Of an organisation: also its capitals.
    """
    words = [" ".join(_words(part)) for part in entry.name.split()]
    words = [word for word in words if word and word not in _TITLES]
    given = {" ".join(_words(form)) for form in (entry.name, *entry.variants)} | {" ".join(words)}
    derived: set[str] = set()
    if entry.kind == "person" and words:
        given |= {words[0], words[-1], f"{words[0]} {words[-1]}"} if len(words) > 1 else set()
        derived = _short_forms(words)
    elif words[:1] == ["the"]:
        given.add(" ".join(words[1:]))
    telling = [word for word in words if word not in _SMALL]
    if entry.kind == "organisation" and len(telling) > 2:
        derived = {"".join(word[0] for word in telling)}
    return {form: form in given for form in sorted(given | derived) if form}


def _short_forms(words: list[str]) -> set[str]:
    """Initials, short forms of the first name, the halves of double names."""
    first, last = words[0], words[-1]
    found = {half for word in words for half in word.split() if " " in word and len(half) > 2}
    if len(words) > 1:
        found |= {" ".join(word[0] for word in words), f"{first[0]} {last}", f"{first[0]} {last[0]}"}
    for line in _NICKNAMES:
        names = line.split()
        if first in names:
            found |= {*names, *(f"{name} {last}" for name in names if len(words) > 1)}
    return found


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(name).replace("'", ""))


class Names:
    """Finds the names of a key in texts; `everyday` are words that the texts use in small letters."""

    def __init__(self, key: Iterable[Entry], everyday: frozenset[str] = frozenset()) -> None:
        self._owners: dict[str, list[tuple[Entry, bool]]] = {}
        self._everyday = everyday
        spelled: set[str] = set()
        for entry in key:
            for form, given in forms(entry).items():
                self._owners.setdefault("".join(form.split()), []).append((entry, given))
                spelled.add(form)
        between = r"[\s.'_-]{0,3}"
        patterns = (between.join(map(_spelled, form.split())) for form in sorted(spelled, key=_longest))
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?=(?:e?s)?(?![^\W_]))")

    def find(self, content: str) -> Iterator[NameFound]:
        """Every name in `content`, in order, not overlapping, the longest form first."""
        folded = Folded.of(content)
        for match in self._pattern.finditer(folded.text):
            form = "".join(re.findall(r"[^\W_]+", match[0]))
            start, end = folded.span(match.start(), match.end())
            written = content[start:end]
            initials = len(form) < 3 or len(form) == match[0].count(".")
            owners = [e for e, given in self._owners[form] if (given and len(form) > 2) or _capitals(written, initials)]
            if owners:
                pseudonyms = tuple(dict.fromkeys(entry.pseudonym for entry in owners))
                is_plain = len(form) > 2 and written[:1].isupper() and form not in self._everyday
                yield NameFound(start, end, owners[0].kind, pseudonyms, is_plain and len(pseudonyms) == 1)


def _capitals(written: str, initials: bool) -> bool:
    return written.isupper() if initials else written[:1].isupper()


def _spelled(word: str) -> str:
    """A word with or without apostrophes in it: the key's O'Brien is the text's OBrien, and back."""
    return "'?".join(map(re.escape, word)) if len(word) > 3 else re.escape(word)


def _longest(form: str) -> tuple[int, str]:
    return -len(form), form


def everyday_words(contents: Iterable[str]) -> frozenset[str]:
    """The words that stand somewhere in small letters, folded: "will", "mark", "rose" where the texts use them so."""
    found: set[str] = set()
    for content in contents:
        found.update(_SMALL_WORD.findall(content))
    return frozenset(fold(word) for word in found if word.islower())
