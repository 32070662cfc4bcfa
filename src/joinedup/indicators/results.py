"""What the indicators strand offers."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.analysis import Analysis
from joinedup.study.model import Study
from joinedup.study.result import Result

# Each analysis imports its module when it is called: pandas would slow down everything that only lists results.


def _quality(study: Study) -> Result | None:
    from joinedup.indicators.quality import quality

    return quality(study)


def _balance(study: Study) -> Result | None:
    from joinedup.indicators.balance import balance

    return balance(study)


def _trends(study: Study) -> Result | None:
    from joinedup.indicators.trends import trends

    return trends(study)


def _expenditure(study: Study) -> Result | None:
    from joinedup.indicators.expenditure import expenditure

    return expenditure(study)


def _site_change(study: Study) -> Result | None:
    from joinedup.indicators.site_change import site_change

    return site_change(study)


ANALYSES: Mapping[str, Analysis] = {
    "indicators.quality": _quality,
    "indicators.balance": _balance,
    "indicators.trends": _trends,
    "indicators.site-change": _site_change,
    "indicators.expenditure": _expenditure,
}
