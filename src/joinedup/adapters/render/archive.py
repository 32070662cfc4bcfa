"""Zip files that are the same bytes for the same parts, and say nothing of who made them or when."""

from __future__ import annotations

import io
import zipfile
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
    """The user's own template. Raises UsageError where it can't be read or is not a `kind`."""
    try:
        content = reference.read_bytes()
    except OSError as error:
        raise UsageError(
            f"The template {reference} can't be read ({(error.strerror or str(error)).lower()})."
        ) from None
    if not content.startswith(b"PK"):
        raise UsageError(f"The template {reference} is not a {kind}.")
    return content
