"""Calibration: from measured values to set memberships.

Direct and indirect method: Ragin (2008), Redesigning social inquiry, chapter 5; totally fuzzy and relative: Cheli and
Lemmi (1995). Every anchor is a statement about the world: the study level asks for its reason.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from joinedup.study.hints import did_you_mean, shown
from joinedup.synthesis.qca.cases import Floats

METHODS = ("direct", "indirect", "crisp", "multi-value", "tfr")


def calibrate(
    values: Sequence[float], anchors: Sequence[float], method: str = "direct", membership: float = 0.95
) -> Floats:
    """The memberships of `values`.

    `direct`: anchors (full exclusion, crossover, full inclusion), falling where high values are out; logistic, with
    the membership `membership` at full inclusion. Six anchors (e, c, i, i, c, e) make a bell: full inside, out on both
    sides, straight in between. `indirect`: n rising thresholds put each case into one of n + 1 groups (0, 1/n, ..., 1),
    whose memberships a fractional logit in log x, root x, x and x squared then smooths. `crisp`: one threshold, 1 from it on. `multi-value`: rising
    thresholds, one value more than they are. `tfr` (totally fuzzy and relative): no anchors; the share of cases that
    lie no higher, from 0 at the lowest value.
    Raises ValueError for anchors that are out of order, and for values that are no finite numbers.
    """
    x = np.asarray(values, dtype=np.float64)
    points = np.asarray(list(anchors), dtype=np.float64)
    if method not in METHODS:
        raise ValueError(f"{shown(method)} is no method.{did_you_mean(method, METHODS)} They are {', '.join(METHODS)}.")
    if x.ndim != 1 or not len(x) or not np.isfinite(x).all():
        raise ValueError("values to calibrate are finite numbers, one a case; leave out a case that has none")
    if not np.isfinite(points).all():
        raise ValueError("anchors are finite numbers")
    if method == "direct":
        return _bell(x, points) if len(points) == 6 else _direct(x, points, membership)
    if method == "tfr":
        return _relative(x, points)
    _rising(points, method)
    if method == "indirect":
        return _indirect(x, points)
    if method == "crisp" and len(points) != 1:
        raise ValueError(f"crisp calibration has one threshold, not {len(points)}")
    return np.searchsorted(points, x, side="right").astype(np.float64)


def _direct(x: Floats, points: Floats, membership: float) -> Floats:
    if len(points) != 3 or not 0.5 < membership < 1:
        raise ValueError("direct calibration has three anchors: full exclusion, crossover, full inclusion")
    out, cross, full = map(float, points)
    if not (out < cross < full or out > cross > full):
        raise ValueError(f"the anchors {out:g}, {cross:g}, {full:g} neither rise nor fall: the crossover lies between")
    half = np.where((x - cross) * (full - cross) >= 0, full - cross, cross - out)
    log_odds: Floats = math.log(membership / (1 - membership)) * (x - cross) / half
    log_odds = np.clip(log_odds, -700.0, 700.0)  # beyond them the exponential overflows
    return 1.0 / (1.0 + np.exp(-log_odds))


def _bell(x: Floats, points: Floats) -> Floats:
    if (np.diff(points) < 0).any() or not (points[0] < points[1] < points[2] and points[3] < points[4] < points[5]):
        raise ValueError("the six anchors of a bell rise: out, crossover, in, and on the way down in, crossover, out")
    steps = np.array([0.0, 0.5, 1.0, 1.0, 0.5, 0.0])
    return np.asarray(np.interp(x, points, steps), dtype=np.float64)


def _rising(points: Floats, method: str) -> None:
    if not len(points) or (np.diff(points) <= 0).any():
        raise ValueError(f"the thresholds of {method} calibration rise, each once; there is at least one")


def _indirect(x: Floats, points: Floats) -> Floats:
    if (x < 0).any():
        raise ValueError("indirect calibration takes logarithms: values may not be negative")
    grouped = np.round(np.searchsorted(points, x, side="left") / len(points), 3)  # 0.333, as R QCA writes a third
    x = np.where(x == 0, 1e-5, x)
    design = np.stack([np.ones_like(x), np.log(x), np.sqrt(x), x, x**2], axis=1)
    scale = np.abs(design).max(axis=0)
    return _fractional_logit(design / np.where(scale > 0, scale, 1.0), grouped)


def _fractional_logit(design: Floats, y: Floats) -> Floats:
    """Fitted values by iteratively reweighted least squares, stopped as R's glm stops (Papke and Wooldridge 1996)."""
    from scipy.special import xlogy

    fitted: Floats = (y + 0.5) / 2
    linear, old = np.log(fitted / (1 - fitted)), math.inf
    for _ in range(25):
        weight = fitted * (1 - fitted)
        root = np.sqrt(weight)
        working = linear + (y - fitted) / weight
        linear = design @ np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        fitted = 1.0 / (1.0 + np.exp(-np.clip(linear, -34.5, 34.5)))  # from 1e-15 to 1 - 1e-15
        deviance = 2 * float((xlogy(y, y / fitted) + xlogy(1 - y, (1 - y) / (1 - fitted))).sum())
        if abs(deviance - old) / (abs(deviance) + 0.1) < 1e-8:
            break
        old = deviance
    return fitted


def _relative(x: Floats, points: Floats) -> Floats:
    if len(points):
        raise ValueError("totally fuzzy and relative calibration has no anchors")
    share = np.searchsorted(np.sort(x), x, side="right") / len(x)
    lowest = float(share.min())
    if lowest == 1.0:
        raise ValueError("all values are the same: they make no set")
    return np.maximum(0.0, (share - lowest) / (1.0 - lowest))
