"""Which values of the results count persons: who is counted, and which group of them. Everything else counts no person.

A pattern is that of the registry. Labels and populations may hold its placeholders; the second of a name has "_2".
`Counted.at` maps a variable to a label; a variable that is left out is summed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counted:
    """A value that counts the persons of `population` in the group `at`; `total_of` names a second population that it is
    the total of; `outcome` what it sums of the outcomes of everybody on the roster."""

    population: str
    at: Mapping[str, str] = field(default_factory=dict)
    total_of: str = ""
    outcome: str = ""
    part_of: str = ""
    """A count of the same persons and few more, which this one would bound: it is hidden where that is."""


@dataclass(frozen=True, slots=True)
class Share:
    """A value that is a share: it is told only where the counts of both keys are, and what is left of the second."""

    of: str
    base: str


@dataclass(frozen=True, slots=True)
class Told:
    """A value that tells of the persons counted by the key `n`: it is hidden where their count is."""

    n: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is one share less another: it is told of the shares as they are shown."""

    of: str
    less: str


@dataclass(frozen=True, slots=True)
class Summed:
    """A value that sums groups of `population`, those that the variable `over` tells apart if it is named: it is hidden
    where any of them is."""

    population: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class Mean:
    """A value that sums up what few of `population` answered, whom the key `n` counts if any does: it is hidden where they
    are too few, and told coarsely: by many digits their number, and each one's answers, could be worked out."""

    population: str
    n: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """A value that says how far the persons counted by the key `n` lie apart: it is told coarsely, and only of so many of
    them that no single one stands out."""

    n: str


@dataclass(frozen=True, slots=True)
class Over:
    """A value that sums up those of all sites, `of`: their lowest, their highest, how many are below a limit. It is hidden
    where any of them is, and told as coarsely as they are; a `mean` over many of them tells of none, over few coarsely."""

    of: str
    mean: bool = False


@dataclass(frozen=True, slots=True)
class Withheld:
    """A value that never leaves: it is told of groups of a few persons by design."""


Declared = Counted | Share | Difference | Told | Summed | Mean | Spread | Over | Withheld
Persons = Mapping[str, Declared]
_ROSTER, _INTERVIEWED, _SCORED = "people on the roster", "people interviewed", "people with a score"
_ANSWERED, _AT_SITE = {"answered": "yes"}, "survey.response:site.{site}.answered"
_SITE_RATERS = "survey.level-scores:site.{site}.raters"
_ANSWERERS = "people of programme sites who answered"
_COUNTED = {"says words that are counted": "yes"}
OUTCOMES = "everybody on the roster, with those who are not eligible"
SAYS, AT_SITES = "says {code}", "people at the sites who say {code}"
_RATERS, _PAIR = "people who rate other agencies", "pair.{agency}.{agency_2}"
OF_PROVISION, _OF_TARGETED = "people who speak of provision", {"says targeted": "yes"}

