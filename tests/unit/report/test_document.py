"""The document: chapters, evidence by stance, the annex of what is shown, quotes, refusals."""

from __future__ import annotations

import dataclasses

import pytest
import report_sample

from joinedup.report.describe import Describer
from joinedup.report.document import build, date_words
from joinedup.report.evidence import ranges
from joinedup.report.findings import finding_blocks
from joinedup.report.model import (
    Badge,
    Code,
    Document,
    Folded,
    Group,
    Heading,
    Line,
    Link,
    Paragraph,
    QuoteBlock,
    TableBlock,
    TableFile,
    Text,
    ValueRef,
    walk,
)
from joinedup.report.pandoc import value_id
from joinedup.report.prose import plain
from joinedup.report.quotes import Quoter, place
from joinedup.study.finding import Evidence, Finding
from joinedup.study.result import Result, Table
from joinedup.study.texts import Coding, Passage
from joinedup.study.texts import Text as Source


def words(part: object) -> str:
    """All words below a part of the document."""
    return " ".join(one.text for one in walk(part) if isinstance(one, Text | Code))


def section(document: Document, id: str) -> str:
    return words(next(section.blocks for section in document.sections if section.id == id))


def test_sections_stand_in_the_order_of_a_report(document: Document) -> None:
    strands = ["survey", "texts", "partnership", "indicators", "impact", "synthesis"]
    back = ["methods", "limits", "references", "evidence", "colophon"]
    assert [section.id for section in document.sections] == ["summary", "findings", *strands, *back]


def test_a_strand_without_results_has_no_chapter(results: dict[str, Result]) -> None:
    kept = {id: result for id, result in results.items() if not id.startswith(("texts", "impact"))}
    found = {one.id for one in build(report_sample.study(), kept, {}).sections}
    assert not found & {"texts", "impact", "findings"}


def test_an_empty_study_still_has_a_report() -> None:
    study = report_sample.study(synthesis={}, settings={}, references="")
    assert [one.id for one in build(study, {}, {}).sections] == ["limits", "evidence", "colophon"]


def test_the_colophon_has_no_table_of_digests_where_none_leaves(results: dict[str, Result]) -> None:
    released = {id: dataclasses.replace(result, inputs="") for id, result in results.items()}
    worked = {id: dataclasses.replace(result, inputs="0f3a") for id, result in results.items()}
    assert "Code version" in section(build(report_sample.study(), worked, {}), "colophon")
    assert "Code version" not in section(build(report_sample.study(), released, {}), "colophon")


def test_every_value_shown_is_in_the_annex_once(document: Document) -> None:
    annex = next(section for section in document.sections if section.id == "evidence")
    ids = [line.id for line in walk(annex.blocks) if isinstance(line, Line) and line.id]
    shown = {value_id(ref.result, ref.key) for ref in document.values}
    assert len(ids) == len(set(ids))
    assert shown == set(ids)


def test_every_value_shown_is_a_value_of_its_result(document: Document, results: dict[str, Result]) -> None:
    assert all(ref.key in results[ref.result].values for ref in document.values)
    assert len(document.values) > 300


def test_evidence_stands_by_stance_disagreement_beside_support(document: Document) -> None:
    finding = next(part for part in walk(document.sections) if isinstance(part, Group) and part.id == "finding-f1")
    kinds = [part.kind for part in walk(finding) if isinstance(part, Group) and part.kind.startswith("stance-")]
    assert kinds == ["stance-supports", "stance-qualifies", "stance-contradicts", "stance-silent"]
    labels = [part.label for part in walk(finding) if isinstance(part, Badge)]
    assert labels[:2] == ["Contested", "Current"]


def test_a_passage_that_is_not_cleared_is_not_quoted(document: Document) -> None:
    everything = repr(document)
    assert "SECRET WORDS" not in everything
    assert place(report_sample.passage("SECRET WORDS NOT CLEARED")) in everything


def test_a_cleared_quote_has_its_attribution(document: Document) -> None:
    quotes = {part.attribution for part in walk(document.sections) if isinstance(part, QuoteBlock)}
    assert quotes == {"Health visitor"}


def test_who_may_be_quoted() -> None:
    quoter = Quoter(report_sample.study())
    cleared = quoter.block(report_sample.passage("the whole child"))
    assert cleared == QuoteBlock("the whole child", "Health visitor", place(report_sample.passage("the whole child")))
    public = quoter.block(report_sample.passage("share what they know", "d1"))
    assert public is not None
    assert public.attribution == "Brook End", "a public document is named by its site"
    whole = Passage("i1", 0, len(report_sample.INTERVIEW), report_sample.INTERVIEW)
    refused = [
        report_sample.passage("How is it now?"),
        report_sample.passage("child now. SECRET"),
        Passage("i1", 21, 26, "other"),
        Passage("i9", 0, 1, "x"),
        whole,
    ]
    assert [quoter.block(passage) for passage in refused] == [None] * 5


def test_a_cleared_coding_over_two_turns_is_not_one_persons_quote() -> None:
    study = report_sample.study()
    whole = Passage("i1", 0, len(report_sample.INTERVIEW), report_sample.INTERVIEW)
    codings = (Coding(whole, "trust", "coder1", cleared=True),)
    quoter = Quoter(dataclasses.replace(study, texts=dataclasses.replace(study.texts, codings=codings)))
    assert quoter.block(whole) is None
    assert quoter.block(report_sample.passage("SECRET WORDS")) is not None


def test_a_refusal_is_printed_with_its_reason(document: Document) -> None:
    assert "Not computed: No deflator is declared." in section(document, "indicators")
    assert "Not computed: No deflator is declared." in section(document, "limits")


