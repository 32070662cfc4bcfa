"""Zip files that are the same bytes for the same parts, and say nothing of who made them or when."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from joinedup.study.problems import UsageError

CORE = "docProps/core.xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can hold stands for none."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip file, in their order, without dates."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, content)
    return written.getvalue()


def cleaned(document: bytes, title: str, edit: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """An office document without author, tool, dates or thumbnail; `edit` may change its parts by name."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            parts[name] = edit(name, content) if edit else content
    parts[CORE] = _core(title)
    parts |= {name: empty for name, empty in _EMPTY.items() if name in parts}
    return packed(parts)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_EMPTY = {
    f"docProps/{name}.xml": f'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="{_OFFICE}/{kind}"/>'.encode()
    for name, kind in (("app", "extended-properties"), ("custom", "custom-properties"))
}
"""Parts that would name the program, and properties in an order of no meaning."""


def _core(title: str) -> bytes:
    names = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    told = f"<dc:title>{escape(title)}</dc:title><dc:language>en-GB</dc:language>"
    return f'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties {names}>{told}</cp:coreProperties>'.encode()


def office_template(reference: Path, kind: str) -> bytes:
    """The user's own template, packed anew. Raises UsageError where it can't be read, is not a `kind`, or would make a
    reader's program fetch something: what it refers to would stand in every report made with it.
    """
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(reference) as archive:
            for entry in archive.infolist():
                parts[entry.filename] = _bounded(archive, entry, reference, sum(map(len, parts.values())))
    except OSError as error:
        raise UsageError(
            f"The template {reference} can't be read ({(error.strerror or str(error)).lower()})."
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError):
        raise UsageError(f"The template {reference} is not a {kind}, or it is damaged.") from None
    if not {"[Content_Types].xml", _MAIN["Word" if "Word" in kind else "PowerPoint"]} <= parts.keys():
        raise UsageError(f"The template {reference} is not a {kind}.")
    for name, content in parts.items():
        _refuse_reaching_out(reference, name, content)
    return packed(parts)


_MAIN = {"Word": "word/document.xml", "PowerPoint": "ppt/presentation.xml"}
_LARGEST_PART, _LARGEST_TEMPLATE = 20_000_000, 100_000_000
"""Bytes, unpacked: of one part, which pandoc reads into many times the memory, and of all together, pictures too."""
_OUTSIDE = re.compile(rb"<(?:\w+:)?Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)[^>]*>")
_FIELDS = re.compile(rb"\b(INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|DATABASE)\b")
_FIELD_TEXT = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=[\"']([^\"']*)")


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, reference: Path, before: int) -> bytes:
    with archive.open(entry) as file:
        content = file.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART or before + len(content) > _LARGEST_TEMPLATE:
        raise UsageError(
            f"The template {reference} holds more than a template does ({entry.filename}): a part may have "
            f"{_LARGEST_PART // 1_000_000} MB, all together {_LARGEST_TEMPLATE // 1_000_000} MB. Make its pictures smaller."
        )
    return content


def _refuse_reaching_out(reference: Path, name: str, content: bytes) -> None:
    found = ""
    if name.endswith(".rels"):
        outside = (one.group() for one in _OUTSIDE.finditer(content))
        found = next((told for told in map(_target, outside) if told), "")
    elif name.endswith(".xml") and b"instr" in content:
        said = b" ".join(b"".join(groups) for groups in _FIELD_TEXT.findall(content))
        field = _FIELDS.search(said)
        found = f"a field {field[1].decode()}" if field else ""
    if found:
        raise UsageError(
            f"The template {reference} refers to {found} ({name}): who opens the report would fetch it. Take it out: what "
            f"a template shows must stand in it."
        )


def _target(relationship: bytes) -> str:
    """What a relationship to the outside fetches; nothing for a link, which a reader follows or not."""
    target = re.search(rb"Target\s*=\s*[\"']([^\"']*)", relationship)
    return "" if b"/hyperlink" in relationship or not target else target[1].decode("utf-8", "replace")
