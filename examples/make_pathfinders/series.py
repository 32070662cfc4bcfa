"""Indicators of 1997 to 2004: they improve before the programme, and the programme changes none of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from chance import normal, stream
from files import write_csv, write_text
from places import Place, draw_trusts

PERIODS = range(1997, 2005)
BASELINE = 2003
DRAWS = 3000
SHARE_OF_CHILDREN = 0.20
FIXED = Path(__file__).parent / "fixed"
PRICE_RISE = 1.025
TEAM_COSTS = "spend_joint_teams"
"""Has a file of its own: it is made once the trusts are known."""


@dataclass(frozen=True)
class Shape:
    """How a series is made: level in 1997, slope a year, spread over sites, share of the spread that follows need."""

    start: float
    slope: float
    spread: float
    need: float
    wander: float = 0.22  # yearly noise, as a share of the spread
    drift: float = 0.05  # spread of the sites' own slopes, as a share of the spread
    digits: int = 1


SHAPES = {
    "looked_after": Shape(46.5, 0.9, 16.0, 0.75, 0.12, 0.03),
    "protection_register": Shape(28.5, -0.55, 8.5, 0.6, 0.25),
    "re_registrations": Shape(18.6, -0.75, 4.6, 0.1, 0.45),
    "adoptions": Shape(3.9, 0.42, 1.7, -0.1, 0.4),
    "placement_moves": Shape(17.6, -0.6, 3.6, 0.2, 0.35),
    "teenage_conceptions": Shape(46.0, -0.75, 11.5, 0.8, 0.18, 0.03),
    "infant_mortality": Shape(5.95, -0.12, 1.15, 0.55, 0.75),
    "low_birth_weight": Shape(7.75, -0.05, 1.05, 0.7, 0.3, 0.03),
    "immunisation": Shape(89.5, 0.35, 4.2, -0.4, 0.2),
    "key_stage_2": Shape(63.0, 2.0, 6.2, -0.7, 0.2, 0.04),
    "gcse": Shape(44.6, 1.15, 7.0, -0.75, 0.15, 0.03),
    "mainstream": Shape(57.5, 0.7, 9.0, 0.0, 0.12, 0.04),
    "absence": Shape(7.6, -0.14, 0.85, 0.7, 0.22),
    "exclusions": Shape(19.8, -1.05, 6.0, 0.4, 0.35),
    "not_in_education": Shape(10.8, -0.42, 2.8, 0.7, 0.3),
    "youth_offending": Shape(27.5, -0.6, 6.4, 0.55, 0.28, 0.04),
    "road_casualties": Shape(60.0, -3.1, 15.0, 0.35, 0.3, 0.04),
    "free_meals": Shape(18.2, -0.35, 8.2, 0.85, 0.08, 0.02),
}
SPENDING = {
    # pounds a child in the first year at that year's prices, real growth a year, spread as a share
    "spend_education": (2080.0, 0.034, 0.10),
    "spend_health": (395.0, 0.041, 0.14),
    "spend_social_services": (236.0, 0.047, 0.24),
}
COUNTED = ("protection_register", "re_registrations", "adoptions", "infant_mortality", "exclusions")
"""Series of small numbers: suppressed where the place is tiny."""

Cells = dict[str, dict[tuple[int, int], str]]
"""Indicator -> (place, year) -> what is published."""


def all_cells(places: list[Place]) -> tuple[Cells, dict[str, list[float]]]:
    """What is published of every indicator, and every place's number in the last year before the start."""
    cells: Cells = {"children": _children(places)}
    for name, shape in SHAPES.items():
        cells[name] = _series(name, shape, places)
    for name, (start, growth, spread) in SPENDING.items():
        cells[name] = _spending(name, start, growth, spread, places)
    for name in cells:
        _mark(name, cells[name], places)
    baseline = {name: [_number(found[i, BASELINE]) for i in range(len(places))] for name, found in cells.items()}
    return cells, baseline


def _children(places: list[Place]) -> dict[tuple[int, int], str]:
    rng = stream("children")
    found = {}
    for index, place in enumerate(places):
        growth = 1 + 0.004 * normal(rng)
        for year in PERIODS:
            count = place.children * growth ** (year - PERIODS[0])
            found[index, year] = str(round(count) if place.tiny else 100 * round(count / 100))
    return found


