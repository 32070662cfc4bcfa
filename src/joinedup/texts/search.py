"""Text search and keyword in context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.result import Row, Table
from joinedup.texts.folding import Folded, fold
from joinedup.texts.model import Corpus

CONTEXT = 60
MOST_HITS = 100_000


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words were found: [start, end) of a text in code points."""

    text: str
    start: int
    end: int


def words_pattern(words: str) -> str:
    """A regular expression for whole words in their order; a star stands for any letters: ``integrat*``."""
    parts = [r"\w*".join(map(re.escape, fold(word).split("*"))) for word in words.split()]
    if not any(part.replace(r"\w*", "") for part in parts):
        raise UsageError("Say what to search for: one or more words.")
    return r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)"


def search(contents: Iterable[tuple[str, str]], words: str, *, regex: bool = False, exact: bool = False) -> list[Hit]:
    """Every place of `words` in `contents`, pairs of (text id, content), in order.

    Case and accents are folded unless `exact` (`naive` finds `Na\u00efve`). With `regex` the words are one
    regular expression of Python, over folded text unless `exact`, `^` and `$` at line ends. Places are code points of
    the content as it stands. Raises UsageError for an expression that can't be read, that matches the empty string,
    or that is found more than MOST_HITS times. An expression may take for ever: `adapters.timed_search` sets it a time.
    """
    if regex:
        pattern = words
    elif exact:
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)"
    else:
        pattern = words_pattern(words)
    try:
        compiled = re.compile(pattern, re.MULTILINE if exact else re.MULTILINE | re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"The regular expression {words!r} can't be read: {error}.") from None
    if not words.strip() or compiled.match("") is not None:
        raise UsageError(
            f"{words!r} matches the empty string, which stands everywhere: ask for at least one character."
        )
    found: list[Hit] = []
    for text, content in contents:
        for hit in _hits(text, content, compiled, exact):
            if len(found) == MOST_HITS:
                raise UsageError(f"{words!r} is found more than {MOST_HITS:,} times: narrow the search.")
            found.append(hit)
    return found


def _hits(text: str, content: str, pattern: re.Pattern[str], exact: bool) -> Iterator[Hit]:
    if exact:
        yield from (Hit(text, match.start(), match.end()) for match in pattern.finditer(content) if match[0])
        return
    folded = Folded.of(content)
    for match in pattern.finditer(folded.text):
        if match[0]:
            yield Hit(text, *folded.span(match.start(), match.end()))


def keyword_in_context(study: Study, hits: Sequence[Hit], width: int = CONTEXT) -> Table:
    """One row a hit: the words before it, the words found, the words after, the attributes of text and speaker, its place."""
    corpus = Corpus(study)
    rows: list[Row] = []
    for hit in hits:
        text = study.text_by_id[hit.text]
        voices = corpus.voices_in(hit.text, hit.start, hit.end)
        left = text.content[max(0, hit.start - width) : hit.start].replace("\n", " ")
        right = text.content[hit.end : hit.end + width].replace("\n", " ")
        words = text.content[hit.start : hit.end].replace("\n", " ")
        person = "; ".join(dict.fromkeys(voice.person for voice in voices))
        profession = "; ".join(dict.fromkeys(voice.profession for voice in voices if voice.profession))
        where = (hit.text, hit.start, hit.end)
        rows.append(
            (
                *where,
                left,
                words,
                right,
                person,
                profession,
                text.kind,
                text.site,
                text.wave,
                corpus.anchors.place(*where),
            )
        )
    names = ("text", "start", "end", "left", "words", "right", "person", "profession", "kind", "site", "wave", "place")
    return Table("keyword_in_context", "Keyword in context", tuple((n, n.title()) for n in names), tuple(rows))
