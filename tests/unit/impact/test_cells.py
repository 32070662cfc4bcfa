"""The cell table and difference in differences on it: equal to the children's rows, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import joinedup.impact
from joinedup.impact import cell_table, did, event_study, group_time
from joinedup.impact.model import TooFewClusters
from joinedup.impact.sufficient_statistics import expression
from joinedup.study.problems import NotComputable, UsageError


def children(rows: int = 20_000, sites: int = 24, seed: int = 3, treated_sites: int = 8) -> pd.DataFrame:
    """SIMULATED children in sites of unequal size; covariates that move with the programme."""
    random = np.random.default_rng(seed)
    site = random.choice(sites, rows, p=random.dirichlet(np.ones(sites) * 3))
    period = random.integers(2001, 2009, rows)
    treated = ((site < treated_sites) & (period >= 2005)).astype("int8")
    age = random.integers(0, 18, rows) + treated
    girl = random.random(rows) < 0.5 - 0.2 * treated
    shock = random.normal(0, 0.3, (sites, 8))[site, period - 2001]
    y = (
        50
        + site * 0.2
        + (period - 2001) * 0.1
        + shock
        + 0.3 * treated
        + 0.05 * age
        - 0.2 * girl
        + random.normal(size=rows)
    )
    return pd.DataFrame({"site": site, "year": period, "y": y, "treated": treated, "age": age, "girl": girl})


def on_rows(rows: pd.DataFrame, covariates: tuple[str, ...], weights: str | None = None):
    import pyfixest

    given = rows.astype({"girl": float})
    formula = f"y ~ {' + '.join(('treated', *covariates))} + C(year) | site"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyfixest.feols(formula, given, vcov={"CRV1": "site"}, weights=weights)


@pytest.mark.parametrize("covariates", [(), ("age", "girl"), ("girl",)])
def test_cells_give_the_rows_coefficient_error_and_p(covariates: tuple[str, ...]) -> None:
    rows = children()
    found = did(
        cell_table(rows, "site", "year", "y", "treated", covariates), "y", "site", "year", "treated", covariates
    )
    peer = on_rows(rows, covariates)
    assert found.estimate == pytest.approx(peer.coef()["treated"], abs=1e-10)
    assert found.se == pytest.approx(peer.se()["treated"], abs=1e-10)
    assert found.p == pytest.approx(peer.pvalue()["treated"], abs=1e-10)
    for name in covariates:
        assert found.covariates[name].estimate == pytest.approx(peer.coef()[name], abs=1e-10)
        assert found.covariates[name].se == pytest.approx(peer.se()[name], abs=1e-10)
    assert (found.n_children, found.n_units, found.n_treated, found.n_comparison) == (20_000, 24, 8, 16)
    assert found.estimand == "the average child"


def test_treatment_may_differ_between_the_children_of_a_cell() -> None:
    rows = children()
    rows["treated"] = (rows["treated"] == 1) & (rows["age"] > 5)
    cells = cell_table(rows, "site", "year", "y", "treated", ("age",))
    peer = on_rows(rows.astype({"treated": int}), ("age",))
    found = did(cells, "y", "site", "year", "treated", ("age",))
    assert found.estimate == pytest.approx(peer.coef()["treated"], abs=1e-10)
    assert found.se == pytest.approx(peer.se()["treated"], abs=1e-10)
    with pytest.raises(NotComputable, match="no single treatment"):
        did(cells, "y", "site", "year", "treated", weights="site")


def test_the_average_site_is_another_estimand() -> None:
    """The mean of each cell once: equal to the frame of means; with covariates, children weighted by 1/n of their cell."""
    rows = children()
    means = rows.groupby(["site", "year"], as_index=False)[["y", "treated"]].mean()
    cells = cell_table(rows, "site", "year", "y", "treated", ("age", "girl"))
    found = did(cells, "y", "site", "year", "treated", weights="site")
    plain = did(means, "y", "site", "year", "treated")
    assert (found.estimate, found.se) == (pytest.approx(plain.estimate, abs=1e-11), pytest.approx(plain.se, abs=1e-11))
    assert found.estimand == plain.estimand == "the average site"
    rows["w"] = 1 / rows.groupby(["site", "year"])["y"].transform("size")
    both = did(cells, "y", "site", "year", "treated", ("age", "girl"), weights="site")
    assert both.estimate == pytest.approx(on_rows(rows, ("age", "girl"), "w").coef()["treated"], abs=1e-10)


def test_a_frame_with_counts_gives_the_average_child() -> None:
    rows = children()
    means = rows.groupby(["site", "year"], as_index=False).agg(
        y=("y", "mean"), treated=("treated", "max"), n=("y", "size")
    )
    found = did(means, "y", "site", "year", "treated", weights="child")
    peer = on_rows(rows, ())
    assert found.estimate == pytest.approx(peer.coef()["treated"], abs=1e-10)
    assert found.se == pytest.approx(peer.se()["treated"], abs=1e-10)


def test_sums_are_those_of_pandas_and_whole_numbers_are_exact() -> None:
    rows = children().assign(y=lambda f: (f["y"] * 1e7).astype("int64") + 2**30)
    frame = cell_table(rows, "site", "year", "y", "treated", ("age",)).frame
    grouped = rows.astype(object).assign(yy=rows["y"].astype(object) ** 2, ay=rows["age"].astype(object) * rows["y"])
    plain = grouped.groupby(["site", "year", "treated"])[["y", "yy", "ay"]].agg("sum").reset_index()
    for mine, theirs in (("sum_y", "y"), ("sum_yy", "yy"), ("sum_x1_y", "ay")):
        assert [int(v) for v in frame[mine]] == [int(v) for v in plain[theirs]]
    assert frame["n"].sum() == len(rows)


def test_a_path_a_folder_a_frame_and_an_ibis_table_give_the_same_cells(tmp_path: Path) -> None:
    rows = children(2_000)
    rows.to_parquet(tmp_path / "all.parquet")
    folder = tmp_path / "parts" / "deep"
    folder.mkdir(parents=True)
    rows[:700].to_parquet(folder / "a.parquet")
    rows[700:].to_parquet(tmp_path / "parts" / "b.parquet")
    sources = (tmp_path / "all.parquet", str(tmp_path / "all.parquet"), tmp_path / "parts", rows, ibis.memtable(rows))
    tables = [joinedup.impact.cell_table(source, "site", "year", "y", "treated", ("age", "girl")) for source in sources]
    own = cell_table(
        tmp_path / "all.parquet", "site", "year", "y", "treated", ("age", "girl"), engine=ibis.duckdb.connect()
    )
    for table in (*tables, own):
        pd.testing.assert_frame_equal(table.frame, tables[0].frame, rtol=1e-12, check_dtype=False)
        assert table.digest == tables[0].digest


def test_rows_with_something_missing_are_left_out_and_counted() -> None:
    rows = children(3_000).astype({"age": "Float64"})
    rows.loc[:9, "y"] = np.nan
    rows.loc[5:19, "age"] = pd.NA
    cells = cell_table(rows, "site", "year", "y", "treated", ("age",))
    assert (cells.left_out, cells.n_children) == (20, 2_980)
    assert not cells.frame.isna().any(axis=None)


def test_a_covariate_without_cross_products_is_refused_because_means_are_wrong() -> None:
    cells = cell_table(children(), "site", "year", "y", "treated", ("age",))
    with pytest.raises(NotComputable, match="no cross products of girl"):
        did(cells, "y", "site", "year", "treated", ("age", "girl"))


def test_clusters_finer_than_cells_and_effects_of_children_are_refused() -> None:
    cells = cell_table(children(), "site", "year", "y", "treated")
    with pytest.raises(NotComputable, match="finer than cells need the rows"):
        did(cells, "y", "child", "year", "treated")
    with pytest.raises(NotComputable, match="hold y, not z"):
        did(cells, "z", "site", "year", "treated")


def test_suppressed_cells_are_refused_never_filled_in() -> None:
    from dataclasses import replace

    cells = cell_table(children(), "site", "year", "y", "treated")
    frame = cells.frame.astype({"n": float})
    frame.loc[3, ["n", "sum_y", "sum_yy"]] = np.nan
    with pytest.raises(NotComputable, match="1 of 192 cells have no count or sum"):
        did(replace(cells, frame=frame), "y", "site", "year", "treated")
    means = frame.assign(y=frame["sum_y"] / frame["n"]).dropna().assign(n=lambda f: f["n"].astype(object))
    means.iloc[0, means.columns.get_loc("n")] = "c"
    with pytest.raises(NotComputable, match="have no number of children"):
        did(means, "y", "unit", "period", "treated", weights="child")


def test_frames_without_counts_and_wrong_weights_are_refused() -> None:
    means = children().groupby(["site", "year"], as_index=False)[["y", "treated"]].mean()
    with pytest.raises(NotComputable, match="no column n"):
        did(means, "y", "site", "year", "treated", weights="child")
    with pytest.raises(NotComputable, match="whole numbers above 0"):
        did(means.assign(n=0.5), "y", "site", "year", "treated", weights="child")
    with pytest.raises(ValueError, match="weights must be"):
        did(means, "y", "site", "year", "treated", weights="population")


def test_collinear_covariates_are_refused_by_name() -> None:
    rows = children().assign(twice=lambda f: f["age"] * 2)
    cells = cell_table(rows, "site", "year", "y", "treated", ("age", "twice"))
    with pytest.raises(NotComputable, match="from") as refused:
        did(cells, "y", "site", "year", "treated", ("age", "twice"))
    assert "twice" in str(refused.value)
    assert "age," not in str(refused.value)


def test_sources_that_are_none_are_refused(tmp_path: Path) -> None:
    for source, words in ((tmp_path / "no.parquet", "no file"), (tmp_path, "no Parquet file"), (7, "not from a int")):
        with pytest.raises(UsageError, match=words):
            cell_table(source, "site", "year", "y", "treated")
    (tmp_path / "rows.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="convert it first"):
        cell_table(tmp_path / "rows.csv", "site", "year", "y", "treated")
    rows = children(200)
    with pytest.raises(KeyError, match="sex"):
        cell_table(rows, "site", "year", "y", "treated", ("sex",))
    with pytest.raises(NotComputable, match="not a number"):
        cell_table(rows.assign(y="high"), "site", "year", "y", "treated")
    with pytest.raises(NotComputable, match="must be 0 or 1"):
        cell_table(rows.assign(treated=0.5), "site", "year", "y", "treated")
    with pytest.raises(NotComputable, match="No row has"):
        cell_table(rows.assign(y=np.nan), "site", "year", "y", "treated")


def test_few_treated_sites_keep_the_estimate_but_have_no_clustered_p() -> None:
    found = did(cell_table(children(treated_sites=3), "site", "year", "y", "treated"), "y", "site", "year", "treated")
    assert np.isfinite(found.estimate)
    assert found.n_treated == 3
    for name in ("p", "ci", "low", "high"):
        with pytest.raises(TooFewClusters, match="3 treated and 21 comparison"):
            getattr(found, name)


@pytest.mark.parametrize("dialect", ["duckdb", "databricks", "postgres", "snowflake", "trino"])
def test_the_expression_is_no_engine_s_own(dialect: str) -> None:
    """One SELECT with one GROUP BY in every dialect; that of Databricks is Spark's."""
    schema = {"site": "string", "year": "int32", "y": "float64", "treated": "int8", "girl": "boolean"}
    table = ibis.table(schema, name="children")
    query = str(ibis.to_sql(expression(table, "site", "year", "y", "treated", ("girl",)), dialect=dialect))
    assert query.upper().count("GROUP BY") == 1


