"""A coding project as programs exchange it: texts, codes, codings, coders, and the report of what came and what did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProjectText:
    """A text of a project: `content` is frozen (NFC, LF). `guid` is that of the program it came from, or empty."""

    id: str
    name: str
    content: str
    guid: str = ""
    description: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A code; `parent` is the id of the code above it (empty at the top). A category is not `codable`."""

    id: str
    name: str
    description: str = ""
    parent: str = ""
    colour: str = ""
    codable: bool = True
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Coder:
    """Who coded."""

    id: str
    name: str
    guid: str = ""


@dataclass(frozen=True, slots=True)
class ProjectCoding:
    """A code applied to [start, end) of a text, in code points of its frozen content, with the exact quote.

    `text`, `code` and `coder` are ids (`coder` may be empty). `title` is the name that a person gave the selection,
    where it has one that is not its words; `note` the comment on the coding; `created` its date and time, or empty.
    """

    text: str
    start: int
    end: int
    quote: str
    code: str
    coder: str = ""
    note: str = ""
    title: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """An attribute of cases or texts; `type` is Text, Boolean, Integer, Float, Date or DateTime."""

    name: str
    type: str = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A unit of analysis (a person, a site) with its attributes and the ids of its texts."""

    name: str
    description: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A memo. `texts` and `codes` are the ids it is attached to; none of either: it is on the project."""

    name: str
    content: str
    texts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A named set of codes and texts."""

    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `losses`: what the file holds and the project does not. `flags`: what came but should be
    looked at. `choices`: what was decided on the way. `counts`: what the file holds, by kind.
    """

    losses: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        counted = ", ".join(f"{count:,} {what}" for what, count in self.counts.items())
        lines = [f"The file holds {counted}."] if counted else []
        for heading, said in (("Chosen", self.choices), ("Look at", self.flags), ("Not brought along", self.losses)):
            if said:
                lines += [f"{heading} ({len(said)}):", *(f"  - {sentence}" for sentence in said)]
        return "\n".join([*lines, *([] if self.losses else ["Nothing was lost."])])


@dataclass(frozen=True, slots=True)
class Project:
    """A coding project. Every coding's quote is what stands at its offsets in its text."""

    name: str
    texts: tuple[ProjectText, ...] = ()
    codes: tuple[ProjectCode, ...] = ()
    codings: tuple[ProjectCoding, ...] = ()
    coders: tuple[Coder, ...] = ()
    cases: tuple[Case, ...] = ()
    variables: tuple[Variable, ...] = ()
    notes: tuple[Note, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    description: str = ""
    origin: str = ""
    report: ImportReport = field(default_factory=ImportReport)
