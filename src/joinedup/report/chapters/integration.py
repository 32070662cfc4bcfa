"""How the strands were joined: site displays, triangulation, threads, configurations, theory of change, confidence."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.integration import case_order, theory_map
from joinedup.report.model import Block, Folded, Text
from joinedup.report.prose import ref
from joinedup.report.quotes import quotes_of
from joinedup.report.tables import table_block
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result
from joinedup.synthesis.integration.theory import theory_of

TITLE = "How the strands were joined"
_SITES, _THEMES, _CASES = "synthesis.site-display", "synthesis.statistics-by-theme", "synthesis.case-ordered-display"
_TRIANGLE, _PILLAR, _THREADS = "synthesis.triangulation", "synthesis.pillar-integration", "synthesis.threads"
_REALIST, _THEORY = "synthesis.realist", "synthesis.contribution"
_TRACING, _CONFIDENCE = "synthesis.process-tracing", "synthesis.confidence"
_QUOTES = 3


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study joins its strands by none of these methods."""
    parts = [
        *_triangulation(results),
        *_threads(results),
        *_pillar(results),
        *_sites(study, results),
        *_themes(results),
        *_cases(study, results),
        *_realist(results),
        *_theory(study, results),
        *_tracing(study, results),
        *_confidence(results),
    ]
    return [*lead(results, *_lead()), *parts] if parts else []


def _lead() -> tuple[str, ...]:
    return (
        f"Two strands at a time were compared on {ref(_TRIANGLE, 'topics')} topics. Pairs that agree: "
        f"{ref(_TRIANGLE, 'agreement')}; in part: {ref(_TRIANGLE, 'partial_agreement')}; that contradict each other: "
        f"{ref(_TRIANGLE, 'dissonance')}; of which one was asked and is silent: {ref(_TRIANGLE, 'silence')}; of which one "
        f"could not have spoken: {ref(_TRIANGLE, 'not_asked')}.",
        f"The theory of change has {ref(_THEORY, 'links')} links; without evidence: {ref(_THEORY, 'without_evidence')}; with "
        f"evidence against them: {ref(_THEORY, 'contested')}.",
    )


def _triangulation(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"On {ref(_TRIANGLE, 'topics')} topics what one strand says is set beside what another says; a strand is silent only "
        "where it was asked and says nothing.",
        f"Two raters gave the same code of what is said to {ref(_TRIANGLE, 'rater_agreement', '.0%')} of "
        f"{ref(_TRIANGLE, 'rated_twice')} pairs (Cohen's kappa {ref(_TRIANGLE, 'rater_kappa', '.2f')}), and of how far it is "
        f"said to {ref(_TRIANGLE, 'reach_agreement', '.0%')} (kappa {ref(_TRIANGLE, 'reach_kappa', '.2f')}); in one or the "
        f"other they differed on {ref(_TRIANGLE, 'differed')}.",
    )
    return _part(results, _TRIANGLE, "Where strands agree and where they do not", told, ("not-asked", "voices"))


def _threads(results: Mapping[str, Result]) -> list[Block]:
    told = (
        "A question that one strand raises is followed into the next strand that can answer it. Threads: "
        f"{ref(_THREADS, 'threads')}; hops over all: {ref(_THREADS, 'hops')}."
    )
    return _part(results, _THREADS, "Following a thread", (told,))


def _pillar(results: Mapping[str, Result]) -> list[Block]:
    told = (
        "What was counted and what was said is matched where it speaks of the same thing. "
        f"{ref(_PILLAR, 'matched')} of {ref(_PILLAR, 'items')} items stand in {ref(_PILLAR, 'rows')} rows of "
        f"{ref(_PILLAR, 'pillars')} pillars; standing alone, in sight and with their reasons: {ref(_PILLAR, 'alone')}."
    )
    return _part(results, _PILLAR, "Pillars", (told,), ("items",))


def _sites(study: Study, results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"Over {ref(_SITES, 'constructs')} constructs, statistic and theme are in discord at {ref(_SITES, 'discord')} cells "
        f"of construct and site; {ref(_SITES, 'confirm')} confirm, {ref(_SITES, 'qualified')} leave it open, {ref(_SITES, 'against')} speak against, and at "
        f"{ref(_SITES, 'statistic_alone')} nobody was interviewed and the statistic stands alone."
    )
    return section(
        results,
        _SITES,
        "Site by site",
        paragraph(results, told),
        tables(results, _SITES),
        _quotes(study, results),
        methods(results, _SITES),
    )


