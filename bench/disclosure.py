"""Speed of the disclosure gate on SIMULATED tables of counts. Nothing here passes or fails."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from joinedup.disclosure import CountTable, Protected, Status, audit_release, protect, protect_release


def margins(inside: np.ndarray, rows: str, columns: str) -> pd.DataFrame:
    frame = pd.DataFrame(inside).rename(index=lambda n: f"{rows}{n}", columns=lambda n: f"{columns}{n}")
    frame.loc["Total"] = frame.sum()
    frame["Total"] = frame.sum(axis=1)
    return frame.rename_axis(rows).rename_axis(columns, axis=1)


def simulated(seed: int, *shape: int) -> np.ndarray:
    """Counts of persons of which about a quarter are 1 to 5."""
    return np.random.default_rng(seed).negative_binomial(0.6, 0.03, size=shape)


def timed(what: str, call: Callable[[], object], runs: int = 3, target: str = "-") -> None:
    """Print the median of some runs."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    print(f"{what:<66} {statistics.median(seconds):8.2f} s   target {target}", flush=True)


def hidden(tables: tuple[Protected, ...]) -> str:
    found = [status for table in tables for status in table.status.to_numpy().ravel()]
    return f"{found.count(Status.PRIMARY)} primary, {found.count(Status.SECONDARY)} secondary of {len(found)} cells"


def linked(seed: int) -> list[CountTable]:
    """Three tables of one cube, each with its margins."""
    cube = simulated(seed, 35, 6, 4) // 6
    names = ("area", "answer", "group")
    return [
        CountTable(margins(cube.sum(axis=out), names[one], names[other]), name=f"{names[one]} by {names[other]}")
        for one, other, out in ((0, 1, 2), (0, 2, 1), (1, 2, 0))
    ]


def main() -> None:
    frame = margins(simulated(1, 35, 10), "area", "answer")
    timed("35 x 10 with margins: protect and audit", lambda: protect(frame).audit(), target="2 s")
    print("   ", hidden((protect(frame),)))
    wide = margins(simulated(2, 80, 15), "area", "answer")
    timed("80 x 15 with margins: protect and audit", lambda: protect(wide).audit(), runs=1)
    print("   ", hidden((protect(wide),)))
    tables = linked(3)
    timed("three linked tables: protect and audit", lambda: audit_release(protect_release(tables)), runs=1)
    print("   ", hidden(protect_release(tables)))
    large = margins(simulated(4, 100, 20), "area", "answer")
    timed("100 x 20 with margins, rounded instead: protect and audit", lambda: protect(large).audit(), runs=1)


if __name__ == "__main__":
    main()
