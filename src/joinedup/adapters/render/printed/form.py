"""The form on paper: boxes to tick, lines to write on, a grid where questions share their options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from joinedup.adapters.render.printed.page import page
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.survey import Instrument
from joinedup.survey.paper import Block, default_language, paper_form

SHORT, FEW, LONG = 24, 7, 10
"""Options of at most SHORT characters, at most FEW of them, stand side by side; more than LONG in two columns."""
_MENTION = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_NUMBER = re.compile(r"-?\d{1,3}")
_LANGUAGE = re.compile(r".*\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)")
_BOXES = {"select_one": "box", "select_multiple": "box square", "rank": "box wide"}
_NUMBERS = frozenset(("integer", "decimal", "range", "time", "acknowledge"))


def paper_page(study: Study, language: str = "") -> str:
    """The study's questionnaire to print, in `language`. Raises UsageError without one, or for an unknown language."""
    instrument = study.survey.instrument
    if instrument is None:
        raise UsageError("The study has no questionnaire (survey/instrument.xlsx), so there is no form to print.")
    try:
        blocks = paper_form(instrument, language)
    except KeyError as error:
        words = str(error.args[0])
        raise UsageError(f"{words[:1].upper()}{words[1:]}.") from None
    version = f"Version {instrument.version}" if instrument.version else ""
    fields = "".join(f"<li>{name}</li>" for name in ("Response", "Person", "Date"))
    body = f'<ul class="team" aria-label="For the study\'s team">{fields}</ul>\n'
    body += "\n".join(_Form(instrument, blocks).parts())
    return page(study, instrument.title or "Questionnaire", [version], body, _tag(instrument, language))


def _tag(instrument: Instrument, language: str) -> str:
    """The language's tag, which XLSForm writes in brackets: ``Français (fr)``; English where none is named."""
    named = language or default_language(instrument)
    match = _LANGUAGE.fullmatch(named)
    return match[1] if match else named if re.fullmatch("[a-z]{2}", named) else "en-GB"


def _must(block: Block) -> str:
    return ' <span class="must">(required)</span>' if block.required else ""


def _code(code: str) -> str:
    """A number helps who types the answers in; a word would only puzzle who answers."""
    return f' <span class="code">{escape(code)}</span>' if _NUMBER.fullmatch(code) else ""


class _Form:
    """Turns blocks into HTML, part by part."""

    def __init__(self, instrument: Instrument, blocks: tuple[Block, ...]) -> None:
        self.instrument = instrument
        self.blocks = blocks
        self.numbers: Mapping[str, str] = {block.name: block.number for block in blocks if block.number}

    def parts(self) -> Iterator[str]:
        at, depth = 0, 0
        while at < len(self.blocks):
            block = self.blocks[at]
            end = self._grid_end(at)
            if end - at > 1:
                yield self._grid(self.blocks[at:end])
            elif block.kind == "question":
                yield self._question(block, after=block.depth < depth)
            else:
                yield self._text(block)
            depth, at = block.depth + (block.kind == "heading"), end

    def _grid_end(self, at: int) -> int:
        """Where the run of questions ends that begins at `at` and shares a few options."""
        first, end = self.blocks[at], at + 1
        if self._kind(first) != "select_one" or not 2 <= len(first.options) <= FEW or first.hint or first.only_if:
            return end
        while end < len(self.blocks):
            block = self.blocks[end]
            same = (block.depth, block.options, block.hint, block.only_if) == (first.depth, first.options, "", "")
            if not same or self._kind(block) != "select_one":
                break
            end += 1
        return end

    def _kind(self, block: Block) -> str:
        item = self.instrument.item(block.name) if block.kind == "question" else None
        return item.kind if item else ""

    def _words(self, text: str) -> str:
        """Words as HTML; a mention of another answer says which question it is."""

        def told(match: re.Match[str]) -> str:
            number = self.numbers.get(match[1])
            return f"[answer to question {number}]" if number else f"[{match[1]}]"

        return escape(_MENTION.sub(told, text)).replace("\n", "<br>")

    def _text(self, block: Block) -> str:
        """A heading or a note."""
        level = min(block.depth + 2, 4)
        tag = f"h{level}" if block.kind == "heading" else "p"
        parts = [f"<{tag}>{self._words(block.text)}</{tag}>"] if block.text else []
        if block.only_if:
            parts.append(f'<p class="only group">{self._words(block.only_if)}</p>')
        parts += [f'<p class="hint">{self._words(one)}</p>' for one in (block.hint, block.how) if one]
        return f'<div class="said">{"".join(parts)}</div>'

    def _question(self, block: Block, after: bool) -> str:
        only = f'<p class="only">{self._words(block.only_if)}</p>' if block.only_if else ""
        ask = f'<span class="no">{block.number}</span><span>{self._words(block.text)}{_must(block)}</span>'
        below = "".join(
            f'<p class="{name}">{self._words(text)}</p>'
            for name, text in (("hint", block.hint), ("how", block.how))
            if text
        )
        kind = "q after" if after else "q"
        below += self._answer(block)
        return f'<div class="{kind}">{only}<p class="ask">{ask}</p><div class="below">{below}</div></div>'

    def _answer(self, block: Block) -> str:
        """The place to answer."""
        kind = self._kind(block)
        if block.options:
            return self._options(block, kind)
        if kind in ("date", "datetime"):
            return '<div class="day" aria-hidden="true"><span>day</span><span>month</span><span>year</span></div>'
        if kind in _NUMBERS:
            return '<div class="line short"></div>'
        return '<div class="line"></div>' * 2

    def _options(self, block: Block, kind: str) -> str:
        short = all(len(label) <= SHORT for _, label in block.options) and len(block.options) <= FEW
        look = "flow" if short else "many" if len(block.options) > LONG else "stacked"
        box = f'<span class="{_BOXES.get(kind, "box square")}" aria-hidden="true"></span>'
        lines = "".join(
            f"<li>{box}<span>{escape(label or code)}{_code(code)}</span></li>" for code, label in block.options
        )
        return f'<ul class="options {look}">{lines}</ul>'

    def _grid(self, blocks: tuple[Block, ...]) -> str:
        heads = "".join(
            f'<th scope="col">{escape(label or code)}{_code(code)}</th>' for code, label in blocks[0].options
        )
        box = '<td><span class="box" aria-hidden="true"></span></td>' * len(blocks[0].options)
        rows = "".join(
            f'<tr><th scope="row"><span class="no">{block.number}</span>{self._words(block.text)}'
            f"{_must(block)}</th>{box}</tr>"
            for block in blocks
        )
        head = '<th scope="col">Choose one in each row.</th>'
        region = f'<div class="scroll" role="region" tabindex="0" aria-label="Questions {blocks[0].number} to {blocks[-1].number}">'
        return f'{region}<table class="grid"><thead><tr>{head}{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
