"""Pseudonymised studies: codings and citations keep to their words, whatever signs stand around them. SIMULATED texts."""

from __future__ import annotations

import dataclasses
import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.extract.normal import normal
from joinedup.adapters.vault import is_sealed, seal, unseal
from joinedup.study.finding import Claim, Evidence
from joinedup.study.folder import read_folder
from joinedup.study.folder.reader import assemble
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.writer import folder_files, write_folder
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.site import Person
from joinedup.study.texts import Anchor, Coding, Decision, Framework, FrameworkCell, Memo, Passage, Text
from joinedup.texts.framework import framework_cells
from joinedup.texts.offsets import Edited
from joinedup.texts.pseudonyms import Entry
from joinedup.texts.pseudonyms_apply import pseudonymise
from joinedup.texts.pseudonyms_flags import KEEP, REPLACE, Flag, flag_study
from joinedup.workflow.pseudonymising import apply_flags, open_key, seal_key, write_flags
from tests.unit.texts.small import code_quote, make_text, make_texts_study

SIGNS = st.sampled_from(["a", "B", " ", "é", "e\u0301", "\u0301", "👩🏽‍🏫", "\u200f", "한", "ᄒ", "ᅡ", "\n", "𝔘", "ﬁ"])
WORDS = st.lists(SIGNS, min_size=1, max_size=40).map(lambda signs: normal("x" + "".join(signs)))


def made(content: str, cuts: list[int], words: list[str]) -> list[tuple[int, int, str]]:
    """Edits between every second pair of `cuts`."""
    places = sorted({cut % (len(content) + 1) for cut in cuts})
    return [(a, b, word) for a, b, word in zip(places[::2], places[1::2], words, strict=False)]


@given(WORDS, st.lists(st.integers(0, 200), max_size=8), st.lists(st.sampled_from(["[A]", "[Manager B]", "é", "👍🏽"]), min_size=4, max_size=4), st.integers(0, 200), st.integers(1, 9))  # fmt: skip
def test_every_coding_survives_and_holds_its_words_as_they_now_read(
    content: str, cuts: list[int], words: list[str], start: int, length: int
) -> None:
    edits = made(content, cuts, words)
    edited = Edited.of(content, edits)
    assert unicodedata.is_normalized("NFC", edited.content)
    start = start % len(content)
    end = min(len(content), start + length)
    passage = edited.passage(Passage("t", start, end, content[start:end]))
    assert passage.quote == edited.content[passage.start : passage.end] != ""
    real = list(zip(edited.starts, edited.ends, (word for *_, word in edits), strict=True))
    low = min([start, *(a for a, b, _ in real if a < end and start < b)])
    high = max([end, *(b for a, b, _ in real if a < end and start < b)])
    inside = [(a - low, b - low, word) for a, b, word in real if low <= a and b <= high]
    expected, at = "", 0
    for a, b, word in inside:
        expected, at = expected + content[low:high][at:a] + word, b
    assert passage.quote == expected + content[low:high][at:]


@given(WORDS, st.integers(0, 100), st.integers(1, 9))
def test_offsets_hold_through_import_and_a_folder(content: str, start: int, length: int) -> None:
    start = start % len(content)
    end = min(len(content), start + length)
    sha = hashlib.sha256(content.encode()).hexdigest()
    text = dataclasses.replace(make_text("t", content), sha256=sha)
    study = make_texts_study([text], [Coding(Passage("t", start, end, content[start:end]), "trust", "ann")])
    found = assemble(Reading(folder_files(study)), None)
    (coding,) = found.texts.codings
    assert found.text_by_id["t"].content[coding.passage.start : coding.passage.end] == coding.passage.quote
    assert coding.passage == study.texts.codings[0].passage


def test_edits_that_overlap_or_leave_nothing_are_refused() -> None:
    for edits in ([(0, 2, "a"), (1, 3, "b")], [(0, 0, "a")], [(0, 1, "")], [(0, 9, "a")]):
        with pytest.raises(ValueError, match="overlaps another one, is empty or lies outside"):
            Edited.of("abc", edits)


