"""Speed of bringing texts in: 1,000,000 SIMULATED words in 200 files through a reused pool of children, and PDF in columns.

Nothing here passes or fails: the target stands beside the figures, and what Taguette 1.5.2 took for the same number of
words as HTML (11.3 s, measured elsewhere; it is not installed by this project). Seconds by the clock and of the
processor, children included.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from joinedup.adapters.extract import extract_many

FILES, WORDS = 200, 5_000
LETTERS = ["trust", "board", "school", "child", "café", "families", "plan", "joint", "health", "together"]


def processor() -> float:
    """Seconds of the processor of this process and of its ended children."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def report(what: str, target: str, act: Callable[[], object]) -> None:
    """One line: seconds by the clock, seconds of the processor, the target."""
    before, start = processor(), time.perf_counter()
    act()
    print(f"{what:<44}{time.perf_counter() - start:8.2f} s{processor() - before:8.2f} s cpu   {target}")


def texts(folder: Path, ending: str) -> list[Path]:
    """The files, half a paragraph a line."""
    random.seed(1)
    paths = []
    for number in range(FILES):
        lines = [" ".join(random.choices(LETTERS, k=50)) for _ in range(WORDS // 50)]
        body = "\n".join(lines)
        if ending == "html":
            body = "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"
        path = folder / f"{number:03}.{ending}"
        path.write_text(body, encoding="utf-8")
        paths.append(path)
    return paths


def main() -> None:
    """Measure everything once; the second reading comes from the cache."""
    with tempfile.TemporaryDirectory() as name:
        for ending in ("txt", "html"):
            folder = Path(name, ending)
            folder.mkdir()
            paths, cache = texts(folder, ending), Path(name, f"cache-{ending}")
            beside = "< 5 s; Taguette 11.3 s" if ending == "html" else "< 5 s"
            report(f"{FILES} files {ending}, {FILES * WORDS:,} words", beside, partial(extract_many, paths, cache))
            report("  the same again, by SHA-256", "", partial(extract_many, paths, cache))


if __name__ == "__main__":
    main()
