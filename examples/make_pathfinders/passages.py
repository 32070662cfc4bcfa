"""The passages that findings cite: exact offsets and quotes in place of the words they begin with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from coders import CODER1, Mark

_PLACE = re.compile(r'^passage = "@(.+)"$', re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """A span of a text with its quote."""

    text: str
    start: int
    end: int
    quote: str

    def inline(self) -> str:
        """As an inline table of TOML."""
        quote = json.dumps(self.quote, ensure_ascii=False)
        return f'passage = {{ text = "{self.text}", start = {self.start}, end = {self.end}, quote = {quote} }}'


def cited(findings: str, content: Mapping[str, str], marks: list[Mark]) -> dict[str, Passage]:
    """The passage of each place in `findings`, by the words it begins with."""
    ends: dict[tuple[str, int], int] = {}
    for mark in marks:
        if mark.coder == CODER1:
            at = (mark.text, mark.start)
            ends[at] = max(mark.end, ends.get(at, 0))
    return {words: _found(words, content, ends) for words in _PLACE.findall(findings)}


def with_passages(findings: str, passages: Mapping[str, Passage]) -> str:
    """`findings` with every place filled, without the lines of comment that speak of places (`#@`)."""
    kept = "".join(line for line in findings.splitlines(keepends=True) if not line.startswith("#@"))
    return _PLACE.sub(lambda match: passages[match[1]].inline(), kept)


def _found(words: str, content: Mapping[str, str], ends: Mapping[tuple[str, int], int]) -> Passage:
    """The first text that holds the words; the passage ends with the coding that begins there, else with the sentence."""
    for text, body in content.items():
        start = body.find(words)
        if start >= 0:
            stop = re.compile(r"[.?!](?=\s)").search(body, start + len(words) - 1)
            end = ends.get((text, start), stop.end() if stop else len(body))
            return Passage(text, start, end, body[start:end])
    raise SystemExit(f"no text holds {words!r}: choose other words in fixed/findings.toml")
