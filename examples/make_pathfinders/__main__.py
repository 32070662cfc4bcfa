"""Make the demonstration study: `python examples/make_pathfinders OUT`. Everything in it is SIMULATED."""

from __future__ import annotations

import sys
from pathlib import Path

from bodies import bodies_of, write_bodies
from files import write_text
from integration import write_integration
from interviews import transcripts
from papers import all_papers
from passages import cited, with_passages
from people import cast, write_people
from places import anonymous_places, settled_places, write_hexes, write_sites
from provision import write_provision
from questionnaire import write_instrument, write_scales
from replies import write_replies
from series import all_cells, typical_trusts, write_indicators
from team_costs import write_team_costs
from texts import corpus, write_texts

FIXED = Path(__file__).parent / "fixed"
COPIED = {
    "study.toml": "study.toml",
    "codebook.toml": "texts/codebook.toml",
    "joint-display.toml": "synthesis/joint-display.toml",
    "qca.toml": "synthesis/qca.toml",
    "case-choice.toml": "synthesis/case-choice.toml",
    "references.bib": "references.bib",
    "README.md": "README.md",
}


def make(folder: Path) -> None:
    """Write the whole study folder."""
    anonymous = anonymous_places()
    cells, baseline = all_cells(anonymous)
    places = settled_places(anonymous, typical_trusts(anonymous, baseline))
    write_sites(folder, places)
    write_hexes(folder, places)
    write_indicators(folder, cells, anonymous, {place.name: place.id for place in places})
    write_team_costs(folder, places)
    people = cast(places)
    write_people(folder, people)
    write_instrument(folder)
    write_scales(folder)
    write_replies(folder, people, places)
    bodies = [body for place in places if place.trust for body in bodies_of(place)]
    papers = all_papers(places, bodies)
    named_in = {body: (paper.id, str(page)) for paper in papers for body, page in paper.named.items()}
    write_bodies(folder, bodies, named_in)
    write_provision(folder, places)
    found = corpus(transcripts(people.interviewed), papers)
    declared = (FIXED / "findings.toml").read_text(encoding="utf-8")
    passages = cited(declared, found.content, found.marks)
    write_texts(folder, found, {(passage.text, passage.start) for passage in passages.values()})
    write_text(folder / "findings.toml", with_passages(declared, passages))
    write_integration(folder, found.content, found.marks)
    for source, target in COPIED.items():
        write_text(folder / target, (FIXED / source).read_text(encoding="utf-8"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python examples/make_pathfinders OUT")
    make(Path(sys.argv[1]))
