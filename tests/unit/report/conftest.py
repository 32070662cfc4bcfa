"""The small study of the report's tests: its document, and its page where the renderers are installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import report_sample

from joinedup.report.document import build
from joinedup.report.model import Document
from joinedup.study.result import Result
from joinedup.synthesis.joint_display import joint_display


def all_results() -> dict[str, Result]:
    """The sample's results with its joint display."""
    results = report_sample.results()
    display = joint_display(report_sample.study(), results)
    assert display is not None
    return {**results, display.id: display}


@pytest.fixture(scope="session")
def results() -> dict[str, Result]:
    return all_results()


@pytest.fixture(scope="session")
def document(results: dict[str, Result]) -> Document:
    return build(report_sample.study(), results, report_sample.findings())


@pytest.fixture(scope="session")
def page(document: Document, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The rendered page."""
    from joinedup.adapters.render.html import HtmlRenderer

    return HtmlRenderer().render(document, tmp_path_factory.mktemp("page"))[0].read_text(encoding="utf-8")
