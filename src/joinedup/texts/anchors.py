"""Where in its source a passage stands: the page, paragraph, time, cell or byte that the import kept.

An anchor says that from a code point of the frozen text on the source is at a place, and one text may have several
kinds of them. Bytes are counted on from their anchor, so that they are those of the passage's first sign.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from joinedup.study.hints import shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.texts import Anchor

FILE = "texts/anchors.csv"
_NUMBERED = re.compile(r"(page|paragraph|footnote|endnote) (\d+)")
_BYTE = re.compile(r"byte (\d+)(| of UTF-16)")
_NOTES = ("footnote", "endnote")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_KINDS = ("page", "paragraph", "time", "cell", "byte")


def kind_of(place: str) -> str:
    """ "page", "paragraph" (notes too), "time", "cell" or "byte"; empty for the empty place that ends what is known."""
    if match := _NUMBERED.fullmatch(place):
        return "page" if match[1] == "page" else "paragraph"
    if _BYTE.fullmatch(place):
        return "byte"
    return "cell" if "!" in place else "time" if place else ""


def without_bytes(anchors: Sequence[Anchor], texts: frozenset[str]) -> tuple[Anchor, ...]:
    """`anchors` without the bytes of texts (by SHA-256) whose words were changed: counting on would mislead."""
    return tuple(one for one in anchors if one.sha256 not in texts or kind_of(one.place) != "byte")


@dataclass(frozen=True)
class Anchors:
    """The anchors of a study's texts."""

    study: Study

    @cached_property
    def _by_words(self) -> Mapping[tuple[str, str], dict[str, tuple[list[int], list[str]]]]:
        """The digest of the words and the text (empty: every one of these words) -> kind -> positions, places."""
        found: dict[tuple[str, str], dict[str, tuple[list[int], list[str]]]] = {}
        for anchor in sorted(self.study.texts.anchors, key=lambda one: (one.sha256, one.at)):
            kinds = found.setdefault((anchor.sha256, anchor.text), {kind: ([], []) for kind in _KINDS})
            kind = kind_of(anchor.place)
            for ats, places in [kinds[kind]] if kind else kinds.values():
                ats.append(anchor.at)
                places.append(anchor.place)
        return found

    @cached_property
    def _widths(self) -> dict[tuple[str, str], _Widths]:
        return {}

    def place(self, text: str, start: int, end: int) -> str:
        """Where [start, end) stands in its source: "page 3", "pages 3-4, paragraphs 12-14", "0:01:12", "byte 1034".

        Empty where the import kept no place. A note is said without the page, which is that of another paragraph.
        """
        known = self.study.text_by_id.get(text)
        kinds = self._of(known.sha256, text) if known else {}
        said = {}
        for kind, (ats, places) in kinds.items():
            first, last = (bisect_right(ats, at) - 1 for at in (start, max(start, end - 1)))
            if known is None or first < 0 or not places[first]:
                continue
            if kind == "byte":
                said[kind] = self._byte(places[first], known.sha256, known.content, ats[first], start)
            elif kind == "cell":
                said[kind] = ", ".join(_of_source(places[: first + 1], known.source))
            else:
                said[kind] = _range(places[first], places[last])
        if said.get("paragraph", "").startswith(_NOTES):
            said.pop("page", "")
        return ", ".join(filter(None, said.values()))

    def _of(self, sha256: str, text: str) -> dict[str, tuple[list[int], list[str]]]:
        """A text's own places, else those that all texts of its words share."""
        return self._by_words.get((sha256, text)) or self._by_words.get((sha256, ""), {})

    def printed(self, text: str, start: int, end: int) -> str:
        """`place` as a report may say it: without cells, because a row of answers is a respondent."""
        place = self.place(text, start, end)
        return "" if kind_of(place) == "cell" else place

    def _byte(self, place: str, sha256: str, content: str, at: int, start: int) -> str:
        """The byte of `start`, counted on from the anchor at `at`."""
        match = _BYTE.fullmatch(place)
        if match is None:
            return ""
        key = sha256, match[2]
        widths = self._widths.get(key) or self._widths.setdefault(key, _Widths.of(content, bool(match[2])))
        return f"byte {int(match[1]) + widths.before(start) - widths.before(at)}{match[2]}"


@dataclass(frozen=True, slots=True)
class _Widths:
    """How many bytes stand before each code point of a text."""

    least: int
    wider: Sequence[int]
    more: Sequence[int]

    @classmethod
    def of(cls, content: str, utf16: bool) -> _Widths:
        least, codec = (2, "utf-16-le") if utf16 else (1, "utf-8")
        wider = [match.start() for match in _BEYOND_ASCII.finditer(content)]
        extra = (len(content[at].encode(codec, "surrogatepass")) - least for at in wider)
        return cls(least, wider, [0, *accumulate(extra)])

    def before(self, at: int) -> int:
        return self.least * at + self.more[bisect_left(self.wider, at)]


def _of_source(cells: Sequence[str], source: str) -> Iterator[str]:
    """The cells of the file `source`: the same words, frozen once, may stand in several cells and files."""
    for cell in dict.fromkeys(cells):
        sheet = cell.rpartition("!")[0]
        if not sheet.endswith(".csv") or sheet == source.rpartition("/")[2]:
            yield cell


def _range(first: str, last: str) -> str:
    """Both ends of what is numbered alike: "pages 3-4"; else the first."""
    one, other = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if first == last or one is None or other is None:
        return first
    return f"{one[1]}s {one[2]}-{other[2]}" if one[1] == other[1] else f"{first} to {last}"


def check_anchors(study: Study) -> Iterator[Problem]:
    """Anchors that lie outside their text or name none. Anchors of an earlier version of a text stay, as its frozen text does."""
    lengths = {text.sha256: len(text.content) for text in study.texts.texts if text.content}
    for anchor in study.texts.anchors:
        if not 0 <= anchor.at <= lengths.get(anchor.sha256, anchor.at):
            what = "The anchor is no position in its text."
            yield Problem("J307", Place(FILE, anchor.row, "at"), what, "Import the text again, or delete the row.")
        if anchor.text and anchor.text not in study.text_by_id:
            what = f"There is no text {shown(anchor.text)}."
            yield Problem("J305", Place(FILE, anchor.row, "text"), what, "Name a text of texts.csv, or leave it empty.")
