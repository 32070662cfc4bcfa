"""Reading official files as declared: periods, marks, lines, codes; and every mistake with its place, all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.official import attach
from joinedup.adapters.official.tables import period_of
from joinedup.indicators.panel import published, sources
from joinedup.study.dates import PeriodRule
from joinedup.study.indicators import Indicator
from joinedup.study.model import Indicators, Study, Texts
from joinedup.study.problems import StudyError, UsageError
from joinedup.study.result import Source
from joinedup.study.site import Site
from joinedup.study.texts import Code

PANEL = "\ufeffcode,short,name,level,year,count,rate\nA,1,Alpha,LA,2019,5,c\nB,2,Beta,LA,202021,,7.5\nE,9,England,National,2019,99,1\n"
TABLE = """
[[table]]
file = "panel.csv"
site = "code"
period = "year"
where = { level = "LA" }
values = { count = "looked_after", rate = "rate" }
"""


def study(declaration: str, sites: Iterable[str] = ("A", "B"), **parts: object) -> Study:
    march = PeriodRule("03-31", "03-31")
    names = ("looked_after", "rate", "spend")
    declared = tuple(Indicator(id, id.title(), "outcome", "children", march) for id in names)
    return Study(
        id="small",
        title="A small study (SIMULATED)",
        sites=tuple(Site(id, id) for id in sites),
        indicators=Indicators(declared),
        files={"data.toml": declaration.encode()},
        **parts,  # type: ignore[arg-type]
    )


def attached(tmp_path: Path, declaration: str, panel: str = PANEL, **parts: object) -> Study:
    (tmp_path / "panel.csv").write_text(panel, encoding="utf-8", newline="")
    return attach(study(declaration, **parts), tmp_path, lambda *_: None)  # type: ignore[arg-type]


def problems(tmp_path: Path, declaration: str, panel: str = PANEL, **parts: object) -> dict[str, str]:
    with pytest.raises(StudyError) as caught:
        attached(tmp_path, declaration, panel, **parts)
    return {problem.number: str(problem) for problem in caught.value.problems}


def test_values_marks_empty_cells_rows_and_digests(tmp_path: Path) -> None:
    found = attached(tmp_path, TABLE)
    frame = published(found, "rate")
    assert frame[["site", "period", "mark", "row", "file"]].values.tolist() == [
        ["A", "2019", "c", 2, "data:panel.csv"],
        ["B", "2021", "", 3, "data:panel.csv"],
    ]
    assert frame["value"].tolist()[1] == 7.5
    assert published(found, "looked_after")["value"].isna().tolist() == [False, True]
    assert sources(frame) == (Source("data:panel.csv", (2, 3), ("code", "year", "rate")),)
    assert list(found.settings["data"]["sha256"]) == ["data:panel.csv"]
    assert found.files["data:panel.csv"].decode() == PANEL


def test_a_declaration_file_may_be_absent_only_without_data(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"J100 data\.toml"):
        attach(Study(id="s", title="S"), tmp_path, lambda *_: None)
    with pytest.raises(UsageError, match="There is no folder"):
        attach(study(TABLE), tmp_path / "nowhere", lambda *_: None)


def test_a_workbook_with_headings_some_rows_down_and_lines_by_number_and_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Outturn"],
        [],
        ["LA ", "Line", "Service  text", "Total\nexpenditure"],
        [1, 12.0, "Total Children  Looked After", 100.5],
        [1, 13.0, "Total Children Looked After", 999.0],
        [2, 12.0, "Total Children Looked After ", "NULL"],
    ):
        sheet.append(row)
    book.save(tmp_path / "outturn.xlsx")
    declaration = """
