"""Every file of a deposit as bytes, the same for the same study: nothing in them tells of a machine or a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joinedup.adapters.deposit.contents import Contents
from joinedup.adapters.deposit.crate import METADATA, crate
from joinedup.adapters.deposit.ddi import codebook_xml
from joinedup.adapters.deposit.quarto import QUARTO_TITLES, quarto_files
from joinedup.adapters.deposit.schemas import data_package
from joinedup.adapters.deposit.spss import survey_sav
from joinedup.adapters.deposit.tables import (
    consent_sheet,
    frequencies,
    hidden_step,
    log_sheet,
    released_results,
    result_sheets,
    sites_sheet,
    survey_sheets,
    texts_sheet,
)
from joinedup.adapters.deposit.words import readme, text_file
from joinedup.report.csvout import csv_text
from joinedup.report.gate.anonymity import is_promised
from joinedup.report.gate.deposited_texts import deposited_texts
from joinedup.report.gate.rows import SurveyRows
from joinedup.report.gate.values import Values
from joinedup.report.model import Document
from joinedup.study.model import Study
from joinedup.study.result import Result

README = "README.md"


def deposit_files(
    study: Study, results: Mapping[str, Result], document: Document, values: Values, rows: SurveyRows
) -> dict[str, bytes]:
    """The files of the deposit by path, in order.

    `study`: without what was withdrawn. `document`: the released report, whose quotes are held together with the
    transcripts. `values` and `rows`: what the gate lets through of results and answers.
    """
    contents = _contents(study, results, document, values, rows)
    files: dict[str, bytes] = {}
    titles: dict[str, str] = {}
    for sheet in contents.sheets:
        files[sheet.path] = csv_text(sheet.table).encode()
        titles[sheet.path] = sheet.table.title
    if rows.rows:
        files["data/survey.sav"] = survey_sav(rows, study.title)
        titles["data/survey.sav"] = "Answers to the survey, for SPSS"
    for text in contents.texts.texts:
        path = f"texts/{text.file}.txt"
        files[path] = text_file(text, study.programme.simulated).encode()
        titles[path] = f"{text.kind} {text.file}"
    for path, page in quarto_files(contents).items():
        files[path] = page.encode()
        titles[path] = QUARTO_TITLES[path]
    return _described(contents, files, titles)


def _contents(
    study: Study, results: Mapping[str, Result], document: Document, values: Values, rows: SurveyRows
) -> Contents:
    texts = deposited_texts(study, document, values.profile)
    released = released_results(study, results)
    sheets = [*survey_sheets(rows), *result_sheets(released), texts_sheet(texts)]
    if not is_promised(study):
        sheets.append(sites_sheet(study))
    hidden = hidden_step(result_sheets(released), values.profile)
    sheets.append(log_sheet((*rows.log, *texts.log, *hidden)))
    consent = str(study.settings.get("deposit", {}).get("consent", ""))
    sheets.append(consent_sheet(consent, study, texts, rows, values.profile))
    counted = frequencies(study, rows, released)
    return Contents(study, values, rows, texts, tuple(sorted(sheets, key=lambda sheet: sheet.path)), counted)


def _described(contents: Contents, files: dict[str, bytes], titles: dict[str, str]) -> dict[str, bytes]:
    """With the files that describe the others, all in order of their paths."""
    titles |= {
        "ddi-codebook.xml": "The study and its variables in DDI-Codebook 2.5",
        "datapackage.json": "The tables with their schemas as a Frictionless data package",
        README: "What this is",
    }
    files["ddi-codebook.xml"] = codebook_xml(contents)
    files["datapackage.json"] = _json(data_package(contents, files))
    files[README] = readme(
        contents, dict(sorted({**titles, METADATA: "The deposit as an RO-Crate 1.1"}.items()))
    ).encode()
    files = dict(sorted(files.items()))
    files[METADATA] = _json(crate(contents, files, titles))
    return files


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
