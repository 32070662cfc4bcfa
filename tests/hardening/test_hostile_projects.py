"""Hostile projects of coding programs: each ends in a sentence, nothing outside the archive is read or written."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from joinedup.adapters import taguette
from joinedup.adapters.refi_qda import archive as limits
from joinedup.adapters.refi_qda import read_codebook, read_project
from joinedup.study.problems import StudyError

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
GUID = "aaaaaaaa-0000-4000-8000-000000000000"
EMPTY = f'<Project {SPACE} name="P"/>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def packed(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return path


def with_source(path: str) -> str:
    return f'<Project {SPACE} name="P"><Sources><TextSource guid="{GUID}" name="t" plainTextPath="{path}"/></Sources></Project>'


def refused(path: Path) -> str:
    with pytest.raises(StudyError) as caught:
        read_project(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(problem.number)
    return problem.number


@pytest.mark.parametrize(
    ("parts", "number"),
    [
        ({"project.qde": EMPTY, "../evil.txt": "x"}, "J327"),
        ({"project.qde": EMPTY, "/etc/evil.txt": "x"}, "J327"),
        ({"project.qde": EMPTY, "C:\\evil.txt": "x"}, "J327"),
        ({"project.qde": ENTITIES + EMPTY}, "J328"),
        ({"project.qde": OUTSIDE + EMPTY}, "J328"),
        ({"project.qde": b"PK\x03\x04" + b"x" * 100}, "J323"),
        ({"nested.qdpx": b"PK\x03\x04"}, "J323"),
        ({"readme.txt": b"no project"}, "J323"),
        ({"project.qde": "<Project><unclosed>"}, "J330"),
        ({"project.qde": "<html/>"}, "J323"),
        ({"project.qde": "<a>" * 100_000}, "J335"),
    ],
    ids=[
        "climbs",
        "root",
        "drive",
        "entities",
        "outside",
        "zip as project",
        "nested",
        "none",
        "unclosed",
        "other",
        "deep",
    ],
)
def test_a_hostile_archive_ends_in_a_sentence(parts: dict[str, str | bytes], number: str, tmp_path: Path) -> None:
    assert refused(packed(tmp_path / "p.qdpx", parts)) == number
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.qdpx"]


def test_a_directory_that_declares_too_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_TEXTS", 1_000_000)
    monkeypatch.setattr(limits, "LARGEST_PROJECT", 1_000_000)
    parts = {"project.qde": EMPTY, "sources/bomb.txt": b"0" * 3_000_000}
    assert refused(packed(tmp_path / "p.qdpx", parts)) == "J326"
    parts = {"project.qde": EMPTY, "sources/film.mp4": b"0" * 3_000_000}
    assert read_project(packed(tmp_path / "q.qdpx", parts)).texts == (), "media are not unpacked"


def test_bytes_are_counted_whatever_the_directory_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_TEXTS", 1_000_000)
    file = packed(
        tmp_path / "p.qdpx", {"project.qde": with_source("internal://t.txt"), "sources/t.txt": b"0" * 3_000_000}
    )
    data = file.read_bytes().replace(struct.pack("<L", 3_000_000), struct.pack("<L", 10))
    file.write_bytes(data)
    assert refused_or_lost(file)


def refused_or_lost(file: Path) -> bool:
    """A part whose size is a lie is refused, or its text is a loss; it is never taken."""
    try:
        found = read_project(file)
    except StudyError as error:
        return [problem.number for problem in error.problems] in (["J326"], ["J330"])
    return not found.texts and bool(found.report.losses)


def test_a_text_beyond_the_limit_is_refused_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_TEXTS", 10_000)
    parts = {"project.qde": with_source("internal://t.txt"), "sources/t.txt": b"0" * 25_000}
    assert refused(packed(tmp_path / "p.qdpx", parts)) == "J326"


def test_a_part_with_a_broken_checksum(tmp_path: Path) -> None:
    file = packed(tmp_path / "p.qdpx", {"project.qde": EMPTY})
    crc = struct.pack("<L", zlib.crc32(EMPTY.encode()))
    file.write_bytes(file.read_bytes().replace(crc, b"\0\0\0\0"))
    assert refused(file) == "J330"


@pytest.mark.parametrize(
    "path",
    [
        "absolute:///etc/hostname",
        "relative:///../../x.txt",
        "file:///etc/hostname",
        "internal://../../etc/hostname",
        "http://example.org/x",
    ],
)
def test_no_path_leads_out_of_the_archive(path: str, tmp_path: Path) -> None:
    found = read_project(packed(tmp_path / "p.qdpx", {"project.qde": with_source(path)}))
    assert found.texts == ()
    assert found.report.losses
    assert any("not followed" in flag for flag in found.report.flags)


def test_a_zip_in_the_place_of_a_text_is_not_opened(tmp_path: Path) -> None:
    parts = {"project.qde": with_source("internal://t.txt"), "sources/t.txt": b"PK\x03\x04 more"}
    found = read_project(packed(tmp_path / "p.qdpx", parts))
    assert found.texts == ()
    assert any("an archive where a plain text should be" in flag for flag in found.report.flags)


def test_lone_surrogates_controls_and_direction_marks_in_names(tmp_path: Path) -> None:
    name = "a\u202eb&#xD800;&#x1;\u0000c"
    xml = f'<Project {SPACE} name="{name}"><CodeBook><Codes><Code guid="{GUID}" name="{name}" isCodable="true"/></Codes></CodeBook></Project>'
    found = read_project(packed(tmp_path / "p.qdpx", {"project.qde": xml}))
    assert found.codes[0].name == "a\u202ebc"
    assert found.codes[0].id == "a_bc"


def test_a_codebook_with_entities_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.qdc"
    file.write_text(ENTITIES + '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', encoding="utf-8")
    with pytest.raises(StudyError, match="J328"):
        read_codebook(file)


def test_deep_and_odd_pages_are_read() -> None:
    page = taguette.Page("<div>" * 50_000 + "words" + "</p>" * 50_000 + "<!-- x --><script>alert(1)</script>")
    assert "words" in page.received.frozen.content
