"""Speed of the survey statistics on SIMULATED answers, beside the programs that users would take instead.

Nothing here passes or fails. A peer (pingouin, ordinalcorr, semopy; R's psych and lavaan) is timed where it is installed,
on the same answers; for R the time is that of the call alone, without starting R. Median of the runs, warm.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from joinedup.survey import average_deviation, cfa, cronbach_alpha, icc, omega_total, polychoric, rwg_j

RESPONDENTS, SCALES, ITEMS, SITES = 10_000, 20, 10, 35
THREE = {"a": [f"x{n}" for n in range(3)], "b": [f"x{n}" for n in range(3, 6)], "c": [f"x{n}" for n in range(6, 9)]}
LAVAAN = "a=~x0+x1+x2\nb=~x3+x4+x5\nc=~x6+x7+x8"


def simulated(people: int, scales: int, items: int, share: float) -> pd.DataFrame:
    """Answers from 1 to 5, one factor a scale, from a fixed seed; `share` of them blank."""
    draw = np.random.default_rng(20)
    latent = np.repeat(draw.normal(size=(people, scales)), items, axis=1) + draw.normal(size=(people, scales * items))
    answers = np.clip(np.round(latent + 3), 1, 5)
    answers[draw.random(answers.shape) < share] = np.nan
    return pd.DataFrame(answers, columns=[f"x{n}" for n in range(scales * items)])


def timed(what: str, call: Callable[[], object], runs: int, target: str = "-") -> None:
    """Run `call` once cold, then `runs` times; print the median."""
    seconds = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    told(what, statistics.median(seconds[1:]), target)


def told(what: str, seconds: float, target: str = "-") -> None:
    print(f"{what:<66} {seconds * 1000:10.2f} ms   target {target}", flush=True)


def installed(name: str) -> bool:
    if importlib.util.find_spec(name):
        return True
    print(f"{name:<66} {'not installed':>13}")
    return False


def r_seconds(package: str, code: str, runs: int) -> None:
    """Print the median time of an R call on the answers in a file, where R and the package are there."""
    script = (
        f"suppressMessages(library({package})); {code}; for (i in 1:2) f(); "
        f"cat(median(replicate({runs}, system.time(f())[[3]])))"
    )
    found = shutil.which("Rscript")
    done = subprocess.run([found, "-e", script], capture_output=True, text=True, check=False) if found else None
    if done is None or done.returncode:
        print(f"R {package:<64} {'not installed':>13}")
        return
    told(f"R {package}: the same", float(done.stdout.split()[-1]))


def scales(runs: int) -> None:
    answers = simulated(RESPONDENTS, SCALES, ITEMS, 0.02)
    blocks = [answers.iloc[:, n * ITEMS : (n + 1) * ITEMS] for n in range(SCALES)]
    site = np.arange(RESPONDENTS) % SITES
    size = f"{RESPONDENTS:,} x {SCALES * ITEMS}, {SCALES} scales"
    timed(f"alpha, item-rest, if dropped: {size}", lambda: [cronbach_alpha(b) for b in blocks], runs, "1 s with omega")
    timed(f"omega total: {size}", lambda: [omega_total(b) for b in blocks], runs, "1 s with alpha")
    timed(f"ICC of scale means: {SITES} sites", lambda: [icc(b.mean(axis=1), site) for b in blocks], runs)
    timed(
        f"rwg(j) and AD: {SITES} sites", lambda: [(rwg_j(b, site, 2), average_deviation(b, site)) for b in blocks], runs
    )
    if installed("pingouin"):
        import pingouin

        timed("pingouin: alpha of the same", lambda: [pingouin.cronbach_alpha(b) for b in blocks], runs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "block.csv"
        blocks[0].to_csv(path, index=False)
        timed("alpha and omega of one scale", lambda: (cronbach_alpha(blocks[0]), omega_total(blocks[0])), runs)
        r_seconds("psych", f"d <- read.csv('{path.as_posix()}'); f <- function() {{alpha(d); fa(d)}}", runs)


def pairs(runs: int) -> None:
    answers = simulated(2_800, 1, 9, 0.0)
    first, second = answers["x0"], answers["x1"]
    timed("polychoric, one pair, 2,800 respondents", lambda: polychoric(first, second), runs, "5 ms")
    if installed("ordinalcorr"):
        import ordinalcorr

        timed("ordinalcorr: the same", lambda: ordinalcorr.polychoric(first, second), runs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pair.csv"
        answers[["x0", "x1"]].to_csv(path, index=False)
        r_seconds("psych", f"d <- read.csv('{path.as_posix()}'); f <- function() polychoric(d)", runs)


def models(runs: int) -> None:
    answers = simulated(301, 3, 3, 0.0)
    timed("CFA, 9 items, 3 factors, 301 respondents", lambda: cfa(answers, THREE), runs, "100 ms")
    if installed("semopy"):
        import semopy

        timed("semopy: the same", lambda: semopy.Model(LAVAAN.replace("=~", " =~ ")).fit(answers), runs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nine.csv"
        answers.to_csv(path, index=False)
        model = LAVAAN.replace("\n", ";")
        r_seconds("lavaan", f"d <- read.csv('{path.as_posix()}'); f <- function() cfa('{model}', d)", runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="warm runs of each")
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore")
    print(
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, median of {runs} warm runs"
    )
    scales(runs)
    pairs(runs)
    models(runs)
    if sys.platform != "win32":
        import resource

        unit = 1024**2 if sys.platform == "darwin" else 1024
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.0f} MiB   target 500 MiB")


if __name__ == "__main__":
    main()
