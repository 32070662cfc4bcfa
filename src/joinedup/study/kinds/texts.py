"""The results of the texts strand and their keys."""

from __future__ import annotations

from joinedup.study.kinds import texts_emergence
from joinedup.study.kinds.kind import ResultKind

_OF_UNITS = {
    "kappa": "Cohen's kappa",
    "alpha": "Krippendorff's alpha (nominal)",
    "ac1": "Gwet's AC1",
    "percent": "share of decisions in which the coders agree",
    "base_rate": "share of decisions that are yes, mean over coders",
    "either": "of the decisions that are yes for either, the share that are for both",
}
_POOLED = {
    **{f"all_codes.{key}": f"{text}; a decision is a unit and a code" for key, text in _OF_UNITS.items()},
    **{
        f"all_codes.{key}.{end}": f"{text} end of its 95% interval, over resampled texts"
        for key in ("kappa", "alpha", "ac1", "either")
        for end, text in (("low", "lower"), ("high", "upper"))
    },
    "text.{text}.units": "units of the text",
    **{f"text.{{text}}.{key}": f"{text}, in the text" for key, text in _OF_UNITS.items()},
    "pair.{coder}.{other}.texts": "texts that both coders of the pair read",
    "pair.{coder}.{other}.units": "units of these texts",
    **{f"pair.{{coder}}.{{other}}.{key}": f"{text}, of the pair" for key, text in _OF_UNITS.items()},
}

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
            "{code}.people_share": "share of the people interviewed whose turns carry the code",
            "{code}.sites": "sites in whose texts the code occurs",
            "{code}.documents": "texts without speakers in which the code occurs",
            "{code}.{profession}.people": "speakers of the profession whose turns carry the code",
            "{code}.{profession}.share": "share of the profession's speakers whose turns carry the code",
            "{code}.site.{site}.texts": "texts of the site in which the code occurs",
            "{code}.site.{site}.people": "speakers of the site's texts whose turns carry the code",
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
            "{code}.kappa.low": "lower end of its 95% interval, over resampled texts",
            "{code}.kappa.high": "upper end",
            "{code}.alpha": "Krippendorff's alpha (nominal) over units",
            "{code}.alpha.low": "lower end of its 95% interval, over resampled texts",
            "{code}.alpha.high": "upper end",
            "{code}.ac1": "Gwet's AC1 over units",
            "{code}.ac1.low": "lower end of its 95% interval, over resampled texts",
            "{code}.ac1.high": "upper end",
            "{code}.percent": "share of units in which the coders agree",
            "{code}.base_rate": "share of units coded, mean over coders",
            "{code}.either": "of the units coded by either, the share coded by both",
            "{code}.either.low": "lower end of its 95% interval, over resampled texts",
            "{code}.either.high": "upper end",
            "{code}.alpha_characters": "Krippendorff's alpha (nominal) over characters",
            "{code}.kappa_characters": "Cohen's kappa over characters",
            "{code}.alpha_unitized": "alpha for unitized text, binary: passages with the code against the rest",
            "{code}.alpha_unitized.low": "lower end of its 95% interval, over resampled texts",
            "{code}.alpha_unitized.high": "upper end",
            **_POOLED,
            "unitized.u": "alpha for unitized text over all codes; none where codings of one coder overlap",
            "unitized.binary": "the same, coded or not",
            "unitized.cu": "the same, codes only where both coders have a passage",
            **{
                f"unitized.{key}.{end}": f"{text} end of its 95% interval, over resampled texts"
                for key in ("u", "binary", "cu")
                for end, text in (("low", "lower"), ("high", "upper"))
            },
            "min_alpha": "lowest alpha over codes",
            "max_alpha": "highest alpha over codes",
            "disagreements": "stretches of text on which coders who read it differ in a code",
            "decided": "disagreements that are decided",
            "undecided": "disagreements that are not",
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
    *texts_emergence.KINDS,
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
            "cited": "passages that the summaries cite",
            "coverage": "share of the passages that the summaries cite",
            "{case}.{code}.passages": "coded passages of the cell",
            "{case}.{code}.cited": "of these, passages that the summary cites",
            "{case}.{code}.coverage": "the same, as a share",
            "{case}.{code}.state": "whether the summary is current, stale, not yet read against its passages, or absent",
        },
    ),
)
