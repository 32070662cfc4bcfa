"""`partnership.chance`: whether bodies share more members or tasks than their numbers alone would bring about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from joinedup.partnership.seats import Holdings, members_of, remits_of
from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

if TYPE_CHECKING:
    from joinedup.partnership.chance import ChanceOverlap

DRAWS, SEED = 199, 1
_REFERENCE = (
    "Strona, G. et al. (2014), A fast and unbiased procedure to randomize ecological binary matrices with fixed row and "
    "column totals, Nature Communications 5, 4114; Besag, J. and Clifford, P. (1989), Generalized Monte Carlo "
    "significance tests, Biometrika 76(4), 633-642."
)
_ASPECTS = (("members", "Members"), ("remits", "Remits"))
_PARTS = ("observed", "by_chance", "low", "high", "p", "p_high")


def chance_result(study: Study) -> Result | None:
    """The Result; None without bodies. Raises NotComputable where neither members nor remits could come out otherwise."""
    if not study.partnership.bodies:
        return None
    found: dict[str, ChanceOverlap] = {}
    reasons = []
    for name, held in (("members", members_of(study)), ("remits", remits_of(study))):
        try:
            found[name] = _against_chance(held)
        except NotComputable as reason:
            reasons.append(f"{name.capitalize()}: {reason}")
    if not found:
        raise NotComputable(" ".join(reasons))
    values = _values(members_of(study), found)
    partnership = study.partnership
    return make_result(
        "partnership.chance",
        values,
        _methods(found),
        (partnership.bodies, partnership.members, partnership.remits, study.sites),
        tables=(_summary(values, found), _by_site(study, values, found)),
        parameters={"draws": DRAWS, "seed": SEED},
        sources=_sources(study),
        caveats=tuple(reasons),
        references=(_REFERENCE,),
    )


def _against_chance(held: Holdings) -> ChanceOverlap:
    from joinedup.partnership.chance import overlap_by_chance

    names = sorted(held.names)
    tables = [
        [[name in held.of.get(body.id, ()) for name in names] for body in bodies] for bodies in held.sites.values()
    ]
    return overlap_by_chance(tables, DRAWS, SEED)


def _values(held: Holdings, found: Mapping[str, ChanceOverlap]) -> dict[str, Value]:
    values: dict[str, Value] = {"draws": DRAWS}
    for name, chance in found.items():
        values |= {f"{name}.{part}": getattr(chance, part) for part in (*_PARTS, "pairs")}
        above, compared = 0, 0
        for site, observed, drawn in zip(held.sites, chance.sites_observed, chance.sites_by_chance, strict=True):
            key = f"site.{key_part(site)}.{name}"
            if observed == observed:
                values[f"{key}.observed"], values[f"{key}.by_chance"] = float(observed), float(drawn)
                compared, above = compared + 1, above + int(observed > drawn + 1e-9)
        values[f"{name}.sites"], values[f"{name}.sites_above"] = compared, above
    return values


def _methods(found: Mapping[str, ChanceOverlap]) -> str:
    pairs = " and ".join(f"{chance.pairs} pairs for {name}" for name, chance in found.items())
    return (
        f"Mean Jaccard overlap over the pairs of bodies within a site ({pairs}; bodies without an entry take no part), "
        f"against {DRAWS} draws in which every body keeps how many it has and every agency (or task) how many bodies of "
        f"its site it is on (curveball swaps). The draws start from one table reached backwards from the one observed, "
        f"so the two-sided p is exact but for their number; its upper bound says what p may be at most, with 97.5% "
        f"confidence, had every table been looked at. The statement is on the sites of this study."
    )


def _summary(values: Mapping[str, Value], found: Mapping[str, ChanceOverlap]) -> Table:
    columns = (
        ("what", "Overlap of"),
        ("observed", "Observed"),
        ("by_chance", "By chance"),
        ("low", "95% of draws from"),
        ("high", "to"),
        ("p", "p"),
        ("p_high", "p at most"),
    )
    keys = tuple(("", *(f"{name}.{part}" for part in _PARTS)) for name in found)
    rows: list[Row] = [(label, *(values[f"{n}.{p}"] for p in _PARTS)) for n, label in _ASPECTS if n in found]
    return Table("summary", "Overlap of bodies against chance", columns, tuple(rows), "", keys)


def _by_site(study: Study, values: Mapping[str, Value], found: Mapping[str, ChanceOverlap]) -> Table:
    columns = [("site", "Site")]
    for name, label in _ASPECTS:
        if name in found:
            columns += [(f"{name}_observed", f"{label}: observed"), (f"{name}_by_chance", f"{label}: by chance")]
    rows: list[Row] = []
    keys = []
    for site in study.sites:
        wanted = [f"site.{key_part(site.id)}.{name}.{part}" for name in found for part in ("observed", "by_chance")]
        if any(key in values for key in wanted):
            rows.append((site.name, *(values.get(key) for key in wanted)))
            keys.append(("", *(key if key in values else "" for key in wanted)))
    return Table("by_site", "Overlap by site against chance", tuple(columns), tuple(rows), "", tuple(keys))


def _sources(study: Study) -> dict[str, tuple[Source, ...]]:
    partnership = study.partnership
    members = Source("partnership/members.csv", tuple(seat.row for seat in partnership.members), ("body", "agency"))
    remits = Source("partnership/remits.csv", tuple(remit.row for remit in partnership.remits), ("body", "remit"))
    found = {"": tuple(source for source in (members, remits) if source.rows)}
    return found | {"members": (members,), "remits": (remits,)}
