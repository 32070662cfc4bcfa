"""The list of quotations: every coding with its words, its place, and the attributes of text, site and speaker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.study.model import Study
from joinedup.study.site import Person, Site
from joinedup.study.texts import Coding, Text
from joinedup.texts.anchors import Anchors
from joinedup.texts.model import Corpus

Cell = str | int | float
_SITE = ("name", "region", "type", "role", "model")
_PERSON = ("profession", "agency", "role")


_FOR_THE_TEAM = "For the study's team: quotations are not cleared for release."


@dataclass(frozen=True, slots=True)
class Quotations:
    """A list of quotations: names of columns, and rows with a cell for each; positions are whole numbers.

    `notice` says for whom it is, where there is a place for that. `held` counts the codings that it leaves out, by reason.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notice: str
    held: Mapping[str, int] = field(default_factory=dict)


def quotations(study: Study) -> Quotations:
    """Every coding of `study`, sorted by text, place, code and coder.

    `code_path` names the codes from the top down. A passage in several people's turns names each, joined by "; ".
    `place` is the page, paragraph, time, cell or byte in the source, where the import kept it. Further columns of texts.csv and sites.csv follow, as `text_NAME` and `site_NAME`.
    """
    corpus, anchors = Corpus(study), Anchors(study)
    of_text = sorted({key for text in study.texts.texts for key in text.extra})
    of_site = sorted({key for site in study.sites for key in site.extra})
    columns = (
        *("text", "kind", "interview", "site", *(f"site_{key}" for key in _SITE), "wave", "date"),
        *("person", *(_PERSON[:2]), "person_role", "code", "code_label", "code_path", "coder", "phase", "automatic"),
        *("start", "end", "place", "quote", "note"),
        *(f"text_{key}" for key in of_text),
        *(f"site_{key}" for key in of_site),
    )
    about = {text.id: _of_text(study, text) for text in study.texts.texts}
    extra = {text.id: _extra(study, text, of_text, of_site) for text in study.texts.texts}
    codes = codes_told(study)
    rows = tuple(
        (
            *about[coding.passage.text],
            *_of_people(corpus, coding),
            *codes.get(coding.code, (coding.code, coding.code, coding.code)),
            *(coding.coder, coding.phase, "yes" if coding.automatic else ""),
            *(
                coding.passage.start,
                coding.passage.end,
                anchors.place(*_span(coding)),
                coding.passage.quote,
                coding.note,
            ),
            *extra[coding.passage.text],
        )
        for coding in sorted(study.texts.codings, key=by_place)
        if coding.passage.text in about
    )
    return Quotations(columns, rows, _FOR_THE_TEAM)


def _span(coding: Coding) -> tuple[str, int, int]:
    return coding.passage.text, coding.passage.start, coding.passage.end


def by_place(coding: Coding) -> tuple[str, int, int, str, str, str]:
    span = coding.passage
    return span.text, span.start, span.end, coding.code, coding.coder, coding.phase


def _of_text(study: Study, text: Text) -> tuple[Cell, ...]:
    site = study.site_by_id.get(text.site, Site("", "", role=""))
    return text.id, text.kind, text.interview, text.site, *(getattr(site, key) for key in _SITE), text.wave, text.date


def _extra(study: Study, text: Text, of_text: list[str], of_site: list[str]) -> tuple[Cell, ...]:
    site = study.site_by_id.get(text.site)
    held: Mapping[str, str] = site.extra if site is not None else {}
    return *(text.extra.get(key, "") for key in of_text), *(held.get(key, "") for key in of_site)


def _of_people(corpus: Corpus, coding: Coding) -> tuple[str, ...]:
    span = coding.passage
    text = corpus.study.text_by_id[span.text]
    names = dict.fromkeys(voice.person for voice in corpus.voices_in(span.text, span.start, span.end))
    rows = [corpus.study.person_at(name, text.wave) or Person(name, "", "", "", "") for name in names]
    return (
        "; ".join(names),
        *("; ".join(dict.fromkeys(filter(None, (getattr(row, key) for row in rows)))) for key in _PERSON),
    )


def codes_told(study: Study) -> Mapping[str, tuple[str, str, str]]:
    """Code -> its id, its label, the labels from the top down to it."""
    known = study.code_by_id
    found = {}
    for code in study.texts.codes:
        path, at = [code.label], code.parent
        while at in known and len(path) <= len(known):
            path.append(known[at].label)
            at = known[at].parent
        found[code.id] = (code.id, code.label, " > ".join(reversed(path)))
    return found
