"""What a study declares of itself, in words, for the items of checklists; empty where it declares nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from joinedup.study.dates import date_words
from joinedup.study.model import Study
from joinedup.version import __version__


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}." if number else ""


def _sites(study: Study) -> str:
    programme = len(study.programme_sites)
    others = len(study.sites) - programme
    return f"{programme} programme sites and {others} comparison sites." if programme else ""


def _waves(study: Study) -> str:
    told = [f"{wave.label} ({' to '.join(filter(None, (wave.start, wave.end)))})" for wave in study.waves if wave.start]
    return f"{'; '.join(told)}." if told else ""


def _adopted(study: Study) -> str:
    dates = sorted({site.adopted for site in study.programme_sites if site.adopted})
    if not dates:
        return ""
    first, last = date_words(dates[0]), date_words(dates[-1])
    return f"Adopted {first}." if len(dates) == 1 else f"Adopted between {first} and {last}."


def _coders(study: Study) -> str:
    return _count(len({one.coder for one in study.texts.codings if one.coder}), "coder", "coders")


def _sources(study: Study) -> str:
    kept = study.indicators.indicators
    return "Every indicator names its source." if kept and all(one.source for one in kept) else ""


def _stated(key: str, words: str) -> Callable[[Study], str]:
    return lambda study: words if study.settings.get("report", {}).get(key) else ""


FACTS: Mapping[str, tuple[Callable[[Study], str], str]] = {
    "title": (lambda study: study.title, ""),
    "programme": (lambda study: study.programme.name, ""),
    "funder": (lambda study: study.programme.funder, ""),
    "summary": (_stated("summary", "The report has a summary."), "summary"),
    "limits": (_stated("limits", "The report states its limits."), "limits"),
    "questions": (lambda study: " ".join(question.text for question in study.questions), "findings"),
    "findings": (lambda study: _count(len(study.claims), "finding with its evidence", "findings with their evidence"), "findings"),
    "sites": (_sites, ""),
    "waves": (_waves, ""),
    "adopted": (_adopted, ""),
    "indicators": (lambda study: _count(len(study.indicators.indicators), "indicator defined", "indicators defined"), "indicators"),
    "sources": (_sources, "indicators"),
    "coders": (_coders, "texts"),
    "codes": (lambda study: _count(len(study.texts.codes), "code", "codes"), "texts"),
    "quotes": (
        lambda study: _count(sum(one.cleared for one in study.texts.codings), "cleared quotation", "cleared quotations"),
        "texts",
    ),
    "software": (lambda study: f"joinedup {__version__}." if study.texts.codings else "", "colophon"),
}  # fmt: skip
"""Name of a fact -> what the study says, and the section of the report that shows it."""
