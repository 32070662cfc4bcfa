"""The functions that others call, in the forms in which others hold their data; what means nothing is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    unitizing_alpha,
    unitizing_alpha_of_texts,
)
from joinedup.texts.discourse import contrast
from joinedup.texts.saturation import order_bootstrap, saturation
from joinedup.texts.themes import fit_themes

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section D: nominal .743, interval .849.
CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
FRAME = pd.DataFrame(CODERS)
HIDDEN = np.array([[0 if v is None else v for v in row] for row in CODERS])
FORMS: dict[str, Any] = {
    "frame": FRAME,
    "frame with NA": FRAME.astype("Int64"),
    "array of objects": np.array(CODERS, dtype=object),
    "masked array": np.ma.MaskedArray(HIDDEN, mask=HIDDEN == 0),
    "mapping": dict(zip("DBCA", CODERS, strict=True)),
    "mapping by unit": {
        coder: dict(sorted(enumerate(row), reverse=coder % 2 == 0)) for coder, row in enumerate(CODERS)
    },
    "columns": [pd.Series(row, dtype="Int64") for row in CODERS],
    "NaT": [[pd.NaT if v is None else v for v in row] for row in CODERS],
    "small floats": [[np.float32("nan") if v is None else np.float32(v) for v in row] for row in CODERS],
    "decimals": [[None if v is None else Decimal(v) for v in row] for row in CODERS],
}


@pytest.mark.parametrize("form", FORMS)
def test_ratings_in_any_form_agree_alike(form: str) -> None:
    given = FORMS[form]
    assert krippendorff_alpha(given).estimate == pytest.approx(0.7434211, abs=1e-6)
    assert krippendorff_alpha(given, "interval").estimate == pytest.approx(0.8491071, abs=1e-6)
    for coefficient in (gwet_ac1, gwet_ac2, brennan_prediger, conger_kappa):
        assert coefficient(given).estimate == pytest.approx(coefficient(CODERS).estimate, abs=1e-12)


def test_ratings_that_can_be_read_once_alone() -> None:
    assert krippendorff_alpha((iter(row) for row in CODERS), "interval").estimate == pytest.approx(0.8491071, abs=1e-6)
    assert conger_kappa(iter(CODERS)).estimate == conger_kappa(CODERS).estimate
    assert cohen_kappa(iter("aab"), iter("abb")).estimate == cohen_kappa("aab", "abb").estimate


def test_units_are_matched_by_their_names() -> None:
    assert cohen_kappa({"u1": 1, "u2": 0, "u3": 1}, {"u3": 1, "u2": 0, "u1": 1}).estimate == 1


def test_an_ordered_categorical_ranks_its_own_words() -> None:
    levels = ["low", "mid", "top"]
    first, second = ["low", "mid", "top", "mid"], ["low", "top", "top", "low"]
    ranks = [[levels.index(word) for word in words] for words in (first, second)]
    for wrap in (lambda c: c, pd.Series):
        ordered = [wrap(pd.Categorical(words, categories=levels, ordered=True)) for words in (first, second)]
        found = cohen_kappa(*ordered, weights="linear").estimate
        assert found == pytest.approx(cohen_kappa(*ranks, weights="linear").estimate, abs=1e-12)


@pytest.mark.parametrize(
    "ratings, said",
    [
        ([1, 2, 3], "one row a coder"),
        (np.array([1, 2]), "one row a coder"),
        ([[1.0, np.inf], [1.0, 2.0]], "infinite"),
        ([[1, "a"], ["a", 1]], "different types"),
        ([[1, 2], ["one", "two"]], "coder 1 gives numbers and coder 2 words"),
        ([["01", "02"], [None, 2]], "coder 2 gives numbers and coder 1 words"),
    ],
)
def test_what_is_no_table_of_ratings(ratings: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        krippendorff_alpha(ratings)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_a_coder_who_writes_numbers_as_words_means_the_numbers(level: str) -> None:
    words = [CODERS[0], [None if one is None else str(one) for one in CODERS[1]], *CODERS[2:]]
    assert krippendorff_alpha(words, level) == krippendorff_alpha(CODERS, level)
    assert krippendorff_alpha(pd.DataFrame(words), level).estimate == krippendorff_alpha(CODERS, level).estimate
    assert cohen_kappa(["1", "10", "2"], [1, 10, 2]).estimate == 1
    assert cohen_kappa([1, 2, "other"], ["1", "2", "other"]).estimate == 1
    assert gwet_ac1([[0.5, 1.0, 2.0], ["0.5", "1", "2.0"]]).estimate == 1


def test_a_code_as_a_number_and_as_a_word_is_refused_for_unitized_text() -> None:
    units: dict[str, list[tuple[int, int, Any]]] = {"a": [(0, 5, 1)], "b": [(0, 5, "1")]}
    with pytest.raises(ValueError, match="'1' is a code as a number and as a word"):
        unitizing_alpha(units, 10)
    with pytest.raises(ValueError, match="write it alike"):
        unitizing_alpha_of_texts([(units, 10), (units, 10)])


def test_weights_are_words() -> None:
    with pytest.raises(ValueError, match="none of linear, quadratic"):
        cohen_kappa([1, 2], [2, 1], weights=np.eye(2))


def test_counts_of_a_frame_and_of_rows_that_differ() -> None:
    rows = [[0, 0, 3], [1, 2, 0], [3, 0, 0]]
    assert fleiss_kappa(pd.DataFrame(rows)).estimate == fleiss_kappa(rows).estimate
    for wrong in ([[1, 2], [1]], [["a", "b"]], []):
        with pytest.raises(ValueError, match="units x categories"):
            fleiss_kappa(wrong)


@pytest.mark.parametrize("count", [float("nan"), float("inf"), -1])
def test_a_word_is_counted_or_refused(count: float) -> None:
    with pytest.raises(ValueError, match="count"):
        contrast({"a": count, "b": 1}, {"a": 1})
    with pytest.raises(ValueError, match="prior"):
        contrast({"a": 1, "b": 1}, {"a": 1}, prior=count)


def test_a_prior_of_each_word_as_a_column() -> None:
    prior = {"a": 0.5, "b": 2.0}
    assert contrast({"a": 3, "b": 1}, {"a": 1}, pd.Series(prior)).equals(contrast({"a": 3, "b": 1}, {"a": 1}, prior))


def test_saturation_of_a_table_and_of_codes_read_once() -> None:
    interviews = ["abc", "bcd", "e", "ab", "ef", "a", "g", "b"]
    told = saturation(interviews)
    table = pd.DataFrame([{code: int(code in interview) for code in "abcdefg"} for interview in interviews])
    for form in (table, table.to_numpy(), table.astype(bool), [iter(one) for one in interviews], pd.Series(interviews)):
        assert saturation(form) == told
    assert order_bootstrap(table, draws=20) == order_bootstrap(interviews, draws=20)


TEXTS = ["jobs taxes welfare jobs", "border crime fear", "taxes jobs work", "crime border police", "welfare taxes"] * 4


def test_covariates_in_any_form() -> None:
    group = [1, 0, 1, 0, 1] * 4
    told = fit_themes(TEXTS, 2, {"x1": group}, starts=1).effects
    for form in (group, np.array(group), pd.Series(group), pd.DataFrame({"x1": group})):
        assert fit_themes(pd.Series(TEXTS), 2, form, starts=1).effects.equals(told)
    with pytest.raises(ValueError, match="columns by name"):
        fit_themes(TEXTS, 2, [{"x1": value} for value in group], starts=1)


@pytest.mark.parametrize("gap", [None, float("nan"), pd.NA])
def test_a_missing_word_is_no_category(gap: Any) -> None:
    with pytest.raises(ValueError, match="missing"):
        fit_themes(TEXTS, 2, {"site": [gap, *("ab" * 10)[1:]]}, starts=1)


def test_missing_texts_hold_no_words() -> None:
    found = fit_themes([None, *TEXTS, float("nan")], 2, starts=1)
    assert np.isnan(found.proportions[[0, -1]]).all()
    with pytest.raises(ValueError, match="one string"):
        fit_themes([text.split() for text in TEXTS], 2)
    with pytest.raises(NotComputable):
        fit_themes([], 2)
