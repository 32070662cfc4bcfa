"""DDI-Codebook 2.5: the study, its file and its variables with question text, categories and counts that may be told.

Source: DDI Alliance, DDI-Codebook 2.5 (2012), codebook.xsd; the order of elements is that of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from joinedup.adapters.deposit.contents import ACCESS, MISSING_LABELS, Contents, printable
from joinedup.adapters.deposit.tables import SURVEY, described
from joinedup.report.gate.row_items import Variable
from joinedup.version import __version__

NAMESPACE = "ddi:codebook:2_5"
_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def codebook_xml(contents: Contents) -> bytes:
    """The codebook as UTF-8 XML."""
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", "xml:lang": "en-GB"})
    _study(root, contents)
    if contents.rows.rows:
        _file(root, contents)
    variables = described(contents.study, contents.rows)
    if variables:
        data = _add(root, "dataDscr")
        held = {variable.name for variable in contents.rows.variables} if contents.rows.rows else set()
        of_scales = {item for scale in contents.study.survey.scales for item in scale.items}
        for at, variable in enumerate(variables, 1):
            counted = contents.frequencies.get(variable.name, {})
            measured = variable.number or variable.name in of_scales
            _variable(data, at, variable, variable.name in held, measured, counted)
    for text in contents.texts.texts:
        other = _add(root, "otherMat", level="study", type=text.kind, URI=f"texts/{text.file}.txt")
        _add(other, "labl", f"{text.kind} {text.file}")
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, tag, attributes)
    if text:
        made.text = printable(text)
    return made


def _study(root: ET.Element, contents: Contents) -> None:
    study = contents.study
    described_ = _add(root, "stdyDscr")
    citation = _add(described_, "citation")
    titles = _add(citation, "titlStmt")
    _add(titles, "titl", study.title)
    _add(titles, "IDNo", study.id)
    if contents.authors:
        responsible = _add(citation, "rspStmt")
        for author in contents.authors:
            _add(responsible, "AuthEnty", author)
    made = _add(citation, "prodStmt")
    if contents.date:
        _add(made, "prodDate", contents.date, date=contents.date)
    _add(made, "software", "joinedup", version=__version__)
    if study.programme.funder:
        _add(made, "fundAg", study.programme.funder)
    _information(described_, contents)
    _method(described_, contents)
    access = _add(_add(described_, "dataAccs"), "useStmt")
    _add(access, "restrctn", f"{contents.access}: {ACCESS[contents.access]}")
    _add(access, "conditions", contents.licence)


def _information(parent: ET.Element, contents: Contents) -> None:
    study = contents.study
    information = _add(parent, "stdyInfo")
    if contents.keywords:
        subject = _add(information, "subject")
        for word in contents.keywords:
            _add(subject, "keyword", word)
    _add(information, "abstract", contents.description)
    summary = _add(information, "sumDscr")
    for wave in study.waves:
        for event, date in (("start", wave.start), ("end", wave.end)):
            if date:
                _add(summary, "collDate", f"{wave.label}, {event}", date=date, event=event)
    asked = bool(study.survey.responses)
    kinds = sorted({text.kind for text in contents.texts.texts})
    units = [*(["Individuals (survey)"] if asked else []), "Places (sites)", *(f"Texts ({kind})" for kind in kinds)]
    for unit in units:
        _add(summary, "anlyUnit", unit)
    if asked:
        _add(summary, "universe", "People at the programme sites who were asked, by the roster of each wave")
    _add(summary, "universe", contents.places)
    held = ["answers to a survey"] if contents.rows.rows else []
    held += ["texts"] if contents.texts.texts else []
    _add(summary, "dataKind", f"{', '.join([*held, 'tables of results'])}; after disclosure control")


def _method(parent: ET.Element, contents: Contents) -> None:
    collection = _add(_add(parent, "method"), "dataColl")
    waves = len(contents.study.survey.responses)
    if waves:
        _add(collection, "timeMeth", f"Survey in {waves} waves" if waves > 1 else "Survey in one wave")
        asked = "Everybody on the roster of a wave was asked; the answers are those of the people who answered."
        _add(collection, "sampProc", asked)
        _add(collection, "resInstru", "Structured questionnaire; questions as asked stand with each variable.")
    if contents.rows.rows:
        _add(collection, "weight", "The rows carry no weights: each row counts one.")
    _add(collection, "cleanOps", "Disclosure control: see anonymisation-log.csv.")


def _file(root: ET.Element, contents: Contents) -> None:
    text = _add(_add(root, "fileDscr", ID="F1", URI=SURVEY), "fileTxt")
    _add(text, "fileName", SURVEY)
    sizes = _add(text, "dimensns")
    _add(sizes, "caseQnty", str(len(contents.rows.rows)))
    _add(sizes, "varQnty", str(len(contents.rows.variables)))
    _add(text, "fileType", "CSV (UTF-8, comma, header); the same as SPSS in data/survey.sav", charset="UTF-8")


def _variable(
    parent: ET.Element, at: int, variable: Variable, held: bool, measured: bool, counted: Mapping[str, int]
) -> None:
    attributes = {"ID": f"V{at}", "name": _NAME.sub("_", variable.name)} | ({"files": "F1"} if held else {})
    attributes["intrvl"] = "contin" if variable.number else "discrete"
    made = _add(parent, "var", **attributes)
    _add(made, "labl", variable.label)
    if variable.question:
        _add(_add(made, "qstn"), "qstnLit", variable.question)
    missing = {code: label for code, label in MISSING_LABELS.items() if counted.get(code)}
    if missing:
        invalid = _add(made, "invalrng")
        for code in missing:
            _add(invalid, "item", VALUE=code)
    if held and not variable.identifier:
        for kind, number in _summary(measured, counted, missing).items():
            _add(made, "sumStat", number, type=kind)
    if not held:
        _add(made, "txt", "Asked; its answers are not in the deposited rows: see anonymisation-log.csv.")
    for code, label in (*variable.categories.items(), *missing.items()):
        category = _add(made, "catgry", missing="Y" if code in missing else "N")
        _add(category, "catValu", code)
        _add(category, "labl", label)
        if code in counted or held:
            _add(category, "catStat", str(counted.get(code, 0)), type="freq")
    of_numbers = variable.number or variable.identifier
    _add(made, "varFormat", type="numeric" if of_numbers else "character", schema="other")


def _summary(measured: bool, counted: Mapping[str, int], missing: Mapping[str, str]) -> dict[str, str]:
    """Valid and invalid cases; mean and standard deviation (n - 1) of numbers and of the items of scales.

    The codes of other questions are names, whatever they look like.
    """
    valid = {code: n for code, n in counted.items() if code and code not in missing}
    n = sum(valid.values())
    found = {"vald": str(n), "invd": str(sum(counted.values()) - n)}
    if measured and n > 1:
        numbers = {float(code): times for code, times in valid.items()}
        mean = sum(number * times for number, times in numbers.items()) / n
        variance = sum(times * (number - mean) ** 2 for number, times in numbers.items()) / (n - 1)
        found |= {"mean": format(mean, ".6g"), "stdev": format(variance**0.5, ".6g")}
    return found
