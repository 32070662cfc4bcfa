"""HTML: the words that a reader sees; scripts, styles and addresses are dropped, nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from joinedup.adapters.extract.model import Anchors, RefusedError
from joinedup.adapters.extract.normal import Lines
from joinedup.adapters.extract.plain import decode

_UNSEEN = frozenset(["script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object", "title"])
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that stand on lines of their own."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*(?:windows-1252|iso-8859-1|latin-?1)\b", re.IGNORECASE)


class _Reader(HTMLParser):
    """Collects what is seen. An element that is never closed hides nothing after the next block of its own kind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = Lines()
        self._unseen: list[str] = []
        self._paragraph = 0
        self._begun = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "body":
            self._unseen.clear()
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in BLOCKS:
            self._end_block(tag)
        elif tag in ("td", "th"):
            self.lines.add("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag in BLOCKS:
            self._end_block(tag)

    def _end_block(self, tag: str) -> None:
        self.lines.end_line()
        self._begun &= tag == "br"

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._begun and data.strip():
            self._begun = True
            self._paragraph += 1
            self.lines.begin(f"paragraph {self._paragraph}")
        self.lines.add(re.sub(r"[ \t\r\n\f]+", " ", data))


def html_text(data: bytes) -> tuple[str, Anchors]:
    """The words of an HTML page, a line a block, and the paragraphs: its blocks that show words."""
    try:
        page = decode(data)
    except RefusedError:
        if not _CHARSET.search(data[:2048]):
            raise
        page = data.decode("cp1252", "replace")  # what the page declares; browsers read latin-1 so too
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.lines.placed()
