"""Counts of persons that stand typed in the sentences of a result: its methods, cautions, refusal and notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from joinedup.report.gate.values import Values
from joinedup.study.expect import show
from joinedup.study.result import Result

_PERSONS = r" (?:people|persons?|raters?|respondents?|speakers?|interviewees?)\b"
_COUNT = re.compile(
    r"(?<![Aa]t least )(?<!than )(?<![\w.,])(\d[\d,]*)(?=(?: of(?: the)? [\d,]+| and [\d,]+)?(?:(?: \w+)?"
    + _PERSONS
    + "| have a score\\b))"
)
"""A number before a word for persons; what an analysis asks for ("at least 10 respondents") is no count."""
_THERE_ARE = re.compile(r"(?:(?<=here are )|(?<=here were ))(\d[\d,]*)(?=[.;,]? *(?:$|[A-Z;,]))")
"""The count of a refusal: "needs at least 10 respondents; there are 4."."""


def gated_sentences(result: Result, before: Result, values: Values) -> Result:
    """`result` with marks or rounded figures for the counts of persons in its sentences that may not leave.

    Those are the counts of the result as it was `before` that `values` changes, and whatever the profile hides as small.
    """
    own = {
        show(count): show(shown)
        for (id, key), shown in values.changed.items()
        if id == result.id and isinstance(count := before.values.get(key), int)
    }

    def told(words: str) -> str:
        counted = _COUNT.sub(one, words)
        return _THERE_ARE.sub(one, counted) if re.search(_PERSONS, words) else counted

    def one(match: re.Match[str]) -> str:
        return _instead(match[1], own, values)

    return replace(
        result,
        methods=told(result.methods),
        refused=told(result.refused),
        caveats=tuple(map(told, result.caveats)),
        tables=tuple(replace(table, title=told(table.title), note=told(table.note)) for table in result.tables),
    )


def _instead(number: str, own: Mapping[str, str], values: Values) -> str:
    if 1 <= int(number.replace(",", "")) <= values.profile.threshold:
        return values.profile.mark
    return own.get(number, own.get(number.replace(",", ""), number))
