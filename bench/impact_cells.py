"""Difference in differences on children's rows: cells of sums beside pyfixest on the rows, in one run.

    python bench/impact_cells.py [--rows 10000000] [--no-peer]

SIMULATED children (seed 1) in 150 sites of unequal size by 20 periods, 35 of them treated from period 12. Every route is
a process of its own: cold is its first pass with the imports, warm the best of five after it, memory the peak of the
process. The answers are compared first; nothing passes or fails, the targets stand beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SITES, PERIODS, TREATED, START = 150, 20, 35, 12
CHUNK = 5_000_000
RUNS = 5
COVARIATES = {"plain": (), "covariates": ("age", "girl")}
TARGETS = {
    "cells plain": "10 million rows: < 1 s, < 512 MiB",
    "cells covariates": "10 million rows: < 1.5 s",
    "randomisation": "10,000 permutations < 0.1 s",
    "randomisation, t": "",
    "wild bootstrap": "9,999 draws < 0.05 s",
    "honest did": "four bounds < 5 s",
}


def generate(path: Path, rows: int) -> None:
    """Write the children to Parquet, a chunk at a time."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(1)
    share = random.dirichlet(np.full(SITES, 2.0))
    shock = random.normal(0, 0.3, (SITES, PERIODS))
    writer = None
    for at in range(0, rows, CHUNK):
        size = min(CHUNK, rows - at)
        site = random.choice(SITES, size, p=share)
        period = random.integers(0, PERIODS, size)
        treated = (site < TREATED) & (period >= START)
        age, girl = random.integers(0, 18, size), random.integers(0, 2, size)
        y = random.normal(size=size) + shock[site, period] + 0.1 * treated + 0.02 * age + 0.1 * girl
        kinds = (("site", site, "int16"), ("period", period, "int8"), ("treated", treated, "int8"))
        kinds = (*kinds, ("age", age, "int8"), ("girl", girl, "int8"), ("y", y, "float64"))
        table = pa.table({name: values.astype(kind) for name, values, kind in kinds})
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def on_cells(path: str, covariates: tuple[str, ...]) -> tuple[float, float]:
    from joinedup.impact import cell_table, did

    cells = cell_table(path, "site", "period", "y", "treated", covariates)
    found = did(cells, "y", "site", "period", "treated", covariates)
    return found.estimate, found.se


def on_rows(path: str, covariates: tuple[str, ...]) -> tuple[float, float]:
    import pandas as pd
    import pyfixest

    frame = pd.read_parquet(path, columns=["site", "period", "treated", "y", *covariates])
    found = pyfixest.feols(f"y ~ {' + '.join(('treated', *covariates))} | site + period", frame, vcov={"CRV1": "site"})
    return float(found.coef()["treated"]), float(found.se()["treated"])


def timed(call: Callable[[], object], runs: int) -> dict[str, object]:
    """The answer, the first time, the best of `runs` more, and the peak memory of this process in MiB."""
    seconds = []
    answer: object = None
    for _ in range(runs + 1):
        start = time.perf_counter()
        answer = call()
        seconds.append(time.perf_counter() - start)
    return {"answer": answer, "cold": seconds[0], "warm": min(seconds[1:]) if runs else None, "peak": _peak()}


def _peak() -> float | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024**2 if sys.platform == "darwin" else 1024)


def after_the_cells(path: str) -> dict[str, dict[str, object]]:
    """What is drawn on the cells: each is timed on cells already made."""
    from joinedup.impact import cell_table, honest_did, randomization_test, wild_cluster_bootstrap

    cells = cell_table(path, "site", "period", "y", "treated")
    names = ("y", "site", "period", "treated")
    beta = [-0.4, 0.3, -0.2, 0.1, 0.0, 2.0, 2.5]
    spread = [[0.16 * (1.0 if i == j else 0.5) for j in range(7)] for i in range(7)]
    calls: dict[str, Callable[[], object]] = {
        "randomisation": lambda: randomization_test(cells, *names, draws=10_000).p,
        "randomisation, t": lambda: randomization_test(cells, *names, draws=10_000, studentised=True).p,
        "wild bootstrap": lambda: wild_cluster_bootstrap(cells, *names).p,
        "honest did": lambda: [honest_did(beta, spread, 5, 2, bound=m).lower for m in (0.5, 1.0, 1.5, 2.0)],
    }
    return {name: timed(call, RUNS) for name, call in calls.items()}


def child(what: str, path: str) -> None:
    """One route, in a process of its own."""
    if what.startswith("generate "):
        generate(Path(path), int(what.split()[1]))
        print("{}")
        return
    if what == "draws":
        print(json.dumps(after_the_cells(path)))
        return
    route, kind = what.split()
    call = on_cells if route == "cells" else on_rows
    runs = RUNS if route == "cells" else 1
    print(json.dumps({what: timed(lambda: call(path, COVARIATES[kind]), runs)}))


def measured(what: str, path: Path) -> dict[str, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, __file__, "--child", what, "--path", str(path)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found: dict[str, dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def show(results: dict[str, dict[str, object]]) -> None:
    print(f"{'route':<18} {'cold s':>8} {'warm s':>8} {'MiB':>7}  target")
    for name, found in results.items():
        warm = f"{found['warm']:8.3f}" if found["warm"] is not None else " " * 8
        peak = f"{found['peak']:7.0f}" if found["peak"] is not None else " " * 7
        print(f"{name:<18} {found['cold']:8.3f} {warm} {peak}  {TARGETS.get(name, '')}")
    for kind in COVARIATES:
        if f"rows {kind}" not in results:
            continue
        (b, se), (peer_b, peer_se) = (results[f"{route} {kind}"]["answer"] for route in ("cells", "rows"))  # type: ignore[misc]
        faster = float(results[f"rows {kind}"]["warm"]) / float(results[f"cells {kind}"]["warm"])  # type: ignore[arg-type]
        print(
            f"{kind}: coefficient {b:.12f} (error {se:.12f}); differs from pyfixest on rows by {abs(b - peer_b):.1e} "
            f"({abs(se - peer_se):.1e}); {faster:.0f} times faster, reading included in both (target: 20)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--no-peer", action="store_true", help="leave pyfixest on the rows out (3 GiB for 10 million)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--path", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.path)
        return
    print(f"{given.rows:,} SIMULATED children; {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "children.parquet"
        # Not here: the peak memory of a child begins with that of the process that starts it.
        measured(f"generate {given.rows}", path)
        routes = [
            f"{route} {kind}" for kind in COVARIATES for route in ("cells", *(() if given.no_peer else ("rows",)))
        ]
        results: dict[str, dict[str, object]] = {}
        for what in (*routes, "draws"):
            results |= measured(what, path)
        show(results)


if __name__ == "__main__":
    main()
