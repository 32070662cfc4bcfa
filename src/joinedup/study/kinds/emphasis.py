"""The result that sets what is said of targeted provision against what is spent on it, and its keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import INTERVAL, ResultKind

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "synthesis.emphasis",
        "synthesis",
        "Emphasis in words and in money",
        {
            "sites": "programme sites with words on either tier and a known split of spending",
            "passages.targeted": "passages of these sites that speak of targeted provision",
            "passages.universal": "passages of these sites that speak of universal provision",
            "passages.share": "the first as a share of both, all sites together",
            "people": "people of these sites who speak of either (texts, in a study without interviews)",
            "people.targeted": "of these, those who speak of targeted provision",
            "people.share": "the second as a share of the first",
            "spending": "targeted share of spending in the period, all sites together",
            "gap": "mean over sites of the share of passages minus the share of spending",
            "gap_low": INTERVAL["low"],
            "gap_high": INTERVAL["high"],
            "above": "sites where the share of passages is above that of spending",
            "zeros": "sites that speak of one tier only",
            "without_words": "sites with a split of spending and texts, where nobody speaks of either",
            "without_spending": "sites that speak of either, whose split of spending is not known",
            "site.{site}.people": "people of the site who speak of either",
            "site.{site}.targeted": "of these, those who speak of targeted provision",
            "site.{site}.share": "targeted share of the site's passages on either",
            "site.{site}.spending_share": "targeted share of the site's spending in the period",
            "site.{site}.gap": "the first share minus the second",
        },
    ),
)
