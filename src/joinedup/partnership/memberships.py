"""Overlap of bodies from a plain table of who sits where, or of what each is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from joinedup.partnership.bodies import pairwise
from joinedup.study.hints import did_you_mean, shown

if TYPE_CHECKING:
    import pandas as pd

BY = ("member", "remit")
_COLUMNS = ["site", "first", "second", "first_size", "second_size", "shared", "jaccard", "first_in_second"]


def overlap(memberships: pd.DataFrame, by: str = "member") -> pd.DataFrame:
    """How far bodies share members (or remits): one row a pair of bodies, within a site where there is a column `site`.

    `memberships`: one row a seat, columns body and member, for `by="remit"` body and remit; other columns are not read.
    A body that appears twice with the same member has it once; a row whose member is missing names a body without any.
    Columns: site (None without), first, second (bodies, in the order of their names), first_size, second_size, shared
    (counts), jaccard |A and B| / |A or B|, first_in_second |A and B| / |A| ("A lies within B" where it is 1),
    second_in_first, and in_common (a tuple, sorted). A share of nothing is missing, never 0.
    Raises ValueError for a missing column, an unknown `by`, a row without a body or a body at two sites.
    Source: Jaccard (1912), New Phytologist 11, 37-50.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for site, sets in _sets(memberships, by):
        for pair in pairwise(sets):
            common = tuple(sorted(sets[pair.first] & sets[pair.second]))
            sizes = (pair.first_size, pair.second_size, pair.shared)
            shares = (pair.jaccard, pair.first_in_second, pair.second_in_first)
            rows.append((site, pair.first, pair.second, *sizes, *shares, common))
    found = pd.DataFrame(rows, columns=[*_COLUMNS, "second_in_first", "in_common"])
    return found.astype(dict.fromkeys(("jaccard", "first_in_second", "second_in_first"), float))


def duplicated_seats(memberships: pd.DataFrame) -> pd.DataFrame:
    """Members that sit on several bodies (of the same site, where there is a column `site`): one row each.

    Columns: site, member, seats (bodies), bodies (a tuple, sorted); those with the most seats first.
    Raises what `overlap` raises.
    """
    import pandas as pd

    rows = []
    for site, sets in _sets(memberships, "member"):
        for member in sorted(frozenset().union(*sets.values())):
            bodies = tuple(body for body in sets if member in sets[body])
            if len(bodies) > 1:
                rows.append((site, member, len(bodies), bodies))
    rows.sort(key=lambda row: -row[2])
    return pd.DataFrame(rows, columns=["site", "member", "seats", "bodies"])


def _sets(memberships: pd.DataFrame, by: str) -> Iterator[tuple[Any, dict[str, frozenset[str]]]]:
    """The members of each body, body by body within each site, in the order of their names."""
    if by not in BY:
        raise ValueError(f"`by` is {shown(str(by))}, not one of {', '.join(BY)}.{did_you_mean(str(by), BY)}")
    for column in ("body", by):
        if column not in memberships.columns:
            hint = did_you_mean(column, map(str, memberships.columns))
            raise ValueError(f"The table has no column {shown(column)}.{hint}")
    if memberships["body"].isna().any():
        raise ValueError(f"Row {int(memberships['body'].isna().to_numpy().argmax())} (from 0) names no body.")
    sites = memberships["site"] if "site" in memberships.columns else [None] * len(memberships)
    found: dict[Any, dict[str, set[str]]] = {}
    home: dict[str, Any] = {}
    for body, member, missing, site in zip(
        memberships["body"], memberships[by], memberships[by].isna(), sites, strict=True
    ):
        if home.setdefault(body, site) != site:
            raise ValueError(f"The body {shown(str(body))} is at {home[body]} and at {site}.")
        held = found.setdefault(site, {}).setdefault(body, set())
        if not missing:
            held.add(member)
    for site in sorted(found, key=str):
        yield site, {body: frozenset(found[site][body]) for body in sorted(found[site])}
