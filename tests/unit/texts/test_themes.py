"""The topic model: planted topics are found, derivatives by differences, measures by hand, opt-in and acceptance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.texts import Code
from joinedup.texts.themes import Themes, choose_k, fit_themes
from joinedup.texts.topic_model import quality
from joinedup.texts.topic_model.corpus import base_forms, count_words, design
from joinedup.texts.topic_model.laplace import EStep, softmax
from joinedup.texts.topics_result import topics_result
from tests.unit.texts.small import make_people, make_text, make_texts_study

MONEY = ["budget", "pool", "spend", "saving", "grant", "cost", "fund", "account"]
CARE = ["child", "family", "visit", "home", "mother", "baby", "nurse", "clinic"]


def _texts(number: int = 80) -> tuple[list[str], list[str]]:
    """Texts of two subjects: on average managers speak of money three times in four, nurses one in four."""
    random = np.random.default_rng(7)
    texts, jobs = [], []
    for at in range(number):
        job = ("manager", "nurse")[at % 2]
        share = random.beta(3, 1) if job == "manager" else random.beta(1, 3)
        texts.append(" ".join(str(random.choice(MONEY if random.random() < share else CARE)) for _ in range(25)))
        jobs.append(job)
    return texts, jobs


@pytest.fixture(scope="module")
def fitted() -> Themes:
    texts, jobs = _texts()
    return fit_themes(texts, 2, {"job": jobs}, starts=3, seed=1)


def test_planted_topics_and_their_difference_are_found(fitted: Themes) -> None:
    assert sorted(sorted(words) for words in fitted.top_words(8)) == [sorted(MONEY), sorted(CARE)]
    money = next(at for at, words in enumerate(fitted.top_words(8)) if "budget" in words)
    effect = fitted.effects.set_index("topic").loc[money]
    assert effect["covariate"] == "job: nurse"
    texts, _ = _texts()
    said = np.array([np.mean([word in MONEY for word in text.split()]) for text in texts])
    truth = said[1::2].mean() - said[::2].mean()
    assert effect["estimate"] == pytest.approx(truth, abs=0.05)
    assert effect["low"] < truth < effect["high"]
    assert fitted.stability == pytest.approx((1, 1), abs=0.01)


def test_shares_add_up_and_the_same_seed_gives_the_same_fit(fitted: Themes) -> None:
    texts, jobs = _texts()
    again = fit_themes(texts, 2, {"job": jobs}, starts=3, seed=1)
    assert fitted.proportions.sum(axis=1) == pytest.approx(np.ones(80))
    assert fitted.topics.sum(axis=1) == pytest.approx([1, 1])
    assert np.array_equal(fitted.proportions, again.proportions)
    assert fitted.effects.equals(again.effects)
    assert fitted.shares[0] >= fitted.shares[1]
    assert fitted.bounds == tuple(sorted(fitted.bounds, reverse=True))


def test_seeded_topics_come_first_under_their_names() -> None:
    texts, _ = _texts()
    for first, second in (("budget", "baby"), ("baby", "budget")):
        found = fit_themes(texts, 2, starts=1, seeds={"one": [first], "two": [second]})
        assert found.seeded == ("one", "two")
        assert first in found.top_words(8)[0]
        assert second in found.top_words(8)[1]
    with pytest.raises(ValueError, match="No seed word of 'one'"):
        fit_themes(texts, 2, seeds={"one": ["zebra"]})


def test_a_text_without_words_has_no_shares_and_moves_nothing() -> None:
    texts, jobs = _texts()
    one = fit_themes(texts, 2, {"job": jobs}, starts=1)
    more = fit_themes([*texts, "10 20"], 2, {"job": [*jobs, "nurse"]}, starts=1)
    assert np.isnan(more.proportions[-1]).all()
    assert more.proportions[:-1] == pytest.approx(one.proportions)


def test_texts_of_one_person_give_wider_errors_than_texts_of_many(fitted: Themes) -> None:
    texts, jobs = _texts()
    twice = fit_themes([*texts, *texts], 2, {"job": jobs * 2}, starts=1)
    grouped = fit_themes([*texts, *texts], 2, {"job": jobs * 2}, starts=1, clusters=[str(at) for at in range(80)] * 2)
    assert (grouped.effects["se"] > 1.15 * twice.effects["se"]).all()
    assert grouped.effects["estimate"].to_numpy() == pytest.approx(twice.effects["estimate"].to_numpy())
    assert len(fitted.effects) == 2


def test_the_derivatives_are_those_of_the_density() -> None:
    counted = count_words(_texts(6)[0])
    random = np.random.default_rng(3)
    topics = random.dirichlet(np.ones(len(counted.vocabulary)), size=4)
    step = EStep(counted, topics, random.normal(size=(6, 3)), np.diag([1.0, 2.0, 0.5]))
    eta, width = random.normal(size=(6, 3)), 1e-4
    theta, expected, likelihood = step._state(eta)
    hessian = step._hessian(theta, expected, likelihood)
    bumps = np.eye(3) * width
    for i in range(3):
        for j in range(3):
            corners = [step._value(eta + a * bumps[i] + b * bumps[j]) for a in (1, -1) for b in (1, -1)]
            second = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * width**2)
            assert hessian[:, i, j] == pytest.approx(-second, abs=2e-3, rel=1e-3)
    mode = step.climb(eta)
    for bump in bumps * 100:
        assert (step._value(mode) >= step._value(mode + bump)).all()
        assert (step._value(mode) >= step._value(mode - bump)).all()


def test_topics_in_another_order_are_the_same_fit(fitted: Themes) -> None:
    turned = fitted.estimate.reordered(np.array([1, 0]))
    assert softmax(turned.eta) == pytest.approx(fitted.estimate.proportions[:, ::-1])
    assert turned.nu[:, 0, 0] == pytest.approx(fitted.estimate.nu[:, 0, 0])


def test_coherence_and_exclusivity_by_hand() -> None:
    counted = count_words(["tea milk", "tea milk cup", "tea cup", "milk sugar", "sugar cup"])
    assert counted.vocabulary == ("cup", "milk", "sugar", "tea")
    topics = np.array([[0.1, 0.3, 0.1, 0.5], [0.5, 0.1, 0.3, 0.1]])  # tea, milk; cup, sugar
    assert quality.coherence(counted, topics, 2) == pytest.approx((np.log(3 / 3), np.log(2 / 3)))
    assert quality.coherence_stm(counted, topics, 2) == pytest.approx((np.log(2.01 / 3.01), np.log(1.01 / 3.01)))
    # first topic: exclusivity ranks cup 1, milk 3, sugar 2, tea 4; frequency ranks cup 1.5, milk 3, sugar 1.5, tea 4
    assert quality.exclusivity(topics, 2)[0] == pytest.approx(1 + 0.75)
    assert quality.matched(topics, topics[::-1]) == pytest.approx([1, 1])


def test_inflected_forms_count_as_what_the_texts_say_themselves() -> None:
    said = {
        "job",
        "jobs",
        "tax",
        "taxes",
        "pay",
        "paying",
        "family",
        "families",
        "buses",
        "news",
        "new",
        "bus",
        "caring",
    }
    assert base_forms(said) == {"jobs": "job", "taxes": "tax", "paying": "pay", "families": "family", "buses": "bus"}


def test_covariates() -> None:
    names, matrix = design({"job": ["b", "a", "c", "a"], "age": [1, 2, 4, 7]}, 4)
    assert names == ("(Intercept)", "job: b", "job: c", "age")
    assert matrix[:, 1].tolist() == [1, 0, 0, 0]
    assert design(np.array([1, 2, 4]), 3)[0] == ("(Intercept)", "x1")
    with pytest.raises(ValueError, match="missing value"):
        design({"age": [1, float("nan"), 2]}, 3)
    with pytest.raises(ValueError, match="2 values for 3 texts"):
        design({"age": [1, 2]}, 3)
    with pytest.raises(ValueError, match="depend on each other"):
        design({"age": [1, 1, 1]}, 3)


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="too few for 3 topics"):
        fit_themes(["one two", "two three"], 3)
    with pytest.raises(ValueError, match="two topics or more"):
        fit_themes(["one two"] * 20, 1)


def test_a_table_helps_to_choose_the_number_of_topics() -> None:
    found = choose_k(_texts()[0], (2, 3), starts=2)
    assert list(found["k"]) == [2, 3]
    assert found["stability"][0] > found["stability"][1]


def test_topics_of_a_study_are_opt_in_and_suggestions_until_a_person_accepts_them() -> None:
    texts, jobs = _texts(24)
    texts[1] += " xanthippe" * 30
    texts[3] += " xanthippe" * 30
    said = [make_text(f"t{n}", f"R: {text}.") for n, text in enumerate(texts)]
    parts = {
        "speakers": {text.id: {"R": f"p-{text.id}"} for text in said},
        "people": make_people([(f"p-{t.id}", "w1", "s1", job) for t, job in zip(said, jobs, strict=True)]),
        "codes": (Code("money", "Money", keywords=("budget", "grant"), accepted_by="A. Reader"), Code("care", "Care")),
    }
    assert topics_result(make_texts_study(said, **parts)) is None  # type: ignore[arg-type]
    study = make_texts_study(said, plan={"topics": {"k": 2, "starts": 2}}, **parts)  # type: ignore[arg-type]
    found = topics_result(study)
    assert found is not None
    statuses = sorted(str(row[-1]) for row in found.tables[0].rows)
    assert statuses == ["accepted as Money, by A. Reader", "suggested by a model, accepted by nobody"]
    assert found.values["accepted"] == 1
    assert not any("xanthippe" in str(value) for value in found.values.values())  # two people alone say it
    money = next(at for at in (1, 2) if "budget" in str(found.values[f"topic.{at}.words"]))
    assert found.values[f"topic.{money}.nurse.difference"] == pytest.approx(-0.5, abs=0.2)
    checker = KeyChecker(study)
    assert [key for key in found.values if not checker.knows("texts.topics", key)] == []
    codes = (replace(study.texts.codes[0], accepted_by=""), study.texts.codes[1])
    plan = {"topics": {"k": 2, "starts": 1}}
    none = topics_result(make_texts_study(said, plan=plan, **{**parts, "codes": codes}))  # type: ignore[arg-type]
    assert none is not None
    assert none.values["accepted"] == 0
    assert any("nobody has accepted" in caveat for caveat in none.caveats)


def test_keywords_of_the_codebook_seed_the_topics_where_the_plan_says_so() -> None:
    texts, jobs = _texts(24)
    said = [make_text(f"t{n}", f"R: {text}.") for n, text in enumerate(texts)]
    codes = [Code("care", "Care", keywords=("baby",)), Code("money", "Money", keywords=("pool budget",)),
             Code("unheard", "Unheard", keywords=("zebra",))]  # fmt: skip
    study = make_texts_study(
        said,
        plan={"topics": {"k": 2, "starts": 1, "seeded": True}},
        speakers={text.id: {"R": f"p-{text.id}"} for text in said},
        people=make_people([(f"p-{t.id}", "w1", "s1", job) for t, job in zip(said, jobs, strict=True)]),
        codes=codes,
    )
    found = topics_result(study)
    assert found is not None
    assert "baby" in str(found.values["topic.1.words"])
    assert "budget" in str(found.values["topic.2.words"])
    three = replace(codes[2], keywords=("visit",))
    with pytest.raises(NotComputable, match="can't seed 2 topics"):
        topics_result(replace(study, texts=replace(study.texts, codes=(*codes[:2], three))))
