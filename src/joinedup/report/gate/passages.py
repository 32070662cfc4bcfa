"""Passages, texts and codes as they may leave outside a report: judged as the report's quotes and the deposit's texts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from joinedup.disclosure import Attribution, Profile, quote_risks
from joinedup.report.gate.anonymity import Sites, anonymous_quote, is_promised
from joinedup.report.gate.barred import Barred
from joinedup.report.gate.deposited_texts import words_left
from joinedup.report.gate.words import attributed, is_public
from joinedup.report.model import QuoteBlock
from joinedup.report.quotes import Quoter, tidy
from joinedup.study.model import Study
from joinedup.study.texts import Code, Passage, Text

Held = Mapping[str, int]
"""Why something was held back -> how many were."""
NAMES_A_SITE = "It names a site, and the study promised its sites that no release does."
_OF_A_SITE = "It is of one site, and the study promised that no release tells its sites apart."


class Leaving:
    """Which of `passages` may leave, and how each is quoted.

    One may that the report may quote: cleared, or of a public kind; one person's words; without what would not be
    deposited with a text; attributed to no fewer people than the profile shows. What somebody said leaves without its
    text and place: whoever could put all passages of a text together would know more of one person than any of them tells.
    """

    def __init__(self, study: Study, profile: Profile, passages: Iterable[Passage]) -> None:
        self._study, self._profile = study, profile
        self._quoter = Quoter(study)
        self._barred = Barred(study)
        self._sites = Sites(study) if is_promised(study) else None
        self._fits: dict[Attribution, bool] = {}
        self._quotes: dict[Passage, QuoteBlock] = {}
        self._held: dict[Passage, str] = {}
        for passage in dict.fromkeys(passages):
            self._judge(passage)

    def why_not(self, passage: Passage) -> str:
        """Why a passage is held back; empty where it leaves."""
        return self._held.get(passage, "")

    def quote(self, passage: Passage) -> QuoteBlock | None:
        """A passage as it is quoted; None where it is held back. `source` and `place` are empty where they stay behind."""
        return self._quotes.get(passage)

    def _judge(self, passage: Passage) -> None:
        block = self._quoter.block(passage)
        if block is None:
            self._held[passage] = self._quoter.why_not(passage)
            return
        spoken = not is_public(self._study, block)
        why = self._why_spoken(passage, attributed(self._study, block)) if spoken else ""
        told = anonymous_quote(block, self._sites) if self._sites else block
        if why or told is None:
            self._held[passage] = why or NAMES_A_SITE
        else:
            self._quotes[passage] = replace(told, source="", place="") if spoken else told

    def _why_spoken(self, passage: Passage, who: Attribution) -> str:
        if self._barred.names_person(passage.quote):
            return "It names a person by the pseudonym."
        if why := self._barred.why(passage.quote):
            return why
        return "" if self._fit_enough(who) else "Its attribution and its words together fit too few people."

    def _fit_enough(self, who: Attribution) -> bool:
        asked = replace(who, place="")
        if asked not in self._fits:
            self._fits[asked] = not quote_risks([asked], self._study.people, self._profile)
        return self._fits[asked]


def leaving_texts(study: Study) -> tuple[tuple[Text, ...], Held]:
    """The texts that may be told of one by one: those of public kinds."""
    public = {kind.id for kind in study.kinds if kind.public}
    sites = Sites(study) if is_promised(study) else None
    why = {}
    for text in study.texts.texts:
        if text.kind not in public:
            why[text.id] = "A row of a text that is not public would be a row of whoever speaks in it."
        elif not words_left(text.content):
            why[text.id] = "It was withdrawn."
        elif sites and (text.site or sites.in_words(text.id)):
            why[text.id] = _OF_A_SITE
    return tuple(text for text in study.texts.texts if text.id not in why), Counter(why.values())


def leaving_codes(study: Study, leaving: Leaving) -> tuple[tuple[Code, ...], Held]:
    """The codebook without examples that are somebody's words and may not leave, and without what names a site where
    that was promised. A code below one that is left out stands at the top."""
    barred, held = Barred(study), Counter[str]()
    quoted = _quoted(study, leaving)
    found = []
    for code in study.texts.codes:
        if barred.site_in(f"{code.id} {code.label}"):
            held["A code: its name names a site, and the study promised its sites that no release does."] += 1
            continue
        gone = [
            name
            for name in ("definition", "include", "exclude", "example")
            if barred.site_in(getattr(code, name)) or (name == "example" and not _stands(code.example, quoted))
        ]
        for name in gone:
            what = "An example: no passage that may leave holds its words." if name == "example" else NAMES_A_SITE
            held[what] += 1
        keywords = tuple(word for word in code.keywords if not barred.site_in(word))
        found.append(replace(code, keywords=keywords, **dict.fromkeys(gone, "")))
    return tuple(found), held


def _quoted(study: Study, leaving: Leaving) -> Sequence[str]:
    """All words that may leave: of public texts, and of passages that people said."""
    public = [tidy(text.content) for text in leaving_texts(study)[0]]
    passages = dict.fromkeys(coding.passage for coding in study.texts.codings)
    return [*public, *(tidy(passage.quote) for passage in passages if leaving.quote(passage) is not None)]


def _stands(example: str, quoted: Sequence[str]) -> bool:
    words = tidy(example).strip("\"'“”‘’ ")
    return not words or any(words in one for one in quoted)
