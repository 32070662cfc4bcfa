"""Inference and sensitivity on cells of SIMULATED sites, beside pyfixest and moderndid where they are installed.

150 sites by 20 periods, 35 treated from period 12 (seed 3). pyfixest takes no weights in either method, so that both
are asked for the average site; its permutation test is given the change of each site, whose coefficient on the balanced
panel is that of the two-way regression. Warm is the best of the runs, cold the first; a peer that takes more than ten
seconds runs once. The answers are printed beside each other, and a wrong coefficient stops the bench.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import warnings

import numpy as np
import pandas as pd
from _timing import installed, timed

from joinedup.impact import did, honest_did, randomization_test, wild_cluster_bootstrap

SITES, PERIODS, TREATED, START = 150, 20, 35, 12
NAMES = ("y", "site", "period", "treated")
DATED = (*NAMES[:3], "adopted")
BETA = np.array([-0.4, 0.3, -0.2, 0.1, 0.0, 2.0, 2.5])
SPREAD = 0.16 * (0.5 + 0.5 * np.eye(7))
BOUNDS = (0.5, 1.0, 1.5, 2.0)


def panel() -> pd.DataFrame:
    """Cells with noise that persists in a site, numbers of children, and an effect of 0.1."""
    random = np.random.default_rng(3)
    noise = random.normal(0, 0.5, (SITES, 1)) + random.normal(0, 0.1, (SITES, PERIODS)).cumsum(axis=1)
    site, period = np.indices((SITES, PERIODS)).reshape(2, -1)
    treated = ((site < TREATED) & (period >= START)).astype(int)
    n = random.integers(50, 3_000, SITES).repeat(PERIODS)
    columns = {"site": site, "period": period, "treated": treated, "adopted": np.where(site < TREATED, START, np.nan)}
    return pd.DataFrame({**columns, "n": n, "y": noise.ravel() + 0.1 * treated})


def changes(cells: pd.DataFrame) -> pd.DataFrame:
    """The mean after the start less the mean before it, by site, and whether the site is treated."""
    means = cells.groupby(["site", cells["period"] >= START])["y"].mean().unstack()
    return pd.DataFrame({"change": means[True] - means[False], "z": (means.index < TREATED).astype(int)})


def draws(runs: int) -> None:
    cells = panel()
    for weights in ("child", "site"):
        for studentised in (False, True):
            what = f"randomisation, 10,000 permutations, {weights}{', studentised' if studentised else ''}"
            how = {"weights": weights, "studentised": studentised, "draws": 10_000}
            ours = timed(what, lambda h=how: randomization_test(cells, *DATED, **h), runs, "0.1 s")
        wild = timed(
            f"wild cluster bootstrap, 9,999 draws, {weights}",
            lambda w=weights: wild_cluster_bootstrap(cells, *NAMES, weights=w),
            runs,
            "0.05 s",
        )
    plain = randomization_test(cells, *DATED, weights="site", draws=10_000)
    print(
        f"    p of the average site: permutation {plain.p:.4f}, studentised {ours.p:.4f}, wild bootstrap {wild.p:.4f}"
    )
    if not installed("pyfixest"):
        return
    import pyfixest

    fit = pyfixest.feols("y ~ treated | site + period", cells, vcov={"CRV1": "site"})
    flat = pyfixest.feols("change ~ z", changes(cells))
    expected = did(cells, *NAMES, weights="site").estimate
    for theirs in (fit.coef()["treated"], flat.coef()["z"]):
        if abs(theirs - expected) > 1e-10:
            sys.exit(f"WRONG: {expected!r} is not {theirs!r}")
    again = timed(
        "pyfixest: ritest of the changes, 10,000 draws",
        lambda: flat.ritest("z", reps=10_000, rng=np.random.default_rng(1)),
        runs,
    )
    print(
        f"    p {float(again['Pr(>|t|)']):.4f}: it draws each site's treatment anew, so that the number treated varies"
    )
    if installed("wildboottest"):
        again = timed(
            "pyfixest: wild bootstrap, 9,999 draws",
            lambda: fit.wildboottest(param="treated", reps=9_999, cluster="site", seed=1),
            runs,
        )
        print(f"    p {float(again['Pr(>|t|)']):.4f}")


def sensitivity(runs: int) -> None:
    ours = timed(
        "HonestDiD, relative magnitudes, four bounds, 5 periods before",
        lambda: [honest_did(BETA, SPREAD, 5, 2, bound=bound) for bound in BOUNDS],
        runs,
        "5 s",
    )
    print(
        "    "
        + "; ".join(f"{bound}: {one.lower:.4f} to {one.upper:.4f}" for bound, one in zip(BOUNDS, ours, strict=True))
    )
    if not (installed("moderndid") and installed("cvxpy")):
        return
    from moderndid import create_sensitivity_results_rm

    theirs = timed(
        "moderndid: the same on a grid of 1,000 points",
        lambda: create_sensitivity_results_rm(BETA, SPREAD, 5, 2, m_bar_vec=list(BOUNDS), grid_points=1_000),
        runs,
    )
    ends = zip(BOUNDS, theirs["lb"].to_list(), theirs["ub"].to_list(), strict=True)
    print("    " + "; ".join(f"{bound}: {low:.4f} to {high:.4f}" for bound, low, high in ends))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="warm runs of each")
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore")
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, best of {runs} warm runs")
    draws(runs)
    sensitivity(runs)


if __name__ == "__main__":
    main()
