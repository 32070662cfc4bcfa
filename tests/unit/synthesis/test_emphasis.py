"""Emphasis in words and in money: a case by hand, overlapping passages, what is left out, refusals."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.model import Partnership, Study, Texts
from joinedup.study.partnership import Provision
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.site import Site, TextKind
from joinedup.study.texts import Code, Coding, Passage, Text
from joinedup.synthesis.integration.checks import check
from joinedup.synthesis.integration.emphasis import emphasis_result, stretches
from joinedup.workflow.opening import open_study

WORDS = {"a": (3, 1), "b": (1, 1), "c": (0, 2), "d": (0, 0), "e": (1, 0)}
"""Site -> passages on targeted and on universal provision."""
MONEY = {"a": (25.0, 75.0), "b": (50.0, 50.0), "c": (0.0, 10.0), "d": (1.0, 1.0), "e": (None, 1.0)}
"""Site -> targeted and universal spending; None is a status mark."""
DECLARED = {"targeted": ["some"], "universal": ["all"], "period": "2004"}


def site(id: str) -> Site:
    return dataclasses.replace(DEMONSTRATION.programme_sites[0], id=id, name=id.upper())


DEMONSTRATION = open_study(Path(__file__).resolve().parents[3] / "examples" / "pathfinders")


def small(sites: str = "abcde") -> Study:
    texts, codings = [], []
    for id in sites:
        texts.append(Text(f"t{id}", "document", "", id, "", "", "", "", "x" * 100))
        for code, many in zip(("some", "all"), WORDS[id], strict=True):
            codings += [
                Coding(Passage(f"t{id}", 10 * n, 10 * n + 5, "xxxxx"), code, coder)
                for n in range(many)
                for coder in ("one", "two")
            ]
    rows = [
        Provision(id, tier, tier, "2004", spend)
        for id in sites
        for tier, spend in zip(("targeted", "universal"), MONEY[id], strict=True)
    ]
    return Study(
        "s",
        "S",
        kinds=(TextKind("document", "Documents", speakers=False),),
        sites=tuple(site(id) for id in sites),
        texts=Texts(texts=tuple(texts), codes=(Code("some", "Some"), Code("all", "All")), codings=tuple(codings)),
        partnership=Partnership(provision=tuple(rows)),
        synthesis={"emphasis": DECLARED},
    )


def test_a_case_by_hand() -> None:
    """Shares of words 3/4, 1/2, 0; of money 1/4, 1/2, 0: gaps .5, 0, 0; mean 1/6, s .288675, t(2) 4.302653."""
    result = emphasis_result(small(), {})
    assert result is not None
    values = result.values
    assert [values[f"site.{id}.gap"] for id in "abc"] == [0.5, 0.0, 0.0]
    assert (values["sites"], values["zeros"], values["above"]) == (3, 1, 1)
    assert (values["without_words"], values["without_spending"]) == (1, 1)
    assert (values["passages.targeted"], values["passages.universal"], values["passages.share"]) == (4, 4, 0.5)
    assert values["spending"] == 75 / 210
    assert (values["people"], values["people.targeted"]) == (3, 2)
    assert values["gap"] == pytest.approx(1 / 6)
    assert values["gap_low"] == pytest.approx(1 / 6 - 4.302653 / 6, abs=1e-6)
    assert values["gap_high"] == pytest.approx(1 / 6 + 4.302653 / 6, abs=1e-6)
    assert "Left out: 1 site where" in " ".join(result.caveats)


def test_two_sites_have_no_interval() -> None:
    result = emphasis_result(small("ab"), {})
    assert result is not None
    assert result.values["gap"] == 0.25
    assert result.values["gap_low"] is None
    assert any("no interval" in caveat for caveat in result.caveats)


def test_without_a_site_of_both_it_is_refused() -> None:
    with pytest.raises(NotComputable, match="no site has both"):
        emphasis_result(small("de"), {})


def test_a_study_that_declares_nothing_has_no_result() -> None:
    assert emphasis_result(dataclasses.replace(small(), synthesis={}), {}) is None


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 9)), max_size=12))
def test_stretches_cover_the_same_characters_and_share_none(spans: list[tuple[str, int, int]]) -> None:
    found = stretches(Passage(text, start, start + length, "") for text, start, length in spans)
    covered = [(one.text, at) for one in found for at in range(one.start, one.end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {(text, at) for text, start, length in spans for at in range(start, start + length)}
    assert stretches(found) == found


@pytest.mark.parametrize("change", [{"period": "1999"}, {"universal": ["all", "some"]}])
def test_what_cannot_be_set_against_spending_has_its_number(change: dict[str, object]) -> None:
    study = dataclasses.replace(small(), synthesis={"emphasis": DECLARED | change})
    assert [problem.number for problem in check(study, KeyChecker(study))] == ["J653"]


def test_the_demonstrations_sites_are_its_case_sites() -> None:
    result = emphasis_result(DEMONSTRATION, {})
    assert result is not None
    assert result.values["sites"] == len(result.tables[0].rows) == 8
