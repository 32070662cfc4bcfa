"""The codebook: what every column of the responses holds, which scale it belongs to, and who was asked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from joinedup.adapters.render.printed.page import page
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.result import Value
from joinedup.study.survey import Instrument
from joinedup.survey.paper import codebook, paper_form

_FRAME = "Every row also holds response (its id), person (as on the roster), wave and instrument_version."


def codebook_page(study: Study) -> str:
    """The codebook of the study's questionnaire. Raises UsageError without one."""
    instrument = study.survey.instrument
    if instrument is None:
        raise UsageError("The study has no questionnaire (survey/instrument.xlsx), so there is no codebook.")
    table = codebook(instrument)
    names = [name for name, _ in table.columns]
    numbers = {block.name: block.number for block in paper_form(instrument)}
    cells = (dict(zip(names, row, strict=True)) for row in table.rows)
    rows = "\n".join(_row(study, instrument, row, numbers.get(str(row["item"]), "")) for row in cells)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Column", "Question", "Type", "Codes", "Asked of"))
    body = f'<table class="codebook"><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>'
    body = f'<div class="scroll" role="region" tabindex="0" aria-label="Columns of the responses">{body}</div>'
    return page(study, table.title, [table.note, _FRAME], body)


def _row(study: Study, instrument: Instrument, cells: Mapping[str, Value], number: str) -> str:
    name = str(cells["item"])
    more = [str(cells["within"] or ""), *_scales(study, name)]
    if cells["calculation"]:
        more.append(f"Calculated as {cells['calculation']}")
    question = (
        (f"{number}. " if number else "")
        + escape(str(cells["question"] or ""))
        + "".join(f'<span class="more">{escape(line)}</span>' for line in more if line)
    )
    kind = escape(str(cells["type"]).replace("_", " ")) + _required(str(cells["required"] or ""))
    asked = escape(str(cells["asked"] or "")) or "everybody"
    return (
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{question}</td><td>{kind}</td>'
        f"<td>{_codes(instrument, name, str(cells['codes'] or ''))}</td><td>{asked}</td></tr>"
    )


def _scales(study: Study, name: str) -> list[str]:
    return [
        f"Scale: {scale.label}{', reversed' if name in scale.reverse else ''}"
        for scale in study.survey.scales
        if name in scale.items
    ]


def _required(written: str) -> str:
    if not written:
        return ""
    told = "required" if written == "yes" else f"required: {written}"
    return f'<span class="more">{escape(told)}</span>'


def _codes(instrument: Instrument, name: str, otherwise: str) -> str:
    item = instrument.item(name)
    if item is None or not item.options:
        return escape(otherwise)
    lines = (
        f"<li><code>{escape(code)}</code><span>{escape(label)}</span></li>" for code, label in item.options.items()
    )
    return f"<ul>{''.join(lines)}</ul>"
