"""The analysis impact.specification-curve: the estimate under every defensible choice, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from joinedup.impact.cells import PERIOD, Sample, cells, lag_of
from joinedup.impact.designs import Found, Own, Report, design_result, estimand_sentence, name_of, summary_table
from joinedup.impact.headline import ESTIMATOR, Headline, headline
from joinedup.impact.planned import codings, recoded, weights_of
from joinedup.impact.specifications import SpecificationCurve, specification_curve
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result, Row, Table, Value

OUT, IN = "left out", "in the comparison"
_HEADS = {
    "coding": "Dates of adoption",
    "lag": "Lag in months",
    "excluded": "Sites with a reason for exclusion",
    "before": "Periods before",
}
_COLUMNS = (
    ("specifications", "Specifications"),
    ("different", "Different estimates"),
    ("refused", "Refused"),
    ("median", "Median"),
    ("low", "Smallest"),
    ("high", "Largest"),
    ("above_zero", "Above 0"),
    ("clear", "Intervals without 0"),
    ("with_interval", "With an interval"),
)
ALL = 0
"""As a number of periods before: all of them."""


def specification_curve_result(study: Study) -> Result | None:
    """The estimate under the plan's codings, lags, exclusions and base periods; None unless the plan asks for it.

    Raises NotComputable where every outcome is refused.
    """
    return design_result(
        study, "specification-curve", lambda found: _one(study, found), lambda found: _report(study, found)
    )


def choices(study: Study) -> Mapping[str, Sequence[str | int]]:
    """What is varied: codings by id, lags in months, excluded sites, periods before (0: all)."""
    plan = study.plan("impact")
    excluded = any(site.excluded and not site.is_programme for site in study.sites)
    lags = dict.fromkeys([lag_of(study), *(int(lag) for lag in plan.get("lag_varied", ()))])
    return {
        "coding": [coding.id for coding in codings(study)],
        "lag": list(lags),
        "excluded": [OUT, IN] if excluded else [OUT],
        "before": list(dict.fromkeys([ALL, *(int(number) for number in plan.get("before_varied", ()))])),
    }


def _one(study: Study, found: Sample) -> Own:
    curve = _curve(study, found)
    values: dict[str, Value] = {
        "specifications": len(curve.table),
        "different": int(curve.table["estimate"].round(12).nunique()),
        "refused": len(curve.refused),
        "median": curve.median,
        "low": curve.low,
        "high": curve.high,
        "above_zero": int((curve.table["estimate"] > 0).sum()),
        "same_sign": curve.same_sign,
        "clear": curve.clear,
        "with_interval": curve.with_interval,
    }
    for row in curve.table.to_dict("records"):
        stem = f"spec_{row['rank']}"
        values |= {f"{stem}.{name}": row[name] for name in ("estimate", "low", "high", "coding", "lag", "excluded")}
        values[f"{stem}.before"] = row["before"]
    for choice, options in choices(study).items():
        for option in options:
            values |= _option(curve, choice, option, study)
    told = []
    if len(curve.refused):
        reasons = " ".join(dict.fromkeys(curve.refused["reason"].tolist()))
        told.append(f"{len(curve.refused)} combinations are refused: {reasons}")
    return Own(values, tuple(told))


def _curve(study: Study, found: Sample) -> SpecificationCurve:
    by_id = {coding.id: coding for coding in codings(study)}

    @cache
    def changed(coding: str, excluded: str) -> Study:
        return recoded(study, by_id[coding], excluded == IN)

    @cache
    def sample(coding: str, lag: int, excluded: str) -> Sample:
        return cells(changed(coding, excluded), found.indicator, lag)

    def estimate(coding: str, lag: int, excluded: str, before: int) -> Headline:
        taken = sample(coding, lag, excluded)
        frame = taken.frame
        if before:
            if before > len(taken.before):
                raise NotComputable(f"there are no {before} periods before the programme began.")
            frame = frame[frame[PERIOD] >= taken.before[-before]]
        return headline(frame, weights_of(study))

    return specification_curve(choices(study), estimate, weights_of(study))


def _option(curve: SpecificationCurve, choice: str, option: str | int, study: Study) -> dict[str, Value]:
    """The estimates of the specifications that take `option`."""
    rows = curve.table[curve.table[choice] == option]["estimate"]
    stem = _stem(study, choice, option)
    if not len(rows):
        return {f"{stem}.specifications": 0}
    return {
        f"{stem}.specifications": len(rows),
        f"{stem}.median": float(rows.median()),
        f"{stem}.low": float(rows.min()),
        f"{stem}.high": float(rows.max()),
    }


def _stem(study: Study, choice: str, option: str | int) -> str:
    if choice == "excluded":
        return "excluded_in" if option == IN else "excluded_out"
    if choice == "coding":
        return f"coding_{[coding.id for coding in codings(study)].index(str(option)) + 1}"
    return "before_all" if choice == "before" and option == ALL else f"{choice}_{option}"


def _report(study: Study, found: Sequence[Found]) -> Report:
    varied = [_HEADS[name].lower() for name, options in choices(study).items() if len(options) > 1]
    return Report(
        f"{estimand_sentence(study)} Every curve holds this one estimand. Estimator: {ESTIMATOR}. Varied, in all "
        f"combinations: {', '.join(varied)} (Simonsohn, Simmons and Nelson 2020). The specifications share their data: "
        "the counts describe, they are no test. Where a start has fewer than 10 sites there is an estimate without an "
        "interval.",
        [
            summary_table(study, found, "The estimate under every choice", _COLUMNS),
            *(_options(study, each) for each in found),
            *(_specifications(study, each) for each in found),
        ],
    )


def _options(study: Study, each: Found) -> Table:
    rows: list[Row] = []
    keys = []
    for choice, options in choices(study).items():
        for option in options if len(options) > 1 else ():
            names = [f"{_stem(study, choice, option)}.{name}" for name in ("specifications", "median", "low", "high")]
            rows.append((_HEADS[choice], _said(study, choice, option), *(each.own.values.get(name) for name in names)))
            keys.append(("", "", *(f"{each.part}.{name}" for name in names)))
    heads = (
        ("choice", "Choice"),
        ("option", "Option"),
        ("number", "Specifications"),
        ("median", "Median estimate"),
        ("low", "Smallest"),
        ("high", "Largest"),
    )
    title = f"{name_of(study, each)}: what moves the estimate"
    return Table(f"options-{each.part.replace('_', '-')}", title, heads, tuple(rows), keys=tuple(keys))


def _said(study: Study, choice: str, option: str | int) -> str:
    if choice == "coding":
        return next(coding.label for coding in codings(study) if coding.id == option)
    if choice == "before":
        return "all" if option == ALL else f"the last {option}" if option != 1 else "the last one"
    return str(option)


def _specifications(study: Study, each: Found) -> Table:
    rows: list[Row] = []
    keys = []
    for stem in _stems(each.own.values):
        names = [f"{stem}.{name}" for name in ("estimate", "low", "high")]
        chosen = [_said(study, name, _given(each.own.values[f"{stem}.{name}"])) for name in _HEADS]
        rows.append((*chosen, *(each.own.values[name] for name in names)))
        keys.append(("", "", "", "", *(f"{each.part}.{name}" for name in names)))
    heads = (*_HEADS.items(), ("estimate", "Estimate"), ("low", "95% from"), ("high", "to"))
    title = f"{name_of(study, each)}: all specifications, by estimate"
    return Table(f"curve-{each.part.replace('_', '-')}", title, heads, tuple(rows), keys=tuple(keys))


def _stems(values: Mapping[str, Value]) -> Iterator[str]:
    for key in values:
        if key.startswith("spec_") and key.endswith(".estimate"):
            yield key.removesuffix(".estimate")


def _given(value: Value) -> str | int:
    return value if isinstance(value, str | int) else ""
