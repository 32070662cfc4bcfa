"""PROV and Web Annotation: read by an independent library, every relation ends somewhere, every quote stands in its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from prov.model import ProvDocument

import joinedup
from joinedup.adapters.provenance import provenance, web_annotations
from joinedup.study.finding import Affirmation
from joinedup.workflow.running import compute

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "pathfinders"


@pytest.fixture(scope="module")
def judged():
    import dataclasses

    study = joinedup.open_study(EXAMPLE)
    ledger = (Affirmation("f1", "A. Reader", "2006-03-01T10:00:00+00:00", "d"),)
    study = dataclasses.replace(study, affirmations=ledger)
    return study, *compute(study)


def test_an_independent_library_reads_the_provenance_and_every_finding_leads_to_files(judged) -> None:
    study, results, findings = judged
    files = {id: result.files for id, result in results.items()}
    text = provenance(study, results, findings, files)
    assert text == provenance(study, results, findings, files)
    document = ProvDocument.deserialize(content=text, format="json")
    graph = json.loads(text)
    names = {name for kind in ("entity", "activity", "agent") for name in graph[kind]}
    ends = {
        end
        for kind in ("used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith")
        for relation in graph[kind].values()
        for end in relation.values()
    }
    assert ends <= names
    assert len(list(document.get_records())) == sum(len(graph[kind]) for kind in graph if kind != "prefix")
    derived = {one["prov:generatedEntity"] for one in graph["wasDerivedFrom"].values()}
    assert derived == {f"study:finding/{id}" for id in findings}
    assert any(name.startswith("study:file/survey") for name in graph["entity"])
    assert "A. Reader" in text


def test_the_provenance_holds_no_quote(judged) -> None:
    study, results, findings = judged
    text = provenance(study, results, findings, {})
    quotes = [piece.passage.quote for one in findings.values() for piece in one.evidence if piece.passage]
    assert quotes
    assert not [quote for quote in quotes if quote in text]


def test_every_annotation_selects_the_words_that_stand_in_its_text(judged) -> None:
    study, _, findings = judged
    page = json.loads(web_annotations(study, findings))
    content = {f"urn:sha256:{text.sha256}": text.content for text in study.texts.texts}
    cited = sum(bool(piece.passage) for finding in findings.values() for piece in finding.evidence)
    assert len(page["items"]) == len(study.texts.codings) + cited
    for item in page["items"]:
        position, quote = item["target"]["selector"]
        words = content[item["target"]["source"]]
        assert words[position["start"] : position["end"]] == quote["exact"]
        assert words[: position["start"]].endswith(quote["prefix"])
        assert words[position["end"] :].startswith(quote["suffix"])
