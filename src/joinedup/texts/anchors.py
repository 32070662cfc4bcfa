"""Where in its source a passage stands: the page or the time that the import kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem

FILE = "texts/anchors.csv"


@dataclass(frozen=True)
class Anchors:
    """The anchors of a study's texts."""

    study: Study

    @cached_property
    def _by_text(self) -> Mapping[str, tuple[list[int], list[str]]]:
        found: dict[str, tuple[list[int], list[str]]] = {}
        for anchor in sorted(self.study.texts.anchors, key=lambda one: (one.sha256, one.at)):
            ats, places = found.setdefault(anchor.sha256, ([], []))
            ats.append(anchor.at)
            places.append(anchor.place)
        return found

    def place(self, text: str, start: int, end: int) -> str:
        """The page or time of [start, end): "page 3", "pages 3-4", "0:01:12"; empty where the import kept none."""
        known = self.study.text_by_id.get(text)
        ats, places = self._by_text.get(known.sha256, ([], [])) if known else ([], [])
        first, last = (bisect_right(ats, at) - 1 for at in (start, max(start, end - 1)))
        if first < 0:
            return ""
        one, other = places[first], places[last]
        if one == other or not one.startswith("page "):
            return one
        return f"pages {one.removeprefix('page ')}-{other.removeprefix('page ')}"


def check_anchors(study: Study) -> Iterator[Problem]:
    """Anchors that lie outside their text. Anchors of an earlier version of a text stay, as its frozen text does."""
    lengths = {text.sha256: len(text.content) for text in study.texts.texts if text.content}
    for anchor in study.texts.anchors:
        if not 0 <= anchor.at <= lengths.get(anchor.sha256, anchor.at):
            what = "The anchor is no position in its text."
            yield Problem("J307", Place(FILE, anchor.row, "at"), what, "Import the text again, or delete the row.")
