"""The phases of double coding: who was given what to code apart from the others, and how far each text has come."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.texts import INDEPENDENT, PHASES, Coding


def planned_coders(study: Study) -> tuple[str, ...]:
    """The coders that the plan names."""
    return tuple(map(str, study.plan("texts").get("coders", ())))


def independent_phase(study: Study) -> str:
    """The phase in which coders work apart: the plan's, else "independent" where texts are assigned in it, else "".

    Raises NotComputable where the plan names a later phase: coders who have compared no longer disagree by themselves.
    """
    assigned = {row.phase for row in study.texts.assignments}
    phase = str(study.plan("texts").get("phase", "")) or (INDEPENDENT if INDEPENDENT in assigned else "")
    if phase in PHASES and phase != INDEPENDENT:
        raise NotComputable(
            f"Agreement is computed on codings that were made apart, not on the phase {phase}: name the phase "
            f"{INDEPENDENT} in [plan.texts]."
        )
    return phase


def readers(study: Study) -> Mapping[str, tuple[str, ...]]:
    """Text -> the planned coders who were given it in the independent phase, in the plan's order."""
    phase, planned = independent_phase(study), planned_coders(study)
    given = {(row.text, row.coder) for row in study.texts.assignments if row.phase == phase}
    return {text.id: tuple(c for c in planned if (text.id, c) in given) for text in study.texts.texts}


def made_apart(study: Study) -> tuple[Coding, ...]:
    """The codings of the independent phase by people; a coding whose phase is not recorded counts among them."""
    phase = independent_phase(study)
    return tuple(c for c in study.texts.codings if c.phase in ("", phase) and not c.automatic)


def phases(study: Study) -> Mapping[str, str]:
    """Text -> the latest of the three phases in which it is assigned; texts that are in none are left out."""
    found: dict[str, str] = {}
    for row in study.texts.assignments:
        if row.phase in PHASES:
            found[row.text] = max(found.get(row.text, PHASES[0]), row.phase, key=PHASES.index)
    return found
