"""Sealed files: a key of pseudonyms encrypted under a passphrase, in the format of age (age-encryption.org/v1)."""

from __future__ import annotations

from typing import Any

from joinedup.study.problems import UsageError

HEADER = b"age-encryption.org/v1"
SHORTEST = 12


def is_sealed(data: bytes) -> bool:
    """Whether `data` are a sealed file."""
    return data.startswith(HEADER)


def seal(data: bytes, passphrase: str) -> bytes:
    """`data` encrypted under `passphrase` (scrypt, ChaCha20-Poly1305); never the same bytes twice.

    Raises UsageError for a passphrase shorter than SHORTEST characters, and where pyrage is not installed.
    """
    if len(passphrase) < SHORTEST:
        raise UsageError(
            f"The passphrase needs at least {SHORTEST} characters: take four words that are not yours to guess."
        )
    return bytes(_pyrage().passphrase.encrypt(data, passphrase))


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """What was sealed. Raises UsageError for a wrong passphrase or damaged bytes, and where pyrage is not installed."""
    pyrage = _pyrage()
    try:
        return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError:
        raise UsageError(
            "The sealed file does not open: the passphrase is another one, or the file is damaged."
        ) from None


def _pyrage() -> Any:
    try:
        import pyrage
    except ImportError:
        raise UsageError("Sealing needs the package pyrage, which is not installed: pip install pyrage.") from None
    return pyrage
