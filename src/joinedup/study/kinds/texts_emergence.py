"""The results that let themes emerge from the texts, and their keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import INTERVAL, ResultKind

_IN_ORDER = {"mean": "mean over random orders", "low": "2.5th percentile over orders", "high": "97.5th percentile"}

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "texts.discourse",
        "texts",
        "Words that tell professions apart",
        {
            "professions": "professions contrasted",
            "people": "people whose words are counted",
            "tokens": "words that they spoke",
            "types": "different words",
            "prior_mass": "mass of the prior, in words",
            "{profession}.people": "people of the profession",
            "{profession}.tokens": "words that they spoke",
            "{profession}.{n}.word": "the word that sets the profession apart, by rank of z",
            "{profession}.{n}.log_odds": "its log-odds in the profession less those in all others",
            "{profession}.{n}.z": "difference of its log-odds by the standard error",
            "{profession}.{n}.count": "how often the profession says it",
            "{profession}.{n}.rest": "how often the others say it",
            "{profession}.{n}.people": "people of the profession who say it",
            "{profession}.{n}.dispersion": "deviation of proportions over the profession's speakers (0 even, 1 in one mouth)",
        },
    ),
    ResultKind(
        "texts.saturation",
        "texts",
        "Code saturation",
        {
            "interviews": "interviews that were coded",
            "codes": "codes that occur in them",
            "base": "interviews in the base",
            "base_codes": "codes in the base",
            "reached_at": "where saturation is reached: interviews before the run + the run",
            "reached_after": "interviews before the run that brings no more than the threshold",
            "run.{n}.ratio": "codes new in the run, as a share of the base's",
            "after.{n}.codes": "codes known after so many interviews, in the order in which they were held",
            **{f"after.{{n}}.{key}": f"the same, {text}" for key, text in _IN_ORDER.items()},
            "orders": "random orders of the interviews",
            "orders.reached": "share of orders in which saturation is reached",
            "orders.median": "interviews before the run, median over those orders",
            "orders.low": "the same, 2.5th percentile",
            "orders.high": "the same, 97.5th percentile",
        },
    ),
    ResultKind(
        "texts.topics",
        "texts",
        "Candidate themes from a topic model",
        {
            "k": "topics",
            "turns": "turns of people that were read",
            "people": "people who speak them",
            "vocabulary": "different words that count",
            "starts": "starts",
            "bound": "evidence bound of the fit that is kept",
            "bound_spread": "its distance to the worst start's",
            "min_stability": "lowest stability over topics",
            "accepted": "topics that a person has accepted as themes",
            "topic.{n}.words": "the topic's most probable words",
            "topic.{n}.distinctive": "words that are frequent in it and rare elsewhere (FREX)",
            "topic.{n}.accepted": "who accepted it, under which code",
            "topic.{n}.share": "mean share of the topic over turns",
            "topic.{n}.stability": "mean cosine with its partner in the other starts",
            "topic.{n}.coherence": "semantic coherence (Mimno et al. 2011)",
            "topic.{n}.coherence_stm": "semantic coherence by the rule of R's stm",
            "topic.{n}.exclusivity": "exclusivity (FREX, summed over ten words)",
            "topic.{n}.{profession}.share": "mean share of the topic in the profession's turns",
            "topic.{n}.{profession}.share.se": "its standard error",
            **{f"topic.{{n}}.{{profession}}.share.{key}": text for key, text in INTERVAL.items()},
            "topic.{n}.{profession}.difference": "that share less the others'",
            "topic.{n}.{profession}.difference.se": "its standard error",
            "topic.{n}.{profession}.difference.p": "its p-value (t, clustered by person)",
            **{f"topic.{{n}}.{{profession}}.difference.{key}": text for key, text in INTERVAL.items()},
        },
    ),
)