[[codes]]
id = "short"
file = "panel.csv"
old = "short"
new = "code"
latest = "year"
[[table]]
file = "outturn.xlsx"
header = 3
site = "LA"
codes = "short"
of_period = "2012"
where = { Line = "12", "Service text" = "Total Children Looked After" }
values = { "Total expenditure" = "spend" }
marks = { NULL = "x" }
"""
    frame = published(attached(tmp_path, declaration), "spend")
    assert frame[["site", "period", "mark", "row"]].values.tolist() == [["A", "2012", "", 4], ["B", "2012", "x", 6]]
    assert frame["value"].iloc[0] == 100.5


def test_sites_of_the_file_join_those_of_the_study_which_stay_as_they_are(tmp_path: Path) -> None:
    declaration = '[sites]\nfile = "panel.csv"\nsite = "code"\nname = "name"\nprogramme = "rate"\n'
    found = attached(tmp_path, declaration, sites=["B"])
    assert [(site.id, site.name, site.role) for site in found.sites] == [
        ("B", "B", "programme"),
        ("A", "Alpha", "programme"),
        ("E", "England", "programme"),
    ]


def test_the_later_row_translates_a_code(tmp_path: Path) -> None:
    panel = "short,code,year,spend\n1,NEW,2020,\n1,OLD,2012,\n"
    (tmp_path / "spend.csv").write_text("LA,spend\n1,7\n3,8\n", encoding="utf-8")
    declaration = """
