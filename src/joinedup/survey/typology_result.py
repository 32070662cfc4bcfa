"""Types of sites from what they say of themselves, how stable they are, and the answers that make them differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import Item
from joinedup.survey.answers import SINGLE, chosen, common_answer
from joinedup.survey.model import (
    Respondent,
    Sources,
    answers,
    headline_wave,
    respondents,
    response_source,
    responses_file,
    roster_source,
)

if TYPE_CHECKING:
    import pandas as pd

    from joinedup.survey.site_types import Typology

SEED = 20030711
BOOTSTRAPS = 200
MOST_TYPES = 5
NUMBERS = ("integer", "decimal", "range")
DOUBTFUL, STABLE = 0.6, 0.75
_REFERENCES = (
    "Gower, J. C. (1971), A general coefficient of similarity and some of its properties, Biometrics 27, 857-871.",
    "Hennig, C. (2007), Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52, "
    "258-271.",
    "Rousseeuw, P. J. (1987), Silhouettes: a graphical aid to the interpretation and validation of cluster analysis, "
    "Journal of Computational and Applied Mathematics 20, 53-65.",
)


def typology_result(study: Study) -> Result | None:
    """`survey.typology`: types of programme sites from the plan's typology items, in the headline wave."""
    plan, wave = study.plan("survey"), headline_wave(study)
    names, role = tuple(plan.get("typology", ())), str(plan.get("site_role", ""))
    if not names or not wave:
        return None
    if len(names) < 2:
        raise NotComputable("Types of sites need at least two items ([plan.survey] typology).")
    people = tuple(p for p in respondents(study, wave) if role in ("", p.entry.role))
    if not people:
        raise NotComputable(f"Nobody who speaks for a site answered in wave {wave}.")
    items = [_item(study, name) for name in names]
    table = site_table(study, wave, items, people)
    found, tried = _best(table)
    values = _values(table, items, found, tried)
    return make_result(
        "survey.typology",
        values,
        _methods(wave, values),
        (plan, study.survey.instrument, study.survey.roster, study.survey.responses[wave], study.sites),
        tables=(_type_table(study, values, found), _item_table(items, values, found)),
        parameters={"wave": wave, "typology": ", ".join(names), "seed": SEED, "bootstraps": BOOTSTRAPS},
        sources=_sources(wave, items, people),
        caveats=_caveats(study, table, found),
        references=_REFERENCES,
    )


def _item(study: Study, name: str) -> Item:
    instrument = study.survey.instrument
    item = instrument.item(name) if instrument else None
    if item is None or item.kind not in (SINGLE, *NUMBERS):
        raise NotComputable(f"[plan.survey] typology: {name} is no select_one and no number of the instrument.")
    return item


def site_table(study: Study, wave: str, items: Sequence[Item], people: Sequence[Respondent]) -> pd.DataFrame:
    """Sites x items: a site's answer where all who speak for it agree, else blank; numbers as numbers.

    Sites that answered none of the items are left out.
    """
    import pandas as pd

    columns: dict[str, pd.Series[Any]] = {}
    for item in items:
        said: dict[str, list[frozenset[str]]] = {}
        for person, written in zip(people, answers(study, wave, item.name, people), strict=True):
            said.setdefault(person.entry.site, []).append(chosen(written, multiple=False))
        common = {site: common_answer(given) for site, given in said.items()}
        one = {site: next(iter(answer)) if answer else None for site, answer in common.items()}
        columns[item.name] = _numbers(wave, item, one) if item.kind in NUMBERS else pd.Series(one, dtype=object)
    table = pd.DataFrame(columns)
    order = [site.id for site in study.programme_sites if site.id in table.index]
    return table.loc[order].dropna(how="all")


def _numbers(wave: str, item: Item, given: Mapping[str, str | None]) -> pd.Series[Any]:
    import pandas as pd

    try:
        return pd.Series(
            {site: None if answer is None else float(answer) for site, answer in given.items()}, dtype=float
        )
    except ValueError:
        raise NotComputable(f"{responses_file(wave)}: an answer to {item.name} is no number.") from None


def _best(table: pd.DataFrame) -> tuple[Typology, dict[int, Typology]]:
    """The typology whose least stable type is the most stable, of 2 to MOST_TYPES types, and all of them."""
    from joinedup.survey.site_types import typology

    found: dict[int, Typology] = {}
    for k in range(2, MOST_TYPES + 1):
        try:
            found[k] = typology(table, k, "average", SEED, BOOTSTRAPS)
        except NotComputable:
            if k == 2:
                raise
            break
    return found[max(found, key=lambda k: (round(float(found[k].stability.min()), 9), -k))], found


