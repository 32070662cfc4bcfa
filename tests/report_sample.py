"""A small study with hand-made results for every strand, for the tests of the report. All data are SIMULATED."""

from __future__ import annotations

import math
from collections.abc import Mapping

from joinedup.study.analysis import make_result, refusal
from joinedup.study.dates import PeriodRule
from joinedup.study.finding import Affirmation, Claim, Evidence, Finding
from joinedup.study.indicators import Indicator
from joinedup.study.model import Indicators, Partnership, Programme, Study, Survey, Texts
from joinedup.study.partnership import Provision
from joinedup.study.result import Quote, Result, Source, Table, Value
from joinedup.study.site import Level, Person, Question, Site, TextKind, Wave
from joinedup.study.survey import Instrument, Item, RosterEntry, Scale
from joinedup.study.texts import Code, Coding, Passage, Speaker, Text

HOSTILE = '</script><img src=x onerror=alert(1)> & "quotes"'
SITES = ("Ashby", "Brook End", "Calder", "Dunmore", "Easter Vale", "Firth", "Garside", "Holm")
LEVELS = ("governance", "strategy", "procedure", "frontline")
AGENCIES = ("Education", "Health", "Police", "Social care")
PROFESSIONS = ("Health visitor", "Police officer", "Social worker", "Teacher")
CODES = (("whole_child", "The whole child"), ("targeting", "Targeting"), ("paperwork", "Paperwork"), ("trust", "Trust"))
INDICATORS = (("looked_after", "Children looked after", "per 10,000"), ("absence", "School absence", "% of sessions"))
PERIODS = tuple(str(year) for year in range(1999, 2007))
INTERVIEW = "Q: How is it now?\nA: We see the whole child now. SECRET WORDS NOT CLEARED.\nQ: Thank you.\n"
PLAN = "The partners will share what they know.\n"
BIB = """@article{guetterman2015,
  author = {Guetterman, Timothy C. and Fetters, Michael D. and Creswell, John W.},
  title = {Integrating Quantitative and Qualitative Results in Health Science Mixed Methods Research Through Joint Displays},
  journal = {Annals of Family Medicine}, year = {2015}, volume = {13}, pages = {554--561}
}
"""


def passage(words: str, text: str = "i1") -> Passage:
    """The passage with these words in the interview or the plan."""
    start = {"i1": INTERVIEW, "d1": PLAN}[text].index(words)
    return Passage(text, start, start + len(words), words)


