"""Is the partnership strand sound: bodies, members, remits, provision."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.indicators import MARKS
from joinedup.study.model import Study
from joinedup.study.partnership import TARGETED, UNIVERSAL, Provision
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import identifier, known, once, period

_BODIES, _PROVISION = "partnership/bodies.csv", "partnership/provision.csv"


def check(study: Study) -> Iterator[Problem]:
    """Every problem of the partnership strand."""
    bodies = study.partnership.bodies
    yield from once(((body.id,), Place(_BODIES, body.row, "body")) for body in bodies)
    for body in bodies:
        yield from identifier(body.id, Place(_BODIES, body.row, "body"))
        yield from known("site", body.site, study.site_by_id, Place(_BODIES, body.row, "site"))
        if body.document:
            yield from known("text", body.document, study.text_by_id, Place(_BODIES, body.row, "document"))
    yield from _members(study)
    yield from _remits(study)
    yield from _provision(study)


def _members(study: Study) -> Iterator[Problem]:
    file, members = "partnership/members.csv", study.partnership.members
    yield from once(((m.body, m.agency, m.role), Place(file, m.row, "agency")) for m in members)
    bodies = {body.id for body in study.partnership.bodies}
    for member in members:
        yield from _body(bodies, member.body, Place(file, member.row, "body"))
        if not member.agency:
            what = "The agency is empty."
            yield Problem("J404", Place(file, member.row, "agency"), what, "Name the agency that has the seat.")


def _remits(study: Study) -> Iterator[Problem]:
    file, remits = "partnership/remits.csv", study.partnership.remits
    yield from once(((r.body, r.remit), Place(file, r.row, "remit")) for r in remits)
    bodies = {body.id for body in study.partnership.bodies}
    for remit in remits:
        yield from _body(bodies, remit.body, Place(file, remit.row, "body"))
        if not remit.remit:
            what = "The remit is empty."
            yield Problem("J404", Place(file, remit.row, "remit"), what, "Name the task that the body has.")


def _body(bodies: Collection[str], id: str, place: Place) -> Iterator[Problem]:
    if id not in bodies:
        what = f"{shown(id)} is no body of this study.{did_you_mean(id, bodies)}"
        yield Problem("J401", place, what, f"Correct it, or add it to {_BODIES}.")


def _provision(study: Study) -> Iterator[Problem]:
    rows = study.partnership.provision
    yield from once(((r.site, r.service, r.tier, r.period), Place(_PROVISION, r.row, "service")) for r in rows)
    for row in rows:
        yield from known("site", row.site, study.site_by_id, Place(_PROVISION, row.row, "site"))
        yield from period(row.period, Place(_PROVISION, row.row, "period"))
        if row.tier not in (TARGETED, UNIVERSAL):
            what = f"{shown(row.tier)} is no tier.{did_you_mean(row.tier, (TARGETED, UNIVERSAL))}"
            yield Problem("J402", Place(_PROVISION, row.row, "tier"), what, f"Write {TARGETED} or {UNIVERSAL}.")
        yield from _spend(row)


def _spend(row: Provision) -> Iterator[Problem]:
    place = Place(_PROVISION, row.row, "spend")
    if row.spend is None and row.mark and row.mark not in MARKS:
        what = f"{shown(row.mark)} is neither a number nor a status mark."
        remedy = f"Write digits with a decimal point and no grouping, or one of {', '.join(MARKS)}."
        yield Problem("J403", place, what, remedy)
    if row.spend is not None and row.spend < 0:
        yield Problem("J403", place, f"The spending is negative ({row.spend:g}).", "Write what was spent.")
