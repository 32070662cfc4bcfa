"""Realist configurations: a mechanism without a passage is a conjecture; the matrix feeds QCA."""

from __future__ import annotations

import pytest

from joinedup.synthesis.realist import Configuration, Spoken, chains, frame, matrix


def made(*spoken: Spoken, id: str = "c1", leads_to: str = "") -> Configuration:
    return Configuration(id, "shared premises", "trust", "shared cases", spoken, leads_to)


CONTEXT, MECHANISM, OUTCOME = (Spoken(part, True, f"i-{part}", "t01") for part in ("context", "mechanism", "outcome"))
AGAINST = Spoken("mechanism", False, "i9", "t02")


@pytest.mark.parametrize(
    ("spoken", "status"),
    [
        ((CONTEXT, OUTCOME), "conjecture"),
        ((CONTEXT, OUTCOME, AGAINST), "conjecture"),
        ((MECHANISM, OUTCOME), "incomplete"),
        ((CONTEXT, MECHANISM, OUTCOME), "supported"),
        ((CONTEXT, MECHANISM, OUTCOME, AGAINST), "contested"),
    ],
)
def test_the_status_follows_from_the_passages(spoken: tuple[Spoken, ...], status: str) -> None:
    assert made(*spoken).status == status


def test_the_matrix_asks_for_all_three_parts_at_the_same_site() -> None:
    elsewhere = Spoken("outcome", True, "i3", "t02")
    assert matrix([made(CONTEXT, MECHANISM, elsewhere)], ["t01", "t02"]) == {"t01": {"c1": 0}, "t02": {"c1": 0}}
    assert matrix([made(CONTEXT, MECHANISM, OUTCOME)], ["t01", "t02"]) == {"t01": {"c1": 1}, "t02": {"c1": 0}}


def test_the_frame_is_crisp_memberships_by_site() -> None:
    found = frame([made(CONTEXT, MECHANISM, OUTCOME)], ["t01", "t02"])
    assert found.to_dict("index") == {"t01": {"c1": 1}, "t02": {"c1": 0}}
    only = frame([made(MECHANISM, id="x")], ["t02", "t01"], part="mechanism")
    assert only["x"].tolist() == [0, 1]
    with pytest.raises(ValueError, match="none of context"):
        frame([made()], ["t01"], part="cause")


def test_an_outcome_becomes_the_next_context() -> None:
    assert chains([made(id="a", leads_to="b"), made(id="b", leads_to="c"), made(id="c")]) == (("a", "b", "c"),)
