"""Lists of quotations and the matrix of texts by codes: read back by other programs' readers. All words SIMULATED."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from joinedup.adapters.codings_out import (
    matrix_csv,
    quotations,
    quotations_csv,
    quotations_docx,
    quotations_html,
    quotations_xlsx,
)
from joinedup.adapters.extract import extract
from joinedup.study.model import Study
from joinedup.study.texts import Code
from joinedup.workflow.exchanging import codings_in
from joinedup.workflow.formats import CODINGS
from tests.unit.texts.small import PLAN, code_quote, make_people, make_text, make_texts_study

TALK = 'Interviewer: Well?\nAnna: =SUM(A1) is what we said, 😀 "truly".\nBen: And <money>, a & b.'


@pytest.fixture
def study() -> Study:
    talk, plan = make_text("t1", TALK), make_text("d1", "The plan is -5 apples.", PLAN, row=3)
    codings = (
        code_quote(talk, "=SUM(A1) is what we said", "sub", note="+note"),
        code_quote(talk, '"truly".\nBen: And <money>', "money"),
        code_quote(plan, "-5 apples", "money"),
        code_quote(plan, "-5 apples", "money", "bob"),
    )
    return make_texts_study(
        (talk, plan),
        codings,
        speakers={"t1": {"Interviewer": "", "Anna": "p1", "Ben": "p2"}},
        codes=(Code("money", "Money, all of it"), Code("sub", "@Sub", "What is below.", parent="money")),
        people=make_people([("p1", "w1", "s1", "nurse"), ("p2", "w1", "s1", "teacher")]),
        plan={"coders": ["ann"]},
    )


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_quotations_carry_the_attributes_of_text_site_and_speaker(study: Study) -> None:
    rows = read(quotations_csv(quotations(study)))
    assert [row["text"] for row in rows] == ["d1", "d1", "t1", "t1"]
    first, second = rows[2], rows[3]
    assert first["quote"] == "'=SUM(A1) is what we said"
    assert (first["code_label"], first["code_path"], first["note"]) == ("'@Sub", "Money, all of it > @Sub", "'+note")
    assert (first["person"], first["profession"], first["agency"]) == ("p1", "nurse", "agency of p1")
    assert second["profession"] == "nurse; teacher", "a passage in two turns"
    assert second["quote"] == '"truly".\nBen: And <money>'
    assert TALK[int(second["start"]) : int(second["end"])] == second["quote"]
    assert {row["coder"] for row in rows if row["text"] == "d1"} == {"ann", "bob"}
    assert first["site_name"]


def test_the_matrix_counts_the_reported_coder_and_keeps_empty_texts(study: Study) -> None:
    rows = read(matrix_csv(study, study.texts.texts, study.texts.codes))
    assert [(row["text"], row["code.money"], row["code.sub"]) for row in rows] == [("d1", "1", "0"), ("t1", "1", "1")]
    bare = read(
        matrix_csv(replace(study, texts=replace(study.texts, codings=())), study.texts.texts, study.texts.codes)
    )
    assert [row["code.money"] for row in bare] == ["0", "0"]


def test_a_workbook_types_text_as_text(study: Study) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(quotations_xlsx(quotations(study)))).active
    assert sheet is not None
    cells = list(sheet.iter_rows())
    head = [cell.value for cell in cells[0]]
    assert head == list(quotations(study).columns)
    quote = cells[3][head.index("quote")]
    assert (quote.value, quote.data_type, quote.quotePrefix) == ("=SUM(A1) is what we said", "s", True)
    assert isinstance(cells[3][head.index("start")].value, int)
    values = [[cell.value or "" for cell in row] for row in cells[1:]]
    assert values == [list(row) for row in quotations(study).rows]


def test_documents_hold_every_quotation(study: Study) -> None:
    page = quotations_html(study, quotations(study)).decode()
    assert "&lt;money&gt;" in page
    assert "<script" not in page
    words = extract(quotations_docx(study, quotations(study)), "q.docx").text
    for quote in ("=SUM(A1) is what we said", "-5 apples", "Money, all of it > @Sub (1)", "What is below."):
        assert quote in words
    assert "for release" in words


@pytest.mark.parametrize("to", [one for one in CODINGS if one not in ("refi-qda", "codebook-qdc")])
def test_the_same_study_gives_the_same_bytes_whatever_the_order(study: Study, to: str) -> None:
    turned = replace(study, texts=replace(study.texts, codings=study.texts.codings[::-1]))
    assert codings_in(study, to) == codings_in(study, to) == codings_in(turned, to)


def test_a_long_quote_is_cut_in_the_workbook_alone() -> None:
    text = make_text("t", "a" * 40_000)
    study = make_texts_study((text,), (code_quote(text, "a" * 40_000, "money"),))
    assert len(read(quotations_csv(quotations(study)))[0]["quote"]) == 40_000
    sheet = openpyxl.load_workbook(io.BytesIO(quotations_xlsx(quotations(study)))).active
    assert sheet is not None
    longest = max((str(cell.value) for row in sheet.iter_rows() for cell in row), key=len)
    assert (len(longest), longest[-1]) == (32_767, "…")
