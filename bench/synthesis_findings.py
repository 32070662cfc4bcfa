"""Speed of judging findings: 10,000 claims of the SIMULATED demonstration, each with its evidence, in one state of it."""

from __future__ import annotations

import argparse
import platform
import time
from dataclasses import replace
from pathlib import Path

import joinedup
from joinedup.synthesis.findings import judge
from joinedup.workflow.running import compute

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "pathfinders"


def main() -> None:
    """Print the time of the first run and the best of the rest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    study = joinedup.open_study(EXAMPLE)
    results, _ = compute(study)
    copies = -(-asked.claims // len(study.claims))
    claims = [replace(claim, id=f"{claim.id}-{n}") for n in range(copies) for claim in study.claims][: asked.claims]
    many = replace(study, claims=tuple(claims))
    seconds = []
    for _ in range(asked.runs + 1):
        start = time.perf_counter()
        assert len(judge(many, results)) == asked.claims
        seconds.append(time.perf_counter() - start)
    print(f"Python {platform.python_version()}")
    print(f"{asked.claims:,} claims judged: cold {seconds[0]:.2f} s, warm {min(seconds[1:]):.2f} s   target 1 s")


if __name__ == "__main__":
    main()
