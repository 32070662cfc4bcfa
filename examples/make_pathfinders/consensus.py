"""What the coders did after they had worked apart: differences decided in some interviews, a framework matrix begun."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Container, Mapping
from itertools import groupby
from pathlib import Path
from random import Random

from chance import stream
from coders import CODER1, CODER2, Mark
from files import write_json_lines, write_text

COMPLETE = "complete"
DECIDED = ("i002", "i003", "i015", "i031", "i044")
"""Interviews at sites whose cells of the matrix below are empty."""
BY = "coder1 and coder2"
SIDES_WITH_SECOND = 0.25
DAYS = ("2005-09-12", "2005-09-13", "2005-09-19")
KEPT = (
    "The definition names this, though the speaker does not use the word.",
    "The second coder read the passage again with the rule for inclusion and agreed.",
    "The sentence answers the interviewer's question about this theme.",
)
SECOND = (
    "The first coder had passed over it: the story is about this theme from its second sentence on.",
    "Both themes are there, and the codebook allows two codes on one passage.",
)
REFUSED = (
    "The rule for exclusion covers it: approval of a colleague is not approval of working together.",
    "It is an example within another theme and not a statement of its own.",
    "The other code fits the whole passage; this one fits a single word of it.",
)
Span = tuple[int, int]


def decisions(marks: list[Mark], cited: Container[tuple[str, int]]) -> list[dict[str, object]]:
    """Every difference of the two coders in the interviews DECIDED, with what they settled on and why.

    `cited` holds (text, start) of passages that findings cite: of these the first coder's reading stands.
    """
    rng = stream("consensus")
    rows = []
    for text in DECIDED:
        own = sorted((mark for mark in marks if mark.text == text), key=lambda m: (m.code, m.start, m.end, m.coder))
        for code, group in groupby(own, key=lambda mark: mark.code):
            for stretch in _stretches(list(group)):
                by_coder = {c: joined([(m.start, m.end) for m in stretch if m.coder == c]) for c in (CODER1, CODER2)}
                if by_coder[CODER1] != by_coder[CODER2]:
                    fixed = any((text, mark.start) in cited for mark in stretch)
                    for start, end, decision, reason in _settled(rng, by_coder, fixed):
                        named = {"text": text, "start": start, "end": end, "code": code}
                        rows.append({**named, "decision": decision, "by": BY, "at": rng.choice(DAYS), "reason": reason})
    return sorted(rows, key=lambda row: (str(row["text"]), int(str(row["start"])), str(row["code"])))


def _stretches(marks: list[Mark]) -> list[list[Mark]]:
    """Marks of one code that overlap one another."""
    found: list[list[Mark]] = []
    end = -1
    for mark in marks:
        if found and mark.start < end:
            found[-1].append(mark)
        else:
            found.append([mark])
        end = max(end, mark.end)
    return found


def joined(spans: list[Span]) -> list[Span]:
    """Spans without overlaps, touching ones joined."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _settled(rng: Random, by_coder: Mapping[str, list[Span]], fixed: bool) -> list[tuple[int, int, str, str]]:
    first, second = by_coder[CODER1], by_coder[CODER2]
    other = not fixed and rng.random() < SIDES_WITH_SECOND
    if not first:
        return [
            (*span, "coded", rng.choice(SECOND)) if other else (*span, "not_coded", rng.choice(REFUSED))
            for span in second
        ]
    if not second:
        return [
            (*span, "not_coded", rng.choice(REFUSED)) if other else (*span, "coded", rng.choice(KEPT)) for span in first
        ]
    return [(*span, "coded", rng.choice(KEPT)) for span in (second if other else first)]


def completed() -> list[tuple[str, str, str]]:
    """The rows of texts/assignments.csv that say so."""
    return [(text, coder, COMPLETE) for text in DECIDED for coder in (CODER1, CODER2)]


def write_consensus(
    folder: Path,
    marks: list[Mark],
    sites: Mapping[str, str],
    content: Mapping[str, str],
    cited: Container[tuple[str, int]],
) -> None:
    """texts/decisions.jsonl and texts/framework.toml. `sites` maps a text to its site."""
    write_json_lines(folder / "texts" / "decisions.jsonl", decisions(marks, cited))
    source = (Path(__file__).parent / "fixed" / "framework.toml").read_text(encoding="utf-8")
    book = tomllib.loads((Path(__file__).parent / "fixed" / "codebook.toml").read_text(encoding="utf-8"))["code"]
    above = {code["id"]: code.get("parent", "") or code["id"] for code in book}
    lines = []
    for block in re.split(r"(?m)^(?=\[\[cell\]\]$)", source):
        kept = "".join(line for line in block.splitlines(keepends=True) if not line.startswith(("#@", "cites", "read")))
        if not block.startswith("[[cell]]"):
            lines.append(kept)
            continue
        cell = tomllib.loads(block)["cell"][0]
        held = sorted(
            {
                (m.text, m.start, m.end)
                for m in marks
                if m.coder == CODER1 and sites[m.text] == cell["case"] and above[m.code] == cell["code"]
            }
        )
        digest = {"all": _digest(held, content), "all but the last": _digest(held[:-1], content)}.get(cell["read"], "")
        lines.append(kept.rstrip("\n") + "\n" + (f'digest = "{digest}"\n' if digest else ""))
        lines += [_cite(words, held, content) for words in cell["cites"]]
        lines.append("\n")
    write_text(folder / "texts" / "framework.toml", "".join(lines).rstrip("\n") + "\n")


def _digest(held: list[tuple[str, int, int]], content: Mapping[str, str]) -> str:
    """As `joinedup framework` prints it: of the passages with their quotes, in order."""
    passages = [["Passage", text, start, end, content[text][start:end]] for text, start, end in held]
    return hashlib.sha256(json.dumps([passages], ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()[:16]


def _cite(words: str, held: list[tuple[str, int, int]], content: Mapping[str, str]) -> str:
    found = [(text, start, end) for text, start, end in held if content[text].startswith(words, start)]
    if not found:
        raise SystemExit(f"no passage of the cell begins with {words!r}: choose other words in fixed/framework.toml")
    text, start, end = found[0]
    quote = json.dumps(content[text][start:end], ensure_ascii=False)
    return f'\n[[cell.cites]]\ntext = "{text}"\nstart = {start}\nend = {end}\nquote = {quote}\n'
