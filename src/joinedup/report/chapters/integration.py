"""How the strands were joined: site displays, triangulation, threads, configurations, theory of change, confidence."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.integration import case_order, theory_map
from joinedup.report.model import Block, Folded, Text
from joinedup.report.prose import ref
from joinedup.report.quotes import quotes_of
from joinedup.study.model import Study
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
        *_tracing(results),
        *_confidence(results),
    ]
    return [*lead(results, *_lead()), *parts] if parts else []


def _lead() -> tuple[str, ...]:
    return (
        f"Of {ref(_TRIANGLE, 'comparisons')} pairs of strands on {ref(_TRIANGLE, 'topics')} topics, "
        f"{ref(_TRIANGLE, 'agreement')} agree, {ref(_TRIANGLE, 'partial_agreement')} agree in part, "
        f"{ref(_TRIANGLE, 'dissonance')} contradict each other, and in {ref(_TRIANGLE, 'silence')} one is silent that was "
        f"asked; in {ref(_TRIANGLE, 'not_asked')} one could not have spoken.",
        f"Of {ref(_THEORY, 'links')} links in the theory of change {ref(_THEORY, 'without_evidence')} have no evidence and "
        f"{ref(_THEORY, 'contested')} evidence against them.",
    )


def _triangulation(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"Two raters gave the same code to {ref(_TRIANGLE, 'rater_agreement', '.0%')} of {ref(_TRIANGLE, 'rated_twice')} "
        f"pairs (Cohen's kappa {ref(_TRIANGLE, 'rater_kappa', '.2f')}) and differed on {ref(_TRIANGLE, 'differed')}, in what "
        f"is said or in how far.",
    )
    return section(
        results,
        _TRIANGLE,
        "Where strands agree and where they do not",
        paragraph(results, *told),
        tables(results, _TRIANGLE),
        methods(results, _TRIANGLE),
    )


def _threads(results: Mapping[str, Result]) -> list[Block]:
    told = f"Threads followed from strand to strand: {ref(_THREADS, 'threads')}, in {ref(_THREADS, 'hops')} hops."
    return section(
        results,
        _THREADS,
        "Following a thread",
        paragraph(results, told),
        tables(results, _THREADS),
        methods(results, _THREADS),
    )


def _pillar(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"{ref(_PILLAR, 'matched')} of {ref(_PILLAR, 'items')} items stand in {ref(_PILLAR, 'rows')} rows of "
        f"{ref(_PILLAR, 'pillars')} pillars; standing alone, in sight and with their reasons: {ref(_PILLAR, 'alone')}."
    )
    return section(
        results, _PILLAR, "Pillars", paragraph(results, told), tables(results, _PILLAR), methods(results, _PILLAR)
    )


def _sites(study: Study, results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"Over {ref(_SITES, 'constructs')} constructs, statistic and theme are in discord at {ref(_SITES, 'discord')} cells "
        f"of construct and site; {ref(_SITES, 'confirm')} confirm, {ref(_SITES, 'against')} speak against, and at "
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
        tables(results, _THEORY),
        methods(results, _THEORY),
    )


def _tracing(results: Mapping[str, Result]) -> list[Block]:
    return section(
        results,
        _TRACING,
        "How far each piece of evidence moves belief",
        tables(results, _TRACING),
        methods(results, _TRACING),
    )


def _confidence(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"Of {ref(_CONFIDENCE, 'findings')} findings that were judged, {ref(_CONFIDENCE, 'high')} are held with high, "
        f"{ref(_CONFIDENCE, 'moderate')} with moderate, {ref(_CONFIDENCE, 'low')} with low and "
        f"{ref(_CONFIDENCE, 'very_low')} with very low confidence; {ref(_CONFIDENCE, 'unjudged')} were not judged."
    )
    return section(
        results,
        _CONFIDENCE,
        "Confidence in the findings",
        paragraph(results, told),
        tables(results, _CONFIDENCE),
        methods(results, _CONFIDENCE),
    )