def test_importing_joinedup_fills_the_hook_and_costs_no_heavy_import() -> None:
    code = (
        "import sys, joinedup.impact; from joinedup.impact.engine import _openers; assert _openers; "
        "assert not {'pandas', 'numpy', 'ibis', 'duckdb', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(6, 12), st.integers(40, 400), st.booleans())
def test_cells_equal_rows_whatever_the_panel(seed: int, sites: int, rows: int, covariate: bool) -> None:
    """Least squares on all dummies of the rows is the slow way; gaps in the panel and tiny cells included."""
    data = children(rows, sites, seed, treated_sites=3)
    names = ("age",) if covariate else ()
    dummies = pd.get_dummies(data[["site", "year"]].astype(str), dtype=float)
    design = np.column_stack([data[["treated", *names]].to_numpy(dtype=float), dummies])
    try:
        found = did(cell_table(data, "site", "year", "y", "treated", names), "y", "site", "year", "treated", names)
    except NotComputable:
        assert np.linalg.matrix_rank(design) < np.linalg.matrix_rank(dummies) + 1 + len(names)
        return
    beta = np.linalg.lstsq(design, data["y"].to_numpy(), rcond=None)[0]
    assert found.estimate == pytest.approx(beta[0], abs=1e-8)


def test_an_event_study_from_cells_is_that_of_the_childrens_rows() -> None:
    """Least squares with dummies on 2,000 rows, clustered by site: the cells give the same coefficients and errors."""
    random = np.random.default_rng(5)
    rows = pd.DataFrame({"site": random.integers(0, 16, 2000), "year": random.integers(2014, 2020, 2000)})
    rows["on"] = ((rows["site"] < 6) & (rows["year"] >= 2017)).astype(int)
    rows["y"] = random.normal(size=2000) + rows["site"] / 5 + rows["on"]
    found = event_study(cell_table(rows, "site", "year", "y", "on"), "y", "site", "year", "on")
    away = [when for when in range(2014, 2020) if when != 2016]
    own = np.column_stack([(rows["site"] < 6) & (rows["year"] == when) for when in away]).astype(float)
    fixed = pd.get_dummies(rows[["site", "year"]].astype(str), dtype=float).to_numpy()[:, :-1]
    x = np.hstack([own, fixed])
    beta = np.linalg.lstsq(x, rows["y"].to_numpy(), rcond=None)[0]
    bread = np.linalg.inv(x.T @ x)
    residual = rows["y"].to_numpy() - x @ beta
    scores = np.array([(x * residual[:, None])[rows["site"] == site].sum(axis=0) for site in range(16)])
    factor = 16 / 15 * (2000 - 1) / (2000 - len(away) - 6)
    se = np.sqrt(factor * np.diag(bread @ scores.T @ scores @ bread))
    for at, when in enumerate(away):
        term = found.terms[when - 2017]
        assert (term.estimate, term.se) == pytest.approx((beta[at], se[at]), abs=1e-9)
    with pytest.raises(NotComputable, match="no covariates of children"):
        cells = cell_table(rows, "site", "year", "y", "on", ["year"])
        event_study(cells, "y", "site", "year", "on", covariates=["year"])
    with pytest.raises(NotComputable, match="has no one start"):
        event_study(cell_table(rows.assign(on=rows["on"] * (rows["year"] < 2019)), "site", "year", "y", "on"), "y", "site", "year", "on")  # fmt: skip


def test_other_designs_say_that_a_panel_is_a_frame() -> None:
    cells = cell_table(pd.DataFrame({"s": [1, 1], "t": [1, 2], "y": [1.0, 2.0], "d": [0, 1]}), "s", "t", "y", "d")
    with pytest.raises(TypeError, match="a panel is a pandas frame with one row a unit and period, not Cells"):
        group_time(cells, "y", "s", "t", "d")


def test_an_infinite_outcome_behind_the_cells_is_refused() -> None:
    rows = pd.DataFrame({"s": [1, 1, 2, 2], "t": [1, 2, 1, 2], "y": [1.0, np.inf, 2.0, 3.0], "d": [0, 1, 0, 0]})
    with pytest.raises(NotComputable, match="infinite y"):
        did(cell_table(rows, "s", "t", "y", "d"), "y", "s", "t", "d")
