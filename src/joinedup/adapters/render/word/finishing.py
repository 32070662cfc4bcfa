"""What pandoc leaves undone in a Word document: whole rows, what stays together, widths of tables, pages in the contents,
turned pages, a first page of its own."""

from __future__ import annotations

import re

from joinedup.adapters.render.word.template import STANDS_BY, TURNED

_PARTS = re.compile(rb"<w:(?:header|footer)Reference\b[^>]*/>")
_HEADER = re.compile(rb'<w:headerReference\b[^>]*w:type="default"[^>]*/>')
_STANDS_BY = re.compile(rb'<w:headerReference\b[^>]*w:type="%s"[^>]*/>' % STANDS_BY.encode())
_ROW = re.compile(rb"<w:tr>(?!<w:trPr>)|<w:tr>\s*<w:trPr>")
_ENTRY = re.compile(
    rb'(<w:hyperlink w:anchor="([^"]+)"(?:(?!</w:hyperlink>).)*</w:hyperlink>)\s*<!--page-->', re.DOTALL
)
_MARKED = re.compile(rb"(<w:pPr>\s*<w:pStyle [^>]*/>)((?:(?!</w:pPr>).)*</w:pPr>)\s*<!--(keep|here)-->", re.DOTALL)
_LOOKS = {
    b"keep": b"<w:keepNext/><w:keepLines/>",
    b"here": b'<w:pageBreakBefore w:val="0"/><w:spacing w:before="720" w:after="240"/>',
}
"""What is asked of a paragraph: the page of the next one, or no page of its own."""
_SECTION_END = b"</w:sectPr>"
_FIRST_PAGE = re.compile(rb"\s*<w:titlePg\s*/>")
_SOURCE = re.compile(rb'descr="data:[^"]*"')
"""Pandoc repeats the whole picture where its file's name would stand."""
_GRID = re.compile(rb"<w:tblGrid>.*?</w:tblGrid>|<w:sectPr\b.*?</w:sectPr>", re.DOTALL)
_COLUMN = re.compile(rb'w:w="(\d+)"')
_SIZE = re.compile(rb'w:(w|left|right)="(\d+)"')
_ASSUMED = 7920
"""Twentieths of a point that pandoc takes for the width of every page."""


def finished(name: str, content: bytes, own: bool = True) -> bytes:
    """A part of the document as it leaves: only the main part is changed. `own`: the template is the house's."""
    if name != "word/document.xml":
        return content
    content = _first_page(_headed(_SOURCE.sub(b'descr=""', content), own))
    content = _MARKED.sub(lambda found: found[1] + _LOOKS[found[3]] + found[2], content)
    return _ENTRY.sub(_paged, _ROW.sub(_whole_row, _widened(content)))


def _headed(content: bytes, own: bool) -> bytes:
    """Header and footer in every section; over turned pages the house's template has a header as wide as they are."""
    last = content.rindex(b"<w:sectPr")
    parts = b"".join(dict.fromkeys(_PARTS.findall(content, last)))
    found = _STANDS_BY.search(parts) if own else None
    if found:
        broad = found[0].replace(STANDS_BY.encode(), b"default")
        parts = _STANDS_BY.sub(b"", parts)
        turned = _HEADER.sub(lambda _: broad, parts)
        content = content[:last] + _STANDS_BY.sub(b"", content[last:])
        content = content.replace(b"<!--parts-->" + TURNED.encode(), turned + TURNED.encode())
    return content.replace(b"<!--parts-->", parts)


def _first_page(content: bytes) -> bytes:
    """Header and footer of the first page in the first section, not in the last, where pandoc leaves them."""
    first, last = content.find(_SECTION_END), content.rindex(b"<w:sectPr")
    if first > last or not _FIRST_PAGE.search(content, last):
        return content
    return content[:first] + b"<w:titlePg/>" + content[first:last] + _FIRST_PAGE.sub(b"", content[last:])


def _widened(content: bytes) -> bytes:
    """The columns of each table over the width of its own page."""
    found = list(_GRID.finditer(content))
    line, pieces, end = _ASSUMED, [], len(content)
    for match in reversed(found):  # a section's page is told at its end
        if match[0].startswith(b"<w:sectPr"):
            line = _line(match[0])
        else:
            grid = _scaled(match[0], line)
            pieces += [content[match.end() : end], grid]
            end = match.start()
    return b"".join(reversed([*pieces, content[:end]]))


def _scaled(grid: bytes, line: int) -> bytes:
    return _COLUMN.sub(lambda column: b'w:w="%d"' % (int(column[1]) * line // _ASSUMED), grid)


def _line(section: bytes) -> int:
    """The width between the margins, in twentieths of a point."""
    found = {name: int(value) for name, value in _SIZE.findall(section)}
    return found.get(b"w", 11906) - found.get(b"left", 1134) - found.get(b"right", 1134)


def _paged(match: re.Match[bytes]) -> bytes:
    """An entry of the contents with the page of its target, which Word finds out when it opens the file."""
    field = b'<w:fldSimple w:instr=" PAGEREF %s \\h " w:dirty="true"><w:r><w:t></w:t></w:r></w:fldSimple>' % match[2]
    return match[1] + b"<w:r><w:tab/></w:r>" + field


def _whole_row(match: re.Match[bytes]) -> bytes:
    if match[0] == b"<w:tr>":
        return b"<w:tr><w:trPr><w:cantSplit/></w:trPr>"
    return match[0] + b"<w:cantSplit/>"
