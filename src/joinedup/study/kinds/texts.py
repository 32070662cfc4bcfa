"""The results of the texts strand and their keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import ResultKind

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "texts.corpus",
        "texts",
        "Texts and speakers",
        {
            "texts": "texts",
            "interviews": "interviews",
            "people": "people interviewed",
            "documents": "texts of a kind without speakers",
            "sites": "sites with a text",
            "case_sites": "case-study sites with an interview",
            "professions": "professions interviewed",
            "codings": "codings",
            "kind.{kind}": "texts of the kind",
            "profession.{profession}": "people of the profession who were interviewed",
        },
    ),
    ResultKind(
        "texts.theme-matrix",
        "texts",
        "Themes by profession and site",
        {
            "passages": "coded passages",
            "{code}.passages": "passages with the code",
            "{code}.texts": "texts in which the code occurs",
            "{code}.people": "speakers whose turns carry the code",
            "{code}.people_share": "the same, as a share of the people interviewed",
            "{code}.sites": "sites in whose texts the code occurs",
            "{code}.documents": "texts without speakers in which the code occurs",
            "{code}.{profession}.people": "speakers of the profession whose turns carry the code",
            "{code}.{profession}.share": "the same, as a share of the profession's speakers",
            "{code}.site.{site}.texts": "texts of the site in which the code occurs",
        },
    ),
    ResultKind(
        "texts.agreement",
        "texts",
        "Agreement between coders",
        {
            "texts": "texts that were assigned to both coders",
            "units": "units (speakers' turns; paragraphs where there is no speaker)",
            "coders": "coders",
            "{code}.kappa": "Cohen's kappa over units",
            "{code}.alpha": "Krippendorff's alpha (nominal) over units",
            "{code}.percent": "share of units in which the coders agree",
            "{code}.base_rate": "share of units coded, mean over coders",
            "{code}.either": "of the units coded by either, the share coded by both",
            "{code}.alpha_characters": "Krippendorff's alpha (nominal) over characters",
            "{code}.kappa_characters": "Cohen's kappa over characters",
            "min_alpha": "lowest alpha over codes",
            "max_alpha": "highest alpha over codes",
        },
    ),
    ResultKind(
        "texts.co-occurrence",
        "texts",
        "Codes that occur together",
        {
            "codes": "codes in use",
            "pairs": "pairs of codes of which passages share a character",
            "{code}.units": "units (people's turns; paragraphs where there is no speaker) that carry the code",
            "{code}.{code}.passages": "pairs of passages, one of each code, that share a character",
            "{code}.{code}.units": "units that carry both codes",
            "{code}.{code}.texts": "texts that carry both codes",
            "{code}.{code}.jaccard": "units with both codes, as a share of the units with either",
        },
    ),
    ResultKind(
        "texts.framework",
        "texts",
        "Framework matrix",
        {
            "cells": "cells (case x theme) with coded passages or a summary",
            "summaries": "cells with a summary",
            "current": "summaries whose passages are those against which they were last read",
            "stale": "summaries whose passages changed since",
            "unread": "summaries that were not yet read against their passages",
            "passages": "coded passages in cells with a summary",
            "cited": "of these, passages that the summary cites",
            "coverage": "the same, as a share",
            "{case}.{code}.passages": "coded passages of the cell",
            "{case}.{code}.cited": "of these, passages that the summary cites",
            "{case}.{code}.coverage": "the same, as a share",
            "{case}.{code}.state": "whether the summary is current, stale, not yet read against its passages, or absent",
        },
    ),
)
