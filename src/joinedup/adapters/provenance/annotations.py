"""Codings and cited passages as W3C Web Annotations (JSON-LD), which other annotation programs read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from joinedup.report.gate.barred import Barred
from joinedup.report.gate.passages import NAMES_A_SITE, Leaving
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.texts import Coding, Passage, Text
from joinedup.texts.anchors import Anchors

CONTEXT = 32
"""Characters of context before and after a quote."""


Target = Callable[[Passage, str], "dict[str, Any] | None"]
"""A passage and the words that stand beside it -> what an annotation points to; None where it is left out."""


def web_annotations(study: Study, findings: Mapping[str, Finding]) -> str:
    """An AnnotationPage: each coding tags its passage with its code, each finding that cites a passage links to it.

    A target names the frozen text by its SHA-256 and the passage by position (code points, half open) and by quote
    with 32 characters on either side; `joinedup:place` says where in the file as received ("page 3"). See https://www.w3.org/TR/annotation-model/.
    """
    anchors = Anchors(study)
    return _page(study, study.texts.codings, findings, lambda passage, _: _target(anchors, passage))


def leaving_annotations(
    study: Study, findings: Mapping[str, Finding], leaving: Leaving
) -> tuple[str, Mapping[str, int]]:
    """The AnnotationPage of the passages that may leave, and how many annotations are held back, by reason.

    `findings` are gated, their sentences too. What somebody said is told by its words alone, of a kind of text: nobody
    has cleared the words beside it, and a coder of a few texts leads to them.
    """
    anchors, barred = Anchors(study), Barred(study)
    held: Counter[str] = Counter()

    def target(passage: Passage, beside: str) -> dict[str, Any] | None:
        quote = leaving.quote(passage)
        if quote is None or barred.site_in(beside):
            held[leaving.why_not(passage) or NAMES_A_SITE] += 1
            return None
        return _target(anchors, passage) if quote.source and not barred.promised else _words_alone(study, passage)

    def order(coding: Coding) -> tuple[str, int, str, str, str]:
        span, quote = coding.passage, leaving.quote(coding.passage)
        where = (span.text, span.start) if quote is not None and quote.source else ("", 0)
        return *where, span.quote, coding.code, coding.coder

    return _page(study, sorted(study.texts.codings, key=order), findings, target), held


def _page(study: Study, codings: Iterable[Coding], findings: Mapping[str, Finding], target: Target) -> str:
    page = {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"joinedup": "urn:joinedup:terms:"}],
        "id": f"urn:joinedup:{study.id}:annotations",
        "type": "AnnotationPage",
        "items": [*_codings(study, codings, target), *_cited(study, findings, target)],
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _codings(study: Study, codings: Iterable[Coding], target: Target) -> Iterator[dict[str, Any]]:
    number, kinds = 0, {_kind(study, text) for text in study.texts.texts}
    for coding in codings:
        code = study.code_by_id.get(coding.code)
        label = code.label if code else coding.code
        place = target(coding.passage, label)
        if place is None:
            continue
        number += 1
        creator = {"type": "Software" if coding.automatic else "Person"}
        yield {
            "id": f"urn:joinedup:{study.id}:coding:{number}",
            "type": "Annotation",
            "motivation": "tagging",
            "creator": creator if place.get("source") in kinds else {**creator, "nickname": coding.coder},
            "body": {"type": "TextualBody", "purpose": "tagging", "value": label},
            "target": place,
        }


def _cited(study: Study, findings: Mapping[str, Finding], target: Target) -> Iterator[dict[str, Any]]:
    for finding in findings.values():
        passages = [(piece.stance, piece.passage) for piece in finding.evidence if piece.passage]
        for number, (stance, passage) in enumerate(passages, 1):
            place = target(passage, finding.text)
            if place is not None:
                yield {
                    "id": f"urn:joinedup:{study.id}:finding:{finding.id}:{number}",
                    "type": "Annotation",
                    "motivation": "linking",
                    "body": {"type": "TextualBody", "value": finding.text, "purpose": "commenting"},
                    "joinedup:stance": stance,
                    "target": place,
                }


def _words_alone(study: Study, passage: Passage) -> dict[str, Any]:
    """The words, and of what kind the text is that holds them."""
    return {
        "source": _kind(study, study.text_by_id[passage.text]),
        "selector": [{"type": "TextQuoteSelector", "exact": passage.quote}],
    }


def _kind(study: Study, text: Text) -> str:
    return f"urn:joinedup:{study.id}:kind:{text.kind}"


def _target(anchors: Anchors, passage: Passage) -> dict[str, Any]:
    study = anchors.study
    text = study.text_by_id.get(passage.text)
    content = text.content if text else ""
    place = anchors.place(passage.text, passage.start, passage.end)
    return {
        **({"joinedup:place": place} if place else {}),
        "source": f"urn:sha256:{text.sha256}" if text else f"urn:joinedup:{study.id}:text:{passage.text}",
        "selector": [
            {"type": "TextPositionSelector", "start": passage.start, "end": passage.end},
            {
                "type": "TextQuoteSelector",
                "exact": passage.quote,
                "prefix": content[max(0, passage.start - CONTEXT) : passage.start],
                "suffix": content[passage.end : passage.end + CONTEXT],
            },
        ],
    }
