"""The results of the synthesis strand and their keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import ResultKind

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "synthesis.joint-display",
        "synthesis",
        "Joint display",
        {
            "rows": "propositions",
            "confirm": "propositions that every strand which speaks supports",
            "qualified": "propositions that some strand qualifies and none contradicts",
            "discord": "propositions that one strand supports and another contradicts",
            "against": "propositions that no strand supports and some strand contradicts",
            "silent": "propositions on which no strand speaks",
            "{row}.fit": "how the strands fit: confirm, qualified, discord, against or silent",
            "{row}.{strand}": "the strand's stance on the proposition",
        },
    ),
)
