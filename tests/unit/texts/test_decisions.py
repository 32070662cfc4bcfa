"""Adjudication: what is a disagreement, what decisions settle, what is reported after them, and what `check` refuses."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.folder.parts import parts
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.texts import read_decisions
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.texts import CODED, COMPLETE, CONSOLIDATING, NOT_CODED, Assignment, Coding, Decision, Passage
from joinedup.texts.adjudication import ALONE, BOUNDARIES, adjudicated, disagreements, standing, study_disagreements
from joinedup.texts.agreement_result import agreement_result
from joinedup.texts.checks import check
from joinedup.texts.model import Corpus
from joinedup.texts.phases import independent_phase, phases
from tests.unit.texts.small import PLAN, code_quote, make_text, make_texts_study

WORDS = make_text("d1", "Trust first. Money next. Nothing else at all.\n", kind=PLAN)
READ = [("d1", "ann"), ("d1", "ben")]
PAIR = {"coders": ["ann", "ben"], "phase": "independent"}
FIRST = code_quote(WORDS, "Trust first.", "trust", "ann", phase="independent", row=1)
WIDER = code_quote(WORDS, "Trust first. Money", "trust", "ben", phase="independent", row=2)
ALONE_ANN = code_quote(WORDS, "Nothing else", "trust", "ann", phase="independent", row=3, cleared=True)
MONEY = tuple(code_quote(WORDS, "Money next.", "money", coder, phase="independent") for coder in ("ann", "ben"))
CODINGS = (FIRST, WIDER, ALONE_ANN, *MONEY)


def decide(quote: str, decision: str, code: str = "trust", **fields: object) -> Decision:
    start = WORDS.content.index(quote)
    given = {"by": "ann and ben", "at": "2006-02-01", "reason": "The rule asks for trust between agencies.", **fields}
    return Decision("d1", start, start + len(quote), code, decision, **given)


def study(*decisions: Decision, codings: tuple[Coding, ...] = CODINGS, **parts: object) -> Study:
    found = make_texts_study([WORDS], codings, assignments=READ, plan=PAIR, **parts)
    return dataclasses.replace(found, texts=dataclasses.replace(found.texts, decisions=decisions))


def test_disagreements_are_stretches_where_coders_differ_side_by_side() -> None:
    wider, alone = study_disagreements(study())
    assert (wider.code, wider.kind, wider.start, wider.end) == ("trust", BOUNDARIES, 0, 18)
    assert wider.codings == {"ann": (FIRST,), "ben": (WIDER,)}
    assert wider.others == {"ann": ("money",), "ben": ("money",)}
    assert (alone.kind, alone.codings["ben"]) == (ALONE, ())
    assert not wider.settled


def test_only_coders_who_read_the_text_apart_are_compared() -> None:
    later = tuple(dataclasses.replace(c, phase=CONSOLIDATING) for c in CODINGS)
    assert study_disagreements(study(codings=later)) == ()
    assert disagreements([WORDS], {"d1": ("ann",)}, CODINGS) == ()
    third = disagreements([WORDS], {"d1": ("ann", "ben", "cat")}, CODINGS)
    assert {(item.code, item.kind) for item in third} == {("trust", ALONE), ("money", ALONE)}


def test_codings_that_touch_are_as_good_as_one() -> None:
    halves = (code_quote(WORDS, "Trust", "trust", "ann"), code_quote(WORDS, " first.", "trust", "ann"))
    whole = code_quote(WORDS, "Trust first.", "trust", "ben")
    assert disagreements([WORDS], {"d1": ("ann", "ben")}, (*halves, whole)) == ()


def test_reported_codings_are_the_decided_ones() -> None:
    decided = study(decide("Trust first. Money next.", CODED), decide("Nothing else", NOT_CODED))
    reported = Corpus(decided).reported
    assert [(c.code, c.passage.quote, c.coder) for c in reported] == [
        ("money", "Money next.", "ann"),
        ("trust", "Trust first. Money next.", "ann and ben"),
    ]
    taken = reported[1]
    assert (taken.phase, taken.note, taken.row) == (CONSOLIDATING, "The rule asks for trust between agencies.", 1)
    assert taken.suffix == " Nothing else at all.\n"
    assert not taken.cleared
    assert all(item.settled for item in study_disagreements(decided))


def test_a_decided_quote_is_cleared_only_within_a_cleared_one() -> None:
    (inside,) = (c for c in Corpus(study(decide("Nothing", CODED))).reported if c.passage.quote == "Nothing")
    assert inside.cleared
    (outside,) = (c for c in Corpus(study(decide("Nothing else at", CODED))).reported if c.passage.quote.endswith("at"))
    assert not outside.cleared


def test_agreement_does_not_move_with_decisions() -> None:
    before, after = agreement_result(study()), agreement_result(study(decide("Nothing else", NOT_CODED)))
    assert before is not None
    assert after is not None
    moved = {key for key in before.values if before.values[key] != after.values[key]}
    assert moved == {"decided", "undecided"}
    assert (before.values["disagreements"], after.values["decided"], after.values["undecided"]) == (2, 1, 1)


def test_agreement_on_a_later_phase_is_refused() -> None:
    late = make_texts_study([WORDS], CODINGS, assignments=READ, plan={"coders": ["ann", "ben"], "phase": COMPLETE})
    with pytest.raises(NotComputable, match="made apart"):
        agreement_result(late)
    unnamed = make_texts_study([WORDS], CODINGS, assignments=READ, plan={"coders": ["ann", "ben"]})
    assert independent_phase(unnamed) == "independent"


def test_the_later_of_two_decisions_holds() -> None:
    first, second = decide("Nothing else", CODED, row=1), decide("Nothing", NOT_CODED, row=2)
    assert standing([first, second]) == (second,)
    assert standing([first, decide("Nothing", NOT_CODED, code="money")])[0] == first
    assert not [c for c in Corpus(study(first, second)).reported if "Nothing" in c.passage.quote]


spans = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.sampled_from("ab")), max_size=6)


@given(spans)
def test_deciding_every_disagreement_leaves_none(found: list[tuple[int, int, str]]) -> None:
    codings = tuple(
        Coding(Passage("d1", at, at + length, WORDS.content[at : at + length]), "trust", coder)
        for at, length, coder in found
    )
    given = {"d1": ("a", "b")}
    open_ones = disagreements([WORDS], given, codings)
    taken = [Decision("d1", d.start, d.end, "trust", NOT_CODED, "a", "2006", "no") for d in open_ones]
    after = disagreements([WORDS], given, codings, taken)
    assert all(item.settled for item in after)
    agreed = adjudicated(codings, taken, {"d1": WORDS})
    assert disagreements([WORDS], given, agreed) == ()


def test_the_phase_of_a_text_is_its_latest() -> None:
    found = study()
    rows = (*found.texts.assignments, Assignment("d1", "ann", COMPLETE, row=4), Assignment("d2", "ann", "pilot"))
    moved = dataclasses.replace(found, texts=dataclasses.replace(found.texts, assignments=rows))
    assert phases(moved) == {"d1": COMPLETE}


def problems(given: Study) -> dict[str, str]:
    return {
        p.number: f"{p.place} {p.what}" for p in check(given) if p.number in ("J305", "J306", "J314", "J315", "J316")
    }


@pytest.mark.parametrize(
    ("decision", "number", "says"),
    [
        (decide("Nothing", "maybe", row=7), "J314", "decisions.jsonl:7:decision `maybe` is no decision"),
        (decide("Nothing", CODED, row=7, reason=" "), "J314", "decisions.jsonl:7:reason `reason` is empty"),
        (Decision("d1", 40, 99, "trust", CODED, "a", "2006", "r", 7), "J314", "which has 46 characters"),
        (Decision("d9", 0, 9, "trust", CODED, "a", "2006", "r", 7), "J305", "no text of this study"),
        (decide("Nothing", CODED, code="trusty"), "J306", "no code of this study"),
        (decide("at all", NOT_CODED, row=7), "J315", "decisions.jsonl:7 No coding"),
    ],
)
def test_decisions_that_cannot_stand(decision: Decision, number: str, says: str) -> None:
    assert says in problems(study(decision))[number]


def test_a_text_is_complete_only_when_all_is_decided() -> None:
    rows = (*study().texts.assignments, Assignment("d1", "ann", COMPLETE, row=4))

    def complete(*decisions: Decision) -> Study:
        found = study(*decisions)
        return dataclasses.replace(found, texts=dataclasses.replace(found.texts, assignments=rows))

    half = complete(decide("Trust first", CODED))
    assert "assignments.csv:4:phase" in problems(half)["J316"]
    assert "1 of its disagreements" in problems(half)["J316"]
    assert "J316" not in problems(complete(decide("Trust first", CODED), decide("Nothing else", NOT_CODED)))


def test_decisions_are_read_in_order_and_written_byte_for_byte() -> None:
    lines = [dataclasses.asdict(decide(quote, CODED)) for quote in ("Nothing", "Trust")]
    text = "".join(json.dumps({k: v for k, v in line.items() if k != "row"}) + "\n" for line in lines)
    files = {"texts/decisions.jsonl": text.encode()}
    found = read_decisions(Reading(files))
    assert [(d.row, d.start) for d in found] == [(1, 25), (2, 0)]
    base = study(*found)
    kept = dataclasses.replace(base, files=files)
    (part,) = (p for p in parts(kept) if p.file == "texts/decisions.jsonl")
    assert part.bytes(Reading(files)) == files["texts/decisions.jsonl"]
    (edited,) = (p for p in parts(study(*found[:1])) if p.file == "texts/decisions.jsonl")
    written = edited.bytes(Reading(files))
    assert written is not None
    assert read_decisions(Reading({"texts/decisions.jsonl": written})) == found[:1]
