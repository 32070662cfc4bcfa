"""Contribution analysis: links without evidence, contested links, rivals, circles, and the layered picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.synthesis.contribution import Link, Node, Picture, Rival, Theory, circle, layers, layout

NODES = tuple(Node(id, id.upper(), measured=id != "c") for id in "abcd")


def test_links_without_evidence_and_unmeasured_nodes_are_listed() -> None:
    theory = Theory(NODES, (Link("a", "b", ("supports",), strength="weak"), Link("b", "c"), Link("c", "d")))
    assert theory.without_evidence == (("b", "c"), ("c", "d"))
    assert theory.unmeasured == ("c",)


@pytest.mark.parametrize(
    ("link", "state"),
    [
        (Link("a", "b", strength="strong"), "no evidence"),
        (Link("a", "b", ("supports", "contradicts"), strength="strong"), "contested"),
        (Link("a", "b", ("supports", "qualifies"), strength="moderate"), "moderate"),
        (Link("a", "b", ("supports",)), "not judged"),
    ],
)
def test_the_state_of_a_link(link: Link, state: str) -> None:
    assert link.state == state


def test_rivals_that_nobody_ruled_out_are_open() -> None:
    link = Link("a", "b", rivals=(Rival("trend before", "open"), Rival("other programme", "ruled out", "none ran")))
    assert [rival.explanation for rival in link.open_rivals] == ["trend before"]


def test_a_circle_and_an_unknown_end_are_refused() -> None:
    with pytest.raises(ValueError, match="circle: b, c, d"):
        Theory(NODES, (Link("a", "b"), Link("b", "c"), Link("c", "b"), Link("c", "d")))
    with pytest.raises(ValueError, match="'z' is no node"):
        Theory(NODES, (Link("a", "z"),))


def test_layers_are_longest_paths_and_crossings_are_undone() -> None:
    theory = Theory(NODES, (Link("a", "d"), Link("b", "c")))
    assert layers(theory) == {"a": 0, "b": 0, "c": 1, "d": 1}
    assert layout(theory).crossings == 0
    straight = {"a": (0, 0.0), "b": (0, 1.0), "c": (1, 0.0), "d": (1, 1.0)}
    routes = {(link.source, link.target): (straight[link.source], straight[link.target]) for link in theory.links}
    assert Picture(straight, routes).crossings == 1


def test_a_long_link_runs_beside_the_boxes_that_it_passes() -> None:
    picture = layout(Theory(NODES[:3], (Link("a", "b"), Link("b", "c"), Link("a", "c"))))
    (_, passing, _) = picture.routes["a", "c"]
    assert passing[0] == picture.place["b"][0]
    assert passing != picture.place["b"]


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])))
def test_every_link_leads_to_a_deeper_layer_and_no_two_nodes_share_a_place(pairs: set[tuple[int, int]]) -> None:
    nodes = tuple(Node(str(n), str(n)) for n in range(8))
    theory = Theory(nodes, tuple(Link(str(a), str(b)) for a, b in sorted(pairs)))
    picture = layout(theory)
    place = picture.place
    assert len(set(place.values())) == len(nodes)
    assert all(place[link.source][0] < place[link.target][0] for link in theory.links)
    assert all(
        [point[0] for point in route] == list(range(route[0][0], route[-1][0] + 1)) for route in picture.routes.values()
    )
    assert layout(theory) == picture
    assert circle(nodes, theory.links) == ()
