"""Candidate themes by clusters of passages that mean alike, with a sentence-embedding model that lies on this machine.

Spherical k-means (Dhillon and Modha 2001, Machine Learning 42, 143-175) over the vectors of the units; starts as in
k-means++ (Arthur and Vassilvitskii 2007). A cluster is a suggestion: whether it is a theme, a person says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable, UsageError
from joinedup.study.result import Row, Table
from joinedup.texts.model import Corpus
from joinedup.texts.turns import Unit, units

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]
Encoder = Callable[[Sequence[str]], "Vectors"]
_FEWEST_WORDS = 10
_SHOWN = 5
_STARTS, _ROUNDS = 10, 100


def encoder(folder: Path) -> Encoder:
    """The model in `folder`, as the package sentence-transformers saves one. Nothing is downloaded.

    Raises UsageError where the package is not installed or the folder holds no model.
    """
    if not (folder / "modules.json").is_file():
        raise UsageError(f"{folder} holds no sentence-embedding model (modules.json). Models are never downloaded.")
    try:
        from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]
    except ImportError:
        raise UsageError(
            "A sentence-embedding model needs the package sentence-transformers, which joinedup does not install: "
            "`pip install sentence-transformers`."
        ) from None
    model = SentenceTransformer(str(folder), local_files_only=True, trust_remote_code=False)
    return lambda words: model.encode(list(words), show_progress_bar=False, convert_to_numpy=True)


def candidate_themes(study: Study, encode: Encoder, k: int, seed: int = 0) -> Table:
    """`k` clusters of turns and paragraphs of ten words or more: size, people, sites, and the units nearest the middle.

    One row a shown unit. Raises NotComputable where there are fewer than 5 units a cluster.
    """
    corpus = Corpus(study)
    every = [
        (text, unit)
        for text in study.texts.texts
        for unit in units(text, corpus.labels.get(text.id, {}), corpus.has_speakers(text))
        if len(text.content[unit.start : unit.end].split()) >= _FEWEST_WORDS
    ]
    if k < 2 or len(every) < _SHOWN * k:
        raise NotComputable(f"{len(every)} turns and paragraphs of ten words are too few for {k} clusters.")
    vectors = _unit_length(encode([text.content[unit.start : unit.end] for text, unit in every]))
    labels, middles = clusters(vectors, k, seed)
    rows: list[Row] = []
    for number in range(k):
        own = [index for index, label in enumerate(labels) if label == number]
        near = sorted(own, key=lambda index, n=number: (-float(vectors[index] @ middles[n]), index))[:_SHOWN]  # type: ignore[misc]
        people = len({every[index][1].person for index in own} - {""})
        sites = len({every[index][0].site for index in own} - {""})
        rows += [(number + 1, len(own), people, sites, *_place(every[index][1], study), "") for index in near]
    names = ("cluster", "units", "people", "sites", "text", "start", "end", "quote", "accepted_by")
    title = "Clusters of passages: suggestions of a model until a person accepts them"
    return Table("clusters", title, tuple((name, name.replace("_", " ").capitalize()) for name in names), tuple(rows))


def _place(unit: Unit, study: Study) -> tuple[str, int, int, str]:
    return unit.text, unit.start, unit.end, study.text_by_id[unit.text].content[unit.start : unit.end].strip()


def _unit_length(vectors: Vectors) -> Vectors:
    import numpy as np

    found = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.where(lengths > 0, lengths, 1.0)


def clusters(vectors: Vectors, k: int, seed: int) -> tuple[tuple[int, ...], Vectors]:
    """The cluster of each row (0 is the largest) and the middles, k x dimensions: the best of ten starts.

    `vectors` have length 1; closeness is their product.
    """
    import numpy as np

    draw = np.random.default_rng(seed)
    best, most = None, -np.inf
    for _ in range(_STARTS):
        middles = _start(vectors, k, draw)
        labels = np.argmax(vectors @ middles.T, axis=1)
        for _ in range(_ROUNDS):
            middles = _unit_length(np.stack([_middle(vectors, labels, n, middles) for n in range(k)]))
            now = np.argmax(vectors @ middles.T, axis=1)
            if np.array_equal(now, labels):
                break
            labels = now
        held = float((vectors * middles[labels]).sum())
        if held > most + 1e-9:
            best, most = (labels, middles), held
    assert best is not None
    labels, middles = best
    order = sorted(range(k), key=lambda n: (-int((labels == n).sum()), n))
    rank = {old: new for new, old in enumerate(order)}
    return tuple(rank[int(label)] for label in labels), middles[order]


def _middle(vectors: Vectors, labels: NDArray[np.intp], number: int, before: Vectors) -> Vectors:
    """The sum of a cluster; an empty one stays where it was."""
    own = vectors[labels == number]
    found: Vectors = own.sum(axis=0) if len(own) else before[number]
    return found


def _start(vectors: Vectors, k: int, draw: np.random.Generator) -> Vectors:
    """k rows, each drawn with chances that grow with how far it is from those drawn before."""
    import numpy as np

    chosen = [int(draw.integers(len(vectors)))]
    while len(chosen) < k:
        far = np.clip(1 - (vectors @ vectors[chosen].T).max(axis=1), 0, None)
        far[chosen] = 0
        chances = far / far.sum() if far.sum() > 0 else np.full(len(vectors), 1 / len(vectors))
        chosen.append(int(draw.choice(len(vectors), p=chances)))
    return vectors[chosen]
