"""Following a thread: each hop leads to another strand and raises the next question."""

from __future__ import annotations

import pytest

from joinedup.synthesis.following_a_thread import Hop, broken_hops, follow

THREAD = (
    Hop("survey", "most report", "What do they mean?"),
    Hop("texts", "stories", "Do series move?"),
    Hop("impact", "no"),
)


def test_a_thread_keeps_its_order() -> None:
    assert follow(THREAD) == THREAD


@pytest.mark.parametrize(
    ("hops", "number", "why"),
    [
        ((THREAD[0], Hop("survey", "again")), 2, "stays in the strand survey"),
        ((Hop("survey", "most report"), THREAD[1], THREAD[2]), 1, "raises no question"),
        ((THREAD[2],), 1, "the only one"),
    ],
)
def test_a_broken_hop_is_refused(hops: tuple[Hop, ...], number: int, why: str) -> None:
    assert (number, True) in [(at, why in reason) for at, reason in broken_hops(hops)]
    with pytest.raises(ValueError, match=why):
        follow(hops)
