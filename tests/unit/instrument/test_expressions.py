"""Expressions of questionnaires: what they parse to, what they print as, what they give; null semantics; refusals."""

from __future__ import annotations

import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.survey.expression_tree import (
    OPERATORS,
    Binary,
    Call,
    Column,
    Current,
    Literal,
    Negative,
    Number,
    Parent,
    Path,
    Reference,
    Step,
    Tree,
)
from joinedup.survey.expressions import (
    Context,
    ExpressionError,
    condition,
    evaluate,
    holds,
    outside,
    parse,
    references,
    text,
    to_text,
    typed,
)

NOW = datetime(2005, 9, 1, 12, 0)  # noqa: DTZ001


def value(expression: str, **answers: object) -> object:
    """What `expression` gives with these answers, `dot` being the question's own."""
    given = {name: typed("text", answer) if isinstance(answer, str) else answer for name, answer in answers.items()}
    return evaluate(parse(expression), Context(given, given.get("dot", ""), now=NOW))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 - 3 - 4", -5.0),
        ("7 mod 3", 1.0),
        ("-7 mod 3", -1.0),
        ("1 div 4", 0.25),
        ("1 = 1 and 2 > 1 or 1 > 2", True),
        ("not(1 = 2)", True),
        ("'a' = 'a'", True),
        ("'1' = 1", True),
        ("if(1 > 2, 'yes', 'no')", "no"),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(2.345, 2)", 2.35),
        ("int(-2.7)", -2.0),
        ("concat('a', 1, true())", "a1true"),
        ("string-length('abc')", 3.0),
        ("coalesce('', 'b')", "b"),
        ("substr('hello', 1, 3)", "el"),
        ("count-selected('a b c')", 3.0),
        ("selected('a b', 'b')", True),
        ("selected('ab', 'b')", False),
        ("selected-at('a b', 1)", "b"),
        ("regex('abc', '[a-c]+')", True),
        ("regex('abcd', '[a-c]+')", False),
        ("format-date(date('2003-07-05'), '%e %b %Y')", "5 Jul 2003"),
        ("text", None),
        ("decimal-time('06:00:00')", 0.25),
        ("date('2003-07-05') > date('2003-07-04')", True),
        ("today() = date('2005-09-01')", True),
        ("pow(2, 10)", 1024.0),
        ("max(1, 5, 3) - min(1, 5, 3)", 4.0),
        ("position(..)", 1.0),
    ],
)
def test_values_by_hand(expression: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(ExpressionError):
            value(expression)
    else:
        assert value(expression) == expected


def test_an_unanswered_question_is_the_empty_text() -> None:
    """ODK XForms, "Empty values": '' as a text, NaN in arithmetic, false in comparisons but those by !=."""
    assert value("${x} = ''") is True
    assert math.isnan(value("${x} + 1"))  # type: ignore[arg-type]
    assert [value(f"${{x}} {sign} 3") for sign in ("<", "<=", ">", ">=", "=", "!=")] == [False] * 5 + [True]
    assert value("coalesce(${x}, 0) + 1") == 1.0
    assert text(value("${x} + 1")) == ""  # type: ignore[arg-type]
    assert value("count-selected(${x})") == 0.0
    assert value("sum(${x}, 2)") == 2.0
    assert value("boolean(${x})") is False


def test_answers_of_a_repeat() -> None:
    ages = (3.0, "", 14.0)
    assert value("sum(${age})", age=ages) == 17.0
    assert value("count(${age})", age=ages) == 3.0
    assert value("count-non-empty(${age})", age=ages) == 2.0
    assert value("${age} > 10", age=ages) is True
    assert value("join(', ', ${age})", age=ages) == "3, , 14"


def test_a_choice_filter_reads_columns_of_the_option() -> None:
    tree = parse("region = ${region} and kind != 'x'")
    assert outside(tree, choice_filter=True) == ()
    assert outside(tree)
    here = Context({"region": "north"}, columns={"region": "north", "kind": "y"})
    assert holds(tree, here)
    assert not holds(tree, Context({"region": "south"}, columns={"region": "north"}))


def test_plain_words_as_conditions() -> None:
    assert [condition(word) for word in ("yes", "TRUE", "no", "false()")] == [
        Call("true"), Call("true"), Call("false"), Call("false"),
    ]  # fmt: skip
    assert condition("${a} = 1") == Binary("=", Reference("a"), Number(1.0))


def test_typographic_quotes() -> None:
    assert parse("${a} = ‘other’") == Binary("=", Reference("a"), Literal("other"))
    assert parse("${a} = 'don’t'") == Binary("=", Reference("a"), Literal("don’t"))


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("pulldata('f', 'a', 'b', 'c')", "pulldata()"),
        ("indexed-repeat(${a}, ${r}, 1)", "indexed-repeat()"),
        ("jr:itext('x')", "jr:itext()"),
        ("instance('x')/list/item[name = 1]/label", "leads into a document"),
        ("../x + 1", "leads into a document"),
        ("/data/x", "leads into a document"),
        ("other = 1", "write ${other}"),
        ("..", "position(..)"),
        ("${last-saved#x}", "earlier submission"),
        ("a | b", "joins sets"),
        ("not(1, 2)", "takes 1 arguments"),
        ("regex(., '(')", "can't be read"),
        ("random()", "random()"),
    ],
)
def test_what_does_not_run_is_read_and_named(expression: str, named: str) -> None:
    tree = parse(expression)
    assert any(named in reason for reason in outside(tree))
    assert parse(to_text(tree)) == tree
    if not expression.startswith("regex"):
        with pytest.raises(ExpressionError):
            evaluate(tree, Context())


