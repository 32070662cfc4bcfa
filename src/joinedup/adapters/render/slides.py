"""The main findings and figures as slides, through pandoc, in the house's look or the user's template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from joinedup.adapters.render.archive import cleaned, office_template
from joinedup.adapters.render.drawing import Drawings
from joinedup.adapters.render.figures import size
from joinedup.adapters.render.marks import marks
from joinedup.adapters.render.pandoc import as_json, data_address, pandoc
from joinedup.adapters.render.pictures import pictured, stand_in
from joinedup.report.model import Badge, Document, Figure, Group, Heading, Inlines, Paragraph, Section, Text
from joinedup.report.numbering import edition
from joinedup.report.pandoc import API, attr, words
from joinedup.report.prose import plain

Node = dict[str, Any]
LINES, LETTERS, BETWEEN = 12.5, 74, 0.25
"""A slide holds at most so many lines, of so many letters and with so much of a line between two claims."""
PICTURE, TYPE, LEAST = (648.0, 227.0), 9.0, 7.0
"""Points of a slide's picture, of the type of a figure as it is drawn, and the least that can be read on a slide."""
CAPTION = b'<a:rPr sz="1100" />'
"""The words below a figure are small, so that three lines of them end above the marks."""
_BLUE, _ORANGE = b"12436D", b"F46A25"


def pptx_bytes(document: Document, reference: Path | None = None, drawings: Drawings | None = None) -> bytes:
    """Slides: the title, the summary, the claims question by question, a slide a figure that can be read on one, what can't be concluded.

    The same bytes for the same document and template; `drawings` are shared with its other formats. Raises UsageError
    where `reference` is no PowerPoint file.
    """
    styles = b"" if reference is None else office_template(reference, "PowerPoint presentation (.pptx)")
    drawings = drawings or Drawings()
    drawn = {id: one for id, one in drawings.svg(document.figures).items() if _fits(one)}
    placed = {id: stand_in(id, drawing) for id, drawing in drawn.items()}
    above = marks(document)
    title = {name: {"t": "MetaInlines", "c": words(text)} for name, text in _title(document, above) if text}
    blocks = [node for slide in _slides(document, placed) for node in slide]
    with ThreadPoolExecutor(1) as pool:
        waited = pool.submit(drawings.png, [figure for figure in document.figures if figure.id in placed])
        made = pandoc(as_json({"pandoc-api-version": API, "meta": title, "blocks": blocks}), "pptx", reference=styles)
        pictures, stood = waited.result(), {head: id for id, head in placed.items()}
    mark = " · ".join(mark.upper() for mark in above)
    edit = partial(_part, _alternatives(document), mark if reference is None else None)
    return cleaned(made, document.title, lambda name, part: edit(name, pictured(part, stood, pictures)))


def _fits(drawing: str) -> bool:
    """Whether the words of a figure can be read on a slide."""
    return TYPE * min(room / own for room, own in zip(PICTURE, size(drawing), strict=True)) >= LEAST


