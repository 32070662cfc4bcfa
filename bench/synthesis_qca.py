"""Speed of the parsimonious solution on SIMULATED crisp data, 35 cases.

The outcome is C0*C1 + C2*~C3, with noise where told. Nothing here passes or fails: the targets stand beside the figures.
"""

from __future__ import annotations

import time

import numpy as np

from joinedup.synthesis.qca import minimize, truth_table

TARGETS = {9: 0.05, 15: 1.0, 16: 2.0, 18: 8.0}
SEEDS = (1, 2, 3)


def simulated(conditions: int, seed: int, noise: float) -> tuple[dict[str, list[int]], list[str]]:
    """35 SIMULATED cases, and the names of their conditions."""
    draw = np.random.default_rng(seed)
    x = draw.integers(0, 2, (35, conditions))
    y = (x[:, 0] & x[:, 1]) | (x[:, 2] & (1 - x[:, 3]))
    y = np.where(draw.random(35) < noise, 1 - y, y)
    names = [f"C{at}" for at in range(conditions)]
    return {name: x[:, at].tolist() for at, name in enumerate(names)} | {"Y": y.tolist()}, names


def main() -> None:
    """Time each size, clean and noisy."""
    for noise in (0.0, 0.15):
        for conditions, target in TARGETS.items():
            for seed in SEEDS:
                data, names = simulated(conditions, seed, noise)
                start = time.perf_counter()
                found = minimize(truth_table(data, "Y", names), include="?")
                taken = time.perf_counter() - start
                told = f"{len(found.models)} models, {found.primes:,} primes {'(capped)' if found.capped else ''}"
                print(f"noise {noise:.2f}  {conditions:2} conditions  {taken:7.3f} s  target {target} s  {told}")


if __name__ == "__main__":
    main()
