"""Withdrawn consent: what a person said is nowhere any more - report, results, search, exports - and findings are marked."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import joinedup
from joinedup.cli import cli
from joinedup.study.exchanged import CaseText, SetMember, VariableValue
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.texts import Anchor, Memo
from joinedup.study.withdrawals import BLANK, Withdrawal
from joinedup.synthesis.findings import BROKEN
from joinedup.texts.turns import turns
from joinedup.texts.withdrawn import without_withdrawn
from joinedup.workflow.opening import read_study
from joinedup.workflow.withdrawing import withdraw

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "pathfinders"


def said(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A copy of the demonstration in which the person whom finding f3 quotes has withdrawn; who, and what they said."""
    folder = tmp_path_factory.mktemp("withdrawn") / "pathfinders"
    shutil.copytree(EXAMPLE, folder)
    study = joinedup.open_study(folder)
    claim = next(claim for claim in study.claims if claim.id == "f3")
    passage = next(piece.passage for piece in claim.evidence if piece.passage)
    person = next(one.person for one in study.texts.speakers if one.text == passage.text and one.person)
    said("withdraw", folder, "--person", person, "--by", "A. Reader", "--reason", "asked by letter", "--responses")
    return folder, person, passage.quote


def own_sentences(folder: Path, person: str) -> list[str]:
    """Sentences of more than forty characters that only this person says."""
    whole, _ = read_study(folder)
    left = joinedup.open_study(folder)
    texts = {one.text for one in whole.texts.speakers if one.person == person}
    others = "\n".join(text.content for text in left.texts.texts)
    sentences = [line for id in sorted(texts) for line in whole.text_by_id[id].content.split(". ") if len(line) > 40]
    return [line for line in sentences if line not in others]


