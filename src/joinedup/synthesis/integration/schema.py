"""What the files of synthesis/ that integrate strands may hold: data that the checks read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.study.registry import STRANDS
from joinedup.synthesis.confidence import COMPONENTS, GRADES, LEVELS
from joinedup.synthesis.contribution import RIVAL_STATES, STRENGTHS
from joinedup.synthesis.pillar_integration import QUALITATIVE, QUANTITATIVE
from joinedup.synthesis.realist import PARTS
from joinedup.synthesis.triangulation import DIFFERENT, ELEMENTS, SAME

TYPES: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("id", "text", "sentence", "word", "code", "finding", "measure", "key"), (str, "a text")),
    **dict.fromkeys(("texts", "codes"), (list, "a list of texts")),
    "flag": (bool, "true or false"),
    "range": (list, "a list of two numbers"),
    "tables": (list, "an array of tables"),
    "pieces": (list, "an array of tables"),
    "table": (dict, "a table"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a table: its kind (see TYPES), whether it must be there, the words it knows, what its tables hold."""

    kind: str
    required: bool = False
    among: tuple[str, ...] = ()
    inside: Mapping[str, Field] = field(default_factory=dict)


Schema = Mapping[str, Field]
_ID, _TEXT, _LABEL = Field("id", True), Field("text"), Field("text", True)
_SAYS, _STRAND = Field("sentence"), Field("word", True, STRANDS)
_STANCES = ("supports", "qualifies", "contradicts")
_PERSON = {"by": _LABEL, "at": _LABEL, "reason": _LABEL}


def _tables(inside: Schema, required: bool = False) -> Field:
    return Field("tables", required, inside=inside)


PIECE: Schema = {
    **dict.fromkeys(("result", "document", "page", "note"), _TEXT),
    "keys": Field("texts"),
    "passage": Field("table"),
}
STANCED: Schema = {**PIECE, "stance": Field("word", True, _STANCES)}
PASSAGE: Schema = {"part": Field("word", True, PARTS), **STANCED}
PASSAGE_KEYS: Mapping[str, type] = {"text": str, "start": int, "end": int, "quote": str}
_PIECES = Field("pieces", inside=PIECE)

_RATING: Schema = {"by": _LABEL, **{name: Field("word", True, (SAME, DIFFERENT)) for name in ELEMENTS}, "reason": _TEXT}
_TRIANGULATION: Schema = {
    "settled_by": _TEXT,
    "topic": _tables(
        {
            "id": _ID,
            "label": _LABEL,
            "strand": _tables(
                {"strand": _STRAND, "asked": Field("flag"), "reason": _TEXT, "says": _SAYS, "evidence": _PIECES}, True
            ),
            "pair": _tables({"first": _STRAND, "second": _STRAND, "rating": _tables(_RATING, True)}),
        }
    ),
}
_THEORY: Schema = {
    "node": _tables({"id": _ID, "label": _LABEL, "kind": _TEXT, "says": _SAYS, "evidence": _PIECES}),
    "link": _tables(
        {
            "from": _LABEL,
            "to": _LABEL,
            "assumptions": Field("texts"),
            "strength": Field("word", among=STRENGTHS),
            "reason": _TEXT,
            "evidence": Field("pieces", inside=STANCED),
            "rival": _tables(
                {
                    "explanation": _LABEL,
                    "state": Field("word", True, RIVAL_STATES),
                    "reason": _TEXT,
                    "evidence": _PIECES,
                }
            ),
        }
    ),
}
_REALIST: Schema = {
    "configuration": _tables(
        {
            "id": _ID,
            "label": _LABEL,
            **dict.fromkeys(PARTS, _LABEL),
            **{f"{part}_codes": Field("codes") for part in PARTS},
            "leads_to": _TEXT,
            "evidence": Field("pieces", inside=PASSAGE),
        }
    )
}
_MEASURE: Schema = {"id": _ID, "label": _LABEL, "values": Field("measure", True)}
_BY_THEME: Schema = {"share": Field("number"), "codes": Field("codes", True), "measure": _tables(_MEASURE, True)}
_CASE_ORDER: Schema = {
    "label": _LABEL,
    "outcome": Field("measure", True),
    "codes": Field("codes", True),
}
_SITE_DISPLAY: Schema = {
    "construct": _tables(
        {
            "id": _ID,
            "label": _LABEL,
            "values": Field("measure", True),
            **{key: Field("measure") for key in ("low", "high", "n")},
            "at_least": Field("number", True),
            "code": Field("code"),
            "against": Field("code"),
        }
    )
}
_TRACING: Schema = {
    "explanation": _tables(
        {
            "id": _ID,
            "claim": _LABEL,
            "rival": _LABEL,
            "by": _LABEL,
            "at": _LABEL,
            "prior": Field("range", True),
            "piece": _tables(
                {
                    "id": _ID,
                    "label": _LABEL,
                    "sensitivity": Field("range", True),
                    "type_one": Field("range", True),
                    "found": Field("flag", True),
                    "group": _TEXT,
                    "reason": _LABEL,
                    "says": _SAYS,
                    "evidence": _PIECES,
                },
                True,
            ),
        }
    )
}
_COMPONENT: Schema = {"grade": Field("word", True, GRADES), "explanation": _TEXT}
_CONFIDENCE: Schema = {
    "assessment": _tables(
        {
            "finding": Field("finding", True),
            "codes": Field("codes"),
            "overall": Field("word", True, LEVELS),
            "by": _LABEL,
            "at": _LABEL,
            "explanation": _TEXT,
            **{name: Field("table", True, inside=_COMPONENT) for name in COMPONENTS},
        }
    )
}
_PILLAR: Schema = {
    "item": _tables(
        {
            "id": _ID,
            "side": Field("word", True, (QUANTITATIVE, QUALITATIVE)),
            "category": _TEXT,
            "says": Field("sentence", True),
            "evidence": Field("pieces", True, inside=PIECE),
            "row": _TEXT,
            "reason": _TEXT,
        }
    ),
    "move": _tables({"item": _LABEL, "to": _TEXT, **_PERSON}),
    "pillar": _tables({"id": _ID, "label": _LABEL, "rows": Field("texts", True)}),
}
_THREADS: Schema = {
    "thread": _tables(
        {
            "id": _ID,
            "label": _LABEL,
            "hop": _tables(
                {
                    "strand": _STRAND,
                    "says": Field("sentence", True),
                    "question": _TEXT,
                    "evidence": Field("pieces", True, inside=PIECE),
                },
                True,
            ),
        }
    )
}
_EMPHASIS: Schema = {"targeted": Field("codes", True), "universal": Field("codes", True), "period": _LABEL}
_COOPERATION: Schema = {
    "codes": Field("codes"),
    "at_least": Field("number"),
    "agency": _tables(
        {"agency": _LABEL, "item": _TEXT, "names": Field("texts"), "code": Field("code")},
        True,
    ),
}
FILES: Mapping[str, Schema] = {
    "triangulation": _TRIANGULATION,
    "theory-of-change": _THEORY,
    "realist": _REALIST,
    "statistics-by-theme": _BY_THEME,
    "case-ordered-display": _CASE_ORDER,
    "site-display": _SITE_DISPLAY,
    "confidence": _CONFIDENCE,
    "process-tracing": _TRACING,
    "pillar": _PILLAR,
    "threads": _THREADS,
    "emphasis": _EMPHASIS,
    "cooperation": _COOPERATION,
}
"""The name of a file of synthesis/ (without .toml) and what it may hold."""