PERSONS: Mapping[str, Persons] = {
    "survey.response": {
        "people_asked": Counted(_ROSTER, outcome="asked"),
        "people_answered": Counted(_ROSTER, _ANSWERED, outcome="answered"),
        "rate": Share("people_answered", "people_asked"),
        "agency.{agency}.asked": Counted(_ROSTER, {"agency": "{agency}"}),
        "agency.{agency}.answered": Counted(
            _ROSTER, {"agency": "{agency}", **_ANSWERED}, part_of="agency.{agency}.asked"
        ),
        "agency.{agency}.rate": Share("agency.{agency}.answered", "agency.{agency}.asked"),
        "agency.{agency}.sites_asked": Told("agency.{agency}.asked"),
        "agency.{agency}.sites_answered": Told("agency.{agency}.answered"),
        "site.{site}.asked": Counted(_ROSTER, {"site": "{site}"}),
        "site.{site}.answered": Counted(_ROSTER, {"site": "{site}", **_ANSWERED}, part_of="site.{site}.asked"),
        "site.{site}.agencies_asked": Told("site.{site}.asked"),
        "site.{site}.agencies_answered": Told("site.{site}.answered"),
        "site.{site}.{agency}.asked": Withheld(),
        "site.{site}.{agency}.answered": Withheld(),
        "wave.{wave}.asked": Counted("people on the roster of {wave}"),
        "wave.{wave}.answered": Counted("people on the roster of {wave}", _ANSWERED),
    },
    "survey.site-answers": {"respondents": Counted("people who answered for a site")},
    "survey.level-contrast": {
        "{level}": Over("survey.level-scores:site.{site}.{level}", mean=True),
        "{level}_vs_{level}.estimate": Over("survey.level-scores:site.{site}.{level}", mean=True),
        **{
            f"{{level}}_vs_{{level}}.{reading}.{part}": Over("survey.level-scores:site.{site}.{level}", mean=True)
            for reading in ("these", "like_these")
            for part in ("estimate", "low", "high")
        },
    },
    "survey.nonresponse": {
        "roster": Counted(OUTCOMES),
        "outcome.{outcome}": Counted(OUTCOMES, {"outcome": "{outcome}"}),
        "outcome.{outcome}.share": Share("outcome.{outcome}", "roster"),
        "rr1": Share("outcome.complete", "survey.response:people_asked"),
        "rr2": Share("survey.response:people_answered", "survey.response:people_asked"),
        "rr6": Summed(OUTCOMES),
        "refusal_rate": Share("outcome.refused", "survey.response:people_asked"),
        "contact_rate": Summed(OUTCOMES),
        "cooperation_rate": Summed(OUTCOMES),
        "{attribute}.{category}.asked": Counted(_ROSTER, {"{attribute}": "{category}"}),
        "{attribute}.{category}.answered": Counted(_ROSTER, {"{attribute}": "{category}", **_ANSWERED}),
        "{attribute}.{category}.rate": Share("{attribute}.{category}.answered", "{attribute}.{category}.asked"),
        "{attribute}.{category}.roster_share": Share("{attribute}.{category}.asked", "survey.response:people_asked"),
        "{attribute}.{category}.respondent_share": Share(
            "{attribute}.{category}.answered", "survey.response:people_answered"
        ),
        "{attribute}.{category}.difference": Difference(
            "{attribute}.{category}.respondent_share", "{attribute}.{category}.roster_share"
        ),
        "{attribute}.dissimilarity": Summed(_ROSTER, "{attribute}"),
        "weights.n": Counted("respondents with a weight"),
        **{f"weights.{part}": Summed(_ROSTER) for part in ("min", "max", "effective_n")},
        "weights.deff": Mean("respondents with a weight"),
        "{level}.people": Counted("people with a score at {level}"),
    },
    "survey.item-answers": {
        "people": Counted(_ANSWERERS),
        "{item}.base": Counted("asked {item}", {"answer": "asked"}),
        "{item}.answered": Counted("asked {item}", {"answer": "answered"}),
        "{item}.{option}": Counted("asked {item}", {"answer": "{option}"}),
        "{item}.{option}.share": Share("{item}.{option}", "{item}.answered"),
        "{item}.below.share": Summed("asked {item}"),
        "{item}.middle.share": Summed("asked {item}"),
        "{item}.above.share": Summed("asked {item}"),
        "{item}.mean": Summed("asked {item}"),
    },
    "survey.level-scores": {
        "raters": Counted(_SCORED),
        "site.{site}.raters": Counted(_SCORED, {"site": "{site}"}, part_of=_AT_SITE),
        "site.{site}.{level}": Mean(_SCORED, "site.{site}.raters"),
        **{f"{{level}}.{end}": Over("site.{site}.{level}") for end in ("min", "max")},
        **{f"{{level}}.{part}": Over("site.{site}.{level}", mean=True) for part in ("mean", "sd")},
        **{f"site.{{site}}.{{level}}.{end}": Spread("site.{site}.raters") for end in ("low", "high")},
    },
    "survey.aggregation": {
        "raters": Counted("people with a score on a scale"),
        "site.{site}.raters": Counted("people with a score on a scale", {"site": "{site}"}, part_of=_SITE_RATERS),
        "site.{site}.score": Mean("people with a score on a scale", "site.{site}.raters"),
        **{
            part: Over("site.{site}.raters")
            for part in ("raters.min", "raters.max", "raters.median", "single_rater", "agency_range.sites")
        },
        "{scale}.rwg_sites": Over("site.{site}.raters"),
        "{scale}.n": Counted("people with a score on {scale}"),
        "site.{site}.agencies": Told("site.{site}.raters"),
        **{
            f"site.{{site}}.{part}": Spread("site.{site}.raters")
            for part in (
                "deviation",
                "agency_range",
                "{scale}.ad",
                "{scale}.rwg_uniform",
                "{scale}.rwg_skewed",
            )
        },
        **{
            f"agency.{{agency}}.{part}": Told("survey.response:agency.{agency}.answered")
            for part in ("sites", "deviation", "low", "high", "p", "p_holm")
        },
    },
    "survey.reliability": {
        "people": Counted(_ANSWERERS),
        "{scale}.n": Counted("people with an answer on {scale}"),
        "cfa.n": Counted(_ANSWERERS, {"answered every item": "yes"}),
        "cfa.left_out": Counted(_ANSWERERS, {"answered every item": "no"}),
    },
    "survey.change": {
        "people_first": Counted("people with a score in the first wave"),
        "people_second": Counted("people with a score in the second wave"),
        "people_both": Counted("people with a score in both waves"),
        "site.{site}.first": Mean("people with a score in the first wave"),
        "site.{site}.second": Mean("people with a score in the second wave", _SITE_RATERS),
        **{
            f"site.{{site}}.{part}": Mean("people with a score in both waves", _SITE_RATERS)
            for part in ("change", "{level}.change")
        },
        **{
            f"{{level}}.{part}": Over("site.{site}.{level}.change", mean=True)
            for part in ("first", "second", "change", "these.low", "these.high", "like_these.low", "like_these.high")
        },
    },
    "survey.sensitivity": {
        "people": Counted("people with a score at a level"),
        "complete_people": Counted("people who answered every item"),
    },
    "texts.corpus": {
        "people": Counted(_INTERVIEWED),
        **{part: Told("people") for part in ("interviews", "texts", "kind.{kind}")},
        "profession.{profession}": Counted(_INTERVIEWED, {"profession": "{profession}"}),
    },
    "texts.theme-matrix": {
        "{code}.people": Counted(_INTERVIEWED, {SAYS: "yes"}, AT_SITES),
        "{code}.people_share": Share("{code}.people", "texts.corpus:people"),
        "{code}.{profession}.people": Counted(_INTERVIEWED, {"profession": "{profession}", SAYS: "yes"}),
        "{code}.{profession}.share": Share("{code}.{profession}.people", "texts.corpus:profession.{profession}"),
        **{f"{{code}}.{part}": Told("{code}.people") for part in ("texts", "passages", "sites")},
        "{code}.site.{site}.people": Counted(AT_SITES, {"site": "{site}"}),
        "{code}.site.{site}.texts": Told("{code}.site.{site}.people"),
    },
    "texts.co-occurrence": {
        "{code}.units": Told("texts.theme-matrix:{code}.people"),
        "{code}.{code}.texts": Counted("people who say {code} and {code_2}"),
        **{f"{{code}}.{{code}}.{part}": Told("{code}.{code_2}.texts") for part in ("passages", "units", "jaccard")},
    },
    "texts.framework": {
        **{
            f"{{case}}.{{code}}.{part}": Told("texts.theme-matrix:{code}.site.{case}.people")
            for part in ("passages", "cited", "coverage")
        },
    },
    "synthesis.emphasis": {
        "people": Counted(OF_PROVISION),
        "people.targeted": Counted(OF_PROVISION, _OF_TARGETED),
        "people.share": Share("people.targeted", "people"),
        "site.{site}.people": Counted(OF_PROVISION, {"site": "{site}"}),
        "site.{site}.targeted": Counted(OF_PROVISION, {"site": "{site}", **_OF_TARGETED}),
        "site.{site}.share": Told("site.{site}.targeted"),
        "site.{site}.gap": Told("site.{site}.targeted"),
    },
    "synthesis.cooperation": {
        "raters": Counted(_RATERS),
        "agency.{agency}.raters": Counted(_RATERS, {"agency": "{agency}"}),
        "agency.{agency}.rated_by": Counted("people who rate {agency}"),
        "agency.{agency}.interviewed": Counted(_INTERVIEWED, {"agency": "{agency}"}),
        "speakers": Counted(_INTERVIEWED, {"says of co-operation": "yes"}),
        **{
            f"agency.{{agency}}.{part}": Told("agency.{agency}.raters") for part in ("given", "given_low", "given_high")
        },
        **{
            f"agency.{{agency}}.{part}": Told("agency.{agency}.rated_by")
            for part in ("received", "received_low", "received_high")
        },
        "pair.{agency}.{agency}.raters": Counted("people who rate {agency_2}", {"agency": "{agency}"}),
        **{f"pair.{{agency}}.{{agency}}.{part}": Told(f"{_PAIR}.raters") for part in ("mean", "low", "high", "sites")},
        "pair.{agency}.{agency}.people": Counted("people who speak of {agency_2}", {"agency": "{agency}"}),
        "pair.{agency}.{agency}.share": Share(f"{_PAIR}.people", "agency.{agency}.interviewed"),
        "pair.{agency}.{agency}.passages": Told(f"{_PAIR}.people"),
        "dyad.{agency}.{agency}.raters": Counted("people who rate the other side of {agency} and {agency_2}"),
        **{
            f"dyad.{{agency}}.{{agency}}.{part}": Told("dyad.{agency}.{agency_2}.raters")
            for part in ("difference", "low", "high", "sites")
        },
    },
    "texts.discourse": {
        "people": Counted(_INTERVIEWED, _COUNTED),
        "{profession}.people": Counted(_INTERVIEWED, {"profession": "{profession}", **_COUNTED}),
        "{profession}.{n}.people": Counted("{profession} who say word {n}"),
        "{profession}.{n}.dispersion": Told("{profession}.{n}.people"),
    },
    "texts.topics": {
        "people": Counted(_INTERVIEWED, {"says what is read for topics": "yes"}),
        **{
            f"topic.{{n}}.{{profession}}.{part}": Told("texts.corpus:profession.{profession}")
            for part in (
                "share",
                *(f"{of}.{end}" for of in ("share", "difference") for end in ("se", "low", "high")),
                "difference",
                "difference.p",
            )
        },
    },
    "synthesis.case-ordered-display": {
        "site.{site}.people": Withheld(),
        "{code}.site.{site}.share": Withheld(),
    },
    "synthesis.site-display": {
        "{construct}.site.{site}.people": Withheld(),
        "{construct}.site.{site}.against": Withheld(),
        "{construct}.site.{site}.interviewed": Withheld(),
    },
    "synthesis.confidence": {
        "{finding}.speakers": Counted("people who speak of {finding}"),
        **{f"{{finding}}.{part}": Told("{finding}.speakers") for part in ("texts", "passages", "sites", "professions")},
    },
}
"""Result id -> the values of it that count persons, or tell of few."""

HAVING = ("answered", "says")
"""Variables (by their first word) of those who have something, and those who have not: the second are never printed, and
follow from the first and the total."""

TOTALS = (
    "asked",
    _ROSTER,
    OUTCOMES,
    _INTERVIEWED,
    _SCORED,
    _ANSWERERS,
    "respondents with a weight",
    "people who answered for a site",
)
"""Populations (by how their names begin) that are everybody asked, interviewed or counted in a survey: their numbers are
totals above the authority. All others are kinds of persons, by what they say or do."""

WITHHELD_FIGURES = ("response-grid",)
"""Figures that tell of single persons in another way than by a count: whether the one person asked answered."""
