"""Pandoc as a program: a syntax tree in, HTML with citations out; no network, no files of the user."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from joinedup.adapters.render.installed import needed
from joinedup.study.problems import UsageError

_LIMIT = 300
"""Seconds after which pandoc is stopped."""


def _program() -> str:
    """The pandoc that came with the package, so that every machine uses the same; else the one that pypandoc finds."""
    pypandoc = needed("pypandoc")
    bundled = Path(str(pypandoc.__file__)).parent / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
    return str(bundled) if bundled.is_file() else str(pypandoc.get_pandoc_path())


def as_json(tree: dict[str, Any]) -> str:
    """A syntax tree as the text that pandoc reads: a fraction of the memory that the tree takes."""
    return json.dumps(tree, ensure_ascii=False, sort_keys=True)


def pandoc_html(tree: str, bibliography: str = "") -> str:
    """The tree (see `as_json`) as an HTML fragment; citations through citeproc in pandoc's built-in chicago-author-date style.

    Raises UsageError where pandoc is not installed, RuntimeError with pandoc's words where it fails.
    """
    return pandoc(tree, "html5", bibliography).decode("utf-8")


def pandoc_json(tree: str, bibliography: str, csl: Path | None = None) -> dict[str, Any]:
    """The tree with its citations and references written out in the style `csl` (default: as `pandoc_html`)."""
    written: dict[str, Any] = json.loads(pandoc(tree, "json", bibliography, csl))
    return written


def pandoc(tree: str, to: str, bibliography: str = "", csl: Path | None = None, reference: bytes = b"") -> bytes:
    """The tree (see `as_json`) in the format `to`; `reference` is a document whose styles an office format takes over.

    Raises UsageError where pandoc is not installed or a style can't be read, RuntimeError with pandoc's words where
    it fails.
    """
    program = _program()
    with tempfile.TemporaryDirectory(prefix="joinedup-") as folder:
        command = [program, "--from=json", f"--to={to}", "--wrap=none", "--eol=lf", "--sandbox", f"--data-dir={folder}"]
        if bibliography:
            file = Path(folder) / "references.bib"
            file.write_text(bibliography, encoding="utf-8", newline="\n")
            command += ["--citeproc", f"--bibliography={file}"]
            command += [f"--csl={_readable(csl).resolve()}"] if csl else []
        if reference:
            styles = Path(folder) / f"reference.{to}"
            styles.write_bytes(reference)
            command += [f"--reference-doc={styles}"]
        # Through files: a pipe would wait for this process, which is busy drawing figures meanwhile.
        read, written = Path(folder) / "document.json", Path(folder) / f"document.{to}"
        read.write_text(tree, encoding="utf-8")
        command += [f"--output={written}", str(read)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, cwd=folder, timeout=_LIMIT, check=False
        )
        content = written.read_bytes() if written.is_file() else b""
    if done.returncode:
        raise RuntimeError(f"pandoc failed: {done.stderr.decode(errors='replace').strip()}")
    return content


def _readable(csl: Path) -> Path:
    if not csl.is_file():
        raise UsageError(f"There is no citation style {csl}: name a .csl file.")
    return csl


def data_address(png: bytes) -> str:
    """A picture as an address that holds it: pandoc in its sandbox reads no other files."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
