"""The house's Word template: styles, A4, header with title and marks, page numbers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from joinedup.adapters.render.archive import packed
from joinedup.adapters.render.marks import running_title
from joinedup.adapters.render.word.styles import styles_xml

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PAGE = '<w:pgSz w:w="11906" w:h="16838"/>'
TURNED = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
MARGINS = (
    '<w:pgMar w:top="1474" w:right="1134" w:bottom="1134" w:left="1134" w:header="680" w:footer="567" w:gutter="0"/>'
)

STANDS_BY = "even"
"""The kind of header as which the template carries that of turned pages: its pages are all odd."""


def template(title: str, marks: tuple[str, ...]) -> bytes:
    """A Word document without words, whose styles, pages, header and footer a report takes over."""
    above = " · ".join(mark.upper() for mark in marks)
    header = f"{_text(running_title(title, marks, letter=3.8, mark=5.0))}<w:r><w:tab/></w:r>{_text(above, '<w:rPr><w:b/></w:rPr>')}"
    footer = f"{_field('PAGE')}{_text(' / ')}{_field('NUMPAGES')}"
    references = "".join(f'<w:{kind}Reference w:type="default" r:id="rId{kind}"/>' for kind in ("header", "footer"))
    first = "".join(f'<w:{kind}Reference w:type="first" r:id="rIdfirst{kind}"/>' for kind in ("header", "footer"))
    turned = f'<w:headerReference w:type="{STANDS_BY}" r:id="rIdturnedheader"/>'
    section = f"<w:sectPr>{references}{first}{turned}{PAGE}{MARGINS}<w:titlePg/></w:sectPr>"
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {
                "rIdstyles": ("styles", "styles.xml"),
                **{f"rId{kind}": (kind, f"{kind}1.xml") for kind in ("header", "footer")},
                **{f"rIdfirst{kind}": (kind, f"{kind}2.xml") for kind in ("header", "footer")},
                "rIdturnedheader": ("header", "header3.xml"),
            }
        ),
        "word/document.xml": f"{_XML}<w:document {_W} {_R}><w:body><w:p/>{section}</w:body></w:document>",
        "word/styles.xml": styles_xml(),
        "word/header1.xml": _part("hdr", "Header", header),
        "word/footer1.xml": _part("ftr", "Footer", footer),
        "word/header2.xml": _part("hdr", "Footer", ""),
        "word/header3.xml": _part("hdr", "HeaderTurned", header),
        "word/footer2.xml": _part("ftr", "Footer", ""),
    }
    return packed({name: text.encode("utf-8") for name, text in parts.items()})


def _text(words: str, look: str = "") -> str:
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _part(kind: str, style: str, runs: str) -> str:
    return f'{_XML}<w:{kind} {_W} {_R}><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p></w:{kind}>'


def _relations(parts: dict[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for id, (kind, target) in parts.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _types() -> str:
    kinds = {"document": "document.main", "styles": "styles"}
    kinds |= {f"{kind}{number}": kind for kind in ("header", "footer") for number in (1, 2)} | {"header3": "header"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )
