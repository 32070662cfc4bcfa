"""Combinations of filters: each answer is a table of the release, and what single tables hide their differences give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest

from joinedup.disclosure import CountTable, audit_release, protect, protect_release
from joinedup.study.problems import UsageError

SITES, ROLES, ANSWERS = ("A", "B", "C"), ("nurse", "teacher"), ("yes", "no")
COUNTS = {
    ("A", "nurse"): (20, 3), ("A", "teacher"): (15, 18), ("B", "nurse"): (22, 9),
    ("B", "teacher"): (12, 30), ("C", "nurse"): (17, 11), ("C", "teacher"): (14, 25),
}  # fmt: skip


def answer_of(site: str, role: str) -> CountTable:
    """What a dashboard shows when these are chosen ("Total": no filter)."""
    cells = [
        n
        for (one, other), n in COUNTS.items()
        if site in (one, "Total") and role in (other, "Total")
    ]  # fmt: skip
    yes, no = np.array(cells).sum(axis=0)
    columns = pd.MultiIndex.from_tuples([(site, role)], names=["site", "role"])
    frame = pd.DataFrame([yes, no, yes + no], index=pd.Index([*ANSWERS, "Total"], name="answer"), columns=columns)
    totals: Mapping[str, str | Mapping[str, Sequence[str]]] = {
        "answer": {"Total": ANSWERS},
        "site": {"Total": SITES},
        "role": {"Total": ROLES},
    }
    return CountTable(frame.astype(object), totals, name=f"{site}, {role}")


EVERY = [answer_of(site, role) for site, role in product((*SITES, "Total"), (*ROLES, "Total"))]


def test_answers_that_are_safe_alone_give_a_count_away_together() -> None:
    alone = [protect(table) for table in EVERY]
    assert all(safe.audit().safe for safe in alone)
    found = audit_release(alone)
    assert found, "what is chosen less what is left"
    assert all("taken together" in str(cell.stop) for cell in found if cell.stop and cell.kind == "interval")


def test_protected_together_every_combination_may_be_served() -> None:
    together = protect_release(EVERY)
    assert not audit_release(together)
    hidden = sum(int((safe.table == "c").sum().sum()) for safe in together)
    assert hidden > sum(int((protect(table).table == "c").sum().sum()) for table in EVERY)


@pytest.mark.parametrize("value", [float("inf"), True, "3"])
def test_what_is_no_count_is_refused_in_a_sentence(value: object) -> None:
    frame = pd.DataFrame([[value, 20], [30, 40]], columns=["x", "y"], dtype=object)
    with pytest.raises(UsageError, match="neither a count of persons nor a mark"):
        protect(frame, totals=None)


def test_a_missing_count_of_any_kind_is_not_available() -> None:
    for missing in (None, pd.NA, float("nan")):
        safe = protect(pd.DataFrame([[missing, 20], [30, 40]], columns=["x", "y"], dtype=object), totals=None)
        assert safe.table.iat[0, 0] == "x"
    whole = protect(pd.DataFrame({"x": pd.array([30, None, 20], dtype="Int64")}), totals=None)
    assert whole.table["x"].tolist() == [30, "x", 20]


def test_a_list_is_no_table() -> None:
    with pytest.raises(UsageError, match="a pandas DataFrame or Series"):
        protect([[1, 2]])  # type: ignore[arg-type]
