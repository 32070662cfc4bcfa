"""How the strands were joined: site displays, triangulation, threads, configurations, theory of change, confidence."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.integration import case_order, theory_map
from joinedup.report.model import Block, Folded, Text
from joinedup.report.prose import and_list, ref
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
    return [*lead(results, *_lead(results)), *parts] if parts else []


def _lead(results: Mapping[str, Result]) -> tuple[str, ...]:
    pairs = _counted(
        results,
        _TRIANGLE,
        ("agreement", "{} agrees", "{} agree"),
        ("partial_agreement", "{} agrees in part", "{} agree in part"),
        ("dissonance", "{} is in dissonance", "{} are in dissonance"),
        ("silence", *("in {} one strand was asked and is silent",) * 2),
        ("not_asked", *("in {} one strand could not have spoken",) * 2),
    )
    links = _counted(
        results,
        _THEORY,
        ("without_evidence", "{} is without evidence", "{} are without evidence"),
        ("contested", "{} has evidence against it", "{} have evidence against them"),
    )
    return (
        f"Two strands at a time were compared on {ref(_TRIANGLE, 'topics')} topics: of the pairs, {and_list(pairs)}.",
        f"The theory of change has {ref(_THEORY, 'links')} links{': ' if links else ''}{and_list(links)}.",
    )


def _counted(results: Mapping[str, Result], id: str, *kinds: tuple[str, str, str]) -> list[str]:
    """A phrase for each (key, words for one, words for more) of which there are any."""
    values = results[id].values if id in results else {}
    return [(one if values[key] == 1 else more).format(ref(id, key)) for key, one, more in kinds if values.get(key)]


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
        "A question that one strand raises is followed into the next strand that can answer it: "
        f"{ref(_THREADS, 'threads')} threads, with {ref(_THREADS, 'hops')} hops in all."
    )
    return _part(results, _THREADS, "Following a thread", (told,))


def _pillar(results: Mapping[str, Result]) -> list[Block]:
    alone = _counted(
        results,
        _PILLAR,
        ("alone", "; {} stands alone, with the reason", "; {} stand alone, with the reasons"),
    )
    told = (
        "What was counted and what was said is matched where it speaks of the same thing. "
        f"{ref(_PILLAR, 'matched')} of {ref(_PILLAR, 'items')} items stand in {ref(_PILLAR, 'rows')} rows of "
        f"{ref(_PILLAR, 'pillars')} pillars{''.join(alone)}."
    )
    return _part(results, _PILLAR, "Pillars", (told,), ("items",))


def _sites(study: Study, results: Mapping[str, Result]) -> list[Block]:
    fits = _counted(
        results,
        _SITES,
        ("confirm", *("in {} statistic and theme confirm it",) * 2),
        ("qualified", *("in {} one of them leaves it open",) * 2),
        ("discord", *("in {} they contradict each other",) * 2),
        ("against", *("in {} they speak against it",) * 2),
        ("statistic_alone", *("in {} nobody was interviewed and the statistic stands alone",) * 2),
    )
    told = f"Each of {ref(_SITES, 'constructs')} constructs is read at each site, a cell for each of both: {and_list(fits)}."
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
        f"Sites that have a theme are compared with those that do not: {ref(_THEMES, 'measures')} measures by "
        f"{ref(_THEMES, 'themes')} themes, over {ref(_THEMES, 'sites_interviewed')} sites whose texts were read."
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
    kinds = _counted(
        results,
        _REALIST,
        ("supported", "{} is supported in every part", "{} are supported in every part"),
        ("contested", "{} is contested", "{} are contested"),
        ("incomplete", "{} is incomplete", "{} are incomplete"),
        (
            "conjecture",
            "{} is a conjecture, of whose mechanism nobody speaks",
            "{} are conjectures, of whose mechanism nobody speaks",
        ),
    )
    told = f"Of {ref(_REALIST, 'configurations')} configurations, {and_list(kinds)}."
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
        f"Links with evidence: {ref(_THEORY, 'with_evidence')} of {ref(_THEORY, 'links')}; steps that are not measured: "
        f"{ref(_THEORY, 'unmeasured')} of {ref(_THEORY, 'nodes')}; rival explanations that are open: "
        f"{ref(_THEORY, 'rivals_open')} of {ref(_THEORY, 'rivals')}."
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
            f"to {ref(_TRACING, f'{key}.high', '.0%')} likely after it: {ref(_TRACING, f'{key}.verdict')}. "
            + _pieces(results.get(_TRACING), key)
        )
    return _part(results, _TRACING, "How far each piece of evidence moves belief", tuple(told), ("grounds",))


def _pieces(result: Result | None, key: str) -> str:
    """How many pieces of evidence count, and why not all do."""
    pieces, counted = (result.values.get(f"{key}.{name}") if result else None for name in ("pieces", "counted"))
    all_told, multiplied = ref(_TRACING, f"{key}.pieces"), ref(_TRACING, f"{key}.counted")
    if pieces == counted:
        return f"Pieces of evidence that count: {multiplied} of {all_told}."
    return (
        f"Pieces of evidence that count: {multiplied} of {all_told}, since of those that depend on one another only the "
        "least telling does."
    )


def _confidence(results: Mapping[str, Result]) -> list[Block]:
    held = _counted(
        results,
        _CONFIDENCE,
        *((key, *(f"{{}} with {key.replace('_', ' ')}",) * 2) for key in ("high", "moderate", "low", "very_low")),
    )
    unjudged = _counted(results, _CONFIDENCE, ("unjudged", "; {} was not judged", "; {} were not judged"))
    told = (
        f"Confidence was judged of {ref(_CONFIDENCE, 'findings')} findings: {and_list(held)} confidence"
        f"{''.join(unjudged)}."
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
