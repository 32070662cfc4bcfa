"""Texts as counts of a vocabulary, and covariates as a design matrix."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from joinedup.texts.words import FUNCTION_WORDS, words

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Integers: TypeAlias = npt.NDArray[np.intp]
Covariates: TypeAlias = "Mapping[str, Sequence[Any]] | pd.DataFrame | npt.NDArray[Any] | Sequence[Any] | None"

FEWEST_TEXTS = 2
"""A word of fewer texts than this tells no topic from another."""


@dataclass(frozen=True)
class Counted:
    """The words of `texts` texts: `document`, `word`, `count` hold one entry for each word of each text, by text.

    `used` are the places, among all texts given, of those with at least one word of the vocabulary.
    """

    vocabulary: tuple[str, ...]
    document: Integers
    word: Integers
    count: Floats
    used: Integers

    @property
    def texts(self) -> int:
        return len(self.used)

    @cached_property
    def _starts(self) -> Integers:
        return np.searchsorted(self.document, np.arange(self.texts + 1))

    def by_text(self, values: Floats) -> Floats:
        """Sums of entries' `values` (entries x anything) by text."""
        found: Floats = np.add.reduceat(values, self._starts[:-1], axis=0)
        return found

    def matrix(self, values: Floats) -> Any:
        """Entries' `values` as a sparse matrix, texts x words."""
        from scipy.sparse import csr_matrix

        return csr_matrix((values, self.word, self._starts), shape=(self.texts, len(self.vocabulary)))


_ENDINGS = (("ies", "y"), ("'s", ""), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))
_NO_PLURALS = ("ss", "us", "is", "news")
_SHORTEST = 3


def base_forms(found: Collection[str]) -> dict[str, str]:
    """Inflected words -> the form that they count as: the word without -s, -es, -'s, -ed or -ing where it occurs too.

    The rule invents no stem that nobody said, so that every word shown is a word of the texts.
    """
    known = {word for word in found if len(word) >= _SHORTEST and word not in FUNCTION_WORDS}
    bases = {}
    for word in sorted(found):
        if word.endswith(_NO_PLURALS):
            continue
        forms = (word.removesuffix(end) + instead for end, instead in _ENDINGS if word.endswith(end))
        base = next((form for form in forms if form in known), None)
        if base is not None:
            bases[word] = base
    return bases


def count_words(texts: Sequence[Any], keep: Collection[str] = ()) -> Counted:
    """Words of at least two texts, without function words; those of `keep` (seeds) stay where they occur at all.

    Inflected forms count as their base form (`base_forms`).
    """
    if any(not (isinstance(text, str) or missing(text)) for text in texts):
        raise ValueError("A text is one string of words.")
    told = [words(text) if isinstance(text, str) else [] for text in texts]
    bases = base_forms({word for said in told for word in said})
    counted = [Counter(bases.get(word, word) for word in said) for said in told]
    spread = Counter(word for found in counted for word in found)
    wanted = {w for w, n in spread.items() if (n >= FEWEST_TEXTS and len(w) > 1 and w not in FUNCTION_WORDS)}
    vocabulary = tuple(sorted(wanted | (spread.keys() & set(keep))))
    place = {word: at for at, word in enumerate(vocabulary)}
    entries: list[tuple[int, int, int]] = []
    used: list[int] = []
    for at, found in enumerate(counted):
        own = sorted((place[word], n) for word, n in found.items() if word in place)
        if own:
            entries += [(len(used), word, n) for word, n in own]
            used.append(at)
    table = np.array(entries, dtype=np.intp).reshape(len(entries), 3)
    return Counted(vocabulary, table[:, 0], table[:, 1], table[:, 2].astype(float), np.array(used, dtype=np.intp))


def missing(value: Any) -> bool:
    """None, NaN, and what pandas writes for missing."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def design(covariates: Covariates, texts: int) -> tuple[tuple[str, ...], Floats]:
    """Names and columns of the covariates, with the intercept first.

    Numbers are taken as they are; words become one 0/1 column a category, but for the first in their order (`name:
    category`). Raises ValueError where a column has another length, a number is missing, or columns depend on each
    other.
    """
    names = ["(Intercept)"]
    columns: list[Floats] = [np.ones(texts)]
    for name, given in _named(covariates):
        values = list(given)
        if len(values) != texts:
            raise ValueError(f"Covariate {name!r} has {len(values)} values for {texts} texts.")
        for label, column in _columns(name, values):
            names.append(label)
            columns.append(column)
    matrix = np.column_stack(columns)
    if not np.isfinite(matrix).all():
        raise ValueError("A covariate has a missing value: leave the text out, or give it a category of its own.")
    if texts and np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise ValueError("The covariates depend on each other: leave one out.")
    return tuple(names), matrix


def _named(covariates: Any) -> list[tuple[str, Sequence[Any]]]:
    """The columns by name; those of an array are called x1, x2 and so on."""
    if covariates is None:
        return []
    if isinstance(covariates, Mapping) or hasattr(covariates, "columns"):
        return [(str(name), list(values)) for name, values in covariates.items()]
    name = str(getattr(covariates, "name", None) or "x1")
    rows = np.asarray(covariates, dtype=object)
    if rows.ndim > 2 or any(isinstance(row, Mapping) for row in rows[:1]):
        raise ValueError("Covariates are columns by name, a value a text.")
    columns = rows.reshape(len(rows), -1).T
    names = [name, *(f"x{at}" for at in range(2, len(columns) + 1))]
    return list(zip(names, (column.tolist() for column in columns), strict=True))


def _columns(name: str, values: list[Any]) -> list[tuple[str, Floats]]:
    if not any(isinstance(value, str) for value in values):
        return [(name, np.array([np.nan if missing(value) else value for value in values], dtype=float))]
    if any(missing(value) for value in values):
        return [(name, np.full(len(values), np.nan))]
    kinds = sorted(set(map(str, values)))
    return [(f"{name}: {kind}", np.array([str(v) == kind for v in values], dtype=float)) for kind in kinds[1:]]
