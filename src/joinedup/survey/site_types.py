"""A typology of sites from their answers: Gower distances, clusters, how stable they are, what makes them differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats

LEAST_SITES = 10
Method = Literal["average", "pam"]


@dataclass(frozen=True)
class Typology:
    """Each site's type (1 is the largest), by `method` from Gower's distances.

    `silhouette` is the mean width (near 1: apart; near 0: no types). `stability` is, by type, the mean Jaccard
    similarity with its nearest type in bootstrap samples of the sites: below .6 a type should not be believed, from .75
    it is stable (Hennig 2007). `items` has a row for each answer: strength (eta squared for numbers, Cramer's V squared
    otherwise), then its mean or commonest answer in each type; the strongest first.
    """

    types: pd.Series[int]
    silhouette: float
    stability: pd.Series[float]
    items: pd.DataFrame
    distances: pd.DataFrame
    method: Method
    seed: int
    bootstraps: int


def gower(frame: pd.DataFrame) -> pd.DataFrame:
    """Gower's (1971, Biometrics 27) distances of rows: the mean over answers of 0 to 1.

    Numbers: the difference over the range of the column; anything else (text, categories, True and False): 0 if equal,
    1 if not. A blank leaves that answer out for that pair. Raises NotComputable where two sites share no answer.
    """
    n = len(frame)
    total, known = np.zeros((n, n)), np.zeros((n, n))
    for name in frame.columns:
        both, away = _column_distance(frame[name])
        total, known = total + np.where(both, away, 0.0), known + both
    if (known == 0).any():
        first, second = divmod(int((known == 0).argmax()), n)
        raise NotComputable(f"{frame.index[first]} and {frame.index[second]} have no answer in common.")
    return pd.DataFrame(total / known, index=frame.index, columns=frame.index)


def _is_number(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def _column_distance(column: pd.Series[Any]) -> tuple[Any, Floats]:
    if _is_number(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        spread = float(np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else 0.0
        away = np.abs(values[:, None] - values[None, :]) / (spread or 1.0)
        return np.isfinite(away), np.nan_to_num(away)
    codes = pd.factorize(column)[0]
    return (codes[:, None] >= 0) & (codes[None, :] >= 0), (codes[:, None] != codes[None, :]).astype(float)


def typology(
    answers: pd.DataFrame, k: int, method: Method = "average", seed: int = 1, bootstraps: int = 200
) -> Typology:
    """`k` types of sites (rows of `answers`, indexed by site; columns as in `gower`).

    "average": agglomeration by average linkage (Sokal & Michener 1958); "pam": partition around medoids (Kaufman &
    Rousseeuw 1990). Stability: sites are drawn with replacement `bootstraps` times from `seed`, typed again, and each
    type compared with its nearest among the sites drawn (Hennig 2007, Computational Statistics & Data Analysis 52).
    Raises NotComputable with fewer than 10 sites, where all sites answer alike, or more types than different sites;
    ValueError for k below 2 or an unknown method.
    """
    if k < 2 or method not in ("average", "pam"):
        raise ValueError("k is at least 2, method 'average' or 'pam'")
    if len(answers) < LEAST_SITES:
        raise NotComputable(f"A typology needs at least {LEAST_SITES} sites; there are {len(answers)}.")
    distances = gower(answers)
    matrix = distances.to_numpy()
    if len(np.unique(np.round(matrix, 12), axis=0)) <= k:
        raise NotComputable(f"The sites' answers do not differ enough for {k} types.")
    own = _by_size(_clusters(matrix, k, method))
    return Typology(
        pd.Series(own + 1, index=answers.index, name="type"),
        silhouette(matrix, own),
        pd.Series(_stability(matrix, own, k, method, seed, bootstraps), index=range(1, k + 1), name="stability"),
        _distinguishing(answers, own, k),
        distances,
        method,
        seed,
        bootstraps,
    )


def _clusters(matrix: Floats, k: int, method: Method) -> Codes:
    if method == "pam":
        return _around_medoids(matrix, k)
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    tree = linkage(squareform(matrix, checks=False), method="average")
    return np.asarray(fcluster(tree, k, criterion="maxclust"), dtype=np.intp) - 1


def _around_medoids(matrix: Floats, k: int) -> Codes:
    """PAM: medoids are added greedily, then swapped while a swap shortens the total distance."""
    medoids = [int(matrix.sum(axis=1).argmin())]
    while len(medoids) < k:
        nearest = matrix[:, medoids].min(axis=1)
        medoids.append(int(np.minimum(matrix, nearest[:, None]).sum(axis=0).argmin()))
    cost = matrix[:, medoids].min(axis=1).sum()
    improved = True
    while improved:
        improved = False
        for place in range(k):
            rest = [m for i, m in enumerate(medoids) if i != place]
            nearest = matrix[:, rest].min(axis=1)
            totals = np.minimum(matrix, nearest[:, None]).sum(axis=0)
            if totals.min() < cost - 1e-12:
                medoids[place], cost, improved = int(totals.argmin()), totals.min(), True
    return np.asarray(matrix[:, sorted(medoids)].argmin(axis=1), dtype=np.intp)


def _by_size(codes: Codes) -> Codes:
    """The largest cluster is 0; of two alike in size, the one whose first site comes first."""
    labels, first, size = np.unique(codes, return_index=True, return_counts=True)
    order = np.lexsort((first, -size))
    rank = {int(labels[old]): new for new, old in enumerate(order)}
    return np.array([rank[int(code)] for code in codes], dtype=np.intp)


def silhouette(matrix: Floats, codes: Codes) -> float:
    """The mean silhouette width (Rousseeuw 1987); 0 for a site alone in its type."""
    indicator = np.eye(codes.max() + 1)[codes]
    sizes = indicator.sum(axis=0)
    sums = matrix @ indicator
    rows = np.arange(len(codes))
    inner = sums[rows, codes] / np.maximum(sizes[codes] - 1, 1)
    means = sums / sizes
    means[rows, codes] = np.inf
    outer = means.min(axis=1)
    largest = np.maximum(inner, outer)
    width = np.where((sizes[codes] > 1) & (largest > 0), (outer - inner) / np.where(largest > 0, largest, 1.0), 0.0)
    return float(width.mean())


def _stability(matrix: Floats, own: Codes, k: int, method: Method, seed: int, bootstraps: int) -> Floats:
    draw, n = np.random.default_rng(seed), len(own)
    similar: list[list[float]] = [[] for _ in range(k)]
    for _ in range(bootstraps):
        drawn = np.sort(draw.integers(0, n, size=n))
        again = _clusters(matrix[np.ix_(drawn, drawn)], k, method)
        sites, place = np.unique(drawn, return_index=True)
        found = again[place]
        for kind in range(k):
            members = own[sites] == kind
            if members.any():
                similar[kind].append(max(_jaccard(members, found == other) for other in np.unique(found)))
    return np.array([np.mean(part) if part else np.nan for part in similar])


def _jaccard(a: Any, b: Any) -> float:
    return float((a & b).sum() / (a | b).sum())


def _distinguishing(answers: pd.DataFrame, own: Codes, k: int) -> pd.DataFrame:
    rows = {}
    for name in answers.columns:
        column = answers[name].reset_index(drop=True)
        known = column.notna().to_numpy()
        parts = [column[known & (own == kind)] for kind in range(k)]
        if _is_number(column):
            rows[name] = (_eta_squared(parts), *(part.mean() if len(part) else None for part in parts))
        else:
            rows[name] = (_cramer(column[known], own[known]), *(_commonest(part) for part in parts))
    columns = ["strength", *(f"type {kind + 1}" for kind in range(k))]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return found.sort_values("strength", ascending=False, kind="stable")


def _commonest(part: pd.Series[Any]) -> Any:
    return part.value_counts(sort=False).sort_index().idxmax() if len(part) else None


def _eta_squared(parts: list[pd.Series[Any]]) -> float:
    """The share of a number's variance that lies between types."""
    everything = pd.concat(parts).to_numpy(dtype=float)
    total = float(((everything - everything.mean()) ** 2).sum())
    within = sum(float(((part.to_numpy(dtype=float) - part.mean()) ** 2).sum()) for part in parts if len(part))
    return 1 - within / total if total > 0 else 0.0


def _cramer(column: pd.Series[Any], own: Codes) -> float:
    """Cramer's (1946) V squared: chi-square over n times the smaller number of categories less one."""
    table = pd.crosstab(column.to_numpy(), own).to_numpy(dtype=float)
    least = min(table.shape) - 1
    if least < 1:
        return 0.0
    n = table.sum()
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    return float(((table - expected) ** 2 / expected).sum() / (n * least))
