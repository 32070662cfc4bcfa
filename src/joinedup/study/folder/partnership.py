"""The files of the partnership strand."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.folder.csvfile import CsvRow
from joinedup.study.folder.numbers import number_of, written
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.sheet import Sheet, same
from joinedup.study.model import Partnership
from joinedup.study.partnership import Body, Member, Provision, Remit

BODIES: Sheet[Body] = Sheet(
    "partnership/bodies.csv",
    Body,
    {"body": "id", **same("site", "name", "kind", "document", "page")},
    ("body", "site", "name"),
)
MEMBERS: Sheet[Member] = Sheet("partnership/members.csv", Member, same("body", "agency", "role"), ("body", "agency"))
REMITS: Sheet[Remit] = Sheet("partnership/remits.csv", Remit, same("body", "remit"), ("body", "remit"))


def _provision(_: Reading, row: CsvRow) -> Provision:
    cell = row.cells["spend"].strip()
    number = number_of(cell)
    found = PROVISION.arguments(row)
    return Provision(**{**found, "spend": number, "mark": "" if number is not None else cell})


def _cells(item: Provision) -> Mapping[str, str]:
    return {"spend": item.mark if item.spend is None else written(item.spend)}


PROVISION: Sheet[Provision] = Sheet(
    "partnership/provision.csv",
    Provision,
    same("site", "service", "tier", "period", "spend"),
    ("site", "service", "tier", "period", "spend"),
    make=_provision,
    cells=_cells,
)


def read_partnership(reading: Reading) -> Partnership:
    """The partnership strand; empty where the folder has none of its files."""
    return Partnership(BODIES.read(reading), MEMBERS.read(reading), REMITS.read(reading), PROVISION.read(reading))
