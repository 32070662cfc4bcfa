"""Quotations to be read: by code, with who spoke and where, as a page of HTML and as a Word document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from joinedup.adapters.codings_out.quotations import Quotations
from joinedup.adapters.render.archive import packed
from joinedup.adapters.workbooks import escaped
from joinedup.study.model import Study

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff;"
    "overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.15rem;line-height:1.3;margin:2rem 0 .5rem;"
    "break-after:avoid}"
    "blockquote{margin:1rem 0 .2rem;padding-left:1rem;border-left:.2rem solid #767676;white-space:pre-line;break-after:avoid}"
    "p.from{margin:0 0 1rem 1.2rem;color:#595959;font-size:.9rem}"
)
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>'
    "</w:sectPr>"
)
"""A4 with margins of 25 mm."""

_ABOUT = ("said_by", "profession", "site_name", "text", "place", "wave", "date", "coder")


@dataclass(frozen=True, slots=True)
class _Quoted:
    words: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class _Section:
    """A code with its definition and its quotations."""

    title: str
    definition: str
    quoted: tuple[_Quoted, ...]


def _sections(study: Study, found: Quotations) -> Iterator[_Section]:
    """The codes in the order of the codebook; codes without quotations are left out."""
    at = {name: number for number, name in enumerate(found.columns)}
    by_code: dict[str, list[_Quoted]] = {}
    titles: dict[str, str] = {}
    for row in found.rows:
        said = {name: str(row[number]) for name, number in at.items()}
        titles[said["code"]] = said["code_path"]
        parts = dict.fromkeys(said[name] for name in _ABOUT if said.get(name))
        source = ", ".join([*parts, *([f"characters {said['start']} to {said['end']}"] if said["text"] else [])])
        by_code.setdefault(said["code"], []).append(_Quoted(said["quote"], source, said.get("note", "")))
    definitions = {code.id: code.definition for code in study.texts.codes}
    for id in dict.fromkeys([*definitions, *sorted(by_code)]):
        if id in by_code:
            yield _Section(titles[id], definitions.get(id, ""), tuple(by_code[id]))


def _notice(study: Study, found: Quotations) -> str:
    return f"{'SIMULATED data. ' if study.programme.simulated else ''}{found.notice}"


def quotations_html(study: Study, found: Quotations) -> bytes:
    """The quotations `found` in `study`, by code, as one page of HTML, with no script and nothing loaded from elsewhere."""
    lines = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>Quotations: {escape(study.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>Quotations: {escape(study.title)}</h1>\n<p>{escape(_notice(study, found))}</p>",
    ]
    for section in _sections(study, found):
        lines.append(f"<h2>{escape(section.title)} ({len(section.quoted)})</h2>")
        lines += [f"<p>{escape(section.definition)}</p>"] if section.definition else []
        for quoted in section.quoted:
            lines.append(f"<blockquote>{escape(quoted.words)}</blockquote>")
            lines.append(f'<p class="from">{escape(quoted.source)}{_html_note(quoted.note)}</p>')
    return "\n".join([*lines, "</main>\n</body>\n</html>\n"]).encode("utf-8", "replace")


def _html_note(note: str) -> str:
    return f"<br>Note: {escape(note)}" if note else ""


def quotations_docx(study: Study, found: Quotations) -> bytes:
    """The quotations `found` in `study`, by code, as a Word document with headings. The same study gives the same bytes."""
    body = [_paragraph(f"Quotations: {study.title}", "Title"), _paragraph(_notice(study, found))]
    for section in _sections(study, found):
        body.append(_paragraph(f"{section.title} ({len(section.quoted)})", "Heading1"))
        body += [_paragraph(section.definition)] if section.definition else []
        for quoted in section.quoted:
            body.append(_paragraph(quoted.words, "Quote"))
            body.append(_paragraph(quoted.source + (f"\nNote: {quoted.note}" if quoted.note else ""), "Source"))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
        "_rels/.rels": _relation("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relation("styles", "styles.xml"),
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}{_PAGE}</w:body></w:document>',
        "word/styles.xml": _styles(),
    }
    return packed({name: (_XML + part).encode("utf-8") for name, part in parts.items()})


def _relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _paragraph(words: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    lines = (f'<w:t xml:space="preserve">{escaped(line)}</w:t>' for line in words.split("\n"))
    return f"<w:p>{named}<w:r>{'<w:br/>'.join(lines)}</w:r></w:p>"


def _styles() -> str:
    """Title, heading, quotation (indented) and source (smaller), on top of the usual paragraph."""
    looks = {
        ("Title", "Title"): ("", '<w:b/><w:sz w:val="36"/>'),
        ("Heading1", "heading 1"): (
            '<w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/>',
            '<w:b/><w:sz w:val="28"/>',
        ),
        ("Quote", "Quote"): ('<w:keepNext/><w:ind w:left="567"/>', "<w:i/>"),
        ("Source", "Source"): ('<w:spacing w:after="160"/><w:ind w:left="567"/>', '<w:sz w:val="18"/>'),
    }
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
        for (id, name), (paragraph, letters) in looks.items()
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return f'<w:styles xmlns:w="{_WORD}">{normal}{styles}</w:styles>'
