"""The sweep: capitals and numbers that neither the key nor a pattern explains, for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from joinedup.texts.folding import fold
from joinedup.texts.spans import Span

_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*\w)?")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d[\d,./:-]*\d|[^\W\d_]{1,3}\d[\w-]*)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_STARTS = re.compile(r"(?:\A|\n|[^\w\s,;'\u2019&/-])\s*\Z")
"""A sentence begins at the start of a line and after any sign but those that stand inside sentences; so after emoji."""
_JOIN = re.compile(r"[ \u00a0](?:(?:of|the|and|for|upon|de|la|van|von|under)[ \u00a0]){0,2}|-")
_CALENDAR = "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december"  # fmt: skip
_OPENERS = (
    "a about after again all also although an and another any anyway are as at because been before but by can could did do does each even "
    "every few first for from had has have he her here his how however i if in indeed instead into is it its just last later like many maybe "
    "more most my never next no nobody none nor not nothing now of often oh okay on once one only or other our ours out over perhaps quite "
    "really right she since so some somebody sometimes somehow still such sure than that the their them then there these they this those "
    "though three to today two under until up us very was we well were what when where whether which while who whole why will with without "
    "would yes yesterday yet you your let thank thanks please everybody everyone nowadays once usually both either mostly"
)
_NEVER = frozenset([*_CALENDAR.split(), "i", "ok", "mr", "mrs", "ms", "miss", "dr", "prof"])
_OPENING = frozenset(_OPENERS.split())
_QUOTES = ("'", "\u2018")


def sweep(content: str, everyday: frozenset[str], labels: frozenset[str] = frozenset()) -> Iterator[tuple[Span, str]]:
    """(span, "capitals" or "number") of what may be a name or an identifying number, in order of each.

    Words with a capital that stand next to one another make one span. Left out are: at the start of a sentence, words
    that the texts also use in small letters (`everyday`); and common openers of sentences; everywhere, "I", months, weekdays and titles; the labels of speakers (`labels`) at the start of a line; numbers of one digit, and years.
    """
    group: Span | None = None
    for match in _WORD.finditer(content):
        if not _is_name(content, match, everyday, labels):
            continue
        if group and _JOIN.fullmatch(content, group[1], match.start()):
            group = (group[0], match.end())
            continue
        if group:
            yield group, "capitals"
        group = match.span()
    if group:
        yield group, "capitals"
    for match in _NUMBER.finditer(content):
        if not _YEAR.fullmatch(match[0]):
            yield match.span(), "number"


def _is_name(content: str, match: re.Match[str], everyday: frozenset[str], labels: frozenset[str]) -> bool:
    word = match[0]
    if word.islower() or not any(sign.isupper() for sign in word):
        return False
    folded = fold(word)
    if folded in _NEVER or folded.split("'")[0] in _NEVER:
        return False
    line = content.rfind("\n", 0, match.start()) + 1
    if any(content.startswith(f"{label}:", line) and match.end() <= line + len(label) for label in labels):
        return False
    begins = _STARTS.search(content, max(0, match.start() - 12), match.start()) is not None
    opens = begins or content[match.start() - 1 : match.start()] in _QUOTES
    is_plain = folded in everyday or folded.split("'")[0] in _OPENING
    return not (opens and is_plain and (len(word) == 1 or not word.isupper()))
