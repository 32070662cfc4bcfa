"""Plain text and captions (WebVTT, SubRip)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from joinedup.adapters.extract.model import RefusedError
from joinedup.adapters.extract.normal import check_length, normal

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_TIME = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}\s*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,100})?\s+([^>\n]{1,200})>")
_TAG = re.compile(r"</?[^>\n]{0,200}>")


def decode(data: bytes) -> str:
    """Bytes as text: UTF-8, or UTF-16 with its byte-order mark; anything else is refused, never guessed."""
    codec = _UTF16.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise RefusedError("J329", f"{error.start + 1:,}") from None
    check_length(len(text))
    return text


def plain_text(data: bytes) -> str:
    return normal(decode(data))


def captions(data: bytes) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The spoken words of captions, and (offset, h:mm:ss) of each cue.

    A line a cue; `<v NAME>` becomes `NAME: `, cues of one voice in a row one line.
    """
    parts: list[str] = []
    times: list[tuple[int, str]] = []
    before, at = "", 0
    for who, said, time in _cues(normal(decode(data))):
        if said:
            joined = bool(who) and who == before and bool(parts)
            gap = "" if not parts else " " if joined else "\n"
            words = gap + (f"{who}: " if who and not joined else "") + said
            times.append((at + len(words) - len(said), time))
            parts.append(words)
            at += len(words)
        before = who
    return "".join([*parts, "\n"]) if parts else "", tuple(times)


def _cues(text: str) -> Iterator[tuple[str, str, str]]:
    """Voice (or empty), words and time of each cue, all normal."""
    for block in re.split(r"\n[ \t]*\n", text):
        rows = block.strip("\n").split("\n")
        at = next((index for index, row in enumerate(rows[:3]) if _TIME.match(row)), None)
        if at is None:
            continue
        words = " ".join(rows[at + 1 :])
        voice = _VOICE.search(words)
        said = " ".join(html.unescape(_TAG.sub("", words)).split())
        yield " ".join(voice[1].split()) if voice else "", normal(said).strip(), _time(rows[at])


def _time(row: str) -> str:
    """When a cue starts, as h:mm:ss."""
    *hours, minutes, seconds = re.split(r"[.,]", row.strip(), maxsplit=1)[0].split(":")
    return f"{int(hours[0]) if hours else 0}:{int(minutes):02}:{int(seconds):02}"
