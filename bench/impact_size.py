"""The size of every inference method of impact under a null: how often each finds an effect where there is none.

    python bench/impact_size.py --replications 500 > sizes.md

Panels are SIMULATED: site and period effects, first-order autocorrelated noise, no effect; `treated` of the sites start
together. The table of docs/explanation/few-sites.md was made by it, with the seed that stands there.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact import (
    did,
    group_time,
    randomization_test,
    synthetic_did,
    wild_cluster_bootstrap,
)

LEVEL, SEED, AUTOCORRELATION = 0.05, 20261123, 0.5
COLUMNS = ("y", "site", "period")


@dataclass(frozen=True)
class Scenario:
    """`treated` of `sites` start at period `start` of `periods`."""

    sites: int
    treated: int
    periods: int = 10
    start: int = 6


SCENARIOS = (Scenario(150, 35), Scenario(60, 5))


def panel(scenario: Scenario, random: np.random.Generator) -> pd.DataFrame:
    """One SIMULATED panel without an effect."""
    shape = (scenario.sites, scenario.periods)
    noise = random.normal(size=shape)
    for period in range(1, scenario.periods):
        noise[:, period] = AUTOCORRELATION * noise[:, period - 1] + math.sqrt(1 - AUTOCORRELATION**2) * noise[:, period]
    outcome = noise + random.normal(size=(scenario.sites, 1)) + random.normal(size=(1, scenario.periods))
    site, period = (
        np.repeat(np.arange(scenario.sites), scenario.periods),
        np.tile(np.arange(scenario.periods), shape[0]),
    )
    adopted = np.where(site < scenario.treated, float(scenario.start), np.nan)
    frame = pd.DataFrame({"site": site, "period": period, "y": outcome.ravel(), "adopted": adopted})
    return frame.assign(treated=(frame["period"] >= frame["adopted"]).astype(float))


def p_values(frame: pd.DataFrame, seed: int, draws: int = 999, placebos: int = 200) -> Iterator[tuple[str, float]]:
    """The p of every method on one panel."""
    from scipy.stats import norm

    fit = did(frame, *COLUMNS, "treated")
    yield "clustered, CR1, t(sites - 1)", fit.p
    yield "clustered, CR3, t(sites - 1)", fit.p_cr3
    yield "restricted wild bootstrap", wild_cluster_bootstrap(frame, *COLUMNS, "treated", draws=draws, seed=seed).p
    for studentised in (False, True):
        test = randomization_test(frame, *COLUMNS, "adopted", draws, seed, studentised=studentised)
        yield f"randomisation, {'studentised' if studentised else 'coefficient'}", test.p
    analytic = group_time(frame, *COLUMNS, "adopted", smallest_cohort=1).aggregate("simple")
    yield "group-time, analytic error", analytic.p
    permuted = group_time(frame, *COLUMNS, "adopted", smallest_cohort=10**6, permutations=draws, seed=seed)
    yield "group-time, permutation of adoption", permuted.aggregate("simple").p
    synthetic = synthetic_did(frame, *COLUMNS, "treated", int(frame["adopted"].min()))
    placebo = synthetic.placebos(placebos, seed)
    yield "synthetic DiD, placebo error", float(2 * norm.sf(abs(synthetic.estimate) / placebo.se))
    yield "synthetic DiD, rank among placebos", placebo.p


def sizes(scenario: Scenario, replications: int, seed: int = SEED) -> dict[str, tuple[float, float]]:
    """For each method the share of replications with p <= 5%, and its Monte-Carlo standard error at 5%."""
    streams = np.random.SeedSequence([seed, scenario.sites, scenario.treated]).spawn(replications)
    rejected: dict[str, int] = {}
    for number, stream in enumerate(streams):
        for method, p in p_values(panel(scenario, np.random.default_rng(stream)), number):
            rejected[method] = rejected.get(method, 0) + (p <= LEVEL)
    error = math.sqrt(LEVEL * (1 - LEVEL) / replications)
    return {method: (count / replications, error) for method, count in rejected.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--replications", type=int, default=500)
    options.add_argument("--seed", type=int, default=SEED)
    asked = options.parse_args()
    found = [sizes(scenario, asked.replications, asked.seed) for scenario in SCENARIOS]
    print(f"| false rejections at 5% | {' | '.join(f'{s.treated} of {s.sites} treated' for s in SCENARIOS)} |")
    print("|---" * (1 + len(SCENARIOS)) + "|")
    for method in found[0]:
        print(f"| {method} | {' | '.join(f'{each[method][0]:.3f}' for each in found)} |")
    print(f"\n{asked.replications} replications, seed {asked.seed}; Monte-Carlo error {found[0][method][1]:.3f}.")


if __name__ == "__main__":
    main()
