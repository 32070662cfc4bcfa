"""Reading the files of synthesis/ that passed the checks: tables, cited pieces, values by site, rows behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID, key_part
from joinedup.study.result import Result, Source
from joinedup.study.rules import place_in
from joinedup.study.texts import Passage
from joinedup.texts.matrix import themes
from joinedup.texts.model import Corpus

Declared = Mapping[str, Any]
Results = Mapping[str, Result]


def declared(study: Study, name: str) -> Declared:
    """What synthesis/<name>.toml declares; empty where there is no such file."""
    return study.synthesis.get(name, {})


def named_codes(study: Study, codes: Sequence[str]) -> str:
    """The labels of codes, as a list in a sentence."""
    labels = [f"‘{found.label if (found := study.code_by_id.get(code)) else code}’" for code in codes]
    return " or ".join(labels)


def tables(table: Declared, key: str) -> Sequence[Declared]:
    """An array of tables; empty where the key is not there."""
    found: Sequence[Declared] = table.get(key, ())
    return found


def row_source(study: Study, name: str, path: str) -> tuple[Source, ...]:
    """The row of synthesis/<name>.toml on which a table begins."""
    place = place_in(study, f"synthesis/{name}.toml", path)
    return (Source(place.file, (place.row,), ("line",)),) if place.row else ()


def strand_of(piece: Declared) -> str:
    """The strand that a piece of evidence belongs to."""
    kind = KIND_BY_ID.get(str(piece.get("result", "")))
    return kind.strand if kind else "texts"


def cited(pieces: Sequence[Declared]) -> str:
    """Pieces of evidence as a table shows them: results by their title, passages and documents by their place."""
    return "; ".join(_cited(piece) for piece in pieces)


def _cited(piece: Declared) -> str:
    if piece.get("result"):
        kind = KIND_BY_ID.get(str(piece["result"]))
        return f"{kind.strand.capitalize()}: {kind.title}" if kind else str(piece["result"])
    passage = piece.get("passage")
    if passage:
        return f"{passage['text']}, characters {passage['start']} to {passage['end']}"
    return f"{piece.get('document', '')}, page {piece['page']}" if piece.get("page") else str(piece.get("document", ""))


def inputs_of(results: Results, pieces: Iterator[Declared]) -> dict[str, str]:
    """The digests of the results that pieces cite."""
    cites = sorted({str(piece["result"]) for piece in pieces if piece.get("result")})
    return {id: results[id].inputs for id in cites if id in results}


def measure_of(pattern: str, site: str) -> tuple[str, str]:
    """The result and the key that ``result id : key with {site}`` stands for at `site`."""
    result, _, key = pattern.partition(":")
    return result.strip(), key.strip().replace("{site}", key_part(site))


def value_at(results: Results, pattern: str, site: str) -> float | None:
    """The number that a measure has at `site`; None where it has none."""
    result, key = measure_of(pattern, site)
    value = results[result].values.get(key) if result in results else None
    return float(value) if isinstance(value, int | float) else None


def values_by_site(study: Study, results: Results, pattern: str) -> dict[str, float]:
    """The numbers of a measure at programme sites, in the study's order; sites without a number are left out."""
    found = {site.id: value_at(results, pattern, site.id) for site in study.programme_sites}
    return {site: value for site, value in found.items() if value is not None}


def sources_at(results: Results, pattern: str, sites: Sequence[str]) -> tuple[Source, ...]:
    """The rows behind a measure at `sites`."""
    found: list[Source] = []
    for site in sites:
        result, key = measure_of(pattern, site)
        if result in results:
            found += results[result].sources_of(key)
    return tuple(found)


class Spoken:
    """Who was interviewed at each site, and who of them speaks of each code (with the codes below it).

    In a study without interviews its texts speak: then the units are texts, not people, and `unit` says so.
    """

    def __init__(self, study: Study) -> None:
        self.corpus = Corpus(study)
        self.interviewed: dict[str, set[str]] = {}
        for voices in self.corpus.voices.values():
            for voice in voices:
                self.interviewed.setdefault(voice.site, set()).add(voice.person)
        self.unit = "people interviewed" if self.interviewed else "texts"
        self._of_texts = not self.interviewed
        if self._of_texts:
            for text in study.texts.texts:
                self.interviewed.setdefault(text.site, set()).add(text.id)
        self._themes = {theme.code.id: theme for theme in themes(self.corpus)}

    def people(self, code: str) -> dict[str, set[str]]:
        """Site -> the people of the site whose turns carry `code`; every site with an interview is there."""
        found: dict[str, set[str]] = {site: set() for site in self.interviewed}
        for passage in self.passages(code):
            for site, unit in self._units(passage):
                found[site].add(unit)
        return found

    def sites(self, passage: Passage) -> tuple[str, ...]:
        """The sites whose people (or whose text) a passage is of, in order."""
        return tuple(sorted({site for site, _ in self._units(passage)}))

    def _units(self, passage: Passage) -> Iterator[tuple[str, str]]:
        if self._of_texts:
            text = self.corpus.study.text_by_id.get(passage.text)
            if text is not None:
                yield text.site, text.id
            return
        for voice in self.corpus.voices_in(passage.text, passage.start, passage.end):
            yield voice.site, voice.person

    def label(self, code: str) -> str:
        """The code's label."""
        theme = self._themes.get(code)
        return theme.code.label or code if theme else code

    def passages(self, code: str) -> tuple[Passage, ...]:
        """The coded passages of `code` and of the codes below it, once each, in the order of the codings."""
        theme = self._themes.get(code)
        return tuple(dict.fromkeys(coding.passage for coding in theme.codings)) if theme else ()
