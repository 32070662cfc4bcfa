"""Questionnaires, responses and open answers into a study folder: refusals, nothing changed twice, all or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from joinedup.adapters.xlsform import read_instrument
from joinedup.adapters.xlsform_writer import workbook_of
from joinedup.study.problems import StudyError, UsageError
from joinedup.study.survey import Choice, Group, Instrument, Item
from joinedup.survey.instrument import answering
from joinedup.workflow.importing import import_questionnaire, import_responses, open_answers_to_texts
from joinedup.workflow.launching import launch_notes, launch_problems, unreachable_items
from joinedup.workflow.opening import read_study
from tests.unit.workflow.test_command_line import joined

DATA = Path(__file__).resolve().parents[2] / "data" / "responses"
STUDY = """
id = "small"
title = "A small study (SIMULATED)"

[programme]
simulated = true

[[wave]]
id = "w1"
label = "First"
start = "2024-01"

[[wave]]
id = "w2"
label = "Second"
start = "2025-01"

[[kind]]
id = "open_answer"
label = "Open answer"
speakers = true

[[kind]]
id = "document"
label = "Document"
"""
BODY = (
    Item("trust", "select_one", "Have you a trust?", {"yes": "Yes", "no": "No"}, 2, {"": "Have you a trust?"},
         list_name="yn"),
    Item("why", "text", "Why?", {}, 3, {"": "Why?"}, relevant="${trust} = 'yes'"),
    Item("staff", "integer", "Staff", {}, 4, {"": "Staff"}, constraint=". < 100",
         constraint_messages={"": "Fewer than 100."}),
)  # fmt: skip
LISTS = {"yn": (Choice("yes", {"": "Yes"}, row=2), Choice("no", {"": "No"}, row=3))}
FORM = Instrument("1", "Trusts", answering(BODY), BODY, LISTS, ("",))
ROWS = ("r1,p1,w1,1,yes,Because,3", "r2,p2,w1,1,no,Stale,4", "r3,p3,w1,1,no,,400")


def form(path: Path, instrument: Instrument = FORM) -> Path:
    path.write_bytes(workbook_of(instrument))
    return path


def answers(path: Path, *rows: str) -> Path:
    head = "response,person,wave,instrument_version,trust,why,staff"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8", newline="\n")
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study with the questionnaire and a roster of p1 and p2."""
    folder = tmp_path / "study"
    (folder / "survey").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "sites.csv").write_text("site,name\ns1,Ashby\n", encoding="utf-8")
    roster = "wave,site,agency,role,person,outcome\nw1,s1,health,,p1,complete\nw1,s1,school,,p2,partial\n"
    (folder / "survey" / "roster.csv").write_text(roster, encoding="utf-8")
    people = "".join(f"{one},w1,s1,school,teacher,\n" for one in ("p1", "p2", "p4", "p5"))
    (folder / "people.csv").write_text(f"person,from_wave,site,agency,profession,role\n{people}", encoding="utf-8")
    import_questionnaire(folder, form(tmp_path / "form.xlsx"))
    return folder


def test_responses_come_in_with_what_was_refused_and_left_behind(folder: Path, tmp_path: Path) -> None:
    done = import_responses(folder, answers(tmp_path / "a.csv", *ROWS), wave="w1")
    assert (done.added, done.already, [one.row for one in done.refused]) == (2, 0, [4])
    now = files(folder)
    assert now["survey/responses-w1.csv"].decode().splitlines()[1:] == [
        "r1,p1,w1,1,yes,Because,3",
        "r2,p2,w1,1,no,-10,4",
    ]
    assert now["survey/refused-w1.csv"].decode().splitlines()[1:] == [
        "a.csv,4,r3,staff: `400` is not allowed: Fewer than 100."
    ]
    assert now["survey/left-behind-w1.csv"].decode().splitlines()[1:] == ["r2,why,Stale,a.csv,3"]
    assert now["survey/launched/version-1.xlsx"] == now["survey/instrument.xlsx"]
    assert read_study(folder)[1] == ()
    again = import_responses(folder, tmp_path / "a.csv", wave="w1")
    assert (again.added, again.already) == (0, 2)
    assert files(folder) == now


