"""The analysis impact.event-study: differences by period before and after the start, for every planned outcome."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, Sample, outcomes
from joinedup.impact.event_effects import event_study
from joinedup.impact.model import EventStudyFit
from joinedup.impact.planned import estimand, weights_of
from joinedup.impact.references import cited
from joinedup.impact.words import (
    FEW,
    SMALL_COHORT,
    SPELT_OUT,
    common_caveats,
    inputs_of,
    periods_phrase,
    refused_table,
    sample_sentence,
    samples,
    sources_of,
    span,
    trusted,
    unit_of,
)
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value

_COLUMNS = (("relative", "Periods from the start"), ("estimate", "Difference"), ("low", "95% from"), ("high", "to"))


def event_study_result(study: Study) -> Result | None:
    """Interaction-weighted event study with errors clustered by site, for the planned outcomes.

    None where the study has no outcome. Raises NotComputable where every outcome is refused.
    """
    if not outcomes(study):
        return None
    fits: dict[str, EventStudyFit] = {}

    def keep(found: Sample) -> None:
        try:
            fits[found.indicator.id] = event_study(
                found.frame, OUTCOME, SITE, PERIOD, ADOPTED, weights=weights_of(study), children=CHILDREN
            )
        except NotComputable as reason:
            raise NotComputable(f"{found.indicator.label}: {reason}") from None

    taken, refused = samples(study, keep)
    if not taken:
        raise NotComputable(" ".join(refused))
    values: dict[str, Value] = {}
    tables = []
    for found in taken:
        own = _values(found, fits[found.indicator.id])
        values |= own
        tables.append(_table(found, own))
    values |= {
        "indicators": len(taken),
        "refused": len(refused),
        "periods_after": max(len(fit.after) for fit in fits.values()),
        **_before(values),
    }
    methods = _methods(study, taken, fits)
    return make_result(
        "impact.event-study",
        values,
        methods,
        inputs_of(study),
        tables=(*tables, refused_table(refused)) if refused else tuple(tables),
        parameters={"weights": weights_of(study)},
        sources=sources_of(taken),
        caveats=tuple(_caveats(study, taken, refused, fits)),
        references=cited(methods),
    )


def _before(values: dict[str, Value]) -> dict[str, Value]:
    """On how many indicators the test of the differences before could be made, and on how many it rejects."""
    found = [value for key, value in values.items() if key.endswith(".pretrend_p") and isinstance(value, float)]
    return {"tested_before": len(found), "apart_before": sum(p < 0.05 for p in found)}


def _values(found: Sample, fit: EventStudyFit) -> dict[str, Value]:
    part = key_part(found.indicator.id)
    few = min(found.n_programme, found.n_comparison) < FEW
    values: dict[str, Value] = {}
    for relative, term in fit.terms.items():
        name = f"{part}.before_{-relative}" if relative < 0 else f"{part}.after_{relative}"
        interval = trusted(found, term)
        values |= {f"{name}.estimate": term.estimate, f"{name}.low": interval["low"], f"{name}.high": interval["high"]}
    return values | {
        f"{part}.n_after": len(fit.after),
        f"{part}.pretrend_p": None if few else fit.pretrend_p,
        f"{part}.n_programme": found.n_programme,
        f"{part}.n_comparison": found.n_comparison,
        f"{part}.cohorts": len(fit.cohorts),
    }


def _table(found: Sample, values: dict[str, Value]) -> Table:
    part = key_part(found.indicator.id)
    rows: list[Row] = []
    keys = []
    for stem in [key.removesuffix(".estimate") for key in values if key.endswith(".estimate")]:
        side, _, distance = stem.removeprefix(f"{part}.").partition("_")
        names = [f"{stem}.{name}" for name in ("estimate", "low", "high")]
        rows.append((int(distance) * (-1 if side == "before" else 1), *(values[name] for name in names)))
        keys.append(("", *names))
    return Table(
        f"event-study-{part.replace('_', '-')}",
        f"{found.indicator.label}: differences from the last period before the start ({unit_of(found)})",
        _COLUMNS,
        tuple(rows),
        "0 is the first treated period; -1, the last before it, is the reference. Periods without data are gaps.",
        tuple(keys),
    )


def _methods(study: Study, taken: Sequence[Sample], fits: dict[str, EventStudyFit]) -> str:
    staggered = any(len(fit.cohorts) > 1 for fit in fits.values())
    how = (
        "each group of sites with the same start has its own coefficients, averaged by the groups' numbers of sites (Sun and "
        "Abraham 2021), so that no site treated earlier is a comparison"
        if staggered
        else "all sites share one start"
    )
    return (
        f"Estimand: how much {estimand(study)} of the programme had changed, by periods from its first treated one, since "
        "the last period before, beyond the comparison. Estimator: least squares with site and period effects; "
        f"{how}. Errors are clustered by site; a joint F test asks whether all differences before the start are 0. Treated "
        f"periods with data: {_after(taken, fits)}. {sample_sentence(study, taken)}"
    )


def _after(taken: Sequence[Sample], fits: dict[str, EventStudyFit]) -> str:
    numbers = [len(fits[found.indicator.id].after) for found in taken]
    if len(taken) > SPELT_OUT:
        return span(numbers)
    return "; ".join(f"{periods_phrase(n)} after: {f.indicator.label}" for n, f in zip(numbers, taken, strict=True))


def _caveats(
    study: Study, taken: Sequence[Sample], refused: Sequence[str], fits: dict[str, EventStudyFit]
) -> list[str]:
    told = common_caveats(study, taken, refused)
    for found in taken:
        fit = fits[found.indicator.id]
        small = sorted(size for size in fit.cohorts.values() if size < SMALL_COHORT)
        if small and min(found.n_programme, found.n_comparison) >= FEW:
            told.append(
                f"{found.indicator.label}: cohorts of {', '.join(map(str, small))} sites make these intervals too narrow "
                "and the joint test too quick to reject; the randomisation p of the difference in differences does not "
                "lean on them."
            )
        if fit.pretrend_p is None and len(fit.before) > 0:
            told.append(f"{found.indicator.label}: too few sites for a joint test of the differences before the start.")
    return told
