"""The styles of the house for Word, as data: what pandoc names, and what the report adds."""

from __future__ import annotations

from typing import NamedTuple

BLUE, INK, SOFT, RULE, ORANGE = "12436D", "1F2933", "4A5561", "D5DBE1", "F46A25"


class Style(NamedTuple):
    """A paragraph style: its name, the name it follows, size in half points, colour, and the rest as WordprocessingML."""

    name: str
    based: str = "Normal"
    size: int = 0
    colour: str = ""
    bold: bool = False
    paragraph: str = ""


def _space(before: int, after: int, line: int = 0) -> str:
    """Spacing in twentieths of a point; `line` in 240ths of a line."""
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def _side(colour: str) -> str:
    return f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="{colour}"/></w:pBdr>'


_KEEP = "<w:keepNext/><w:keepLines/>"
_TOP = f'<w:pBdr><w:top w:val="single" w:sz="24" w:space="8" w:color="{BLUE}"/></w:pBdr>'

PARAGRAPHS: tuple[Style, ...] = (
    Style("Normal", "", 20, INK, paragraph=_space(0, 120, 276)),
    Style("Body Text", paragraph=_space(0, 140, 276)),
    Style("First Paragraph", "Body Text"),
    Style("Compact", "Body Text", paragraph=_space(20, 20, 252)),
    Style("Stance", "Body Text", paragraph=_KEEP + _space(0, 80)),
    Style("Cites", "Body Text", paragraph=_KEEP + _space(0, 80, 264)),
    Style("List End", "Compact", paragraph=_space(20, 140, 252)),
    Style("Title", "Normal", 60, BLUE, True, _TOP + _space(2400, 240, 240)),
    Style("Subtitle", "Normal", 30, SOFT, paragraph=_space(0, 600, 240)),
    Style("Cover", "Normal", 22, SOFT, paragraph=_space(0, 80)),
    Style("Marks", "Normal", 20, "9C3606", True, _space(0, 400)),
    Style("Heading 1", "Normal", 38, BLUE, True, _KEEP + "<w:pageBreakBefore/>" + _TOP + _space(0, 240, 240)),
    Style("Heading 2", "Normal", 27, BLUE, True, _KEEP + _space(360, 120, 240)),
    Style("Heading 3", "Normal", 21, INK, True, _KEEP + _space(240, 80, 240)),
    Style("Heading 4", "Normal", 20, INK, True, _KEEP + _space(200, 60, 240)),
    Style("TOC Heading", "Normal", 38, BLUE, True, _KEEP + "<w:pageBreakBefore/>" + _TOP + _space(0, 240, 240)),
    Style("TOC 1", "Normal", 19, "", True, '<w:keepNext/><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9638"/></w:tabs>' + _space(80, 0, 240)),
    Style("TOC 2", "Normal", 18, "", False, '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9638"/></w:tabs>' + _space(0, 0, 240) + '<w:ind w:left="280"/>'),
    Style("Block Text", "Body Text", paragraph=_side("B9CBDD") + _space(60, 100) + '<w:ind w:left="284"/>'),
    Style("Bibliography", "Normal", paragraph=_space(0, 100) + '<w:ind w:left="340" w:hanging="340"/>'),
    Style("Footnote Text", "Normal", 17, paragraph=_space(0, 40)),
    Style("Caption", "Normal", 20, "", True, _KEEP + _space(240, 80)),
    Style("Table Caption", "Caption"),
    Style("Image Caption", "Caption"),
    Style("Figure", "Normal", paragraph=_space(0, 60)),
    Style("Captioned Figure", "Figure", paragraph="<w:keepNext/>"),
    Style("Lead", "Body Text", 25, BLUE, paragraph=_space(0, 200, 288)),
    Style("Claim", "Body Text", 23, BLUE, paragraph="<w:keepNext/>" + _space(40, 120, 276)),
    Style("Badges", "Body Text", 18, SOFT, paragraph=_KEEP + _TOP + _space(280, 60)),
    Style("Note", "Body Text", 17, SOFT, paragraph=_space(40, 140)),
    Style("Caution", "Body Text", 19, paragraph=_side(ORANGE) + _space(140, 120) + '<w:ind w:left="284"/>'),
    Style("Summary Line", "Body Text", paragraph=_KEEP + _space(200, 80)),
    Style("Ledger", "Normal", 16, paragraph=_space(0, 60, 252)),
    Style("Ledger List", "Ledger", paragraph=_space(0, 30, 252)),
    Style("Ledger Claim", "Claim", 18, paragraph="<w:keepNext/>" + _space(20, 60, 252)),
    Style("Table Text", "Normal", 17, paragraph=_space(20, 20, 240)),
    Style("Table Text Small", "Table Text", 15),
    Style("Table Text Smallest", "Table Text", 13),
    Style("Table Text Kept", "Table Text", paragraph=_KEEP),
    Style("Table Text Small Kept", "Table Text Small", paragraph=_KEEP),
    Style("Table Text Smallest Kept", "Table Text Smallest", paragraph=_KEEP),
    Style("Header", "Normal", 16, SOFT, paragraph='<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="D5DBE1"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>' + _space(0, 0)),
    Style("Header Turned", "Header", paragraph='<w:tabs><w:tab w:val="clear" w:pos="9638"/><w:tab w:val="right" w:pos="14570"/></w:tabs>'),
    Style("Footer", "Normal", 16, SOFT, paragraph='<w:jc w:val="right"/>' + _space(0, 0)),
)  # fmt: skip
CHARACTERS: tuple[tuple[str, str], ...] = (
    ("Verbatim Char", '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/><w:color w:val="4A5561"/><w:sz w:val="17"/>'),
    ("Hyperlink", '<w:color w:val="1D5A94"/>'),
    ("Footnote Reference", '<w:vertAlign w:val="superscript"/>'),
    ("Badge", "<w:b/>"),
    ("Badge Good", '<w:b/><w:color w:val="1B6B52"/>'),
    ("Badge Partly", '<w:b/><w:color w:val="1D5A94"/>'),
    ("Badge Against", '<w:b/><w:color w:val="9C3606"/>'),
    ("Badge Gone", '<w:b/><w:color w:val="801650"/>'),
)  # fmt: skip
TONES = {
    **dict.fromkeys(("supported", "supports", "current", "confirm"), "Badge Good"),
    **dict.fromkeys(("qualified", "qualifies"), "Badge Partly"),
    **dict.fromkeys(("contested", "contradicts", "against"), "Badge Against"),
    **dict.fromkeys(("no longer supported", "stale", "broken", "discord", "inconclusive"), "Badge Gone"),
}