def _series(name: str, shape: Shape, places: list[Place]) -> dict[tuple[int, int], str]:
    rng = stream(f"series-{name}")
    found = {}
    for index, place in enumerate(places):
        own = (1 - shape.need**2) ** 0.5 * normal(rng)
        level = shape.start + shape.spread * (shape.need * place.need + own)
        slope = shape.slope + shape.spread * shape.drift * normal(rng)
        for year in PERIODS:
            noise = shape.spread * shape.wander * normal(rng)
            value = level + slope * (year - PERIODS[0]) + noise
            found[index, year] = f"{_within(value, shape):.{shape.digits}f}"
    return found


def _within(value: float, shape: Shape) -> float:
    """No rate falls below a tenth of where the series starts; no percentage passes 99."""
    ceiling = 99.0 if shape.start > 40 and shape.slope > 0 else value
    return min(max(value, shape.start / 10), max(ceiling, shape.start / 10))


def _spending(name: str, start: float, growth: float, spread: float, places: list[Place]) -> dict[tuple[int, int], str]:
    rng = stream(f"series-{name}")
    found = {}
    for index, place in enumerate(places):
        level = start * (1 + spread * (0.6 * place.need + 0.8 * normal(rng)))
        rise = PRICE_RISE * (1 + growth + 0.006 * normal(rng))
        for year in PERIODS:
            value = max(level, start / 3) * rise ** (year - PERIODS[0]) * (1 + 0.018 * normal(rng))
            found[index, year] = str(round(value))
    return found


def _mark(name: str, found: dict[tuple[int, int], str], places: list[Place]) -> None:
    """Some cells hold a status mark: suppressed small numbers, returns that were never made."""
    rng = stream(f"marks-{name}")
    for (index, year), _ in list(found.items()):
        chance = rng.random()
        if (places[index].tiny and name in COUNTED) or (name in COUNTED and chance < 0.006):
            found[index, year] = "c"
        elif name not in ("children", "gcse") and year < 2000 and chance > 0.994:
            found[index, year] = ":"
        elif name == "not_in_education" and year == PERIODS[0]:
            found[index, year] = "x"


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def typical_trusts(places: list[Place], baseline: dict[str, list[float]]) -> list[int]:
    """The draw, of many, in which the trusts hold a fifth of the children and are most like the other places."""
    best: tuple[float, list[int]] | None = None
    for draw in range(DRAWS):
        trusts = draw_trusts(places, draw)
        inside = set(trusts)
        children = baseline["children"]
        share = sum(children[i] for i in inside) / sum(children)
        if abs(share - SHARE_OF_CHILDREN) > 0.003:
            continue
        others = [i for i in range(len(places)) if i not in inside]
        gaps = [_standardised(values, trusts, others) for name, values in baseline.items() if name != "children"]
        worst = max(gaps)
        if best is None or worst < best[0]:
            best = (worst, trusts)
    if best is None:
        raise SystemExit("no draw holds a fifth of the children")
    return best[1]


def _standardised(values: list[float], first: list[int], second: list[int]) -> float:
    a = [values[i] for i in first if values[i] == values[i]]
    b = [values[i] for i in second if values[i] == values[i]]
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    var_a = sum((x - mean_a) ** 2 for x in a) / (len(a) - 1)
    var_b = sum((x - mean_b) ** 2 for x in b) / (len(b) - 1)
    return float(abs(mean_a - mean_b) / ((var_a + var_b) / 2) ** 0.5)


def write_indicators(folder: Path, cells: Cells, places: list[Place], ids: dict[str, str]) -> None:
    """indicators/: the declarations, outcomes and context in one file, money in another."""
    declared = (FIXED / "indicators.toml").read_text(encoding="utf-8")
    names = [found["id"] for found in tomllib.loads(declared)["indicator"] if found["id"] != TEAM_COSTS]
    if sorted(names) != sorted(cells):
        raise SystemExit(f"indicators.toml and the series differ: {sorted(set(names) ^ set(cells))}")
    write_text(folder / "indicators" / "indicators.toml", declared)
    money = [name for name in names if name in SPENDING]
    _write(folder / "indicators" / "performance.csv", [n for n in names if n not in money], cells, places, ids)
    _write(folder / "indicators" / "expenditure.csv", money, cells, places, ids)


def _write(path: Path, names: list[str], cells: Cells, places: list[Place], ids: dict[str, str]) -> None:
    at = {place.name: index for index, place in enumerate(places)}
    ordered = sorted(places, key=lambda place: ids[place.name])
    rows = [
        (ids[place.name], year, name, cells[name][at[place.name], year])
        for name in names
        for place in ordered
        for year in PERIODS
    ]
    write_csv(path, ("site", "period", "indicator", "value"), rows)
