"""The study's own choice: its file, its problems, its result, its chapter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joinedup.report.chapters.case_selection import blocks
from joinedup.report.model import FigureBlock
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.site import Site
from joinedup.synthesis.case_selection.checks import check
from joinedup.synthesis.case_selection.declared import attribute_table
from joinedup.synthesis.case_selection.result import case_selection
from tests.builders import make_study

SITES = tuple(
    Site(f"s{at}", f"Site {at}", region, kind, extra={"size": size}, row=at + 1)
    for at, (region, kind, size) in enumerate(
        [("North", "city", "10"), ("North", "city", "20"), ("South", "shire", "30"), ("East", "shire", ""), ("East", "city", "50")],
        start=1,
    )
)  # fmt: skip
CHOICE: dict[str, Any] = {
    "strategy": "diverse",
    "sites": ["s1", "s2"],
    "attributes": {"region": 1, "type": 1},
    "by": "the team",
    "at": "2004-02",
    "reason": "To see what differs.",
}


def chosen(**changes: Any) -> Any:
    return make_study(sites=SITES, synthesis={"case-choice": {**CHOICE, **changes}})


def test_regret_of_a_choice_by_hand() -> None:
    result = case_selection(chosen())
    assert result is not None
    values = result.values
    # The two northern cities cover 1 of 3 regions and 1 of 2 types; the best pair covers 2 of 3 and both.
    assert values["objective"] == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert values["optimum"] == pytest.approx((2 / 3 + 1) / 2)
    assert values["regret_share"] == pytest.approx(1 / 2)
    assert (values["sites"], values["chosen"], values["in_optimum"], values["proven"]) == (5, 2, 1, 1)
    # Best pairs: s1 s3, s1 s4, s2 s3, s2 s4, s3 s5 (a city of one region and a shire of another).
    assert values["alternatives"] == 4
    assert values["of_chosen.region.north"] == 1.0
    assert values["standardised.region.north"] == pytest.approx((1 - 0.4) / 0.24**0.5)
    assert all(KeyChecker(chosen()).knows(result.id, key) for key in values)
    assert result.sources_of("regret")[0].rows == (2, 3, 4, 5, 6)


def test_a_column_of_numbers_is_a_number_and_a_blank_is_missing() -> None:
    table = attribute_table(chosen(), {"attributes": {"size": 1}})
    assert table["size"].tolist()[:3] == [10.0, 20.0, 30.0]
    assert table["size"].isna().tolist() == [False, False, False, True, False]
    result = case_selection(chosen(strategy="max-sum", attributes={"size": 2, "type": 1}))
    assert result is not None
    assert result.caveats == ("size is missing for s4: pairs with them are compared on the other attributes.",)
    assert result.values["of_all.size"] == pytest.approx(27.5)


def test_a_choice_against_its_own_rules_is_not_computed() -> None:
    with pytest.raises(NotComputable, match="does not keep"):
        case_selection(chosen(quota={"region": {"South": 1}}))
    assert case_selection(make_study(sites=SITES)) is None


def test_the_choice_of_the_demonstration_is_drawn(root: Path) -> None:
    from joinedup import open_study

    study = open_study(root / "examples" / "pathfinders")
    result = case_selection(study)
    assert result is not None
    assert result.values["chosen"] == 8
    assert sorted(study.synthesis["case-choice"]["sites"]) == sorted(s.id for s in study.programme_sites if s.case)
    figure = next(block.figure for block in blocks(study, {result.id: result}) if isinstance(block, FigureBlock))
    assert figure.alt
    assert len(figure.table.lines) == len(figure.spec["data"]["values"])
    assert blocks(make_study(sites=SITES), {}) == []


@pytest.mark.parametrize(
    ("changes", "number", "said"),
    [
        ({"stratgy": "x"}, "J630", "Did you mean `strategy`"),
        ({"sites": "s1"}, "J630", "`sites` is `s1`"),
        ({"reason": ""}, "J630", "has no `reason`"),
        ({"strategy": "divers"}, "J630", "Did you mean `diverse`"),
        ({"attributes": {"region": -1}}, "J630", "weight of `region`"),
        ({"quota": {"region": {"South": [2, 1]}}}, "J630", "quota of region `South`"),
        ({"quota": {"region": {"South": "1"}}}, "J630", "quota of region `South`"),
        ({"quota": {"region": 2}}, "J631", "No programme site has region"),
        ({"quota": {"region": {"Sooth": 1}}}, "J631", "Did you mean `South`"),
        ({"attributes": {"regoin": 1}}, "J631", "Did you mean `region`"),
    ],
)
def test_problems(changes: dict[str, Any], number: str, said: str) -> None:
    (problem, *_) = check(chosen(**changes))
    assert (problem.number, said in problem.what) == (number, True)


def test_what_is_sound_has_no_problem_and_unknown_ids_have_theirs() -> None:
    assert not list(check(chosen(quota={"region": {"South": [0, 1], "East": 1}}, outcome="size")))
    found = list(check(chosen(sites=["s1", "zz"], must=["yy"], attributes={"nothing@2003": 1}, at="soon")))
    assert [problem.what.split("`")[1] for problem in found] == ["zz", "yy", "soon", "nothing"]


def test_a_proposal_says_that_nobody_was_visited() -> None:
    for proposed, verb, told in (
        (True, "are proposed", "nobody has studied"),
        (False, "were chosen", "studied closely"),
    ):
        study = chosen(proposed=proposed)
        assert not list(check(study))
        result = case_selection(study)
        assert result is not None
        assert f"programme sites {verb} for case studies" in result.methods
        assert told in str(blocks(study, {result.id: result})[0])
    (problem,) = check(chosen(proposed="yes"))
    assert problem.number == "J630"
