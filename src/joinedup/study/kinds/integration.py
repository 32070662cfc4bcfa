"""The results of the integration methods and their keys; what their placeholders stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joinedup.study.kinds.kind import INTERVAL, ResultKind

PLACES: Mapping[str, tuple[str, str]] = {
    "topic": ("triangulation", "topic"),
    "node": ("theory-of-change", "node"),
    "configuration": ("realist", "configuration"),
    "measure": ("statistics-by-theme", "measure"),
    "construct": ("site-display", "construct"),
    "explanation": ("process-tracing", "explanation"),
    "pillar": ("pillar", "pillar"),
    "thread": ("threads", "thread"),
}
"""Each placeholder: the file of synthesis/ and the array of tables whose ids it stands for."""
PARTS = ("context", "mechanism", "outcome")
COMPONENTS = ("methodological_limitations", "coherence", "adequacy", "relevance")


def declared(synthesis: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What the placeholders of these results stand for in a study."""
    found = {name: _ids(synthesis.get(file, {}).get(array)) for name, (file, array) in PLACES.items()}
    explanations = _tables(synthesis.get("process-tracing", {}).get("explanation"))
    found["piece"] = [id for one in explanations for id in _ids(one.get("piece"))]
    assessments = _tables(synthesis.get("confidence", {}).get("assessment"))
    found["finding"] = [str(one.get("finding", "")) for one in assessments]
    return found


def _ids(tables: Any) -> list[str]:
    return [str(table.get("id", "")) for table in _tables(tables)]


def _tables(value: Any) -> list[Mapping[str, Any]]:
    """The tables of an array; what is none is a problem of the checks, not of the registry."""
    return [table for table in value if isinstance(table, Mapping)] if isinstance(value, list | tuple) else []


KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "synthesis.triangulation",
        "synthesis",
        "Triangulation protocol",
        {
            "topics": "topics on which strands were compared",
            "comparisons": "pairs of strands on a topic",
            "agreement": "pairs alike in meaning and in prominence",
            "partial_agreement": "pairs alike in meaning or in prominence, not in both",
            "silence": "pairs of strands that were both asked, of which one says nothing",
            "dissonance": "pairs that differ in meaning and in prominence",
            "not_asked": "pairs of which one strand was not asked",
            "covered_by_neither": "pairs of strands that were both asked and say nothing",
            "not_settled": "pairs on which raters differ and have not settled",
            "raters": "raters, without the name under which they settled",
            "rated_twice": "pairs that two raters rated",
            "differed": "pairs on which raters differed",
            "rater_agreement": "share of the pairs rated by the first two raters that they gave the same code of what is said",
            "rater_kappa": "Cohen's kappa of the first two raters on what is said: meaning and prominence",
            "reach_agreement": "share of these pairs that they gave the same code of how far it is said",
            "reach_kappa": "Cohen's kappa of the first two raters on how far it is said: coverage and examples",
            "{topic}.{strand}.{strand}.code": "code of what two strands say: meaning and prominence",
            "{topic}.{strand}.{strand}.reach": "code of how far they say it: coverage and examples",
        },
    ),
    ResultKind(
        "synthesis.contribution",
        "synthesis",
        "Theory of change and contribution",
        {
            "nodes": "steps of the theory of change",
            "measured": "steps of which a value of the study tells how far they came about",
            "unmeasured": "steps of which no value tells how far they came about",
            "links": "links between steps",
            "with_evidence": "links with evidence",
            "without_evidence": "links without evidence",
            "contested": "links with evidence against them",
            "rivals": "rival explanations",
            "rivals_open": "rival explanations that are neither weakened nor ruled out",
            "{node}.measured": "1 where a value tells how far the step came about, else 0",
            "{node}.layer": "the longest path that leads to the step, from 0",
            "{node}.{node}.state": "no evidence, contested, strong, moderate, weak or not judged",
            "{node}.{node}.evidence": "pieces of evidence on the link",
            "{node}.{node}.against": "of these, pieces that contradict it",
            "{node}.{node}.rivals_open": "open rival explanations of the link",
        },
    ),
    ResultKind(
        "synthesis.realist",
        "synthesis",
        "Context, mechanism and outcome",
        {
            "configurations": "configurations of context, mechanism and outcome",
            "supported": "configurations with a passage for every part and none against the mechanism",
            "contested": "configurations with passages against the mechanism",
            "incomplete": "configurations with a passage for the mechanism and none for another part",
            "conjecture": "configurations without a passage for the mechanism",
            "sites": "sites whose texts were read",
            "{configuration}.status": "supported, contested, incomplete or conjecture",
            **{
                f"{{configuration}}.{part}.{way}": f"passages {way} the {part}"
                for part in PARTS
                for way in ("for", "against")
            },
            "{configuration}.sites": "sites with a passage for every part",
            "{configuration}.site.{site}": "1 where the site has a passage for every part, else 0",
        },
    ),
    ResultKind(
        "synthesis.case-ordered-display",
        "synthesis",
        "Cases in the order of an outcome",
        {
            "cases": "cases: sites with an interview and a value of the outcome",
            "themes": "themes set beside the outcome",
            "site.{site}.outcome": "the outcome's value at the case",
            "site.{site}.place": "the case's place from the lowest outcome",
            "site.{site}.people": "people interviewed at the case",
            "{code}.site.{site}.share": "share of the people interviewed at the case who speak of the theme",
            "{code}.tau": "Kendall's tau-b of the share with the outcome",
            "{code}.tau_p": "its exact two-sided p over all orders of the cases",
            "{code}.j": "Jonckheere and Terpstra's J of the outcome over cases where few, some and most speak of it",
            "{code}.j_p": "its exact two-sided p",
        },
    ),
    ResultKind(
        "synthesis.statistics-by-theme",
        "synthesis",
        "Statistics by theme",
        {
            "share": "share of the people interviewed at a site from which on the site has a theme",
            "measures": "measures compared",
            "themes": "themes by which sites are divided",
            "sites_surveyed": "programme sites with a value of some measure",
            "sites_interviewed": "sites with a measure and an interview (with a text, in a study without interviews)",
            "{measure}.{code}.present": "sites that have the theme",
            "{measure}.{code}.absent": "other sites with an interview or text",
            "{measure}.{code}.mean_present": "mean of the measure where they do",
            "{measure}.{code}.mean_absent": "mean of the measure where they do not",
            "{measure}.{code}.difference": "mean with the theme minus mean without it",
            "{measure}.{code}.low": INTERVAL["low"],
            "{measure}.{code}.high": INTERVAL["high"],
            "{measure}.{code}.p": "exact permutation p, two-sided, over all splits of the sites",
            "{measure}.{code}.splits": "splits of the sites",
            "{measure}.{code}.smallest_p": "the least p that these splits can give",
        },
    ),
    ResultKind(
        "synthesis.site-display",
        "synthesis",
        "Joint display by site",
        {
            "constructs": "constructs",
            "sites": "sites with a value of some construct",
            **{
                name: f"cells of construct and site whose fit is {name}"
                for name in ("confirm", "qualified", "discord", "against", "silent")
            },
            "statistic_alone": "cells of construct and site where nobody was interviewed",
            "{construct}.confirm": "sites where statistic and theme both speak for it",
            "{construct}.qualified": "sites where one of them neither speaks for it nor against it and nothing contradicts it",
            "{construct}.discord": "sites where one speaks for it and the other against",
            "{construct}.site.{site}.statistic": "the site's statistic",
            "{construct}.site.{site}.low": "lower end of its interval",
            "{construct}.site.{site}.high": "upper end of its interval",
            "{construct}.site.{site}.n": "what the statistic rests on, as the measure counts it",
            "{construct}.site.{site}.people": "people of the site who speak of the theme",
            "{construct}.site.{site}.against": "people of the site who speak of the opposite theme",
            "{construct}.site.{site}.interviewed": "people of the site who were interviewed",
            "{construct}.site.{site}.fit": "how the strands fit: confirm, qualified, discord, against, silent or statistic alone",
        },
    ),
    ResultKind(
        "synthesis.confidence",
        "synthesis",
        "Confidence in the findings",
        {
            "findings": "findings whose confidence a person judged",
            **{
                level: f"findings held with {level.replace('_', ' ')} confidence"
                for level in ("high", "moderate", "low", "very_low")
            },
            "unjudged": "findings that nobody judged",
            "{finding}.overall": "the confidence that a person gave: high, moderate, low or very low",
            **{f"{{finding}}.{name}": f"concerns about {name.replace('_', ' ')}" for name in COMPONENTS},
            "{finding}.passages": "passages behind the finding: cited, or coded with the codes named",
            "{finding}.texts": "texts they stand in",
            "{finding}.sites": "sites of these texts",
            "{finding}.speakers": "people who speak them",
            "{finding}.professions": "professions of these people",
        },
    ),
    ResultKind(
        "synthesis.process-tracing",
        "synthesis",
        "Process tracing",
        {
            "explanations": "explanations traced",
            "{explanation}.pieces": "pieces of evidence",
            "{explanation}.counted": "pieces multiplied: of those that depend on one another the least telling alone",
            "{explanation}.prior_low": "lower bound of the prior probability",
            "{explanation}.prior_high": "upper bound of the prior probability",
            "{explanation}.low": "lower bound of the posterior probability",
            "{explanation}.high": "upper bound of the posterior probability",
            "{explanation}.verdict": "verdict: more likely than not, less likely than not, or undecided",
            "{explanation}.flips": "single changes that alter the verdict",
            "{explanation}.needed_prior": "prior from which on the lower bound of the posterior passes one half",
            "{explanation}.{piece}.test": "hoop, smoking gun, doubly decisive or straw in the wind",
            "{explanation}.{piece}.ratio_low": "lower bound of the likelihood ratio of what was seen",
            "{explanation}.{piece}.ratio_high": "upper bound of the likelihood ratio of what was seen",
        },
    ),
    ResultKind(
        "synthesis.pillar-integration",
        "synthesis",
        "Pillar integration",
        {
            "items": "items listed",
            "quantitative": "items on the quantitative side",
            "qualitative": "items on the qualitative side",
            "matched": "items that stand in a row of a pillar",
            "alone": "items that nothing matches, with their reasons",
            "rows": "rows of matched items",
            "pillars": "pillars",
            "moves": "items moved while checking",
            "{pillar}.rows": "rows of the pillar",
            "{pillar}.items": "items of the pillar",
        },
    ),
    ResultKind(
        "synthesis.threads",
        "synthesis",
        "Threads followed",
        {
            "threads": "threads",
            "hops": "hops over all threads",
            "{thread}.hops": "hops of the thread",
            "{thread}.strands": "strands that the thread touches",
        },
    ),
)