CONTENT = "ANNA: I am Anna Smith. 👩🏽 We met in Ford.\nQ: When?\nANNA: Anna left.\n"
KEY = (Entry("person", "Anna Smith", "[Manager]"), Entry("place", "Ford", "[Town]"))


def study() -> Study:
    text = dataclasses.replace(
        make_text("i1", CONTENT), sha256=hashlib.sha256(CONTENT.encode()).hexdigest(), source="anna.docx"
    )
    codings = (
        code_quote(text, "I am Anna", "trust", prefix="ANNA: ", suffix=" Smith"),
        code_quote(text, "met in", "money"),
        code_quote(text, "Anna left.", "trust"),
    )
    cite = codings[1].passage
    cell = FrameworkCell("s1", "money", "They met.", (cite,))
    found = make_texts_study(
        [text],
        codings,
        speakers={"i1": {"ANNA": "p1", "Q": ""}},
        people=(Person("p1", "w1", "s1", "trust", "manager", row=2),),
        claims=(Claim("f1", "They met.", (Evidence("supports", "texts", passage=cite),)),),
        files={"texts/files/i1.docx": b"Anna", "texts/files/d9.txt": b"kept"},
    )
    texts = dataclasses.replace(
        found.texts,
        framework=Framework("site", (), (cell,)),
        memos=(Memo(f"passage:i1:{cite.start}-{cite.end}", "ann", "2004-07-01", "why?"),),
        decisions=(Decision("i1", cite.start, cite.end, "trust", "remove", "ann", "2004-07-01", "because"),),
    )
    found = dataclasses.replace(found, texts=texts)
    digest = next(now.digest for now in framework_cells(found) if now.code == "money")
    cell = dataclasses.replace(cell, digest=digest)
    return dataclasses.replace(found, texts=dataclasses.replace(texts, framework=Framework("site", (), (cell,))))


def flags(found: Study) -> tuple[Flag, ...]:
    every = flag_study(found, KEY)
    return tuple(dataclasses.replace(flag, decision=REPLACE) for flag in every)


def test_what_refers_to_the_characters_of_a_text_goes_along() -> None:
    done = pseudonymise(study(), flags(study()))
    (text,) = done.texts.texts
    assert text.content == "[Manager]: I am [Manager]. 👩🏽 We met in [Town].\nQ: When?\n[Manager]: [Manager] left.\n"
    assert text.sha256 == hashlib.sha256(text.content.encode()).hexdigest()
    assert [c.passage.quote for c in done.texts.codings] == ["I am [Manager]", "met in", "[Manager] left."]
    assert (done.texts.codings[0].prefix, done.texts.codings[0].suffix) == ("[Manager]: ", text.content[25:57])
    met = done.texts.codings[1].passage
    assert done.claims[0].evidence[0].passage == met == done.texts.framework.cells[0].cites[0]
    assert done.texts.memos[0].on == f"passage:i1:{met.start}-{met.end}"
    assert (done.texts.decisions[0].start, done.texts.decisions[0].end) == (met.start, met.end)
    assert {row.speaker for row in done.texts.speakers} == {"[Manager]", "Q"}
    assert [cell.state for cell in framework_cells(done) if cell.written] == ["current"]
    assert (text.source, set(done.files)) == ("", {"texts/files/d9.txt"})


def test_a_label_that_is_replaced_in_one_place_only_is_refused() -> None:
    mixed = [dataclasses.replace(flag, decision=KEEP) if flag.start == 0 else flag for flag in flags(study())]
    with pytest.raises(UsageError, match="a speaker's label is replaced in one place and not"):
        pseudonymise(study(), mixed)


def test_a_replacement_that_melts_into_its_neighbour_is_refused() -> None:
    (flag, *_) = (flag for flag in flags(study()) if flag.found == "Anna Smith")
    before = dataclasses.replace(flag, start=flag.start - 1, replacement="\u0301x", found=" Anna Smith")
    text = dataclasses.replace(study().texts.texts[0], content=CONTENT.replace("am Anna", "ae Anna"))
    melting = dataclasses.replace(study(), texts=dataclasses.replace(study().texts, texts=(text,)))
    with pytest.raises(UsageError, match="melts into the sign before it"):
        pseudonymise(melting, [before])


