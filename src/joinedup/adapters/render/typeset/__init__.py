"""Reports and briefs as accessible PDF (PDF/UA-1): data for typst's templates, compiled without network."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from joinedup.adapters.render.installed import needed


def typeset(template: str, data: Mapping[str, Any], pictures: Mapping[str, str]) -> bytes:
    """`data` set by `template` (report or brief) as PDF/UA-1: tagged, titled, every figure with its words.

    `pictures` are SVG by file name. Only the fonts that typst brings are used and no date is written, so that the
    same data give the same bytes on every machine; only for a script that they lack are fonts of the system taken. Raises UsageError where typst is not installed.
    """
    typst = needed("typst")
    missing, system = _missing(typst, json.dumps(data, ensure_ascii=False))
    written = json.dumps(_clean(data, missing), ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="joinedup-") as name:
        root = Path(name)  # what the templates can read: nothing but what is written here
        for part in ("house.typ", f"{template}.typ"):
            source = files("joinedup.adapters.render.typeset").joinpath(part).read_text(encoding="utf-8")
            (root / part).write_text(source, encoding="utf-8", newline="\n")
        (root / "document.json").write_text(written, encoding="utf-8", newline="\n")
        (root / "figures").mkdir()
        for file, drawing in pictures.items():
            (root / "figures" / file).write_text(drawing, encoding="utf-8", newline="\n")
        return _compiled(typst, root, f"{template}.typ", system)


def _compiled(typst: ModuleType, root: Path, file: str, system: bool) -> bytes:
    made: bytes = typst.compile(
        str(root / file),
        root=str(root),
        ignore_system_fonts=not system,
        package_path=str(root / "none"),
        package_cache_path=str(root / "none"),
        pdf_standards=["ua-1"],
    )
    return made


def _missing(typst: ModuleType, written: str) -> tuple[dict[int, str], bool]:
    """What stands for the characters that no font can show, and whether fonts of the system are needed.

    PDF/UA admits no character without a sign: a form of bullets that Word keeps in private places becomes a bullet,
    a control character nothing, any other that no font of this machine shows a square.
    """
    known = {ord(char): _BULLET for char in set(written) if 0xE000 <= ord(char) <= 0xF8FF}
    known |= {code: "" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in _BLANKS}
    rest = sorted(char for char in set(written) if ord(char) > 0x24F and ord(char) not in known)
    lacking = _lacking(typst, rest, system=False)
    if not lacking:
        return known, False
    return known | {ord(char): _SQUARE for char in _lacking(typst, lacking, system=True)}, True


def _clean(data: Any, missing: Mapping[int, str]) -> Any:
    """The data with every character that can't be shown replaced."""
    if isinstance(data, str):
        return data.translate(missing)
    if isinstance(data, Mapping):
        return {name: _clean(value, missing) for name, value in data.items()}
    return [_clean(value, missing) for value in data] if isinstance(data, list) else data


def _lacking(typst: ModuleType, chars: Sequence[str], system: bool) -> list[str]:
    """Those of `chars` that can't be shown: typst names one at a time."""
    lacking: list[str] = []
    left = list(chars)
    with tempfile.TemporaryDirectory(prefix="joinedup-") as name:
        root = Path(name)
        (root / "probe.typ").write_text(_PROBE, encoding="utf-8")
        while left:
            (root / "chars.json").write_text(json.dumps(left), encoding="utf-8")
            try:
                _compiled(typst, root, "probe.typ", system)
                break
            except typst.TypstError as error:
                named = re.search(r'the text `"(.*?)"` could not', str(error))
                found = [char for char in left if named and char in _plain(named[1])]
                if not found:
                    raise
                lacking += found
                left = [char for char in left if char not in found]
    return lacking


def _plain(named: str) -> str:
    """A character as an error names it: itself, or its number."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), named)


_BLANKS = (0x09, 0x0A, 0x0D)
_BULLET, _SQUARE = "\u2022", "\u25a1"
_PROBE = """#set document(title: "probe")
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"), lang: "en")
#for char in json("chars.json") [#char \\ ]
"""
