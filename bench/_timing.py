"""How the benches time a call, and whether a peer is there."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from typing import Any

LONG = 10
"""Seconds of the processor after which a call is not run again."""


def timed(what: str, call: Callable[[], Any], runs: int, target: str = "-") -> Any:
    """Run `call` once cold, then `runs` times if it is quick; print the best, the cold one and the least time of the
    processor (which other programs disturb less), return the answer."""
    seconds, cpu = [], []
    for _ in range(runs + 1):
        start, busy = time.perf_counter(), time.process_time()
        found = call()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
        if cpu[0] > LONG:
            break
    warm = f"{min(seconds[1:]):8.4f} s" if seconds[1:] else f"{'-':>10}"
    print(f"{what:<64} warm {warm}   cold {seconds[0]:8.4f} s   cpu {min(cpu):8.4f} s   target {target}", flush=True)
    return found


def installed(name: str) -> bool:
    if importlib.util.find_spec(name):
        return True
    print(f"{name:<64} not installed")
    return False


def same(ours: float, theirs: float, tolerance: float) -> None:
    if abs(ours - theirs) > tolerance:
        sys.exit(f"WRONG: {ours!r} is not {theirs!r}")
