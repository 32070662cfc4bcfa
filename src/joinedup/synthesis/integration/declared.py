"""From the tables of synthesis/ to the objects of the methods. The tables have passed the checks of their form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joinedup.synthesis.confidence import COMPONENTS, Assessment, Component
from joinedup.synthesis.contribution import Link, Node, Rival
from joinedup.synthesis.following_a_thread import Hop
from joinedup.synthesis.integration.reading import tables
from joinedup.synthesis.pillar_integration import Item, Move
from joinedup.synthesis.process_tracing import Range, Trace
from joinedup.synthesis.triangulation import Rating, Voice

Data = Mapping[str, Any]


def voice(table: Data) -> Voice:
    """A strand on a topic: asked unless it says otherwise, covering it where it says something."""
    return Voice(table["strand"], bool(table.get("asked", True)), bool(table.get("says")))


def rating(table: Data) -> Rating:
    """How one rater sees two strands."""
    elements = (table["meaning"], table["prominence"], table["coverage"], table["examples"])
    return Rating(table["by"], *elements, table.get("reason", ""))


def nodes(data: Data, measured: Mapping[str, bool]) -> tuple[Node, ...]:
    """The nodes of a theory of change; `measured` says of which a value tells how far they came about."""
    return tuple(
        Node(node["id"], node["label"], node.get("kind", ""), measured.get(node["id"], False))
        for node in tables(data, "node")
    )


def links(data: Data) -> tuple[Link, ...]:
    """The links of a theory of change, with their evidence's stances and their rivals."""
    return tuple(
        Link(
            link["from"],
            link["to"],
            tuple(piece["stance"] for piece in tables(link, "evidence")),
            tuple(link.get("assumptions", ())),
            tuple(Rival(r["explanation"], r["state"], r.get("reason", "")) for r in tables(link, "rival")),
            link.get("strength", ""),
        )
        for link in tables(data, "link")
    )


def assessment(table: Data) -> Assessment:
    """A person's judgement of a finding."""
    parts = {
        name: Component(table[name].get("grade", ""), table[name].get("explanation", ""))
        for name in COMPONENTS
        if name in table
    }
    words = (table["overall"], table["by"], table["at"], table.get("explanation", ""))
    return Assessment(table["finding"], parts, *words)


def items(data: Data) -> tuple[Item, ...]:
    """What a pillar display lists."""
    return tuple(
        Item(item["id"], item["side"], item.get("row", ""), item.get("reason", "")) for item in tables(data, "item")
    )


def moves(data: Data) -> tuple[Move, ...]:
    """What checking moved, in order."""
    return tuple(Move(m["item"], m.get("to", ""), m["by"], m["at"], m["reason"]) for m in tables(data, "move"))


def pillars(data: Data) -> dict[str, list[str]]:
    """Each pillar's rows."""
    return {pillar["id"]: list(pillar["rows"]) for pillar in tables(data, "pillar")}


def hops(thread: Data) -> tuple[Hop, ...]:
    """The hops of a thread."""
    return tuple(Hop(hop["strand"], hop["says"], hop.get("question", "")) for hop in tables(thread, "hop"))


def probabilities(value: Any) -> Range:
    """A range as written: two numbers."""
    return float(value[0]), float(value[1])


def trace(piece: Data) -> Trace:
    """A piece of evidence of a process tracing."""
    ranges = probabilities(piece["sensitivity"]), probabilities(piece["type_one"])
    return Trace(piece["id"], *ranges, bool(piece["found"]), piece.get("group", ""))
