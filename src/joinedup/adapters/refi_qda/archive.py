"""A project's zip archive, untrusted: its directory is checked before anything is unpacked, and bytes are counted."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from types import TracebackType
from urllib.parse import unquote

from joinedup.adapters.extract.model import RefusedError
from joinedup.adapters.extract.zipped import check_path

LARGEST_PROJECT = 100_000_000
"""Bytes of project.qde: about 200,000 codings."""
LARGEST_TEXTS = 200_000_000
"""Bytes of all texts together."""
_MOST_ENTRIES = 50_000
_CHUNK = 256 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MEDIA = ".mp3 .mp4 .m4a .m4v .wav .ogg .wma .wmv .avi .mov .mpg .mpeg .mkv .webm .flac .aac .jpg .jpeg .png .gif .bmp .tif .tiff .pdf .docx .doc .odt .rtf .xlsx"


class Archive:
    """An opened project. Media are never unpacked; only project.qde and the plain texts that it names are."""

    def __init__(self, path: Path) -> None:
        self._left = LARGEST_TEXTS
        self._zip: zipfile.ZipFile | None = None
        self._bare = b""
        with path.open("rb") as file:
            head = file.read(4)
        if not head:
            raise RefusedError("J320")
        if head in _ZIP:
            self._zip = _opened(path)
            self._entries = {_key(entry.filename): entry for entry in self._zip.infolist()}
            self._project = _project_of(self._zip)
        elif path.stat().st_size > LARGEST_PROJECT:
            raise RefusedError("J321", limit=LARGEST_PROJECT // 1_000_000)
        else:
            self._bare = path.read_bytes()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._zip is not None:
            self._zip.close()

    @property
    def name(self) -> str:
        """What the project's XML is called in the archive; empty where it came bare."""
        return self._project.filename if self._zip is not None else ""

    @property
    def unpacked(self) -> int:
        """Bytes of what may be read of it, as its directory declares them."""
        return sum(entry.file_size for entry in _texts(self._zip.infolist())) if self._zip else len(self._bare)

    def project(self) -> bytes:
        """The project's XML."""
        if self._zip is None:
            return self._bare
        data = self._read(self._project, LARGEST_PROJECT)
        if data[:4] in _ZIP:
            raise RefusedError("J323", "an archive inside an archive")
        return data

    def source(self, path: str) -> bytes | None:
        """The file that `internal://NAME`, or a bare name, leads to; None where the archive holds none.

        Raises RefusedError where it is an archive itself or unpacks to too much.
        """
        if self._zip is None:
            return None
        told = path.split("://", 1)[-1].lstrip("/\\")
        root = str(PurePosixPath(_key(self._project.filename)).parent).removeprefix(".")
        folders = [f"{root}/" if root else "", f"{root}/sources/".lstrip("/"), "sources/"]
        keys = (folder + name for name in dict.fromkeys((_key(told), _key(unquote(told)))) for folder in folders)
        entry = next((self._entries[key] for key in keys if key in self._entries), None)
        if entry is None or entry.is_dir():
            return None
        data = self._read(entry, self._left)
        self._left -= len(data)
        if data[:4] in _ZIP:
            raise RefusedError("J323", "an archive where a plain text should be")
        return data

    def _read(self, entry: zipfile.ZipInfo, most: int) -> bytes:
        """The bytes of an entry, counted as they come, whatever the directory says."""
        assert self._zip is not None
        parts: list[bytes] = []
        count = 0
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    count += len(chunk)
                    if count > most:
                        raise RefusedError("J326", limit=most // 1_000_000)
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise RefusedError("J330", f"its part {ascii(entry.filename)[1:-1]} can't be read") from None
        return b"".join(parts)


def _key(name: str) -> str:
    """A file's name as it is compared: programs differ in its case, its slashes and how they compose its letters."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).lower()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        opened = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        raise RefusedError("J330", "its zip directory can't be read") from None
    try:
        _check(opened.infolist())
    except RefusedError:
        opened.close()
        raise
    return opened


def _texts(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return [entry for entry in entries if PurePosixPath(entry.filename).suffix.lower() not in _MEDIA.split()]


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if (
        len(entries) > _MOST_ENTRIES
        or sum(entry.file_size for entry in _texts(entries)) > LARGEST_PROJECT + LARGEST_TEXTS
    ):
        raise RefusedError("J326", limit=(LARGEST_PROJECT + LARGEST_TEXTS) // 1_000_000)
    for entry in entries:
        check_path(entry)
        if entry.flag_bits & 0x1:
            raise RefusedError("J324")


def _project_of(opened: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The entry of the project's XML: the .qde closest to the top, one called project.qde before others."""
    names = [entry for entry in opened.infolist() if entry.filename.lower().endswith(".qde")]
    names = [entry for entry in names if "__macosx" not in entry.filename.lower()]
    if not names:
        nested = any(entry.filename.lower().endswith((".qdpx", ".zip")) for entry in opened.infolist())
        found = "an archive inside an archive" if nested else "a zip archive without a project.qde"
        opened.close()
        raise RefusedError("J323", found)
    return min(names, key=lambda e: (e.filename.count("/"), not e.filename.lower().endswith("project.qde"), e.filename))
