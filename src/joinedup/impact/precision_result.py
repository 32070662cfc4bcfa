"""The analysis impact.precision: what could have been found, what was, and what may be said of no effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.impact.cells import ADOPTED, OUTCOME, PERIOD, SITE, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, summary_table
from joinedup.impact.headline import ESTIMATOR, Headline, headline
from joinedup.impact.planned import smallest_effect, weights_of
from joinedup.impact.precision import achieved_precision, minimum_detectable_effect
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result, Value

EFFECT, ABSENT, OPEN, UNDECLARED = (
    "a difference",
    "no difference as large as the smallest of interest",
    "inconclusive",
    "inconclusive: no smallest effect of interest is declared",
)
_COLUMNS = (
    ("estimate", "Estimate"),
    ("low", "95% from"),
    ("high", "to"),
    ("half_width", "Half of the interval"),
    ("foreseeable", "Detectable, from the past alone"),
    ("detectable", "Detectable, as it came out"),
    ("smallest_effect", "Smallest effect of interest"),
    ("power", "Power at it"),
    ("conclusion", "What the interval allows us to say"),
)


def precision_result(study: Study) -> Result | None:
    """Minimum detectable effects before and after, and the reading of each interval, for the planned outcomes.

    None unless the plan asks for it. Raises NotComputable where every outcome is refused.
    """
    return design_result(study, "precision", lambda found: _one(study, found), lambda found: _report(study, found))


def _one(study: Study, found: Sample) -> Own:
    fit = headline(found.frame, weights_of(study))
    least = smallest_effect(study, found)
    values: dict[str, Value] = {"estimate": fit.estimate, "low": fit.low, "high": fit.high, "se": fit.se}
    values |= {"smallest_effect": least, "conclusion": conclusion(fit, least), "foreseeable": _foreseeable(found)}
    values |= dict.fromkeys(("half_width", "detectable", "power"))
    if not fit.se > 0:
        raise NotComputable("there are too few sites for an error clustered by site.")
    reached = achieved_precision(fit.se, least, df=fit.df)
    values |= {"half_width": reached.half_width, "detectable": reached.minimum_detectable, "power": reached.power}
    return Own(values)


def conclusion(fit: Headline, least: float | None) -> str:
    """What an interval allows to say: p above 0.05 shows nothing, only an interval within the smallest effect does."""
    if least is not None and -least < fit.low and fit.high < least:
        return ABSENT
    if fit.low > 0 or fit.high < 0:
        return EFFECT
    return UNDECLARED if least is None else OPEN


def _foreseeable(found: Sample) -> float | None:
    """The minimum detectable effect by the periods before alone: as many at their end as are treated play the treated.

    At most half of them; the error is that of the difference of the groups' mean changes, two samples of equal variance.
    """
    frame = found.frame[found.frame[PERIOD].isin(found.before)]
    last = list(found.before)[-min(len(found.after), len(found.before) // 2) :]
    means = frame.assign(late=frame[PERIOD].isin(last)).pivot_table(index=SITE, columns="late", values=OUTCOME)
    change = (means[True] - means[False]).dropna()
    treated = change.index.isin(frame.dropna(subset=[ADOPTED])[SITE])
    sizes = np.array([treated.sum(), (~treated).sum()])
    if sizes.min() < 2:
        return None
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in (change[treated], change[~treated]))
    df = int(sizes.sum()) - 2
    se = float(np.sqrt(squares / df * (1 / sizes).sum()))
    return minimum_detectable_effect(se, df=df) if se > 0 else None


def _report(study: Study, found: Sequence[Found]) -> Report:
    return Report(
        f"{estimand_sentence(study)} Estimator: {ESTIMATOR}; errors clustered by site. A detectable effect is the smallest "
        "that a two-sided test at 5% finds in 80 of 100 cases (Bloom 1995): once from the periods before the start alone, "
        "whose last ones play the treated ones, once from the error as it came out. A claim of no effect needs an interval "
        "that lies within the smallest effect of interest on both sides; a p above 0.05 is none.",
        [summary_table(study, found, "What could be found, and what was", _COLUMNS)],
        _counts([str(each.own.values["conclusion"]) for each in found]),
    )


def _counts(said: Sequence[str]) -> dict[str, Value]:
    return {
        "difference": said.count(EFFECT),
        "absent": said.count(ABSENT),
        "open": said.count(OPEN) + said.count(UNDECLARED),
    }
