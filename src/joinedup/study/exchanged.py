"""What projects of coding programs hold beside texts and codings: cases, variables, sets. Kept so that it goes out again."""

from __future__ import annotations

from dataclasses import dataclass, field

from joinedup.study.site import Extra


@dataclass(frozen=True, slots=True)
class VariableValue:
    """The value of a variable `on` a text ("text:ID") or a case ("case:NAME").

    An empty `on` declares the variable: `type` is Text, Boolean, Integer, Float, Date or DateTime, `value` what it is.
    """

    on: str
    variable: str
    value: str
    type: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class CaseText:
    """A text of a case (a unit of analysis of the project, such as a person); `text` is empty where it has none."""

    case: str
    text: str
    description: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class SetMember:
    """A member of a named set, "code:ID" or "text:ID"; empty where the set has none."""

    set: str
    member: str
    description: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0
