"""Confidence in a finding after GRADE-CERQual: four components judged by a person, the facts filled in by the study.

Lewin et al. (2018), "Applying GRADE-CERQual to qualitative evidence synthesis findings", Implementation Science
13(Suppl 1), 2. The verdict is never computed: who judged, and when, stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

COMPONENTS = ("methodological_limitations", "coherence", "adequacy", "relevance")
NONE, MINOR, MODERATE, SERIOUS = "no or very minor concerns", "minor concerns", "moderate concerns", "serious concerns"
GRADES = (NONE, MINOR, MODERATE, SERIOUS)
LEVELS = ("high", "moderate", "low", "very low")


@dataclass(frozen=True, slots=True)
class Component:
    """One component's grade and the explanation that every grade below the best one needs."""

    grade: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A person's judgement of one finding."""

    finding: str
    components: Mapping[str, Component]
    overall: str
    by: str
    at: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the study knows of the evidence behind a finding; it bears on adequacy and relevance, and decides nothing."""

    passages: int = 0
    texts: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    professions: tuple[str, ...] = field(default=())


def unexplained(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Every part of an assessment that lacks what it needs: (part, why)."""
    for name in COMPONENTS:
        component = assessment.components.get(name)
        if component is None:
            yield name, "it is not judged"
        elif component.grade not in GRADES:
            yield name, f"its grade is none of {', '.join(GRADES)}"
        elif component.grade != NONE and not component.explanation.strip():
            yield name, f"it is lowered to {component.grade} without an explanation"
    if assessment.overall not in LEVELS:
        yield "overall", f"it is none of {', '.join(LEVELS)}"
    elif assessment.overall != LEVELS[0] and not assessment.explanation.strip():
        yield "overall", f"it is lowered to {assessment.overall} without an explanation"
    for name, value in (("by", assessment.by), ("at", assessment.at)):
        if not value.strip():
            yield name, "a verdict is a person's: say who judged, and when"


def lenient(assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """Findings called high in spite of a serious concern: allowed, and worth a second look."""
    return tuple(
        one.finding
        for one in assessments
        if one.overall == LEVELS[0] and any(part.grade == SERIOUS for part in one.components.values())
    )