def study(**changes: object) -> Study:
    """A study of eight sites with every strand declared."""
    parts: dict[str, object] = {
        "id": "sample",
        "title": "A sample study",
        "programme": Programme("Sample programme", "2003-07", simulated=True),
        "questions": (Question("q1", "How far has the programme been put into practice?"), Question("q2", "What changed?")),
        "levels": tuple(Level(id, id.title()) for id in LEVELS),
        "waves": (Wave("w1", "First wave"), Wave("w2", "Second wave")),
        "kinds": (TextKind("interview", "Interview", speakers=True), TextKind("plan", "Plan", public=True)),
        "sites": tuple(Site(f"s{n}", name, adopted="2003-07", case=n < 3) for n, name in enumerate(SITES, 1)),
        "people": tuple(Person(f"p{n}", "w1", "s1", AGENCIES[n], name) for n, name in enumerate(PROFESSIONS)),
        "survey": Survey(
            instrument=Instrument("1", "Survey", (Item("priority", "select_one", "First priority", {"a": "Health", "b": "Safety"}),)),
            scales=tuple(Scale(level, level.title(), level, (f"{level}_1",)) for level in LEVELS),
            roster=tuple(RosterEntry("w2", "s1", agency, "manager", f"r{n}", "complete") for n, agency in enumerate(AGENCIES)),
        ),
        "texts": Texts(
            texts=(Text("i1", "interview", "i1", "s1", "w2", "2005", "", "0" * 64, INTERVIEW), Text("d1", "plan", "", "s2", "w2", "2005", "Local plan", "1" * 64, PLAN)),
            speakers=(Speaker("i1", "Q", ""), Speaker("i1", "A", "p0")),
            codings=(Coding(passage("We see the whole child now."), "whole_child", "coder1", cleared=True),),
            codes=tuple(Code(id, label) for id, label in CODES),
        ),
        "partnership": Partnership(provision=tuple(Provision("s1", "x", "targeted", period, 1.0) for period in PERIODS)),
        "indicators": Indicators(
            indicators=tuple(Indicator(id, label, "outcome", unit, PeriodRule("03-31", "03-31"), direction="down", smallest_effect=2.0) for id, label, unit in INDICATORS)
        ),
        "synthesis": {"joint-display": {"row": [_row("improved", "Outcomes improved"), _row("services", "Services are joined up")]}},
        "affirmations": (Affirmation("f1", "lead evaluator", "2006-02-01", "ab" * 32),),
        "references": BIB,
        "settings": {
            "report": {
                "subtitle": "What joined-up working did, and how we know",
                "authors": ["The evaluation team"],
                "date": "2006-03",
                "summary": [
                    "Of {survey.response:sites_asked} sites, {survey.response:sites_answered} answered [@guetterman2015].",
                    "*Governance* stood at {survey.level-contrast:governance|.2f}.",
                ],
                "limits": ["All data are simulated; {survey.response:sites_asked} sites are few."],
            }
        },
    }  # fmt: skip
    return Study(**{**parts, **changes})  # type: ignore[arg-type]


def _row(id: str, proposition: str) -> dict[str, object]:
    says = "{survey.level-contrast:governance|.2f} points for governance."
    survey = {"strand": "survey", "says": says, "supports": "survey.level-contrast : governance > frontline"}
    impact = {"strand": "impact", "says": "The effect is {impact.did:looked_after.estimate|+.1f}.",
              "contradicts": "impact.did : looked_after.low < 0"}  # fmt: skip
    return {"id": id, "proposition": proposition, "theme": "whole_child", "cell": [survey, impact, {"strand": "texts"}]}


def results() -> dict[str, Result]:
    """Results for every strand; indicators.expenditure is refused."""
    made = (*_survey(), *_texts(), *_partnership(), *_indicators(), *_impact())
    return {result.id: result for result in made}


def _wave(n: int) -> float:
    return math.sin(n * 1.7)


def _make(id: str, values: Mapping[str, Value], **more: object) -> Result:
    source = {"": (Source("survey/responses-w2.csv", (2, 3, 4, 9), ("governance_1",)),)}
    methods = f"The method of {id}: {len(values)} values, unweighted."
    return make_result(id, values, methods, (id,), **{"sources": source, "caveats": ("The data are few.",), **more})  # type: ignore[arg-type]