def test_a_sealed_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    sealed = seal(b"kind,name", "four words not yours")
    assert is_sealed(sealed)
    assert b"name" not in sealed
    assert unseal(sealed, "four words not yours") == b"kind,name"
    with pytest.raises(UsageError, match="does not open"):
        unseal(sealed, "another passphrase")
    with pytest.raises(UsageError, match="at least 12 characters"):
        seal(b"x", "short")
    key = tmp_path / "key.csv"
    key.write_text("kind,name,pseudonym\nperson,Anna Smith,[Manager]\n", encoding="utf-8")
    assert seal_key(key, tmp_path / "key.age", lambda: "four words not yours") == 1
    study = tmp_path / "study"
    (study / "inner").mkdir(parents=True)
    (study / "study.toml").touch()
    with pytest.raises(UsageError, match="must not lie in the study"):
        seal_key(key, study / "inner" / "key.age", lambda: "four words not yours")
    assert open_key(tmp_path / "key.age", tmp_path / "study", lambda: "four words not yours") == KEY[:1]
    with pytest.raises(UsageError, match="can't be written"):
        seal_key(key, tmp_path / "key.age", lambda: "four words not yours")


def test_without_pyrage_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyrage", None)
    with pytest.raises(UsageError, match="pip install pyrage"):
        seal(b"x", "four words not yours")


def test_flags_are_decided_and_applied_to_a_folder_beside(tmp_path: Path) -> None:
    folder, out, table = tmp_path / "study", tmp_path / "clean", tmp_path / "flags.csv"
    write_folder(study(), folder)
    opened, _ = read_folder(folder)
    with pytest.raises(UsageError, match="must not lie in the study"):
        write_flags(opened, folder, KEY, folder / "flags.csv")
    with pytest.raises(UsageError, match="must not lie in the study"):
        open_key(folder / "key.csv", folder, lambda: "")
    listed, undecided = write_flags(opened, folder, KEY, table)
    assert (listed, undecided) == (5, 0)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = apply_flags(opened, folder, KEY, table, out)
    assert done.texts == 1
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    clean, _ = read_folder(out)
    quotes = [coding.passage.quote for coding in clean.texts.codings]
    assert quotes == ["I am [Manager]", "met in", "[Manager] left."]
    assert not [path for path in out.rglob("*") if path.is_file() and b"Anna" in path.read_bytes()]
    assert done.left == ()


def test_where_names_still_stand_is_said(tmp_path: Path) -> None:
    named = dataclasses.replace(study(), title="What Anna Smith said")
    folder = tmp_path / "study"
    write_folder(dataclasses.replace(named, settings={"id": "x", "title": "What Anna Smith said"}), folder)
    opened, _ = read_folder(folder)
    write_flags(opened, folder, KEY, tmp_path / "flags.csv")
    done = apply_flags(opened, folder, KEY, tmp_path / "flags.csv", tmp_path / "clean")
    assert done.left == (("study.toml", 2),)


def test_a_text_without_flags_stays_as_it_is() -> None:
    plain: Text = make_text("i2", "B: Nothing here.\n")
    found = make_texts_study([plain], speakers={"i2": {"B": "p1"}})
    assert pseudonymise(found, flag_study(found, KEY)) == found


def test_places_of_two_texts_of_the_same_words_go_with_their_text() -> None:
    words = "ANNA: Anna left.\nShe did.\n"
    texts = tuple(dataclasses.replace(make_text(id, words), sha256="0") for id in ("a", "b"))
    found = make_texts_study(texts)
    anchors = (Anchor("0", 0, "page 1"), Anchor("0", 17, "page 2", "a"), Anchor("0", 17, "page 3", "b"))
    found = dataclasses.replace(found, texts=dataclasses.replace(found.texts, anchors=anchors))
    done = pseudonymise(found, [Flag("a", 6, 10, "Anna", "name", "[Manager]", REPLACE)])
    now = {text.id: text.sha256 for text in done.texts.texts}
    assert now["a"] != now["b"] == "0"
    assert list(done.texts.anchors) == [
        Anchor("0", 0, "page 1"),
        Anchor(now["a"], 0, "page 1"),
        Anchor(now["a"], 22, "page 2", "a"),
        Anchor("0", 17, "page 3", "b"),
    ]
