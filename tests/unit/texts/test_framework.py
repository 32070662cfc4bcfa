"""The framework matrix: coverage, staleness, cases that are sites or people; its file and the memos'. SIMULATED texts."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from joinedup.study.folder.reading import Reading
from joinedup.study.folder.texts import FRAMEWORK, MEMOS, read_framework, read_memos
from joinedup.study.folder.writer import folder_files
from joinedup.study.model import Study
from joinedup.study.registry import KeyChecker
from joinedup.study.texts import Code, Coding, Framework, FrameworkCell, Memo, Passage
from joinedup.texts.checks import check
from joinedup.texts.framework import framework_cells, framework_result, matrix_table, work_table
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

TALK = make_text("i1", "A: Well?\nB: Trust is money. Money is time.\nC: Time again.\n")
OTHER = make_text("i2", "B: Trust is rare.\n", site="s2", row=3)
CODES = (Code("view", "View"), Code("trust", "Trust", parent="view"), Code("money", "Money"))
CODINGS = (
    code_quote(TALK, "Trust is money.", "trust", row=1),
    code_quote(TALK, "Money is time.", "money", row=2),
    code_quote(TALK, "Time again.", "view", row=3),
    code_quote(OTHER, "Trust is rare.", "trust", row=4),
)


def study(*cells: FrameworkCell, codings: tuple[Coding, ...] = CODINGS, cases: str = "site", **parts: object) -> Study:
    found = make_texts_study(
        [TALK, OTHER],
        codings,
        speakers={"i1": {"A": "", "B": "p1", "C": "p2"}, "i2": {"B": "p1"}},
        people=make_people([("p1", "w1", "s1", "nurse"), ("p2", "w1", "s1", "teacher")]),
        codes=CODES,
    )
    texts = dataclasses.replace(found.texts, framework=Framework(cases, (), cells), **parts)  # type: ignore[arg-type]
    return dataclasses.replace(found, texts=texts)


def cell(digest: str = "", *cites: Passage, case: str = "s1", code: str = "view") -> FrameworkCell:
    return FrameworkCell(case, code, "They trust.", cites or (CODINGS[0].passage,), digest, "ann")


def test_coverage_is_the_share_of_passages_that_are_cited_and_codes_below_count() -> None:
    (view, money, elsewhere) = framework_cells(study(cell()))
    assert (view.case, view.code, len(view.passages), view.cited, view.coverage) == ("s1", "view", 2, 1, 0.5)
    assert (money.code, money.coverage, money.state) == ("money", None, "no summary")
    assert (elsewhere.case, elsewhere.code) == ("s2", "view")


def test_a_summary_goes_stale_when_its_codings_move_and_only_then() -> None:
    now = framework_cells(study(cell()))[0]
    assert now.state == "not yet read against its passages"
    read = cell(now.digest)
    assert framework_cells(study(read))[0].state == "current"
    assert framework_cells(study(read, codings=tuple(reversed(CODINGS))))[0].state == "current"
    assert framework_cells(study(read, codings=(*CODINGS, code_quote(TALK, "Well?", "money"))))[0].state == "current"
    assert framework_cells(study(read, codings=CODINGS[1:]))[0].state == "stale"
    moved = dataclasses.replace(CODINGS[2], passage=Passage("i1", 44, 55, TALK.content[44:55]))
    assert framework_cells(study(read, codings=(*CODINGS[:2], moved)))[0].state == "stale"


def test_a_summary_that_cites_what_is_not_coded_so_is_stale() -> None:
    loose = cell(framework_cells(study(cell()))[0].digest, CODINGS[0].passage, CODINGS[1].passage)
    found = framework_cells(study(loose))[0]
    assert (found.loose, found.state) == (1, "stale")


def test_the_result_counts_and_its_keys_are_known() -> None:
    asked = study(cell(), cell(code="money", case="s1"))
    result = framework_result(asked)
    assert result is not None
    assert result.values["summaries"] == 2
    assert result.values["coverage"] == 1 / 3
    assert result.values["s1.view.coverage"] == 0.5
    assert result.sources_of("s1.view.passages")[0].rows == (1, 3)
    assert all(KeyChecker(asked).knows("texts.framework", key) for key in result.values)
    assert result.table()["summary"].tolist() == ["They trust.", "They trust."]
    assert framework_result(study()) is None


def test_where_cases_are_people_their_summaries_stay_out_of_the_report() -> None:
    asked = study(cell(case="p1"), cases="person")
    result = framework_result(asked)
    assert result is not None
    assert "They trust." not in str(result)
    assert result.values["p1.view.passages"] == 2
    assert result.values["p2.view.state"] == "no summary"
    assert work_table(framework_cells(asked)).rows[0][-1] == "They trust."


def test_the_matrix_says_which_summaries_are_not_current() -> None:
    table = matrix_table(study(), framework_cells(study(cell())))
    assert [name for _, name in table.columns] == ["Case", "View", "Money"]
    assert table.rows[0] == ("Site 1", "They trust. [not yet read against its passages]", "[1 passages, no summary]")
    assert table.rows[1] == ("Site 2", "[1 passages, no summary]", None)


def test_both_files_come_back_as_they_were_written() -> None:
    memos = (Memo("code:trust", "ann", "2004-07-01", 'Ask again: 👩🏽 "trust"?\nOr not.', 1),)
    asked = study(cell("0123456789abcdef"), memos=memos)
    files = folder_files(asked)
    reading = Reading(files)
    assert read_framework(reading) == asked.texts.framework
    assert read_memos(reading) == memos
    assert not reading.problems
    assert folder_files(dataclasses.replace(asked, files=files))[FRAMEWORK] == files[FRAMEWORK]
    plain = folder_files(study())
    assert FRAMEWORK not in plain
    assert MEMOS not in plain


def problems(asked: Study) -> list[str]:
    return [f"{p.number} {p.what}" for p in check(asked) if p.place.file in (FRAMEWORK, MEMOS)]


def test_a_sound_matrix_and_sound_memos_have_no_problem() -> None:
    on = ("study", "text:i1", "code:trust", "site:s1", "wave:w1", "person:p1", "passage:i1:0-3")
    memos = tuple(Memo(kind, "ann", "2004-07-01T10:00:00", "x", row) for row, kind in enumerate(on, 1))
    assert problems(study(cell("0123456789abcdef"), memos=memos)) == []


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (Framework("town"), "J317 `town` is no kind of case."),
        (Framework("site", ("x",)), "J306 `x` is no code of this study."),
        (Framework("site", (), (cell(case="s9"),)), "J124 `s9` is no site of this study."),
        (Framework("site", (), (cell(code="veiw"),)), "J306 `veiw` is no code of this study. Did you mean `view`?"),
        (Framework("site", ("money",), (cell(),)), "J317 `view` is no theme of the matrix, whose `codes` are `money`."),
        (Framework("site", (), (cell(), cell())), "J122 `s1, view` stands here a second time; first above."),
        (Framework("site", (), (cell("beef"),)), "J317 `beef` is no digest of 16 hexadecimal digits."),
        (Framework("site", (), (FrameworkCell("s1", "view"),)), "J317 The cell has no summary."),
        (Framework("site", (), (cell("", Passage("i1", 0, 2, "xx")),)), "J308 At 0-2 of `i1` stands `A:`, not `xx`."),
    ],
)
def test_what_is_wrong_with_a_matrix_is_said(matrix: Framework, says: str) -> None:
    found = study()
    texts = dataclasses.replace(found.texts, framework=matrix)
    assert problems(dataclasses.replace(found, texts=texts)) == [says]


@pytest.mark.parametrize(
    ("memo", "says"),
    [
        (Memo("code:turst", "a", "2004", "x"), "J318 The memo is on `code:turst`, which the study does not have. Did you mean `trust`?"),
        (Memo("passage:i1:5-900", "a", "2004", "x"), "J318 The memo is on `passage:i1:5-900`, which is no span of a text."),
        (Memo("the board", "a", "2004", "x"), "J318 `the board` is nothing that a memo can be on."),
        (Memo("study", "a", "soon", "x"), "J126 `soon` is no date."),
        (Memo("study", "a", "", "x"), "J126 The memo has no date."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_memo_is_said(memo: Memo, says: str) -> None:
    assert problems(study(memos=(memo,))) == [says]


def test_memos_are_nowhere_printed(root: Path) -> None:
    below = (root / "src/joinedup/report").rglob("*.py")
    assert not [path.name for path in below if ".memos" in path.read_text(encoding="utf-8")]
