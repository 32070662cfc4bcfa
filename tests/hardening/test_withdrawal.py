"""Withdrawn consent: what a person said is nowhere any more - report, results, search, exports - and findings are marked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import joinedup
from joinedup.cli import cli
from joinedup.study.problems import UsageError
from joinedup.study.withdrawals import BLANK
from joinedup.synthesis.findings import BROKEN
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
    for name in ("quotations-csv", "quotations-html", "matrix-csv"):
        said("export", folder, "--to", name, "--out", tmp_path / "report" / name)
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


def test_the_folder_goes_out_whole_and_a_blanked_study_is_not_written(
    withdrawn: tuple[Path, str, str], tmp_path: Path
) -> None:
    folder, _, _ = withdrawn
    said("export", folder, "--to", "folder", "--out", tmp_path / "copy")
    assert (tmp_path / "copy" / "ledger" / "withdrawals.jsonl").read_bytes() == (
        folder / "ledger" / "withdrawals.jsonl"
    ).read_bytes()
    from joinedup.workflow.exporting import export

    with pytest.raises(UsageError, match="whole=True"):
        export(joinedup.open_study(folder), "folder", tmp_path / "other", folder)


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
