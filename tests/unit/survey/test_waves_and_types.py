"""Imputation, change between waves, proportional odds and the typology of sites. Data are SIMULATED or by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from joinedup.study.problems import NotComputable
from joinedup.survey import estimate_imputed, gower, impute, proportional_odds, typology, wave_change


def incomplete(n: int = 200, seed: int = 1) -> pd.DataFrame:
    """SIMULATED: y follows x, and is blank more often where x is high."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=n)
    y = 2 + x + draw.normal(size=n) / 2
    return pd.DataFrame({"x": x, "z": draw.normal(size=n), "y": np.where((x > 0) & (draw.random(n) < 0.6), np.nan, y)})


def mean_of_y(frame: pd.DataFrame) -> tuple[float, float]:
    return float(frame["y"].mean()), float(frame["y"].var() / len(frame))


def test_imputed_answers_are_answers_that_were_given() -> None:
    frame = incomplete()
    copies = impute(frame, seed=3, imputations=3, cycles=2)
    blank = frame["y"].isna()
    for copy in copies:
        assert set(copy.loc[blank, "y"]) <= set(frame["y"].dropna())
        pd.testing.assert_frame_equal(copy.loc[~blank], frame.loc[~blank])
    assert not copies[0].equals(copies[1])


def test_the_same_seed_gives_the_same_imputations() -> None:
    once, again = impute(incomplete(), 5, 2, 2), impute(incomplete(), 5, 2, 2)
    assert all(a.equals(b) for a, b in zip(once, again, strict=True))
    assert not once[0].equals(impute(incomplete(), 6, 2, 2)[0])


def test_imputation_repairs_what_complete_cases_get_wrong() -> None:
    """The mean of y is 2; the complete rows miss the high ones."""
    found = estimate_imputed(incomplete(600), mean_of_y, seed=1, imputations=10, df_complete=599)
    assert found.complete_estimate < 1.85
    assert found.pooled.estimate == pytest.approx(2, abs=0.12)
    assert found.pooled.between > 0
    assert (found.rows, found.imputations, found.seed) == (600, 10, 1)
    assert found.complete_rows == incomplete(600)["y"].notna().sum()


def test_imputation_refused() -> None:
    frame = incomplete(30)
    with pytest.raises(NotComputable, match="impute from: y"):
        impute(frame.assign(y=[1.0] * 9 + [np.nan] * 21), seed=1)
    with pytest.raises(NotComputable, match="rows are complete"):
        estimate_imputed(frame.assign(y=[1.0] * 9 + [np.nan] * 21), mean_of_y, seed=1)
    with pytest.raises(ValueError, match="two imputations"):
        impute(frame, seed=1, imputations=1)


def waves() -> pd.DataFrame:
    """Four sites; in each one person of both waves (up by 1) and one of each wave alone (up by 3)."""
    rows = []
    for n, site in enumerate("abcd"):
        rows += [("w1", site, f"{site}1", 2 + n), ("w2", site, f"{site}1", 3 + n)]
        rows += [("w1", site, f"{site}2", 1 + n), ("w2", site, f"{site}3", 4 + n)]
    return pd.DataFrame(rows, columns=["wave", "site", "person", "score"])


def test_change_of_panel_and_cross_section_apart() -> None:
    found = wave_change(waves(), "w1", "w2")
    assert found.everyone.estimate == pytest.approx(2)
    assert found.panel is not None
    assert found.cross_section is not None
    assert (found.panel.estimate, found.cross_section.estimate) == pytest.approx((1, 3))
    assert found.everyone.these.se == 0  # all four sites are there
    assert found.by_site.loc["a", ["people_first", "people_second", "people_both"]].tolist() == [2, 2, 1]
    assert wave_change(waves(), "w2", "w1").everyone.estimate == pytest.approx(-2)


def test_agencies_count_alike_where_they_are_given() -> None:
    more = pd.DataFrame({"wave": "w2", "site": "a", "person": [f"n{i}" for i in range(8)], "score": 9.0})
    scores = pd.concat([waves().assign(agency="h"), more.assign(agency="s")], ignore_index=True)
    found = wave_change(scores, "w1", "w2").by_site.loc["a", "second"]
    assert found == pytest.approx((3.5 + 9) / 2)


def test_sites_of_one_wave_are_named_and_left_out() -> None:
    scores = waves()
    scores = scores[~((scores["site"] == "d") & (scores["wave"] == "w2"))]
    found = wave_change(scores, "w1", "w2", population=5)
    assert (found.only_first, found.only_second) == (("d",), ())
    assert found.everyone.these.n == 3


def test_change_refused() -> None:
    with pytest.raises(NotComputable, match="there are 2"):
        wave_change(waves()[lambda f: f["site"].isin(["a", "b"])], "w1", "w2")
    with pytest.raises(ValueError, match="two scores in a wave"):
        wave_change(pd.concat([waves(), waves()]), "w1", "w2")
    with pytest.raises(ValueError, match="no column person"):
        wave_change(waves().drop(columns="person"), "w1", "w2")
    panel_only = waves()[lambda f: f["person"].str.endswith("1")]
    assert wave_change(panel_only, "w1", "w2").cross_section is None


