"""Contribution analysis over a theory of change: what stands behind each link, and what else could explain it.

Mayne (2012), "Contribution analysis: coming of age?", Evaluation 18(3), 270-280. The picture is layered after Sugiyama,
Tagawa and Toda (1981), IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109-125: longest path, then barycentres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise
from statistics import fmean

SUPPORTS, QUALIFIES, CONTRADICTS = "supports", "qualifies", "contradicts"
NO_EVIDENCE, CONTESTED = "no evidence", "contested"
STRENGTHS = ("strong", "moderate", "weak")
RULED_OUT, WEAKENED, OPEN = RIVAL_STATES = ("ruled out", "weakened", "open")
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the theory. `measured`: whether some value of the study tells how far it came about."""

    id: str
    label: str
    kind: str = ""
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Rival:
    """Something else that would explain a link: ruled out, weakened, or open."""

    explanation: str
    state: str = OPEN
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A step that is said to bring about another. `stances` are those of its evidence, `strength` a person's word."""

    source: str
    target: str
    stances: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()
    strength: str = ""

    @property
    def state(self) -> str:
        """No evidence; contested where evidence stands on both sides or against; else the strength that was given."""
        if not self.stances:
            return NO_EVIDENCE
        return CONTESTED if CONTRADICTS in self.stances else self.strength or "not judged"

    @property
    def open_rivals(self) -> tuple[Rival, ...]:
        return tuple(rival for rival in self.rivals if rival.state == OPEN)


@dataclass(frozen=True, slots=True)
class Theory:
    """A theory of change: a graph without circles. Raises ValueError for an unknown end or a circle."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def __post_init__(self) -> None:
        known = {node.id for node in self.nodes}
        for link in self.links:
            for end in (link.source, link.target):
                if end not in known:
                    raise ValueError(f"{end!r} is no node of the theory")
        around = circle(self.nodes, self.links)
        if around:
            raise ValueError(f"the theory runs in a circle: {', '.join(around)}")

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """Nodes of which no value tells how far they came about."""
        return tuple(node.id for node in self.nodes if not node.measured)

    @property
    def without_evidence(self) -> tuple[tuple[str, str], ...]:
        """Links that nothing stands behind."""
        return tuple((link.source, link.target) for link in self.links if link.state == NO_EVIDENCE)


def circle(nodes: Sequence[Node], links: Sequence[Link]) -> tuple[str, ...]:
    """The nodes that lie on or behind a circle; empty where there is none."""
    left = [node.id for node in nodes]
    while True:
        entered = {link.target for link in links if link.source in left}
        kept = [id for id in left if id in entered]
        if len(kept) == len(left):
            return tuple(left)
        left = kept


def layers(theory: Theory) -> dict[str, int]:
    """Each node's layer: the longest path that leads to it, from 0."""
    depth = dict.fromkeys((node.id for node in theory.nodes), 0)
    for _ in theory.nodes:
        for link in theory.links:
            depth[link.target] = max(depth[link.target], depth[link.source] + 1)
    return depth


Point = tuple[int, float]
"""A layer and a position within it; positions are centred on 0, one apart."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where each node stands, and the points through which each link runs: one a layer, so that it meets no box."""

    place: Mapping[str, Point]
    routes: Mapping[tuple[str, str], tuple[Point, ...]]

    @property
    def crossings(self) -> int:
        """How often links cross."""
        steps = [step for route in self.routes.values() for step in pairwise(route)]
        return sum(a[0] == c[0] and (a[1] - c[1]) * (b[1] - d[1]) < 0 for (a, b), (c, d) in combinations(steps, 2))


def layout(theory: Theory) -> Picture:
    """A layered picture with few crossings. The same theory gives the same picture."""
    depth = layers(theory)
    chains = {(link.source, link.target): _chain(link, depth) for link in theory.links}
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in theory.nodes:
        rows[depth[node.id]].append(node.id)
    for (source, _), chain in chains.items():
        for step, id in enumerate(chain[1:-1], start=1):
            rows[depth[source] + step].append(id)
    best = _picture(theory, chains, rows)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else rows[::-1]:
            row.sort(key=partial(_rank, chains, _centred(rows), downwards))
        now = _picture(theory, chains, rows)
        best = now if now.crossings < best.crossings else best
    return best


def _chain(link: Link, depth: Mapping[str, int]) -> tuple[str, ...]:
    """The link's source, a point in every layer that it passes, and its target."""
    passed = range(depth[link.source] + 1, depth[link.target])
    return (link.source, *(f"{link.source} to {link.target} in {layer}" for layer in passed), link.target)


def _picture(
    theory: Theory, chains: Mapping[tuple[str, str], tuple[str, ...]], rows: Sequence[Sequence[str]]
) -> Picture:
    place = _centred(rows)
    routes = {ends: tuple(place[id] for id in chain) for ends, chain in chains.items()}
    return Picture({node.id: place[node.id] for node in theory.nodes}, routes)


def _rank(
    chains: Mapping[tuple[str, str], tuple[str, ...]], place: Mapping[str, Point], from_above: bool, id: str
) -> tuple[float, float]:
    """The mean position of what it is joined to in the layer above (or below), then its own."""
    steps = [step for chain in chains.values() for step in pairwise(chain)]
    beside = [place[a][1] for a, b in steps if b == id] if from_above else [place[b][1] for a, b in steps if a == id]
    return fmean(beside) if beside else place[id][1], place[id][1]


def _centred(rows: Sequence[Sequence[str]]) -> dict[str, Point]:
    return {id: (layer, at - (len(row) - 1) / 2) for layer, row in enumerate(rows) for at, id in enumerate(row)}
