"""Cases, variables, notes and sets of a project come into a study and go out again; nothing that both can hold is lost."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.adapters.exchange.studies import project_of
from joinedup.adapters.refi_qda import read_project, write_project
from joinedup.study.problems import StudyError
from joinedup.texts.project import Case, CodeSet, Note, Project, ProjectCode, ProjectCoding, ProjectText, Variable
from joinedup.workflow.exchanging import codings_in, import_project, is_project
from joinedup.workflow.opening import open_study, read_study
from tests.unit.exchange.test_into_study import STUDY
from tests.unit.exchange.test_refi_qda import projects


def empty_study(folder: Path) -> Path:
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "sites.csv").write_text("site,name\ns1,Ashby\n", encoding="utf-8")
    return folder


def held_by_both(project: Project) -> dict[str, object]:
    """What a project and a study can both hold: texts are told by their ids, codes by their names and place."""
    words = {text.id: (text.id, text.content) for text in project.texts if text.content.strip()}
    names = {code.id: code for code in project.codes}

    def path(id: str) -> tuple[str, ...]:
        return (*path(names[id].parent), names[id].name) if id in names else ()

    notes = [
        (n.name, n.content, sorted(words[t] for t in n.texts if t in words), sorted(map(path, n.codes)))
        for n in project.notes
        if n.codes or not n.texts or set(n.texts) & set(words)
    ]
    return {
        "texts": set(words.values()),
        "values": {(words[t.id], k, v) for t in project.texts if t.id in words for k, v in t.variables.items() if k != "kind"},
        "codes": Counter(path(code.id) for code in project.codes),
        "codings": {
            (words[c.text], c.start, c.end, path(c.code), c.coder or "unknown", tuple(filter(None, (c.title, c.note))))
            for c in project.codings
        },
        "cases": {(c.name, c.description, frozenset(words[t] for t in c.texts if t in words)) for c in project.cases},
        "case values": {(c.name, k, v) for c in project.cases for k, v in c.variables.items()},
        "notes": sorted(notes),
        "sets": {(s.name, s.description, tuple(map(path, s.codes)), frozenset(words[t] for t in s.texts if t in words)) for s in project.sets},
    }  # fmt: skip


def flattened(found: dict[str, object]) -> dict[str, object]:
    """Titles and notes of codings stand in one note of the study, each once."""
    codings = found["codings"]
    assert isinstance(codings, set)
    said: dict[tuple[object, ...], list[str]] = {}
    for *place, notes in codings:
        said.setdefault(tuple(place), []).extend(part for note in notes for part in note.split("\n\n"))
    return {**found, "codings": {(*place, *sorted(set(notes))) for place, notes in said.items()}}


def doubled(project: Project, second: bool) -> Project:
    """With `second`, a further text with the words of the first, coded alike: a blank form is filled in twice."""
    if not second or not project.texts:
        return project
    first = project.texts[0]
    twin = replace(first, id="twin", name="twin.txt", guid="", description="", variables={})
    codings = [replace(one, text="twin", note="the twin's") for one in project.codings if one.text == first.id]
    return replace(project, texts=(*project.texts, twin), codings=(*project.codings, *codings))


@settings(max_examples=30, deadline=None)
@given(projects(), st.booleans())
def test_out_and_in_loses_nothing_that_both_can_hold(drawn: Project, twice: bool) -> None:
    given_ = doubled(drawn, twice)
    with tempfile.TemporaryDirectory() as name:
        file, study = Path(name, "p.qdpx"), empty_study(Path(name, "study"))
        write_project(given_, file)
        done = import_project(study, file, kind="interview")
        back = project_of(open_study(study))
        expected, found = flattened(held_by_both(read_project(file))), flattened(held_by_both(back))
        assert done.texts == len([text for text in given_.texts if text.content.strip()])
        described = [n for n in back.notes if n.name.startswith("Description of ")]
        found["notes"] = sorted(held_by_both(Project("", back.texts, back.codes, notes=tuple(n for n in back.notes if n not in described)))["notes"])  # type: ignore[call-overload]  # fmt: skip
        assert found == expected
        assert all(
            any(why in loss for why in ("place for them", "is empty", "did not come")) for loss in done.report.losses
        )
        again = import_project(study, file, kind="interview")
        assert (again.texts, again.codings, again.kept, again.noted) == (0, 0, 0, 0)
        out = Path(name, "out.qdpx")
        out.write_bytes(codings_in(open_study(study), "refi-qda"))
        third = import_project(study, out, kind="interview")
        assert (third.texts, third.codings, third.kept, third.noted) == (0, 0, 0, 0)


def sample() -> Project:
    text = ProjectText("talk", "talk", "We met.\n", description="A talk.", variables={"size": "3", "site": "s1"})
    case = Case("Ann", "a nurse", {"age": "40"}, ("talk",))
    return Project(
        "P",
        (text,),
        (ProjectCode("trust", "trust"),),
        cases=(case, Case("alone"), Case("s1", texts=("talk",), variables={"site name": "Ashby"})),
        variables=(Variable("size", "Integer", "how many"), Variable("never", "Text")),
        notes=(Note("on it", "All.", ("talk",), ("trust",)), Note("", "About the project.")),
        sets=(CodeSet("both", "d", ("trust",), ("talk",)), CodeSet("none")),
        description="What it is.",
    )


def test_each_thing_has_its_file_and_what_a_site_says_is_not_kept_twice(tmp_path: Path) -> None:
    folder, file = empty_study(tmp_path / "study"), tmp_path / "p.qdpx"
    write_project(sample(), file)
    done = import_project(folder, file, kind="interview")
    texts = open_study(folder).texts
    assert [(row.case, row.text, row.description) for row in texts.cases] == [
        ("Ann", "talk", "a nurse"),
        ("alone", "", ""),
    ]
    assert {(row.on, row.variable, row.value, row.type) for row in texts.variables} == {
        ("", "size", "how many", "Integer"),
        ("", "never", "", "Text"),
        ("text:talk", "size", "3", ""),
        ("case:Ann", "age", "40", ""),
    }
    assert [(row.set, row.member) for row in texts.sets] == [
        ("both", "code:trust"),
        ("both", "text:talk"),
        ("none", ""),
    ]
    assert [(memo.on, memo.by) for memo in texts.memos] == [
        (on, "p.qdpx") for on in ("text:talk", "code:trust", "study", "study", "text:talk")
    ]
    assert f"{2 + 4 + 3 + 5} rows of cases, variables, sets and memos were kept" in str(done)
    back = project_of(open_study(folder))
    assert Note("on it", "All.", ("talk",), ("trust",)) in back.notes
    assert {case.name for case in back.cases} == {"s1", "Ann", "alone"}
    assert CodeSet("none") in back.sets
    assert Variable("size", "Integer", "how many") in back.variables


def test_a_table_that_speaks_of_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    folder, file = empty_study(tmp_path / "study"), tmp_path / "p.qdpx"
    write_project(sample(), file)
    import_project(folder, file, kind="interview")
    for name, row in (("cases", "Ann,gone,"), ("variables", "text:gone,size,1,"), ("sets", "both,code:gone,")):
        table = folder / "texts" / f"{name}.csv"
        table.write_bytes(table.read_bytes() + f"{row}\n".encode())
    _, problems = read_study(folder)
    assert [(p.number, p.place.file) for p in problems] == [
        ("J305", "texts/cases.csv"),
        ("J306", "texts/sets.csv"),
        ("J305", "texts/variables.csv"),
    ]
    (folder / "texts" / "cases.csv").write_text("wrong\n", encoding="utf-8")
    with pytest.raises(StudyError):
        import_project(folder, file, kind="interview")


def sheet(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """The same rows as CSV or as a workbook, by the ending."""
    if path.suffix == ".csv":
        path.write_text("".join(",".join(row) + "\r\n" for row in rows), encoding="utf-8", newline="")
    else:
        from openpyxl import Workbook  # type: ignore[import-untyped]

        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_taguettes_lists_come_in_as_sheets_and_as_workbooks(ending: str, tmp_path: Path) -> None:
    folder, file = empty_study(tmp_path / "study"), tmp_path / "p.qdpx"
    write_project(sample(), file)
    import_project(folder, file, kind="interview")
    book = sheet(
        tmp_path / f"codebook{ending}",
        [
            ("tag", "description", "number of highlights", "number of documents"),  # as Taguette 1.5.2 writes it
            ("trust", "again", "2", "1"),
            ("people.met", "Who met.", "1", "1"),
        ],
    )
    done = import_project(folder, book)
    assert (done.texts, done.codes, done.codings) == (0, 1, 0)
    (code,) = [code for code in open_study(folder).texts.codes if code.id != "trust"]
    assert (code.label, code.definition) == ("people.met", "Who met.")
    marks = sheet(
        tmp_path / f"highlights{ending}", [("id", "document", "tag", "content"), ("1", "talk", "people.met", "We met.")]
    )
    assert (import_project(folder, marks).codings, import_project(folder, marks).codings) == (1, 0)
    (coding,) = open_study(folder).texts.codings
    assert (coding.passage.quote, coding.code) == ("We met.", code.id)
    assert not is_project(sheet(tmp_path / f"responses{ending}", [("response", "q1"), ("1", "2")]))


def test_a_note_that_only_another_project_has_joins_the_coding_and_twins_are_matched_one_for_one(
    tmp_path: Path,
) -> None:
    folder, code = empty_study(tmp_path / "study"), ProjectCode("trust", "trust")
    forms = (ProjectText("a", "a", "Blank.\n"), ProjectText("b", "b", "Blank.\n"))
    first = Project("P", forms, (code,), tuple(ProjectCoding(id, 0, 5, "Blank", "trust") for id in "ab"))
    write_project(first, tmp_path / "p.qdpx")
    assert import_project(folder, tmp_path / "p.qdpx", kind="interview").texts == 2
    noted = (ProjectCoding("b", 0, 5, "Blank", "trust", note="why so"),)
    write_project(replace(first, codings=noted), tmp_path / "q.qdpx")
    done = import_project(folder, tmp_path / "q.qdpx", kind="interview")
    assert (done.texts, done.codings, done.noted) == (0, 0, 1)
    assert "1 codings of the study were given further notes" in str(done)
    codings = open_study(folder).texts.codings
    assert [(one.passage.text, one.note) for one in codings] == [("a", ""), ("b", "why so")]
    other = replace(first, texts=(ProjectText("c", "c", "Blank.\n"),), codings=())
    write_project(other, tmp_path / "r.qdpx")
    done = import_project(folder, tmp_path / "r.qdpx", kind="interview")
    assert done.texts == 0
    assert any("Several texts of the study have the words" in flag for flag in done.report.flags)
