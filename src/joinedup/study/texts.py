"""Texts, the people who speak in them, and what coders said of their passages."""

from __future__ import annotations

from dataclasses import dataclass, field

from joinedup.study.site import Extra


@dataclass(frozen=True, slots=True)
class Text:
    """A frozen text: `content` is NFC with LF line ends, and never changes under its `sha256`.

    `interview` tells one interview from another (a person may give several); `site` and `wave` may be empty.
    """

    id: str
    kind: str
    interview: str
    site: str
    wave: str
    date: str
    source: str
    sha256: str
    content: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a speaker's label in a text is. `person` is empty for the interviewer."""

    text: str
    speaker: str
    person: str
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A text given to a coder in a phase: a coder who found nothing differs from one who never read."""

    text: str
    coder: str
    phase: str
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """A label of the codebook. `parent` is the code above it (empty at the top).

    `keywords` seed automatic codings; a code used only by people has none. `contested_with` names a code whose
    passages speak against this one's.
    """

    id: str
    label: str
    definition: str = ""
    parent: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a text in Unicode code points, half open, with its exact quote."""

    text: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Coding:
    """A code applied to a passage by a coder; `automatic` where a rule and not a person did it.

    `cleared` marks a quote that may be shown in the working report.
    """

    passage: Passage
    code: str
    coder: str
    phase: str = ""
    prefix: str = ""
    suffix: str = ""
    note: str = ""
    automatic: bool = False
    cleared: bool = False
    row: int = 0