def _values(
    table: pd.DataFrame, items: Sequence[Item], found: Typology, tried: Mapping[int, Typology]
) -> dict[str, Value]:
    values: dict[str, Value] = {"sites": len(table), "items": len(items), "types": len(found.stability)}
    values["silhouette"] = found.silhouette
    for k, other in tried.items():
        values[f"silhouette.{k}"], values[f"stability.{k}"] = other.silhouette, float(other.stability.min())
    values["stability.min"] = float(found.stability.min())
    for kind, stability in found.stability.items():
        values[f"type_{kind}.sites"] = int((found.types == kind).sum())
        values[f"type_{kind}.stability"] = float(stability)
    for item in items:
        key = key_part(item.name)
        values[f"{key}.strength"] = float(found.items.loc[item.name, "strength"])  # type: ignore[arg-type]
        for kind in found.stability.index:
            values |= _answer(f"{key}.type_{kind}", table[item.name][found.types == kind].dropna(), item)
    values |= {f"site.{key_part(str(site))}.type": int(kind) for site, kind in found.types.items()}
    return values


def _answer(key: str, given: pd.Series[Any], item: Item) -> dict[str, Value]:
    """The mean of a number; the commonest answer in words with its share otherwise."""
    values: dict[str, Value] = {f"{key}.answered": len(given)}
    if not len(given):
        return values
    if item.kind in NUMBERS:
        return values | {key: float(given.mean())}
    counts = given.value_counts(sort=False).sort_index()
    commonest = str(counts.idxmax())
    return values | {key: item.options.get(commonest) or commonest, f"{key}.share": float(counts.max() / len(given))}


def _methods(wave: str, values: Mapping[str, Value]) -> str:
    return (
        f"Types of the {values['sites']} programme sites from {values['items']} answers of those who speak for them in "
        f"wave {wave}: Gower's distances, average linkage, {values['types']} types, the number from 2 to {MOST_TYPES} "
        f"whose least stable type is the most stable ({values['stability.min']:.2f}). Stability: mean Jaccard similarity "
        f"of each type with its nearest in {BOOTSTRAPS} bootstrap samples of the sites (seed {SEED}); below "
        f"{DOUBTFUL:g} a type should not be believed, from {STABLE:g} it is stable. The mean silhouette width is "
        f"{values['silhouette']:.2f}. The strength of an answer is the "
        f"share of its variation that the types explain: the types were made from it, so it describes and tests nothing."
    )


def _caveats(study: Study, table: pd.DataFrame, found: Typology) -> tuple[str, ...]:
    told = []
    doubtful = [str(kind) for kind, stability in found.stability.items() if not stability >= DOUBTFUL]
    if doubtful:
        told.append(f"The stability is below {DOUBTFUL:g}: don't believe in type {', '.join(doubtful)}.")
    if found.silhouette < 0.25:
        told.append("The mean silhouette width is below 0.25: the types are hardly apart.")
    lost = [site.name for site in study.programme_sites if site.id not in table.index]
    if lost:
        told.append(f"Without an answer, so of no type: {', '.join(lost)}.")
    return tuple(told)


def _type_table(study: Study, values: Mapping[str, Value], found: Typology) -> Table:
    keys = tuple(("", f"type_{kind}.sites", f"type_{kind}.stability", "") for kind in found.stability.index)
    names = study.site_by_id
    rows: tuple[Row, ...] = tuple(
        (
            f"Type\u00a0{kind}",
            values[f"type_{kind}.sites"],
            values[f"type_{kind}.stability"],
            ", ".join(names[str(site)].name for site in found.types.index[found.types == kind]),
        )
        for kind in found.stability.index
    )
    columns = (("type", "Type"), ("sites", "Sites"), ("stability", "Stability"), ("members", "Its sites"))
    note = f"Mean silhouette width {values['silhouette']:.2f}; type 1 is the largest."
    return Table("types", "Types of sites", columns, rows, note, keys)


def _item_table(items: Sequence[Item], values: Mapping[str, Value], found: Typology) -> Table:
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for item in sorted(items, key=lambda item: -_strength(values, item)):
        key = key_part(item.name)
        for kind in found.stability.index:
            cells = (f"{key}.strength", f"{key}.type_{kind}", f"{key}.type_{kind}.share")
            strength, answer, share = (cell if cell in values else "" for cell in cells)
            keys.append(("", strength, "", answer, share))
            rows.append((item.label or item.name, values[strength], kind, values.get(answer), values.get(share)))
    heads = ("Question", "Strength", "Type", "Commonest answer", "Share")
    columns = tuple(zip(("item", "strength", "type", "answer", "share"), heads, strict=True))
    note = "The commonest answer in each type (or the mean of a number) and the share of its sites that gave it."
    return Table("items", "What makes the types differ", columns, tuple(rows), note, tuple(keys))


def _strength(values: Mapping[str, Value], item: Item) -> float:
    found = values[f"{key_part(item.name)}.strength"]
    return found if isinstance(found, float) else 0.0


def _sources(wave: str, items: Sequence[Item], people: Sequence[Respondent]) -> Sources:
    names = [item.name for item in items]
    found: Sources = {"": (response_source(wave, people, names), roster_source(p.entry for p in people))}
    for name in names:
        found[key_part(name)] = (response_source(wave, people, [name]),)
    for site in dict.fromkeys(person.entry.site for person in people):
        here = [person for person in people if person.entry.site == site]
        found[f"site.{key_part(site)}"] = (response_source(wave, here, names),)
    return found
