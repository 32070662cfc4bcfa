"""How a value that may not leave as it is stands in a sentence, in the place of the one that stood there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from joinedup.report.gate.values import Values
from joinedup.study.expect import references, show
from joinedup.study.result import Result, Value

UNSAID = "Its figures are not shown."
_UNIT = 100
"""A share in percentage points is so many times the share."""
_NUMBER = re.compile(r"[-+\u2212]?[\d,]*\.?\d+(?:e[-+]\d+)?%?|[<>]\s?\d*\.\d+")


def as_shown(value: Value, before: str) -> str:
    """The changed `value` in the unit of what was shown `before`, with no more digits than it has; `before` itself where
    that is a name which leads to the value."""
    if not isinstance(value, float):
        return show(value)
    if not _NUMBER.fullmatch(before):
        return before
    if "%" in before:
        return show(value, ".1%")
    told = _UNIT * value if _in_points(value, before) else value
    return show(told, ".1f" if round(told, 1) == told else ".3g")


def _in_points(value: float, before: str) -> bool:
    try:
        number = float(before.replace("\u2212", "-"))
    except ValueError:
        return False
    return abs(number - _UNIT * value) < abs(number - value)


def filled(template: str, results: Mapping[str, Result], values: Values) -> str:
    """`template` with its references replaced as the gate lets them be told; UNSAID where that leaves no sentence.

    `results` are gated or not: what `values` changes is told as changed.
    """
    parts, at = [], 0
    for one in references(template):
        result = results.get(one.result)
        value = result.values.get(one.key) if result else None
        changed = values.changed.get((one.result, one.key))
        if one.format and (one.result, one.key) in values.hidden:
            return UNSAID
        shown = show(value, "" if isinstance(value, str) else one.format)
        parts += [template[at : one.start], shown if changed is None else as_shown(changed, shown)]
        at = one.end
    return "".join([*parts, template[at:]])
