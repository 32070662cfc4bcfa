"""Sentences of the synthesis that hold values of other results: told again with the values as they may leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from joinedup.report.gate.as_shown import filled
from joinedup.report.gate.values import Values
from joinedup.study.expect import references
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Result
from joinedup.synthesis.joint_display import fill


def retold(
    study: Study, before: Mapping[str, Result], gated: Mapping[str, Result], values: Values
) -> dict[str, Result]:
    """The `gated` results with what the synthesis wrote out of `before` written out of what may leave.

    Displays, threads, tests and findings are declared as sentences with references. A table of the synthesis holds
    them filled in: the count that is hidden in its own result stood there as a word.
    """
    instead = {}
    for template in sorted(dict.fromkeys(_templates(study))):
        if any((one.result, one.key) in values.changed for one in references(template)):
            instead[fill(template, before)] = filled(template, before, values)
    if not instead:
        return dict(gated)
    longest = sorted(instead, key=lambda words: (-len(words), words))
    said = re.compile(r"(?<![\w.,])(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)")

    def told(words: str) -> str:
        return said.sub(lambda match: instead[match[0]], words)

    return {id: _told(result, told) if _is_synthesis(id) else result for id, result in gated.items()}


def _told(result: Result, told: Callable[[str], str]) -> Result:
    tables = tuple(
        replace(
            one, rows=tuple(tuple(told(cell) if isinstance(cell, str) else cell for cell in row) for row in one.rows)
        )
        for one in result.tables
    )
    return replace(result, tables=tables)


def _is_synthesis(id: str) -> bool:
    kind = KIND_BY_ID.get(id)
    return kind is not None and kind.strand == "synthesis"


def _templates(study: Study) -> Iterator[str]:
    """Every sentence of the study's synthesis and findings that refers to a value."""
    yield from (claim.claim for claim in study.claims if references(claim.claim))
    yield from (words for words in _words(study.synthesis) if references(words))


def _words(declared: object) -> Iterator[str]:
    if isinstance(declared, str):
        yield declared
    elif isinstance(declared, Mapping):
        for value in declared.values():
            yield from _words(value)
    elif isinstance(declared, list | tuple):
        for value in declared:
            yield from _words(value)
