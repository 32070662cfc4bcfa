"""Responses from each program's layout (tests/data/responses, SIMULATED): taken, refused with a reason, left behind."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from joinedup.adapters.responses import LeftBehind, Responses, read_responses
from joinedup.adapters.responses.answers import responses_of
from joinedup.adapters.responses.dictionary import expression, read_dictionary
from joinedup.adapters.responses.labelled import raw_of
from joinedup.adapters.responses.merging import add_responses
from joinedup.adapters.responses.model import Options
from joinedup.study.problems import StudyError, UsageError
from joinedup.study.survey import Group, Instrument, Item
from joinedup.survey.instrument import answering

DATA = Path(__file__).resolve().parents[2] / "data" / "responses"
BODY = (
    Item("trust", "select_one", "Have you a trust?", {"yes": "Yes", "no": "No"}),
    Group("more", (
        Item("why", "select_multiple", "Why?", {"law": "Law", "money": "Money"}),
        Item("money_text", "text", "What money?", relevant="selected(${why}, 'money')"),
    ), relevant="${trust} = 'yes'"),
    Item("staff", "integer", "Staff"),
)  # fmt: skip
FORM = Instrument("1", "Trusts", answering(BODY), BODY)
FIRST = {"trust": "yes", "why": "law money", "money_text": "Pooled", "staff": "3"}
NOT_ASKED = {"trust": "no", "why": "-10", "money_text": "-10", "staff": ""}


def rows(found: Responses | pa.Table) -> dict[str, dict[str, str]]:
    """Answers by response id."""
    table = found.table if isinstance(found, Responses) else found
    return {row.pop("response"): row for row in table.to_pylist()}


def answers(found: Responses, response: str) -> dict[str, str]:
    return {name: rows(found)[response][name] for name in FIRST}


def test_our_own_csv() -> None:
    found = read_responses(DATA / "own.csv", FORM)
    assert found.source == "joinedup"
    assert found.table.column_names == [
        "response", "person", "wave", "instrument_version", "trust", "why", "money_text", "staff", "_row",
    ]  # fmt: skip
    assert list(rows(found)) == ["r1", "r2", "r3", "r9"]
    assert answers(found, "r1") == {**FIRST, "money_text": "Pooled, twice"}
    assert rows(found)["r1"]["_row"] == 2
    assert answers(found, "r3") == {"trust": "-7", "why": "-10", "money_text": "-10", "staff": ""}
    assert answers(found, "r9") == {"trust": "yes", "why": "-8", "money_text": "-10", "staff": ""}
    assert found.left_behind == (
        LeftBehind(3, "r2", "money_text", "Stale answer"),
        LeftBehind(3, "r2", "why", "law"),
    )
    assert found.unused == ("shade",)
    assert [(refused.row, refused.reason) for refused in found.refused] == [
        (5, "trust: `maybe` is no option's code (`yes`, `no`)"),
        (6, "staff: `three` is no whole number"),
        (7, "it answers version `2` of the questionnaire, not `1`"),
        (8, "it has no response id"),
        (9, "it repeats row 2"),
        (10, "it has 3 cells where the heading has 9"),
    ]


def test_limesurvey() -> None:
    found = read_responses(DATA / "limesurvey.csv", FORM)
    assert found.source == "limesurvey"
    assert answers(found, "7") == {**FIRST, "money_text": "Two\nlines"}
    assert answers(found, "8") == NOT_ASKED
    assert rows(found)["7"]["person"] == "p1"
    assert "extra" in found.unused


def test_limesurvey_vv_tells_what_was_not_shown() -> None:
    form = Instrument(
        "1",
        "",
        tuple(Item(i.name, i.kind, "", {**i.options, "other": "Other"} if i.options else {}) for i in FORM.items),
    )
    found = read_responses(DATA / "limesurvey_vv.csv", form)
    assert answers(found, "7") == {**FIRST, "money_text": "Two\nlines {x}"}
    assert answers(found, "8") == {"trust": "other", "why": "-10", "money_text": "-10", "staff": "-10"}
    assert [row["_row"] for row in rows(found).values()] == [3, 4]


def test_qualtrics_previews_are_no_respondents() -> None:
    found = read_responses(DATA / "qualtrics.csv", FORM)
    assert found.source == "qualtrics"
    assert answers(found, "R_1") == {**FIRST, "staff": ""}
    assert [(one.row, one.reason.split(" (")[0]) for one in found.refused] == [
        (5, "it is a preview, not a respondent's"),
        (6, "trust: `-99` is no option's code"),
    ]
    told = read_responses(DATA / "qualtrics.csv", FORM, missing={"-99": "not answered"}, wave="w1")
    assert answers(told, "R_3") == {**NOT_ASKED, "trust": ""}
    assert {row["wave"] for row in rows(told).values()} == {"w1"}
    assert rows(told)["R_3"]["person"] == "p3"


@pytest.mark.parametrize(("file", "source", "ids"), [
    ("odk.csv", "odk", ("uuid:a", "uuid:c")),
    ("odata.json", "odata", ("uuid:a", "uuid:c")),
    ("kobo.csv", "odk", ("a", "b")),
])  # fmt: skip
def test_odk_and_kobo(file: str, source: str, ids: tuple[str, str]) -> None:
    found = read_responses(DATA / file, FORM)
    assert found.source == source
    assert tuple(rows(found)) == ids
    assert answers(found, ids[0]) == FIRST
    assert answers(found, ids[1]) == NOT_ASKED
    assert [one.reason for one in found.refused] == (["it was rejected at review"] if "uuid:a" in ids else [])


def test_odk_person_from_a_column() -> None:
    found = read_responses(DATA / "odk.csv", FORM, person="SubmitterName")
    assert [row["person"] for row in rows(found).values()] == ["p1", "p3"]


def test_kobo_options_in_columns_only(tmp_path: Path) -> None:
    text = (DATA / "kobo.csv").read_text("utf-8").replace('"more/why";', '"whole";')
    (tmp_path / "k.csv").write_text(text, encoding="utf-8")
    assert answers(read_responses(tmp_path / "k.csv", FORM), "a") == FIRST


def test_redcap_dictionary_and_data() -> None:
    form = read_dictionary(DATA / "redcap_dictionary.csv", "1")
    assert [(item.name, item.kind) for item in form.items] == [
        ("record_id", "text"), ("trust", "select_one"), ("why", "select_multiple"), ("money_text", "text"),
        ("staff", "integer"), ("total", "calculate"),
    ]  # fmt: skip
    assert form.items[3].relevant == "selected(${why}, '2') and ${trust} != '0'"
    assert form.launch_problems == ()
    found = read_responses(DATA / "redcap.csv", form)
    assert found.source == "redcap"
    table = rows(found)
    assert list(table) == ["1/baseline_arm_1", "1/followup_arm_1", "2/baseline_arm_1"]
    assert [row["why"] for row in table.values()] == ["1 2", "-8", "-10"]
    assert [row["money_text"] for row in table.values()] == ["Pooled", "-10", "-10"]


def test_redcap_logic() -> None:
    assert expression("[a(1)] = '0' or [b] > 3") == "not(selected(${a}, '1')) or ${b} > 3"
    with pytest.raises(StudyError, match="J083"):
        read_dictionary(DATA / "redcap.csv")


def test_spss_and_stata_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    for name in ("x.sav", "x.dta"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(UsageError, match="pip install pyreadstat"):
            read_responses(tmp_path / name, FORM)


def test_a_frame_of_codes() -> None:
    """What pyreadstat gives: floats, NaN where missing."""
    form = Instrument("1", "", (Item("q", "select_one", "", {"1": "Low", "2": "High"}), Item("n", "integer")))
    frame = pd.DataFrame(
        {"ID": [1.0, 2.0, 3.0], "q": [1.0, 2.0, 9.0], "n": [float("nan"), 4.0, 5.0], "w": ["a", "b", ""]}
    )
    raw = raw_of(frame, "x.sav", form, Options("", "", {}))
    found = responses_of(raw, form, "spss", Options(), ())
    assert [(row["q"], row["n"]) for row in rows(found).values()] == [("1", ""), ("2", "4")]
    assert [one.row for one in found.refused] == [3]
    with pytest.raises(StudyError, match="J082"):
        raw_of(frame.drop(columns="ID"), "x.sav", form, Options())


def test_the_same_file_again_changes_nothing() -> None:
    found = read_responses(DATA / "own.csv", FORM)
    first = add_responses(None, found)
    again = add_responses(first.table, read_responses(DATA / "own.csv", FORM))
    assert again.table.equals(first.table)
    assert (again.added, again.already) == (0, 4)


def test_a_changed_answer_is_refused_and_a_new_row_added(tmp_path: Path) -> None:
    text = (DATA / "own.csv").read_text("utf-8").replace("Pooled, twice", "Changed").replace("r3,", "new,")
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    first = add_responses(None, read_responses(DATA / "own.csv", FORM))
    then = add_responses(first.table, read_responses(tmp_path / "b.csv", FORM))
    assert (then.added, then.already) == (1, 2)
    assert then.refused[0].reason == "it was imported before with another answer to money_text"
    assert rows(then.table)["r1"]["money_text"] == "Pooled, twice"


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b"", "J081"),
        (b"a,b\n1,2\n", "J081"),
        (b"response,trust,trust\n1,yes,no\n", "J080"),
        (b"response,trust\n1,\xff\xfe\n", "J080"),
        (b"{", "J080"),
        (b"[1]", "J081"),
        (b"_uuid2,__version__,trust\n1,1,yes\n", "J082"),
    ],
)
def test_files_that_are_not_taken(content: bytes, number: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(content)
    with pytest.raises(StudyError, match=number):
        read_responses(tmp_path / "f.csv", FORM)


def test_what_the_caller_may_not_ask(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no file"):
        read_responses(tmp_path / "none.csv", FORM)
    with pytest.raises(UsageError, match="no source"):
        read_responses(DATA / "own.csv", FORM, "surveymonkey")
    with pytest.raises(UsageError, match="no missing kind"):
        read_responses(DATA / "own.csv", FORM, missing={"9": "lost"})


def test_codes_of_missing_answers(tmp_path: Path) -> None:
    form = Instrument("", "", (Item("q", "select_one", "", {"9": "Nine"}), Item("n", "integer"), Item("t", "text")))
    (tmp_path / "m.csv").write_text("response,q,n,t\nr1,9,9,9\n", encoding="utf-8")
    found = rows(read_responses(tmp_path / "m.csv", form, missing={"9": "refused"}))["r1"]
    assert (found["q"], found["n"], found["t"]) == ("9", "-7", "9")
    found = rows(read_responses(tmp_path / "m.csv", form, missing={"q:9": "don't know"}))["r1"]
    assert (found["q"], found["n"], found["t"]) == ("-8", "9", "9")


def test_utf16_and_tabs(tmp_path: Path) -> None:
    text = "response\ttrust\nr1\tyes\n"
    (tmp_path / "t.tsv").write_bytes(text.encode("utf-16"))
    found = read_responses(tmp_path / "t.tsv", FORM)
    assert rows(found)["r1"]["trust"] == "yes"
    assert found.absent == ("why", "money_text", "staff")