def test_new_rows_are_added_to_the_file_as_it_is(folder: Path, tmp_path: Path) -> None:
    by_hand = "# by hand\r\nstaff;trust;response;person;wave;instrument_version;why\r\n3;yes;r1;p1;w1;1;a;\r\n"
    target = folder / "survey" / "responses-w1.csv"
    target.write_bytes(by_hand.replace("a;\r\n", '"a;b"\r\n').encode())
    before = target.read_bytes()
    import_responses(folder, answers(tmp_path / "a.csv", "r2,p2,w1,,no,,4"), wave="w1")
    assert target.read_bytes() == before + b"4;no;r2;p2;w1;1;-10\r\n"


def test_rows_that_do_not_fit_the_wave_are_refused(folder: Path, tmp_path: Path) -> None:
    rows = ("r1,p1,w1,1,yes,a,1", "r2,p1,w1,1,yes,b,1", "r3,,w1,1,yes,c,1", "r4,p4,w2,1,yes,d,1", "r5,p5,,1,yes,e,1")
    done = import_responses(folder, answers(tmp_path / "a.csv", *rows), wave="w1")
    assert [(one.row, one.reason) for one in done.refused] == [
        (3, "`p1` has a response in this wave already, `r1`"),
        (4, "it names no person: say which column does (--person COLUMN)"),
        (5, "it belongs to wave `w2`, not `w1`"),
    ]
    assert (done.added, done.unrostered) == (2, ("p5",))
    problems = read_study(folder)[1]
    assert [(one.number, one.place.row) for one in problems if one.number == "J203"] == [("J203", 3)]


