"""A real sentence-embedding model by path: passages that mean alike fall together. Skips where none is installed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from joinedup.adapters.embeddings import clusters, encoder

MODEL = os.environ.get("JOINEDUP_TEST_SENTENCE_MODEL", "")
FOOD = ("The soup was too hot to eat.", "She baked bread for the whole street.", "Lunch was rice, beans and fruit.")
MONEY = ("The budget was cut by a tenth.", "We had no funding after the second year.", "The grant paid two salaries.")


def test_a_real_model_parts_two_subjects() -> None:
    if not MODEL:
        pytest.skip("JOINEDUP_TEST_SENTENCE_MODEL names no folder of a sentence-embedding model")
    pytest.importorskip("sentence_transformers")
    found = np.asarray(encoder(Path(MODEL))([*FOOD, *MONEY]), dtype=np.float64)
    assert found.shape[0] == len(FOOD) + len(MONEY)
    labels, _ = clusters(found / np.linalg.norm(found, axis=1, keepdims=True), 2, 0)
    assert len(set(labels[: len(FOOD)])) == len(set(labels[len(FOOD) :])) == 1
    assert labels[0] != labels[-1]
