"""impact.costs on a small SIMULATED study: planted effect and cost, prices of one year, words, refusals, its chapter."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from typing import Any

import pytest

from joinedup.impact.results import ANALYSES
from joinedup.report.chapters import impact_costs
from joinedup.report.model import FigureBlock
from joinedup.study.checks import check_core
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from tests.unit.indicators.build import comparison, count, programme, study

PLAN = {"effects": ["moves"], "costs": ["spend"], "thresholds": [0, 20, 60], "draws": 200}
MOVES = count("moves", unit="per cent", direction="down")
SPEND = count("spend", unit="pounds per child", family="expenditure", deflate=True)
DEFLATOR = {str(year): 100.0 * 1.1 ** (year - 2000) for year in range(2000, 2007)}


def small(
    effect: float = -2.0,
    cost: float = 50.0,
    sites: int = 6,
    plan: Mapping[str, Any] | None = None,
    indicators: tuple[Indicator, ...] = (MOVES, SPEND),
) -> Study:
    """`sites` programme sites from 2004 on and ten others; spending rises with prices, the programme adds to it."""
    draw = random.Random(3)
    chosen, others = [f"p{n}" for n in range(sites)], [f"c{n}" for n in range(10)]
    cells = []
    for site in (*chosen, *others):
        level = draw.gauss(20, 2)
        for year in range(2000, 2007):
            on = site in chosen and year >= 2004
            cells.append((site, str(year), "moves", level + effect * on + draw.gauss(0, 0.3)))
            real = 400 + cost * on + draw.gauss(0, 4)
            cells.append((site, str(year), "spend", real * DEFLATOR[str(year)] / DEFLATOR["2006"]))
    return study(
        cells,
        indicators,
        (*programme(*chosen), *comparison(*others)),
        plan={"impact": {"outcomes": ["moves"], "costs": PLAN if plan is None else plan}},
        deflator=DEFLATOR,
        price_base="2006",
    )


def run(given: Study) -> Result:
    found = ANALYSES["impact.costs"](given)
    assert found is not None
    return found


def test_planted_effect_and_cost_in_prices_of_one_year() -> None:
    found = run(small())
    values = found.values
    assert values["spend.estimate"] == pytest.approx(50, abs=5)  # in prices of 2006
    assert values["moves.estimate"] == pytest.approx(-2, abs=0.3)
    assert values["moves.and.spend.effect"] == pytest.approx(2, abs=0.3)
    assert values["moves.and.spend.ratio"] == pytest.approx(25, abs=5)
    assert values["moves.and.spend.ratio_low"] < values["moves.and.spend.ratio"] < values["moves.and.spend.ratio_high"]
    assert values["moves.and.spend.more_higher"] == 1 and values["price_year"] == "2006"
    assert values["moves.and.spend.benefit_0.estimate"] == -values["moves.and.spend.cost"]
    assert values["moves.and.spend.benefit_0.acceptable"] == 0 and values["moves.and.spend.benefit_60.acceptable"] == 1
    assert [table.id for table in found.tables] == ["consequences", "plane", "benefit-moves-and-spend"]
    assert "prices of 2006" in found.methods and "200 bootstrap samples" in found.methods


def test_every_key_is_registered_and_every_cell_has_its_value() -> None:
    given = small()
    found, keys = run(given), KeyChecker(given)
    assert all(keys.knows("impact.costs", key) for key in found.values)
    for table in found.tables:
        for row, names in zip(table.rows, table.keys, strict=False):
            assert all(cell == found.values[name] for cell, name in zip(row, names, strict=True) if name)


def test_what_needs_no_ratio_has_none() -> None:
    values = run(small(cost=-50.0)).values
    assert values["moves.and.spend.ratio"] is None and "no ratio is needed" in values["moves.and.spend.words"]


def test_an_effect_that_may_be_nothing_has_no_price_with_bounds() -> None:
    found = run(small(effect=-0.05))
    if found.values["moves.and.spend.ratio"] is None:
        assert found.values["moves.and.spend.effect"] <= 0
    assert found.values["moves.and.spend.ratio_low"] is None


def test_few_sites_keep_estimates_and_shares_alone() -> None:
    found = run(small(sites=3))
    assert found.values["moves.and.spend.benefit_20.estimate"] is not None
    assert found.values["moves.and.spend.benefit_20.low"] is None and found.values["moves.low"] is None
    assert any("Too few sites" in caveat for caveat in found.caveats)


def test_it_is_asked_for_or_not_there() -> None:
    given = small()
    without = dataclasses.replace(given, settings={"plan": {"impact": {"outcomes": ["moves"]}}})
    assert ANALYSES["impact.costs"](without) is None


def test_refusals_say_why() -> None:
    directionless = dataclasses.replace(MOVES, direction="")
    assert "which direction" in run(small(indicators=(directionless, SPEND))).tables[-1].rows[0][0]
    with pytest.raises(NotComputable, match="no outcome and no cost"):
        run(small(plan={"effects": [], "costs": []}))
    plain = small()
    undeflated = dataclasses.replace(
        plain, indicators=dataclasses.replace(plain.indicators, deflator={}, price_base="")
    )
    with pytest.raises(NotComputable, match="no deflator"):
        run(undeflated)
    current = run(small(indicators=(MOVES, dataclasses.replace(SPEND, deflate=False))))
    assert any("not deflated" in caveat for caveat in current.caveats)
    logged = small()
    plan = {"impact": {"log": ["moves"], "costs": PLAN}}
    with pytest.raises(NotComputable, match="logarithm, which has no price"):
        run(dataclasses.replace(logged, settings={"plan": plan}))


def test_a_plan_that_names_what_is_not_there_is_a_problem() -> None:
    wrong = small(plan={"effects": ["move"], "costs": ["spend"], "thresholds": [-1], "draws": 0})
    numbers = [
        problem.number for problem in check_core(wrong) if problem.place.column in ("effects", "thresholds", "draws")
    ]
    assert sorted(numbers) == ["J116", "J116", "J501"]


def test_the_chapter_s_part_says_the_price_year_and_draws_the_curve() -> None:
    given = small()
    blocks = impact_costs.blocks(given, {"impact.costs": run(given)})
    figures = [block.figure for block in blocks if isinstance(block, FigureBlock)]
    assert len(figures) == 1 and "acceptability" in figures[0].alt.lower()
    assert not impact_costs.blocks(given, {})
