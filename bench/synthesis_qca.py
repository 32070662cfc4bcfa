"""Speed of the parsimonious solution on SIMULATED crisp data, 35 cases, beside setqca and pyqca where installed.

The outcome is C0*C1 + C2*~C3, with noise where told. Nothing here passes or fails: the targets stand beside the figures.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from joinedup.synthesis.qca import minimize, truth_table

TARGETS = {9: 0.05, 15: 1.0, 16: 2.0, 18: 8.0}
SEEDS = (1, 2, 3)
LIMIT = 60
PEERS = {
    "setqca": "from setqca.models import CSQCA; CSQCA().fit(frame, outcome='Y', conditions=names)",
    "qca": "from qca import CSQCA; CSQCA(frame, outcome='Y', conditions=names).fit()",
}
"""How each peer is asked, clean data, seed 1; pyqca is imported as `qca`. Its start-up is not timed."""
_PEER = """
import importlib, sys, time
sys.path.insert(0, sys.argv[1])
import pandas as pd
from synthesis_qca import PEERS, simulated
data, names = simulated(int(sys.argv[3]), 1, 0.0)
frame = pd.DataFrame(data)
importlib.import_module(sys.argv[2])
start = time.perf_counter()
exec(PEERS[sys.argv[2]])
print(f"{time.perf_counter() - start:.3f} s")
"""


def simulated(conditions: int, seed: int, noise: float) -> tuple[dict[str, list[int]], list[str]]:
    """35 SIMULATED cases, and the names of their conditions."""
    draw = np.random.default_rng(seed)
    x = draw.integers(0, 2, (35, conditions))
    y = (x[:, 0] & x[:, 1]) | (x[:, 2] & (1 - x[:, 3]))
    y = np.where(draw.random(35) < noise, 1 - y, y)
    names = [f"C{at}" for at in range(conditions)]
    return {name: x[:, at].tolist() for at, name in enumerate(names)} | {"Y": y.tolist()}, names


def main() -> None:
    """Time each size, clean and noisy; the first call of all imports and is not timed."""
    data, names = simulated(5, 1, 0.0)
    minimize(truth_table(data, "Y", names), include="?")
    for noise in (0.0, 0.15):
        for conditions, target in TARGETS.items():
            for seed in SEEDS:
                data, names = simulated(conditions, seed, noise)
                start = time.perf_counter()
                found = minimize(truth_table(data, "Y", names), include="?")
                taken = time.perf_counter() - start
                told = f"{len(found.models)} models, {found.primes:,} primes {'(capped)' if found.capped else ''}"
                print(f"noise {noise:.2f}  {conditions:2} conditions  {taken:7.3f} s  target {target} s  {told}")

    for peer in PEERS:
        for conditions in (7, 8, 9):
            print(f"{peer:8} {conditions:2} conditions  {beside(peer, conditions)}")


def beside(peer: str, conditions: int) -> str:
    """What a peer takes in a process of its own, or why that is not known."""
    if importlib.util.find_spec(peer) is None:
        return "not installed"
    command = [sys.executable, "-c", _PEER, str(Path(__file__).parent), peer, str(conditions)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"more than {LIMIT} s"
    return done.stdout.strip() or f"failed: {done.stderr.strip().splitlines()[-1]}"


if __name__ == "__main__":
    main()
