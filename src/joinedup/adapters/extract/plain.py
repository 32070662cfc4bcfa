"""Plain text and captions (WebVTT, SubRip)."""

from __future__ import annotations

import html
import re

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


def captions(data: bytes) -> str:
    """The spoken words of captions, a line a cue; `<v NAME>` becomes `NAME: `, cues of one voice in a row one line."""
    lines: list[str] = []
    before = ""
    for block in re.split(r"\n[ \t]*\n", normal(decode(data))):
        rows = block.strip("\n").split("\n")
        at = next((index for index, row in enumerate(rows[:3]) if _TIME.match(row)), None)
        if at is None:
            continue
        words = " ".join(rows[at + 1 :])
        voice = _VOICE.search(words)
        said = " ".join(html.unescape(_TAG.sub("", words)).split())
        who = " ".join(voice[1].split()) if voice else ""
        if who and who == before and lines:
            lines[-1] += f" {said}"
        elif said:
            lines.append(f"{who}: {said}" if who else said)
        before = who
    return normal("\n".join(lines) + "\n") if lines else ""
