"""texts.agreement: which texts and units count, characters, codes nobody used, refusals."""

from __future__ import annotations

import pytest

from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.texts.agreement_result import agreement_result
from joinedup.texts.coders import double_coding, over_characters, over_units
from tests.unit.texts.small import PLAN, code_quote, make_people, make_text, make_texts_study

PAIR = {"coders": ["ann", "ben"], "phase": "independent"}
TALK = make_text("t1", "I: What helped?\nA: Trust helped.\nB: Money did not.\nA: Trust again.\nI: Thanks.\n")
LEAFLET = make_text("t2", "Trust first.\n\nMoney next.\nNothing else.\n", kind=PLAN, row=3)
SPEAKERS = {"t1": {"I": "", "A": "p1", "B": "p2"}}
PEOPLE = make_people([("p1", "w1", "s1", "nurse"), ("p2", "w1", "s1", "teacher")])
BOTH = [(text, coder) for text in ("t1", "t2") for coder in ("ann", "ben")]


def study(codings, assignments=BOTH, plan=PAIR, **parts):
    given = {"speakers": SPEAKERS, "people": PEOPLE, "assignments": assignments, "plan": plan, **parts}
    return make_texts_study([TALK, LEAFLET], codings, **given)


def test_units_are_turns_of_people_and_paragraphs() -> None:
    """6 units: turns of A, B, A (the interviewer's two are none), and 3 paragraphs. Trust is coded by ann in units
    1, 3, 4 and by ben in units 1, 4, 5: both 2, ann alone 1, ben alone 1, neither 2. Po = 4/6; shares 3/6 and 3/6,
    Pe = 1/2: kappa = 1/3. Alpha: Do = 1/3, De = 2 * 6 * 6 / (12 * 11) = 6/11: 1 - (1/3) / (6/11) = 7/18.
    """
    codings = [
        code_quote(TALK, "Trust helped", "trust", "ann"),
        code_quote(TALK, "Trust again", "trust", "ann"),
        code_quote(LEAFLET, "Trust first", "trust", "ann"),
        code_quote(TALK, "helped.", "trust", "ben"),
        code_quote(LEAFLET, "first", "trust", "ben"),
        code_quote(LEAFLET, "Money", "trust", "ben"),
        code_quote(TALK, "What helped", "trust", "ben"),  # the interviewer's words: no unit
    ]
    given = study(codings)
    found = agreement_result(given)
    assert found is not None
    values = found.values
    assert (values["texts"], values["units"], values["coders"]) == (2, 6, 2)
    assert values["trust.kappa"] == pytest.approx(1 / 3)
    assert values["trust.alpha"] == pytest.approx(7 / 18)
    assert values["trust.percent"] == pytest.approx(4 / 6)
    assert values["trust.base_rate"] == pytest.approx(1 / 2)
    assert values["trust.either"] == pytest.approx(2 / 4)
    assert values["money.kappa"] is None
    assert values["money.alpha_characters"] is None
    assert any("Neither coder used" in caveat and "Money" in caveat for caveat in found.caveats)
    assert values["min_alpha"] == values["max_alpha"] == values["trust.alpha"]
    assert "speaker's turn" in found.methods
    assert "3 speakers' turns and 3 paragraphs" in found.methods
    checker = KeyChecker(given)
    assert all(checker.knows(found.id, key) for key in values)
    assert all(key == "" or key in values for table in found.tables for row in table.keys for key in row)


def test_offsets_of_different_texts_never_run_together() -> None:
    """Two texts of one shape; the coders disagree on every character: nothing is shared, alpha is far below 0."""
    one, two = (make_text(f"d{n}", "aaaa bbbb", kind=PLAN) for n in (1, 2))
    codings = [code_quote(one, "aaaa bbbb", "trust", "ann"), code_quote(two, "aaaa bbbb", "trust", "ben")]
    given = make_texts_study(
        [one, two], codings, assignments=[(t, c) for t in ("d1", "d2") for c in ("ann", "ben")], plan=PAIR
    )
    found = agreement_result(given)
    assert found is not None
    assert found.values["trust.kappa_characters"] == pytest.approx(-1)
    assert found.values["trust.alpha_characters"] == pytest.approx(1 - 1 / (2 * 18 * 18 / (36 * 35)))
    assert found.values["trust.percent"] == 0


