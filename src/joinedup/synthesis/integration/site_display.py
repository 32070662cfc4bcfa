"""`synthesis.site-display`: construct by site; the statistic with its interval beside who speaks of the theme, and the fit."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.finding import CONTRADICTS, QUALIFIES, SILENT, SUPPORTS
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.synthesis.integration.literature import GUETTERMAN
from joinedup.synthesis.integration.reading import (
    Declared,
    Results,
    Spoken,
    declared,
    measure_of,
    row_source,
    sources_at,
    tables,
    value_at,
    values_by_site,
)
from joinedup.synthesis.joint_display import FITS, fit_of

FILE = "site-display"
_PARTS = ("statistic", "low", "high", "n", "people", "against", "interviewed", "fit")
_HEADS = ("Statistic", "Low", "High", "n", "Speak of it", "Speak against it", "Interviewed", "Fit")


ALONE = "statistic alone"
"""The fit at a site where nobody was interviewed: the texts could not have spoken, so they are not silent."""


def statistic_stance(value: float, low: float | None, high: float | None, at_least: float) -> str:
    """Supports where the whole interval (the value, where there is none) reaches `at_least`, contradicts where none does."""
    bottom, top = (value, value) if low is None or high is None else (low, high)
    if bottom >= at_least:
        return SUPPORTS
    return CONTRADICTS if top < at_least else QUALIFIES


def theme_stance(people: int, against: int, interviewed: int) -> str:
    """Supports where most of those interviewed speak of the theme and not of its opposite; silent without either."""
    is_for, is_against = 2 * people > interviewed, 2 * against > interviewed
    if is_for and is_against:
        return QUALIFIES
    return SUPPORTS if is_for else CONTRADICTS if is_against else SILENT


def site_display_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.site-display`; None where the study declares no construct, or no site has a value."""
    data = declared(study, FILE)
    constructs = tables(data, "construct")
    if not constructs:
        return None
    spoken = Spoken(study)
    cells = {one["id"]: _cells(study, results, spoken, one) for one in constructs}
    sites = [site.id for site in study.programme_sites if any(site.id in held for held in cells.values())]
    if not sites:
        return None
    fits = [cell["fit"] for held in cells.values() for cell in held.values()]
    values: dict[str, Value] = {"constructs": len(constructs), "sites": len(sites)}
    values |= {key_part(fit): fits.count(fit) for fit in (*FITS, ALONE)}
    for id, held in cells.items():
        for fit in ("confirm", "qualified", "discord"):
            values[f"{key_part(id)}.{fit}"] = sum(cell["fit"] == fit for cell in held.values())
        for site, cell in held.items():
            values |= {f"{key_part(id)}.site.{key_part(site)}.{part}": cell[part] for part in _PARTS}
    read = {measure_of(one["values"], "")[0] for one in constructs} | {"texts.theme-matrix"}
    return make_result(
        "synthesis.site-display",
        values,
        _METHODS.format(unit=spoken.unit),
        (data, {id: results[id].inputs for id in sorted(read) if id in results}),
        tables=tuple(_table(study, one, cells[one["id"]]) for one in constructs),
        sources=_sources(study, results, constructs, cells),
        caveats=_caveats(cells),
        references=(GUETTERMAN,),
    )


_METHODS = (
    "Each cell of construct and site sets the site's statistic, with its interval where it has one, beside the {unit} there. "
    "The statistic speaks for the construct where its whole interval reaches the value declared for it, against it where "
    "all of it stays below, and qualifies it between. The theme speaks for it where more than half of the {unit} carry it, "
    "against it where more than half carry the opposite theme. Where one speaks for and the other against, the cell is in "
    "discord; nothing is averaged. At a site without {unit} the statistic stands alone: the texts could not have spoken "
    "there, and their silence says nothing."
)


def _cells(study: Study, results: Results, spoken: Spoken, one: Declared) -> dict[str, dict[str, Value]]:
    for_, against = (spoken.people(one[key]) if one.get(key) else {} for key in ("code", "against"))
    found: dict[str, dict[str, Value]] = {}
    for site, value in values_by_site(study, results, one["values"]).items():
        low, high, n = (value_at(results, one[key], site) if one.get(key) else None for key in ("low", "high", "n"))
        asked = len(spoken.interviewed.get(site, ()))
        people, opposed = len(for_.get(site, ())), len(against.get(site, ()))
        stances = {statistic_stance(value, low, high, one["at_least"]), theme_stance(people, opposed, asked)}
        heard = (people, opposed, asked, fit_of(stances)) if asked else (None, None, 0, ALONE)
        told = (value, low, high, n, *heard)
        found[site] = dict(zip(_PARTS, told, strict=True))
    return found


def _table(study: Study, one: Declared, held: dict[str, dict[str, Value]]) -> Table:
    """The sites with interviews; columns that would be empty are left out."""
    order = [site for site in held if held[site]["interviewed"]] or list(held)
    parts = [part for part in _PARTS if any(held[site][part] is not None for site in order)]
    parts = [part for part in parts if part != "against" or one.get("against")]
    rows: tuple[Row, ...] = tuple((study.site_by_id[s].name, *(held[s][part] for part in parts)) for s in order)
    keys = tuple(("", *(f"{key_part(one['id'])}.site.{key_part(site)}.{part}" for part in parts)) for site in order)
    columns = (("site", "Site"), *((part, head) for part, head in zip(_PARTS, _HEADS, strict=True) if part in parts))
    note = f"The statistic speaks for it from {one['at_least']:g} on."
    if len(order) < len(held):
        note += f" Nobody was interviewed at {len(held) - len(order)} further sites, where the statistic stands alone."
    return Table(key_part(one["id"]), one["label"], columns, rows, note, keys)


def _caveats(cells: dict[str, dict[str, dict[str, Value]]]) -> tuple[str, ...]:
    bare = any(cell["low"] is None for held in cells.values() for cell in held.values())
    return ("A statistic without an interval speaks by its value alone.",) if bare else ()


def _sources(
    study: Study, results: Results, constructs: object, cells: dict[str, dict[str, dict[str, Value]]]
) -> dict[str, tuple[Source, ...]]:
    assert isinstance(constructs, list | tuple)
    found: dict[str, tuple[Source, ...]] = {}
    for number, one in enumerate(constructs, start=1):
        key = key_part(one["id"])
        found[key] = row_source(study, FILE, f"construct.{number}")
        for site in cells[one["id"]]:
            found[f"{key}.site.{key_part(site)}"] = sources_at(results, one["values"], [site])
    return found
