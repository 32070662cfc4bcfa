"""One of a kind: "1 sites are left out" becomes "1 site is left out", wherever a number was set into a sentence."""

from __future__ import annotations

import re

_IRREGULAR = {"people": "person", "bodies": "body", "agencies": "agency", "analyses": "analysis", "passes": "pass"}
_REGULAR = (
    "answers", "cases", "cells", "claims", "coders", "codes", "codings", "combinations", "comparisons",
    "conditions", "configurations", "constructs", "cuts", "documents", "draws", "dyads", "files", "findings",
    "hops", "indicators", "interviews", "items", "lines", "links", "memberships", "models", "nodes", "numbers",
    "pairs", "passages", "periods", "persons", "pieces", "points", "professions", "propositions", "questions",
    "quotes", "raters", "responses", "rows", "scales", "seats", "services", "sites", "speakers", "starts",
    "strands", "studies", "suggestions", "summaries", "tables", "tasks", "texts", "themes", "threads", "ties",
    "times", "topics", "trusts", "turns", "types", "units", "values", "waves", "words", "years",
)  # fmt: skip
_KINDS = ("comparison", "programme", "case-study", "treated", "further", "coded", "partnership", "member", "percentage")
_VERBS = {
    "are": "is", "were": "was", "have": "has", "do": "does", "hold": "holds", "differ": "differs", "share": "shares",
    "meet": "meets", "lie": "lies", "stand": "stands", "agree": "agrees", "carry": "carries", "come": "comes",
}  # fmt: skip
_GOVERNED = ("at", "by", "for", "from", "in", "of", "over", "than", "to", "with")
"""After one of these the number belongs to a phrase, and the verb behind it to another word."""
_ONE = re.compile(
    rf"(?P<before>\b\w+ )?(?<![\w.,/:\u2212-])(?P<one>1 (?:(?:{'|'.join(_KINDS)}) )?)"
    rf"(?P<noun>{'|'.join((*_IRREGULAR, *_REGULAR))})\b(?: (?P<verb>{'|'.join(_VERBS)})\b)?"
)


def one_of_a_kind(text: str) -> str:
    """`text` with the noun behind the number 1 in the singular, and its verb where it follows at once."""
    return _ONE.sub(_singular, text)


def _singular(match: re.Match[str]) -> str:
    before, verb = match["before"] or "", match["verb"]
    if verb and before.strip().lower() not in _GOVERNED:
        verb = _VERBS[verb]
    return before + match["one"] + _noun(match["noun"]) + (f" {verb}" if verb else "")


def _noun(plural: str) -> str:
    if plural in _IRREGULAR:
        return _IRREGULAR[plural]
    return f"{plural[:-3]}y" if plural.endswith("ies") and plural != "ties" else plural[:-1]
