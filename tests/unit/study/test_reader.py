"""Reading a study folder: what becomes of each file, and how tables are written by people and programs."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.dates import PeriodRule
from joinedup.study.folder import arrowtables, read_folder
from joinedup.study.folder.arrowtables import read_table
from joinedup.study.folder.csvfile import Columns
from joinedup.study.folder.indicators import derived
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.tomlwriter import write_toml
from joinedup.study.problems import UsageError
from joinedup.study.survey import Scale
from joinedup.study.tomlplaces import toml_rows
from tests.folder_sample import INSTRUMENT, INTERVIEW, XLSX, put, read_instrument, sample

VALUES = Columns(("site", "period", "indicator", "value"), ("site", "period", "indicator", "value"))


def table(text: str, file: str = "indicators/v.csv") -> tuple[list[dict[str, object]], list[str]]:
    reading = Reading({file: text.encode("utf-8")})
    found = read_table(reading, file, VALUES)
    return ([] if found is None else derived(found).to_pylist()), [str(problem) for problem in reading.problems]


def test_the_sample_as_a_study(tmp_path: Path) -> None:
    study, found = read_folder(put(tmp_path, sample()), read_instrument)
    assert found == ()
    assert (study.id, study.programme.started, study.programme.simulated) == ("sample", "2003-07", True)
    assert [(s.id, s.name, s.case, s.extra, s.row) for s in study.sites] == [
        ("a", "Ashby", True, {"note": ""}, 2),
        ("b", "Burton; Old", False, {"note": "x"}, 3),
    ]
    assert study.survey.instrument == INSTRUMENT
    assert study.survey.scales == (Scale("board", "board", "governance", ("gov", "fro"), (), 1.0, 3.0),)
    assert study.survey.responses["w1"].to_pylist() == [
        {"response": "r1", "person": "p1", "wave": "w1", "instrument_version": "1"}
        | {"gov": "2", "fro": "3", "why": "two\r\nlines", "_row": 2}
    ]
    assert study.text_by_id["i1"].content == INTERVIEW
    assert [(c.passage.quote, c.cleared, c.row) for c in study.texts.codings] == [
        ("We meet every month.", False, 1),
        ("The board decides.", True, 2),
    ]
    assert [(p.spend, p.mark) for p in study.partnership.provision] == [(100.5, ""), (None, "c")]
    assert study.indicator_by_id["spend"].period == PeriodRule("04-01", "03-31")
    assert study.indicators.values["values.csv"].column("_mark").to_pylist() == [None, "c", None, ""]
    assert study.plan("impact")["draws"] == 99
    assert [piece.stance for piece in study.claims[0].evidence] == ["supports", "qualifies", "supports", "silent"]
    assert study.affirmations[0].finding == "gone"
    assert study.files["notes/unknown.txt"] == b"kept as it is"


def test_hidden_files_and_reports_are_no_part_of_a_study(tmp_path: Path) -> None:
    files = {**sample(), ".git/HEAD": b"", "texts/.hidden": b"", "sample-report/index.html": b"", "a/b-report/x": b"1"}
    study, found = read_folder(put(tmp_path, files), read_instrument)
    assert found == ()
    assert set(study.files) == set(sample()) | {"a/b-report/x"}


def test_no_folder_is_a_mistake_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_folder(tmp_path / "none")
    (tmp_path / "file").write_bytes(XLSX)
    with pytest.raises(UsageError, match="is a file"):
        read_folder(tmp_path / "file")


def test_an_empty_folder_lacks_both_study_and_sites(tmp_path: Path) -> None:
    assert [problem.number for problem in read_folder(tmp_path)[1]] == ["J001", "J121"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_line_ends_comments_and_marks(separator: str, end: str) -> None:
    lines = ["\ufeff# from, the; office", "value,site,period,indicator,note", "1e2,a,2003,x,n", "low,b,2003,x,", ",,,,"]
    rows, found = table(end.join(lines).replace(",", separator))
    assert found == []
    assert [(r["site"], r["value"], r["_number"], r["_mark"], r["_row"]) for r in rows] == [
        ("a", "1e2", 100.0, None, 3),
        ("b", "low", None, "low", 4),
    ]


@pytest.mark.parametrize(
    ("value", "number", "mark"),
    [
        ("12", 12.0, None),
        ("-0.5", -0.5, None),
        (" 7 ", 7.0, None),
        (".5", 0.5, None),
        ("", None, ""),
        (":", None, ":"),
        ("nan", None, None),
        ("inf", None, None),
        ("1e999", None, None),
        ("0x10", None, None),
        ("1_000", None, None),
        ("١٢", None, None),
        ("C", None, None),
    ],
)
def test_a_value_is_a_number_or_a_mark_or_neither(value: str, number: float | None, mark: str | None) -> None:
    rows, _ = table(f"site,period,indicator,value\na,2003,x,{value}\n")
    assert (rows[0]["_number"], rows[0]["_mark"], rows[0]["value"]) == (number, mark, value)


CELL = st.text(st.sampled_from("ab1 .é;,\t'"), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_both_readers_of_large_tables_agree(rows: list[list[str]], end: str, last: bool) -> None:
    clean = [[cell.replace(",", "") for cell in row] for row in rows]
    text = end.join(["site,period,indicator,value", *(",".join(row) for row in clean)]) + (end if last else "")
    fast = table(text)
    original = arrowtables._fast
    try:
        arrowtables._fast = lambda *_: None  # type: ignore[assignment]
        slow = table(text)
    finally:
        arrowtables._fast = original
    assert fast == slow
    assert [row["_row"] for row in fast[0]] == [n for n, row in enumerate(clean, 2) if any(row)]


def test_a_table_may_have_only_a_header() -> None:
    assert table("site,period,indicator,value") == ([], [])


def test_empty_columns_at_the_end_are_dropped() -> None:
    rows, found = table("site,period,indicator,value,,\na,2003,x,1,,\n")
    assert found == [] and len(rows) == 1


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
        st.recursive(
            st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.booleans(), st.integers(-99, 99))
            | st.floats(allow_nan=False, allow_infinity=False),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab c", min_size=1), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=4,
    )
)
def test_written_toml_is_read_back(data: dict[str, object]) -> None:
    import tomllib

    assert tomllib.load(io.BytesIO(write_toml(data))) == data


def test_places_of_toml() -> None:
    rows = toml_rows(b'a = 1\n[[f]]\nid = 1\n[[f.e]]\nx = """\n[no]\n"""\n[[f.e]]\ny = 2\n[[f]]\n[[f.e]]\n"q r" = 3\n')
    assert dict(rows) == {
        "a": 1,
        "f.1": 2,
        "f.1.id": 3,
        "f.1.e.1": 4,
        "f.1.e.1.x": 5,
        "f.1.e.2": 8,
        "f.1.e.2.y": 9,
        "f.2": 10,
        "f.2.e.1": 11,
        "f.2.e.1.q r": 12,
    }


def test_importing_the_folder_loads_no_data_library() -> None:
    code = (
        "import sys, joinedup.study.folder.reader, joinedup.study.folder.writer, joinedup.study.checks;"
        "print(sorted({'pandas', 'pyarrow', 'numpy', 'scipy', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
