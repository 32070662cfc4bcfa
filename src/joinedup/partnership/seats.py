"""Who sits where and for what: seats held twice, tasks that no body or several bodies have, remits within remits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from joinedup.partnership.bodies import BodyPair, bodies_by_site, body_pairs, document
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.partnership import Body
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value


@dataclass(frozen=True)
class Holdings:
    """The bodies of each site and what each body holds: member agencies, or remits. `names` are all of them, in order."""

    sites: Mapping[str, tuple[Body, ...]]
    of: Mapping[str, frozenset[str]]
    names: tuple[str, ...]

    def bodies_with(self, site: str, name: str) -> int:
        """How many bodies of a site hold `name`."""
        return sum(name in self.of.get(body.id, ()) for body in self.sites[site])


def holdings(study: Study, links: Iterable[tuple[str, str]]) -> Holdings:
    """Holdings of (body, name) links, the names with the most bodies first."""
    found: dict[str, set[str]] = {}
    for body, name in links:
        found.setdefault(body, set()).add(name)
    names = sorted({name for held in found.values() for name in held})
    names.sort(key=lambda name: -sum(name in held for held in found.values()))
    return Holdings(bodies_by_site(study), {body: frozenset(held) for body, held in found.items()}, tuple(names))


def members_of(study: Study) -> Holdings:
    """Who sits on each body."""
    return holdings(study, ((seat.body, seat.agency) for seat in study.partnership.members))


def remits_of(study: Study) -> Holdings:
    """What each body is for."""
    return holdings(study, ((remit.body, remit.remit) for remit in study.partnership.remits))


def kinds_of(study: Study) -> dict[str, list[Body]]:
    """The bodies of each kind, the most frequent kind first; a body without a kind is of its name."""
    found: dict[str, list[Body]] = {}
    for body in sorted(study.partnership.bodies, key=lambda body: (body.kind or body.name, body.id)):
        found.setdefault(body.kind or body.name, []).append(body)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def seats_result(study: Study) -> Result | None:
    """`partnership.seats`; None where the study holds no bodies."""
    if not study.partnership.bodies:
        return None
    members, remits = members_of(study), remits_of(study)
    pairs = [pair for pair in body_pairs(study) if pair.remits.containment == 1]
    values = {**_agencies(members), **_tasks(remits), **_kinds(study, members, remits)}
    values["contained"] = len(pairs)
    values["contained_alike"] = sum(pair.remits.jaccard == 1 for pair in pairs)
    partnership = study.partnership
    return make_result(
        "partnership.seats",
        values,
        _methods(values),
        (partnership.bodies, partnership.members, partnership.remits, study.sites),
        tables=(_agency_table(members, values), _task_table(remits, values), _contained(study, pairs), _bodies(study, members, remits)),
        sources=_sources(study),
    )  # fmt: skip


def _agencies(members: Holdings) -> dict[str, Value]:
    values: dict[str, Value] = {
        "sites": len(members.sites),
        "bodies": sum(map(len, members.sites.values())),
        "seats": sum(map(len, members.of.values())),
        "agencies": len(members.names),
    }
    held, doubled = 0, 0
    for name in members.names:
        counts = [count for site in members.sites if (count := members.bodies_with(site, name))]
        key = f"agency.{key_part(name)}"
        values[f"{key}.sites"], values[f"{key}.seats"] = len(counts), sum(counts)
        values[f"{key}.sites_twice"] = sum(count > 1 for count in counts)
        held, doubled = held + len(counts), doubled + sum(count > 1 for count in counts)
    values["agency_sites"], values["agency_sites_twice"] = held, doubled
    values["twice_share"] = doubled / held if held else None
    return values


def _tasks(remits: Holdings) -> dict[str, Value]:
    values: dict[str, Value] = {"tasks": len(remits.names)}
    bare = 0
    for name in remits.names:
        counts = [remits.bodies_with(site, name) for site in remits.sites]
        key = f"task.{key_part(name)}"
        values[f"{key}.bodies"], values[f"{key}.sites_twice"] = sum(counts), sum(count > 1 for count in counts)
        values[f"{key}.sites_without"] = counts.count(0)
        bare += counts.count(0)
    values["tasks_without"] = bare
    return values


def _kinds(study: Study, members: Holdings, remits: Holdings) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for kind, bodies in kinds_of(study).items():
        key = f"kind.{key_part(kind)}"
        values[f"{key}.bodies"] = len(bodies)
        for part, held in (("agency", members), ("task", remits)):
            for name in held.names:
                here = sum(name in held.of.get(body.id, ()) for body in bodies)
                values[f"{key}.{part}.{key_part(name)}"] = here / len(bodies)
    return values


def _methods(values: Mapping[str, Value]) -> str:
    return (
        f"{values['bodies']} bodies of {values['sites']} sites with {values['seats']} memberships of {values['agencies']} "
        f"agencies; an agency with two seats on a body is one member. A seat is held twice where an agency sits on more than one "
        f"body of a site: {values['agency_sites_twice']} of {values['agency_sites']} pairs of an agency and a site. A task is "
        f"without a body where no body of a site has it though a body of another site does: {values['tasks_without']} "
        f"times; that may mean that nobody does it, or that no document says so. A remit lies within another where each of "
        f"its tasks is also the other's: {values['contained']} pairs of bodies within a site, {values['contained_alike']} "
        f"of them with the same tasks."
    )


def _agency_table(members: Holdings, values: Mapping[str, Value]) -> Table:
    columns = (
        ("agency", "Agency"),
        ("sites", "Sites with a seat"),
        ("seats", "Bodies"),
        ("sites_twice", "Sites with more than one"),
    )
    return _listed("agencies", "Agencies and their seats", columns, "agency", members.names, values)


def _task_table(remits: Holdings, values: Mapping[str, Value]) -> Table:
    columns = (
        ("task", "Task"),
        ("bodies", "Bodies that have it"),
        ("sites_twice", "Sites where several have it"),
        ("sites_without", "Sites where none has it"),
    )
    return _listed(
        "tasks", "Tasks, and the sites where several bodies or none have them", columns, "task", remits.names, values
    )


def _listed(
    id: str,
    title: str,
    columns: tuple[tuple[str, str], ...],
    part: str,
    names: Iterable[str],
    values: Mapping[str, Value],
) -> Table:
    found = list(names)
    keys = tuple(("", *(f"{part}.{key_part(name)}.{column}" for column, _ in columns[1:])) for name in found)
    rows = tuple((name, *(values[key] for key in row[1:])) for name, row in zip(found, keys, strict=True))
    return Table(id, title, columns, rows, "", keys)


def _contained(study: Study, pairs: Iterable[BodyPair]) -> Table:
    rows: list[Row] = []
    for pair in pairs:
        inner, outer = (pair.first, pair.second) if pair.remits.first_in_second == 1 else (pair.second, pair.first)
        how = "the same tasks" if pair.remits.jaccard == 1 else "lies within"
        documents = "; ".join(dict.fromkeys(filter(None, map(document, (inner, outer)))))
        name = study.site_by_id[pair.site].name if pair.site in study.site_by_id else pair.site
        rows.append((name, inner.name, how, outer.name, documents))
    columns = (
        ("site", "Site"),
        ("inner", "Body"),
        ("how", "Its remit"),
        ("outer", "That of"),
        ("documents", "Documents"),
    )
    return Table("contained", "Remits that lie within another body's", columns, tuple(rows))


def _bodies(study: Study, members: Holdings, remits: Holdings) -> Table:
    rows: list[Row] = []
    for site, bodies in members.sites.items():
        name = study.site_by_id[site].name if site in study.site_by_id else site
        for body in bodies:
            held = [", ".join(n for n in of.names if n in of.of.get(body.id, ())) for of in (members, remits)]
            rows.append((name, body.name, body.kind, *held, document(body)))
    columns = (
        ("site", "Site"),
        ("body", "Body"),
        ("kind", "Kind"),
        ("members", "Members"),
        ("remits", "Remits"),
        ("document", "Document"),
    )
    note = "The document and the page name the body, its members and its remits."
    return Table(
        "bodies", "Bodies, who sits on them, what they are for, and where it is written", columns, tuple(rows), note
    )


def _sources(study: Study) -> dict[str, tuple[Source, ...]]:
    partnership = study.partnership
    bodies = Source("partnership/bodies.csv", tuple(body.row for body in partnership.bodies), ("body", "site", "kind"))
    members = Source("partnership/members.csv", tuple(seat.row for seat in partnership.members), ("body", "agency"))
    remits = Source("partnership/remits.csv", tuple(remit.row for remit in partnership.remits), ("body", "remit"))
    found = {"": tuple(source for source in (bodies, members, remits) if source.rows)}
    for agency in sorted({seat.agency for seat in partnership.members}):
        rows = tuple(seat.row for seat in partnership.members if seat.agency == agency)
        found[f"agency.{key_part(agency)}"] = (Source("partnership/members.csv", rows, ("body", "agency")),)
    for task in sorted({remit.remit for remit in partnership.remits}):
        rows = tuple(remit.row for remit in partnership.remits if remit.remit == task)
        found[f"task.{key_part(task)}"] = (Source("partnership/remits.csv", rows, ("body", "remit")),)
    return found
