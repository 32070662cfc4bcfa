"""Sentences of results type no value that the gate may have to hide: it finds counts of persons there, and nothing else. SIMULATED."""

from __future__ import annotations

import re
from collections.abc import Iterator

from joinedup.report.gate.counting import counts_of
from joinedup.study.result import Result
from joinedup.workflow.running import compute
from tests.survey_sample import small_study

_NUMBER = re.compile(r"(?<![\w.,])-?\d+\.(\d{2,})(%?)")


def sentences(result: Result) -> Iterator[str]:
    yield from (result.methods, result.refused, *result.caveats)
    yield from (words for table in result.tables for words in (table.title, table.note))


def test_no_sentence_types_a_share_a_mean_or_another_figure_of_persons() -> None:
    study = small_study()
    results, _ = compute(study)
    counts = counts_of(study, results)
    told = {*counts.withheld, *(one.key for one in counts.derived)}
    told |= {*(one.key for one in counts.means), *(one.key for one in counts.overs)}
    assert ("survey.nonresponse", "rr2") in told
    for id, result in results.items():
        figures = [value for key, value in result.values.items() if (id, key) in told and isinstance(value, float)]
        for words in sentences(result):
            for number in _NUMBER.finditer(words):
                scale, decimals = (100 if number[2] else 1), len(number[1])
                shown = float(number[0].rstrip("%"))
                same = [value for value in figures if round(value * scale, decimals) == shown]
                assert not same, f"{id} types {number[0]}: {words}"