def test_characters_equal_a_loop_over_characters() -> None:
    codings = [
        code_quote(TALK, "Trust helped.\nB: Money", "trust", "ann"),
        code_quote(TALK, "helped", "trust", "ann"),  # inside the one above
        code_quote(TALK, "Money did not", "trust", "ben"),
        code_quote(LEAFLET, "Nothing", "trust", "ben"),
    ]
    double = double_coding(study(codings))
    counts = over_characters(double, double.used("trust", "ann"), double.used("trust", "ben"))
    marked = {
        coder: {
            (c.passage.text, at) for c in codings if c.coder == coder for at in range(c.passage.start, c.passage.end)
        }
        for coder in ("ann", "ben")
    }
    assert counts.both == len(marked["ann"] & marked["ben"])
    assert counts.first == len(marked["ann"] - marked["ben"])
    assert counts.second == len(marked["ben"] - marked["ann"])
    assert counts.units == len(TALK.content) + len(LEAFLET.content)


def test_a_text_that_one_coder_never_read_counts_for_nothing() -> None:
    codings = [code_quote(TALK, "Trust helped", "trust", c) for c in ("ann", "ben")]
    alone = [code_quote(LEAFLET, "Money", "trust", "ann")]
    given = [("t1", "ann"), ("t1", "ben"), ("t2", "ann")]
    with_it, without = (agreement_result(study(c, given)) for c in (codings + alone, codings))
    assert with_it is not None
    assert without is not None
    assert with_it.values == without.values
    assert with_it.values["texts"] == 1
    assert with_it.values["trust.kappa"] == 1


def test_codings_of_another_phase_do_not_count() -> None:
    agreed = [code_quote(TALK, "Trust helped", "trust", c, phase="consolidating") for c in ("ann", "ben")]
    apart = [code_quote(TALK, "Trust again", "trust", "ann", phase="independent")]
    double = double_coding(study(agreed + apart))
    counts = over_units(double, double.used("trust", "ann"), double.used("trust", "ben"))
    assert (counts.both, counts.first, counts.second) == (0, 1, 0)


def test_a_code_on_every_unit_has_no_coefficient_and_says_so() -> None:
    codings = [code_quote(t, t.content, "trust", c) for t in (TALK, LEAFLET) for c in ("ann", "ben")]
    found = agreement_result(study(codings))
    assert found is not None
    assert found.values["trust.kappa"] is None
    assert found.values["trust.percent"] == 1
    assert any("treated every unit alike" in caveat for caveat in found.caveats)


def test_refusals_say_why() -> None:
    codings = [code_quote(TALK, "Trust helped", "trust", "ann")]
    with pytest.raises(NotComputable, match="One coder has no agreement"):
        agreement_result(study(codings, plan={"coders": ["ann"]}))
    with pytest.raises(NotComputable, match="No text is assigned to both ann and ben"):
        agreement_result(study(codings, assignments=[("t1", "ann"), ("t2", "ben")]))
    with pytest.raises(NotComputable, match="no unit"):
        agreement_result(study(codings, assignments=[("t1", "ann"), ("t1", "ben")], speakers={}))
    with pytest.raises(NotComputable, match="made by a rule"):
        agreement_result(study([code_quote(TALK, "Trust helped", "trust", "ann", automatic=True)]))
    assert agreement_result(make_texts_study([TALK])) is None


def test_the_order_of_codings_and_of_the_coders_changes_no_value() -> None:
    codings = [
        code_quote(TALK, "Trust helped", "trust", "ann"),
        code_quote(TALK, "Money", "money", "ann"),
        code_quote(TALK, "Trust again", "trust", "ben"),
    ]
    one = agreement_result(study(codings))
    other = agreement_result(study(codings[::-1], plan={"coders": ["ben", "ann"], "phase": "independent"}))
    assert one is not None
    assert other is not None
    paired = {key: value for key, value in other.values.items() if key.startswith("pair.ben.ann.")}
    assert {key.replace("pair.ben.ann.", "pair.ann.ben."): value for key, value in paired.items()}.items() <= (
        one.values.items()
    )
    assert {k: v for k, v in one.values.items() if not k.startswith("pair.")} == {
        k: v for k, v in other.values.items() if not k.startswith("pair.")
    }