def test_the_words_are_in_no_file_of_a_run_and_in_no_export(withdrawn: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, person, quote = withdrawn
    sentences = own_sentences(folder, person)
    assert sentences
    study = joinedup.open_study(folder)
    run = joinedup.run(study, out=tmp_path / "report")
    whole = ("--by", "A. Reader", "--reason", "for the team")
    for name in ("quotations-csv", "quotations-html", "matrix-csv"):
        said("export", folder, "--to", name, "--out", tmp_path / "report" / name)
        said("export", folder, "--to", name, "--out", tmp_path / "report" / f"whole-{name}", *whole)
    written = [path.read_text("utf-8") for path in sorted((tmp_path / "report").rglob("*")) if path.is_file()]
    assert not [line for line in sentences for text in written if line in text]
    assert run.findings["f3"].freshness == BROKEN
    assert any("was withdrawn" in reason for reason in run.findings["f3"].reasons)
    assert quote not in said("explain", folder, "f3")
    others = {id for id, finding in run.findings.items() if finding.freshness == BROKEN}
    assert others == {
        claim.id for claim in study.claims if any(p.passage and BLANK in p.passage.quote for p in claim.evidence)
    }


def test_offsets_stay_and_nobody_is_counted_for_who_withdrew(withdrawn: tuple[Path, str, str]) -> None:
    folder, person, _ = withdrawn
    whole, problems = read_study(folder)
    left = joinedup.open_study(folder)
    assert not problems
    assert [len(text.content) for text in whole.texts.texts] == [len(text.content) for text in left.texts.texts]
    assert person not in {one.person for one in left.texts.speakers}
    assert all(c.passage.quote == left.text_by_id[c.passage.text].content[c.passage.start : c.passage.end]
               for c in left.texts.codings)  # fmt: skip
    assert all(person not in table.column("person").to_pylist() for table in left.survey.responses.values())


def beside(study: Study, person: str) -> tuple[Study, Study, str]:
    """The study with notes and values beside the person's texts, what is left of it, and the id of one such text."""
    text = next(one.text for one in study.texts.speakers if one.person == person)
    other = next(one.id for one in study.texts.texts if one.id != text)
    alone = tuple(one for one in study.texts.speakers if one.text != text or one.person in ("", person))
    words = next(
        one.passage.quote for one in study.texts.codings if one.passage.text == text and len(one.passage.quote) > 40
    )
    start = study.text_by_id[text].content.index(words)
    on = ("study", f"text:{text}", f"text:{other}", f"passage:{text}:{start}-{start + 9}", f"passage:{other}:0-3")
    texts = replace(
        study.texts,
        speakers=alone,
        memos=tuple(Memo(one, "A", "2006-01-01", f"They said: {words} So be it.") for one in on),
        variables=(
            VariableValue(f"text:{text}", "age", "34"),
            VariableValue(f"text:{other}", "age", "51"),
            VariableValue("case:Jo", "role", "teacher"),
            VariableValue(f"case:{person}", "role", "teacher"),
            VariableValue("", "role", words, "Text"),
        ),
        cases=(CaseText("Jo", text, "tall"), CaseText("all", text), CaseText("all", other), CaseText(person, "")),
        sets=(SetMember("s", f"text:{text}", words), SetMember("s", f"text:{other}", words)),
        anchors=(Anchor(study.text_by_id[text].sha256, 0, "page 1"),),
    )
    before = replace(study, texts=texts, withdrawals=())
    gone = Withdrawal(person, "", "A", "2006-01-01", "letter")
    return before, without_withdrawn(replace(before, withdrawals=(gone,))), text


def test_what_stands_beside_the_texts_goes_with_them() -> None:
    study, _ = read_study(EXAMPLE)
    person = next(
        s.person for s in study.texts.speakers if s.person and any(c.passage.text == s.text and len(c.passage.quote) > 40
        and speaks(study, c.passage.text, c.passage.start) == s.person for c in study.texts.codings)
    )  # fmt: skip
    before, left, text = beside(study, person)
    assert next(one.variable + one.value for one in left.texts.variables) == "age51"
    assert {one.on for one in left.texts.variables} == {one.on for one in before.texts.variables[1::3] if one.on} | {""}
    assert [(one.case, text in one.text) for one in left.texts.cases] == [("all", False)]
    assert [one.member for one in left.texts.sets] == [before.texts.sets[1].member]
    assert [memo.on for memo in left.texts.memos] == ["study", before.texts.memos[2].on, before.texts.memos[4].on]
    written = [one.memo for one in left.texts.memos] + [one.description for one in left.texts.sets]
    assert all(BLANK in words for words in [*written, left.texts.variables[-1].value])
    assert all(memo.memo.startswith("They said: ") for memo in left.texts.memos)
    assert left.texts.anchors == before.texts.anchors, "pages hold no words, and a blanked text keeps its places"
    whole = Withdrawal("", text, "A", "2006-01-01", "letter")
    assert without_withdrawn(replace(before, withdrawals=(whole,))).texts.anchors == ()
    own = Anchor(
        before.texts.anchors[0].sha256, 0, "page 9", next(one.id for one in study.texts.texts if one.id != text)
    )
    twins = replace(before, texts=replace(before.texts, anchors=(own, replace(own, text=text))), withdrawals=(whole,))
    assert without_withdrawn(twins).texts.anchors == (own,), "a text of the same words keeps its own places"
    assert without_withdrawn(before) is before


def speaks(study: Study, text: str, at: int) -> str:
    who = {one.speaker: one.person for one in study.texts.speakers if one.text == text}
    found = [turn for turn in turns(study.text_by_id[text], frozenset(who)) if turn.words <= at < turn.end]
    return who[found[0].speaker] if found else ""


def test_the_folder_goes_out_whole_and_a_blanked_study_is_not_written(
    withdrawn: tuple[Path, str, str], tmp_path: Path
) -> None:
    folder, _, _ = withdrawn
    whole = {"by": "A. Reader", "reason": "for the archive of the team"}
    said(
        "export",
        folder,
        "--to",
        "folder",
        "--out",
        tmp_path / "copy",
        *(f"--{name}={one}" for name, one in whole.items()),
    )
    assert (tmp_path / "copy" / "ledger" / "withdrawals.jsonl").read_bytes() == (
        folder / "ledger" / "withdrawals.jsonl"
    ).read_bytes()
    from joinedup.workflow.exporting import export

    with pytest.raises(UsageError, match="whole=True"):
        export(joinedup.open_study(folder), "folder", tmp_path / "other", folder, **whole)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({}, "who or what"),
        ({"person": "p001", "text": "i001"}, "who or what"),
        ({"person": "nobody"}, "lists no person"),
        ({"text": "none"}, "lists no text"),
        ({"text": "i001", "responses": True}, "belongs to a person"),
        ({"person": "p001", "reason": " "}, "and why"),
    ],
)
def test_a_withdrawal_names_one_that_the_study_knows(named: dict[str, object], told: str, tmp_path: Path) -> None:
    study = joinedup.open_study(EXAMPLE)
    given = {"by": "A. Reader", "reason": "a letter", **named}
    with pytest.raises(UsageError, match=told):
        withdraw(tmp_path, study, **given)  # type: ignore[arg-type]
    assert not (tmp_path / "ledger").exists()


def test_a_withdrawal_is_recorded_whatever_else_is_wrong_with_the_study(tmp_path: Path) -> None:
    folder = tmp_path / "pathfinders"
    shutil.copytree(EXAMPLE, folder)
    (folder / "survey" / "roster.csv").write_text("nothing,that,belongs\n", encoding="utf-8")
    assert read_study(folder)[1]
    said("withdraw", folder, "--person", "p001", "--by", "A. Reader", "--reason", "a letter")
    assert '"p001"' in (folder / "ledger" / "withdrawals.jsonl").read_text(encoding="utf-8")


def test_a_ledger_edited_by_hand_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "pathfinders"
    shutil.copytree(EXAMPLE, folder)
    lines = [
        {"person": "p001", "text": "i001", "by": "A", "at": "2006-01-01", "reason": "r"},
        {"person": "", "text": "", "by": "A", "at": "2006-01-01", "reason": "r"},
        {"person": "pxxx", "text": "", "by": "", "at": "2006-01-01", "reason": "r"},
    ]
    (folder / "ledger").mkdir(exist_ok=True)
    ledger = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "ledger" / "withdrawals.jsonl").write_text(ledger, encoding="utf-8")
    _, problems = read_study(folder)
    found = [(one.number, one.place.row, one.place.column) for one in problems]
    assert {row for number, row, _ in found if number == "J614"} == {1, 2, 3}
    assert {column for number, row, column in found if row == 3} == {"person", "by"}
