"""A deposit as others read it: by the validators of its standards, and by the pages that come with it, run as they are."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

_SCHEMA_ORG = "http://schema.org/"
TERMS = {
    **{
        term: f"{_SCHEMA_ORG}{term}"
        for term in [
            "CreateAction",
            "CreativeWork",
            "Dataset",
            "Organization",
            "Person",
            "SoftwareApplication",
            "about",
            "author",
            "conditionsOfAccess",
            "contentSize",
            "datePublished",
            "description",
            "encodingFormat",
            "funder",
            "hasPart",
            "instrument",
            "keywords",
            "license",
            "mentions",
            "name",
            "result",
            "version",
        ]
    },
    "File": f"{_SCHEMA_ORG}MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
}
"""What the context of RO-Crate 1.1 (w3id.org/ro/crate/1.1/context, version 1.1.3) says of the terms that a crate uses."""
_CHUNK = re.compile(r"^```\{(python|r)\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LABEL = re.compile(r"^#\| label: (\S+)$", re.MULTILINE)


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    """The files of a deposit below `folder`."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def crate_issues(folder: Path, severity: str = "REQUIRED") -> list[str]:
    """What roc-validator finds against RO-Crate 1.1, without a network: the context is TERMS."""
    models, services, http = (
        importlib.import_module(f"rocrate_validator.{name}") for name in ("models", "services", "utils.http")
    )
    body = {"@context": TERMS}
    answer = SimpleNamespace(
        status_code=200,
        headers={"Content-Type": "application/ld+json"},
        text=json.dumps(body),
        json=lambda: body,
        raise_for_status=lambda: None,
    )
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.1",
        requirement_severity=models.Severity[severity],
        skip_availability_check=True,
    )
    with mock.patch.object(http.HttpRequester, "get", lambda *_, **__: answer, create=True):
        return sorted({issue.message for issue in services.validate(settings).get_issues()})


def package_issues(folder: Path) -> list[str]:
    """What frictionless finds wrong with the data package and with the cells of its tables."""
    frictionless = importlib.import_module("frictionless")
    try:
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    except frictionless.FrictionlessException as refused:
        return [f"{refused.error.type}: {refused.error.message}"]
    found = [(error.type, error.message) for error in report.errors]
    found += [(error.type, error.message) for task in report.tasks for error in task.errors]
    return [f"{kind}: {message}" for kind, message in found]


def chunks(page: Path) -> list[tuple[str, str, str]]:
    """The chunks of code of a page: language, label and code."""
    found = []
    for language, code in _CHUNK.findall(page.read_text(encoding="utf-8")):
        (label,) = _LABEL.findall(code)
        found.append((language, label, code))
    return found


def run_python(folder: Path, more: str) -> str:
    """What the Python page prints, followed by `more`; with nothing but the standard library."""
    code = "\n".join(code for _, _, code in chunks(folder / "analysis" / "python.qmd"))
    return _run([sys.executable, "-I", "-S", "-X", "utf8", "-"], folder, f"{code}\n{more}")


def run_r(folder: Path, more: str) -> str:
    """What the R page prints, followed by `more`; with nothing but what comes with R. Skips, loudly, without R."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("NOT TESTED: R is absent (the deposit's page for R)")
    code = "\n".join(code for _, _, code in chunks(folder / "analysis" / "r.qmd"))
    return _run([rscript, "--vanilla", "-"], folder, f"{code}\n{more}")


def _run(command: list[str], folder: Path, code: str) -> str:
    done = subprocess.run(
        command, cwd=folder / "analysis", input=code, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    return done.stdout


def front_matter(page: Path) -> Any:
    """The YAML at the head of a page."""
    _, head, _ = page.read_text(encoding="utf-8").split("---\n", 2)
    return yaml_of(head)


def yaml_of(text: str) -> Any:
    """What a text in YAML says."""
    return importlib.import_module("yaml").safe_load(text)
