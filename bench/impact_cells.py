"""Difference in differences on children's rows: cells of sums beside pyfixest on the rows, in one run.

    python bench/impact_cells.py [--rows 10000000] [--no-peer]

SIMULATED children (seed 1) in 150 sites of unequal size by 20 periods, 35 of them treated from period 12. Every route is
a process of its own: cold is its first pass with the imports, warm the best of five after it (two for the peer), memory
the peak of the process, which starts no other. The answers are compared; nothing passes or fails, the targets stand
beside the figures. 10 million rows take 0.1 GB of the temporary folder, 100 million 1.1 GB.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SITES, PERIODS, TREATED, START = 150, 20, 35, 12
CHUNK = 2_000_000
RUNS, PEER_RUNS = 5, 2
COVARIATES = {"plain": (), "covariates": ("age", "girl")}
TARGETS = {
    "cells plain": "10 million rows: < 1 s, < 512 MiB; 100 million: < 1,024 MiB",
    "cells covariates": "10 million rows: < 1.5 s",
}


def generate(path: Path, rows: int) -> None:
    """Write the children to Parquet. Each chunk has a seed of its own, so that two are drawn at a time."""
    import numpy as np
    import pyarrow.parquet as pq

    random = np.random.default_rng(1)
    share = random.dirichlet(np.full(SITES, 2.0))
    shock = random.normal(0, 0.3, (SITES, PERIODS))
    # A site for each of 32,768 equal parts of the unit interval: one look-up a child.
    site_of = np.searchsorted(share.cumsum()[:-1], (np.arange(2**15) + 0.5) / 2**15).astype("int16")
    sizes = [min(CHUNK, rows - at) for at in range(0, rows, CHUNK)]
    seeds = np.random.SeedSequence(1).spawn(len(sizes))
    writer = None
    with ThreadPoolExecutor(2) as pool:
        for at in range(0, len(sizes), 2):  # no more in memory than are drawn at once
            drawn = zip(seeds[at : at + 2], sizes[at : at + 2], strict=True)
            for table in pool.map(lambda each: _children(*each, site_of, shock), drawn):
                writer = writer or pq.ParquetWriter(path, table.schema, use_dictionary=[*table.column_names[:-1]])
                writer.write_table(table)
    if writer:
        writer.close()


def _children(seed: Any, size: int, site_of: Any, shock: Any) -> Any:
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(seed)
    site = site_of[random.integers(0, len(site_of), size, dtype="uint16")]
    period = random.integers(0, PERIODS, size, dtype="int8")
    treated = (site < TREATED) & (period >= START)
    age, girl = random.integers(0, 18, size, dtype="int8"), random.integers(0, 2, size, dtype="int8")
    y = random.standard_normal(size) + shock[site, period] + 0.1 * treated + 0.02 * age + 0.1 * girl
    columns = {"site": site, "period": period, "treated": treated.astype("int8"), "age": age, "girl": girl, "y": y}
    return pa.table(columns)


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
    """The answer, the first time, the best of `runs` more, the least time of the processor (which other programs disturb
    less), and the peak memory of this process in MiB."""
    seconds, cpu = [], []
    answer: object = None
    for _ in range(runs + 1):
        start, busy = time.perf_counter(), time.process_time()
        answer = call()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    return {"answer": answer, "cold": seconds[0], "warm": min(seconds[1:]), "cpu": min(cpu), "peak": _peak()}


def _peak() -> float | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024**2 if sys.platform == "darwin" else 1024)


def child(what: str, path: str) -> None:
    """One route, in a process of its own."""
    if what.startswith("generate "):
        generate(Path(path), int(what.split()[1]))
        print("{}")
        return
    route, kind = what.split()
    call = on_cells if route == "cells" else on_rows
    runs = RUNS if route == "cells" else PEER_RUNS
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


def show(name: str, found: dict[str, object]) -> None:
    peak = f"{found['peak']:7.0f}" if found["peak"] is not None else " " * 7
    took = f"{found['cold']:8.3f} {found['warm']:8.3f} {found['cpu']:8.3f}"
    print(f"{name:<18} {took} {peak}  {TARGETS.get(name, '')}", flush=True)


def compare(results: dict[str, dict[str, object]]) -> None:
    for kind in COVARIATES:
        if f"rows {kind}" not in results:
            continue
        (b, se), (peer_b, peer_se) = (results[f"{route} {kind}"]["answer"] for route in ("cells", "rows"))  # type: ignore[misc]
        faster, less = (
            float(results[f"rows {kind}"][clock]) / float(results[f"cells {kind}"][clock])  # type: ignore[arg-type]
            for clock in ("warm", "cpu")
        )
        print(
            f"{kind}: coefficient {b:.12f} (error {se:.12f}); differs from pyfixest on rows by {abs(b - peer_b):.1e} "
            f"({abs(se - peer_se):.1e}); {faster:.0f} times faster ({less:.0f} by the processor), reading included in both (target: 20)"
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
        start = time.perf_counter()
        measured(f"generate {given.rows}", path)
        print(f"generated in {time.perf_counter() - start:.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
        routes = [
            f"{route} {kind}" for kind in COVARIATES for route in ("cells", *(() if given.no_peer else ("rows",)))
        ]
        print(f"{'route':<18} {'cold s':>8} {'warm s':>8} {'cpu s':>8} {'MiB':>7}  target")
        results: dict[str, dict[str, object]] = {}
        for what in routes:
            results |= measured(what, path)
            show(what, results[what])
        compare(results)


if __name__ == "__main__":
    main()
