"""Contrast of word use, saturation and topics: published cases and numbers computed by other programs."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from joinedup.texts.discourse import added, contrast, contrasts, informative_prior
from joinedup.texts.saturation import saturation
from joinedup.texts.themes import fit_themes

# Gadarian and Albertson (2014), 341 open answers as the R package stm 1.3.7 ships them. The z scores were computed by
# two other programs, which agree to four digits (see the acceptance folder).
TREATED = {"worry": 2.649, "are": 2.596, "not": 2.567, "pay": 2.451, "taxes": 2.246, "jobs": 2.240}
CONTROL = {"think": -4.235, "need": -2.670, "a": -2.641, "should": -2.470, "better": -2.441}


@pytest.fixture(scope="module")
def answers(shared: Path) -> list[dict[str, str]]:
    with (shared / "acceptance" / "interviews" / "gadarian.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def spoken(answers: list[dict[str, str]]) -> Mapping[str, Counter[str]]:
    groups: dict[str, list[Counter[str]]] = {"1": [], "0": []}
    for row in answers:
        groups[row["treatment"]].append(Counter(re.findall(r"[a-z']+", row["open.ended.response"].lower())))
    return {group: added(counts) for group, counts in groups.items()}


@pytest.mark.shared
def test_fightin_words_of_the_immigration_answers(spoken: Mapping[str, Counter[str]]) -> None:
    assert (spoken["1"].total(), spoken["0"].total(), len(spoken["1"] | spoken["0"])) == (3839, 3918, 1497)
    found = contrast(spoken["1"], spoken["0"], 0.01)
    z = dict(zip(found["word"], found["z"], strict=True))
    assert {word: round(z[word], 3) for word in TREATED | CONTROL} == TREATED | CONTROL
    assert list(found["word"][:6]) == list(TREATED)
    assert list(found["word"][::-1][:5]) == list(CONTROL)
    assert found.attrs["prior_mass"] == pytest.approx(14.97)


@pytest.mark.shared
def test_an_informative_prior_of_500_words(spoken: Mapping[str, Counter[str]]) -> None:
    found = contrast(spoken["1"], spoken["0"], informative_prior(added(spoken.values()), 500))
    z = dict(zip(found["word"], found["z"], strict=True))
    assert (round(z["worry"], 3), round(z["think"], 3)) == (2.802, -4.098)
    assert found.attrs["prior_mass"] == pytest.approx(500)


@pytest.mark.shared
def test_of_two_groups_each_against_the_rest_is_the_other_reversed(spoken: Mapping[str, Counter[str]]) -> None:
    found = contrasts(spoken)
    forward = dict(zip(found["1"]["word"], found["1"]["z"], strict=True))
    backward = dict(zip(found["0"]["word"], found["0"]["z"], strict=True))
    assert forward["worry"] == pytest.approx(2.649, abs=0.0005)
    assert all(forward[word] == pytest.approx(-backward[word]) for word in forward)


def test_saturation_of_the_worked_case() -> None:
    # Cumulated codes 20, 28, 33, 37, then +3, +1, +1, +0, by the method of Guest, Namey and Chen (2020).
    known = [0, 20, 28, 33, 37, 40, 41, 42, 42]
    interviews = [[f"c{code}" for code in range(a, b)] for a, b in pairwise(known)]
    found = saturation(interviews, base=4, run=2, threshold=0.05)
    assert found.base_codes == 37
    assert found.ratios == (4 / 37, 1 / 37)
    assert (found.reached_at, found.interviews) == ("6+2", 6)
    assert saturation(interviews, threshold=0).reached_at is None


@pytest.mark.shared
def test_one_topic_of_jobs_taxes_and_welfare_that_the_treatment_raises(answers: list[dict[str, str]]) -> None:
    """Published fit (R stm): +0.272 (0.024); R's best of ten starts from LDA: +0.267 (0.034); topica: +0.227 (0.038)."""
    texts = [row["open.ended.response"] for row in answers]
    covariates = {"treatment": [int(r["treatment"]) for r in answers], "pid": [float(r["pid_rep"]) for r in answers]}
    found = fit_themes(texts, 3, covariates, starts=10, seed=0)
    raised = found.effects.query("covariate == 'treatment' and 0.2 <= estimate <= 0.3 and p < 0.001")
    about = [{"job", "tax", "welfare"} <= set(words) for words in found.top_words(12)]
    assert [bool(of) for of in about].count(True) == 1
    assert list(raised["topic"]) == [about.index(True)]
    assert found.bounds[0] == max(found.bounds) > found.bounds[-1]
    assert len(found.bounds) == 10
    assert np.isnan(found.proportions).sum() == 0
