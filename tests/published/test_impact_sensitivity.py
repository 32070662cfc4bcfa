"""Published numbers of the Bacon decomposition (castle doctrine) and of HonestDiD (the Medicaid example of its README)."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from joinedup.impact import bacon, honest_did
from joinedup.impact.sensitivity import breakdown_value

pytestmark = pytest.mark.shared

RELATIVE = {0.5: (0.0241, 0.0673), 1.0: (0.0171, 0.0720), 1.5: (0.00859, 0.0796), 2.0: (-0.00107, 0.0883)}
"""github.com/asheshrambachan/HonestDiD, README: C-LF, on a grid with steps of 0.00037."""

SMOOTHNESS = {  # the same README, FLCI, three printed digits
    0.0: (0.0259, 0.0607),
    0.01: (0.0132, 0.0787),
    0.02: (0.00286, 0.0907),
    0.03: (-0.00714, 0.101),
    0.04: (-0.0171, 0.111),
    0.05: (-0.0271, 0.121),
}
CLOSED = {  # the closed form of the fixed-length interval, six digits
    0.0: (0.025971, 0.060715),
    0.01: (0.013175, 0.078684),
    0.02: (0.002834, 0.090739),
    0.03: (-0.007165, 0.100738),
}


def medicaid(shared: Path) -> tuple[list[float], list[list[float]]]:
    found = json.loads((shared / "acceptance/impact/medicaid_ehec/event_study.json").read_text(encoding="utf-8"))
    return found["b"], found["V"]


@pytest.mark.parametrize("bound", RELATIVE)
def test_relative_magnitudes_equal_the_readme(shared: Path, bound: float) -> None:
    found = honest_did(*medicaid(shared), 5, 2, "relative", bound)
    assert (found.lower, found.upper) == pytest.approx(RELATIVE[bound], abs=6e-4)


@pytest.mark.parametrize("bound", SMOOTHNESS)
def test_smoothness_equals_the_readme(shared: Path, bound: float) -> None:
    found = honest_did(*medicaid(shared), 5, 2, "smoothness", bound)
    assert (found.lower, found.upper) == pytest.approx(SMOOTHNESS[bound], abs=5e-4)
    if bound in CLOSED:
        assert (found.lower, found.upper) == pytest.approx(CLOSED[bound], abs=1e-6)


def test_breakdown_values(shared: Path) -> None:
    """README: for relative magnitudes a little below 2, 1.945 by the line between its lower ends at 1.5 and 2 (a step of
    its grid is 0.02 of the bound); for smoothness 0 comes in between 0.02 and 0.03."""
    assert breakdown_value(*medicaid(shared), 5, 2) == pytest.approx(1.945, abs=0.02)
    assert 0.02 < breakdown_value(*medicaid(shared), 5, 2, "smoothness") < 0.03


def test_castle_decomposition_equals_the_vignette(shared: Path) -> None:
    """cran.r-project.org/web/packages/bacondecomp/vignettes/bacon.html; the sum is the two-way coefficient."""
    panel = pd.read_csv(shared / "acceptance/impact/castle/castle.csv")
    found = bacon(panel, "l_homicide", "state", "year", "post")
    parts = {row.kind: (row.weight, row.estimate) for row in found.table.itertuples()}
    assert parts["earlier against later treated"] == pytest.approx((0.05976, -0.00554), abs=1e-5)
    assert parts["later against earlier treated"] == pytest.approx((0.03190, 0.07032), abs=1e-5)
    assert parts["treated against never treated"] == pytest.approx((0.90834, 0.08796), abs=1e-5)
    assert found.estimate == pytest.approx(0.0818116169306475, abs=1e-12)
    assert sum(part.weight for part in found.comparisons) == pytest.approx(1.0, abs=1e-12)
    top = max(found.comparisons, key=lambda part: part.weight)
    assert (top.treated, top.weight, top.estimate) == (2006, pytest.approx(0.5923947), pytest.approx(0.06823587))