@pytest.mark.parametrize(
    "expression",
    ["", "1 +", "(1", "f(1,)", "f(", "1 2", "'open", "${}", "a b", "1 = = 2", "#", "because it doesn't", "[1]"],
)
def test_what_is_no_expression(expression: str) -> None:
    with pytest.raises(ExpressionError):
        parse(expression)


def test_depth_is_limited() -> None:
    with pytest.raises(ExpressionError, match="nested"):
        parse("(" * 500 + "1" + ")" * 500)
    with pytest.raises(ExpressionError, match="joins"):
        parse("+".join(["1"] * 500))
    with pytest.raises(ExpressionError, match="nested"):
        parse("-" * 5000 + "1")


def test_today_needs_the_time_of_the_interview() -> None:
    with pytest.raises(ExpressionError, match="time of the interview"):
        evaluate(parse("today()"), Context())


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_\-]{0,6}", fullmatch=True).filter(
    lambda name: name not in ("and", "or", "div", "mod") and not name.endswith("-")
)
NUMBERS = st.floats(min_value=0, max_value=1e12, allow_nan=False).map(lambda n: Number(abs(n)))
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).filter(
    lambda t: not ("'" in t and '"' in t)
)
LEAVES: st.SearchStrategy[Tree] = st.one_of(
    NUMBERS,
    TEXTS.map(Literal),
    NAMES.map(Reference),
    NAMES.map(Column),
    st.just(Current()),
    st.just(Parent()),
)


def branches(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    steps = st.lists(
        st.builds(Step, NAMES, st.lists(inner, max_size=1).map(tuple), st.booleans()), min_size=1, max_size=2
    ).map(tuple)
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Binary, st.sampled_from(sorted(OPERATORS)), inner, inner),
        st.builds(Call, NAMES, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Path, st.one_of(st.none(), inner.filter(lambda t: not isinstance(t, Path))), steps),
    )


TREES = st.recursive(LEAVES, branches, max_leaves=12)


@given(TREES)
def test_print_and_parse_gives_the_same_tree(tree: Tree) -> None:
    assert parse(to_text(tree)) == tree


@given(TREES)
def test_evaluation_gives_a_value_or_says_why_not(tree: Tree) -> None:
    context = Context(dict.fromkeys(references(tree), "1"), now=NOW)
    try:
        evaluate(tree, context)
    except ExpressionError:
        assert outside(tree) or "regex" in to_text(tree)


SIGNS = {"+": "+", "-": "-", "*": "*", "=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@st.composite
def arithmetic(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """The same sum in our language and in Python's."""
    if depth == 0 or draw(st.booleans()):
        number = draw(st.integers(0, 999))
        return str(number), str(number)
    sign = draw(st.sampled_from(["+", "-", "*"]))
    (ours, python), (other, pythons) = draw(arithmetic(depth - 1)), draw(arithmetic(depth - 1))
    return f"({ours} {sign} {other})", f"({python} {sign} {pythons})"


@st.composite
def logic(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """The same condition in our language and in Python's."""
    if depth == 0 or draw(st.booleans()):
        sign = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
        (ours, python), (other, pythons) = draw(arithmetic(1)), draw(arithmetic(1))
        return f"{ours} {sign} {other}", f"({python} {SIGNS[sign]} {pythons})"
    if draw(st.booleans()):
        ours, python = draw(logic(depth - 1))
        return f"not({ours})", f"(not {python})"
    word = draw(st.sampled_from(["and", "or"]))
    (ours, python), (other, pythons) = draw(logic(depth - 1)), draw(logic(depth - 1))
    return f"({ours} {word} {other})", f"({python} {word} {pythons})"


@given(arithmetic())
def test_arithmetic_is_pythons(both: tuple[str, str]) -> None:
    assert evaluate(parse(both[0]), Context()) == float(eval(both[1]))


@given(logic())
def test_logic_is_pythons(both: tuple[str, str]) -> None:
    assert holds(parse(both[0]), Context()) == eval(both[1])
