"""Places, people, waves, levels and questions: the frame that every strand shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PROGRAMME = "programme"
COMPARISON = "comparison"

Extra = Mapping[str, str]
"""Further columns of a row, as written."""


@dataclass(frozen=True, slots=True)
class Question:
    """An evaluation question and the strands that are to answer it."""

    id: str
    text: str
    strands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A rung of the framework, from the study's own declaration; order is the study's order."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Wave:
    """A round of data collection; `note` keeps what the sources disagree about."""

    id: str
    label: str
    start: str = ""
    end: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TextKind:
    """A kind of text that the study declares: with speakers or without; `public` quotes need no clearance."""

    id: str
    label: str
    speakers: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A place: a programme site or a comparison site.

    `adopted` is when the programme began there (empty: never); `excluded` is the reason for
    which a site stays out of comparisons (empty: it does not).
    """

    id: str
    name: str
    region: str = ""
    type: str = ""
    role: str = PROGRAMME
    adopted: str = ""
    model: str = ""
    case: bool = False
    excluded: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0

    @property
    def is_programme(self) -> bool:
        return self.role == PROGRAMME


@dataclass(frozen=True, slots=True)
class Person:
    """A pseudonymous person, as of a wave; a change of job is a further row from a later wave."""

    id: str
    from_wave: str
    site: str
    agency: str
    profession: str
    role: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0
