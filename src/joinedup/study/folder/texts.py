"""The files of the texts strand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from joinedup.study.exchanged import CaseText, SetMember, VariableValue
from joinedup.study.folder.csvfile import CsvRow
from joinedup.study.folder.jsonlines import read_objects
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.sheet import Sheet, same
from joinedup.study.folder.tomlfile import TomlTable, read_toml
from joinedup.study.model import Texts
from joinedup.study.texts import (
    Anchor,
    Assignment,
    Code,
    Coding,
    Decision,
    Framework,
    FrameworkCell,
    Memo,
    Passage,
    Speaker,
    Text,
)

CODEBOOK = "texts/codebook.toml"
CODINGS = "texts/codings.jsonl"
FRAMEWORK = "texts/framework.toml"
MEMOS = "texts/memos.jsonl"
DECISIONS = "texts/decisions.jsonl"
SHA256 = re.compile(r"[0-9a-f]{64}")
TEXTS: Sheet[Text] = Sheet(
    "texts/texts.csv",
    Text,
    {"text": "id", **same("kind", "interview", "site", "wave", "date", "source", "sha256")},
    ("text", "kind", "sha256"),
)
SPEAKERS: Sheet[Speaker] = Sheet(
    "texts/speakers.csv", Speaker, same("text", "speaker", "person"), ("text", "speaker", "person")
)
ASSIGNMENTS: Sheet[Assignment] = Sheet(
    "texts/assignments.csv", Assignment, same("text", "coder", "phase"), ("text", "coder", "phase")
)
ANCHORS: Sheet[Anchor] = Sheet(
    "texts/anchors.csv",
    Anchor,
    same("sha256", "at", "place", "text"),
    ("sha256", "at", "place"),
    make=lambda _, row: _anchor(row),
)
CASES: Sheet[CaseText] = Sheet("texts/cases.csv", CaseText, same("case", "text", "description"), ("case", "text"))
VARIABLES: Sheet[VariableValue] = Sheet(
    "texts/variables.csv", VariableValue, same("on", "variable", "value", "type"), ("on", "variable", "value")
)
SETS: Sheet[SetMember] = Sheet("texts/sets.csv", SetMember, same("set", "member", "description"), ("set", "member"))
CODING_KEYS: dict[str, type] = {
    **dict.fromkeys(("text",), str),
    **dict.fromkeys(("start", "end"), int),
    **dict.fromkeys(("quote", "code", "coder", "prefix", "suffix", "phase", "note"), str),
    **dict.fromkeys(("automatic", "cleared"), bool),
}
DECISION_KEYS: dict[str, type] = {
    "text": str,
    **dict.fromkeys(("start", "end"), int),
    **dict.fromkeys(("code", "decision", "by", "at", "reason"), str),
}
MEMO_KEYS: dict[str, type] = dict.fromkeys(("on", "by", "at", "memo"), str)
_PASSAGE = ("text", "start", "end", "quote")


def read_texts(reading: Reading) -> Texts:
    """The texts strand; empty where the folder has none of its files."""
    return Texts(
        tuple(_with_content(reading, text) for text in TEXTS.read(reading)),
        SPEAKERS.read(reading),
        ASSIGNMENTS.read(reading),
        read_codebook(reading),
        read_codings(reading),
        decisions=read_decisions(reading),
        framework=read_framework(reading),
        memos=read_memos(reading),
        anchors=ANCHORS.read(reading),
        cases=CASES.read(reading),
        variables=VARIABLES.read(reading),
        sets=SETS.read(reading),
    )


def _anchor(row: CsvRow) -> Anchor:
    """An anchor; one whose position is no number stands at -1, for the checks to judge."""
    cells, at = row.cells, row.cells["at"]
    whole = int(at) if at.isascii() and at.isdigit() and len(at) < 10 else -1
    return Anchor(cells["sha256"], whole, cells["place"], cells["text"], dict(row.extra), row.row)


def frozen(sha256: str) -> str:
    """Where the frozen text with this digest lies."""
    return f"texts/frozen/{sha256}.txt"


def _with_content(reading: Reading, text: Text) -> Text:
    """`text` with the content of its frozen file: bytes as they are, for the checks to judge."""
    file = frozen(text.sha256)
    data = reading.files.get(file)
    if data is None:
        what = f"The frozen text {file} is missing."
        remedy = "Import the text again, or put its frozen file there."
        reading.report("J301", TEXTS.file, what, remedy, text.row, "sha256")
        return text
    try:
        return replace(text, content=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        what = f"Byte {error.start + 1:,} (0x{data[error.start]:02X}) is not UTF-8."
        reading.report("J006", file, what, "Import the text again: a frozen text is UTF-8.")
        return text


def read_codebook(reading: Reading) -> tuple[Code, ...]:
    """texts/codebook.toml."""
    top = read_toml(reading, CODEBOOK)
    if top is None:
        return ()
    codes = tuple(_code(table) for table in top.tables("code"))
    top.finish()
    return codes


def _code(table: TomlTable) -> Code:
    id = table.text("id", required=True)
    plain = {key: table.text(key) for key in ("definition", "parent", "include", "exclude", "example", "accepted_by")}
    found = Code(id=id, label=table.text("label", id), keywords=table.texts("keywords"), **plain)
    table.finish()
    return found


def read_codings(reading: Reading) -> tuple[Coding, ...]:
    """texts/codings.jsonl."""
    required = (*_PASSAGE, "code", "coder")
    return tuple(_coding(row, found) for row, found in read_objects(reading, CODINGS, CODING_KEYS, required))


def _coding(row: int, found: dict[str, Any]) -> Coding:
    known = {key: value for key, value in found.items() if key in CODING_KEYS}
    passage = Passage(*(known.pop(key) for key in _PASSAGE))
    return Coding(passage=passage, row=row, **known)


def read_decisions(reading: Reading) -> tuple[Decision, ...]:
    """texts/decisions.jsonl, in order."""
    found = read_objects(reading, DECISIONS, DECISION_KEYS, tuple(DECISION_KEYS))
    return tuple(
        Decision(**{key: value for key, value in item.items() if key in DECISION_KEYS}, row=row) for row, item in found
    )


def read_framework(reading: Reading) -> Framework:
    """texts/framework.toml."""
    top = read_toml(reading, FRAMEWORK)
    if top is None:
        return Framework()
    cells = tuple(_cell(table) for table in top.tables("cell"))
    found = Framework(top.text("cases", "site"), top.texts("codes"), cells)
    top.finish()
    return found


def _cell(table: TomlTable) -> FrameworkCell:
    named = {key: table.text(key, required=True) for key in ("case", "code")}
    plain = {key: table.text(key) for key in ("summary", "digest", "by")}
    found = FrameworkCell(**named, **plain, cites=tuple(_cited(cite) for cite in table.tables("cites")))
    table.finish()
    return found


def _cited(table: TomlTable) -> Passage:
    start, end = table.whole("start"), table.whole("end")
    found = Passage(table.text("text", required=True), start or 0, end or 0, table.text("quote", required=True))
    table.finish()
    return found


def read_memos(reading: Reading) -> tuple[Memo, ...]:
    """texts/memos.jsonl."""
    found = read_objects(reading, MEMOS, MEMO_KEYS, ("on", "by", "at", "memo"))
    return tuple(Memo(**{key: item[key] for key in MEMO_KEYS}, row=row) for row, item in found)
