"""The codebook of a deposit is DDI-Codebook 2.5: held against what its schema allows, and the schema's own verdicts."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from joinedup.study.model import Study
from joinedup.study.site import Wave
from joinedup.study.survey import Item
from tests.unit.deposit.ddi_mutants import mutants
from tests.unit.deposit.ddi_schema import ELEMENTS, NAMESPACE, violations
from tests.unit.deposit.test_deposit import CONSENT, declared, deposit, surveyed, talked

SCHEMA = os.environ.get("JOINEDUP_DDI_XSD")
"""Where codebook.xsd of DDI-Codebook 2.5 lies, for those who have it: it is asked as well then."""
SAMPLE = Path(__file__).parents[2] / "data" / "ddi" / "codebook.xml"
ACCEPTED, OF = 1201, 9403
VERDICTS = "1720d7528da7bef54a54ce261f0ed8876f21ee819cbd50a64b8d798fdeb4ce7a"
"""Of the sample with one thing changed: how many the schema accepts, of how many, and the SHA-256 of their names.

The verdicts are those of the library xmlschema 4, which follows references, on codebook.xsd of DDI-Codebook 2.5.
"""


def of_the_schema() -> Callable[[bytes], list[str]]:
    """What codebook.xsd itself says of a codebook; libxml2 follows no references from one element to another."""
    schema = etree.XMLSchema(etree.parse(SCHEMA))

    def ask(xml: bytes) -> list[str]:
        schema.validate(etree.fromstring(xml))
        return [error.message for error in schema.error_log]

    return ask


def full() -> Study:
    """A study of which a codebook says everything that one can say."""
    study = surveyed(keywords=["partnership", "trust & <care>"], licence="CC BY 4.0", access="open")
    settings = {**study.settings, "report": {"date": "2006-03-31", "authors": ["A. Writer", "B. Writer"]}}
    waves = (Wave("w1", "First wave", "2004-01", "2004-07"), Wave("w2", "Second wave", "2006-01", "2006-03"))
    table = study.survey.responses["w1"]
    given = ["-8"] * 8 + table.column("governance_1").to_pylist()[8:]
    table = table.set_column(table.column_names.index("governance_1"), "governance_1", [given])
    survey = dataclasses.replace(study.survey, responses={**study.survey.responses, "w1": table})
    return dataclasses.replace(
        study,
        title="Control \x07 and \ufffe, <marks> & 'signs'",
        settings=settings,
        waves=waves,
        survey=survey,
        programme=dataclasses.replace(study.programme, funder="A funder"),
    )


STUDIES: dict[str, Callable[[], Study]] = {
    "everything": full,
    "plain": surveyed,
    "no rows": lambda: declared(surveyed(), disclosure={}),
    "texts alone": talked,
    "transcripts": lambda: declared(talked(), deposit=CONSENT),
}


@pytest.fixture(scope="module")
def codebooks() -> dict[str, bytes]:
    return {name: deposit(study())["ddi-codebook.xml"] for name, study in STUDIES.items()}


def test_every_codebook_says_only_what_the_schema_allows(codebooks: dict[str, bytes]) -> None:
    assert [(name, told) for name, xml in codebooks.items() for told in violations(xml)] == []
    if SCHEMA:
        ask = of_the_schema()
        assert [(name, error) for name, xml in codebooks.items() for error in ask(xml)] == []


def test_the_codes_of_a_question_that_is_of_no_scale_have_no_mean() -> None:
    study = full()
    assert study.survey.instrument
    item = Item("post", "select_one", "Which post?", {"1": "Nurse", "2": "Teacher", "3": "Officer"})
    instrument = dataclasses.replace(study.survey.instrument, items=(*study.survey.instrument.items, item))
    responses = {
        wave: table.append_column("post", [[str(1 + at % 3) for at in range(table.num_rows)]])
        for wave, table in study.survey.responses.items()
    }
    survey = dataclasses.replace(study.survey, instrument=instrument, responses=responses)
    xml = ET.fromstring(deposit(dataclasses.replace(study, survey=survey))["ddi-codebook.xml"])
    stats = {
        one.get("name"): {stat.get("type") for stat in one.iter(f"{{{NAMESPACE}}}sumStat")}
        for one in xml.iter(f"{{{NAMESPACE}}}var")
    }
    assert stats["post"] == {"vald", "invd"}
    assert stats["governance_2"] == {"vald", "invd", "mean", "stdev"}


def test_what_is_known_of_the_schema_is_what_codebooks_use_and_no_more(codebooks: dict[str, bytes]) -> None:
    for books in (codebooks.values(), [SAMPLE.read_bytes()]):
        used = {one.tag.removeprefix(f"{{{NAMESPACE}}}") for xml in books for one in ET.fromstring(xml).iter()}
        assert used == set(ELEMENTS)


def test_the_checker_says_of_each_changed_codebook_what_the_schema_says() -> None:
    sample = SAMPLE.read_bytes()
    assert list(violations(sample)) == []
    said = {name: list(violations(xml)) for name, xml in mutants(sample)}
    accepted = [name for name, found in said.items() if not found]
    assert (len(accepted), len(said)) == (ACCEPTED, OF)
    assert hashlib.sha256("\n".join(accepted).encode()).hexdigest() == VERDICTS
    if SCHEMA:
        ask = of_the_schema()
        for name, xml in mutants(sample):
            errors, found = ask(xml), said[name]
            of_references = bool(found) and all(" names no element" in sentence for sentence in found)
            assert bool(errors) == bool(found) or of_references, (name, errors, found)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<titl>A study of SIMULATED data</titl>", "", "titlStmt holds IDNo; allowed: titl IDNo*."),
        ("<catValu>1</catValu><labl>Yes</labl>", "<labl>Yes</labl><catValu>1</catValu>", "catgry holds labl catValu catStat"),
        ('type="vald"', 'type="valid"', "sumStat has type='valid'."),
        ('level="study" ', "", "otherMat has no level."),
        ('ID="V2"', 'ID="V1"', "The identifier 'V1' stands twice."),
        ('files="F1"', 'files="F2"', "var has files='F2', which names no element."),
        ("<dataKind>", "<dataKind><p/>", "There is an element p."),
    ],
)  # fmt: skip
def test_the_checker_says_what_is_wrong(old: str, new: str, sentence: str) -> None:
    xml = SAMPLE.read_text(encoding="utf-8")
    assert old in xml
    assert [one for one in violations(xml.replace(old, new, 1).encode()) if one.startswith(sentence)]
