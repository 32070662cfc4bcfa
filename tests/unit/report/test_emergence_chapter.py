"""The chapter's parts on what emerges: sentences from values, cleared quotes, suggestions marked as such, figures."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.report.chapters import texts_emergence
from joinedup.report.model import Block, FigureBlock, Heading, Paragraph, QuoteBlock, TableBlock
from joinedup.report.prose import plain
from joinedup.study.result import Result
from joinedup.texts.results import ANALYSES
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

IDS = ("texts.discourse", "texts.saturation", "texts.topics")
SAID = {"nurse": "ward baby clinic visit mother", "teacher": "school pupil lesson head class"}


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    random = np.random.default_rng(5)
    jobs = [("nurse", "teacher")[at % 2] for at in range(12)]
    texts = [
        make_text(f"t{at:02}", f"R: The {' '.join(random.choice(SAID[job].split(), 20))} matters here.\n")
        for at, job in enumerate(jobs)
    ]
    codings = [code_quote(text, text.content[3:-1], "trust", cleared=at < 4) for at, text in enumerate(texts)]
    study = make_texts_study(
        texts,
        codings,
        speakers={text.id: {"R": f"p-{text.id}"} for text in texts},
        people=make_people([(f"p-{text.id}", "w1", "s1", job) for text, job in zip(texts, jobs, strict=True)]),
        plan={"topics": {"k": 2, "starts": 2}},
    )
    results: dict[str, Result] = {id: found for id in IDS if (found := ANALYSES[id](study)) is not None}
    assert len(results) == 3
    return texts_emergence.blocks(study, results)


def test_the_three_parts_have_their_figures_and_tables(blocks: list[Block]) -> None:
    parts = [block.id for block in blocks if isinstance(block, Heading) and block.level == 3]
    assert parts == [f"part-{id}" for id in IDS]
    figures = [block.figure for block in blocks if isinstance(block, FigureBlock)]
    assert [figure.id for figure in figures] == ["telling-words", "saturation", "topics-by-profession"]
    assert all(figure.alt and figure.table.lines for figure in figures)


def test_a_suggestion_says_so(blocks: list[Block]) -> None:
    said = " ".join(plain(block.inlines) for block in blocks if isinstance(block, Paragraph))
    assert "suggested by a model, accepted by nobody" in said
    table = next(block for block in blocks if isinstance(block, TableBlock) and block.caption == "Candidate themes")
    assert {plain(line.cells[-1].inlines) for line in table.lines} == {"suggested by a model, accepted by nobody"}


def test_quotes_come_from_cleared_passages_alone(blocks: list[Block]) -> None:
    sources = [block.source for block in blocks if isinstance(block, QuoteBlock)]
    assert sources
    assert all(source[:3] in {"t00", "t01", "t02", "t03"} for source in sources)
