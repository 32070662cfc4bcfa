"""The result on co-operation between agencies, from survey and interviews, and its keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import INTERVAL, ResultKind

_STRAND = "speaks, silent (it could have spoken and does not) or not asked"

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "synthesis.cooperation",
        "synthesis",
        "Co-operation between agencies",
        {
            "agencies": "agencies that rate, speak or are asked about",
            "pairs": "pairs of an agency and another on which a strand could have spoken",
            "rated": "of these, pairs that the survey rates",
            "raters": "people who rate another agency",
            "sites": "programme sites with a rating",
            "strength": "mean over sites of the mean rating over the site's pairs",
            "strength_low": INTERVAL["low"],
            "strength_high": INTERVAL["high"],
            "at_least": "mean rating from which on a pair is a tie",
            "ties": "rated pairs that are ties",
            "density": "the ties as a share of the rated pairs",
            "dyads": "pairs of agencies that rate each other",
            "mutual": "dyads in which both ratings are ties",
            "one_sided": "dyads in which one rating is a tie",
            "neither": "dyads in which no rating is a tie",
            "reciprocity": "share of the weight of ties that the other side returns; 1: both sides rate alike",
            "speakers": "people interviewed who speak of working with another agency",
            "spoken": "pairs of which somebody of the first agency speaks",
            "both": "pairs on which survey and interviews speak",
            "survey_silent": "pairs that the survey could have rated and does not",
            "survey_not_asked": "pairs that the survey could not have rated",
            "texts_silent": "pairs of which the interviews could have spoken and do not",
            "texts_not_asked": "pairs of which the interviews could not have spoken",
            "agency.{agency}.given": "mean over sites of the ratings that people of the agency give",
            "agency.{agency}.given_low": INTERVAL["low"],
            "agency.{agency}.given_high": INTERVAL["high"],
            "agency.{agency}.received": "mean over sites of the ratings that the agency is given",
            "agency.{agency}.received_low": INTERVAL["low"],
            "agency.{agency}.received_high": INTERVAL["high"],
            "agency.{agency}.raters": "people of the agency who rate another",
            "agency.{agency}.rated_by": "people of other agencies who rate it",
            "agency.{agency}.interviewed": "people of the agency who were interviewed",
            "pair.{agency}.{agency}.mean": "mean over sites of the first agency's ratings of the second",
            "pair.{agency}.{agency}.low": INTERVAL["low"],
            "pair.{agency}.{agency}.high": INTERVAL["high"],
            "pair.{agency}.{agency}.raters": "people of the first agency who rate the second",
            "pair.{agency}.{agency}.sites": "sites at which they do",
            "pair.{agency}.{agency}.people": "people of the first agency who speak of working with the second",
            "pair.{agency}.{agency}.passages": "passages in which they do",
            "pair.{agency}.{agency}.share": "these people as a share of those of the first agency who were interviewed",
            "pair.{agency}.{agency}.survey": _STRAND,
            "pair.{agency}.{agency}.texts": _STRAND,
            "dyad.{agency}.{agency}.raters": "people who rate the other side, on the side with fewer of them",
            "dyad.{agency}.{agency}.sites": "sites at which both sides rate",
            "dyad.{agency}.{agency}.difference": "mean over these sites of the first side's rating less the second's",
            "dyad.{agency}.{agency}.low": INTERVAL["low"],
            "dyad.{agency}.{agency}.high": INTERVAL["high"],
        },
    ),
)
