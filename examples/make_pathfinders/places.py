"""The 150 authorities: 35 children's trusts and 115 others, none of which exists."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chance import marked, normal, shuffled, stream
from files import write_csv, write_text
from names import county_names, town_names

TYPES: Mapping[str, tuple[int, int, float]] = {
    # type: authorities, children's trusts among them, children in thousands
    "county": (34, 5, 128.0),
    "unitary": (47, 15, 44.0),
    "metropolitan": (36, 8, 65.0),
    "London borough": (33, 7, 54.0),
}
CASES = {"county": 2, "unitary": 3, "metropolitan": 2, "London borough": 1}
COMPARATORS = ("county", "unitary", "London borough")
REGIONS = {
    "county": ("North West", "North East", "Yorkshire and the Humber", "East Midlands", "West Midlands", "East of England",
               "South East", "South West"),
    "unitary": ("North East", "North West", "East Midlands", "West Midlands", "South East", "South West", "East of England",
                "Yorkshire and the Humber"),
    "metropolitan": ("North West", "West Midlands", "Yorkshire and the Humber", "North East"),
    "London borough": ("London",),
}  # fmt: skip
TINY = 2
PRIORITIES = {"disabled_children": 16, "early_intervention": 11, "mental_health": 8}
FORMAL = 15


@dataclass(frozen=True)
class Place:
    """An authority. `need` is its latent deprivation; `children` are those under 18 in 1997."""

    name: str
    type: str
    region: str
    need: float
    children: int
    id: str = ""
    trust: bool = False
    case: bool = False
    tiny: bool = False
    scope: str = ""
    priority: str = ""
    model: str = ""


def anonymous_places() -> list[Place]:
    """All authorities before any of them is a trust, in the order of types."""
    rng = stream("places")
    towns = iter(shuffled(rng, town_names()))
    counties = iter(shuffled(rng, county_names()))
    found = []
    for kind, (count, _, thousands) in TYPES.items():
        for index in range(count):
            name = next(counties if kind == "county" else towns)
            size = thousands * max(0.35, 1 + 0.33 * normal(rng))
            tiny = kind == "unitary" and index >= count - TINY
            children = rng.randint(500, 1400) if tiny else round(1000 * size)
            regions = REGIONS[kind]
            need = (
                0.75 * normal(rng) + {"county": -0.6, "unitary": 0.0, "metropolitan": 0.4, "London borough": 0.3}[kind]
            )
            found.append(Place(name, kind, regions[index % len(regions)], need, children, tiny=tiny))
    return found


def draw_trusts(places: list[Place], draw: int) -> list[int]:
    """Indices of 35 authorities by one of many possible draws, stratified by type; a tiny one is never drawn."""
    rng = stream(f"trusts-{draw}")
    found: list[int] = []
    for kind, (_, trusts, _) in TYPES.items():
        eligible = [i for i, place in enumerate(places) if place.type == kind and not place.tiny]
        found += rng.sample(eligible, trusts)
    return sorted(found)


def settled_places(places: list[Place], trusts: list[int]) -> list[Place]:
    """The places with their ids (t01 to t35, a001 to a115), roles and the trusts' ways of working."""
    rng = stream("roles")
    chosen = shuffled(rng, [places[index] for index in trusts])
    priorities = shuffled(rng, [name for name, count in PRIORITIES.items() for _ in range(count)])
    formal = marked(rng, FORMAL, len(chosen))
    every_child = marked(rng, 13, len(chosen))
    cases = _first_of_types(chosen, CASES)
    settled = [
        replace(
            place,
            id=f"t{number:02}",
            trust=True,
            case=place.name in cases,
            priority=priority,
            scope="all children" if all_ else "some groups",
            model="joint procurement, formal management" if is_formal else "informal planning and co-ordination",
        )
        for number, (place, priority, is_formal, all_) in enumerate(
            zip(chosen, priorities, formal, every_child, strict=True), 1
        )
    ]
    others = shuffled(rng, [place for index, place in enumerate(places) if index not in set(trusts)])
    comparators = _first_of_types([p for p in others if not p.tiny], dict.fromkeys(COMPARATORS, 1))
    settled += [replace(p, id=f"a{n:03}", case=p.name in comparators) for n, p in enumerate(others, 1)]
    return settled


def _first_of_types(places: list[Place], wanted: Mapping[str, int]) -> set[str]:
    found: set[str] = set()
    for kind, count in wanted.items():
        found |= {place.name for place in [p for p in places if p.type == kind][:count]}
    return found


NORTH_AND_EAST = {
    "North East": (8, 15), "North West": (4, 12), "Yorkshire and the Humber": (9, 11), "East Midlands": (9, 7),
    "West Midlands": (5, 7), "East of England": (13, 6), "London": (11, 2), "South East": (8, -1), "South West": (2, 1),
}  # fmt: skip


def write_hexes(folder: Path, places: list[Place]) -> None:
    """sites.hexjson: every authority takes the free cell nearest to the middle of its region; a made-up map."""
    free = {(q, r) for q in range(-4, 20) for r in range(-6, 22)}
    cells: dict[str, tuple[int, int]] = {}
    for place in sorted(places, key=lambda place: (place.name, place.id)):
        middle = _apart(*NORTH_AND_EAST[place.region])
        cell = min(free, key=lambda at: (math.dist(_apart(*at), middle), at))
        free.remove(cell)
        cells[place.id] = cell
    west, south = (min(cell[axis] for cell in cells.values()) for axis in (0, 1))
    south -= south % 2
    lines = [f'    "{id}": {{"q": {q - west}, "r": {r - south}}}' for id, (q, r) in sorted(cells.items())]
    body = ",\n".join(lines)
    write_text(folder / "sites.hexjson", f'{{\n  "layout": "odd-r",\n  "hexes": {{\n{body}\n  }}\n}}\n')


def _apart(q: int, r: int) -> tuple[float, float]:
    return q + 0.5 * (r % 2), r * math.sqrt(3) / 2


def write_sites(folder: Path, places: list[Place]) -> None:
    """sites.csv."""
    columns = ("site", "name", "region", "type", "role", "adopted", "model", "case", "excluded", "scope")
    rows = [
        (
            place.id,
            place.name,
            place.region,
            place.type,
            "programme" if place.trust else "comparison",
            "2003-07" if place.trust else "",
            place.model,
            1 if place.case else "",
            "",
            place.scope,
        )
        for place in places
    ]
    write_csv(folder / "sites.csv", columns, rows)
