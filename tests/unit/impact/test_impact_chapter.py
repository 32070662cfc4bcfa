"""The chapter on impact of small SIMULATED studies: plain words first, no headline from mixed comparisons, figures whole."""

from __future__ import annotations

import sys
from pathlib import Path

from joinedup.impact.planned import DESIGNS
from joinedup.impact.results import ANALYSES
from joinedup.report.chapters.impact import blocks
from joinedup.report.model import FigureBlock, Heading, Paragraph, walk
from joinedup.report.prose import plain
from joinedup.study.analysis import refusal
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result

sys.path.insert(0, str(Path(__file__).parent))
from impact_studies import comparison, programme, small


def results(study: Study) -> dict[str, Result]:
    found = {}
    for id, analysis in ANALYSES.items():
        try:
            result = analysis(study)
        except NotComputable as reason:
            result = refusal(id, str(reason))
        if result is not None:
            found[id] = result
    return found


def chapter(**parts) -> tuple[str, list[object]]:
    plan = {"outcomes": ["looked_after"], "designs": list(DESIGNS), "before_varied": [1], **parts.pop("plan", {})}
    study = small(plan=plan, **parts)
    made = blocks(study, results(study))
    words = []
    for part in walk(tuple(made)):
        inlines = getattr(part, "inlines", None)
        if isinstance(part, Heading | Paragraph) and inlines is not None:
            words.append(plain(inlines))
        for item in getattr(part, "items", ()):
            words.append(plain(item))
    return "\n".join(words), list(walk(tuple(made)))


def test_plain_words_come_first_with_the_study_s_own_cautions() -> None:
    words, _ = chapter(
        plan={"caveats": ["COVID fell into the same spring."], "smallest_effects": {"looked_after": 2.0}}
    )
    assert words.index("What can and can’t be said") < words.index("COVID fell into the same spring.")
    assert words.index("COVID fell into the same spring.") < words.index("Before and after the start")
    assert "The programme’s sites were not drawn by lot." in words
    assert "the smallest of interest is 2" in words
    assert words.count("COVID fell into the same spring.") == 1


def test_two_way_effects_are_no_headline_where_starts_differ() -> None:
    sites = (*programme("s0", "s1"), *programme("s2", "s3", "s4", adopted="2005-01"))
    words, _ = chapter(sites=(*sites, *comparison(*(f"c{n}" for n in range(9)))))
    first = words.split("\n")[0]
    assert "the plain average is no headline" in first
    assert "mixes comparisons, and is not the headline" in words


def test_every_figure_has_words_and_a_table_and_there_are_at_most_seven() -> None:
    _, parts = chapter()
    drawn = [part.figure for part in parts if isinstance(part, FigureBlock)]
    assert len(drawn) == 7
    for figure in drawn:
        assert 40 < len(figure.alt) <= 250
        assert figure.table.lines


def test_a_refused_design_stands_with_its_reason() -> None:
    words, _ = chapter()
    assert "Not computed: Adjusting for several outcomes needs at least two" in words


def test_without_designs_the_chapter_is_as_short_as_before() -> None:
    words, parts = chapter(plan={"designs": []})
    assert "What can and can’t be said" not in words
    assert sum(isinstance(part, FigureBlock) for part in parts) == 2
