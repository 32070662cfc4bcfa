"""Whether a factor model measures alike in several groups: configural, metric and scalar invariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats, group_codes, same_index
from joinedup.survey.confirmatory import (
    chosen_items,
    factor_pattern,
    loading_pattern,
    model_items,
    sample_of,
    start_loadings,
)
from joinedup.survey.covariance_structure import FIXED, Pattern, Sample, fit
from joinedup.survey.model_fit import baseline, cfi, log_likelihood, p_value, rmsea

STEPS = ("configural", "metric", "scalar")


def measurement_invariance(data: Any, model: Mapping[str, Sequence[Any]], group: Any) -> pd.DataFrame:
    """Three nested multi-group factor models with means (Meredith 1993, Psychometrika 58), one row each.

    "configural": the same items on the same factors; "metric": loadings alike in all groups; "scalar": intercepts too
    (factor variances and means are then free in all groups but the first). `data` and `model` as in `cfa`, `group` one
    value a row; rows with a blank are left out. Columns: chi2, df, p, cfi, rmsea, bic, and against the row above
    chi2_change, df_change, p_change, cfi_change. Raises NotComputable with fewer than two groups, or where a group can't
    carry the model (as `cfa`).
    """
    items = model_items(model)
    table = chosen_items(data, items)
    same_index(data=data, group=group)
    codes, labels = group_codes(group, len(table))
    if len(labels) < 2:
        raise NotComputable("A comparison of groups needs at least two of them.")
    samples = [
        sample_of(table[codes == code].dropna(), f"A factor model of group {label}")
        for code, label in enumerate(labels)
    ]
    found = pd.DataFrame([_step(samples, loading_pattern(model), step) for step in STEPS], index=list(STEPS))
    found["chi2_change"], found["df_change"] = found["chi2"].diff(), found["df"].diff()
    changes = zip(found["chi2_change"], found["df_change"], strict=True)
    found["p_change"] = [np.nan if np.isnan(df) else p_value(float(chi2), int(df)) for chi2, df in changes]
    found["cfi_change"] = found["cfi"].diff()
    return found


def _step(samples: Sequence[Sample], loads: Codes, step: str) -> dict[str, float | int | None]:
    patterns, count = _patterns(len(samples), loads, step)
    found = fit(samples, patterns, _start(samples, patterns, loads, count))
    p, n = len(loads), sum(sample.n for sample in samples)
    df = len(samples) * (p * (p + 1) // 2 + p) - count
    null = baseline(samples)
    return {
        "chi2": found.chi2,
        "df": df,
        "p": p_value(found.chi2, df),
        "cfi": cfi(found.chi2, df, null),
        "rmsea": rmsea(found.chi2, df, n, len(samples)),
        "bic": -2 * log_likelihood(samples, found.chi2) + count * float(np.log(n)),
    }


def _patterns(groups: int, loads: Codes, step: str) -> tuple[list[Pattern], int]:
    """Each group's parameter numbers: loadings shared from "metric" on, intercepts from "scalar" on."""
    p, m = loads.shape
    patterns: list[Pattern] = []
    count = 0
    for group in range(groups):
        shared = step != "configural" and group > 0
        if shared:
            loading = patterns[0].loading
        else:
            loading, count = np.where(loads == FIXED, FIXED, loads + count), count + p
        factor, count = factor_pattern(m, count, free_variances=shared)
        residual, count = np.arange(count, count + p), count + p
        if step == "scalar" and group > 0:
            intercept, means, count = patterns[0].intercept, np.arange(count, count + m), count + m
        else:
            intercept, means, count = np.arange(count, count + p), np.full(m, FIXED), count + p
        patterns.append(Pattern(loading, factor, residual, intercept, means))
    return patterns, count


def _start(samples: Sequence[Sample], patterns: Sequence[Pattern], loads: Codes, count: int) -> Floats:
    start = np.zeros(count)
    for sample, pattern in reversed(list(zip(samples, patterns, strict=True))):
        free = pattern.loading != FIXED
        start[pattern.loading[free]] = start_loadings(sample, loads)[np.nonzero(free)[0]]
        start[pattern.residual] = np.diag(sample.covariance) / 2
        start[pattern.intercept] = sample.mean
        variances = np.diag(pattern.factor)
        start[variances[variances != FIXED]] = 1.0
    return start
