"""Panels as users hold them: other types of column mean the same in every design, and what has no meaning is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from joinedup.impact import (
    bacon,
    did,
    dose_response,
    event_study,
    group_time,
    imputation,
    randomization_test,
    site_effects,
    sun_abraham,
    synthetic_did,
    wild_cluster_bootstrap,
)
from joinedup.study.problems import NotComputable

KEYS = ("rate", "Area", "Year")


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """30 areas over 2010-2017; ten begin in 2014, ten in 2016, ten never."""
    random = np.random.default_rng(1)
    grid = [(f"area {i:02d}", 2010 + t, [2014.0, 2016.0, np.nan][i // 10]) for i in range(30) for t in range(8)]
    frame = pd.DataFrame(grid, columns=["Area", "Year", "begun"])
    on = (frame["Year"] >= frame["begun"]).astype(int)
    score = frame["Area"].str[-2:].astype(float) % 7
    return frame.assign(on=on, score=score, rate=on + 0.3 * (frame["Year"] - 2010) + random.normal(0, 0.5, len(frame)))


def _event(panel: pd.DataFrame) -> list[float]:
    return [term.estimate for term in event_study(panel, *KEYS, "begun").terms.values()]


BY_START: dict[str, Callable[[pd.DataFrame], npt.ArrayLike]] = {
    "event study": _event,
    "group-time": lambda p: group_time(p, *KEYS, "begun").estimates.tolist(),
    "randomisation": lambda p: randomization_test(p, *KEYS, "begun", draws=19).estimate,
    "interaction-weighted": lambda p: sun_abraham(p, *KEYS, "begun").overall,
    "imputation": lambda p: imputation(p, *KEYS, "begun").overall,
    "site effects": lambda p: site_effects(p, *KEYS, "begun").table["effect"].tolist(),
    "dose": lambda p: dose_response(p, *KEYS, "begun", "score", draws=19).slope,
}
BY_TREATMENT: dict[str, Callable[[pd.DataFrame], npt.ArrayLike]] = {
    "two-way": lambda p: did(p, *KEYS, "on").estimate,
    "wild bootstrap": lambda p: wild_cluster_bootstrap(p, *KEYS, "on", draws=99).statistic,
    "decomposition": lambda p: bacon(p, *KEYS, "on").estimate,
    "synthetic DiD": lambda p: synthetic_did(p, *KEYS, "on").estimate,
}
SAME: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "other order": lambda p: p.sample(frac=1, random_state=2),
    "other index": lambda p: p.set_index(pd.Index(np.arange(len(p)) * 7 + 3)),
    "infinite for never": lambda p: p.assign(begun=p["begun"].fillna(np.inf)),
    "later than the last period for never": lambda p: p.assign(begun=p["begun"].fillna(10_000).astype(int)),
    "nullable whole numbers": lambda p: p.assign(begun=p["begun"].astype("Int64"), on=p["on"].astype("Int64")),
    "None in a column of objects": lambda p: p.assign(begun=p["begun"].astype(object).where(p["begun"].notna(), None)),
    "text of numbers": lambda p: p.assign(
        begun=p["begun"].map(lambda start: "" if np.isnan(start) else f"{start:g}"), Year=p["Year"].astype(str)
    ),
    "periods as floats": lambda p: p.assign(Year=p["Year"].astype(float)),
    "categories": lambda p: p.assign(Area=p["Area"].astype("category")),
    "treated as truth values": lambda p: p.assign(on=p["on"] == 1),
    "nullable outcome": lambda p: p.assign(rate=p["rate"].astype("Float64")),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", SAME)
@pytest.mark.parametrize("design", [*BY_START, *BY_TREATMENT])
def test_the_same_panel_in_other_clothes_gives_the_same(design: str, kind: str, panel: pd.DataFrame) -> None:
    estimate = (BY_START | BY_TREATMENT)[design]
    np.testing.assert_allclose(
        np.asarray(estimate(SAME[kind](panel)), dtype=float),
        np.asarray(estimate(panel), dtype=float),
        rtol=1e-9,
        atol=1e-10,
    )


REFUSED: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "dates": (lambda p: p.assign(Year=pd.to_datetime(p["Year"].astype(str))), "not text or dates: it holds 2010"),
    "pandas periods": (lambda p: p.assign(Year=pd.PeriodIndex(p["Year"].astype(str), freq="Y")), "not text or dates"),
    "school years": (lambda p: p.assign(Year=p["Year"].astype(str) + "/x"), "it holds “2010/x”"),
    "starts as dates": (
        lambda p: p.assign(begun=pd.to_datetime(p["begun"].fillna(2014), format="%Y")),
        "begun must hold",
    ),
    "0 for never": (lambda p: p.assign(begun=p["begun"].fillna(0)), "leave it empty"),
    "a start in some rows only": (lambda p: p.assign(begun=p["begun"].where(p["Year"] > 2012)), "changes from period"),
    "an infinite outcome": (lambda p: p.assign(rate=p["rate"].where(p.index != 4, np.inf)), "infinite value"),
    "an outcome of words": (lambda p: p.assign(rate="high"), "must hold numbers; it holds “high”"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("design", BY_START)
def test_what_has_no_one_meaning_is_refused_in_the_same_words(design: str, kind: str, panel: pd.DataFrame) -> None:
    change, words = REFUSED[kind]
    with pytest.raises(NotComputable, match=words):
        BY_START[design](change(panel))


def test_an_event_study_counts_whole_periods(panel: pd.DataFrame) -> None:
    with pytest.raises(NotComputable, match="whole numbers apart"):
        event_study(panel.assign(begun=panel["begun"] + 0.5), *KEYS, "begun")


@pytest.mark.parametrize("design", ["two-way", "wild bootstrap"])
def test_a_treatment_is_0_before_and_1_after(design: str, panel: pd.DataFrame) -> None:
    run = BY_TREATMENT[design]
    with pytest.raises(NotComputable, match=r"never changes within a unit.*at some time is not enough"):
        run(panel.assign(on=panel["begun"].notna()))
    with pytest.raises(NotComputable, match=r"must hold 0 and 1; it also holds 0\.5"):
        run(panel.assign(on=panel["on"] / 2))
    with pytest.raises(NotComputable, match="must hold numbers; it holds “no”"):
        run(panel.assign(on=panel["on"].map({0: "no", 1: "yes"})))


@pytest.mark.parametrize("design", [*BY_START, *BY_TREATMENT])
def test_rows_must_have_one_place(design: str, panel: pd.DataFrame) -> None:
    run = (BY_START | BY_TREATMENT)[design]
    with pytest.raises(ValueError, match="Area area 00 in Year 2010, the first of 1"):
        run(pd.concat([panel, panel.iloc[:1]]))
    with pytest.raises(ValueError, match="a row has no Area or no Year"):
        run(panel.assign(Area=panel["Area"].where(panel.index != 4)))
    with pytest.raises(NotComputable):
        run(panel.iloc[:0])
