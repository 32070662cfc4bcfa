"""Speed of what emerges from texts, on made texts of the size of interviews; nothing here passes or fails."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from joinedup.texts.discourse import contrasts
from joinedup.texts.saturation import order_bootstrap
from joinedup.texts.themes import fit_themes


def timed(name: str, target: str, act: Callable[[], object]) -> None:
    """Print how long `act` takes beside its target."""
    start = time.perf_counter()
    act()
    print(f"{name:<58} {time.perf_counter() - start:7.2f} s   target {target}")


def texts(number: int, length: int, topics: int, seed: int = 1) -> list[str]:
    """Made texts of `length` words: each mixes `topics` subjects over 2,000 words as frequent as Zipf's law says."""
    random = np.random.default_rng(seed)
    subjects = random.dirichlet(1 / np.arange(1, 2001), size=topics)
    shares = random.dirichlet(np.full(topics, 0.3), size=number)
    letters = ["".join(chr(97 + (at // 26**place) % 26) for place in range(3)) for at in range(2000)]
    return [" ".join(letters[at] for at in random.choice(2000, size=length, p=share @ subjects)) for share in shares]


def main() -> None:
    """Time each method."""
    short, turns = texts(341, 20, 3), texts(1300, 55, 8)
    groups = {f"g{at}": Counter(" ".join(turns[at::8]).split()) for at in range(8)}
    order = [{f"c{code}" for code in np.random.default_rng(at).integers(0, 40, 12)} for at in range(107)]
    timed("contrast of 8 groups, each against the rest", "none", lambda: contrasts(groups))
    timed("saturation, 107 interviews, 1,000 orders", "none", lambda: order_bootstrap(order))
    timed("3 topics of 341 short answers, 10 starts", "< 20 s", lambda: fit_themes(short, 3, starts=10))
    timed("8 topics of 1,300 turns, 3 starts", "none", lambda: fit_themes(turns, 8, starts=3))


if __name__ == "__main__":
    main()
