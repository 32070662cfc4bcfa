"""Quotes: cleared or public only, short and whole, spread over professions and sites, never named by both."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.model import Study
from joinedup.study.result import Quote
from joinedup.study.site import TextKind
from joinedup.study.texts import Coding, Text
from joinedup.texts.matrix import matrix_result
from joinedup.texts.quotes import trim
from tests.unit.texts.small import KINDS, PLAN, code_quote, make_people, make_text, make_texts_study

PEOPLE = make_people(
    [
        ("p1", "w1", "s1", "nurse"),
        ("p2", "w1", "s1", "nurse"),
        ("p3", "w1", "s2", "teacher"),
        ("p4", "w1", "s2", "nurse"),
    ]
)


def interview(id: str, person: str, said: str, site: str = "s1") -> tuple[Text, dict[str, dict[str, str]]]:
    return make_text(id, f"I: And then?\nA: {said}\n", site=site), {id: {"I": "", "A": person}}


def quotes(
    texts: list[tuple[Text, dict[str, dict[str, str]]]], codings: list[Coding], kinds: tuple[TextKind, ...] = KINDS
) -> tuple[Quote, ...]:
    speakers = {id: labels for _, by_text in texts for id, labels in by_text.items()}
    study: Study = make_texts_study([text for text, _ in texts], codings, speakers=speakers, people=PEOPLE, kinds=kinds)
    found = matrix_result(study)
    assert found is not None
    for quote in found.quotes:
        text = study.text_by_id[quote.passage.text]
        assert text.content[quote.passage.start : quote.passage.end] == quote.passage.quote
        assert len(quote.passage.quote.split()) <= 60
    return found.quotes


LONG = "We have always trusted them here in town."


def test_only_cleared_codings_of_interviews_are_quoted() -> None:
    one = interview("t1", "p1", LONG)
    assert quotes([one], [code_quote(one[0], LONG, "trust")]) == ()
    (quote,) = quotes([one], [code_quote(one[0], LONG, "trust", cleared=True)])
    assert (quote.passage.quote, quote.attribution, quote.code) == (LONG, "nurse", "trust")


def test_public_documents_are_named_by_their_site_and_others_by_their_kind() -> None:
    public = make_text("d1", "The council trusts its partners fully.", kind=PLAN, site="s2")
    minutes = make_text("d2", "The board trusts its partners less.", kind="minutes", site="s2")
    kinds = (*KINDS, TextKind("minutes", "Minutes of a board"))
    codings = [
        code_quote(public, public.content, "trust"),
        code_quote(minutes, minutes.content, "trust", cleared=True),
        code_quote(minutes, "The board", "trust"),
    ]
    found = quotes([(public, {}), (minutes, {})], codings, kinds)
    assert [quote.attribution for quote in found] == ["Site 2", "Minutes of a board"]


def test_three_quotes_spread_over_professions_then_sites() -> None:
    texts = [
        interview("t1", "p1", LONG),
        interview("t2", "p2", LONG),
        interview("t3", "p3", LONG, "s2"),
        interview("t4", "p4", LONG, "s2"),
    ]
    codings = [code_quote(text, LONG, "trust", cleared=True) for text, _ in texts]
    found = quotes(texts, codings)
    assert [(quote.passage.text, quote.attribution) for quote in found] == [
        ("t1", "nurse"),
        ("t3", "teacher"),
        ("t2", "nurse"),
    ]
    assert found == quotes(texts, codings[::-1])
    assert all("Site" not in quote.attribution for quote in found)


def test_whole_sentences_come_before_snatches_and_themes_share_no_quote_that_they_need_not() -> None:
    said = "and so on, as they say. The first whole sentence of it. The second whole sentence of it."
    text, labels = interview("t1", "p1", said)
    parts = ["and so on, as they say.", "The first whole sentence of it.", "The second whole sentence of it."]
    codings = [code_quote(text, part, code, cleared=True) for code in ("trust", "money") for part in parts]
    found = quotes([(text, labels)], codings)
    assert [quote.passage.quote for quote in found if quote.code == "trust"] == [*parts[1:], parts[0]]
    fewer = quotes([(text, labels)], [c for c in codings if c.code == "money" or c.passage.quote == parts[1]])
    assert [quote.passage.quote for quote in fewer] == [parts[1], parts[2], parts[1], parts[0]]


def test_a_quote_holds_no_label_and_one_speaker_alone() -> None:
    text = make_text("t1", "A: I trust them a great deal now.\nB: I do not trust them yet.\n")
    passage = code_quote(text, text.content, "trust", cleared=True)
    (quote,) = quotes([(text, {"t1": {"A": "p1", "B": "p3"}})], [passage])
    assert (quote.passage.quote, quote.attribution) == ("I trust them a great deal now.", "nurse")


def test_what_the_interviewer_says_and_what_differs_from_its_slice_is_not_quoted() -> None:
    text, labels = interview("t1", "p1", LONG)
    asked = code_quote(text, "And then?", "trust", cleared=True)
    shifted = code_quote(text, LONG, "money", cleared=True)
    wrong = Coding(
        type(shifted.passage)("t1", shifted.passage.start + 1, shifted.passage.end, LONG), "money", "ann", cleared=True
    )
    assert quotes([(text, labels)], [asked, wrong]) == ()


def test_long_passages_are_cut_to_whole_sentences() -> None:
    said = "One two three four five six seven eight nine ten. " * 9
    text = make_text("d", said.strip(), kind=PLAN)
    span = trim(text, (0, len(text.content)))
    assert span is not None
    assert len(text.content[slice(*span)].split()) == 60
    assert text.content[slice(*span)].endswith("ten.")
    endless = make_text("d", "word " * 100, kind=PLAN)
    assert trim(endless, (0, 500)) == (0, 299)
    assert trim(endless, (4, 5)) is None


@given(
    st.lists(st.sampled_from(["word", "end.", "👩‍👧‍👦", "e\u0301x", "\n", "Why?"]), max_size=150).map(" ".join),
    st.data(),
)
def test_a_trimmed_span_lies_inside_and_is_not_blank(content: str, data: st.DataObject) -> None:
    text = make_text("d", content, kind=PLAN)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    span = trim(text, (start, end))
    if span is None:
        assert not content[start:end].strip()
        return
    words = content[slice(*span)]
    assert start <= span[0] < span[1] <= end
    assert words == words.strip()
    assert len(words.split()) <= 60
