"""What authorities spend on family support and joint teams, 1997 to 2004: the trusts spend more in 2004, once they run."""

from __future__ import annotations

from pathlib import Path

from chance import normal, stream
from files import write_csv
from places import Place

YEARS = range(1997, 2005)
TRUSTS_FROM = 2004
LEVEL, GROWTH, EXTRA = 61.0, 0.043, 4.5
"""Pounds a child in 1997, growth a year at each year's prices, and what the trusts' joint teams add."""


def write_team_costs(folder: Path, places: list[Place]) -> None:
    """indicators/team-costs.csv: pounds a child in the prices of each calendar year."""
    rows = []
    for place in sorted(places, key=lambda place: place.id):
        rng = stream(f"team-costs-{place.name}")
        level = LEVEL * (1 + 0.12 * place.need + 0.10 * normal(rng))
        rise = 1 + GROWTH + 0.004 * normal(rng)
        extra = EXTRA * (1 + 0.4 * normal(rng))
        for year in YEARS:
            spent = max(level, LEVEL / 3) * rise ** (year - YEARS[0]) * (1 + 0.025 * normal(rng))
            joint = extra if place.trust and year >= TRUSTS_FROM else 0.0
            rows.append((place.id, year, "spend_joint_teams", f"{spent + joint:.2f}"))
    write_csv(folder / "indicators" / "team-costs.csv", ("site", "period", "indicator", "value"), rows)
