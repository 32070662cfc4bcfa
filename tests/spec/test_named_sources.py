"""Whoever the methods of the demonstration name by author and year stands in the references."""

from __future__ import annotations

import re

import joinedup

_NAMED = re.compile(r"([A-Z][\w'’-]+)(?:(?:,| and|, and) [A-Z][\w'’-]+)*(?: et al\.)? \(?((?:19|20)\d\d)\b(?!-)")
_DAYS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December) (?:19|20)\d\d"
)


def named(text: str) -> list[tuple[str, str]]:
    """Surname and year of the first author of each source named in a text."""
    return _NAMED.findall(_DAYS.sub("", text))


def test_the_methods_name_no_source_that_the_references_lack(pathfinders_run: joinedup.Run) -> None:
    study, results = pathfinders_run.study, pathfinders_run.results.values()
    given = "\n".join([study.references, *(one for result in results for one in result.references)])
    places = {site.name for site in study.sites}
    told = {pair for result in results for pair in named(result.methods) if pair[0] not in places}
    assert len(told) > 10
    lines = given.splitlines()
    assert sorted(told) == sorted(
        (name, year) for name, year in told if any(name.removesuffix("'s") in line and year in line for line in lines)
    )
