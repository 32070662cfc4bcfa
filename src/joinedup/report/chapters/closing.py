"""The sections around the strands: methods, what can't be concluded, references, colophon."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from joinedup.report.chapters.common import MANY
from joinedup.report.chapters.plan import plan_section
from joinedup.report.model import (
    Bibliography,
    Block,
    Bullets,
    Cell,
    Cite,
    Code,
    Folded,
    Heading,
    Inline,
    Line,
    Paragraph,
    TableBlock,
    Text,
)
from joinedup.report.prose import inlines
from joinedup.study.digest import digest
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.version import __version__

_ENTRY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)", re.MULTILINE)
_PAGES = re.compile(r"(?<=[ :])(\d+)-(\d+)(?=[.;]|$)")
_SAMPLE = "Sample: "
LONG_LIST = 12
"""A list of cautions with more entries than this is folded away on the screen."""
STRAND_TITLES = {
    "survey": "Survey",
    "texts": "Texts",
    "partnership": "Partnership",
    "indicators": "Indicators",
    "impact": "Impact",
    "synthesis": "Synthesis",
}


def bibliography_keys(bibliography: str) -> frozenset[str]:
    """The citation keys of a BibTeX file."""
    return frozenset(_ENTRY.findall(bibliography))


def methods_section(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The methods, strand by strand, in the sentences of the results themselves."""
    known = bibliography_keys(study.references)
    blocks: list[Block] = plan_section(study, results)
    for strand, title in STRAND_TITLES.items():
        own = [result for id, result in results.items() if id.startswith(f"{strand}.") and result.methods]
        if own:
            blocks.append(Heading(3, (Text(title),), f"methods-{strand}"))
        samples: dict[str, str] = {}
        for result in own:
            cited = tuple(part for key in result.references if key in known for part in (Text(" "), Cite(key)))
            blocks.append(Heading(4, (Text(result.title),), f"methods-{result.id}"))
            blocks.append(Paragraph((Text(_told_once(result, samples)), *cited)))
    return blocks


def _told_once(result: Result, samples: dict[str, str]) -> str:
    """The methods; a sample that another result of the strand has told already is that one's. `samples` remembers."""
    how, stop, sample = result.methods.partition(_SAMPLE)
    first = samples.setdefault(sample, result.title) if stop else result.title
    return result.methods if first == result.title else f"{how}{_SAMPLE}as told under {first}."


def limits_section(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """What can't be concluded: the study's own limits, refusals, and the caveats of the results."""
    declared = study.settings.get("report", {}).get("limits", [])
    blocks: list[Block] = [Bullets(tuple(inlines(results, str(limit)) for limit in declared))] if declared else []
    alike: dict[tuple[str, ...], list[Result]] = {}
    before: list[Result] = []
    for result in results.values():
        refused = (f"Not computed: {result.refused}",) if result.refused else ()
        alike.setdefault((*refused, *_cautions(result, before)), []).append(result)
        before.append(result)
    for told, group in alike.items():
        if told:
            listed: Block = Bullets(tuple((Text(sentence),) for sentence in told))
            if len(told) > LONG_LIST:
                listed = Folded((Text(f"{len(told)} cautions"),), (listed,), kind="cautions")
            title = " · ".join(result.title for result in group)
            blocks += [Heading(3, (Text(title),), f"limits-{group[0].id}"), listed]
    return blocks or [Paragraph((Text("No limits were declared, and none were met."),))]


def _cautions(result: Result, before: Sequence[Result]) -> tuple[str, ...]:
    """The result's cautions; many that another one has had already are told in one sentence."""
    for one in before:
        shared = [caution for caution in result.caveats if caution in one.caveats]
        if len(shared) >= MANY:
            own = tuple(caution for caution in result.caveats if caution not in shared)
            all_of = "The" if len(shared) == len(one.caveats) else f"{len(shared)} of the {len(one.caveats)}"
            return (f"{all_of} cautions told of {one.title} hold here, too.", *own)
    return result.caveats


def references_section(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The bibliography, and the sources of the methods."""
    known = bibliography_keys(study.references)
    sources = sorted(
        {one for result in results.values() for one in result.references if one not in known}, key=str.casefold
    )
    blocks: list[Block] = [Bibliography()] if known else []
    if sources:
        blocks += [
            Heading(3, (Text("Sources of the methods"),), "method-sources"),
            Bullets(tuple((Text(_PAGES.sub(r"\1–\2", source)),) for source in sources)),
        ]
    return blocks


def colophon(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """Which code made the report, from which inputs: a release tells none of their digests."""
    whole = digest({id: [result.inputs, result.values] for id, result in results.items()})
    told: tuple[Inline, ...] = (
        Text(f"Made by joinedup {__version__} from the study "),
        Code(study.id),
        Text(". Digest of all inputs and values: "),
        Code(whole),
        Text(". The same inputs give the same bytes. The rows behind a value are shown by "),
        Code("joinedup explain"),
        Text(" on the study's own machine; they are not in this file."),
    )
    if not any(result.inputs for result in results.values()):
        return [Paragraph(told)]
    lines = tuple(
        Line((Cell((Code(id),)), Cell((Code(result.inputs or "–"),)), Cell((Text(result.version),))))
        for id, result in results.items()
    )
    head = tuple(Cell((Text(title),)) for title in ("Result", "Inputs (SHA-256)", "Code version"))
    return [
        Paragraph(told),
        TableBlock("colophon-results", "Results and the inputs that they were computed from", head, lines),
    ]
