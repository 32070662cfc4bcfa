"""Codes in a tree count the same persons: who says a code is among those who say the one above it. SIMULATED."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.disclosure import PROFILES, audit_release
from joinedup.report.gate.nesting import EITHER
from joinedup.report.gate.values import Values, protected_values
from joinedup.study.model import Texts
from joinedup.study.result import Result, Value
from joinedup.study.texts import Code
from tests.survey_sample import small_study

MATRIX, EMPHASIS = "texts.theme-matrix", "synthesis.emphasis"
SITES = [f"s{n}" for n in range(1, 7)]
CODES = (
    Code("provision", "Provision"),
    Code("targeted", "Targeted", parent="provision"),
    Code("universal", "Universal", parent="provision"),
    Code("deeper", "Deeper", parent="targeted"),
)


def gated(emphasis: Mapping[str, Value] | None = None, **sites: Mapping[str, int]) -> Values:
    values: dict[str, Value] = {}
    for code, counts in sites.items():
        values |= {f"{code}.site.{site}.people": n for site, n in counts.items()}
        values[f"{code}.people"] = sum(counts.values())
    study = small_study(
        texts=Texts(codes=CODES), synthesis={"emphasis": {"targeted": ["targeted"], "universal": ["universal"]}}
    )
    own = {MATRIX: values, **({EMPHASIS: emphasis} if emphasis else {})}
    results = {id: Result(id=id, title=id, values=v, inputs="", version="", methods="") for id, v in own.items()}
    return protected_values(study, results, PROFILES["children-la"])


def whole(**less: int) -> dict[str, int]:
    return {site: 30 - less.get(site, 0) for site in SITES}


def test_what_is_left_of_the_code_above_is_a_group_too() -> None:
    """30 people say something of provision and 27 of targeted provision: 3 do not."""
    apart = dict.fromkeys(SITES, 12)
    told = gated(provision=whole(), targeted=apart | {"s1": 27})
    assert {(MATRIX, "provision.site.s1.people"), (MATRIX, "targeted.site.s1.people")} & told.hidden
    assert not audit_release(told.tables)
    assert not gated(provision=whole(), targeted=apart).hidden


def test_a_code_two_below_is_held_against_the_one_between() -> None:
    apart = dict.fromkeys(SITES, 12)
    told = gated(provision=whole(), targeted=apart, deeper={site: 4 if site == "s1" else 0 for site in SITES})
    assert (MATRIX, "deeper.site.s1.people") in told.hidden
    close = gated(provision=whole(), targeted=apart | {"s2": 18}, deeper=dict.fromkeys(SITES, 6) | {"s2": 15})
    assert {(MATRIX, "targeted.site.s2.people"), (MATRIX, "deeper.site.s2.people")} & close.hidden
    assert not audit_release(close.tables)


def test_the_same_persons_of_another_result_are_told_as_they_are_here() -> None:
    targeted = dict.fromkeys(SITES, 12) | {"s1": 27}
    emphasis: dict[str, Value] = {"people": 180, "people.targeted": sum(targeted.values())}
    for site in SITES:
        emphasis |= {f"site.{site}.people": 30, f"site.{site}.targeted": targeted[site]}
    told = gated(emphasis, provision=whole(), targeted=targeted)
    for site in SITES:
        both = (MATRIX, f"targeted.site.{site}.people"), (EMPHASIS, f"site.{site}.targeted")
        assert len(set(both) & told.hidden) in (0, 2), site
    assert told.hidden
    names = {table.source.population for table in told.tables}
    assert not any(EITHER in name for name in names), "they are those of the code above: no population of their own"


def test_fewer_who_speak_of_either_are_a_group_of_their_own() -> None:
    emphasis: dict[str, Value] = {f"site.{site}.people": 28 if site == "s4" else 20 for site in SITES}
    emphasis |= {f"site.{site}.targeted": 10 for site in SITES}
    told = gated(emphasis, provision=whole(), targeted=dict.fromkeys(SITES, 10))
    assert {(MATRIX, "provision.site.s4.people"), (EMPHASIS, "site.s4.people")} & told.hidden
    assert not audit_release(told.tables)
