"""The one-page brief for a site, which names no other, and the slides of the main findings."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import report_sample
from lxml import etree
from pypdf import PdfReader

from joinedup.adapters.render import render_brief, render_pptx
from joinedup.adapters.render.slides import CAPTION
from joinedup.report.brief import brief_document
from joinedup.report.model import Document, Figure, ValueRef, walk
from joinedup.study.analysis import make_result
from joinedup.study.problems import UsageError
from joinedup.study.result import Result, Value

LEVELS = report_sample.LEVELS
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def scores(second: str = "") -> dict[str, Result]:
    """Scores of the sample's eight sites; those of the second are the mark `second`."""
    values: dict[str, Value] = {"sites": 8, "programme_sites": 8, "raters": 56}
    for level, name in enumerate(LEVELS):
        values[f"{name}.mean"] = 3.33 + level / 10
        values |= {f"site.s{n}.{name}": 2.0 + n / 4 + level / 10 for n in range(1, 9)}
        values |= {f"site.s2.{name}": second} if second else {}
    result = make_result("survey.level-scores", values=values, methods="Means.", inputs="0" * 64)
    return {result.id: result}


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_brief_is_one_accessible_page_with_the_sites_own_values(tmp_path: Path) -> None:
    study, results = report_sample.study(), scores()
    out = render_brief(study, results, "s1", tmp_path / "brief-s1.pdf")
    assert out is not None
    told = words(out.read_bytes())
    assert "Brief for Ashby" in told
    assert "SIMULATED DATA" in told
    document = brief_document(study, results, "s1")
    assert document is not None
    refs = [part for part in walk(document.sections) if isinstance(part, ValueRef)]
    assert {"site.s1.governance", "governance.mean"} <= {part.key for part in refs}
    assert all(part.shown in told for part in refs)
    with pikepdf.open(out) as opened:
        assert len(opened.pages) == 1
        assert bool(opened.Root.MarkInfo.Marked)


def test_a_brief_names_no_other_site_and_none_of_their_values(tmp_path: Path) -> None:
    document = brief_document(report_sample.study(), scores(), "s1")
    assert document is not None
    told = str(document) + words((render_brief(report_sample.study(), scores(), "s1", tmp_path / "b.pdf") or tmp_path).read_bytes())  # fmt: skip
    assert not [name for name in report_sample.SITES[1:] if name in told]
    figure = next(part for part in walk(document.sections) if isinstance(part, Figure))
    assert {row["whose"] for row in figure.spec["data"]["values"]} == {"this site", "another site"}
    assert not re.search(r"\bs[2-8]\b", str(figure.spec))


@pytest.mark.parametrize("site", ["s1", "s2"])
def test_a_site_with_suppressed_scores_is_neither_told_them_nor_shown_to_others(site: str) -> None:
    document = brief_document(report_sample.study(), scores("c"), site)
    assert document is not None
    figures = [part for part in walk(document.sections) if isinstance(part, Figure)]
    keys = {part.key for part in walk(document.sections) if isinstance(part, ValueRef)}
    if site == "s2":
        assert not figures
        assert not [key for key in keys if key.endswith(LEVELS)]
        return
    dots = [row for row in figures[0].spec["data"]["values"] if row["level"] == "Governance"]
    assert len(dots) == 7


@pytest.mark.parametrize(
    ("asked", "answered", "whole", "told"),
    [
        (8, 6, 70, "6 of 8 people asked here answered the survey"),
        (8, "c", 70, "How many of the 8 people asked here answered is not shown"),
        ("c", "c", 70, "How many people were asked here and how many answered is not shown"),
        ("c", "c", "c", "for the numbers would tell of single persons."),
    ],
)
def test_a_brief_tells_suppressed_counts_in_a_sentence(
    asked: int | str, answered: int | str, whole: int | str, told: str
) -> None:
    values = {"site.s1.asked": asked, "site.s1.answered": answered, "people_asked": 80, "people_answered": whole}
    response = make_result("survey.response", values=values, methods="Counts.", inputs="0" * 64)
    document = brief_document(report_sample.study(), {response.id: response}, "s1")
    assert document is not None
    said = "".join(part.shown if isinstance(part, ValueRef) else getattr(part, "text", "") for part in walk(document.sections))  # fmt: skip
    assert told in said
    assert "c of" not in said
    assert ("in all sites 70 of 80 answered" in said) == (whole == 70)


def test_a_brief_of_a_place_that_is_no_site_is_refused() -> None:
    with pytest.raises(UsageError, match="no programme site 'elsewhere'"):
        brief_document(report_sample.study(), scores(), "elsewhere")


def test_there_is_no_brief_where_nothing_is_to_tell(tmp_path: Path) -> None:
    texts = replace(report_sample.study().texts, codings=())
    assert render_brief(report_sample.study(texts=texts), {}, "s1", tmp_path / "b.pdf") is None
    assert not (tmp_path / "b.pdf").exists()


@pytest.fixture(scope="module")
def pptx(document: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = render_pptx(document, tmp_path_factory.mktemp("slides") / "slides.pptx")
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def slides(pptx: dict[str, bytes]) -> dict[str, etree._Element]:
    return {name: etree.fromstring(pptx[name]) for name in pptx if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)}


def test_slides_hold_every_claim(pptx: dict[str, bytes]) -> None:
    told = " ".join(text.text or "" for slide in slides(pptx).values() for text in slide.iter(f"{DRAWING}t"))
    claims = [claim.claim for claim in report_sample.findings().values()]
    assert claims
    for claim in claims:
        assert claim.split("{")[0].strip()[:40] in told


def test_every_picture_of_a_slide_has_its_words(document: Document, pptx: dict[str, bytes]) -> None:
    pictures = [picture for slide in slides(pptx).values() for picture in slide.iter(f"{SLIDE}pic")]
    told = [picture.find(f"{SLIDE}nvPicPr/{SLIDE}cNvPr").get("descr") for picture in pictures]
    assert pictures
    assert set(told) <= {figure.alt for figure in document.figures}


def test_the_words_below_a_figure_are_small_enough_to_end_above_the_marks(pptx: dict[str, bytes]) -> None:
    pictured = [part for name, part in pptx.items() if name.startswith("ppt/slides/slide") and b"<p:pic>" in part]
    assert pictured
    assert all(CAPTION in part.partition(b'name="TextBox')[2] for part in pictured)


def test_every_slide_bears_the_marks_of_its_master(pptx: dict[str, bytes]) -> None:
    assert b"SIMULATED DATA" in pptx["ppt/slideMasters/slideMaster1.xml"]


def test_the_subtitle_stands_below_the_title_in_a_grey_that_can_be_read(pptx: dict[str, bytes]) -> None:
    layout = pptx["ppt/slideLayouts/slideLayout1.xml"]
    assert b"tint" not in layout.partition(b'name="Subtitle')[2].partition(b"</p:sp>")[0]
    for part in (layout, pptx["ppt/slides/slide1.xml"]):
        assert set(re.findall(rb'<a:off x="(\d+)" y="(?:1597819|2914650)"', part)) == {b"685800"}


def test_the_same_slides_are_the_same_bytes(document: Document, tmp_path: Path) -> None:
    first = render_pptx(document, tmp_path / "1.pptx").read_bytes()
    assert render_pptx(document, tmp_path / "2.pptx").read_bytes() == first
