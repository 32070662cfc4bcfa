"""Documents of the partnerships: agreements that name every body, plans, minutes. Pages are marked in the text."""

from __future__ import annotations

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
BODIES_A_PAGE = 4


@dataclass
class Paper:
    """A document as it grows; `named` maps a body to the page on which it is described."""

    id: str
    site: str
    title: str
    date: str
    content: str = ""
    page: int = 1
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)

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
        self.paragraph([(f"[page {self.page}]", "")])


class Desk:
    """Writes the documents, each sentence filled for its place, none twice in a document."""

    def __init__(self) -> None:
        self._bank = Bank()
        self.papers: list[Paper] = []

    def start(self, place: Place, title: str, date: str) -> Paper:
        paper = Paper(f"d{len(self.papers) + 1:03}", place.id, title, date)
        self.papers.append(paper)
        paper.paragraph([(f"{place.name}: {title}", "")])
        return paper

    def pick(
        self, rng: Random, tag: str, count: int, place: Place, names: list[str], used: set[str]
    ) -> list[tuple[str, str]]:
        """Sentences of a tag that the document does not yet hold, with the tag as their code."""
        free = [sentence for sentence in shuffled(rng, SENTENCES[tag]) if sentence not in used][:count]
        free.sort(key=SENTENCES[tag].index)
        used.update(free)
        found = []
        for sentence in free:
            board, other = rng.sample(names, 2)
            named = sentence.replace("{place}", place.name).replace("{board}", board).replace("{other}", other)
            found.append((self._bank.fill(rng, named), tag))
        return found


def all_papers(places: list[Place], bodies: list[Body]) -> list[Paper]:
    """An agreement for each trust, a plan and two sets of minutes for each case site, and papers of three comparators."""
    desk = Desk()
    for place in (place for place in places if place.trust or place.case):
        own = [body for body in bodies if body.site == place.id]
        names = [body.name.removeprefix(f"{place.name} ") for body in own] or list(OTHERS_BODIES)
        rng = stream(f"papers-{place.id}")
        if place.trust:
            _agreement(desk, rng, place, own, names)
        if place.case:
            _plan(desk, rng, place, names)
            for month in ("2004-11", "2005-03") if place.trust else ("2005-02",):
                _minutes(desk, rng, place, names, month)
    for paper in desk.papers:
        paper.content += "\n"
    return desk.papers


def _agreement(desk: Desk, rng: Random, place: Place, own: list[Body], names: list[str]) -> None:
    used: set[str] = set()
    paper = desk.start(place, "Partnership agreement and terms of reference", "2003-11")
    paper.paragraph(
        desk.pick(rng, "agreement", 2, place, names, used) + desk.pick(rng, "founding_reasons", 1, place, names, used)
    )
    paper.new_page()
    for index, body in enumerate(own):
        if index and index % BODIES_A_PAGE == 0:
            paper.new_page()
        paper.paragraph([(_described(body, place), "")])
        paper.named[body.id] = paper.page
    paper.paragraph(desk.pick(rng, "body_scope", 1, place, names, used))
    paper.new_page()
    paper.paragraph(
        desk.pick(
            rng, rng.choice(("universal_provision", "universal_provision", "targeted_provision")), 1, place, names, used
        )
    )
    paper.paragraph(desk.pick(rng, "agreement", 3, place, names, used))


def _described(body: Body, place: Place) -> str:
    name = body.name.removeprefix(f"{place.name} ")
    return f"The {name} answers for {_listed(body.remits)}. Its members come from {_listed(body.members)}."


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _plan(desk: Desk, rng: Random, place: Place, names: list[str]) -> None:
    used: set[str] = set()
    paper = desk.start(place, "Plan for children and young people", "2004-09")
    paper.paragraph(
        desk.pick(rng, "founding_reasons", 1, place, names, used) + desk.pick(rng, "plan", 2, place, names, used)
    )
    paper.paragraph(desk.pick(rng, "universal_provision", 3, place, names, used))
    paper.new_page()
    paper.paragraph(
        desk.pick(rng, "targeted_provision", 1, place, names, used) + desk.pick(rng, "plan", 1, place, names, used)
    )
    paper.paragraph(
        desk.pick(rng, "universal_provision", 2, place, names, used) + desk.pick(rng, "plan", 2, place, names, used)
    )


def _minutes(desk: Desk, rng: Random, place: Place, names: list[str], month: str) -> None:
    used: set[str] = set()
    paper = desk.start(place, f"Minutes of the {names[0]}", month)
    paper.paragraph(desk.pick(rng, "minutes_opening", 2, place, names, used))
    paper.paragraph(
        desk.pick(rng, "body_scope", 2, place, names, used) + desk.pick(rng, "minutes", 1, place, names, used)
    )
    tag = rng.choice(("targeted_provision", "minutes"))
    paper.paragraph(desk.pick(rng, tag, 2, place, names, used))
    paper.new_page()
    tag = rng.choice(("universal_provision", "universal_provision", "universal_provision", "founding_reasons"))
    paper.paragraph(desk.pick(rng, tag, 1, place, names, used) + desk.pick(rng, "minutes", 2, place, names, used))
    paper.paragraph(desk.pick(rng, "minutes_closing", 3, place, names, used))
