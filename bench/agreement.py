"""Speed and memory of agreement between coders on SIMULATED codings, beside what users would take instead.

Nothing here passes or fails: the targets stand beside the figures. krippendorff and irrCAC are timed where they are
installed, in a child process each with 4 GB of memory at most, on the same ratings. Median of the runs, warm.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np

from joinedup.study.model import Study, Texts
from joinedup.study.site import TextKind
from joinedup.study.texts import Assignment, Code, Coding, Passage, Text
from joinedup.texts.adjudication import study_disagreements
from joinedup.texts.agreement import krippendorff_alpha, unitizing_alpha
from joinedup.texts.agreement_result import agreement_result

TEXTS, WORDS, CODES, CODINGS = 200, 5_000, 50, 10_000
PEER = """
import resource, sys, time
import numpy as np
if len(sys.argv) > 5:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
import krippendorff
draws = np.random.default_rng(1)
coders, units = int(sys.argv[1]), int(sys.argv[2])
whole = sys.argv[3] == "nominal"
ratings = draws.integers(0, 20, (coders, units)).astype(float) if whole else draws.normal(size=(coders, units)) ** 2
start, before = time.perf_counter(), time.process_time()
krippendorff.alpha(reliability_data=ratings, level_of_measurement=sys.argv[3])
print(time.perf_counter() - start, time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def simulated(draw: random.Random) -> Study:
    """200 texts of 5,000 words, 50 codes, two coders with 10,000 codings each; most of them meet (SIMULATED)."""
    line = " ".join("word" for _ in range(50)) + "\n"
    texts = [Text(f"t{n}", "paper", "", "", "", "", "", f"{n:064d}", line * (WORDS // 50)) for n in range(TEXTS)]
    length = len(texts[0].content)
    codings = []
    for _ in range(CODINGS):
        text, code = draw.randrange(TEXTS), f"c{draw.randrange(CODES)}"
        at, size = draw.randrange(length - 400), draw.randrange(20, 300)
        for coder in ("ann", "ben"):
            moved = at + draw.choice((0, 0, 5, 40)) if coder == "ben" else at
            passage = Passage(f"t{text}", moved, moved + size, texts[text].content[moved : moved + size])
            if coder == "ann" or draw.random() < 0.8:
                codings.append(Coding(passage, code, coder, "independent"))
    given = tuple(Assignment(text.id, coder, "independent") for text in texts for coder in ("ann", "ben"))
    codes = tuple(Code(f"c{n}", f"Code {n}") for n in range(CODES))
    return Study(
        "million",
        "A million words (SIMULATED)",
        kinds=(TextKind("paper", "Paper"),),
        texts=Texts(tuple(texts), (), given, codes, tuple(codings)),
        settings={"plan": {"texts": {"coders": ["ann", "ben"], "phase": "independent"}}},
    )


def timed(what: str, call: Callable[[], object], runs: int, target: str) -> None:
    """Run `call` once cold, then `runs` times, then once more for its peak of memory; print the median."""
    seconds, spent = [], []
    for _ in range(runs + 1):
        start, before = time.perf_counter(), time.process_time()
        call()
        seconds.append(time.perf_counter() - start)
        spent.append(time.process_time() - before)
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    told(what, statistics.median(seconds[1:]), statistics.median(spent[1:]), peak, target)


def told(what: str, seconds: float, spent: float, peak: float, target: str = "-") -> None:
    print(f"{what:<66} {seconds:8.3f} s {spent:8.3f} s cpu   peak {peak:6.0f} MiB   target {target}", flush=True)


def peer(what: str, coders: int, units: int, level: str) -> None:
    """krippendorff on the same ratings; what it can't do in 4 GB is said."""
    if importlib.util.find_spec("krippendorff") is None or sys.platform == "win32":
        print(f"{what:<66} not installed")
        return
    command = [sys.executable, "-c", PEER, str(coders), str(units), level, "0", "limit"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{what:<66} fails: {(done.stderr.strip().splitlines() or ['?'])[-1][:90]}")
        return
    told(what, *map(float, done.stdout.split()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="warm runs of each")
    runs = parser.parse_args().runs
    print(
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, median of {runs} warm runs"
    )
    study = simulated(random.Random(4))
    size = f"{CODES} codes, 2 coders, {TEXTS * WORDS:,} words, {len(study.texts.codings):,} codings"
    timed(f"texts.agreement: {size}", lambda: agreement_result(study), runs, "2 s")
    timed("disagreements of the same", lambda: study_disagreements(study), runs, "-")
    draws = np.random.default_rng(1)
    nominal = draws.integers(0, 20, (4, 1_000_000)).astype(float)
    timed(
        "alpha, nominal: 4 coders x 1,000,000 units x 20 values",
        lambda: krippendorff_alpha(nominal),
        runs,
        "1 s, 512 MiB",
    )
    peer("krippendorff: the same", 4, 1_000_000, "nominal")
    real = draws.normal(size=(2, 2_400)) ** 2
    for level in ("ordinal", "interval", "ratio"):
        timed(f"alpha, {level}: 2 coders x 2,400 real values", partial(krippendorff_alpha, real, level), runs, "1 s")
    peer("krippendorff: the same, interval", 2, 2_400, "interval")
    units = {
        coder: [(at, at + 40, int(draws.integers(0, 20))) for at in range(offset, 2_000_000, 100)]
        for coder, offset in (("ann", 0), ("ben", 10), ("cat", 20))
    }
    timed("alpha, unitized: 3 coders, 60,000 passages", lambda: unitizing_alpha(units, 2_000_100), runs, "-")


if __name__ == "__main__":
    main()
