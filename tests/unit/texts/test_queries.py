"""Queries: the language, marked passages, relations, texts; against a slow reading of the same words. SIMULATED texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.problems import UsageError
from joinedup.study.texts import Code, Coding, Passage
from joinedup.texts.queries import Queries
from joinedup.texts.query_language import Both, Either, Not, Related, Term, parse
from joinedup.texts.quotations import code_paths, quotation_table, text_table, texts_by_codes
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

CONTENT = "A: Do you agree?\nB: We trust the board. Money is short.\nA: And then?\nB: Money came late, so trust went.\n"
TALK = make_text("i1", CONTENT)
OTHER = make_text("i2", "B: Trust came first, and money after it.\n", site="s2", row=3)
LOCAL = make_text("p1", "Trust is scarce here.\n\nMoney is not.\n", kind="plan", row=4)
EMPTY = make_text("p2", "Nothing was coded here.\n", kind="plan", site="s2", row=5)
CODES = (Code("view", "View"), Code("trust", "Trust", parent="view"), Code("money", "Money"))
STUDY = make_texts_study(
    (TALK, OTHER, LOCAL, EMPTY),
    (
        code_quote(TALK, "We trust the board.", "trust"),
        code_quote(TALK, "We trust the board.", "money", "ben"),
        code_quote(TALK, "board. Money is short.", "money"),
        code_quote(TALK, "Money came late", "money"),
        code_quote(OTHER, "Trust came first", "trust"),
        code_quote(OTHER, "Trust came first", "money"),
        code_quote(LOCAL, "Trust is scarce here.", "view"),
        code_quote(LOCAL, "Money is not.", "money"),
    ),
    speakers={"i1": {"A": "", "B": "p1"}, "i2": {"B": "p2"}},
    people=make_people([("p1", "w1", "s1", "head teacher"), ("p2", "w1", "s2", "nurse")]),
    codes=CODES,
)


def quotes(query: str) -> list[str]:
    return [f"{item.passage.text} {item.coder} {item.passage.quote}" for item in Queries(STUDY).find(query)]


def texts(query: str) -> list[str]:
    return [text.id for text in Queries(STUDY).find_texts(query)]


def test_not_binds_before_and_before_or_and_relations_before_all() -> None:
    assert parse("NOT code:a AND site:b OR wave:c") == Either(
        Both(Not(Term("code", "a")), Term("site", "b")), Term("wave", "c")
    )
    assert parse('code:a NEAR/20 profession:"head teacher"') == Related(
        "NEAR", Term("code", "a"), Term("profession", "head teacher"), 20
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "ends where a term is expected"),
        ("code:trust code:money", "write AND or OR between two terms"),
        ("(code:trust", "not closed"),
        ("code:trust)", "belongs to nothing"),
        ("code:trust and code:money", "belongs to nothing"),
        ("and", "written in capitals"),
        ("cod:trust", "Did you mean `code`?"),
        ("code:trsut", "Did you mean `trust`?"),
        ("profession:plumber", "The study has no profession 'plumber'"),
        ('code:"trust', "can't be read from character"),
        ("NOT " * 200 + "code:trust", "nested more than"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(query: str, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("?", r"\?")):
        Queries(STUDY).find(query)


def test_a_code_stands_for_those_below_it_and_only_for_itself() -> None:
    assert quotes("code:view") == [
        "i1 ann We trust the board.",
        "i2 ann Trust came first",
        "p1 ann Trust is scarce here.",
    ]
    assert quotes("only:view") == ["p1 ann Trust is scarce here."]
    assert quotes("CODE:view".lower().replace("view", "VIEW")) == quotes("code:view")


def test_and_means_the_same_coder_on_the_same_passage() -> None:
    assert quotes("code:trust AND code:money") == ["i2 ann Trust came first"]
    assert quotes("code:money AND coder:ben") == ["i1 ben We trust the board."]
    assert quotes('code:view AND NOT code:money AND profession:"head teacher"') == ["i1 ann We trust the board."]
    assert quotes("code:trust AND site:s2 AND kind:interview AND wave:w1 AND text:i2 AND person:p2") == [
        "i2 ann Trust came first"
    ]


def test_overlap_and_nearness_need_another_coding() -> None:
    assert quotes("code:trust OVERLAPS code:money") == ["i1 ann We trust the board.", "i2 ann Trust came first"]
    assert quotes("code:view OVERLAPS code:view") == []
    assert quotes("coder:ben OVERLAPS coder:ann") == ["i1 ben We trust the board."]
    gap = CONTENT.index("Money came") - CONTENT.index("\nA: And")
    assert quotes(f"(code:money AND coder:ann) NEAR/{gap - 1} coder:ben") == ["i1 ann board. Money is short."]
    assert "i1 ann Money came late" in quotes(f"code:money NEAR/{gap} code:money")
    assert "i1 ann Money came late" not in quotes(f"code:money NEAR/{gap - 1} code:money")


def test_turns_are_those_of_people_and_paragraphs_of_documents() -> None:
    assert quotes("code:trust SAME_TURN code:money") == ["i1 ann We trust the board.", "i2 ann Trust came first"]
    assert quotes("code:trust NEXT_TURN code:money") == ["i1 ann We trust the board."]
    assert quotes("code:view NEXT_TURN code:money") == ["i1 ann We trust the board.", "p1 ann Trust is scarce here."]
    assert quotes("code:money NEXT_TURN code:trust") == []
    assert quotes("only:view SAME_TEXT code:money") == ["p1 ann Trust is scarce here."]
    assert quotes("only:view SAME_TEXT only:view") == []


def test_texts_are_compared_as_wholes() -> None:
    assert texts("code:trust AND code:money") == ["i1", "i2"]
    assert texts("NOT code:money") == ["p2"]
    assert texts("kind:plan AND NOT only:view") == ["p2"]
    assert texts("profession:nurse OR code:view OVERLAPS code:money") == ["i1", "i2"]


def test_the_tables_hold_attributes_paths_and_counts() -> None:
    asked = Queries(STUDY)
    (row,) = quotation_table(asked, asked.find("code:trust AND code:money")).rows
    assert row == ("i2", 3, 19, "Trust came first", "Money; View > Trust", "ann", "", "p2", "nurse", "interview", "i2", "s2", "w1", "2004-03", "")  # fmt: skip
    assert code_paths(STUDY) == {"view": "View", "trust": "View > Trust", "money": "Money"}
    matrix = texts_by_codes(STUDY, asked.marked)
    assert [name for name, _ in matrix.columns][-3:] == ["view", "trust", "money"]
    assert [row[-3:] for row in matrix.rows] == [(1, 1, 3), (1, 1, 1), (1, 0, 1), (0, 0, 0)]
    assert [row[0] for row in text_table(asked.find_texts("site:s2")).rows] == ["i2", "p2"]


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(["trust", "money"]), st.sampled_from("xy")),
    max_size=12,
    unique=True,
)


def _codings(spans: list[tuple[int, int, str, str]], text: str) -> tuple[Coding, ...]:
    return tuple(Coding(Passage("t", s, s + n, text[s : s + n]), code, coder) for s, n, code, coder in spans)


@given(SPANS, st.integers(0, 6))
def test_relations_agree_with_comparing_every_pair_of_codings(spans: list[tuple[int, int, str, str]], n: int) -> None:
    text = make_text("t", "abcdefghij" * 4, kind="plan")
    study = make_texts_study([text], _codings(spans, text.content))
    for relation, reach in (("OVERLAPS", -1), (f"NEAR/{n}", n)):
        for a, b in (("trust", "money"), ("trust", "trust")):
            expected = {
                (s, s + k, coder)
                for s, k, code, coder in spans
                for s2, k2, code2, coder2 in spans
                if code == a and code2 == b and (s, k, code, coder) != (s2, k2, code2, coder2)
                if max(s, s2) - min(s + k, s2 + k2) <= reach
            }
            found = Queries(study).find(f"code:{a} {relation} code:{b}")
            assert {(m.passage.start, m.passage.end, m.coder) for m in found} == expected


@given(SPANS)
def test_and_or_not_are_an_algebra_of_sets(spans: list[tuple[int, int, str, str]]) -> None:
    text = make_text("t", "abcdefghij" * 4, kind="plan")
    queries = Queries(make_texts_study([text], (*_codings(spans, text.content), *_codings([(0, 1, "trust", "x"), (0, 1, "money", "y")], text.content))))  # fmt: skip
    assert queries.find("NOT (code:trust OR coder:x)") == queries.find("NOT code:trust AND NOT coder:x")
    assert queries.find("NOT (code:trust AND coder:x)") == queries.find("NOT code:trust OR NOT coder:x")
    assert set(queries.find("code:trust")) | set(queries.find("NOT code:trust")) == set(queries.marked)
