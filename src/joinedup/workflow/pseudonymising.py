"""Pseudonyms: the key read from outside the study, flags written for a person, decisions applied to a new folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from joinedup.adapters import vault
from joinedup.report.csvout import csv_text
from joinedup.study.folder import write_folder
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.texts.pseudonyms import Entry, Names, everyday_words, read_key
from joinedup.texts.pseudonyms_apply import pseudonymise
from joinedup.texts.pseudonyms_flags import OPEN, check_decided, decided, flag_study, flag_table, read_decisions

Passphrase = Callable[[], str]
"""Asked only where a file is sealed."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` wrote: files that differ, texts that changed, and where names of the key still stand (file, row)."""

    changed: tuple[str, ...]
    texts: int
    left: tuple[tuple[str, int], ...]


def open_key(path: Path, study: Path, passphrase: Passphrase) -> tuple[Entry, ...]:
    """The key in `path`, sealed or plain CSV. Raises UsageError where it lies in the study: who gets that gets both."""
    _outside(path, study, "The key")
    data = _read(path)
    return read_key(_text(vault.unseal(data, passphrase()) if vault.is_sealed(data) else data, path))


def seal_key(path: Path, out: Path, passphrase: Passphrase) -> int:
    """Seal the key in `path` as the new file `out`; returns how many entries it has. The plain file is left to its owner."""
    data = _read(path)
    if vault.is_sealed(data):
        raise UsageError(f"{path} is sealed already.")
    entries = read_key(_text(data, path))
    study = next((folder for folder in out.resolve().parents if (folder / "study.toml").is_file()), None)
    if study is not None:
        _outside(out, study, "The key")
    _write(out, vault.seal(data, passphrase()), new=True)
    return len(entries)


def write_flags(study: Study, folder: Path, key: tuple[Entry, ...], out: Path) -> tuple[int, int]:
    """Write the table of flags to `out`; returns how many there are and how many nobody has decided.

    Decisions of a table that stands there already are taken over for places that did not change.
    """
    _outside(out, folder, "The table of flags")
    before: Mapping[tuple[str, int, int], tuple[str, str]] = {}
    if out.exists():
        before = {place: made for place, made in read_decisions(_text(_read(out), out)).items() if made[0]}
    flags = decided(flag_study(study, key), before)
    _write(out, csv_text(flag_table(study, flags)).encode("utf-8"))
    return len(flags), sum(flag.decision == OPEN for flag in flags)


def apply_flags(study: Study, folder: Path, key: tuple[Entry, ...], flags: Path, out: Path) -> Applied:
    """Write the pseudonymised study to the new folder `out`; the study itself is not touched.

    Raises UsageError unless every flag is decided.
    """
    if any(name.startswith("data:") for name in study.files):
        raise UsageError("Open the study without official data to pseudonymise it.")
    decisions = read_decisions(_text(_read(flags), flags))
    found = decided(flag_study(study, key), decisions)
    check_decided(found, decisions)
    made = pseudonymise(study, found)
    changed = write_folder(made, out, source=folder)
    texts = sum(a.sha256 != b.sha256 for a, b in zip(study.texts.texts, made.texts.texts, strict=True))
    return Applied(changed, texts, tuple(_left(study, key, out)))


def _left(study: Study, key: tuple[Entry, ...], out: Path) -> Iterator[tuple[str, int]]:
    """Rows of the written files, frozen texts aside (their flags were decided), in which a name of the key stands."""
    names = Names(key, everyday_words(text.content for text in study.texts.texts))
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if not path.is_file() or name.startswith("texts/frozen/"):
            continue
        try:
            content = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        rows = {content.count("\n", 0, found.start) + 1 for found in names.find(content) if found.certain}
        yield from ((name, row) for row in sorted(rows))


def _outside(path: Path, study: Path, what: str) -> None:
    own = study.resolve()
    if own == path.resolve() or own in path.resolve().parents:
        raise UsageError(
            f"{what} holds real names and must not lie in the study: {path}. Choose a place outside {study}."
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read ({(error.strerror or type(error).__name__).lower()}).") from None


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8: save it as CSV UTF-8.") from None


def _write(path: Path, data: bytes, new: bool = False) -> None:
    """For its owner's eyes alone, where the system knows of owners; `new`: never over another file."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if new else os.O_TRUNC) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(f"{path} can't be written ({(error.strerror or type(error).__name__).lower()}).") from None
