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
class Anchor:
    """Where a frozen text stands in its source: from the code point `at` on, on this page or at this time.

    `text` is whose place it is, where several texts hold the same words; empty: that of all of them.
    """

    sha256: str
    at: int
    place: str
    text: str = ""
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

    `keywords` seed automatic codings; a code used only by people has none. `accepted_by` is who read the passages of a
    theme that a model suggested and took it for this code.
    """

    id: str
    label: str
    definition: str = ""
    parent: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    keywords: tuple[str, ...] = ()
    accepted_by: str = ""


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


INDEPENDENT, CONSOLIDATING, COMPLETE = PHASES = ("independent", "consolidating", "complete")
"""The phases of double coding: blind, comparing and deciding, decided. Agreement is computed on the first."""
CODED, NOT_CODED = DECISIONS = ("coded", "not_coded")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided where coders differ: whether `code` holds for [start, end) of `text`, by whom, when and why.

    `decision` is CODED or NOT_CODED. It settles every coding of the code that shares a character with the span.
    """

    text: str
    start: int
    end: int
    code: str
    decision: str
    by: str
    at: str
    reason: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class FrameworkCell:
    """What a person wrote about one case and theme. `cites` are the passages that the summary rests on.

    `digest` is that of the cell's coded passages when the summary was last read against them; empty: never.
    """

    case: str
    code: str
    summary: str = ""
    cites: tuple[Passage, ...] = ()
    digest: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """The framework matrix: cases (sites, or people where `cases` says so) x themes; no `codes`: those at the top."""

    cases: str = "site"
    codes: tuple[str, ...] = ()
    cells: tuple[FrameworkCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Memo:
    """A person's note on something of the study, e.g. `on` = "code:trust" or "passage:i001:120-180"; never printed."""

    on: str
    by: str
    at: str
    memo: str
    row: int = 0