def _survey() -> tuple[Result, ...]:
    response: dict[str, Value] = {
        "sites_asked": 8,
        "sites_answered": 8,
        "people_asked": 64,
        "people_answered": 41,
        "rate": 41 / 64,
    }
    for n, agency in enumerate(("education", "health", "police", "social_care")):
        response |= {
            f"agency.{agency}.asked": 16,
            f"agency.{agency}.answered": 14 - 2 * n,
            f"agency.{agency}.rate": (14 - 2 * n) / 16,
        }
    scores: dict[str, Value] = {"sites": 8}
    contrast: dict[str, Value] = {"sites": 8, "sites_asked": 8}
    for at, level in enumerate(LEVELS):
        own = [4.2 - 0.5 * at + 0.4 * _wave(n + at) for n in range(8)]
        scores |= {f"site.s{n}.{level}": score for n, score in enumerate(own, 1)}
        scores |= {
            f"{level}.mean": sum(own) / 8,
            f"{level}.sd": 0.4,
            f"{level}.min": min(own),
            f"{level}.max": max(own),
            f"{level}.sites": 8,
        }
        contrast[level] = sum(own) / 8
        if at:
            gap, pair = 0.5 * at, f"governance_vs_{level}"
            contrast |= {f"{pair}.estimate": gap, f"{pair}.sites_ahead": 5 + at, f"{pair}.these.estimate": gap}
            contrast |= {
                f"{pair}.like_these.{end}": gap + shift
                for end, shift in (("low", -0.3), ("estimate", 0.0), ("high", 0.3))
            }
            contrast[f"{pair}.like_these.p"] = 0.04 / at**4
    answers: dict[str, Value] = {
        "sites": 8,
        "priority.answered": 8,
        "priority.a": 5,
        "priority.b": 3,
        "priority.a.share": 0.625,
        "priority.b.share": 0.375,
    }
    rows = (("First priority", "Health", 5, 0.625), ("First priority", "Safety", 3, 0.375))
    keys = (("", "", "priority.a", "priority.a.share"), ("", "", "priority.b", "priority.b.share"))
    columns = (("item", "Question"), ("option", "Answer"), ("sites", "Sites"), ("share", "Share"))
    table = Table("answers", "What the sites said", columns, rows, "One respondent speaks for a site.", keys)
    return (
        _make("survey.response", response),
        _make("survey.site-answers", answers, tables=(table,)),
        _make("survey.level-scores", scores),
        _make("survey.level-contrast", contrast),
    )  # fmt: skip


def quote() -> Quote:
    return Quote(Passage("i1", 10, 60, f"We see the whole child now {HOSTILE}"), "whole_child", "Health visitor")


def _texts() -> tuple[Result, ...]:
    corpus: dict[str, Value] = {
        "texts": 12,
        "interviews": 9,
        "people": 8,
        "documents": 3,
        "case_sites": 2,
        "codings": 70,
    }
    themes: dict[str, Value] = {"passages": 70}
    agreement: dict[str, Value] = {"texts": 4, "units": 120, "coders": 2, "min_alpha": 0.58, "max_alpha": 0.91}
    for n, (code, _) in enumerate(CODES):
        themes |= {
            f"{code}.passages": 20 - n,
            f"{code}.people": 8 - n,
            f"{code}.people_share": 1 - n / 8,
            f"{code}.sites": 2,
        }
        for m, profession in enumerate(("health_visitor", "police_officer", "social_worker", "teacher")):
            themes |= {f"{code}.{profession}.people": (n + m) % 3, f"{code}.{profession}.share": ((n + m) % 3) / 2}
        agreement |= {f"{code}.{key}": 0.91 - 0.11 * n for key in ("alpha", "kappa", "percent", "either", "base_rate")}
    return (
        _make("texts.corpus", corpus),
        _make("texts.theme-matrix", themes, quotes=(quote(),)),
        _make("texts.agreement", agreement, references=("Krippendorff (2019), Content Analysis.", "guetterman2015")),
    )  # fmt: skip


def _partnership() -> tuple[Result, ...]:
    overlap: dict[str, Value] = {
        "bodies": 30, "sites": 8, "pairs": 50, "members.jaccard": 0.3, "remits.jaccard": 0.5,
        "members.sites_overlapping": 6, "remits.sites_overlapping": 8, "remits.contained_pairs": 4,
    }  # fmt: skip
    for n in range(1, 9):
        overlap |= {
            f"site.s{n}.bodies": 3 + n % 2,
            f"site.s{n}.members.jaccard": 0.1 * n,
            f"site.s{n}.remits.jaccard": 0.9 - 0.1 * n,
        }
    provision: dict[str, Value] = {
        "sites": 8,
        "targeted.change": 0.05,
        "targeted.change_low": 0.01,
        "targeted.change_high": 0.09,
        "targeted.sites_rising": 6,
    }
    for n, period in enumerate(PERIODS):
        provision |= {f"targeted.{period}": 0.3 + 0.02 * n, f"universal.{period}": 0.7 - 0.02 * n}
    return _make("partnership.overlap", overlap), _make("partnership.provision", provision)  # fmt: skip


