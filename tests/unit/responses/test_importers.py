"""Responses from each program's layout (tests/data/responses, SIMULATED): taken, refused with a reason, left behind."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest

from joinedup.adapters.responses import LeftBehind, Responses, read_responses
from joinedup.adapters.responses.answers import responses_of
from joinedup.adapters.responses.dictionary import expression, read_dictionary
from joinedup.adapters.responses.labelled import raw_of
from joinedup.adapters.responses.merging import add_responses
from joinedup.adapters.responses.model import Options
from joinedup.study.problems import StudyError, UsageError
from joinedup.study.survey import Choice, Group, Instrument, Item
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


LABELLED = Instrument("1", "", (
    Item("q", "select_one", "", {"1": "Low", "2": "High"}),
    Item("n", "integer"),
    Item("why", "select_multiple", "", {"law": "Law", "money": "Money"}),
    Item("day", "date"),
    Item("t", "text"),
))  # fmt: skip
ANSWERED = {
    "ID": [1.0, 2.0, 3.0, 4.0],
    "who": ["p1", "p2", "p3", "p4"],
    "n": [4.0, float("nan"), 5.0, 7.0],
    "why_law": [1.0, 0.0, 1.0, float("nan")],
    "why_money": [1.0, 0.0, 0.0, float("nan")],
    "day": pd.to_datetime(["2005-01-02", None, "2005-01-03", None]),
    "t": ["Both", "", "\u00e9t\u00e9", ""],
    "weight": [1.5, 1.0, 0.5, 1.0],
}


@pytest.mark.parametrize("source", ["spss", "stata"])
def test_spss_and_stata_hold_codes_days_boxes_and_missing_kinds(source: str, tmp_path: Path) -> None:
    """Written by pyreadstat with value labels and user-missing values, as the programs themselves save them."""
    if source == "spss":
        file, codes = tmp_path / "x.sav", [1.0, 2.0, 98.0, 99.0]
        labels = {1: "Low", 2: "High", 98: "Don\u2019t know", 99: "Refused"}
        more = {"missing_ranges": {"q": [{"lo": 98, "hi": 99}]}}
        pyreadstat.write_sav(pd.DataFrame({**ANSWERED, "q": codes}), file, variable_value_labels={"q": labels}, **more)
    else:
        file, letters = tmp_path / "x.dta", [1, 2, "b", "a"]
        named = {1: "Low", 2: "High", "a": "Refused", "b": "Don't know"}
        more = {"missing_user_values": {"q": ["a", "b"]}}
        pyreadstat.write_dta(pd.DataFrame({**ANSWERED, "q": letters}), file, variable_value_labels={"q": named}, **more)
    found = read_responses(file, LABELLED, person="who", wave="w1")
    assert found.source == source
    assert found.refused == ()
    table = rows(found)
    assert [(row["person"], row["q"], row["n"], row["why"], row["day"], row["t"]) for row in table.values()] == [
        ("p1", "1", "4", "law money", "2005-01-02", "Both"),
        ("p2", "2", "", "", "", ""),
        ("p3", "-8", "5", "law", "2005-01-03", "\u00e9t\u00e9"),
        ("p4", "-7", "7", "", "", ""),
    ]
    assert found.unused == ("weight",)


def test_a_declared_missing_value_of_no_known_kind_is_asked_about(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1.0, 2.0], "q": [1.0, 2.0], "n": [3.0, 97.0]})
    ranges = {"n": [{"lo": 90, "hi": 99}]}
    pyreadstat.write_sav(frame, tmp_path / "x.sav", missing_ranges=ranges, variable_value_labels={"n": {97: "Other"}})
    found = read_responses(tmp_path / "x.sav", LABELLED)
    told = "n: the file declares `97` (Other) missing: say which kind that is, such as 97=refused"
    assert [(one.row, one.reason) for one in found.refused] == [(2, told)]
    again = rows(read_responses(tmp_path / "x.sav", LABELLED, missing={"n:97": "not applicable"}))
    assert again["2"]["n"] == "-9"


@pytest.mark.parametrize("name", ["x.sav", "x.dta"])
def test_a_broken_spss_or_stata_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no such file")
    with pytest.raises(StudyError, match="J080"):
        read_responses(tmp_path / name, LABELLED)


def test_a_person_column_that_is_not_there(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"id": [1.0]}), tmp_path / "x.sav")
    with pytest.raises(StudyError, match=r"J082.*who"):
        read_responses(tmp_path / "x.sav", LABELLED, person="who")


LIMITED = (
    Item("region", "select_one", "", {"north": "North", "south": "South"}, list_name="region"),
    Item("site", "select_one", "", {"a": "A", "b": "B"}, list_name="site", choice_filter="region = ${region}"),
    Item("staff", "integer", constraint=". >= 0 and . <= ${beds} * 2",
         constraint_messages={"": "Not more than two a bed."}),
    Item("beds", "integer", constraint=". < 100"),
    Group("child", (Item("age", "integer"),), repeat=True),
)  # fmt: skip
SITES = (Choice("a", {"": "A"}, {"region": "north"}), Choice("b", {"": "B"}, {"region": "south"}))
LIMITS = Instrument("1", "", answering(LIMITED), LIMITED, {"site": SITES})


def test_constraints_and_choice_filters_refuse_a_row(tmp_path: Path) -> None:
    lines = [
        "response,region,site,staff,beds",
        "r1,north,a,4,2",
        "r2,north,b,1,2",
        "r3,south,b,5,2",
        "r4,south,b,1,200",
    ]
    lines += ["r5,,,-8,", "r6,,a,1,2"]
    (tmp_path / "l.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_responses(tmp_path / "l.csv", LIMITS)
    assert [(one.row, one.reason) for one in found.refused] == [
        (3, "site: `b` was not offered after the other answers; offered were `a`"),
        (4, "staff: `5` is not allowed: Not more than two a bed."),
        (5, "beds: `200` is not allowed: the form says `. < 100`"),
        (7, "site: `a` was not offered after the other answers; no option was offered"),
    ]
    assert list(rows(found)) == ["r1", "r5"]


def test_answers_in_a_repeat_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("response,beds,age\nr1,2,7\n", encoding="utf-8")
    found = read_responses(tmp_path / "l.csv", LIMITS)
    assert found.repeated == ("age",)
    assert (rows(found)["r1"]["age"], rows(found)["r1"]["beds"]) == ("", "2")


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
