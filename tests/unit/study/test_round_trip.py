"""Out of a folder and back: the same bytes for what was not edited, one file changed by one edit."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.finding import Affirmation
from joinedup.study.folder import read_folder, write_folder
from joinedup.study.folder.parts import parts, removed
from joinedup.study.folder.plan_lock import write_plan_lock
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.writer import folder_files
from joinedup.study.model import Study
from joinedup.study.plan_lock import PlanLock, plan_digest
from joinedup.study.problems import UsageError
from joinedup.study.site import Site
from joinedup.study.texts import Coding, Passage
from tests.folder_sample import FINDINGS, INSTRUMENT, STUDY, XLSX, put, read_instrument, sample


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return put(tmp_path / "study", sample())


@pytest.fixture
def study(source: Path) -> Study:
    return read_folder(source, read_instrument)[0]


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """The sample, with tables written in any way that people and programs write them."""
    files = sample()
    names = draw(st.lists(CELL, min_size=1, max_size=4))
    sep, end = draw(st.sampled_from([",", ";", "\t"])), draw(st.sampled_from(["\n", "\r\n"]))
    quoted = draw(st.booleans())

    def cell(text: str) -> str:
        must = quoted or any(sign in text for sign in ',;\t"\r\n') or text[:1] == "#"
        return '"' + text.replace('"', '""') + '"' if must else text

    header = draw(st.permutations(["site", "name", "note", "region"]))
    rows = [header, *([f"s{n}" if c == "site" else name for c in header] for n, name in enumerate(names))]
    body = end.join(sep.join(cell(text) for text in row) for row in rows) + draw(st.sampled_from(["", end]))
    comment = draw(st.sampled_from(["", "# by hand" + end, end]))
    bom = draw(st.sampled_from(["", "\ufeff"]))
    files["sites.csv"] = (bom + comment + body).encode("utf-8")
    files[f"other/{draw(st.integers(0, 99))}.bin"] = draw(st.binary(max_size=40))
    files["people.csv"] = draw(st.one_of(st.binary(max_size=60), st.just(files["people.csv"])))
    files["findings.toml"] = draw(st.sampled_from([FINDINGS, "# none\n", "broken"])).encode()
    return files


@settings(max_examples=60, deadline=None)
@given(folders())
def test_nothing_edited_is_byte_identical(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        study, _ = read_folder(put(top / "study", files), read_instrument)
        assert write_folder(study, top / "out", read_instrument=read_instrument) == ()
        assert contents(top / "out") == files


@settings(max_examples=60, deadline=None)
@given(folders(), CELL)
def test_one_edited_site_changes_one_file_and_is_read_back(files: dict[str, bytes], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        study, _ = read_folder(put(top / "study", files), read_instrument)
        first = study.sites[0]
        edited = replace(study, sites=(replace(first, name=first.name + "!" + name), *study.sites[1:]))
        assert write_folder(edited, top / "out", read_instrument=read_instrument) == ("sites.csv",)
        again, _ = read_folder(top / "out", read_instrument)
        assert [replace(site, row=0) for site in again.sites] == [replace(site, row=0) for site in edited.sites]
        assert {**contents(top / "out"), "sites.csv": files["sites.csv"]} == files


def test_the_canonical_form_of_every_part_reads_the_same(study: Study) -> None:
    for part in parts(study):
        alone = Reading({part.file: part.write(part.now)})
        assert part.bytes(alone) == alone.files[part.file], part.file
        assert alone.problems == []


def test_a_lock_that_was_lifted_leaves_no_file_and_one_changed_by_hand_stays(study: Study) -> None:
    plan = {"impact": {"years": 2}}
    lock = PlanLock("2006-01-01", plan_digest(plan, {}), plan)
    kept = {**study.files, "plan.lock": write_plan_lock(lock)}
    assert "plan.lock" in removed(replace(study, files=kept, plan_lock=None))
    assert "plan.lock" not in removed(replace(study, files=kept, plan_lock=lock))
    broken = {**study.files, "plan.lock": kept["plan.lock"].replace(b"years = 2", b"years = 3")}
    assert broken["plan.lock"] != kept["plan.lock"]
    assert "plan.lock" not in removed(replace(study, files=broken, plan_lock=None))
    assert "plan.lock" not in {part.file for part in parts(replace(study, files=broken, plan_lock=None))}


EDITS = {
    "study.toml": lambda s: replace(s, waves=(replace(s.waves[0], label="Début"), *s.waves[1:])),
    "people.csv": lambda s: replace(s, people=s.people[:1]),
    "survey/scales.toml": lambda s: replace(s, survey=replace(s.survey, scales=())),
    "survey/roster.csv": lambda s: replace(s, survey=replace(s.survey, roster=s.survey.roster[1:])),
    "texts/codebook.toml": lambda s: replace(s, texts=replace(s.texts, codes=s.texts.codes[::-1])),
    "texts/codings.jsonl": lambda s: replace(
        s, texts=replace(s.texts, codings=(*s.texts.codings, Coding(Passage("i1", 0, 1, "Q"), "board", "c1")))
    ),
    "partnership/provision.csv": lambda s: replace(
        s, partnership=replace(s.partnership, provision=(replace(s.partnership.provision[0], spend=3.25),))
    ),
    "indicators/indicators.toml": lambda s: replace(s, indicators=replace(s.indicators, price_base="2003")),
    "indicators/site-changes.csv": lambda s: replace(s, indicators=replace(s.indicators, site_changes=())),
    "findings.toml": lambda s: replace(s, claims=(replace(s.claims[0], limits='Few "sites"\n\\ only.'),)),
    "synthesis/joint-display.toml": lambda s: replace(s, synthesis={"joint-display": {"row": []}}),
    "references.bib": lambda s: replace(s, references=""),
}


@pytest.mark.parametrize("file", EDITS)
def test_an_edit_changes_its_file_alone_and_is_read_back(file: str, study: Study, tmp_path: Path) -> None:
    edited = EDITS[file](study)
    assert write_folder(edited, tmp_path / "out", read_instrument=read_instrument) == (file,)
    again, found = read_folder(tmp_path / "out", read_instrument)
    assert found == ()
    assert write_folder(replace(edited, files=again.files), tmp_path / "2", read_instrument=read_instrument) == ()
    assert b"\r" not in again.files[file] and not again.files[file].startswith(b"\xef\xbb\xbf")


def test_an_edited_table_of_values_is_written_with_its_marks(study: Study, tmp_path: Path) -> None:
    table = study.indicators.values["values.csv"]
    values = [*table.column("value").to_pylist()[:-1], "low"]
    edited = table.set_column(table.column_names.index("value"), "value", pa.array(values, pa.string()))
    changed = replace(study, indicators=replace(study.indicators, values={"values.csv": edited}))
    assert write_folder(changed, tmp_path / "out") == ("indicators/values.csv",)
    text = (tmp_path / "out/indicators/values.csv").read_text(encoding="utf-8")
    assert text.splitlines()[2:] == ["a,2004,looked_after,c", "b,2003,looked_after,7.5", "old,2003,looked_after,low"]


def test_affirmations_are_only_ever_appended(study: Study, tmp_path: Path) -> None:
    more = Affirmation("f1", "A. Person", "2006-02-01", "11")
    edited = replace(study, affirmations=(*study.affirmations, more))
    assert write_folder(edited, tmp_path / "out") == ("ledger/affirmations.jsonl",)
    data = (tmp_path / "out/ledger/affirmations.jsonl").read_bytes()
    assert data.startswith(study.files["ledger/affirmations.jsonl"])
    assert data.count(b"\n") == 2


def test_a_text_that_was_taken_out_leaves_no_copy(study: Study, tmp_path: Path) -> None:
    gone, kept = study.texts.texts
    edited = replace(study, texts=replace(study.texts, texts=(kept,)))
    assert write_folder(edited, tmp_path / "out") == (f"texts/frozen/{gone.sha256}.txt", "texts/texts.csv")


def test_a_wave_of_responses_that_was_taken_out_has_no_file(study: Study) -> None:
    edited = replace(study, survey=replace(study.survey, responses={}))
    assert "survey/responses-w1.csv" not in folder_files(edited)


def test_a_study_without_files_is_written_canonically(tmp_path: Path) -> None:
    study = Study(id="new", title="New", sites=(Site("a", 'A "quoted", name', extra={"note": "x\ny"}),))
    assert write_folder(study, tmp_path / "out") == ("sites.csv", "study.toml")
    again, found = read_folder(tmp_path / "out")
    assert found == () and again.title == "New"
    assert [replace(site, row=0) for site in again.sites] == list(study.sites)


def test_an_edited_questionnaire_needs_a_writer(study: Study, tmp_path: Path) -> None:
    edited = replace(study, survey=replace(study.survey, instrument=replace(INSTRUMENT, title="Other")))
    with pytest.raises(UsageError, match="questionnaire was edited"):
        write_folder(edited, tmp_path / "out", read_instrument=read_instrument)
    assert not (tmp_path / "out").exists()
    written = write_folder(
        edited, tmp_path / "out", read_instrument=read_instrument, write_instrument=lambda _: XLSX + b"2"
    )
    assert written == ("survey/instrument.xlsx",)


def test_an_earlier_export_is_written_over(study: Study, source: Path, tmp_path: Path) -> None:
    write_folder(study, tmp_path / "out", source=source)
    edited = replace(study, references="")
    assert write_folder(edited, tmp_path / "out", source=source) == ("references.bib",)
    assert write_folder(edited, tmp_path / "out", source=source) == ("references.bib",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study"]


def test_nothing_that_would_be_lost_is_written_over(study: Study, source: Path, tmp_path: Path) -> None:
    edited = replace(study, references="")
    before = contents(source)
    for out, own in ((source, source), (source / "below", source), (tmp_path, source), (source, None)):
        with pytest.raises(UsageError):
            write_folder(edited, out, source=own)
    assert contents(source) == before
    foreign = put(tmp_path / "foreign", {"thesis.docx": b"years of work"})
    hidden = put(tmp_path / "hidden", {".git/HEAD": b"ref"})
    changed = put(tmp_path / "changed", {**sample(), "study.toml": STUDY.encode() + b"# mine\n"})
    (tmp_path / "file").write_bytes(b"")
    for out in (foreign, hidden, changed, tmp_path / "file"):
        with pytest.raises(UsageError):
            write_folder(study, out, source=source)
    assert contents(foreign) == {"thesis.docx": b"years of work"}
    assert contents(changed)["study.toml"].endswith(b"# mine\n")


def test_a_path_out_of_the_folder_is_refused(study: Study, tmp_path: Path) -> None:
    for name in ("../out.txt", "/etc/out.txt", "a\\..\\..\\out.txt", "C:/out.txt"):
        with pytest.raises(UsageError, match="no path below"):
            write_folder(replace(study, files={**study.files, name: b""}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_half_written_when_the_disk_fails(
    study: Study, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_folder(study, out, source=source)
    before = contents(out)
    count = iter(range(100))

    def full(self: Path, data: bytes) -> int:
        if next(count) > 5:
            raise OSError(28, "No space left on device")
        return original(self, data)

    original = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="no space left"):
        write_folder(replace(study, references=""), out, source=source)
    monkeypatch.undo()
    assert contents(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study"]
