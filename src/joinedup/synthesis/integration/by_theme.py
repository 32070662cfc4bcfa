"""`synthesis.statistics-by-theme`: measures of sites where most speak of a theme against sites where they do not."""

from __future__ import annotations

from dataclasses import asdict

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.synthesis.integration.literature import PITMAN
from joinedup.synthesis.integration.reading import (
    Declared,
    Results,
    Spoken,
    declared,
    measure_of,
    sources_at,
    tables,
    values_by_site,
)
from joinedup.synthesis.statistics_by_theme import by_theme

FILE = "statistics-by-theme"
_PARTS = ("present", "absent", "mean_present", "mean_absent", "difference", "low", "high", "p", "splits", "smallest_p")
_HEADS = ("With", "Without", "Mean with", "Mean without", "Difference", "Low", "High", "p (exact)")


def by_theme_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.statistics-by-theme`; None where the study declares none."""
    data = declared(study, FILE)
    if not data:
        return None
    spoken = Spoken(study)
    measures = {table["id"]: values_by_site(study, results, table["values"]) for table in tables(data, "measure")}
    surveyed = {site for found in measures.values() for site in found}
    interviewed = surveyed & set(spoken.interviewed)
    if not interviewed:
        raise NotComputable("no site has both a text and a value of a measure")
    share = float(data.get("share", 0.5))
    values: dict[str, Value] = {
        "share": share,
        "measures": len(measures),
        "themes": len(data["codes"]),
        "sites_surveyed": len(surveyed),
        "sites_interviewed": len(interviewed),
    }
    for code in data["codes"]:
        with_theme = _sites_with(spoken, code, share)
        for id, found in measures.items():
            values |= _compared(f"{key_part(id)}.{key_part(code)}", found, with_theme, interviewed)
    read = {measure_of(table["values"], "")[0] for table in tables(data, "measure")} | {"texts.theme-matrix"}
    return make_result(
        "synthesis.statistics-by-theme",
        values,
        _methods(values, spoken.unit),
        (data, {id: results[id].inputs for id in sorted(read) if id in results}),
        tables=(_table(data, spoken, values),),
        sources=_sources(study, results, data, interviewed),
        caveats=_caveats(values, spoken.unit),
        references=(PITMAN,),
    )


def _sites_with(spoken: Spoken, code: str, share: float) -> set[str]:
    """Sites where at least `share` of the people interviewed speak of the theme."""
    people = spoken.people(code)
    return {site for site, all_ in spoken.interviewed.items() if len(people[site]) >= share * len(all_)}


def _compared(key: str, found: dict[str, float], with_theme: set[str], interviewed: set[str]) -> dict[str, Value]:
    here = [site for site in found if site in interviewed]
    present = [found[site] for site in here if site in with_theme]
    absent = [found[site] for site in here if site not in with_theme]
    try:
        told: dict[str, Value] = asdict(by_theme(present, absent))
    except NotComputable:
        told = dict.fromkeys(_PARTS) | {"present": len(present), "absent": len(absent)}
    return {f"{key}.{part}": told[part] for part in _PARTS}


def _methods(values: dict[str, Value], unit: str) -> str:
    return (
        f"A site has a theme where at least {values['share']:.0%} of its {unit} carry it. For each of "
        f"{values['measures']} measures and {values['themes']} themes the mean of the measure over sites with the theme is "
        f"set against that over the other sites with {unit}: the difference in the measure's unit, Welch's 95% interval, "
        f"and the exact p of a two-sided permutation test over all splits of the sites into groups of these sizes (the "
        f"share of splits with a difference at least as large). The unit is the site. Nothing is adjusted for the number "
        f"of comparisons: {values['measures']} x {values['themes']} were made."
    )


def _caveats(values: dict[str, Value], unit: str) -> tuple[str, ...]:
    found = []
    surveyed, interviewed = values["sites_surveyed"], values["sites_interviewed"]
    if surveyed != interviewed:
        found.append(
            f"{surveyed} sites have a value, and {interviewed} of them have {unit}: the comparison is of these "
            f"{interviewed}, and the others neither have the theme nor lack it."
        )
    undivided = [key for key, value in values.items() if key.endswith(".difference") and value is None]
    if undivided:
        found.append(f"{len(undivided)} comparisons can't be made: every site has the theme, or none has.")
    return tuple(found)


def _table(data: Declared, spoken: Spoken, values: dict[str, Value]) -> Table:
    columns = (("measure", "Measure"), ("theme", "Theme"), *zip(_PARTS[:8], _HEADS, strict=True))
    rows: list[Row] = []
    keys = []
    for measure in tables(data, "measure"):
        for code in data["codes"]:
            names = [f"{key_part(measure['id'])}.{key_part(code)}.{part}" for part in _PARTS[:8]]
            rows.append((measure["label"], spoken.label(code), *(values[name] for name in names)))
            keys.append(("", "", *names))
    return Table("themes", "Measures with and without a theme", columns, tuple(rows), "", tuple(keys))


def _sources(study: Study, results: Results, data: Declared, sites: set[str]) -> dict[str, tuple[Source, ...]]:
    order = [site.id for site in study.programme_sites if site.id in sites]
    coded = results.get("texts.theme-matrix")
    behind = coded.sources_of("passages") if coded else ()
    return {
        key_part(table["id"]): (*sources_at(results, table["values"], order), *behind)
        for table in tables(data, "measure")
    }
