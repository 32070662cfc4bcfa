"""Instruments of all kinds out to a workbook and in again; groups, languages and names that are refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from joinedup.adapters.xlsform import read_instrument, write_instrument
from joinedup.study.problems import StudyError, UsageError
from joinedup.study.survey import Choice, Group, Instrument, Item
from joinedup.survey.instrument import answering


def sheet(*rows: Sequence[object], **others: Sequence[Sequence[object]]) -> bytes:
    """A workbook with the sheet survey (type, name, label, then as headed) and others."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in {"survey": rows, **others}.items():
        target = book.create_sheet(name)
        for line in lines:
            target.append(list(line))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def told(data: bytes) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_instrument(data)
    return [f"{problem.number} {problem.place.row} {problem.place.column}" for problem in caught.value.problems]


HEAD = ("type", "name", "label", "relevant", "calculation")


def test_groups_that_are_not_balanced() -> None:
    assert told(sheet(HEAD, ["begin group", "g", "G"], ["text", "a", "A"])) == ["J098 2 type"]
    assert told(sheet(HEAD, ["text", "a", "A"], ["end repeat"])) == ["J098 3 type"]
    crossed = sheet(HEAD, ["begin group", "g"], ["begin repeat", "r"], ["text", "a"], ["end group"], ["end repeat"])
    assert told(crossed) == ["J098 5 type", "J098 6 type"]


def test_names_that_stand_twice() -> None:
    assert told(sheet(HEAD, ["begin group", "a"], ["end group"], ["text", "a"])) == ["J096 4 name"]
    assert told(sheet(HEAD, ["begin group", "g"], ["text", "a"], ["end group"], ["text", "a"])) == ["J096 5 name"]
    assert told(sheet(HEAD, ["", "a", "A"], ["text", "b"])) == ["J095 2 type"]


def test_expressions_that_are_refused() -> None:
    data = sheet(HEAD, ["text", "a", "A", "${b} ="], ["calculate", "c", "", "", "${d} + 1"])
    assert told(data) == ["J099 2 relevant", "J099 3 calculation"]
    with pytest.raises(StudyError, match="Did you mean `first`"):
        read_instrument(sheet(HEAD, ["text", "first", "A"], ["text", "b", "B", "${frist} = 1"]))


def test_a_heading_that_stands_twice_under_two_spellings() -> None:
    assert told(sheet(["type", "name", "relevant", "relevance"], ["text", "a", "yes", "no"])) == ["J096 2 relevance"]
    one = read_instrument(sheet(["type", "name", "relevant", "relevance"], ["text", "a", "yes", ""]))
    assert one.items[0].relevant == "yes"


def test_what_can_only_not_be_launched() -> None:
    data = sheet(
        HEAD,
        ["txet", "a", "A"],
        ["text", "b", "Hello ${c}"],
        ["text", "d", "D", "${e} = 1"],
        ["text", "e", "E", "${d} = 1"],
        ["select_one ${b}", "f", "F"],
    )
    found = {(problem.row, problem.column): problem.reason for problem in read_instrument(data).launch_problems}
    assert "Did you mean `text`?" in found[(2, "type")]
    assert "names no question" in found[(3, "label")]
    assert "runs in a circle" in found[(4, "relevant")]
    assert "repeat" in found[(6, "type")]


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no file"):
        read_instrument(tmp_path / "none.xlsx")


def test_texts_that_a_spreadsheet_would_misread(tmp_path: Path) -> None:
    texts = ["=1+1", "1", "TRUE", "2003-07-01", "00012", "a\nb", "#N/A", "'quoted", "+44", "1e5", "é \U0001f600"]
    data = sheet(["type", "name", "label"], *(["note", f"n{at}", "x"] for at, _ in enumerate(texts)))
    form = read_instrument(data)
    body = tuple(
        dataclasses.replace(element, labels={"": text}, label=text)
        for element, text in zip(form.body, texts, strict=True)
        if isinstance(element, Item)
    )
    form = dataclasses.replace(form, body=body)
    write_instrument(form, tmp_path / "x.xlsx")
    assert read_instrument(tmp_path / "x.xlsx") == form


WORDS = (
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
    .map(lambda text: text.strip().replace("${", "").replace("_x", "x"))
    .filter(bool)
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("response", "person", "wave", "instrument_version", "other")
)
LANGUAGES = ("", "English (en)", "Deutsch (de)")
LABELS = st.dictionaries(st.sampled_from(LANGUAGES), WORDS, max_size=3)


@st.composite
def elements(draw: st.DrawFn, names: list[str], depth: int = 2) -> tuple[Item | Group, ...]:
    """Questions and groups with fresh names."""
    found: list[Item | Group] = []
    for _ in range(draw(st.integers(1, 3))):
        name = f"{draw(NAMES)}_{len(names)}"
        names.append(name)
        if depth and draw(st.booleans()):
            found.append(Group(name, draw(elements(names, depth - 1)), draw(st.booleans()), draw(LABELS)))
            continue
        kind = draw(st.sampled_from(["text", "integer", "date", "select_one", "select_multiple", "note"]))
        found.append(
            Item(
                name,
                kind,
                labels=draw(LABELS),
                hints=draw(LABELS),
                list_name="list" if kind.startswith("select") else "",
                or_other=kind.startswith("select") and draw(st.booleans()),
                relevant=draw(st.sampled_from(["", "yes", "1 = 2", f"${{{names[0]}}} != ''"])),
                required=draw(st.sampled_from(["", "yes", "no"])),
                constraint=draw(st.sampled_from(["", ". > 0", "regex(., '[a-z]+')"])),
                constraint_messages=draw(LABELS),
                appearance=draw(st.sampled_from(["", "minimal"])),
                extra=draw(st.dictionaries(st.sampled_from(["media::image", "Weight"]), WORDS, max_size=2)),
            )
        )
    return tuple(found)


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    body = draw(elements([]))
    codes = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    choices = tuple(Choice(code, draw(LABELS), draw(st.dictionaries(st.just("region"), WORDS))) for code in codes)
    lists = {"list": choices}
    return Instrument("1", draw(WORDS), answering(body), body, lists, LANGUAGES, {"form_id": "form"})


@settings(max_examples=60, deadline=None)
@given(instruments())
def test_any_instrument_comes_back_equal(form: Instrument) -> None:
    """Built in memory it has no rows; once through a workbook it has all, and stays as it is from then on."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_instrument(form, path)
        first = read_instrument(path)
        write_instrument(first, path)
        assert read_instrument(path) == first
    assert [(item.name, item.kind, item.labels, item.extra) for item in first.items] == [
        (item.name, item.kind, item.labels, item.extra) for item in form.items
    ]
    assert first.title == form.title.strip()
