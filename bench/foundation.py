"""Speed and memory of the foundation, whole processes; cold is the first run, warm the median of the others.

Nothing here passes or fails: the targets stand beside the figures. What a user would otherwise take is measured in the
same run where there is such a thing (reading the same million rows and testing them with pandas).
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = 1_000_000
PANDAS = """
import sys, pandas as pd
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
number = pd.to_numeric(frame["value"], errors="coerce")
bad = frame[number.isna() & ~frame["value"].isin(["c", "z", "x", ":", ""])]
twice = frame[frame.duplicated(["site", "period", "indicator"], keep=False)]
sites = set(pd.read_csv(sys.argv[2], dtype=str)["site"])
print(len(bad), len(twice), (~frame["site"].isin(sites)).sum())
"""


@dataclass(frozen=True)
class Measured:
    """Seconds of wall time of each run, first one first, and the peak memory of the process in MiB (None: unknown)."""

    seconds: tuple[float, ...]
    peak: float | None


def measure(command: Sequence[str | Path], runs: int = 6) -> Measured:
    """Run `command` `runs` times; it must succeed."""
    seconds, peak = [], 0.0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, cwd=ROOT)
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            code = os.waitstatus_to_exitcode(status)
            peak = max(peak, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2))
        else:
            code = process.wait()
        seconds.append(time.perf_counter() - start)
        if code:
            sys.exit(f"{command} failed with {code}")
    return Measured(tuple(seconds), peak or None)


def million(folder: Path) -> Path:
    """A sound study with a million indicator rows, from a fixed seed (SIMULATED)."""
    rng = random.Random(1_000_000)
    sites, indicators, periods = 250, 80, 50
    (folder / "indicators").mkdir(parents=True)
    (folder / "study.toml").write_text('id = "million"\ntitle = "A million rows (SIMULATED)"\n', encoding="utf-8")
    rows = "".join(f"s{n},Site {n},{'programme' if n % 5 == 0 else 'comparison'}\n" for n in range(sites))
    (folder / "sites.csv").write_text("site,name,role\n" + rows, encoding="utf-8")
    declared = "".join(
        f'[[indicator]]\nid = "i{n}"\nlabel = "I{n}"\nfamily = "outcome"\nunit = "n"\nperiod = {{ at = "03-31" }}\n\n'
        for n in range(indicators)
    )
    (folder / "indicators" / "indicators.toml").write_text(declared, encoding="utf-8")
    with (folder / "indicators" / "values.csv").open("w", encoding="utf-8", newline="\n") as file:
        file.write("site,period,indicator,value\n")
        for site in range(sites):
            for period in range(1970, 1970 + periods):
                for indicator in range(indicators):
                    value = "c" if rng.random() < 0.01 else f"{rng.random() * 100:.3f}"
                    file.write(f"s{site},{period},i{indicator},{value}\n")
    return folder


def line(what: str, measured: Measured, target: str) -> None:
    first, *rest = measured.seconds
    warm = statistics.median(rest) if rest else first
    peak = f"{measured.peak:7.0f} MiB" if measured.peak else "      ? MiB"
    print(f"{what:<46} cold {first:6.2f} s   warm {warm:6.2f} s   peak {peak}   target {target}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=6, help="runs of each command; the first is the cold one")
    runs = max(2, parser.parse_args().runs)
    joinedup = [sys.executable, "-P", "-m", "joinedup"]
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, {runs} runs each")
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        line("joinedup --help", measure([*joinedup, "--help"], runs), "0.25 s")
        run = [*joinedup, "run", "examples/pathfinders", "--out", scratch / "report"]
        line("joinedup run examples/pathfinders", measure(run, runs), "15 s, 1024 MiB")
        study = million(scratch / "million")
        checked = measure([*joinedup, "check", study], runs)
        line(f"joinedup check, {ROWS:,} indicator rows", checked, "5 s")
        values, sites = study / "indicators" / "values.csv", study / "sites.csv"
        peer = measure([sys.executable, "-c", PANDAS, values, sites], runs)
        line("pandas: the same rows, three of the checks", peer, "-")
        ratio = statistics.median(checked.seconds[1:] or checked.seconds) / statistics.median(
            peer.seconds[1:] or peer.seconds
        )
        print(f"joinedup check / pandas, warm: {ratio:.2f}")


if __name__ == "__main__":
    main()
