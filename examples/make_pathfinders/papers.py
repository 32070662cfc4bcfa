"""Documents of the partnerships: agreements that name every body, plans, minutes. Pages are marked in the text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from random import Random

from bank import FOLDER, Bank
from bodies import Body
from chance import shuffled, stream
from interviews import THEMES
from places import Place

SENTENCES = tomllib.loads((FOLDER / "documents.toml").read_text(encoding="utf-8"))["sentences"]
OTHERS_BODIES = ("Local Strategic Partnership", "Area Child Protection Committee")
AGREEMENT = "Partnership agreement and terms of reference"
PLAN = "Plan for children and young people"
BODIES_A_PAGE = 4
WITH_ARTICLE = ("children's plan", "police", "learning and skills council")
_OF_A_MEETING = re.compile(r"Members|It was|The chair|A paper|The \{board\} (asked|heard)")


@dataclass
class Paper:
    """A document as it grows; `named` maps a body to the page on which it is described, `pages` are where each begins."""

    id: str
    site: str
    title: str
    date: str
    content: str = ""
    page: int = 1
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    pages: list[tuple[int, str]] = field(default_factory=lambda: [(0, "page 1")])

    def paragraph(self, parts: list[tuple[str, str]]) -> None:
        """A paragraph of (sentence, code); an empty code is not coded."""
        self.content += "\n\n" if self.content else ""
        for index, (sentence, code) in enumerate(parts):
            self.content += " " if index else ""
            start = len(self.content)
            self.content += sentence
            if code in THEMES:
                self.spans.append((start, len(self.content), code))

    def new_page(self) -> None:
        self.page += 1
        mark = f"[page {self.page}]"
        self.paragraph([(mark, "")])
        self.pages.append((len(self.content) - len(mark), f"page {self.page}"))


class Author:
    """Writes one document of a place: sentences by tag, filled for the place, none twice in a document."""

    def __init__(self, bank: Bank, rng: Random, place: Place, names: list[str], paper: Paper) -> None:
        self._bank, self._rng, self._place, self._names = bank, rng, place, names
        self._used: set[str] = set()
        self.paper = paper
        paper.paragraph([(f"{place.name}: {paper.title}", "")])

    def paragraph(self, *wanted: tuple[str, int]) -> None:
        """A paragraph of so many sentences of each tag; a tag that is a code is the code of its sentences."""
        self.paper.paragraph([(sentence, tag) for tag, count in wanted for sentence in self._sentences(tag, count)])

    def _sentences(self, tag: str, count: int) -> list[str]:
        minutes = self.paper.title not in (AGREEMENT, PLAN)
        free = [s for s in SENTENCES[tag] if s not in self._used and (minutes or not _OF_A_MEETING.match(s))]
        free = shuffled(self._rng, free)[:count]
        free.sort(key=SENTENCES[tag].index)
        self._used.update(free)
        return [self._filled(sentence) for sentence in free]

    def _filled(self, sentence: str) -> str:
        board, other = self._rng.sample(self._names, 2)
        named = sentence.replace("{place}", self._place.name).replace("{board}", board).replace("{other}", other)
        return self._bank.fill(self._rng, named)


def all_papers(places: list[Place], bodies: list[Body]) -> list[Paper]:
    """An agreement for each trust, a plan and two sets of minutes for each case site, and papers of three comparators."""
    bank = Bank()
    papers: list[Paper] = []
    for place in (place for place in places if place.trust or place.case):
        own = [body for body in bodies if body.site == place.id]
        names = [_short(body, place) for body in own] or list(OTHERS_BODIES)
        rng = stream(f"papers-{place.id}")
        for title, date in _titles(place, names):
            paper = Paper(f"d{len(papers) + 1:03}", place.id, title, date)
            author = Author(bank, rng, place, names, paper)
            if title == AGREEMENT:
                _agreement(author, rng, place, own)
            elif title == PLAN:
                _plan(author, place)
            else:
                _minutes(author, rng, place)
            paper.content += "\n"
            papers.append(paper)
    return papers


def _titles(place: Place, names: list[str]) -> list[tuple[str, str]]:
    minutes = f"Minutes of the {names[0]}"
    found = [(AGREEMENT, "2003-11")] if place.trust else []
    if place.case:
        found += [(PLAN, "2004-09"), (minutes, "2005-02")]
    if place.case and place.trust:
        found += [(minutes, "2004-11")]
    return found


def _short(body: Body, place: Place) -> str:
    return body.name.removeprefix(f"{place.name} ")


def _agreement(author: Author, rng: Random, place: Place, own: list[Body]) -> None:
    author.paragraph(("agreement_opening", 2), ("founding_reasons", 1))
    author.paper.new_page()
    for index, body in enumerate(own):
        if index and index % BODIES_A_PAGE == 0:
            author.paper.new_page()
        author.paper.paragraph([(_described(body, place), "")])
        author.paper.named[body.id] = author.paper.page
    author.paragraph(("body_scope", 1))
    author.paper.new_page()
    author.paragraph((rng.choice(("universal_provision", "universal_provision", "targeted_provision")), 1))
    author.paragraph(("agreement", 2 if len(own) > 6 else 3))


def _described(body: Body, place: Place) -> str:
    name = _short(body, place)
    return f"The {name} answers for {_listed(body.remits)}. Its members come from {_listed(body.members)}."


def _listed(words: tuple[str, ...]) -> str:
    named = [f"the {word}" if word in WITH_ARTICLE else word for word in words]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _plan(author: Author, place: Place) -> None:
    author.paragraph(("plan_opening", 2), *([("founding_reasons", 1)] if place.trust else []))
    author.paragraph(("universal_provision", 3))
    author.paper.new_page()
    author.paragraph(("targeted_provision", 1), ("plan", 1))
    author.paragraph(("universal_provision", 2), ("plan", 2), ("plan_closing", 1))


def _minutes(author: Author, rng: Random, place: Place) -> None:
    author.paragraph(("minutes_opening", 2))
    author.paragraph(("body_scope", 2), ("minutes", 1))
    author.paragraph((rng.choice(("targeted_provision", "minutes")), 2))
    author.paper.new_page()
    tags = ["universal_provision"] * 3 + (["founding_reasons"] if place.trust else [])
    author.paragraph((rng.choice(tags), 1), ("minutes", 2))
    author.paragraph(("minutes_closing", 3))
