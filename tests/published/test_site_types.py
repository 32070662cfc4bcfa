"""Gower's distances, average linkage, PAM and silhouettes against R's cluster 2.1 (daisy, pam, silhouette) and hclust."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from joinedup.survey import gower, typology

SITES = pd.DataFrame(
    {
        "a": [-0.84, 1.38, np.nan, 0.07, 1.71, -0.6, -0.47, -0.64, -0.29, 0.14, 1.23, -0.8, -1.08, -0.16],
        "b": [1.52, 0.04, 0.79, 3.48, 1.28, 1.28, 0.63, 1.76, 0.38, 2.18, 0.59, 0.27, 1.23, 0.13],
        "f": list("xzxzzyxzzzyxyy"),
        "l": list("ynynnnyynynynn"),
    }
)
"""SIMULATED answers of 14 sites: two numbers, one blank, and two categories."""


def test_distances_of_mixed_answers() -> None:
    found = gower(SITES).to_numpy()[:3, :6]
    wanted = [
        [0, 0.8064828707, 0.07073643411, 0.7239830791, 0.7459364841, 0.5389472368],
        [0.80648287072, 0, 0.73934108527, 0.3673835125, 0.1196861715, 0.5175356339],
        [0.07073643411, 0.7393410853, 0, 0.9273255814, 0.7141472868, 0.7141472868],
    ]
    assert np.allclose(found, wanted, atol=6e-11)


@pytest.mark.parametrize("method", ["average", "pam"])
def test_three_types(method: str) -> None:
    """cutree(hclust(daisy(d, "gower"), "average"), 3) and pam(daisy(d, "gower"), 3) agree on these sites."""
    found = typology(SITES, 3, method=method, bootstraps=5)  # type: ignore[arg-type]
    theirs = [1, 2, 1, 2, 2, 3, 1, 1, 2, 1, 3, 1, 3, 3]
    assert found.types.tolist() == theirs
    assert found.silhouette == pytest.approx(0.5392012367, abs=6e-11)