def test_a_file_of_which_every_row_is_refused_changes_nothing(folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    with pytest.raises(StudyError) as caught:
        import_responses(folder, answers(tmp_path / "a.csv", "r1,p1,w1,2,yes,,1", "r2,p2,w1,1,perhaps,,1"), wave="w1")
    assert [(one.number, one.place.row) for one in caught.value.problems] == [("J084", 2), ("J084", 3)]
    with pytest.raises(StudyError, match="holds no response"):
        import_responses(folder, answers(tmp_path / "a.csv"), wave="w1")
    assert files(folder) == before


@pytest.mark.parametrize("file", ["limesurvey.csv", "qualtrics.csv", "odk.csv", "kobo.csv", "odata.json", "redcap.csv"])
def test_every_program_reaches_the_folder(file: str, folder: Path, tmp_path: Path) -> None:
    """The files of tests/data/responses, as each program writes them, against a form with their questions."""
    yes_no, why = {"yes": "Yes", "no": "No"}, {"law": "Law", "money": "Money"}
    if file == "redcap.csv":
        import_questionnaire(folder, DATA / "redcap_dictionary.csv")
    else:
        body = (
            Item("trust", "select_one", "Trust", yes_no, labels={"": "Trust"}, list_name="yn"),
            Group("more", (Item("why", "select_multiple", "Why", why, labels={"": "Why"}, list_name="why"),
                           Item("money_text", "text", "M", labels={"": "M"}, relevant="selected(${why}, 'money')")),
                  relevant="${trust} = 'yes'"),
            Item("staff", "integer", "Staff", labels={"": "Staff"}),
        )  # fmt: skip
        lists = {"yn": LISTS["yn"], "why": tuple(Choice(code, {"": label}) for code, label in why.items())}
        import_questionnaire(
            folder, form(tmp_path / "f.xlsx", Instrument("1", "T", answering(body), body, lists, ("",)))
        )
    person = {"odk.csv": "SubmitterName", "odata.json": "__id", "kobo.csv": "_uuid", "redcap.csv": ""}.get(file, "")
    options: dict[str, Any] = {"wave": "w2", "person": person, "missing": {"-99": "not answered"}}
    done = import_responses(folder, DATA / file, **options)
    assert done.added > 0
    now = files(folder)
    assert import_responses(folder, DATA / file, **options).added == 0
    assert files(folder) == now
    study = read_study(folder)[0]
    assert study.survey.responses["w2"].num_rows == done.added


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_spss_and_stata_by_the_command_line(ending: str, folder: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [7.0, 8.0], "who": ["p1", "p2"], "trust": ["yes", "no"], "staff": [3.0, 99.0]})
    write = pyreadstat.write_sav if ending == "sav" else pyreadstat.write_dta
    write(frame, tmp_path / f"x.{ending}")
    options = ("--wave", "w1", "--person", "who", "--missing", "staff:99=don't know")
    done = joined("import", f"x.{ending}", "--into", "study", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = (folder / "survey" / "responses-w1.csv").read_text("utf-8").splitlines()
    assert rows[1:] == ["7,p1,w1,1,yes,,3", "8,p2,w1,1,no,-10,-8"]


def test_no_import_leads_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    toml = folder / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "w2"', 'id = "x/../../../out"'), encoding="utf-8")
    rows = answers(tmp_path / "a.csv", "r1,p1,,1,yes,,1")
    with pytest.raises(UsageError, match="lies outside"):
        import_responses(folder, rows, wave="x/../../../out")
    assert not list(tmp_path.glob("*out*"))


def test_an_import_tells_what_it_did(folder: Path, tmp_path: Path) -> None:
    body = (*BODY, Group("child", (Item("age", "integer", "Age", {}, 8, {"": "Age"}),), repeat=True, row=7, end=9))
    import_questionnaire(folder, form(tmp_path / "new.xlsx", replace(FORM, body=body, items=answering(body))))
    lines = ["response,person,trust,why,age,shade", "r1,p1,yes,a,7,x", "r2,p9,no,b,8,y"]
    lines += [f"r{n},p{n},perhaps,,,z" for n in range(3, 25)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = joined("import", "a.csv", "--into", "study", "--wave", "w1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[:3] == [
        "survey/responses-w1.csv: 2 responses added, 0 responses there already (a.csv, joinedup).",
        "22 rows refused (survey/refused-w1.csv):",
        "  a.csv:4: trust: `perhaps` is no option's code (`yes`, `no`)",
    ]
    assert said[22:] == [
        "  and 2 rows more, each with its reason in that file",
        "1 answer to questions that were not asked: kept apart, never analysed (survey/left-behind-w1.csv).",
        "Questions in a repeat, whose answers are not taken: `age`.",
        "Questions without a column in the file: `staff`.",
        "Columns that are no question: `shade`.",
        "Not on the roster of w1, which `joinedup check` reports: `p9`.",
    ]
    assert (folder / "survey" / "refused-w1.csv").read_text("utf-8").count("\n") == 23


def test_what_the_study_does_not_know(folder: Path, tmp_path: Path) -> None:
    file = answers(tmp_path / "a.csv", *ROWS)
    with pytest.raises(UsageError, match="no wave of this study"):
        import_responses(folder, file, wave="w9")
    (folder / "survey" / "instrument.xlsx").unlink()
    with pytest.raises(UsageError, match="--instrument"):
        import_responses(folder, file, wave="w1")


def test_a_launched_form_is_frozen(folder: Path, tmp_path: Path) -> None:
    import_responses(folder, answers(tmp_path / "a.csv", *ROWS), wave="w1")
    before = files(folder)
    body = (replace(BODY[0], label="A trust?", labels={"": "A trust?"}), *BODY[1:])
    edited = replace(FORM, body=body, items=answering(body))
    with pytest.raises(StudyError, match="J210"):
        import_questionnaire(folder, form(tmp_path / "edited.xlsx", edited))
    shorter = replace(FORM, version="2", body=BODY[:2], items=BODY[:2])
    with pytest.raises(StudyError, match="J209"):
        import_questionnaire(folder, form(tmp_path / "shorter.xlsx", shorter))
    assert files(folder) == before
    assert import_questionnaire(folder, form(tmp_path / "second.xlsx", replace(edited, version="2"))).new
    assert files(folder)["survey/launched/version-1.xlsx"] == before["survey/instrument.xlsx"]
    with pytest.raises(StudyError, match="J210"):  # back to version 1, but edited
        import_questionnaire(folder, tmp_path / "edited.xlsx")
    assert import_questionnaire(folder, tmp_path / "form.xlsx").new
    assert not import_questionnaire(folder, tmp_path / "form.xlsx").new


def test_an_edit_by_hand_after_the_launch_is_a_problem(folder: Path, tmp_path: Path) -> None:
    import_responses(folder, answers(tmp_path / "a.csv", *ROWS), wave="w1")
    body = (replace(BODY[0], required="yes"), *BODY[1:])
    form(folder / "survey" / "instrument.xlsx", replace(FORM, body=body, items=answering(body)))
    (problem,) = read_study(folder)[1]
    assert (problem.number, problem.place.row, problem.place.column) == ("J210", 2, "required")
    with pytest.raises(StudyError, match="J210"):
        import_responses(folder, answers(tmp_path / "b.csv", "r9,p9,w1,1,yes,,1"), wave="w1")


def test_an_unsound_form_and_no_form(folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    body = (Item("q", "integer", "Q", labels={"": "Q"}, relevant="${nowhere} = 1"),)
    with pytest.raises(StudyError, match="J099"):
        import_questionnaire(folder, form(tmp_path / "bad.xlsx", Instrument("1", "", body, body)))
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    with pytest.raises(StudyError, match="J090"):
        import_questionnaire(folder, tmp_path / "x.xlsx")
    with pytest.raises(UsageError, match="is no file"):
        import_questionnaire(folder, tmp_path / "nowhere.xlsx")
    assert files(folder) == before


def test_a_data_dictionary_has_the_version_of_its_content(folder: Path, tmp_path: Path) -> None:
    first = import_questionnaire(folder, DATA / "redcap_dictionary.csv").instrument
    assert len(first.version) == 12
    assert read_instrument(folder / "survey" / "instrument.xlsx") == first
    other = (DATA / "redcap_dictionary.csv").read_text("utf-8").replace("Have you a trust?", "A trust?")
    assert other != (DATA / "redcap_dictionary.csv").read_text("utf-8")
    (tmp_path / "redcap_dictionary.csv").write_text(other, encoding="utf-8")
    assert import_questionnaire(folder, tmp_path / "redcap_dictionary.csv").instrument.version != first.version


def test_launch_problems_are_notes(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder)[0]
    assert (launch_problems(study), unreachable_items(study), list(launch_notes(study))) == ((), (), [])
    body = (
        *BODY,
        Item("never", "text", "Never", {}, 5, {"": "Never"}, relevant="${trust} = 'perhaps'"),
        Item("sum", "calculate", "", {}, 6, calculation="pulldata('a', 'b', 'c', 'd')"),
        Group("child", (Item("age", "integer", "Age", {}, 8, {"": "Age"}),), repeat=True, row=7, end=9),
    )
    import_questionnaire(
        folder, form(tmp_path / "new.xlsx", replace(FORM, version="", body=body, items=answering(body)))
    )
    done = joined("check", "study", cwd=folder.parent)
    assert done.returncode == 0
    assert "is sound" in done.stdout
    notes = done.stdout.splitlines()[1:]
    assert notes == [
        "The questionnaire can't be launched (3 reasons):",
        "  settings:version: the questionnaire has no version, so that a later edit could not be told from this form.",
        "  survey:6:calculation: the function pulldata() does not run here.",
        "  survey:7:type: answers in a repeat can't be brought into a study: a row of responses has one place for a "
        "question.",
        "Nobody can be asked never (survey:5): its condition is never true.",
    ]
    (folder / "sites.csv").write_text("site,name\ns2,Ashby\n", encoding="utf-8")
    unsound = joined("check", "study", cwd=folder.parent)
    assert (unsound.returncode, unsound.stdout.splitlines()) == (3, notes)


def test_open_answers_become_texts_once(folder: Path, tmp_path: Path) -> None:
    rows = ("r1,p1,w1,1,yes,Because\u0301,3", 'r2,p2,w1,1,yes,"No, but\r\nlater",4')
    import_responses(folder, answers(tmp_path / "a.csv", *rows), wave="w1")
    first = open_answers_to_texts(folder, wave="w1", kind="open_answer")
    assert (first.added, first.already) == (2, 0)
    study, problems = read_study(folder)
    assert problems == ()
    assert [(one.id, one.kind, one.site, one.wave, one.content) for one in study.texts.texts] == [
        ("open-w1-p1-why", "open_answer", "s1", "w1", "p1: Becaus\u00e9\n"),
        ("open-w1-p2-why", "open_answer", "s1", "w1", "p2: No, but\nlater\n"),
    ]
    assert [(one.text, one.speaker, one.person) for one in study.texts.speakers] == [
        ("open-w1-p1-why", "p1", "p1"), ("open-w1-p2-why", "p2", "p2"),
    ]  # fmt: skip
    assert [anchor.place for anchor in study.texts.anchors] == ["responses-w1.csv!F2", "responses-w1.csv!F3"]
    before = files(folder)
    assert open_answers_to_texts(folder, wave="w1", kind="open_answer").added == 0
    assert files(folder) == before
    target = folder / "survey" / "responses-w1.csv"
    target.write_text(target.read_text("utf-8").replace("later", "never"), encoding="utf-8", newline="\n")
    before = files(folder)
    with pytest.raises(UsageError, match="never replaced"):
        open_answers_to_texts(folder, wave="w1", kind="open_answer")
    assert files(folder) == before


def test_open_answers_that_can_not_be_texts(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no survey/responses-w1\.csv"):
        open_answers_to_texts(folder, wave="w1", kind="open_answer")
    import_responses(folder, answers(tmp_path / "a.csv", *ROWS), wave="w1")
    (folder / "people.csv").write_text("person,from_wave,site,agency,profession\np2,w1,s1,a,b\n", encoding="utf-8")
    before = files(folder)
    for wave, kind, sentence in (("w9", "open_answer", "no wave"), ("w1", "interview", "no kind"),
                                 ("w1", "document", "speakers = true")):  # fmt: skip
        with pytest.raises(UsageError, match=sentence):
            open_answers_to_texts(folder, wave=wave, kind=kind)
    with pytest.raises(StudyError, match="J127"):  # p1 is no person of people.csv
        open_answers_to_texts(folder, wave="w1", kind="open_answer")
    assert files(folder) == before


@pytest.mark.parametrize("operation", ["open", "replace"])
def test_a_write_that_fails_at_any_point_leaves_the_old_state(
    operation: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tables that are there are both replaced: the first comes back where the second fails."""
    import_responses(folder, answers(tmp_path / "a.csv", ROWS[0], ROWS[2]), wave="w1")
    open_answers_to_texts(folder, wave="w1", kind="open_answer")
    import_responses(folder, answers(tmp_path / "b.csv", "r2,p2,w1,1,yes,More,4"), wave="w1")
    before = files(folder)
    real = {"open": Path.open, "replace": Path.replace}[operation]
    for fails_at in (1, 2, 3):
        count = 0

        def broken(self: Path, *args: Any, fails_at: int = fails_at, **named: Any) -> object:
            nonlocal count
            if self.name.endswith(".partial"):
                count += 1
                if count == fails_at:
                    raise OSError(28, "No space left on device")
            return real(self, *args, **named)

        with monkeypatch.context() as patch:
            patch.setattr(Path, operation, broken)
            with pytest.raises(UsageError, match="no space left on device"):
                open_answers_to_texts(folder, wave="w1", kind="open_answer")
        assert count == fails_at
        assert files(folder) == before
    assert open_answers_to_texts(folder, wave="w1", kind="open_answer").added == 1


def test_the_command_line_says_what_a_file_must_be(folder: Path, tmp_path: Path) -> None:
    answers(tmp_path / "a.csv", "r1,p1,w1,1,perhaps,,1")
    home = folder.parent
    for options, code, sentence in (
        ([], 2, "--wave WAVE for responses"),
        (["--wave", "w1", "--site", "s1"], 2, "--site means nothing"),
        (["--kind", "document", "--person", "x"], 2, "--person means nothing"),
        (["--instrument", "--wave", "w1"], 2, "--wave means nothing"),
        (["--wave", "w1", "--missing", "99"], 2, "--missing CODE=KIND"),
        (["--wave", "w1", "--missing", "99=lost"], 2, "no missing kind"),
        (["--wave", "w1", "--from", "spss"], 4, "J080"),
        (["--wave", "w1"], 4, "J084 a.csv:2: Refused: trust: `perhaps` is no option"),
        (["--instrument"], 4, "J083"),
        (["--kind", "document"], 0, "a: "),
    ):  # fmt: skip
        done = joined("import", "a.csv", "--into", "study", *options, cwd=home)
        assert (done.returncode, sentence in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_exports_of_the_questionnaire(folder: Path) -> None:
    home = folder.parent
    for to, name in (("instrument", "out.xlsx"), ("paper", "paper.html"), ("codebook", "codebook.html")):
        for _ in range(2):
            done = joined("export", "study", "--to", to, "--out", name, cwd=home)
            assert done.returncode == 0, done.stderr
    assert (home / "out.xlsx").read_bytes() == (folder / "survey" / "instrument.xlsx").read_bytes()
    paper = (home / "paper.html").read_text("utf-8")
    assert "SIMULATED DATA" in paper
    assert "<script" not in paper
    assert "Only if question 1 is “Yes”." in paper
    assert "1. Have you a trust?" in (home / "codebook.html").read_text("utf-8")
    for arguments, sentence in (
        (("--to", "paper", "--out", "out.xlsx"), "no earlier export"),
        (("--to", "paper", "--out", "study/form.html"), "in the study itself"),
        (("--to", "paper", "--out", "study"), "is a folder"),
        (("--to", "paper", "--out", "p.html", "--language", "de"), "The form has no 'de'"),
        (("--to", "codebook", "--out", "p.html", "--language", "fr"), "--to paper"),
    ):
        done = joined("export", "study", *arguments, cwd=home)
        assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
