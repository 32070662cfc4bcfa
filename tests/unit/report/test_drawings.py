"""Figures are drawn once for all formats; office documents hold whole pictures at 300 dots an inch, no stand-in."""

from __future__ import annotations

import io
import json
import re
import struct
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from joinedup.adapters.render import drawing as drawing_module
from joinedup.adapters.render import render_docx, render_pdf, render_pptx
from joinedup.adapters.render.drawing import Drawings
from joinedup.adapters.render.figures import svg
from joinedup.adapters.render.fonts import shown
from joinedup.adapters.render.html import HtmlRenderer
from joinedup.adapters.render.pictures import pictured, stand_in
from joinedup.report.model import Document


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What each drawing process is asked: svg or png, and the names."""
    seen: list[list[str]] = []
    real = subprocess.run

    def run(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        at = command.index("-m") + 2 if "-m" in command else 0
        if at and command[at - 1] == drawing_module.__name__:
            seen.append([command[at], *command[at + 2 :]])
        return real(command, **given)

    monkeypatch.setattr(subprocess, "run", run)
    return seen


def test_four_formats_draw_each_figure_once(document: Document, tmp_path: Path, started: list[list[str]]) -> None:
    drawings = Drawings()
    HtmlRenderer(drawings).render(document, tmp_path)
    render_pdf(document, tmp_path / "r.pdf", drawings=drawings)
    render_docx(document, tmp_path / "r.docx", drawings=drawings)
    render_pptx(document, tmp_path / "r.pptx", drawings=drawings)
    for kind in ("svg", "png"):
        names = [name for asked in started if asked[0] == kind for name in asked[1:]]
        assert len(names) == len(set(names)) == len(document.figures)


def test_formats_that_share_drawings_are_the_same_bytes_as_alone(document: Document, tmp_path: Path) -> None:
    drawings = Drawings()
    for name, render in (("r.pdf", render_pdf), ("r.docx", render_docx), ("r.pptx", render_pptx)):
        shared = render(document, tmp_path / name, drawings=drawings).read_bytes()
        assert shared == render(document, tmp_path / name).read_bytes(), name


def test_figures_of_one_id_that_differ_are_each_drawn(document: Document) -> None:
    first = document.figures[0]
    other = replace(first, title="Another title")
    drawings = Drawings()
    drawings.begin([first, other])
    assert drawings.svg([first])[first.id] == svg(first)
    assert "Another title" in drawings.svg([other])[first.id]
    assert drawings.svg([first])[first.id] == svg(first)


def test_a_figure_that_can_not_be_drawn_says_why(document: Document) -> None:
    with pytest.raises(RuntimeError, match=r"the figures could not be drawn: .+"):
        Drawings().svg([replace(document.figures[0], spec={"mark": "none such"})])


@pytest.mark.parametrize(("kind", "folder"), [("docx", "word/media/"), ("pptx", "ppt/media/")])
def test_an_office_document_holds_whole_pictures_of_the_size_that_was_set(
    document: Document, tmp_path: Path, kind: str, folder: str
) -> None:
    render = render_docx if kind == "docx" else render_pptx
    drawings = Drawings()
    with zipfile.ZipFile(render(document, tmp_path / f"r.{kind}", drawings=drawings)) as archive:
        media = [archive.read(name) for name in archive.namelist() if name.startswith(folder)]
    assert media
    assert set(media) <= set(drawings.png(document.figures).values())
    heads = [stand_in(id, drawn) for id, drawn in drawings.svg(document.figures).items()]
    sizes = [struct.unpack(">II", head[16:24]) for head in heads]
    for content in media:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            assert [round(dots) for dots in picture.info["dpi"]] == [300, 300]
            assert any(abs(picture.width - width) <= 1 and abs(picture.height - height) <= 1 for width, height in sizes)


def test_only_a_stand_in_gives_way_to_a_picture(document: Document) -> None:
    figure = document.figures[0]
    head = stand_in(figure.id, svg(figure))
    assert pictured(head, {head: figure.id}, {figure.id: b"picture"}) == b"picture"
    assert pictured(head + b"x", {head: figure.id}, {figure.id: b"picture"}) == head + b"x"
    assert pictured(b"<w:p/>", {head: figure.id}, {figure.id: b"picture"}) == b"<w:p/>"


EXTENT = re.compile(rb'<(?:wp:extent|a:ext) cx="(\d+)" cy="(\d+)"')


@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_no_picture_is_stretched(document: Document, tmp_path: Path, kind: str) -> None:
    render = render_docx if kind == "docx" else render_pptx
    drawings = Drawings()
    ratios = {
        id: Image.open(io.BytesIO(content)).width / Image.open(io.BytesIO(content)).height
        for id, content in drawings.png(document.figures).items()
    }
    with zipfile.ZipFile(render(document, tmp_path / f"r.{kind}", drawings=drawings)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if re.match(r"word/document|ppt/slides/slide", name)]
    set_as = [
        int(extent[1]) / int(extent[2])
        for part in parts
        for picture in re.findall(rb"<wp:inline.*?</wp:inline>|<p:pic>.*?</p:pic>", part, re.DOTALL)
        for extent in EXTENT.finditer(picture)
    ]
    assert len(set_as) >= 4
    assert not [ratio for ratio in set_as if min(abs(ratio / known - 1) for known in ratios.values()) > 0.01]


def test_a_figure_needs_fonts_of_the_system_only_for_signs_that_the_renderer_has_none_for(
    document: Document, started: list[list[str]]
) -> None:
    assert shown("Peverquinhythe – “café”: 3.2 ≥ −1.5 ● ○ Łódź Αθήνα Москва")
    assert not shown("◐")
    assert not shown(json.dumps("東京"))
    first = document.figures[0]
    signs = replace(first, id="signs", alt="Half ◐")
    Drawings().svg([first, signs])
    assert sorted(len(asked) for asked in started) == [2, 2]
