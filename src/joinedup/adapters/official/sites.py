"""Sites from an official table, beside those that the study's own sites.csv names."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.adapters.official.declaration import SitesSpec
from joinedup.adapters.official.grid import Files
from joinedup.study.site import COMPARISON, PROGRAMME, Site


def add_sites(files: Files, specs: Sequence[SitesSpec], declared: tuple[Site, ...]) -> tuple[Site, ...]:
    """`declared` as they are, then every further site of the tables in order of its code; its first row counts."""
    found: dict[str, Site] = {}
    known = {site.id for site in declared}
    for spec in specs:
        named = (spec.site, spec.name, spec.region, spec.model, spec.programme)
        grid = files.grid(spec, [heading for heading in named if heading])
        for row, cells in grid.rows if grid else ():
            place = grid.place if grid else {}
            code, name, region, model, programme = (cells[place[heading]] if heading else "" for heading in named)
            if code and code not in known:
                role = PROGRAMME if programme else COMPARISON
                found.setdefault(code, Site(code, name, region, role=role, model=model, row=row))
    return (*declared, *(found[code] for code in sorted(found)))
