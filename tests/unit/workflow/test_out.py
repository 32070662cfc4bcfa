"""Where a release may be written: what can't be a folder is told at once, in a sentence, and a full disk is nobody's fault."""

import errno
import os
from pathlib import Path

import pytest

from joinedup.study.problems import UsageError
from joinedup.workflow import writing
from joinedup.workflow.opening import silent
from joinedup.workflow.releasing import check_release_out
from joinedup.workflow.writing import written_beside
from tests.survey_sample import small_study


def test_what_cannot_be_a_folder_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for out, says in ((file, "is a file"), (file / "below", "is a file"), (tmp_path / ("x" * 300), "No folder can be")):
        with pytest.raises(UsageError, match=says):
            check_release_out(out)
    check_release_out(tmp_path / "new" / "Bericht ü 報告")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nothing")
    with pytest.raises(UsageError, match="link to nothing"):
        check_release_out(link)


def test_a_full_disk_leaves_nothing_behind_and_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no space left on device"), written_beside(tmp_path / "out") as beside:
        (beside / "half").touch()
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_run_on_a_full_disk_is_told_and_leaves_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "out"
    out.mkdir()
    (out / "findings.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(writing, "write_json", full)
    with pytest.raises(UsageError, match=r"no space left on device.*what stood there is as it was"):
        writing.write_run(small_study(), {}, {}, out, silent)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "findings.json"]


def test_a_fault_of_ours_is_not_taken_for_one_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written_beside(tmp_path / "out") as beside:
        (beside / "nowhere" / "file").read_bytes()
    assert list(tmp_path.iterdir()) == []