def _quotes(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """Cleared quotes beside the constructs that name a theme."""
    found: list[Block] = []
    for one in study.synthesis.get("site-display", {}).get("construct", ()):
        quotes = quotes_of(results, one["code"], _QUOTES) if one.get("code") else ()
        if quotes:
            found.append(Folded((Text(f"In their words: {one['label']}"),), quotes, kind="data"))
    return found


def _themes(results: Mapping[str, Result]) -> list[Block]:
    told = (
        "Sites that have a theme are compared with those that do not. "
        f"Measures compared: {ref(_THEMES, 'measures')}; themes by which sites are divided: {ref(_THEMES, 'themes')}; sites "
        f"whose texts were read: {ref(_THEMES, 'sites_interviewed')}."
    )
    return section(
        results,
        _THEMES,
        "Statistics by theme",
        paragraph(results, told),
        tables(results, _THEMES),
        methods(results, _THEMES),
    )


def _cases(study: Study, results: Mapping[str, Result]) -> list[Block]:
    result = results.get(_CASES)
    declared = study.synthesis.get("case-ordered-display", {})
    drawn = case_order(study, result, declared["codes"], declared["label"]) if result and not result.refused else None
    return section(
        results,
        _CASES,
        "Cases in order",
        paragraph(
            results,
            f"{ref(_CASES, 'cases')} cases stand from the lowest to the highest {_small(declared.get('label', ''))}; beside "
            f"them, how many of the people there speak of each of {ref(_CASES, 'themes')} themes.",
        ),
        figures(drawn),
        tables(results, _CASES, without=("cases",)),
        methods(results, _CASES),
    )


def _realist(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"Of {ref(_REALIST, 'configurations')} configurations {ref(_REALIST, 'supported')} are supported in every part, "
        f"{ref(_REALIST, 'contested')} contested, {ref(_REALIST, 'incomplete')} incomplete and "
        f"{ref(_REALIST, 'conjecture')} conjecture: nobody speaks of the mechanism."
    )
    return section(
        results,
        _REALIST,
        "What works for whom, in which circumstances",
        paragraph(results, told),
        tables(results, _REALIST),
        methods(results, _REALIST),
    )


def _theory(study: Study, results: Mapping[str, Result]) -> list[Block]:
    result = results.get(_THEORY)
    theory = theory_of(study, results) if result and not result.refused else None
    told = (
        f"{ref(_THEORY, 'with_evidence')} of {ref(_THEORY, 'links')} links have evidence, "
        f"{ref(_THEORY, 'unmeasured')} of {ref(_THEORY, 'nodes')} steps are not measured, and of "
        f"{ref(_THEORY, 'rivals')} rival explanations {ref(_THEORY, 'rivals_open')} are open."
    )
    return section(
        results,
        _THEORY,
        "The theory of change",
        paragraph(results, told),
        figures(theory_map(theory, result) if theory and result else None),
        tables(results, _THEORY, without=("grounds",)),
        _behind(results, _THEORY, ("grounds",)),
        methods(results, _THEORY),
    )


def _tracing(study: Study, results: Mapping[str, Result]) -> list[Block]:
    told = ["How much likelier does each piece of evidence make an explanation than its rival?"]
    for one in study.synthesis.get("process-tracing", {}).get("explanation", ()):
        key = key_part(one["id"])
        told.append(
            f"“{one['claim']}” was held to be {ref(_TRACING, f'{key}.prior_low', '.0%')} to "
            f"{ref(_TRACING, f'{key}.prior_high', '.0%')} likely before the evidence, and is {ref(_TRACING, f'{key}.low', '.0%')} "
            f"to {ref(_TRACING, f'{key}.high', '.0%')} likely after it: {ref(_TRACING, f'{key}.verdict')}. Of "
            f"{ref(_TRACING, f'{key}.pieces')} pieces {ref(_TRACING, f'{key}.counted')} count, since the others depend on them."
        )
    return _part(results, _TRACING, "How far each piece of evidence moves belief", tuple(told), ("grounds",))


def _confidence(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"Of {ref(_CONFIDENCE, 'findings')} findings that were judged, {ref(_CONFIDENCE, 'high')} are held with high, "
        f"{ref(_CONFIDENCE, 'moderate')} with moderate, {ref(_CONFIDENCE, 'low')} with low and "
        f"{ref(_CONFIDENCE, 'very_low')} with very low confidence; {ref(_CONFIDENCE, 'unjudged')} were not judged."
    )
    return _part(results, _CONFIDENCE, "Confidence in the findings", (told,), ("reasons",))


def _part(
    results: Mapping[str, Result], id: str, title: str, told: tuple[str, ...], behind: tuple[str, ...] = ()
) -> list[Block]:
    """A result's part: its sentences, its tables, and folded below them those of `behind`."""
    return section(
        results,
        id,
        title,
        paragraph(results, *told),
        tables(results, id, without=behind),
        _behind(results, id, behind),
        methods(results, id),
    )


def _behind(results: Mapping[str, Result], id: str, names: tuple[str, ...]) -> list[Block]:
    """Tables that tell what stands behind the others, each folded under its title."""
    result = results.get(id)
    held = {table.id: table for table in result.tables} if result else {}
    return [
        Folded((Text(held[name].title),), (table_block(result, held[name]),), kind="data")
        for name in names
        if result and name in held
    ]


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]