[[codes]]
id = "short"
file = "panel.csv"
old = "short"
new = "code"
latest = "year"
also = { 3 = "OTHER" }
[[table]]
file = "spend.csv"
site = "LA"
codes = "short"
of_period = "2012"
values = { spend = "spend" }
"""
    found = attached(tmp_path, declaration, panel, sites=["NEW", "OTHER"])
    assert published(found, "spend")["site"].tolist() == ["NEW", "OTHER"]


def test_all_problems_come_at_once_with_their_places(tmp_path: Path) -> None:
    panel = "code,level,year,count,rate\nA,LA,2019,5,n/a\nX,LA,2019,1,1\nB,LA,19-20,1,1\nA,LA,2019,6,2\n"
    declaration = TABLE.replace('rate = "rate"', 'rate = "rat"') + '[[table]]\nfile = "absent.csv"\nsite = "a"\n'
    declaration += 'of_period = "2019"\nvalues = { a = "spend" }\n'
    found = problems(tmp_path, declaration, panel)
    assert found["J104"].startswith("J104 data:panel.csv:2:rate: `n/a` is neither a number nor a status mark")
    assert found["J105"].startswith("J105 data:panel.csv:3:code: There is no site `X`")
    assert found["J106"].startswith("J106 data:panel.csv:4:year: `19-20` is no period")
    assert found["J108"].startswith("J108 data:panel.csv:5:")
    assert "Did you mean `rate`?" in found["J107"]
    assert found["J101"].startswith("J101 data:absent.csv")
    assert set(found) == {"J101", "J104", "J105", "J106", "J107", "J108"}


def test_a_missing_heading_and_a_line_that_was_renamed_name_the_nearest(tmp_path: Path) -> None:
    assert "Did you mean `count`?" in problems(tmp_path, TABLE.replace("count =", "counts ="))["J102"]
    assert (
        "No row has `La` in the column `level`. Did you mean `LA`?"
        in problems(tmp_path, TABLE.replace('"LA"', '"La"'))["J103"]
    )


@pytest.mark.parametrize(
    ("declaration", "told"),
    [
        ("[[table]]\nfile = ", "can't be read"),
        ("[[tabel]]\n", "There is no section `tabel`. Did you mean `table`?"),
        ('table = "x"\n', "is not a table"),
        (TABLE + 'sheets = "a"\n', "there is no key `sheets`. Did you mean `sheet`?"),
        (TABLE.replace('site = "code"\n', ""), "the key `site` is missing"),
        (TABLE + "header = true\n", "`header` must be a whole number"),
        (TABLE + 'of_period = "2019"\n', "give either `period`"),
        (TABLE.replace('where = { level = "LA" }', "where = { level = 1 }"), "`where` must be a table of texts"),
    ],
)
def test_an_unsound_declaration_is_a_problem(tmp_path: Path, declaration: str, told: str) -> None:
    assert told in problems(tmp_path, declaration)["J100"]


def test_a_broken_workbook_and_an_unknown_sheet_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    for file, sheet in (("a.xlsx", ""), ("b.xlsx", "None")):
        declaration = f'[[table]]\nfile = "{file}"\nsheet = "{sheet}"\nsite = "a"\nof_period = "2019"\nvalues = {{ a = "spend" }}\n'
        assert "The workbook can't be read" in problems(tmp_path, declaration)["J100"]


def test_the_deflator_and_its_base(tmp_path: Path) -> None:
    index = "year,gdp\n2018,98\n2019,100\n"
    declaration = '[deflator]\nfile = "panel.csv"\nperiod = "year"\nindex = "gdp"\nbase = "2019"\n'
    found = attached(tmp_path, declaration, index)
    assert found.indicators.deflator == {"2018": 98.0, "2019": 100.0}
    assert found.indicators.price_base == "2019"
    assert (
        "The base 2020 is not in the file" in problems(tmp_path, declaration.replace('"2019"', '"2020"'), index)["J106"]
    )


@given(st.integers(1900, 2098))
def test_a_pair_of_years_is_named_by_its_end(year: int) -> None:
    for sign in ("", "/", "-"):
        assert period_of(f"{year}{sign}{(year + 1) % 100:02d}") == str(year + 1)
        assert period_of(f"{year}{sign}{(year + 2) % 100:02d}") is None
    assert period_of(str(year)) == str(year)


@pytest.mark.parametrize("text", ["", "19", "2019.0", "Q1 2019", "20192"])
def test_what_is_no_period(text: str) -> None:
    assert period_of(text) is None


DOCUMENTS = """
[[documents]]
files = "docs/*.txt"
kind = "report"
name = '(?P<site>.+)_(?P<day>\\d{2})_(?P<month>[a-z0-9]+)_(?P<year>\\d{4})'
sites = { gamma = "B" }
source = "Open"
"""


def with_documents(tmp_path: Path, names: Iterable[str], monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("JOINEDUP_CACHE", str(tmp_path / "cache"))
    (tmp_path / "data" / "docs").mkdir(parents=True)
    for name in names:
        (tmp_path / "data" / "docs" / f"{name}.txt").write_text("Early help works.\n", encoding="utf-8")
    small = study(DOCUMENTS)
    sites = (Site("A", "Alpha & Omega"), Site("B", "Beta"))
    codes = Texts(codes=(Code("early_help", "Early help", keywords=("early help",)),))
    return attach(replace(small, sites=sites, texts=codes), tmp_path / "data", lambda *_: None)


def test_documents_are_named_dated_and_coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("gamma_01_03_2019", "alpha_&_omega_13_january_2023", "ALPHA_and_OMEGA_13_january_2023")
    found = with_documents(tmp_path, names, monkeypatch)
    assert [(text.id, text.site, text.date) for text in found.texts.texts] == [
        ("alpha-and-omega-2023-01-13", "A", "2023-01-13"),
        ("alpha-and-omega-2023-01-13-2", "A", "2023-01-13"),
        ("beta-2019-03-01", "B", "2019-03-01"),
    ]
    assert [coding.passage.quote for coding in found.texts.codings] == ["Early help works."] * 3
    assert all(coding.automatic for coding in found.texts.codings)
    assert found.texts.texts[2].source == "data:docs/gamma_01_03_2019.txt"


def test_documents_that_can_t_be_placed_are_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudyError) as caught:
        with_documents(tmp_path, ("noname", "delta_01_03_2019", "gamma_31_02_2019"), monkeypatch)
    assert [(problem.number, problem.place.file) for problem in caught.value.problems] == [
        ("J109", "data:docs/delta_01_03_2019.txt"),
        ("J109", "data:docs/gamma_31_02_2019.txt"),
        ("J109", "data:docs/noname.txt"),
    ]


def test_no_document_at_all_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudyError, match="No file in the data folder matches"):
        with_documents(tmp_path, (), monkeypatch)


def test_a_document_that_can_t_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOINEDUP_CACHE", str(tmp_path / "cache"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "gamma_01_03_2019.txt").write_bytes(b"")
    with pytest.raises(StudyError, match=r"J320 data:docs/gamma_01_03_2019\.txt"):
        attach(study(DOCUMENTS), tmp_path, lambda *_: None)
