"""A small study of texts for unit tests: interviews with labels, a public document, codings by quote. SIMULATED."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from joinedup.study.model import Study, Texts
from joinedup.study.site import Person, TextKind
from joinedup.study.texts import Assignment, Code, Coding, Passage, Speaker, Text
from tests.builders import make_sites, make_study

KINDS = (TextKind("interview", "Interview", speakers=True), TextKind("plan", "Local plan", public=True))
INTERVIEW = "interview"
PLAN = "plan"


def make_text(id: str, content: str, kind: str = INTERVIEW, site: str = "s1", wave: str = "w1", row: int = 2) -> Text:
    return Text(id, kind, id, site, wave, "2004-03", "", f"sha-{id}", content, row=row)


def code_quote(text: Text, quote: str, code: str, coder: str = "ann", **fields: Any) -> Coding:
    """A coding of the first occurrence of `quote`."""
    start = text.content.index(quote)
    return Coding(Passage(text.id, start, start + len(quote), quote), code, coder, **fields)


def make_people(rows: Iterable[tuple[str, str, str, str]]) -> tuple[Person, ...]:
    """People from rows (person, from_wave, site, profession)."""
    return tuple(
        Person(id, wave, site, f"agency of {id}", profession, row=row)
        for row, (id, wave, site, profession) in enumerate(rows, 2)
    )


def make_texts_study(
    texts: Iterable[Text],
    codings: Iterable[Coding] = (),
    *,
    speakers: Mapping[str, Mapping[str, str]] | None = None,
    codes: Iterable[str | Code] = ("trust", "money"),
    assignments: Iterable[tuple[str, str]] = (),
    people: tuple[Person, ...] = (),
    plan: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Study:
    """A study of texts; `speakers` maps a text to label -> person; assignments are (text, coder), independent."""
    rows = [(text, label, who) for text, labels in (speakers or {}).items() for label, who in labels.items()]
    found = Texts(
        tuple(texts),
        tuple(Speaker(*row, row=number) for number, row in enumerate(rows, 2)),
        tuple(Assignment(text, coder, "independent", row=n) for n, (text, coder) in enumerate(assignments, 2)),
        tuple(code if isinstance(code, Code) else Code(code, code.title()) for code in codes),
        tuple(codings),
    )
    given: dict[str, Any] = {"kinds": KINDS, "sites": make_sites(), "people": people, "texts": found, **parts}
    return make_study(plan={"texts": dict(plan or {})}, **given)
