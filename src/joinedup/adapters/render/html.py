"""The working report as one HTML file that needs nothing else: style, script and figures inside, no network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from joinedup.adapters.render.citations import cited_html
from joinedup.adapters.render.drawing import Drawings
from joinedup.adapters.render.markup import markup
from joinedup.report.model import Document
from joinedup.report.numbering import edition

SIMULATED = "SIMULATED DATA"
_LEDGER_ID = re.compile(r'(?:(?<= id=")|(?<= href="#))(?:ev-[^"]+?--|rows-)[^"]+(?=")')
_PLACE = re.compile(r"<!--figure ([\w.-]+)-->")


class HtmlRenderer:
    """Writes report.html and figures/*.svg; `drawings` are shared with other formats of the same document."""

    def __init__(self, drawings: Drawings | None = None) -> None:
        self.drawings = drawings or Drawings()

    def render(self, document: Document, out: Path) -> tuple[Path, ...]:
        """Write below `out`; returns the report's path, then those of the figures.

        Raises UsageError where a part is not installed.
        """
        folder = out / "figures"
        whole = edition(document)
        sections = whole.document.sections
        annexes = [section for section in sections if section.kind == "annex"]
        chapters = [section for section in sections if section.kind != "annex"]
        with ThreadPoolExecutor() as pool:  # the figures and pandoc are processes of their own, beside this one
            figures = pool.submit(self.drawings.svg, document.figures)
            cited = pool.submit(cited_html, chapters, document.bibliography)
            annex = markup(annexes, whole.numbers)
            body = "\n".join((markup(chapters, whole.numbers, cited.result()), annex))
            drawn = figures.result()
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for id, drawing in drawn.items():
            path = folder / f"{id}.svg"
            path.write_text(drawing, encoding="utf-8", newline="\n")
            written.append(path)
        report = out / "report.html"
        report.write_text(_page(document, body, drawn), encoding="utf-8", newline="\n")
        return (report, *written)


def _page(document: Document, body: str, drawn: Mapping[str, str]) -> str:
    """The whole page, with the drawn figures by id in their places."""
    body = _PLACE.sub(lambda match: drawn[match[1]], _short(body))
    style, script = _style(document), asset("report.js")
    watermark = escape(document.meta.get("watermark", ""))
    parts = {
        "style": style,
        "style_hash": csp_hash(style),
        "script": script,
        "script_hash": csp_hash(script),
        "version": escape(document.meta.get("version", "")),
        "title": escape(document.title),
        "watermark": watermark,
        "body_class": "simulated" if document.simulated else "study",
        "cover": _cover(document),
        "ribbon": _ribbon(document),
        "contents": "\n".join(
            f'<li><a href="#{escape(section.id)}">{escape(section.title)}</a></li>' for section in document.sections
        ),
        "body": body,
    }
    return Template(asset("page.html")).substitute(parts)


def _short(body: str) -> str:
    """`body` with short names for values and rows of the ledger: thousands of links lead to them."""
    names: dict[str, str] = {}
    return _LEDGER_ID.sub(lambda match: names.setdefault(match[0], f"{match[0][0]}{len(names):x}"), body)


def asset(name: str) -> str:
    """The text of a file of `report/assets/`, with the same line ends everywhere."""
    text = files("joinedup.report").joinpath("assets", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def csp_hash(text: str) -> str:
    """The source expression by which a content security policy lets one inline style or script run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _style(document: Document) -> str:
    marks = [document.meta.get("watermark", "").upper(), *([SIMULATED] if document.simulated else [])]
    return house_style(" · ".join(marks), document.title)


def house_style(mark: str, title: str) -> str:
    """The style of every page of the house; printed, each page says `mark` above and `title` below."""
    page = {"page_mark": _css_words(mark), "page_title": _css_words(title)}
    return asset("report.css") + Template(asset("print.css")).substitute(page)


def _css_words(text: str) -> str:
    """Words inside a CSS string: everything but letters, digits and blanks as an escape, so that nothing ends it.

    The blank after an escape belongs to it.
    """
    return "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in text)


def _cover(document: Document) -> str:
    meta = document.meta
    about = " · ".join(meta[name] for name in ("programme", "authors", "date") if meta.get(name))
    lines = [("subtitle", meta.get("subtitle", "")), ("about", about)]
    lines += [
        ("about", f"Funder of the programme: {meta['funder']}" if meta.get("funder") else ""),
        ("about", meta.get("note", "")),
    ]
    return "\n".join(f'<p class="{kind}">{escape(text)}</p>' for kind, text in lines if text)


def _ribbon(document: Document) -> str:
    return simulated_ribbon() if document.simulated else ""


def simulated_ribbon() -> str:
    """What says on the screen, and across every printed page, that the data are simulated."""
    ribbon = f'<aside class="ribbon" aria-label="Status of the data">{SIMULATED}</aside>'
    return f'{ribbon}<p class="print-mark" aria-hidden="true">{SIMULATED}</p>'
