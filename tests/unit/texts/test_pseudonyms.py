"""Pseudonyms: forms of names, patterns with check digits, the sweep, decisions; measured on a gold transcript. SIMULATED."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from joinedup.study.problems import UsageError
from joinedup.study.texts import Text
from joinedup.texts.pseudonyms import KINDS, Entry, Names, forms, read_key
from joinedup.texts.pseudonyms_flags import (
    Flag,
    check_decided,
    decided,
    flag_study,
    flag_table,
    read_decisions,
)
from joinedup.texts.pseudonyms_patterns import age_band, find_patterns, learner_number, nhs_number, pupil_number
from joinedup.texts.pseudonyms_risks import Risk, residual_risks, risk_table
from joinedup.texts.pseudonyms_sweep import sweep
from tests.unit.texts.small import make_people, make_text, make_texts_study

KEY = (Entry("person", "Anna Smith", "[Manager]"), Entry("place", "Little Ford", "[Village]"))
MARK = re.compile(r"⟦([npo]):([^⟧]*)⟧")


def gold(root: Path) -> tuple[Text, list[tuple[str, int, int]], tuple[Entry, ...]]:
    """The gold transcript without its marks, its spans that give somebody away, and the key."""
    folder = root / "tests/data/pseudonyms"
    marked = (folder / "transcript.txt").read_text(encoding="utf-8").split("\n", 2)[2]
    spans, parts, at, length = [], [], 0, 0
    for match in MARK.finditer(marked):
        parts += [marked[at : match.start()], match[2]]
        length += match.start() - at
        spans.append((match[1], length, length + len(match[2])))
        length += len(match[2])
        at = match.end()
    parts.append(marked[at:])
    return make_text("gold", "".join(parts)), spans, read_key((folder / "key.csv").read_text(encoding="utf-8"))


def test_every_name_of_the_key_is_found_in_the_gold_transcript(root: Path) -> None:
    text, spans, key = gold(root)
    study = make_texts_study([text], speakers={"gold": {"Interviewer": "", "Manager": "p1"}})
    flags = flag_study(study, key)
    named = [(flag.start, flag.end) for flag in flags if flag.kind in KINDS]
    every = [(flag.start, flag.end) for flag in flags]

    def missed(kind: str, among: list[tuple[int, int]]) -> list[str]:
        wanted = [(start, end) for of, start, end in spans if of == kind]
        return [text.content[s:e] for s, e in wanted if not any(low <= s and e <= high for low, high in among)]

    assert missed("n", named) == []
    assert missed("p", every) == []
    touched = [text.content[s:e] for _, s, e in spans if any(low < e and s < high for low, high in every)]
    assert len(touched) == len(spans)
    right = [span for span in every if any(s < span[1] and span[0] < e for _, s, e in spans)]
    assert (len(right), len(every), len(spans)) == (59, 65, 55), "precision 0.91, recall 1.00"


def test_forms_of_a_person_are_those_in_which_people_are_named() -> None:
    found = forms(Entry("person", "Mrs Elizabeth Jane O'Neil", "[X]", ("Nan",)))
    for form in ("mrs elizabeth jane oneil", "elizabeth oneil", "oneil", "elizabeth", "nan"):
        assert found[form]
    for form in ("liz", "beth oneil", "e j oneil"[:1] + " oneil", "e j o", "e o"):
        assert found[form] is False
    assert "mrs" not in found


def test_an_organisation_is_found_without_its_article_and_by_its_capitals() -> None:
    assert forms(Entry("organisation", "The Trust of Little Ford", "[T]")) == {
        "the trust of little ford": True,
        "tlf": False,
        "trust of little ford": True,
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Anna SMITH's", ["Anna SMITH"]),
        ("the Smiths’ dog", ["Smith"]),
        ("A. Smith, A.S. and AS", ["A. Smith", "A.S", "AS"]),
        ("as smith said", ["smith"]),
        ("Ann\u0301a Smi\u0301th, Blacksmith, Annan", ["Ann\u0301a Smi\u0301th"]),
        ("little\nford, Little-Ford", ["little\nford", "Little-Ford"]),
        ("anna.smith_2", ["anna.smith"]),
    ],
)
def test_names_are_found_however_they_are_written(words: str, found: list[str]) -> None:
    assert [words[name.start : name.end] for name in Names(KEY).find(words)] == found


def test_a_name_is_certain_unless_it_is_an_everyday_word_or_fits_two_people() -> None:
    key = (Entry("person", "Will Reed", "[A]"), Entry("person", "Mo Reed", "[B]"))
    names = {name.start: name for name in Names(key, frozenset(["will"])).find("Will Reed, Will, Reed, reed will")}
    assert [(names[at].certain, names[at].pseudonyms) for at in (0, 11, 17)] == [
        (True, ("[A]",)),
        (False, ("[A]",)),
        (False, ("[A]", "[B]")),
    ]
    assert not names[23].certain


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("name,pseudonym\nA,B\n", "no column `kind`"),
        ("kind,name,pseudonym\n", "names nobody"),
        ("kind,name,pseudonym\nperson,Anna,\n", "Row 2 of the key has no pseudonym"),
        ("kind,name,pseudonym\nhuman,Anna,X\n", "'human' is no kind"),
        ("kind,name,pseudonym\nperson,--,X\n", "Row 2 of the key has no name"),
        ("kind,name,pseudonym\nperson,Anna Smith,Manager Smith\n", "repeats a part of the name"),
    ],
)
def test_a_key_that_cannot_be_used_says_why(table: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_key(table)


def test_check_digits_hold_to_their_published_rules() -> None:
    assert nhs_number("9434765919")  # the NHS Data Dictionary's form of example: 299 mod 11 = 2, 11 - 2 = 9
    assert not nhs_number("9434765918")
    assert pupil_number("H801200001001")  # 53 mod 23 = 7, the eighth letter without I and O
    assert not pupil_number("A801200001001")
    assert learner_number("1111111110")  # 54 mod 11 = 10, 10 - 10 = 0
    assert not learner_number("1111111111")
    assert [age_band(age) for age in (0, 4, 9, 14, 17, 19, 44, 97)] == [
        "0 to 4", "0 to 4", "5 to 9", "10 to 14", "15 to 17", "18 to 19", "40 to 49", "90 or over"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind", "replacement"),
    [
        ("on 3rd of March 2004.", "date", "[March 2004]"),
        ("on March 3, 2004", "date", "[March 2004]"),
        ("03/04/2004", "date", "[April 2004]"),
        ("2004-04-03", "date", "[April 2004]"),
        ("5 May", "date", "[May]"),
        ("a 7-year-old", "age", "[aged 5 to 9]"),
        ("aged 43", "age", "[aged 40 to 49]"),
        ("0131 496 0123", "telephone number", "[telephone number]"),
        ("(020) 7946 0958", "telephone number", "[telephone number]"),
        ("a.b@c.example.org.", "e-mail address", "[e-mail address]"),
        ("SW1A 2AA", "postcode", "[postcode]"),
        ("AB123456C", "national insurance number", "[national insurance number]"),
        ("Flat 3, 12 High Street", "address", "[address]"),
        ("943-476-5919", "NHS number", "[NHS number]"),
    ],
)
def test_what_gives_people_away_by_its_form_is_generalised(words: str, kind: str, replacement: str) -> None:
    assert [(found.kind, found.replacement) for found in find_patterns(words)] == [(kind, replacement)]


@pytest.mark.parametrize(
    "words", ["943 476 5917", "BG123456C", "31/31/2004", "in 2004", "1,250 referrals", "aged 200", "QQ 12 34 56 C"]
)
def test_what_only_looks_alike_is_left_to_the_sweep(words: str) -> None:
    assert list(find_patterns(words)) == []


def test_the_sweep_joins_capitals_and_leaves_sentences_their_first_words() -> None:
    content = (
        "Boss: We met. Board members of the Board of Trade left on Monday. I'm sure 12 of 5 in 2004; Zed. Trust, zed."
    )
    everyday = frozenset(["board", "zed", "trust"])
    found = [content[start:end] for (start, end), _ in sweep(content, everyday, frozenset(["Boss"]))]
    assert found == ["Board of Trade", "Zed", "12"]


STUDY = make_texts_study([make_text("i1", "B: Anna met Anna's boss Perran, aged 43.\n")], speakers={"i1": {"B": "p1"}})


def test_flags_go_out_as_a_table_and_come_back_decided() -> None:
    from joinedup.report.csvout import csv_text

    flags = flag_study(STUDY, KEY)
    assert [(f.kind, f.found, f.replacement, f.decision) for f in flags] == [
        ("age", "aged 43", "[aged 40 to 49]", ""),
        ("capitals", "Perran", "[capitals]", ""),
        ("person", "Anna", "[Manager]", "replace"),
        ("person", "Anna", "[Manager]", "replace"),
    ]
    table = csv_text(flag_table(STUDY, flags))
    with pytest.raises(UsageError, match="2 of 4 flags are not decided, the first in i1 at 32"):
        check_decided(decided(flags, read_decisions(table)), read_decisions(table))
    filled = table.replace("\n,[aged 40 to 49]", "\nKeep,[aged 40 to 49]").replace(
        "\n,[capitals]", "\nreplace,[Colleague]"
    )
    decisions = read_decisions(filled)
    done = decided(flags, decisions)
    check_decided(done, decisions)
    assert [(f.found, f.decision) for f in done][:2] == [("aged 43", "keep"), ("Perran", "replace")]
    assert read_decisions("\ufeff" + filled.replace(",", ";", 8).replace(",", ";")) == decisions


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table.replace("replace,", "perhaps,", 1), "'perhaps' is no decision"),
        (lambda table: table.replace("decision", "choice"), "no column decision"),
        (lambda table: table.rsplit("\n", 2)[0] + "\n", "1 flags are not in it, 0 of its rows are no flags"),
        (lambda table: table.replace(",i1,", ",i2,"), "4 flags are not in it, 4 of its rows"),
        (lambda table: table.replace("[Manager]", ""), "2 flags are to be replaced by nothing"),
    ],
)
def test_a_table_that_does_not_decide_this_study_is_refused(change: object, says: str) -> None:
    from joinedup.report.csvout import csv_text

    flags = flag_study(STUDY, KEY)
    table = csv_text(flag_table(STUDY, [Flag(*f.place, f.found, f.kind, f.replacement, "replace") for f in flags]))
    with pytest.raises(UsageError, match=says):
        decisions = read_decisions(change(table))  # type: ignore[operator]
        check_decided(decided(flags, decisions), decisions)


def test_who_is_alone_in_a_profession_at_a_site_is_listed() -> None:
    people = make_people([("p1", "w1", "s1", "nurse"), ("p2", "w1", "s1", "nurse"), ("p3", "w1", "s1", "teacher")])
    study = make_texts_study([make_text("i1", "B: Hello.\n")], speakers={"i1": {"B": "p3"}}, people=people)
    risks = [risk for risk in residual_risks(study) if risk.attribute == "profession"]
    assert risks == [Risk("s1", "profession", "teacher", "p3", ("i1",))]
    assert risk_table(risks).rows == (("s1", "profession", "teacher", "p3", "i1"),)