def papers(count: int):
    """Papers of three paragraphs; ann codes the first of each, ben too in two of three and else the second."""
    texts = [make_text(f"p{n}", "Trust.\nMoney.\nNeither.\n", kind=PLAN, row=n + 2) for n in range(count)]
    codings = [code_quote(text, "Trust.", "trust", "ann") for text in texts]
    codings += [code_quote(t, "Trust." if n % 3 else "Money.", "trust", "ben") for n, t in enumerate(texts)]
    return texts, codings


def test_intervals_over_texts_hold_the_estimate_and_come_only_with_ten_texts() -> None:
    for count in (9, 12):
        texts, codings = papers(count)
        both = [(text.id, coder) for text in texts for coder in ("ann", "ben")]
        found = agreement_result(make_texts_study(texts, codings, assignments=both, plan=PAIR))
        assert found is not None
        values = found.values
        for name in ("trust.alpha", "trust.kappa", "trust.ac1", "trust.either", "trust.alpha_unitized", "unitized.u"):
            low, high = values[f"{name}.low"], values[f"{name}.high"]
            if count < 10:
                assert low is None
                assert "no interval is given" in found.methods
            else:
                assert low < values[name] < high
                assert "resample the 12 texts" in found.methods
        assert agreement_result(make_texts_study(texts, codings, assignments=both, plan=PAIR)).values == values


def test_each_text_and_each_pair_of_coders_has_its_own_agreement() -> None:
    texts, codings = papers(2)
    codings += [code_quote(texts[0], "Trust.", "trust", "cat")]
    given = [(t.id, c) for t in texts for c in ("ann", "ben")] + [("p0", "cat")]
    three = {"coders": ["ann", "ben", "cat"], "phase": "independent"}
    found = agreement_result(make_texts_study(texts, codings, assignments=given, plan=three))
    assert found is not None
    values = found.values
    assert (values["text.p0.percent"], values["text.p1.percent"]) == (pytest.approx(1 / 3), 1)
    assert (values["text.p0.kappa"], values["text.p1.kappa"]) == (pytest.approx(-0.5), 1)
    assert (values["pair.ann.cat.texts"], values["pair.ann.cat.kappa"]) == (1, 1)
    assert values["pair.ben.cat.percent"] == pytest.approx(1 / 3)
    assert values["pair.ann.ben.percent"] == values["all_codes.percent"] == pytest.approx(4 / 6)
    assert [table.id for table in found.tables] == ["by_code", "by_text", "by_pair"]
    assert any("cat stand in the table by pair" in caveat for caveat in found.caveats)


def test_codings_of_different_codes_that_overlap_leave_the_unitized_family_to_single_codes() -> None:
    codings = [code_quote(TALK, "Trust helped", code, coder) for code in ("trust", "money") for coder in ("ann", "ben")]
    found = agreement_result(study(codings))
    assert found is not None
    assert found.values["unitized.u"] is None
    assert found.values["trust.alpha_unitized"] == pytest.approx(1)
    assert any("do not overlap" in caveat for caveat in found.caveats)


def test_texts_whose_keys_are_the_same_do_not_overwrite_each_other() -> None:
    texts = [make_text(id, "Trust.\nMoney.\n", kind=PLAN) for id in ("p-1", "p_1")]
    codings = [code_quote(texts[0], "Trust.", "trust", coder) for coder in ("ann", "ben")]
    both = [(text.id, coder) for text in texts for coder in ("ann", "ben")]
    found = agreement_result(make_texts_study(texts, codings, assignments=both, plan=PAIR))
    assert found is not None
    assert not [key for key in found.values if key.startswith("text.")]
    assert [row[1:] for row in found.tables[1].rows] == [(None,) * 7] * 2
