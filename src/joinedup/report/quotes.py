"""Quotes in a report: only cleared ones, with the profession OR the site of the speaker."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.model import QuoteBlock
from joinedup.study.model import Study
from joinedup.study.result import Quote, Result
from joinedup.study.texts import Passage


def quote_block(quote: Quote) -> QuoteBlock:
    """A cleared quote of a result as a block."""
    return QuoteBlock(tidy(quote.passage.quote), quote.attribution, place(quote.passage))


def place(passage: Passage) -> str:
    """Where a passage stands: text:start-end."""
    return f"{passage.text}:{passage.start}-{passage.end}"


def tidy(words: str) -> str:
    """Words on one line."""
    return " ".join(words.split())


def cleared_passage(study: Study, results: Mapping[str, Result], passage: Passage) -> QuoteBlock | None:
    """The words of a passage where they may be shown, else None.

    They may where a result offers them as a cleared quote, or where the text is of a public kind.
    """
    for result in results.values():
        for quote in result.quotes:
            same = quote.passage.text == passage.text
            if same and quote.passage.start <= passage.start and passage.end <= quote.passage.end:
                return QuoteBlock(tidy(passage.quote), quote.attribution, place(passage))
    text = study.text_by_id.get(passage.text)
    public = {kind.id for kind in study.kinds if kind.public}
    if text is not None and text.kind in public:
        return QuoteBlock(tidy(passage.quote), text.source or text.id, place(passage))
    return None


def quotes_of(results: Mapping[str, Result], code: str, most: int) -> tuple[QuoteBlock, ...]:
    """Up to `most` cleared quotes of a code, in the order in which the results offer them."""
    found: dict[str, QuoteBlock] = {}
    for result in results.values():
        for quote in result.quotes:
            if quote.code == code:
                block = quote_block(quote)
                found.setdefault(block.source, block)
    return tuple(found.values())[:most]