def test_limits_hold_the_studys_own_and_the_caveats(document: Document) -> None:
    told = section(document, "limits")
    assert "All data are simulated" in told
    assert "The data are few." in told


def test_methods_are_the_results_own_sentences(document: Document, results: dict[str, Result]) -> None:
    told = section(document, "methods")
    assert all(result.methods in told for result in results.values() if result.methods)


def test_links_inside_the_document_lead_somewhere(document: Document) -> None:
    ids = {
        part.id for part in walk(document.sections) if isinstance(part, Folded | Group | Heading | Line | TableBlock)
    }
    targets = {part.target[1:] for part in walk(document.sections) if isinstance(part, Link)}
    assert targets <= ids


def test_the_same_inputs_give_the_same_document(document: Document) -> None:
    again = build(report_sample.study(), {**_results()}, report_sample.findings())
    assert again == document


def _results() -> dict[str, Result]:
    from joinedup.synthesis.joint_display import joint_display

    results = report_sample.results()
    display = joint_display(report_sample.study(), results)
    assert display is not None
    return {**results, display.id: display}


def test_a_changed_value_changes_only_its_number(results: dict[str, Result]) -> None:
    old = results["survey.response"]
    new = dataclasses.replace(old, values={**old.values, "sites_answered": 7})
    document = build(report_sample.study(), {**results, old.id: new}, {})
    summary = next(one for one in document.sections if one.id == "summary").blocks[0]
    assert isinstance(summary, Paragraph)
    assert plain(summary.inlines).startswith("Of 8 sites, 7 answered")


def test_a_key_is_described_with_the_studys_names() -> None:
    describer = Describer(report_sample.study())
    told = describer.describe("survey.level-scores", "site.s1.governance")
    assert told == "the site's score at the level (Ashby; Governance)"
    assert describer.describe("survey.response", "rate") == "people answered / people asked"
    assert describer.describe("survey.response", "nothing") == ""


def test_a_key_of_synthesis_is_described_with_what_its_files_say() -> None:
    piece = {"id": "rates", "label": "Rates fell"}
    declared = {
        "process-tracing": {"explanation": [{"id": "it_worked", "claim": "It worked", "piece": [piece]}]},
        "joint-display": {"row": [{"id": "fewer", "proposition": "Fewer children", "cell": []}]},
        "triangulation": {"topic": [{"id": "numbers", "label": "Numbers"}]},
    }
    describer = Describer(dataclasses.replace(report_sample.study(), synthesis=declared))
    for result, key, names in (
        ("synthesis.process-tracing", "it_worked.low", "(It worked)"),
        ("synthesis.process-tracing", "it_worked.rates.test", "(It worked; Rates fell)"),
        ("synthesis.joint-display", "fewer.fit", "(Fewer children)"),
        ("synthesis.triangulation", "numbers.survey.texts.code", "(Numbers; survey; texts)"),
    ):
        assert describer.describe(result, key).endswith(names)


def test_a_cited_document_is_told_by_its_kind_and_site() -> None:
    study = report_sample.study()
    kind, site = study.kinds[0], study.sites[0]
    text = Source("d9", kind.id, "", site.id, "", "", "files/d9.pdf", "")
    held = dataclasses.replace(study, texts=dataclasses.replace(study.texts, texts=(text,)))
    piece = Evidence("supports", "texts", document="d9", page="4")
    finding = Finding("f", "It is written.", "It is written.", "supported", "current", (piece,))
    found = "".join(words(block) for block in finding_blocks(held, Describer(held), {}, {"f": finding}))
    assert f", page 4 ({kind.label}, {site.name})" in found
    assert "d9.pdf" not in found


def test_a_long_table_is_folded_and_a_very_long_one_is_left_to_its_file(results: dict[str, Result]) -> None:
    def with_rows(count: int) -> Document:
        rows = tuple((f"Site {n}", n) for n in range(count))
        table = Table("by_place", "By place", (("site", "Site"), ("n", "N")), rows)
        result = dataclasses.replace(results["survey.response"], tables=(table,))
        return build(report_sample.study(), {result.id: result}, {})

    id = "t-survey-response-by-place"
    for count, kinds in ((14, [TableBlock]), (15, [Folded, TableBlock]), (151, [TableFile])):
        document = with_rows(count)
        found = [part for part in walk(document.sections) if getattr(part, "id", "") == id]
        folded = [p for p in walk(document.sections) if isinstance(p, Folded) and any(one in found for one in p.blocks)]
        assert [*map(type, folded), *map(type, found)] == kinds
        assert len(document.tables[id].rows) == count


@pytest.mark.parametrize(
    ("date", "told"),
    [("2006-03", "March 2006"), ("2006-03-04", "4 March 2006"), ("2006", "2006"), ("", ""), ("2006-13", "2006-13")],
)
def test_a_date_in_words(date: str, told: str) -> None:
    assert date_words(date) == told


def test_rows_are_told_as_ranges() -> None:
    assert ranges((9, 2, 3, 4, 4)) == "2–4, 9"
    assert ranges(()) == ""


def test_a_first_column_is_a_heading_and_numbers_are_references(document: Document) -> None:
    table = next(
        p for p in walk(document.sections) if isinstance(p, TableBlock) and p.id == "t-survey-site-answers-answers"
    )
    assert [plain(cell.inlines) for cell in table.lines[0].cells] == ["First priority", "Health", "5", "62%"]
    assert table.lines[0].cells[2].inlines == (ValueRef("survey.site-answers", "priority.a", "5"),)
