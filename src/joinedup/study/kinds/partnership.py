"""The results of the partnership strand and their keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import INTERVAL, ResultKind

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "partnership.overlap",
        "partnership",
        "Overlapping bodies",
        {
            "bodies": "bodies",
            "sites": "sites with bodies",
            "pairs": "pairs of bodies within a site",
            "members.jaccard": "mean Jaccard overlap of member agencies over pairs within a site",
            "members.containment": "mean over pairs of the larger containment of members",
            "remits.jaccard": "mean Jaccard overlap of remits over pairs within a site",
            "remits.containment": "mean over pairs of the larger containment of remits",
            "members.sites_overlapping": "sites in which two bodies share a member agency",
            "remits.sites_overlapping": "sites in which two bodies share a remit",
            "remits.contained_pairs": "pairs in which one body's remits lie wholly within the other's",
            "members.undefined": "pairs left out because neither body has a member on record",
            "remits.undefined": "pairs left out because neither body has a remit on record",
            "site.{site}.pairs": "pairs of bodies of the site",
            "pair.{body}.{body}.members.shared": "member agencies that two bodies of a site share (bodies by id)",
            "pair.{body}.{body}.members.jaccard": "their Jaccard overlap of member agencies",
            "pair.{body}.{body}.members.containment": "their larger containment of member agencies",
            "pair.{body}.{body}.remits.shared": "remits that two bodies of a site share",
            "pair.{body}.{body}.remits.jaccard": "their Jaccard overlap of remits",
            "pair.{body}.{body}.remits.containment": "their larger containment of remits",
            "site.{site}.bodies": "bodies of the site",
            "site.{site}.members.jaccard": "mean over the site's pairs",
            "site.{site}.remits.jaccard": "mean over the site's pairs",
        },
    ),
    ResultKind(
        "partnership.provision",
        "partnership",
        "Targeted and universal provision",
        {
            "sites": "sites with spending on both tiers in the first and the last period",
            "targeted.{period}": "spending on targeted services as a share of both, all sites",
            "universal.{period}": "spending on universal services as a share of both, all sites",
            "targeted.change": "last period's targeted share minus the first's, mean over sites",
            "targeted.change_low": INTERVAL["low"],
            "targeted.change_high": INTERVAL["high"],
            "targeted.sites_rising": "sites whose targeted share rose",
            "marked": "spending rows that hold a status mark instead of a number",
            "zeros": "spending rows that state a spending of zero",
            "left_out": "times that a site is left out of a period because its split is not known",
            "sites.{period}": "sites whose split is known in the period",
            "site.{site}.change": "the site's last targeted share minus its first",
            "site.{site}.targeted": "the site's targeted share in the last period",
        },
    ),
)
