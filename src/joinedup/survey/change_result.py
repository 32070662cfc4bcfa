"""Change between the first and the headline wave, paired by site; people of both waves and of one apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from joinedup.study.analysis import make_result
from joinedup.study.inference import MeanInterval
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.study.site import Level
from joinedup.survey.model import (
    Respondent,
    Sources,
    headline_wave,
    programme_roster,
    respondents,
    response_source,
    roster_source,
)
from joinedup.survey.scores import person_scores, scales_of

if TYPE_CHECKING:
    import pandas as pd

    from joinedup.survey.change import WaveChange
    from joinedup.survey.contrast import Contrast

_REFERENCES = (
    "Student (1908), The probable error of a mean, Biometrika 6(1), 1-25 (paired t).",
    "Holm, S. (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, "
    "65-70.",
)
Waves = Mapping[str, tuple[Respondent, ...]]


def compared_waves(study: Study) -> tuple[str, str] | None:
    """The first wave that has answers and the headline wave; None where there is no earlier one."""
    second = headline_wave(study)
    asked = {entry.wave for entry in study.survey.roster} & study.survey.responses.keys()
    earlier = [wave for wave in asked if study.wave_order.get(wave, -1) < study.wave_order.get(second, -1)]
    if not earlier or second not in asked:
        return None
    return min(earlier, key=lambda wave: (study.wave_order[wave], wave)), second


def change_result(study: Study) -> Result | None:
    """`survey.change`: the mean change of sites by level, with both readings, and with people of both waves apart."""
    waves = compared_waves(study)
    levels = [level for level in study.levels if scales_of(study, level)]
    if waves is None or not levels:
        return None
    people = {wave: respondents(study, wave) for wave in waves}
    if not all(people.values()):
        return None
    tables = {level.id: person_table(study, level, people) for level in levels}
    values = _people(tables, waves)
    found = {level.id: _level(study, tables[level.id], level, waves, values) for level in levels}
    _adjusted(levels, values)
    _sites(study, levels, found, values)
    values["levels"], values["programme_sites"] = len(levels), len(study.programme_sites)
    return make_result(
        "survey.change",
        values,
        _methods(study, waves, values),
        (
            study.survey.scales,
            study.survey.roster,
            [study.survey.responses[w] for w in waves],
            study.sites,
            study.levels,
        ),
        tables=(_table(levels, values), _apart_table(levels, values), _site_table(study, values)),
        parameters={"first": waves[0], "second": waves[1], "confidence": 0.95},
        sources=_sources(study, levels, people),
        caveats=_caveats(study, waves, found),
        references=_REFERENCES,
    )


def person_table(study: Study, level: Level, people: Waves) -> pd.DataFrame:
    """A row for each person and wave: wave, site, agency, person, score (NaN without one)."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "wave": wave,
                "site": [person.entry.site for person in found],
                "agency": [person.entry.agency for person in found],
                "person": [person.entry.person for person in found],
                "score": person_scores(study, wave, level, found),
            }
        )
        for wave, found in people.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _people(tables: Mapping[str, pd.DataFrame], waves: tuple[str, str]) -> dict[str, Value]:
    seen: dict[str, set[str]] = {wave: set() for wave in waves}
    for table in tables.values():
        scored = table.dropna(subset=["score"])
        for wave in waves:
            seen[wave] |= set(scored.loc[scored["wave"] == wave, "person"])
    first, second = (seen[wave] for wave in waves)
    return {"people_first": len(first), "people_second": len(second), "people_both": len(first & second)}