_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
    '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
    '</w:tblCellMar></w:tblPr></w:style><w:style w:type="table" w:customStyle="1" w:styleId="Table">'
    '<w:name w:val="Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
    f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/></w:tblBorders></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
    f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{BLUE}"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>'
    "</w:tblStylePr></w:style>"
)
_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'


def styles_xml() -> str:
    """The styles part of the house's template."""
    paragraphs = "".join(_paragraph(style) for style in PARAGRAPHS)
    characters = "".join(
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        f"<w:rPr>{look}</w:rPr></w:style>"
        for name, look in CHARACTERS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault>'
        f'<w:rPr>{_FONT}<w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{paragraphs}{characters}{_TABLE}</w:styles>"
    )


def _paragraph(style: Style) -> str:
    id = style.name.replace(" ", "")
    default = ' w:default="1"' if not style.based else ""
    based = f'<w:basedOn w:val="{style.based.replace(" ", "")}"/>' if style.based else ""
    size = f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>' if style.size else ""
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    level = int(style.name[-1]) - 1 if style.name.startswith("Heading") else -1
    outline = f'<w:outlineLvl w:val="{level}"/>' if level >= 0 else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{id}"><w:name w:val="{style.name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{style.paragraph}{outline}</w:pPr><w:rPr>{'<w:b/>' if style.bold else ''}{colour}{size}</w:rPr></w:style>"
    )