def _indicators() -> tuple[Result, ...]:
    quality: dict[str, Value] = {"indicators": 2, "sites": 8, "rows": 128, "mark.c": 3}
    balance: dict[str, Value] = {
        "programme_sites": 8,
        "comparison_sites": 20,
        "excluded_sites": 2,
        "indicators": 2,
        "imbalanced": 1,
    }
    trends: dict[str, Value] = {"indicators": 2, "directed": 2, "improving_before": 1}
    for n, (id, _, _) in enumerate(INDICATORS):
        balance |= {
            f"{id}.period": "2003",
            f"{id}.programme": 60.0 - n,
            f"{id}.comparison": 55.5,
            f"{id}.difference": 4.5 - n,
            f"{id}.standardised": 0.4 - 0.5 * n,
            f"{id}.n_programme": 8,
            f"{id}.n_comparison": 20,
        }
        for at, period in enumerate(PERIODS):
            trends |= {
                f"{id}.programme.{period}": 60 - at + _wave(at),
                f"{id}.comparison.{period}": 55 - at / 2 + _wave(at + n),
            }
    return (
        _make("indicators.quality", quality),
        _make("indicators.balance", balance),
        _make("indicators.trends", trends),
        refusal("indicators.expenditure", "No deflator is declared."),
    )  # fmt: skip


def _impact() -> tuple[Result, ...]:
    did: dict[str, Value] = {
        "indicators": 2,
        "refused": 0,
        "better": 0,
        "worse": 0,
        "unclear": 2,
        "programme_sites": 8,
        "comparison_sites": 20,
    }
    events: dict[str, Value] = {"indicators": 2}
    for n, (id, _, _) in enumerate(INDICATORS):
        did |= {
            f"{id}.estimate": -1.2 + n,
            f"{id}.low": -3.0 + n,
            f"{id}.high": 0.6 + n,
            f"{id}.p": 0.19,
            f"{id}.p_randomisation": 0.0004,
            f"{id}.n_programme": 8,
            f"{id}.n_comparison": 20,
        }
        for step in range(1, 5):
            for when in ("before", "after"):
                size = _wave(step + n)
                events |= {
                    f"{id}.{when}_{step}.estimate": size,
                    f"{id}.{when}_{step}.low": size - 2,
                    f"{id}.{when}_{step}.high": size + 2,
                }
    return _make("impact.did", did), _make("impact.event-study", events)  # fmt: skip


def findings() -> dict[str, Finding]:
    """A contested finding with every stance and every kind of evidence, and a finding without a question."""
    evidence = (
        Evidence("supports", "survey", "survey.level-contrast", ("governance", "frontline"), expect=("survey.level-contrast : governance > frontline",)),
        Evidence("qualifies", "texts", passage=passage("We see the whole child now"), note="one profession says so"),
        Evidence("qualifies", "texts", passage=passage("SECRET WORDS NOT CLEARED")),
        Evidence("contradicts", "impact", "impact.did", ("looked_after.estimate",)),
        Evidence("supports", "texts", document="d1", page="3"),
        Evidence("silent", "indicators", note="No indicator was taken after the start."),
    )  # fmt: skip
    claims = (
        Claim("f1", "Governance stood at {survey.level-contrast:governance|.2f}, frontline practice at {survey.level-contrast:frontline|.2f}.", evidence, "q1"),
        Claim("f2", "The effect on children looked after is {impact.did:looked_after.estimate|+.1f}.", evidence[:1], limits="Few sites."),
    )  # fmt: skip
    verdicts = {
        "f1": ("contested", "current", ("1 of 6 pieces contradict it",)),
        "f2": ("supported", "not yet affirmed", ()),
    }
    return {
        claim.id: Finding(claim.id, claim.claim, claim.claim, *verdicts[claim.id][:2], claim.evidence, verdicts[claim.id][2], claim.question, claim.limits, "cd" * 32)
        for claim in claims
    }  # fmt: skip
