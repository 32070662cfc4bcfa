"""Plain text, with the bytes of the file that it came from, and captions (WebVTT, SubRip) with their times."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from joinedup.adapters.extract.freezing import freeze
from joinedup.adapters.extract.model import MOST_ANCHORS, Anchors, RefusedError
from joinedup.adapters.extract.normal import check_length, normal

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_MARK = "\ufeff"
_TIME = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}\s*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,100})?\s+([^>\n]{1,200})>")
_TAG = re.compile(r"</?[^>\n]{0,200}>")


def decode(data: bytes) -> str:
    """Bytes as text: UTF-8, or UTF-16 with its byte-order mark; anything else is refused, never guessed.

    The byte-order mark is no part of the text.
    """
    codec = _UTF16.get(data[:2], "utf-8")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise RefusedError("J329", f"{error.start + 1:,}") from None
    check_length(len(text))
    return text.removeprefix(_MARK)


def plain_text(data: bytes) -> tuple[str, Anchors]:
    """The text, and at which byte of the file it stands ("byte 1034", or "byte 1034 of UTF-16").

    An anchor stands where a count of bytes in the frozen text, from the anchor before it, would not lead to the byte:
    after a line end of two signs, after a letter that was composed.
    """
    received = decode(data)
    content, steps = _steps(received)
    mark = next((mark for mark in (*_UTF16, _MARK.encode()) if data.startswith(mark)), b"")
    codec, told = ("utf-16-le", " of UTF-16") if mark in _UTF16 else ("utf-8", "")
    found: list[tuple[int, str]] = []
    last, at, byte, counted = 0, 0, len(mark), -1
    for frozen, position in steps:
        counted += len(content[last:frozen].encode(codec))
        byte += len(received[at:position].encode(codec))
        last, at = frozen, position
        if counted != byte and frozen < len(content):
            found.append((frozen, f"byte {byte}{told}"))
            counted = byte
        if len(found) == MOST_ANCHORS:
            return content, (*found[:-1], (frozen, ""))
    return content, tuple(found)


def _steps(received: str) -> tuple[str, Iterable[tuple[int, int]]]:
    """The frozen text, and (frozen, received) positions from which on both go along."""
    content = normal(received)
    if content != received.replace("\r\n", "\n"):
        frozen = freeze(received)
        return frozen.content, frozen.steps()
    ends = enumerate(re.finditer("\r\n", received), 1)
    return content, chain([(0, 0)], ((match.end() - number, match.end()) for number, match in ends))


def captions(data: bytes) -> tuple[str, Anchors]:
    """The spoken words of captions, and the time of each cue as h:mm:ss.

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