def _title(document: Document, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield "title", document.title
    about = document.meta.get("subtitle") or document.meta.get("programme", "")
    yield "subtitle", " · ".join(filter(None, (about, document.meta.get("date", ""), *above)))


def _slides(document: Document, drawn: dict[str, bytes]) -> Iterator[list[Node]]:
    sections = {section.id: section for section in document.sections}
    if "summary" in sections:
        said = [block.inlines for block in sections["summary"].blocks if isinstance(block, Paragraph)]
        yield from _listed("Summary", said)
    if "findings" in sections:
        for question, claims in _claims(sections["findings"]):
            yield from _listed(question, claims)
    numbers = edition(document).numbers
    for figure in (one for one in document.figures if one.id in drawn):
        yield _pictured(figure, numbers.get(f"fig-{figure.id}", "Figure"), drawn[figure.id])
    left = [one for one in document.figures if one.id not in drawn]
    told = [f"{numbers.get(f'fig-{figure.id}', 'Figure')}. {figure.title}" for figure in left]
    yield from _listed("Figures that need a page: see the report", [(Text(one),) for one in told])
    for section in document.sections:
        if section.id == "limits":
            limits = [item for block in section.blocks[:1] for item in getattr(block, "items", ())]
            yield from _listed(section.title, limits)


def _claims(findings: Section) -> Iterator[tuple[str, list[Inlines]]]:
    """Each question with the claims below it, each claim after its verdict."""
    question, claims = findings.title, list[Inlines]()
    for block in findings.blocks:
        if isinstance(block, Heading):
            if claims:
                yield question, claims
            question, claims = plain(block.inlines), []
        elif isinstance(block, Group) and block.kind == "finding":
            said = {part.role: part.inlines for part in block.blocks if isinstance(part, Paragraph)}
            verdict = next((part.label for part in said.get("badges", ()) if isinstance(part, Badge)), "")
            claims.append((Text(f"{verdict}: "), *said.get("claim", ())))
    if claims:
        yield question, claims


def _listed(title: str, items: list[Inlines]) -> Iterator[list[Node]]:
    """Slides with as many items as have room, about equally full."""
    slides = _shared([plain(item) for item in items])
    for at, told in enumerate(slides, 1):
        listed = [[{"t": "Plain", "c": words(text)}] for text in told]
        more = f" ({at}\u00a0of\u00a0{len(slides)})" if len(slides) > 1 else ""
        yield [_heading(title + more), {"t": "BulletList", "c": listed}]


def _shared(texts: list[str]) -> list[list[str]]:
    """The texts in slides of at most LINES lines, and as few of them as that allows."""
    sizes = [len(wrap(text, LETTERS)) + BETWEEN for text in texts]
    slides = _filled(texts, sizes, LINES)
    for room in (LINES - taken for taken in range(1, int(LINES))):
        tighter = _filled(texts, sizes, room)
        if len(tighter) > len(slides):
            break
        slides = tighter
    return slides


def _filled(texts: list[str], sizes: list[float], room: float) -> list[list[str]]:
    """One slide after the other, each as full as `room` allows."""
    slides: list[list[str]] = []
    used = room
    for text, lines in zip(texts, sizes, strict=True):
        if not slides or used + lines > room:
            slides.append([])
            used = 0.0
        slides[-1].append(text)
        used += lines
    return slides


def _pictured(figure: Figure, number: str, png: bytes) -> list[Node]:
    image = {"t": "Image", "c": [attr(), words(figure.alt), [data_address(png), ""]]}
    return [_heading(f"{number}. {figure.title}"), {"t": "Para", "c": [image]}]


def _heading(title: str) -> Node:
    return {"t": "Header", "c": [2, attr(), words(title)]}


_NUMBER = re.compile(r"<a:t>(Figure \d+)\.")
_PLACE = re.compile(rb'x="1371600"( y="2914650" ?/><a:ext )cx="6400800"')
"""Where pandoc's template has the subtitle: centred, while the house's title stands at the left."""
_TINTED, _SOFT = (
    re.compile(rb'<a:schemeClr val="tx1"><a:tint val="75000"/></a:schemeClr>'),
    b'<a:srgbClr val="4A5561"/>',
)
"""A grey of too little contrast, and the house's."""
_SOURCE = re.compile(rb'descr="data:[^"]*"')
"""Pandoc names a picture's file, which is the picture itself, where its words should stand."""


def _alternatives(document: Document) -> dict[str, str]:
    """The words that stand for each figure, by its number."""
    numbers = edition(document).numbers
    return {numbers.get(f"fig-{figure.id}", "Figure"): figure.alt for figure in document.figures}


def _part(alternatives: dict[str, str], mark: str | None, name: str, content: bytes) -> bytes:
    """A part as it leaves: pictures with their words, and the house's look where it is not the user's."""
    if name.startswith("ppt/slides/slide"):
        number = _NUMBER.search(content.decode("utf-8"))
        alt = alternatives.get(number[1], "") if number else ""
        content = content if mark is None else _PLACE.sub(rb'x="685800"\1cx="7772400"', content)
        before, box, caption = content.partition(b'name="TextBox')
        content = before + box + caption.replace(b"<a:rPr />", CAPTION)
        return _SOURCE.sub(lambda _: f"descr={quoteattr(alt)}".encode(), content)
    return content if mark is None else _house(mark, name, content)


def _house(mark: str, name: str, content: bytes) -> bytes:
    """A part of pandoc's own template in the colours and type of the house; every slide bears the marks."""
    if re.fullmatch(r"ppt/theme/theme\d+\.xml", name):
        for role, colour in ((b"dk2", _BLUE), (b"accent1", _BLUE), (b"accent2", _ORANGE)):
            content = re.sub(rb"(<a:%s>).*?(</a:%s>)" % (role, role), rb'\1<a:srgbClr val="%s"/>\2' % colour, content)
        return content.replace(b'typeface="Calibri"', b'typeface="Arial"')
    if name == "ppt/slideLayouts/slideLayout1.xml":
        return _PLACE.sub(rb'x="685800"\1cx="7772400"', _TINTED.sub(_SOFT, content)).replace(b'algn="ctr"', b'algn="l"')
    if name == "ppt/slideMasters/slideMaster1.xml":
        opening, title, rest = content.partition(b"<p:titleStyle>")
        rest = rest.replace(b'algn="ctr"', b'algn="l"', 1).replace(b'sz="3300"', b'sz="2000" b="1"', 1)
        rest = rest.replace(b'val="tx1"', b'val="tx2"', 1).replace(b'sz="2400"', b'sz="1600"', 1)
        return opening.replace(b"</p:spTree>", _mark(mark) + b"</p:spTree>") + title + rest
    return content


def _mark(mark: str) -> bytes:
    """The marks at the foot of the master."""
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="99" name="Marks"/><p:cNvSpPr txBox="1"/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        '<a:xfrm><a:off x="457200" y="4767263"/><a:ext cx="7000000" cy="273844"/></a:xfrm><a:prstGeom prst="rect">'
        '<a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr lIns="0"/><a:p><a:r><a:rPr lang="en-GB" sz="800" b="1">'
        '<a:solidFill><a:srgbClr val="4A5561"/></a:solidFill></a:rPr>'
        f"<a:t>{escape(mark)}</a:t></a:r></a:p></p:txBody></p:sp>"
    ).encode()
