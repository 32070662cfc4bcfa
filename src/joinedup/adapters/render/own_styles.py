"""The user's own templates and citation style, tried before anything is computed: a report takes half a minute."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from joinedup.adapters.render.archive import office_template
from joinedup.adapters.render.pandoc import as_json, pandoc
from joinedup.report.pandoc import API, attr, words
from joinedup.study.problems import UsageError

_LARGEST_STYLE = 1_000_000
"""Bytes: the longest of the 10,000 published styles has about 120,000."""
_REFERENCE = "@book{tried2000, title={Tried}, author={Tried, Anna}, year={2000}, publisher={Tried}}"


def check_styles(reference: Path | None, slides: Path | None, csl: Path | None) -> None:
    """Raise UsageError where the Word template, the slides template or the citation style can't be used, and say why."""
    if reference is not None:
        _tried(reference, "docx", "Word document (.docx)", "Save it from Word once more")
    if slides is not None:
        _tried(
            slides, "pptx", "PowerPoint presentation (.pptx)", "Start from a file of PowerPoint's own, with its layouts"
        )
    if csl is not None:
        _check_style(csl)


def _tried(template: Path, to: str, kind: str, what_to_do: str) -> None:
    styles = office_template(template, kind)
    try:
        pandoc(_document(), to, reference=styles)
    except RuntimeError as error:
        raise UsageError(f"The template {template} can't be used: {_said(error)} {what_to_do}.") from None


def _check_style(csl: Path) -> None:
    try:
        content = csl.read_bytes()
    except OSError as error:
        raise UsageError(
            f"The citation style {csl} can't be read ({(error.strerror or str(error)).lower()})."
        ) from None
    if len(content) > _LARGEST_STYLE or b"<!" in content.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise UsageError(
            f"The citation style {csl} is too long, or it declares entities: take it as its authors publish it."
        )
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        root = None
    if root is None or root.tag.rpartition("}")[2] != "style":
        raise UsageError(f"{csl} is no citation style: a style is XML, in a file that ends in .csl.")
    parent = next((one for one in root.iter() if one.get("rel") == "independent-parent"), None)
    if parent is not None:
        raise UsageError(
            f"The citation style {csl} only points to another one ({parent.get('href')}), and nothing is fetched. Name "
            f"the file of that one."
        )
    try:
        pandoc(_document(), "json", _REFERENCE, csl)
    except RuntimeError as error:
        raise UsageError(f"The citation style {csl} can't be used: {_said(error)}") from None


def _said(error: RuntimeError) -> str:
    """The first line of pandoc's words, as a sentence."""
    told = str(error).removeprefix("pandoc failed: ").splitlines()
    return f"{told[0].rstrip('.:')}." if told else "pandoc doesn't say why."


def _document() -> str:
    cited = {
        "citationId": "tried2000",
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    listed = {"t": "BulletList", "c": [[{"t": "Plain", "c": words("tried")}]]}
    blocks = [
        {"t": "Header", "c": [2, attr(), words("tried")]},
        listed,
        {"t": "Para", "c": [{"t": "Cite", "c": [[cited], words("tried")]}]},
    ]
    title = {"title": {"t": "MetaInlines", "c": words("tried")}}
    return as_json({"pandoc-api-version": API, "meta": title, "blocks": blocks})
