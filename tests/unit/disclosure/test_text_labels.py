"""What texts are called in a release: no id of an interview leaves, nor the order of ids, which follow the sites. SIMULATED."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from joinedup.disclosure import Register
from joinedup.report.gate.document import released_result
from joinedup.report.gate.text_labels import TextLabels
from joinedup.report.model import Block, Cell, Code, Document, Paragraph, QuoteBlock, Section, TableBlock, Text, walk
from joinedup.report.model import Line as TableLine
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table
from joinedup.workflow.json_text import json_text
from joinedup.workflow.releasing import gate
from joinedup.workflow.running import compute
from tests.builders import make_study
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

IDS = [f"s{site}-int{number}" for site in (1, 2, 3) for number in (1, 2, 3)]


def talked() -> Study:
    """Nine nurses, three at each site, whom two coders read and who may be quoted; and a public plan."""
    words = "Ann: So?\nBea: We trust each other here, more or less.\n"
    texts = [make_text(id, words, site=id[:2]) for id in IDS]
    plan = make_text("s1-plan", "The plan of the partnership.\n", kind="plan")
    said = "We trust each other here, more or less."
    codings = [
        code_quote(text, said, "trust", coder, cleared=True, phase="independent")
        for text in texts
        for coder in ("ann", "bob")
    ]
    return make_texts_study(
        [*texts, plan],
        codings,
        speakers={text.id: {"Ann": "", "Bea": f"p{at}"} for at, text in enumerate(texts)},
        people=make_people((f"p{at}", "w1", text.site, "nurse") for at, text in enumerate(texts)),
        assignments=[(text.id, coder) for text in texts for coder in ("ann", "bob")],
        plan={"coders": ["ann", "bob"], "phase": "independent"},
        settings={"disclosure": {"profile": "children-la"}},
    )


def result() -> Result:
    """A result that tells of each text by its id, in a key, in a table, and in a sentence."""
    rows = tuple((id, at) for at, id in enumerate(IDS))
    keys = tuple(("", f"text.{id.replace('-', '_')}.units") for id in IDS)
    values = {"texts": 9, **{key: at for at, (_, key) in enumerate(keys)}}
    table = Table("by-text", "By text", (("text", "Text"), ("units", "Units")), rows, keys=keys)
    told = "As s2-int1, characters 3 to 9, says; s1-plan:3-9 differs, and the word s2-int100 is none."
    return Result("texts.agreement", "Agreement", values, told, "", "1", tables=(table,))


def test_values_and_tables_tell_of_texts_by_numbers_and_in_their_order() -> None:
    study = talked()
    labels = TextLabels(study)
    told = labels.result(result())
    names = [labels.of(id) for id in IDS]
    assert sorted(names) == [f"interview-{number}" for number in range(1, 10)]
    assert names != sorted(names), "the order says nothing of that of ids"
    assert [row[0] for row in told.tables[0].rows] == sorted(names)
    assert {str(row[0]): row[1] for row in told.tables[0].rows} == {name: at for at, name in enumerate(names)}
    assert [told.values[key] for _, key in told.tables[0].keys] == [row[1] for row in told.tables[0].rows]
    assert list(told.values) == ["texts", *(f"text.interview_{number}.units" for number in range(1, 10))]
    assert told.methods == (
        f"As {labels.of('s2-int1')}, characters 3 to 9, says; s1-plan:3-9 differs, and the word s2-int100 is none."
    )
    assert labels.of("s1-plan") == "s1-plan", "a public document is called what it is called"


def test_a_page_tells_of_texts_by_numbers() -> None:
    study = talked()
    labels = TextLabels(study)
    lines = tuple(TableLine((Cell((Code(id),)), Cell((Text(str(at)),)))) for at, id in enumerate(IDS))
    quotes = tuple(QuoteBlock("We trust each other.", "Nurse", f"{id}:14-30") for id in IDS)
    blocks: tuple[Block, ...] = (
        TableBlock("by-text", "By text", (), lines),
        Paragraph((Text("See s3-int2."),)),
        *quotes,
    )
    told = labels.document(Document("A study", {}, (Section("texts", "Texts", blocks),)))
    table, paragraph, *said = told.sections[0].blocks
    assert isinstance(table, TableBlock)
    assert [line.cells[0].inlines[0] for line in table.lines] == [Code(f"interview-{at}") for at in range(1, 10)]
    assert paragraph == Paragraph((Text(f"See {labels.of('s3-int2')}."),))
    assert [one.source for one in said if isinstance(one, QuoteBlock)] == [f"{labels.of(id)}:14-30" for id in IDS]


@pytest.mark.parametrize("id", ["trust", "1", "s1"])
def test_an_id_that_is_a_word_a_number_or_a_site_is_replaced_only_where_a_text_is_meant(id: str) -> None:
    labels = TextLabels(make_texts_study([make_text(id, "Ann: So?\nBea: Yes, we do.\n")]))
    assert labels.in_words(f"{id}:3-9") == "interview-1:3-9"
    assert labels.in_words(f"{id}, characters 3 to 9") == "interview-1, characters 3 to 9"
    assert labels.in_words(f"We have {id} here.") == f"We have {id} here."


def test_a_study_without_texts_is_told_as_it_is() -> None:
    plain: Any = TextLabels(make_study())
    assert plain.in_words("i1:3-9") == "i1:3-9"


def test_no_id_of_an_interview_is_in_a_release() -> None:
    study = talked()
    results, _ = compute(study)
    gated = gate(study, Register())
    before = " ".join(json_text(replace(one, sources={})) for one in results.values())
    after = " ".join(json_text(released_result(one)) for one in gated.results.values())
    assert f"text.{key_part(IDS[0])}." in before
    assert "text.interview_1." in after
    assert [part for part in walk(gated.document.sections) if isinstance(part, QuoteBlock)]
    for words in (after, repr(gated.document)):
        assert not [id for id in IDS if id in words or f"text.{key_part(id)}." in words]
