"""`synthesis.realist`: configurations of context, mechanism and outcome, with the passages behind each part."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.synthesis.integration.literature import PAWSON, WONG
from joinedup.synthesis.integration.reading import Declared, Results, Spoken, declared, row_source, tables
from joinedup.synthesis.realist import (
    CONJECTURE,
    CONTESTED,
    INCOMPLETE,
    PARTS,
    SUPPORTED,
    Configuration,
    chains,
    matrix,
)
from joinedup.synthesis.realist import Spoken as Passage

FILE = "realist"


def configurations_of(study: Study) -> tuple[Configuration, ...]:
    """The study's configurations with their passages: those cited, and those coded with the codes of a part."""
    found = tables(declared(study, FILE), "configuration")
    spoken = Spoken(study) if found else None
    return tuple(_configuration(study, spoken, table) for table in found if spoken)


def realist_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.realist`; None where the study declares no configuration."""
    found = configurations_of(study)
    if not found:
        return None
    data = declared(study, FILE)
    read = {text.site for text in study.texts.texts if text.site}
    sites = [site.id for site in study.programme_sites if site.id in read]
    held = matrix(found, sites)
    values: dict[str, Value] = {"configurations": len(found), "sites": len(sites)}
    for status in (SUPPORTED, CONTESTED, INCOMPLETE, CONJECTURE):
        values[status] = sum(one.status == status for one in found)
    for one in found:
        values |= _of(one, held)
    coded = results.get("texts.theme-matrix")
    return make_result(
        "synthesis.realist",
        values,
        _methods(values),
        (data, coded.inputs if coded else ""),
        tables=(_triples(study, found), _sites(study, found, held)),
        sources=_sources(study, data),
        caveats=_caveats(data, found),
        references=(PAWSON, WONG),
    )


def _configuration(study: Study, spoken: Spoken, table: Declared) -> Configuration:
    held: dict[Passage, None] = {}
    for part in PARTS:
        for code in table.get(f"{part}_codes", ()):
            for passage in spoken.passages(code):
                held[_passage(study, part, True, passage.text, passage.start)] = None
    for piece in tables(table, "evidence"):
        span = piece["passage"]
        held[_passage(study, piece["part"], piece["stance"] != "contradicts", span["text"], span["start"])] = None
    words = (table["context"], table["mechanism"], table["outcome"])
    return Configuration(table["id"], *words, tuple(held), table.get("leads_to", ""))


def _passage(study: Study, part: str, speaks_for: bool, text: str, start: int) -> Passage:
    found = study.text_by_id.get(text)
    return Passage(part, speaks_for, f"{text}:{start}", found.site if found else "")


def _of(one: Configuration, held: dict[str, dict[str, int]]) -> dict[str, Value]:
    key = key_part(one.id)
    values: dict[str, Value] = {f"{key}.status": one.status}
    for part in PARTS:
        values[f"{key}.{part}.for"] = len(one.passages(part))
        values[f"{key}.{part}.against"] = len(one.passages(part, False))
    values[f"{key}.sites"] = sum(row[one.id] for row in held.values())
    return values | {f"{key}.site.{key_part(site)}": row[one.id] for site, row in held.items()}


def _methods(values: dict[str, Value]) -> str:
    return (
        f"{values['configurations']} configurations of context, mechanism and outcome (Pawson and Tilley 1997; reported "
        f"after RAMESES II). Each part rests on passages: those cited for or against it, and those coded with the codes "
        f"named for it. Without a passage for its mechanism a configuration is a conjecture; with one against it, "
        f"contested. A site holds a configuration where each of the three parts has a passage for it there "
        f"({values['sites']} sites with texts); this matrix can be calibrated for QCA."
    )


def _caveats(data: Declared, found: tuple[Configuration, ...]) -> tuple[str, ...]:
    labels = {table["id"]: table["label"] for table in tables(data, "configuration")}
    caveats = [
        f"“{labels[one.id]}” is a conjecture: no passage speaks of its mechanism."
        for one in found
        if one.status == CONJECTURE
    ]
    caveats += [
        f"An outcome becomes the next context: {' → '.join(labels[id] for id in chain)}." for chain in chains(found)
    ]
    return tuple(caveats)


def _triples(study: Study, found: tuple[Configuration, ...]) -> Table:
    labels = {table["id"]: table["label"] for table in tables(declared(study, FILE), "configuration")}
    columns = [("label", "Configuration"), ("status", "Status")]
    for part in PARTS:
        columns += [(part, part.capitalize()), (f"{part}_for", "For"), (f"{part}_against", "Against")]
    rows: list[Row] = []
    keys = []
    for one in found:
        row: list[Value] = [labels[one.id], one.status]
        names = ["", f"{key_part(one.id)}.status"]
        for part in PARTS:
            row += [str(getattr(one, part)), len(one.passages(part)), len(one.passages(part, False))]
            names += ["", f"{key_part(one.id)}.{part}.for", f"{key_part(one.id)}.{part}.against"]
        rows.append(tuple(row))
        keys.append(tuple(names))
    note = "For and against: passages that speak for the part, and against it."
    return Table("configurations", "Context, mechanism and outcome", tuple(columns), tuple(rows), note, tuple(keys))


def _sites(study: Study, found: tuple[Configuration, ...], held: dict[str, dict[str, int]]) -> Table:
    labels = {table["id"]: table["label"] for table in tables(declared(study, FILE), "configuration")}
    columns = (("site", "Site"), *((key_part(one.id), labels[one.id]) for one in found))
    some = {site: row for site, row in held.items() if any(row.values())}
    rows: tuple[Row, ...] = tuple((study.site_by_id[site].name, *row.values()) for site, row in some.items())
    keys = tuple(("", *(f"{key_part(one.id)}.site.{key_part(site)}" for one in found)) for site in some)
    note = "1: every part of the configuration has a passage at the site. Sites without any are left out."
    return Table("sites", "Where the configurations are found", columns, rows, note, keys)


def _sources(study: Study, data: Declared) -> dict[str, tuple[Source, ...]]:
    found = enumerate(tables(data, "configuration"), start=1)
    return {key_part(table["id"]): row_source(study, FILE, f"configuration.{n}") for n, table in found}
