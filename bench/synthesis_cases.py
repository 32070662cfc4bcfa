"""Speed of case selection and of overlap against chance, on SIMULATED sites with fixed seeds.

Warm is the best of the runs, cold the first; nothing here passes or fails but an optimum that is not proven. R's vegan
draws the same tables (its time is that of the draws alone) where it is installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from _timing import timed

from joinedup.partnership import overlap_by_chance
from joinedup.synthesis.case_selection import STRATEGIES, select

ATTRIBUTES = ["deprivation", "size", "spend", "rurality", "region", "type", "model"]
TARGETS = {"max-min": "0.05", "max-sum": "1"}


def sites(number: int) -> pd.DataFrame:
    """Sites with four numbers, three categories and an outcome; seed 35."""
    random = np.random.default_rng(35)
    numbers = {name: random.normal(size=number) for name in [*ATTRIBUTES[:4], "outcome"]}
    classes = {
        name: random.choice(list("abcdefghi")[:kinds], number)
        for name, kinds in zip(ATTRIBUTES[4:], (9, 4, 2), strict=True)
    }
    return pd.DataFrame({**numbers, **classes}, index=[f"s{at:03}" for at in range(number)])


def bodies(number: int) -> list[np.ndarray[Any, Any]]:
    """A table of bodies by agencies a site: 3 to 8 bodies, 9 agencies, about half of the seats taken; seed 8."""
    random = np.random.default_rng(8)
    return [random.integers(0, 2, (random.integers(3, 9), 9)) for _ in range(number)]


def in_r(tables: list[np.ndarray[Any, Any]], draws: int, runs: int) -> None:
    """Print the best time of vegan's curveball on `tables`, as many exchanges a draw as ours."""
    with tempfile.TemporaryDirectory() as folder:
        for at, table in enumerate(tables):
            np.savetxt(Path(folder) / f"{at:03}.csv", table, fmt="%d", delimiter=",")
        code = (
            f"suppressMessages(library(vegan)); files <- sort(list.files('{Path(folder).as_posix()}', full.names=TRUE)); "
            "tables <- lapply(files, function(f) as.matrix(read.csv(f, header=FALSE))); "
            f"one <- function(m) simulate(nullmodel(m, 'curveball'), nsim={draws}, seed=1, burnin=100, thin=5 * nrow(m)); "
            f"t <- replicate({runs + 1}, system.time(lapply(tables, one))[c(3, 1)]); cat(min(t[1, ]), min(t[2, ]))"
        )
        found = shutil.which("Rscript")
        done = subprocess.run([found, "-e", code], capture_output=True, text=True, check=False) if found else None
    told = "not installed"
    if done and not done.returncode:
        best, cpu = map(float, done.stdout.split()[-2:])
        told = f"warm {best:8.4f} s   {'':<15}   cpu {cpu:8.4f} s"
    print(f"{'R vegan: curveball, the same draws':<52} {told}")


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} processors")
    frame = sites(35)
    for strategy in STRATEGIES:
        fitted = strategy in (
            "typical",
            "deviant",
            "influential",
            "extreme",
            "pathway",
            "most-similar",
            "most-different",
        )
        how: dict[str, Any] = {"predictors": ATTRIBUTES, **({"outcome": "outcome"} if fitted else {})}
        found = timed(
            f"8 of 35, {strategy}",
            lambda strategy=strategy, how=how: select(frame, 8, strategy, **how),  # type: ignore[misc]
            runs,
            TARGETS.get(strategy, "-"),
        )
        if not found.proven:
            raise SystemExit(f"{strategy} was not proven")
    drawn = timed("curveball, 1,000 draws, 35 sites", lambda: overlap_by_chance(bodies(35), 1000), runs, "2")
    if drawn.draws != 1000:
        raise SystemExit("the draws are not there")
    in_r(bodies(35), 1000, runs)


if __name__ == "__main__":
    main()
