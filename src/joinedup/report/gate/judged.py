"""Findings as they may leave: without digests, and without figures in the reasons for a verdict that no table shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from joinedup.disclosure import Profile, Stop
from joinedup.disclosure.profiles import rounding_range
from joinedup.report.gate.digits import is_of_persons
from joinedup.report.gate.values import Values
from joinedup.study.expect import Expectation, ExpectError, NoValue, parse
from joinedup.study.finding import Claim, Finding
from joinedup.study.result import Result, Value

Results = Mapping[str, Result]
_INTERVAL = re.compile(r"the interval, from \S+ to \S+, is not")
_MOVED = re.compile(r"(?P<result>[a-z][\w-]*\.[\w-]+):(?P<key>[\w.]+) was .* and is .*")
_MOST_KEYS = 6
"""Of an expectation, whose ends are all tried together: two to the power of so many."""


def gated_finding(finding: Finding, claim: Claim, before: Results, gated: Results, values: Values) -> Finding:
    """`finding` without the digests of what it cites and of what lies behind: a few counts are soon tried.

    Its reasons, and what has moved since it was affirmed, were written out of the results `before` the gate: refusals
    are told as in the `gated` ones, an interval that leaves otherwise isn't told, nor what a value of persons was and is.
    """
    refused = {
        result.refused: gated[id].refused
        for id, result in before.items()
        if result.refused and id in gated and gated[id].refused != result.refused
    }
    ends = {(one.result, key) for one in claim.absence for key in (one.low, one.high)}
    coarse = bool(ends & values.changed.keys()) or any(is_of_persons(id) for id, _ in ends)

    def told(reason: str) -> str:
        for whole, part in refused.items():
            reason = reason.replace(whole, part)
        return _INTERVAL.sub("the interval is not", reason) if coarse else reason

    return replace(
        finding,
        reasons=tuple(map(told, finding.reasons)),
        moved=tuple(map(_moved, finding.moved)),
        digest="",
        inputs={},
        cited={},
    )


def _moved(words: str) -> str:
    match = _MOVED.fullmatch(words)
    if match is None or not is_of_persons(match["result"]):
        return words
    return f"{match['result']}:{match['key']} is another value"


def stops_of_expectations(findings: Mapping[str, Finding], before: Results, values: Values) -> Iterator[Stop]:
    """Comparisons with a value that leaves hidden or rounded: that they hold, or don't, tells on which side of a number
    it lies. With a rounded value they may leave if they hold, or don't, of every number that it can be."""
    for finding in findings.values():
        for text in (text for piece in finding.evidence for text in piece.expect):
            try:
                expected = parse(text)
            except ExpectError:  # nothing is compared, and the reason says so
                continue
            hidden = [key for key in expected.keys if (expected.result, key) in values.hidden]
            rounded = [key for key in expected.keys if (expected.result, key) in values.changed]
            what = f"Finding {finding.id} expects `{text}`, and "
            if hidden:
                why = (
                    "The report says whether that holds, and so on which side of the number the suppressed count lies."
                )
                do = "Take the expectation out, or expect it of a larger group."
                yield Stop(f"{what}{hidden[0]} is suppressed.", why, do, "findings.toml")
            elif rounded and not _follows(expected, rounded, before, values):
                why = "The report says whether that holds, and so more of the number than the rounded figure does."
                do = "Expect a number that the rounded figure leaves no doubt of."
                yield Stop(f"{what}{rounded[0]} leaves rounded.", why, do, "findings.toml")


def _follows(expected: Expectation, rounded: list[str], before: Results, values: Values) -> bool:
    """Whether what comes out is the same at both ends of what each rounded value can be."""
    if len(rounded) > _MOST_KEYS or expected.result not in before:
        return False
    exact = before[expected.result].values
    ends = [_range(values.changed[expected.result, key], values.profile) for key in rounded]
    try:
        found = {expected.holds({**exact, **dict(zip(rounded, some, strict=True))}) for some in product(*ends)}
        return found == {expected.holds(exact)}
    except NoValue:
        return False


def _range(shown: Value, profile: Profile) -> tuple[Value, Value]:
    """The lowest and the highest number that is shown as `shown`."""
    if isinstance(shown, int):
        return rounding_range(shown, max(profile.base, profile.base_above), profile)
    if not isinstance(shown, float):
        return shown, shown
    places = max(len(f"{shown!r}".partition(".")[2]), profile.mean_decimals)
    return shown - 0.5 * 10**-places, shown + 0.5 * 10**-places
