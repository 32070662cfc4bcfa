"""Codings and cited passages as W3C Web Annotations (JSON-LD), which other annotation programs read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.texts import Passage
from joinedup.texts.anchors import Anchors

CONTEXT = 32
"""Characters of context before and after a quote."""


def web_annotations(study: Study, findings: Mapping[str, Finding]) -> str:
    """An AnnotationPage: each coding tags its passage with its code, each finding that cites a passage links to it.

    A target names the frozen text by its SHA-256 and the passage by position (code points, half open) and by quote
    with 32 characters on either side; `joinedup:place` says where in the file as received ("page 3"). See https://www.w3.org/TR/annotation-model/.
    """
    anchors = Anchors(study)
    page = {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"joinedup": "urn:joinedup:terms:"}],
        "id": f"urn:joinedup:{study.id}:annotations",
        "type": "AnnotationPage",
        "items": [*_codings(anchors), *_cited(anchors, findings)],
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _codings(anchors: Anchors) -> Iterator[dict[str, Any]]:
    study = anchors.study
    for number, coding in enumerate(study.texts.codings, 1):
        code = study.code_by_id.get(coding.code)
        yield {
            "id": f"urn:joinedup:{study.id}:coding:{number}",
            "type": "Annotation",
            "motivation": "tagging",
            "creator": {"type": "Software" if coding.automatic else "Person", "nickname": coding.coder},
            "body": {"type": "TextualBody", "purpose": "tagging", "value": code.label if code else coding.code},
            "target": _target(anchors, coding.passage),
        }


def _cited(anchors: Anchors, findings: Mapping[str, Finding]) -> Iterator[dict[str, Any]]:
    for finding in findings.values():
        passages = [(piece.stance, piece.passage) for piece in finding.evidence if piece.passage]
        for number, (stance, passage) in enumerate(passages, 1):
            yield {
                "id": f"urn:joinedup:{anchors.study.id}:finding:{finding.id}:{number}",
                "type": "Annotation",
                "motivation": "linking",
                "body": {"type": "TextualBody", "value": finding.text, "purpose": "commenting"},
                "joinedup:stance": stance,
                "target": _target(anchors, passage),
            }


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
