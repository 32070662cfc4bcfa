"""What the trusts spend on targeted and on universal services, 2001 to 2004: the targeted share creeps up."""

from __future__ import annotations

from pathlib import Path

from chance import normal, stream
from files import write_csv
from places import Place

YEARS = range(2001, 2005)
SERVICES = {
    # service: tier, pounds per child in 2001, growth a year
    "short breaks": ("targeted", 21.0, 0.10),
    "intensive family support": ("targeted", 26.0, 0.11),
    "specialist mental health": ("targeted", 19.0, 0.09),
    "health visiting": ("universal", 37.0, 0.035),
    "children's centres and play": ("universal", 24.0, 0.055),
    "youth service": ("universal", 29.0, 0.02),
    "school nursing": ("universal", 12.0, 0.03),
}
NOT_OFFERED = 0.12


def write_provision(folder: Path, places: list[Place]) -> None:
    """partnership/provision.csv. A service that a trust does not offer has no rows; a few returns are missing (`:`)."""
    rows = []
    for place in (place for place in places if place.trust):
        rng = stream(f"provision-{place.id}")
        own_growth = 0.035 * normal(rng)
        for service, (tier, pounds, growth) in SERVICES.items():
            level = pounds * place.children * max(0.3, 1 + 0.22 * normal(rng))
            offered = rng.random() > NOT_OFFERED or service in ("intensive family support", "health visiting")
            rise = growth + (own_growth if tier == "targeted" else -own_growth)
            for year in YEARS if offered else ():
                spend = level * (1 + rise) ** (year - YEARS[0]) * (1 + 0.02 * normal(rng))
                cell = str(100 * round(spend / 100))
                if service == "school nursing" and year in (2002, 2003) and rng.random() < 0.06:
                    cell = ":"
                rows.append((place.id, service, tier, year, cell))
    write_csv(folder / "partnership" / "provision.csv", ("site", "service", "tier", "period", "spend"), rows)
