"""Partnership bodies of the trusts: who sits on them and what they are for, with overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chance import shuffled, stream
from files import write_csv
from places import Place

SECTORS = ("health", "education", "social services")
ALL_REMITS = (
    "children's plan",
    "priorities",
    "joint commissioning",
    "pooled budgets",
    "safeguarding",
    "information sharing",
    "training together",
    "early intervention",
    "disabled children",
    "mental health",
    "participation of young people",
    "performance",
    "parenting support",
)


@dataclass(frozen=True)
class BodyKind:
    """A kind of body: its usual name, the agencies that always sit on it, those that may, and its usual remits."""

    name: str
    kind: str
    always: tuple[str, ...]
    maybe: tuple[str, ...]
    remits: tuple[str, ...]


KINDS: Mapping[str, BodyKind] = {
    "board": BodyKind(
        "Children's Trust Board",
        "board",
        SECTORS,
        ("voluntary sector", "voluntary sector", "youth offending", "police", "learning and skills council"),
        ("children's plan", "priorities", "performance", "pooled budgets"),
    ),
    "executive": BodyKind(
        "Trust Executive Group",
        "executive",
        SECTORS,
        ("voluntary sector",),
        ("priorities", "performance", "joint commissioning"),
    ),
    "commissioning": BodyKind(
        "Joint Commissioning Group",
        "commissioning group",
        ("health", "social services"),
        ("education", "education", "voluntary sector"),
        ("joint commissioning", "pooled budgets"),
    ),
    "disabled": BodyKind(
        "Disabled Children's Partnership",
        "service partnership",
        ("health", "education"),
        ("social services", "social services", "voluntary sector", "voluntary sector"),
        ("disabled children", "early intervention"),
    ),
    "early-years": BodyKind(
        "Early Years and Childcare Partnership",
        "service partnership",
        ("education",),
        ("health", "health", "voluntary sector", "social services"),
        ("early intervention", "parenting support"),
    ),
    "safeguarding": BodyKind(
        "Area Child Protection Committee",
        "statutory committee",
        ("health", "social services", "police"),
        ("education", "education", "youth offending", "voluntary sector"),
        ("safeguarding", "information sharing", "training together"),
    ),
    "mental-health": BodyKind(
        "Child and Adolescent Mental Health Partnership",
        "service partnership",
        ("health",),
        ("education", "social services", "social services", "voluntary sector"),
        ("mental health", "joint commissioning"),
    ),
    "young-people": BodyKind(
        "Young People's Strategic Partnership",
        "strategic partnership",
        ("education", "social services"),
        ("youth offending", "youth offending", "voluntary sector", "police", "health"),
        ("participation of young people", "priorities", "children's plan"),
    ),
    "fund": BodyKind(
        "Children's Fund Partnership",
        "strategic partnership",
        ("voluntary sector", "education"),
        ("social services", "social services", "health", "police"),
        ("early intervention", "participation of young people", "parenting support"),
    ),
}


@dataclass(frozen=True)
class Body:
    """A body of a site."""

    id: str
    site: str
    name: str
    kind: str
    members: tuple[str, ...]
    remits: tuple[str, ...]


def bodies_of(place: Place) -> list[Body]:
    """Three to eight bodies: a board always, the others by chance and by the trust's priority."""
    rng = stream(f"bodies-{place.id}")
    favoured = {"disabled_children": "disabled", "early_intervention": "early-years", "mental_health": "mental-health"}
    first = ["board", favoured[place.priority]]
    others = shuffled(rng, [key for key in KINDS if key not in first])
    chosen = first + others[: rng.choice((1, 2, 3, 3, 4, 4, 5, 6))]
    found = []
    for key in (key for key in KINDS if key in chosen):
        kind = KINDS[key]
        invited = {agency for agency in kind.maybe if rng.random() < 0.55}
        added = rng.sample([remit for remit in ALL_REMITS if remit not in kind.remits], rng.choice((0, 1, 1, 2, 2, 3)))
        found.append(
            Body(
                f"{place.id}-{key}",
                place.id,
                f"{place.name} {kind.name}",
                kind.kind,
                tuple(sorted({*kind.always, *invited})),
                tuple(remit for remit in ALL_REMITS if remit in (*kind.remits, *added)),
            )
        )
    return found


def write_bodies(folder: Path, bodies: list[Body], named_in: Mapping[str, tuple[str, str]]) -> None:
    """partnership/bodies.csv, members.csv and remits.csv; `named_in` maps a body to a document and a page."""
    target = folder / "partnership"
    write_csv(
        target / "bodies.csv",
        ("body", "site", "name", "kind", "document", "page"),
        [(body.id, body.site, body.name, body.kind, *named_in[body.id]) for body in bodies],
    )
    write_csv(
        target / "members.csv",
        ("body", "agency", "role"),
        [(b.id, agency, "director" if b.kind == "board" else "manager") for b in bodies for agency in b.members],
    )
    write_csv(target / "remits.csv", ("body", "remit"), [(b.id, remit) for b in bodies for remit in b.remits])
