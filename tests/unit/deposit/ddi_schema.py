"""What DDI-Codebook 2.5 allows of the elements and attributes that a deposit uses, and a checker that refuses all else.

Facts read from codebook.xsd of DDI-Codebook 2.5 (DDI Alliance, published 2012-01-17). The schema itself stands under the
GNU Lesser General Public Licence, version 3 or later, and is not part of this project. tests/unit/deposit/test_ddi.py
holds the checker's verdicts against those of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
TEXT = "text"
REFERENCES = {"reference": 1, "references": 1_000}
"""Of what names other elements by their identifier: how many it may name."""

SEQUENCES = {
    "codeBook": "stdyDscr+ fileDscr* dataDscr* otherMat*",
    "stdyDscr": "citation+ stdyInfo* method* dataAccs*",
    "citation": "titlStmt rspStmt? prodStmt?",
    "titlStmt": "titl IDNo*",
    "rspStmt": "AuthEnty*",
    "prodStmt": "prodDate* software* fundAg*",
    "stdyInfo": "subject* abstract* sumDscr*",
    "subject": "keyword*",
    "sumDscr": "collDate* anlyUnit* universe* dataKind*",
    "method": "dataColl*",
    "dataColl": "timeMeth* sampProc* resInstru* weight* cleanOps*",
    "dataAccs": "useStmt*",
    "useStmt": "restrctn? conditions?",
    "fileDscr": "fileTxt*",
    "fileTxt": "fileName? dimensns? fileType? software*",
    "dimensns": "caseQnty* varQnty*",
    "dataDscr": "var*",
    "var": "labl* qstn* invalrng* universe* sumStat* txt* catgry* varFormat?",
    "invalrng": "item+",
    "item": "",
    "catgry": "catValu? labl* txt* catStat*",
    "otherMat": "labl* txt? citation? otherMat*",
}
"""The children of elements that hold no words: in this order; ? at most one, * any number, + at least one."""

MIXED = {
    **dict.fromkeys(
        [
            "titl",
            "IDNo",
            "AuthEnty",
            "prodDate",
            "software",
            "fundAg",
            "keyword",
            "abstract",
            "collDate",
            "weight",
            "cleanOps",
            "restrctn",
            "conditions",
            "fileName",
            "caseQnty",
            "varQnty",
            "fileType",
            "labl",
            "qstnLit",
            "sumStat",
            "txt",
            "catValu",
            "catStat",
            "varFormat",
        ],
        "",
    ),
    **dict.fromkeys(["anlyUnit", "universe", "dataKind", "timeMeth", "sampProc", "resInstru"], "txt"),
    "qstn": "qstnLit",
}
"""The children of elements that hold words: any number, anywhere among the words."""

TOKEN = r"[\w.:\-]+"
"""A name token of XML, as far as this project writes any."""

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "codeBook": {"version": r"2\.5"},
    "IDNo": {"level": "study|file|project"},
    "prodDate": {"date": TEXT},
    "software": {"date": TEXT, "version": TEXT},
    "abstract": {"date": TEXT},
    "collDate": {"date": TEXT, "event": "start|end|single"},
    "universe": {"level": TEXT},
    "dataKind": {"type": TEXT},
    "resInstru": {"type": TEXT},
    "fileDscr": {"URI": TEXT},
    "fileType": {"charset": TEXT},
    "var": {"name!": TEXT, "files": "references", "intrvl": "contin|discrete"},
    "labl": {"level": TEXT},
    "item": {"VALUE!": TEXT},
    "sumStat": {"type!": "mean|medn|mode|vald|invd|min|max|stdev|other"},
    "txt": {"level": TEXT},
    "catgry": {"missing": "Y|N", "level": "reference"},
    "catStat": {"type": "freq|percent|crosstab|other", "URI": TEXT},
    "varFormat": {
        "type": "character|numeric",
        "schema": "SAS|SPSS|IBM|ANSI|ISO|XML-Data|other",
        "URI": TEXT,
    },
    "otherMat": {"type": TEXT, "level!": TOKEN, "URI": TEXT},
}
"""The attributes of each element and what they may say: any text, identifiers of other elements, or a pattern; ! must be
there. Every element may have those of EVERYWHERE."""
EVERYWHERE = {"ID": r"[A-Za-z_][\w.\-]*", LANGUAGE: r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"}

ELEMENTS = (*SEQUENCES, *MIXED)
NAMES = sorted({name.rstrip("!") for allowed in ATTRIBUTES.values() for name in allowed} | EVERYWHERE.keys())


def violations(xml: bytes) -> Iterator[str]:
    """What a codebook says that the facts above don't allow, one sentence each; nothing: it is valid."""
    root = ET.fromstring(xml)
    if root.tag != f"{{{NAMESPACE}}}codeBook":
        yield f"The root is {root.tag}."
    found = [one.attrib["ID"] for one in root.iter() if "ID" in one.attrib]
    for repeated in sorted({id for id in found if found.count(id) > 1}):
        yield f"The identifier {repeated!r} stands twice."
    for element in root.iter():
        name = _local(element)
        if name not in ELEMENTS or not element.tag.startswith(f"{{{NAMESPACE}}}"):
            yield f"There is an element {name}."
            continue
        yield from _of_content(name, element)
        yield from _of_attributes(name, element, found)


def _local(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _of_content(name: str, element: ET.Element) -> Iterator[str]:
    children = [_local(child) for child in element]
    if name in MIXED:
        for child in children:
            if child not in MIXED[name].split():
                yield f"{name} holds {child}."
        return
    words = "".join([element.text or "", *(child.tail or "" for child in element)])
    if words.strip() or (name == "item" and words):
        yield f"{name} holds words: {words.strip()!r}."
    model = "".join(
        f"(?:{part.rstrip('?*+')} ){part[-1] if part[-1] in '?*+' else ''}" for part in SEQUENCES[name].split()
    )
    if not re.fullmatch(model, "".join(f"{child} " for child in children)):
        yield f"{name} holds {' '.join(children) or 'nothing'}; allowed: {SEQUENCES[name] or 'nothing'}."


def _of_attributes(name: str, element: ET.Element, identifiers: list[str]) -> Iterator[str]:
    allowed = ATTRIBUTES.get(name, {})
    for needed in (one.rstrip("!") for one in allowed if one.endswith("!")):
        if needed not in element.attrib:
            yield f"{name} has no {needed}."
    patterns = {one.rstrip("!"): pattern for one, pattern in allowed.items()} | EVERYWHERE
    for attribute, value in element.attrib.items():
        pattern = patterns.get(attribute)
        if pattern in REFERENCES:
            if not (set(value.split()) <= set(identifiers) and 1 <= len(value.split()) <= REFERENCES[pattern]):
                yield f"{name} has {attribute}={value!r}, which names no element."
        elif pattern is None or (pattern != TEXT and not re.fullmatch(pattern, value)):
            yield f"{name} has {attribute}={value!r}."
