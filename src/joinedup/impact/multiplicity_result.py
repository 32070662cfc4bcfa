"""The analysis impact.multiplicity: the p values of the plan's family of outcomes, adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.impact.cells import CHILDREN, OUTCOME, PERIOD, SITE, TREATED, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, summary_table
from joinedup.impact.effects import Effects
from joinedup.impact.fitting import Array
from joinedup.impact.model import check_clusters
from joinedup.impact.multiplicity import benjamini_hochberg, romano_wolf
from joinedup.impact.planned import draws_of, is_exploratory, seed_of, weights_of
from joinedup.impact.two_way import did
from joinedup.impact.weighted_cells import add_up, gather
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result, Table, Value

_COLUMNS = (
    ("estimate", "Estimate"),
    ("p", "p, clustered"),
    ("p_romano_wolf", "p, Romano-Wolf"),
    ("p_benjamini_hochberg", "p, Benjamini-Hochberg"),
)


@dataclass(frozen=True, slots=True)
class _Scores:
    """Each site's part in the coefficient of an outcome: `score` by unit; their sum is 0 at the estimate."""

    units: npt.NDArray[np.generic]
    score: Array
    statistic: float


def multiplicity_result(study: Study) -> Result | None:
    """Romano-Wolf and Benjamini-Hochberg p values over the family of outcomes that [plan.impact] declares.

    None unless the plan asks for it. Raises NotComputable where fewer than two outcomes of the family can be tested.
    """
    scores: dict[str, _Scores] = {}

    def one(found: Sample) -> Own:
        fit = did(found.frame, OUTCOME, SITE, PERIOD, TREATED, weights=weights_of(study), children=CHILDREN)
        check_clusters(found.n_programme, found.n_comparison)
        if not is_exploratory(study, found.indicator):
            scores[found.indicator.id] = _scores(study, found)
        return Own({"estimate": fit.estimate, "p": fit.p, "family": int(not is_exploratory(study, found.indicator))})

    return design_result(study, "multiplicity", one, lambda found: _report(study, found, scores))


def _scores(study: Study, found: Sample) -> _Scores:
    sample = gather(found.frame, OUTCOME, SITE, PERIOD, TREATED, (), weights_of(study), CHILDREN)
    effects = Effects(sample)
    treated, outcome = effects(sample.columns * effects.root[:, None]).T
    square = float(treated @ treated)
    estimate = float(treated @ outcome) / square
    score = add_up((treated * (outcome - estimate * treated))[:, None], sample.unit, len(sample.units))[:, 0]
    return _Scores(sample.units, score, estimate * square / float(np.sqrt(score @ score)))


def _report(study: Study, found: Sequence[Found], scores: dict[str, _Scores]) -> Report:
    family = [each for each in found if each.sample.indicator.id in scores]
    if len(family) < 2:
        raise NotComputable(
            "Adjusting for several outcomes needs at least two that can be tested in the family that [plan.impact] "
            f"declares as `outcomes`; there {'is 1' if len(family) == 1 else 'are none'}."
        )
    own = [scores[each.sample.indicator.id] for each in family]
    stepped = romano_wolf([one.statistic for one in own], _draws(own, draws_of(study), seed_of(study)))
    ranked = benjamini_hochberg([_number(each.own.values["p"]) for each in family])
    values: dict[str, Value] = {"family": len(family), "below_5": int((stepped < 0.05).sum())}
    told = []
    for each, first, second in zip(family, stepped.tolist(), ranked.tolist(), strict=True):
        adjusted: dict[str, Value] = {"p_romano_wolf": first, "p_benjamini_hochberg": second}
        values |= {f"{each.part}.{key}": value for key, value in adjusted.items()}
        told.append(Found(each.sample, Own({**each.own.values, **adjusted})))
    others = [each for each in found if each not in family]
    return Report(_methods(study, len(family)), [_table(study, [*told, *others])], values, _parameters(study))


def _number(value: Value) -> float:
    return float(value) if isinstance(value, float | int) else float("nan")


def _draws(own: Sequence[_Scores], draws: int, seed: int) -> Array:
    """Studentised statistics under the null, draws x outcomes: a site's scores change sign together on all outcomes."""
    units = sorted({str(unit) for one in own for unit in one.units.tolist()})
    signs = np.random.default_rng(seed).integers(0, 2, (draws, len(units))) * 2.0 - 1.0
    columns = []
    for one in own:
        at = np.searchsorted(units, [str(unit) for unit in one.units.tolist()])
        columns.append(signs[:, at] @ one.score / np.sqrt(one.score @ one.score))
    return np.column_stack(columns)


def _methods(study: Study, family: int) -> str:
    return (
        f"{estimand_sentence(study)} The family of outcomes is the one that the analysis plan declares ({family} outcomes "
        "tested); outcomes outside it are exploratory and are not adjusted. Tested is that the programme changed nothing "
        "anywhere, by the two-way coefficient over its error clustered by site. Romano and Wolf (2005): step-down p, from "
        f"{draws_of(study):,} draws that change the signs of a site's scores on all outcomes together; it bounds the chance "
        "of any false finding. Benjamini and Hochberg (1995): bounds the expected share of false ones among the findings."
    )


def _parameters(study: Study) -> dict[str, Value]:
    return {"draws": draws_of(study), "seed": seed_of(study)}


def _table(study: Study, found: Sequence[Found]) -> Table:
    return summary_table(study, found, "Several outcomes, one family", _COLUMNS)
