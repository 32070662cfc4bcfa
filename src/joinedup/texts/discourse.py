"""Discourse contrast: which words tell one group's speech from another's (Monroe, Colaresi and Quinn 2008).

Weighted log-odds ratio with a Dirichlet prior: "Fightin' Words: Lexical feature selection and evaluation for
identifying the content of political conflict", Political Analysis 16(4), 372-403, equations 15 to 22.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Counts: TypeAlias = Mapping[str, int]
Prior: TypeAlias = float | Mapping[str, float]
Floats: TypeAlias = npt.NDArray[np.float64]


def contrast(counts_a: Counts, counts_b: Counts, prior: Prior = 0.01) -> pd.DataFrame:
    """The words of two groups, those of the first group on top.

    `counts_a`, `counts_b`: how often each group uses each word. `prior`: pseudo-counts, one number for every word
    (uninformative) or one for each word (see `informative_prior`); words that neither group uses are left out of it.

    Returns a frame with one row a word, sorted by z from the highest, then by word: `word`, `log_odds` (difference
    of the two groups' smoothed log-odds), `z` (that by its standard error), `se`, `count_a`, `count_b`, `prior`.
    Results move with the prior, so its mass stands in `frame.attrs["prior_mass"]`. Raises ValueError where a group
    has no word, a count is negative, or the prior of a word is not above 0.
    """
    import pandas as pd

    words = sorted({word for counts in (counts_a, counts_b) for word, count in counts.items() if count})
    a, b = _numbers(counts_a, words), _numbers(counts_b, words)
    given = _prior(prior, words)
    if not a.sum() or not b.sum():
        raise ValueError("A group without words can't be contrasted.")
    if len(words) < 2:
        raise ValueError("A contrast of word use needs at least two different words.")
    log_odds = _log_odds(a, given) - _log_odds(b, given)
    se = np.sqrt(1 / (a + given) + 1 / (b + given))
    columns = {"word": words, "log_odds": log_odds, "z": log_odds / se, "se": se}
    frame = pd.DataFrame({**columns, "count_a": a.astype(int), "count_b": b.astype(int), "prior": given})
    frame = frame.sort_values(["z", "word"], ascending=[False, True], ignore_index=True)
    frame.attrs["prior_mass"] = float(given.sum())
    return frame


def _numbers(counts: Counts, words: Sequence[str]) -> Floats:
    found = np.array([counts.get(word, 0) for word in words], dtype=float)
    if not (np.isfinite(found) & (found >= 0)).all():
        raise ValueError("A word occurs no time or more often: every count is a number of 0 or more.")
    return found


def _prior(prior: Prior, words: Sequence[str]) -> Floats:
    given = dict(prior.items()) if hasattr(prior, "items") else dict.fromkeys(words, prior)
    found = np.array([given.get(word, 0.0) for word in words], dtype=float)
    if not (np.isfinite(found) & (found > 0)).all():
        raise ValueError("The prior of every word that a group uses must be a number above 0.")
    return found


def _log_odds(counts: Floats, prior: Floats) -> Floats:
    mass = counts.sum() + prior.sum()
    found: Floats = np.log((counts + prior) / (mass - counts - prior))
    return found


def informative_prior(counts: Counts, mass: float) -> dict[str, float]:
    """A prior of `mass` pseudo-counts in all, shared out as `counts` (those of all groups together) are.

    It draws common words towards no difference, so that function words lead a contrast less often.
    """
    total = sum(counts.values())
    return {word: mass * count / total for word, count in counts.items() if count}


def contrasts(counts: Mapping[str, Counts], prior: Prior = 0.01) -> dict[str, pd.DataFrame]:
    """Every group against all others together, as `contrast` gives it (`count_b`: the others)."""
    total = added(counts.values())
    return {group: contrast(own, _without(total, own), prior) for group, own in counts.items()}


def added(counts: Iterable[Counts]) -> Counter[str]:
    """Counts added up."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total


def _without(total: Counts, own: Counts) -> dict[str, int]:
    return {word: count - own.get(word, 0) for word, count in total.items()}


def dispersion(word: str, parts: Sequence[Counts]) -> float | None:
    """How unevenly `word` lies over `parts` (texts, or speakers): Gries's deviation of proportions.

    Half the summed differences between each part's share of the word and its share of all words: 0 where the word is
    spread as speech is, near 1 where one small part holds all of it. None where the word does not occur.
    Gries (2008), International Journal of Corpus Linguistics 13(4), 403-437.
    """
    sizes = np.array([sum(part.values()) for part in parts], dtype=float)
    found = np.array([part.get(word, 0) for part in parts], dtype=float)
    if not found.sum():
        return None
    return float(np.abs(found / found.sum() - sizes / sizes.sum()).sum() / 2)
