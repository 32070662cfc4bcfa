"""Figures drawn by processes of their own, once for all formats: the renderer of charts keeps its process busy."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from joinedup.adapters.render.figures import Drawing, svg
from joinedup.adapters.render.fonts import own_fonts, shown
from joinedup.adapters.render.installed import needed
from joinedup.adapters.render.pictures import png
from joinedup.report.model import Figure

_LIMIT = 300
"""Seconds after which a process is stopped."""
_AT_ONCE, _FEW = 2, 4
"""Processes that draw beside each other; so few figures are drawn by one."""


class Drawings:
    """Figures drawn once, however many formats show them, and turned into pictures from what was drawn.

    A figure is known by the digest of all that is drawn of it, so that briefs for several sites may share its id. Safe
    to use from several threads: whoever asks second waits for what the first has drawn.
    """

    def __init__(self) -> None:
        self._svg: dict[str, str] = {}
        self._png: dict[str, bytes] = {}
        self._drawing, self._turning = Lock(), Lock()

    def svg(self, figures: Sequence[Figure]) -> dict[str, str]:
        """Each figure as SVG by its id.

        Raises UsageError where vl-convert is not installed, RuntimeError with its words where it fails.
        """
        self.begin(figures)
        return {figure.id: self._svg[_digest(figure)] for figure in figures}

    def begin(self, figures: Sequence[Figure]) -> None:
        """Draw those of `figures` that are not drawn yet, all at once. Raises what `svg` raises."""
        with self._drawing:
            asked = {digest: text for digest, text in map(_told, figures) if digest not in self._svg}
            self._svg |= {digest: made.decode("utf-8") for digest, made in _made("svg", asked).items()}

    def png(self, figures: Sequence[Figure]) -> dict[str, bytes]:
        """Each figure as PNG by its id, from the same SVG. Raises what `svg` raises."""
        drawn = self.svg(figures)
        digests = {figure.id: _digest(figure) for figure in figures}
        with self._turning:
            asked = {digests[id]: drawing for id, drawing in drawn.items() if digests[id] not in self._png}
            self._png |= _made("png", asked)
        return {id: self._png[digest] for id, digest in digests.items()}


def _told(figure: Figure) -> tuple[str, str]:
    """The digest of what is drawn of `figure`, and what is drawn, as JSON."""
    told = json.dumps(asdict(Drawing(figure.id, figure.title, figure.alt, figure.spec)))
    return hashlib.sha256(told.encode()).hexdigest(), told


def _digest(figure: Figure) -> str:
    return _told(figure)[0]


def _made(kind: str, asked: Mapping[str, str]) -> dict[str, bytes]:
    """By name, what processes beside this one make of each text that is asked: SVG of a drawing, PNG of an SVG."""
    if not asked:
        return {}
    needed("vl_convert")
    with tempfile.TemporaryDirectory(prefix="joinedup-") as place:
        folder = Path(place)
        for name, text in asked.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        fonts = own_fonts(folder)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda part: _process(kind, place, part.names, fonts if part.plain else {}), _parts(asked)))
        return {name: (folder / f"{name}.{kind}").read_bytes() for name in asked}


class _Part(NamedTuple):
    """What one process is asked; `plain` where vl-convert's own fonts show all of it."""

    names: Sequence[str]
    plain: bool


def _parts(asked: Mapping[str, str]) -> list[_Part]:
    """What is asked, the longest first, shared among processes; what needs fonts of the system has one of its own."""
    longest_first = sorted(asked, key=lambda name: (-len(asked[name]), name))
    plain = [name for name in longest_first if shown(asked[name])]
    rest = [name for name in longest_first if name not in plain]
    number = _AT_ONCE - bool(rest) if len(asked) > _FEW else 1
    parts = [_Part(rest, plain=False), *(_Part(plain[at::number], plain=True) for at in range(number))]
    return [part for part in parts if part.names]


def _process(kind: str, folder: str, names: Sequence[str], fonts: Mapping[str, str]) -> None:
    environment = os.environ | fonts
    command = [sys.executable, "-I", "-B", "-m", __name__, kind, folder, *names]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, timeout=_LIMIT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the figures could not be drawn: {done.stderr.decode(errors='replace').strip()}")


def main(kind: str, folder: str, *names: str) -> None:
    """Read what is asked in the file of each name in `folder`; write what is made of it beside."""
    for name in names:
        asked = (Path(folder) / name).read_text(encoding="utf-8")
        made = svg(Drawing(**json.loads(asked))).encode() if kind == "svg" else png(asked)
        (Path(folder) / f"{name}.{kind}").write_bytes(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
