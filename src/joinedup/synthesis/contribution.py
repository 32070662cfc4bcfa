"""Contribution analysis over a theory of change: what stands behind each link, and what else could explain it.

Mayne (2012), "Contribution analysis: coming of age?", Evaluation 18(3), 270-280. The picture is layered after Sugiyama,
Tagawa and Toda (1981), IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109-125: longest path, then barycentres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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


def layout(theory: Theory) -> dict[str, tuple[int, float]]:
    """(layer, position) of each node; positions are centred on 0, one apart. The same theory gives the same picture."""
    depth = layers(theory)
    rows = [
        [node.id for node in theory.nodes if depth[node.id] == layer]
        for layer in range(max(depth.values(), default=-1) + 1)
    ]
    place = _centred(rows)
    best, fewest = place, crossings(theory, place)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else rows[::-1]:
            row.sort(key=partial(_rank, theory, place, downwards))
            place = _centred(rows)
        now = crossings(theory, place)
        if now < fewest:
            best, fewest = place, now
    return best


def crossings(theory: Theory, place: Mapping[str, tuple[int, float]]) -> int:
    """How many pairs of links cross that join the same two layers."""
    ends = [(place[link.source], place[link.target]) for link in theory.links]
    return sum(
        (a[0][1] - b[0][1]) * (a[1][1] - b[1][1]) < 0
        for at, a in enumerate(ends)
        for b in ends[at + 1 :]
        if a[0][0] == b[0][0] and a[1][0] == b[1][0]
    )


def _rank(theory: Theory, place: Mapping[str, tuple[int, float]], from_sources: bool, id: str) -> tuple[float, float]:
    """The mean position of the nodes beside it in the layer before (or after), then its own."""
    beside = (
        [place[link.source][1] for link in theory.links if link.target == id]
        if from_sources
        else [place[link.target][1] for link in theory.links if link.source == id]
    )
    return fmean(beside) if beside else place[id][1], place[id][1]


def _centred(rows: Sequence[Sequence[str]]) -> dict[str, tuple[int, float]]:
    return {id: (layer, at - (len(row) - 1) / 2) for layer, row in enumerate(rows) for at, id in enumerate(row)}