def test_two_answers_are_a_logit_by_hand() -> None:
    """x = 0: 10 of 20 high; x = 1: 15 of 20 high. The log odds ratio is log 3, its variance 1/10+1/10+1/5+1/15."""
    y, x = [0] * 10 + [1] * 10 + [0] * 5 + [1] * 15, [0] * 20 + [1] * 20
    found = proportional_odds(y, x)
    assert found.terms["estimate"].tolist() == pytest.approx([np.log(3)], abs=1e-7)
    assert found.terms["se"].tolist() == pytest.approx([(0.2 + 1 / 5 + 1 / 15) ** 0.5], abs=1e-6)
    turned = proportional_odds([-answer for answer in y], x)
    assert turned.terms["estimate"].tolist() == pytest.approx([-np.log(3)], abs=1e-7)


def test_only_the_order_of_answers_matters() -> None:
    draw = np.random.default_rng(2)
    x, site = draw.normal(size=90), np.repeat([1, 2, 3], 30)
    y = np.digitize(x + draw.logistic(size=90), [-1, 0, 1])
    once, again = proportional_odds(y, x, site), proportional_odds(np.exp(y), x, site)
    assert again.terms["estimate"].tolist() == pytest.approx(once.terms["estimate"].tolist())


def test_a_site_where_all_are_at_the_top_says_nothing() -> None:
    draw = np.random.default_rng(3)
    y, x = draw.integers(1, 4, 60), draw.normal(size=60)
    site = np.repeat(["a", "b", "c"], 20)
    with_top = proportional_odds(np.append(y, [3] * 5), np.append(x, [0.0] * 5), np.append(site, ["top"] * 5))
    assert with_top.left_out == ("top",)
    alone = proportional_odds(y, x, site)
    assert with_top.terms["estimate"].tolist() == pytest.approx(alone.terms["estimate"].tolist())


def test_proportional_odds_refused() -> None:
    y, x = [1, 2] * 20, np.repeat([0, 1], 20)
    with pytest.raises(NotComputable, match="separated perfectly by: x"):
        proportional_odds(np.repeat([1, 2], 20), x)
    with pytest.raises(NotComputable, match="at least 10 rows"):
        proportional_odds([1, 2, 3], [1, 2, 1])
    with pytest.raises(NotComputable, match="at least 10 rows with two different"):
        proportional_odds([1] * 40, x)
    with pytest.raises(NotComputable, match="can't be told apart"):
        proportional_odds(y, np.column_stack([x, x]))


def three_kinds() -> pd.DataFrame:
    kind = np.repeat([0, 1, 2], [14, 12, 10])
    draw = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "joint": kind * 2 + draw.normal(size=36) / 10,
            "formal": np.where(kind == 1, "yes", "no"),
            "noise": draw.normal(size=36),
        },
        index=[f"s{n:02}" for n in range(36)],
    )


def test_gower_by_hand() -> None:
    """Numbers over the range 4, text equal or not, a blank left out of its pairs."""
    frame = pd.DataFrame({"n": [1.0, 3, 5], "t": ["x", "x", None], "b": [True, False, False]})
    found = gower(frame).to_numpy()
    assert found[0, 1] == pytest.approx((0.5 + 0 + 1) / 3)
    assert found[0, 2] == pytest.approx((1 + 1) / 2)
    assert found[1, 2] == pytest.approx((0.5 + 0) / 2)
    assert np.allclose(found, found.T)
    assert (np.diag(found) == 0).all()


@pytest.mark.parametrize("method", ["average", "pam"])
def test_three_kinds_of_sites_are_found_and_stable(method: str) -> None:
    frame = three_kinds()
    found = typology(frame, 3, method=method, bootstraps=50)  # type: ignore[arg-type]
    assert found.types.tolist() == [1] * 14 + [2] * 12 + [3] * 10
    assert (found.stability > 0.85).all()
    assert found.silhouette > 0.5
    assert found.items.index[-1] == "noise"
    assert found.items.loc["formal", ["type 1", "type 2", "type 3"]].tolist() == ["no", "yes", "no"]
    assert found.items.loc["formal", "strength"] == pytest.approx(1)


def test_types_do_not_depend_on_the_order_of_sites_or_answers() -> None:
    frame = three_kinds()
    once = typology(frame, 3, bootstraps=5).types
    again = typology(frame.sample(frac=1, random_state=2)[["noise", "joint", "formal"]], 3, bootstraps=5).types
    assert again[frame.index].tolist() == once.tolist()


def test_the_same_seed_gives_the_same_stability() -> None:
    frame = three_kinds().assign(joint=0.0)
    once, again = (typology(frame, 4, seed=3, bootstraps=20).stability for _ in range(2))
    assert once.tolist() == again.tolist()


def test_typology_refused() -> None:
    frame = three_kinds()
    with pytest.raises(NotComputable, match="at least 10 sites; there are 9"):
        typology(frame.head(9), 2)
    with pytest.raises(NotComputable, match="do not differ enough"):
        typology(frame[["formal"]], 2)
    with pytest.raises(NotComputable, match="no answer in common"):
        gower(pd.DataFrame({"a": [1, None], "b": [None, 2]}))
    with pytest.raises(ValueError, match="k is at least 2"):
        typology(frame, 1)