def _level(
    study: Study, table: pd.DataFrame, level: Level, waves: tuple[str, str], values: dict[str, Value]
) -> WaveChange:
    from joinedup.survey.change import wave_change

    try:
        found = wave_change(table, *waves, population=len(study.programme_sites))
    except NotComputable as reason:
        raise NotComputable(f"{level.label}: {reason}") from None
    key, paired = key_part(level.id), found.by_site.dropna(subset=["change"])
    values |= {
        f"{key}.first": float(paired["first"].mean()),
        f"{key}.second": float(paired["second"].mean()),
        f"{key}.change": found.everyone.estimate,
        f"{key}.sites": len(paired),
        f"{key}.sites_up": found.everyone.ahead,
    }
    values |= _interval(f"{key}.these", found.everyone.these, p=False)
    values |= _interval(f"{key}.like_these", found.everyone.like_these)
    values |= _apart(f"{key}.panel", found.panel) | _apart(f"{key}.cross_section", found.cross_section)
    return found


def _interval(key: str, found: MeanInterval, p: bool = True) -> dict[str, Value]:
    values: dict[str, Value] = {f"{key}.low": found.low, f"{key}.high": found.high}
    if p:
        values[f"{key}.p"] = found.p
    return values


def _apart(key: str, found: Contrast | None) -> dict[str, Value]:
    if found is None:
        return {}
    reading = found.like_these
    return {f"{key}.change": found.estimate, f"{key}.sites": reading.n, **_interval(key, reading)}


def _adjusted(levels: Sequence[Level], values: dict[str, Value]) -> None:
    from joinedup.survey.multiplicity import holm

    keys = [f"{key_part(level.id)}.like_these.p" for level in levels]
    found = [value if isinstance(value := values[key], float) else None for key in keys]
    for key, adjusted in zip(keys, holm(found), strict=True):
        values[f"{key}_holm"] = float(adjusted)


def _sites(study: Study, levels: Sequence[Level], found: Mapping[str, WaveChange], values: dict[str, Value]) -> None:
    """Each site's change by level, and its scores over levels where it has all of them in both waves."""
    whole = 0
    tables = {id: one.by_site[["first", "second"]].dropna() for id, one in found.items()}
    pairs = {id: dict(zip(table.index, table.to_numpy().tolist(), strict=True)) for id, table in tables.items()}
    for site in study.programme_sites:
        known = {id: found[site.id] for id, found in pairs.items() if site.id in found}
        key = f"site.{key_part(site.id)}"
        values |= {f"{key}.{key_part(id)}.change": second - first for id, (first, second) in known.items()}
        if len(known) == len(levels):
            whole += 1
            first, second = (math.fsum(pair[at] for pair in known.values()) / len(known) for at in (0, 1))
            values |= {f"{key}.first": first, f"{key}.second": second, f"{key}.change": second - first}
    values["sites"] = whole


def _methods(study: Study, waves: tuple[str, str], values: Mapping[str, Value]) -> str:
    labels = {wave.id: wave.label for wave in study.waves}
    first, second = (f"{wave} ({labels.get(wave, wave)})" for wave in waves)
    return (
        f"Change from wave {first} to wave {second}: the mean over sites of the site's score in the second less that in "
        f"the first, in points; agencies count alike within a site and wave, and {values['sites']}/"
        f"{values['programme_sites']} programme sites have a score at every level in both. Both readings: these sites "
        f"(finite population correction), and sites like these (95% paired t interval over sites). p is adjusted for "
        f"the {values['levels']} levels (Holm). Of {values['people_first']} and {values['people_second']} people, "
        f"{values['people_both']} have a score in both waves: their change (panel) stands apart from that between the "
        f"people of one wave only (cross-section). There is no comparison group: this is change, not effect."
    )


def _caveats(study: Study, waves: tuple[str, str], found: Mapping[str, WaveChange]) -> tuple[str, ...]:
    names = study.site_by_id
    lost = sorted({site for one in found.values() for site in (*one.only_first, *one.only_second)})
    told = []
    if lost:
        told.append(f"With a score in one wave only, at some level: {', '.join(names[site].name for site in lost)}.")
    alone = [level.label for level in study.levels if level.id in found and found[level.id].panel is None]
    if alone:
        told.append(f"Fewer than three sites have people of both waves, so there is no panel: {', '.join(alone)}.")
    versions = {v for wave in waves for v in study.survey.responses[wave].column("instrument_version").to_pylist()}
    if len(versions) > 1:
        told.append(f"The waves used different versions of the questionnaire: {', '.join(sorted(versions))}.")
    return tuple(told)


