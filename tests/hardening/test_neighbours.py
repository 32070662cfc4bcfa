"""Neighbours: two studies that differ in nothing but who answered at sites whose counts are hidden give one release. SIMULATED.

Whatever else moves from one to the other tells of a hidden count; each such figure is named here, with what it is.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from joinedup.adapters.deposit import deposit_files
from joinedup.disclosure import Register
from joinedup.report.brief import brief_document
from joinedup.report.gate.document import released_document, released_result
from joinedup.study.model import Study, Survey
from joinedup.study.site import Site
from joinedup.workflow.release_set import Gated
from joinedup.workflow.releasing import gate
from tests.builders import make_instrument, make_responses, make_roster, make_scales, make_study

SITES = tuple(Site(f"s{n}", f"Place {n}", "North", "city" if n % 2 else "county", row=n + 1) for n in range(1, 11))
AGENCIES = ("education", "health", "police")
LEVELS = ("governance", "strategy", "frontline")
OPEN = [{"people": "asked", "reason": "Adults, counted over all sites."}]
_FIGURE = re.compile(r"[-−]?\d+\.\d+(e[-−]?\d+)?|[0-9a-f]{64}")
"""A figure in words, or the digest of all of them."""
SPREAD = re.compile(
    r"(unweighted_se|weighted_se|icc1|icc2|\.f|\.p|rwg_uniform|rwg_skewed|\.ad|shift|\.weighted|"
    r"(unweighted|raked)\.(low|high|p|df))$"
)
"""What moves with how unevenly people are spread over the sites, as one figure over all of them."""


def study_of(answered: Mapping[tuple[str, str], int], profile: str) -> Study:
    """Three people of each agency at each site, of whom `answered` did; all of an agency say the same."""
    scales = make_scales(LEVELS, items=3)
    rows: list[tuple[str, ...]] = []
    given: dict[str, dict[str, str]] = {}
    for site in SITES:
        for which, agency in enumerate(AGENCIES):
            for n in range(1, 4):
                person, here = f"{site.id}-{agency}-{n}", n <= answered[site.id, agency]
                rows.append(("w2", site.id, agency, "officer", person, "complete" if here else "refused"))
                if here:
                    names = [item for scale in scales for item in scale.items]
                    given[person] = {item: str(1 + (2 * at + which) % 5) for at, item in enumerate(names)}
    survey = Survey(make_instrument(scales), scales, make_roster(rows), {"w2": make_responses("w2", given)})
    settings = {"plan": {"survey": {"wave": "w2"}}, "disclosure": {"profile": profile, "open": OPEN}}
    return make_study(sites=SITES, survey=survey, settings=settings)


def spread(seed: int) -> dict[tuple[str, str], int]:
    """Two or three of each agency at each site."""
    draw = random.Random(seed)
    return {(site.id, agency): draw.choice((2, 2, 3)) for site in SITES for agency in AGENCIES}


def neighbour(answered: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """The same with one person of an agency more at a site, and one fewer at another of its type."""
    agency = AGENCIES[0]
    at = {site.id: sum(answered[site.id, each] for each in AGENCIES) for site in SITES}
    more = [site for site in SITES if answered[site.id, agency] == 2 and at[site.id] < 8]
    fewer = [site for site in SITES if answered[site.id, agency] == 3 and at[site.id] < 9]
    one, other = next((one.id, other.id) for one in more for other in fewer if one.type == other.type)
    return {**answered, (one, agency): 3, (other, agency): 2}


def told(gated: Gated) -> dict[str, Any]:
    """Everything that leaves, leaf by leaf."""
    found: dict[str, Any] = {}
    for id, result in gated.results.items():
        found |= _leaves(f"results/{id}", released_result(result))
    found |= _leaves("document", gated.document)
    found |= _leaves("register", Register().with_release("now", gated.values.tables).to_dict())
    for site in SITES:
        if brief := brief_document(gated.study, gated.results, site.id):
            found |= _leaves(f"brief/{site.id}", released_document(brief, gated.values, ""))
    assert gated.rows is not None
    found |= _leaves("rows", sorted(row[1:] for row in gated.rows.rows))
    files = deposit_files(gated.study, gated.results, gated.document, gated.values, gated.rows)
    for path, content in files.items():
        if path.endswith((".csv", ".md", ".xml")) and not path.startswith("data/survey"):
            found |= _leaves(f"deposit/{path}", content.decode().splitlines())
    return found


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]] | dict[str, Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        parts = [(str(key), one) for key, one in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(str(at), one) for at, one in enumerate(value)]
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, one in parts:
        found |= dict(_leaves(f"{path}/{name}", one))
    return found


def _without_figures(value: Any) -> Any:
    return "#" if isinstance(value, float) else _FIGURE.sub("#", value) if isinstance(value, str) else value


@pytest.mark.parametrize(("profile", "seed"), [("children-la", 1), ("secure", 2)])
def test_who_answered_at_sites_whose_counts_are_hidden_moves_nothing_that_leaves(profile: str, seed: int) -> None:
    answered = spread(seed)
    one, other = (gate(study_of(each, profile), Register()) for each in (answered, neighbour(answered)))
    assert [key for key in one.values.hidden if key[1].endswith(".answered")]
    first, second = told(one), told(other)
    words = [
        (path, first.get(path), second.get(path))
        for path in sorted(first.keys() | second.keys())
        if _without_figures(first.get(path)) != _without_figures(second.get(path))
    ]
    assert not words, words[:5]
    moved = [
        (path, first[path], second[path])
        for path in first
        if path.startswith("results/") and "/values/" in path and first[path] != second[path]
    ]
    unknown = [one for one in moved if not SPREAD.search(one[0])]
    assert not unknown, unknown[:5]
