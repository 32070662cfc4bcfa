"""The registry of results: every result id and the keys of its values.

`check` refuses a finding that cites what is not here, the manual prints it, and a test holds every analysis to it.
A key is written with placeholders in braces; each stands for an id that the study declares, as `key_part` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from joinedup.study.model import Study

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def key_part(text: str) -> str:
    """`text` as a part of a key: lower case, anything but letters and digits becomes one "_"."""
    return re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")


@dataclass(frozen=True, slots=True)
class ResultKind:
    """A result that joinedup can compute. `keys` maps a key pattern to what the value is, with its unit."""

    id: str
    strand: str
    title: str
    keys: Mapping[str, str]


_INTERVAL = {"low": "lower end of the 95% interval", "high": "upper end of the 95% interval"}

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "survey.response",
        "survey",
        "Who answered",
        {
            "sites_asked": "programme sites on the roster",
            "sites_answered": "programme sites with at least one response",
            "programme_sites": "programme sites of the study",
            "people_asked": "people on the roster who are eligible",
            "people_answered": "people with a complete or partial response",
            "rate": "people answered / people asked",
            "agency.{agency}.asked": "eligible people of the agency",
            "agency.{agency}.answered": "people of the agency who answered",
            "agency.{agency}.rate": "answered / asked",
            "agency.{agency}.sites_asked": "sites with an eligible person of the agency",
            "agency.{agency}.sites_answered": "sites with an answer from the agency",
            "site.{site}.asked": "eligible people of the site",
            "site.{site}.answered": "people of the site who answered",
            "site.{site}.{agency}.asked": "eligible people of the agency at the site",
            "site.{site}.{agency}.answered": "people of the agency at the site who answered",
            "wave.{wave}.sites_answered": "sites with a response in the wave",
            "wave.{wave}.asked": "eligible people in the wave",
            "wave.{wave}.answered": "people who answered in the wave",
        },
    ),
    ResultKind(
        "survey.site-answers",
        "survey",
        "What the sites said of themselves",
        {
            "sites": "programme sites on the roster",
            "{item}.answered": "sites whose respondent answered the item",
            "{item}.differing": "sites whose respondents gave different answers: none of them is counted",
            "programme_sites": "programme sites of the study",
            "respondents": "people who answered for a site",
            "{item}.{option}": "sites that gave the option",
            "{item}.{option}.share": "the same, as a share of the sites that answered",
        },
    ),
    ResultKind(
        "survey.level-scores",
        "survey",
        "Scores by level",
        {
            "sites": "sites with a score at every level",
            "{level}.mean": "mean over sites, in points of the scale",
            "{level}.sd": "standard deviation over sites",
            "{level}.min": "lowest site",
            "{level}.max": "highest site",
            "{level}.sites": "sites with a score at the level",
            "site.{site}.{level}": "the site's score at the level",
            "site.{site}.raters": "people behind the site's scores",
            "raters": "people behind the scores",
            "programme_sites": "programme sites of the study",
        },
    ),
    ResultKind(
        "survey.level-contrast",
        "survey",
        "Which levels are ahead",
        {
            "sites": "sites with a score at every level",
            "sites_asked": "programme sites on the roster",
            "programme_sites": "programme sites of the study",
            "{level}": "mean score over sites, in points of the scale",
            "{level}_vs_{level}.estimate": "mean over sites of the paired difference, in points",
            "{level}_vs_{level}.sites_ahead": "sites in which the first level scores above the second",
            "{level}_vs_{level}.these.estimate": "reading 'these sites': the same mean difference",
            "{level}_vs_{level}.these.low": "reading 'these sites': equals the estimate in a census of sites",
            "{level}_vs_{level}.these.high": "reading 'these sites': equals the estimate in a census of sites",
            "{level}_vs_{level}.these.p": "reading 'these sites': None in a census, there is no sampling",
            "{level}_vs_{level}.like_these.estimate": "reading 'sites like these': the same mean difference",
            "{level}_vs_{level}.like_these.low": "lower end of the 95% t interval over sites",
            "{level}_vs_{level}.like_these.high": "upper end of the 95% t interval over sites",
            "{level}_vs_{level}.like_these.p": "two-sided p of the paired t test over sites",
        },
    ),
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
            "targeted.change_low": _INTERVAL["low"],
            "targeted.change_high": _INTERVAL["high"],
            "targeted.sites_rising": "sites whose targeted share rose",
            "marked": "spending rows that hold a status mark instead of a number",
            "zeros": "spending rows that state a spending of zero",
            "left_out": "times that a site is left out of a period because its split is not known",
            "sites.{period}": "sites whose split is known in the period",
            "site.{site}.change": "the site's last targeted share minus its first",
            "site.{site}.targeted": "the site's targeted share in the last period",
        },
    ),
    ResultKind(
        "indicators.quality",
        "indicators",
        "What the indicators hold",
        {
            "indicators": "declared indicators with values",
            "sites": "sites with a value",
            "rows": "values and marks",
            "sites_all_periods": "sites with a row in every period of the indicators' range",
            "changed_codes": "sites whose code or boundary changed",
            "mark.{mark}": "cells with the status mark",
            "{indicator}.values": "cells with a number",
            "{indicator}.marked": "cells with a status mark",
            "{indicator}.total.{period}": "sum over all sites, as published",
            "{indicator}.sites.{period}": "sites with a number in the period",
            "{indicator}.rows": "cells: numbers, marks and cells that were not published",
            "{indicator}.empty": "cells that were not published in the period",
            "{indicator}.codes": "codes of sites, as published",
            "{indicator}.codes_all_periods": "codes with a cell in every period of the indicator",
            "{indicator}.published.{period}": "published total that the plan names",
            "{indicator}.gap.{period}": "sum over all sites minus the published total",
        },
    ),
    ResultKind(
        "indicators.balance",
        "indicators",
        "Programme and comparison sites before the start",
        {
            "programme_sites": "programme sites",
            "comparison_sites": "comparison sites used",
            "excluded_sites": "comparison sites left out, with a reason",
            "indicators": "indicators compared",
            "imbalanced": "indicators whose standardised difference exceeds 0.25 in size",
            "{indicator}.period": "the last period before the start with numbers",
            "{indicator}.programme": "mean over programme sites",
            "{indicator}.comparison": "mean over comparison sites, excluded ones left out",
            "{indicator}.all_others": "mean over all other sites, excluded ones included",
            "{indicator}.difference": "programme minus comparison",
            "{indicator}.standardised": "difference / pooled standard deviation",
            "{indicator}.variance_ratio": "variance of the programme sites / variance of the comparison sites",
            "{indicator}.n_programme": "programme sites with a number",
            "{indicator}.n_comparison": "comparison sites with a number",
            "{indicator}.n_all_others": "all other sites with a number",
        },
    ),
    ResultKind(
        "indicators.trends",
        "indicators",
        "Trends",
        {
            "indicators": "indicators followed",
            "directed": "of these, indicators with a declared better direction and two periods before the start",
            "improving_before": "of the directed, those whose mean over all sites improved before the start",
            "{indicator}.programme.{period}": "mean over programme sites",
            "{indicator}.comparison.{period}": "mean over comparison sites, excluded ones left out",
            "{indicator}.all_others.{period}": "mean over all other sites, excluded ones included",
            "{indicator}.n_programme.{period}": "programme sites with a number",
            "{indicator}.n_comparison.{period}": "comparison sites with a number",
            "{indicator}.n_all_others.{period}": "all other sites with a number",
            "{indicator}.programme_both.{period}": "mean over programme sites with a number in first and last period",
            "{indicator}.comparison_both.{period}": "the same over comparison sites, excluded ones left out",
            "{indicator}.all_others_both.{period}": "the same over all other sites, excluded ones included",
            "{indicator}.n_programme_both": "programme sites with a number in the first and the last period",
            "{indicator}.n_comparison_both": "comparison sites with a number in the first and the last period",
            "{indicator}.n_all_others_both": "all other sites with a number in the first and the last period",
            "{indicator}.slope_before": "least-squares slope a year over all sites before the start",
        },
    ),
    ResultKind(
        "indicators.expenditure",
        "indicators",
        "Expenditure in constant prices",
        {
            "price_base": "the period whose prices are used",
            "{indicator}.programme.{period}": "mean over programme sites, constant prices, in the indicator's unit",
            "{indicator}.comparison.{period}": "mean over comparison sites, constant prices",
            "{indicator}.programme.change": "last period against first, ratio minus 1",
            "{indicator}.comparison.change": "last period against first, ratio minus 1",
            "{indicator}.n_programme": "programme sites with a number in every period shown",
            "{indicator}.n_comparison": "comparison sites with a number in every period shown",
        },
    ),
    ResultKind(
        "impact.did",
        "impact",
        "Difference in differences",
        {
            "indicators": "indicators estimated",
            "refused": "indicators for which the design was refused",
            "better": "indicators whose 95% interval lies wholly on the better side of 0",
            "worse": "indicators whose 95% interval lies wholly on the worse side of 0",
            "unclear": "indicators whose 95% interval holds 0",
            "programme_sites": "programme sites",
            "comparison_sites": "comparison sites used",
            "{indicator}.estimate": "average effect over programme sites, in the indicator's unit (or log points)",
            "{indicator}.se": "standard error clustered by site",
            **{f"{{indicator}}.{key}": text for key, text in _INTERVAL.items()},
            "{indicator}.p": "two-sided p from the clustered error",
            "{indicator}.p_randomisation": "two-sided p from re-assigning the programme among sites",
            "{indicator}.smallest_p": "smallest p that the assignments allow",
            "{indicator}.draws": "assignments drawn or enumerated",
            "{indicator}.n_programme": "programme sites",
            "{indicator}.n_comparison": "comparison sites",
            "{indicator}.n_before": "periods before the start",
            "{indicator}.n_after": "periods treated at any site",
            "{indicator}.lag_{n}.estimate": "the estimate with another lag, in months",
            "{indicator}.lag_{n}.low": _INTERVAL["low"],
            "{indicator}.lag_{n}.high": _INTERVAL["high"],
        },
    ),
    ResultKind(
        "impact.event-study",
        "impact",
        "Event study",
        {
            "indicators": "indicators estimated",
            "refused": "indicators for which the design was refused",
            "periods_after": "most treated periods of any indicator",
            "{indicator}.before_{n}.estimate": "difference n periods before the first treated one, against the last before",
            "{indicator}.before_{n}.low": _INTERVAL["low"],
            "{indicator}.before_{n}.high": _INTERVAL["high"],
            "{indicator}.after_{n}.estimate": "effect n periods after the first treated one (0: that one)",
            "{indicator}.after_{n}.low": _INTERVAL["low"],
            "{indicator}.after_{n}.high": _INTERVAL["high"],
            "{indicator}.n_after": "treated periods",
            "{indicator}.n_programme": "programme sites",
            "{indicator}.n_comparison": "comparison sites",
            "{indicator}.cohorts": "groups of sites whose first treated period is the same",
            "{indicator}.pretrend_p": "p of the joint test that all differences before are 0",
        },
    ),
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
            "{row}.fit": "confirm, qualified, discord, against or silent",
            "{row}.{strand}": "the strand's stance on the proposition",
        },
    ),
)

KIND_BY_ID: Mapping[str, ResultKind] = {kind.id: kind for kind in KINDS}
STRANDS = ("survey", "texts", "partnership", "indicators", "impact")


def _periods(study: Study) -> set[str]:
    found = {row.period for row in study.partnership.provision}
    for table in study.indicators.values.values():
        found.update(table.column("period").unique().to_pylist())
    return found


def placeholders(study: Study) -> Mapping[str, frozenset[str]]:
    """What each placeholder may stand for in `study`; `n` and numbers of periods are whole numbers."""
    instrument = study.survey.instrument
    items = instrument.items if instrument else ()
    joint = study.synthesis.get("joint-display", {}).get("row", [])
    found: dict[str, Iterable[str]] = {
        "level": (level.id for level in study.levels),
        "wave": (wave.id for wave in study.waves),
        "site": (site.id for site in study.sites),
        "agency": {p.agency for p in study.people} | {entry.agency for entry in study.survey.roster},
        "profession": {person.profession for person in study.people},
        "body": (body.id for body in study.partnership.bodies),
        "code": (code.id for code in study.texts.codes),
        "kind": (kind.id for kind in study.kinds),
        "item": (item.name for item in items),
        "option": {option for item in items for option in item.options},
        "indicator": (indicator.id for indicator in study.indicators.indicators),
        "period": _periods(study),
        "mark": ("c", "z", "x", "missing", "k", "low"),
        "row": (row.get("id", "") for row in joint if isinstance(row, Mapping)),
        "strand": STRANDS,
    }
    return {name: frozenset(key_part(text) for text in texts) for name, texts in found.items()}


class KeyChecker:
    """Says whether a result of `study` can have a key.

    Where the values lie in official files that are not attached, any year may be a period.
    """

    def __init__(self, study: Study) -> None:
        self._allowed = placeholders(study)
        self._awaits_data = "data.toml" in study.files and not study.indicators.values
        self._patterns: dict[str, tuple[re.Pattern[str], ...]] = {}

    def knows(self, result: str, key: str) -> bool:
        """Whether `result` is a result id and `key` one of its keys in this study."""
        if result not in self._patterns:
            kind = KIND_BY_ID.get(result)
            keys = kind.keys if kind else ()
            self._patterns[result] = tuple(re.compile(self._expression(pattern)) for pattern in keys)
        return any(pattern.fullmatch(key) for pattern in self._patterns[result])

    def _expression(self, pattern: str) -> str:
        parts = []
        for index, piece in enumerate(_PLACEHOLDER.split(pattern)):
            if index % 2 == 0:
                parts.append(re.escape(piece))
            elif piece == "period" and self._awaits_data:
                parts.append(r"\d{4}")
            elif piece == "n":
                parts.append(r"\d+")
            else:
                words = sorted(self._allowed[piece], key=len, reverse=True)
                parts.append("(?:" + "|".join(map(re.escape, words)) + ")" if words else r"(?!)")
        return "".join(parts)
