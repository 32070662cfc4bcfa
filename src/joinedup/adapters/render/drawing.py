"""Figures drawn by a process of its own: the renderer of charts keeps its process busy, and the text can be set meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from joinedup.adapters.render.figures import Drawing, svg
from joinedup.adapters.render.installed import needed
from joinedup.report.model import Figure

_LIMIT = 300
"""Seconds after which the process is stopped."""


def draw(figures: Sequence[Figure]) -> dict[str, str]:
    """Each figure as SVG by its id, drawn beside this process.

    Raises UsageError where vl-convert is not installed, RuntimeError with its words where it fails.
    """
    needed("vl_convert")
    wanted = [asdict(Drawing(figure.id, figure.title, figure.alt, figure.spec)) for figure in figures]
    with tempfile.TemporaryDirectory(prefix="joinedup-") as folder:
        asked, answered = Path(folder) / "asked.json", Path(folder) / "answered.json"
        asked.write_text(json.dumps(wanted), encoding="utf-8")
        command = [sys.executable, "-I", "-B", "-m", __name__, str(asked), str(answered)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT, check=False)
        if done.returncode:
            raise RuntimeError(f"the figures could not be drawn: {done.stderr.decode(errors='replace').strip()}")
        return dict(json.loads(answered.read_text(encoding="utf-8")))


def main(asked: str, answered: str) -> None:
    """Read drawings from the file `asked`, write their SVG to `answered`."""
    wanted = [Drawing(**one) for one in json.loads(Path(asked).read_text(encoding="utf-8"))]
    Path(answered).write_text(json.dumps({one.id: svg(one) for one in wanted}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
