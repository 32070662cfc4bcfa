"""Can the study's questionnaire be launched? What is in the way never makes a study unsound."""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.study.model import Study
from joinedup.study.survey import Group, Item, LaunchProblem, walk

NO_VERSION = "the questionnaire has no version, so that a later edit could not be told from this form"
IN_REPEAT = "answers in a repeat can't be brought into a study: a row of responses has one place for a question"


def launch_problems(study: Study) -> tuple[LaunchProblem, ...]:
    """Why the questionnaire can't be launched: sheet, row, column and reason; empty where it can, or where there is none."""
    instrument = study.survey.instrument
    if instrument is None:
        return ()
    repeats = [
        LaunchProblem("survey", element.row, "type", element.name, IN_REPEAT)
        for _, element in walk(instrument.elements)
        if isinstance(element, Group) and element.repeat
    ]
    found = [*instrument.launch_problems, *repeats]
    if not instrument.version:
        found.append(LaunchProblem("settings", 0, "version", "", NO_VERSION))
    return tuple(sorted(found, key=lambda problem: (problem.sheet, problem.row)))


def unreachable_items(study: Study) -> tuple[Item, ...]:
    """Questions that nobody can be asked, whatever is answered before."""
    from joinedup.survey.instrument import unreachable

    instrument = study.survey.instrument
    if instrument is None:
        return ()
    names = set(unreachable(instrument))
    return tuple(item for item in instrument.items if item.name in names)


def launch_notes(study: Study) -> Iterator[str]:
    """The lines that `joinedup check` prints after its verdict."""
    problems = launch_problems(study)
    if problems:
        yield f"The questionnaire can't be launched ({len(problems)} {'reason' if len(problems) == 1 else 'reasons'}):"
    for problem in problems:
        parts = [problem.sheet, str(problem.row or ""), problem.column]
        yield f"  {':'.join(part for part in parts if part)}: {problem.reason}."
    for item in unreachable_items(study):
        yield f"Nobody can be asked {item.name} (survey:{item.row}): its condition is never true."
