"""The Frictionless data package: every CSV file with a table schema - types, allowed values, missing codes.

Source: Frictionless Data Package and Table Schema, version 1 (specs.frictionlessdata.io).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from joinedup.adapters.deposit.contents import MISSING_LABELS, Contents, Sheet
from joinedup.report.gate.row_items import Variable
from joinedup.study.result import Table

MARKS = ("", "c", "*", "low", "z", "x", ":")
"""Missing values of tables of results: empty, and the marks of suppressed, not applicable and not available figures."""
_NO_NAME = re.compile(r"[^a-z0-9._-]")


def data_package(contents: Contents, files: Mapping[str, bytes]) -> dict[str, Any]:
    """datapackage.json as plain JSON."""
    study = contents.study
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": _NO_NAME.sub("-", study.id.lower()),
        "title": study.title,
        "description": contents.description,
        "licenses": [_licence(contents.licence)],
    }
    if contents.authors:
        package["contributors"] = [{"title": name, "role": "author"} for name in contents.authors]
    if contents.keywords:
        package["keywords"] = list(contents.keywords)
    package["resources"] = [_resource(sheet, files[sheet.path]) for sheet in contents.sheets]
    return package


def _licence(words: str) -> dict[str, str]:
    return {"path": words} if words.startswith(("http://", "https://")) else {"name": "other", "title": words}


def _resource(sheet: Sheet, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": _NO_NAME.sub("-", sheet.path.removesuffix(".csv").replace("/", "-").lower()),
        "path": sheet.path,
        "title": sheet.table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _described(sheet.variables) if sheet.variables else _of_table(sheet.table),
    }


def _described(variables: tuple[Variable, ...]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(variable) for variable in variables],
        "missingValues": ["", *MISSING_LABELS],
    }
    if variables[0].name == "response":
        schema["primaryKey"] = ["response"]
    elif variables[0].identifier:
        schema["primaryKey"] = [variables[0].name, "wave"]
    return schema


def _field(variable: Variable) -> dict[str, Any]:
    kind = "integer" if variable.identifier else "number" if variable.number else "string"
    found: dict[str, Any] = {"name": variable.name, "title": variable.label, "type": kind}
    if variable.question:
        found["description"] = variable.question
    if variable.categories:
        found["constraints"] = {"enum": list(variable.categories)}
    if variable.identifier:
        found["constraints"] = {"required": True}
    return found


def _of_table(table: Table) -> dict[str, Any]:
    fields = [
        {"name": name, "title": title, "type": _type([row[at] for row in table.rows])}
        for at, (name, title) in enumerate(table.columns)
    ]
    return {"fields": fields, "missingValues": list(MARKS)}


def _type(values: list[Any]) -> str:
    """Of the values that are no marks: integer or number where all are, else string."""
    told = [value for value in values if value is not None and value not in MARKS]
    if told and all(isinstance(value, int) and not isinstance(value, bool) for value in told):
        return "integer"
    return "number" if told and all(isinstance(value, int | float) for value in told) else "string"
