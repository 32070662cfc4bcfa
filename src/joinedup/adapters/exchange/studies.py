"""A study's texts strand as a coding project."""

from __future__ import annotations

from collections.abc import Iterable

from joinedup.adapters.exchange.keeping import (
    ATTRIBUTES,
    cases_of,
    notes_of,
    sets_of,
    text_values,
    variables_of,
)
from joinedup.report.gate.barred import Barred
from joinedup.study.model import Study
from joinedup.study.texts import Code
from joinedup.texts.phases import planned_coders
from joinedup.texts.project import Coder, CodeSet, ImportReport, Project, ProjectCode, ProjectCoding, ProjectText

_RULES = {"include": "Include", "exclude": "Exclude", "example": "Example"}


def project_of(study: Study) -> Project:
    """The texts, codes, codings and coders of `study`; sites with texts are its cases, attributes its variables, memos
    its notes, beside the cases, variables and sets that came with projects.

    What a project of another program has no place for is a loss of the report.
    """
    codings = tuple(
        ProjectCoding(
            **{name: getattr(one.passage, name) for name in ("text", "start", "end", "quote")},
            code=one.code,
            coder=one.coder,
            note=one.note,
        )
        for one in study.texts.codings
    )
    names = {coding.coder for coding in codings} | {row.coder for row in study.texts.assignments}
    values = text_values(study)
    texts = tuple(
        ProjectText(
            text.id,
            text.id,
            text.content,
            variables={**values.get(text.id, {}), **{k: v for k in ATTRIBUTES if (v := getattr(text, k))}},
        )
        for text in study.texts.texts
    )
    return Project(
        name=study.title or study.id,
        texts=texts,
        codes=tuple(_code(code) for code in study.texts.codes),
        codings=codings,
        coders=tuple(Coder(name, name) for name in sorted(names | set(planned_coders(study)))),
        cases=cases_of(study),
        variables=variables_of(study),
        notes=notes_of(study),
        sets=sets_of(study),
        report=ImportReport(losses=tuple(_losses(study))),
    )


def codebook_of(study: Study, codes: Iterable[Code]) -> Project:
    """`codes` of `study` and the sets of them, without what was written of a set: nobody has cleared that."""
    made, barred = tuple(_code(code) for code in codes), Barred(study)
    known = {code.id for code in made}
    sets = (
        CodeSet(one.name, codes=held)
        for one in sets_of(study)
        if (held := tuple(code for code in one.codes if code in known)) and not barred.site_in(one.name)
    )
    return Project(name=study.title or study.id, codes=made, sets=tuple(sets))


def _code(code: Code) -> ProjectCode:
    rules = [f"{word}: {said}" for key, word in _RULES.items() if (said := getattr(code, key))]
    rules += [f"Keywords: {', '.join(code.keywords)}"] if code.keywords else []
    return ProjectCode(code.id, code.label, "\n\n".join(filter(None, [code.definition, *rules])), code.parent)


def rules_of(description: str) -> dict[str, str]:
    """A code's description taken apart again: definition, include, exclude, example."""
    found = {"definition": ""}
    for part in description.split("\n\n"):
        key = next((key for key, word in _RULES.items() if part.startswith(f"{word}: ") and key not in found), "")
        if key:
            found[key] = part.split(": ", 1)[1]
        else:
            found["definition"] = "\n\n".join(filter(None, [found["definition"], part]))
    return found


def _losses(study: Study) -> list[str]:
    """What the study holds and a project does not."""
    held = {
        "codings say in which phase they were made": sum(bool(one.phase) for one in study.texts.codings),
        "codings are marked as made by a rule": sum(one.automatic for one in study.texts.codings),
        "quotes are marked as cleared for the report": sum(one.cleared for one in study.texts.codings),
        "speakers are tied to people": sum(bool(one.person) for one in study.texts.speakers),
        "texts are assigned to coders": len(study.texts.assignments),
        "memos on passages, sites, people, waves or findings": sum(
            memo.on.partition(":")[0] not in ("study", "text", "code") for memo in study.texts.memos
        ),
        "places in the sources": len(study.texts.anchors),
        "decisions on differences": len(study.texts.decisions),
    }
    return [f"{count:,} {what}: the format has no place for that." for what, count in held.items() if count]