def _table(levels: Sequence[Level], values: Mapping[str, Value]) -> Table:
    columns = (
        ("first", "First"),
        ("second", "Second"),
        ("change", "Change"),
        ("sites_up", "Sites up"),
        ("sites", "Sites"),
        ("like_these.low", "Low"),
        ("like_these.high", "High"),
        ("like_these.p", "p"),
        ("like_these.p_holm", "p (Holm)"),
    )
    names = [name for name, _ in columns]
    headed = (("level", "Level"), *((_column(name), head) for name, head in columns))
    note = "Points; low, high and p: sites like these (95% paired t interval)."
    return Table("levels", "Change between waves", headed, *_rows(levels, names, values, note))


def _column(name: str) -> str:
    return name.removeprefix("like_these.").replace(".", "_")


def _rows(
    levels: Sequence[Level], names: Sequence[str], values: Mapping[str, Value], note: str
) -> tuple[tuple[Row, ...], str, tuple[tuple[str, ...], ...]]:
    keys = []
    for level in levels:
        found = [f"{key_part(level.id)}.{name}" for name in names]
        keys.append(("", *(key if key in values else "" for key in found)))
    rows: list[Row] = [
        (level.label, *(values.get(key) for key in row[1:])) for level, row in zip(levels, keys, strict=True)
    ]
    return tuple(rows), note, tuple(keys)


def _apart_table(levels: Sequence[Level], values: Mapping[str, Value]) -> Table:
    parts = (("panel", "Both waves"), ("cross_section", "One wave"))
    wanted = (("change", "change"), ("low", "low"), ("high", "high"), ("sites", "sites"))
    names = [f"{who}.{name}" for who, _ in parts for name, _ in wanted]
    heads = [(f"{who}_{name}", f"{title}: {head}") for who, title in parts for name, head in wanted]
    note = (
        f"Points. Both waves: the {values['people_both']} people with a score in both; one wave: all others. Where the "
        f"two differ, who answered changed, too."
    )
    return Table(
        "apart",
        "The same people, and different people",
        (("level", "Level"), *heads),
        *_rows(levels, names, values, note),
    )


def _site_table(study: Study, values: Mapping[str, Value]) -> Table:
    names = ("first", "second", "change")
    sites = [site for site in study.programme_sites if f"site.{key_part(site.id)}.change" in values]
    keys = tuple(("", *(f"site.{key_part(site.id)}.{name}" for name in names)) for site in sites)
    rows: tuple[Row, ...] = tuple(
        (site.name, *(values[key] for key in row[1:])) for site, row in zip(sites, keys, strict=True)
    )
    columns = (("site", "Site"), ("first", "First"), ("second", "Second"), ("change", "Change"))
    return Table("by_site", "Change at each site, mean over levels", columns, rows, "Points.", keys)


def _sources(study: Study, levels: Sequence[Level], people: Waves) -> Sources:
    items = {level.id: [item for scale in scales_of(study, level) for item in scale.items] for level in levels}
    every = [item for names in items.values() for item in names]

    def rows(names: Sequence[str], site: str = "") -> tuple[Source, ...]:
        own = {w: [p for p in found if site in ("", p.entry.site)] for w, found in people.items()}
        return tuple(response_source(wave, some, names) for wave, some in own.items() if some)

    everybody = [entry for wave in people for entry in programme_roster(study, wave)]
    found: Sources = {"": (*rows(every), roster_source(everybody))}
    found |= {key_part(level): rows(names) for level, names in items.items()}
    for site in sorted({person.entry.site for some in people.values() for person in some}):
        found[f"site.{key_part(site)}"] = rows(every, site)
    return found
