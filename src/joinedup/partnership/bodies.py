"""Overlap of partnership bodies: of their members and of their remits, which are two different numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.partnership import Body
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

_REFERENCE = (
    "Jaccard, P. (1912), The distribution of the flora in the alpine zone, New Phytologist 11(2), 37-50 (the overlap); "
    "containment is the asymmetric share |A and B| / |A|."
)


@dataclass(frozen=True, slots=True)
class PairOverlap:
    """The overlap of two named sets: how many elements each holds and how many they share."""

    first: str
    second: str
    first_size: int
    second_size: int
    shared: int

    @property
    def jaccard(self) -> float | None:
        """|A and B| / |A or B|; None for two empty sets, for which it is not defined."""
        union = self.first_size + self.second_size - self.shared
        return self.shared / union if union else None

    @property
    def first_in_second(self) -> float | None:
        """The share of the first set that lies in the second, |A and B| / |A|; None where the first is empty."""
        return self.shared / self.first_size if self.first_size else None

    @property
    def second_in_first(self) -> float | None:
        """The share of the second set that lies in the first, |A and B| / |B|; None where the second is empty."""
        return self.shared / self.second_size if self.second_size else None

    @property
    def containment(self) -> float | None:
        """The larger of both containments; None where both sets are empty."""
        defined = [share for share in (self.first_in_second, self.second_in_first) if share is not None]
        return max(defined, default=None)


def pairwise(sets: Mapping[str, frozenset[str]]) -> list[PairOverlap]:
    """The overlap of every pair of `sets` once, in the order of the mapping."""
    return [PairOverlap(a, b, len(sets[a]), len(sets[b]), len(sets[a] & sets[b])) for a, b in combinations(sets, 2)]


@dataclass(frozen=True, slots=True)
class BodyPair:
    """Two bodies of a site with the overlap of their members and of their remits."""

    site: str
    first: Body
    second: Body
    members: PairOverlap
    remits: PairOverlap


ASPECTS: Mapping[str, Callable[[BodyPair], PairOverlap]] = {
    "members": lambda pair: pair.members,
    "remits": lambda pair: pair.remits,
}


def body_pairs(study: Study) -> tuple[BodyPair, ...]:
    """All pairs of bodies within a site, in the order of sites and of the bodies' ids.

    Members are agencies: an agency with two seats on a body is one member.
    """
    members = _sets((seat.body, seat.agency) for seat in study.partnership.members)
    remits = _sets((remit.body, remit.remit) for remit in study.partnership.remits)
    found = []
    for site, bodies in bodies_by_site(study).items():
        by_members = pairwise({body.id: members.get(body.id, frozenset()) for body in bodies})
        by_remits = pairwise({body.id: remits.get(body.id, frozenset()) for body in bodies})
        for (a, b), seats, tasks in zip(combinations(bodies, 2), by_members, by_remits, strict=True):
            found.append(BodyPair(site, a, b, seats, tasks))
    return tuple(found)


def bodies_by_site(study: Study) -> Mapping[str, tuple[Body, ...]]:
    """The bodies of each site that has any, sites in the study's order, bodies by id."""
    found: dict[str, list[Body]] = {site.id: [] for site in study.sites}
    for body in sorted(study.partnership.bodies, key=lambda body: body.id):
        found.setdefault(body.site, []).append(body)
    return {site: tuple(bodies) for site, bodies in found.items() if bodies}


def _sets(links: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for body, element in links:
        found.setdefault(body, set()).add(element)
    return {body: frozenset(elements) for body, elements in found.items()}


def mean_defined(values: Iterable[float | None]) -> float | None:
    """The mean of the values that are defined; None where none is. The order changes nothing, not even the last digit."""
    defined = [value for value in values if value is not None]
    return math.fsum(defined) / len(defined) if defined else None


def overlap_result(study: Study) -> Result | None:
    """`partnership.overlap`: how far the bodies of a site share members and remits."""
    if not study.partnership.bodies:
        return None
    pairs = body_pairs(study)
    values = {**_overall(study, pairs), **_by_site(study, pairs), **_by_pair(pairs)}
    partnership = study.partnership
    return make_result(
        "partnership.overlap",
        values,
        _methods(values),
        (partnership.bodies, partnership.members, partnership.remits, study.sites),
        tables=(_site_table(study, values), _pair_table(study, pairs)),
        sources=_sources(study, pairs),
        caveats=_caveats(study, values),
        references=(_REFERENCE,),
    )


def _overall(study: Study, pairs: Sequence[BodyPair]) -> dict[str, Value]:
    values: dict[str, Value] = {
        "bodies": len(study.partnership.bodies),
        "sites": len(bodies_by_site(study)),
        "pairs": len(pairs),
    }
    for name, aspect in ASPECTS.items():
        overlaps = [aspect(pair) for pair in pairs]
        values[f"{name}.jaccard"] = mean_defined(overlap.jaccard for overlap in overlaps)
        values[f"{name}.containment"] = mean_defined(overlap.containment for overlap in overlaps)
        values[f"{name}.undefined"] = sum(overlap.jaccard is None for overlap in overlaps)
        values[f"{name}.sites_overlapping"] = len({pair.site for pair in pairs if aspect(pair).shared})
    values["remits.contained_pairs"] = sum(pair.remits.containment == 1 for pair in pairs)
    return values


def _by_site(study: Study, pairs: Sequence[BodyPair]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for site, bodies in bodies_by_site(study).items():
        key, here = f"site.{key_part(site)}", [pair for pair in pairs if pair.site == site]
        values[f"{key}.bodies"], values[f"{key}.pairs"] = len(bodies), len(here)
        for name, aspect in ASPECTS.items():
            values[f"{key}.{name}.jaccard"] = mean_defined(aspect(pair).jaccard for pair in here)
    return values


def pair_key(pair: BodyPair) -> str:
    """The beginning of the keys of a pair's values."""
    return f"pair.{key_part(pair.first.id)}.{key_part(pair.second.id)}"


def _by_pair(pairs: Iterable[BodyPair]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for pair in pairs:
        for name, aspect in ASPECTS.items():
            key, overlap = f"{pair_key(pair)}.{name}", aspect(pair)
            values[f"{key}.shared"] = overlap.shared
            values[f"{key}.jaccard"], values[f"{key}.containment"] = overlap.jaccard, overlap.containment
            values[f"{key}.first_in_second"], values[f"{key}.second_in_first"] = (
                overlap.first_in_second,
                overlap.second_in_first,
            )
    return values


def _methods(values: Mapping[str, Value]) -> str:
    return (
        f"All {values['pairs']} pairs of bodies within a site ({values['bodies']} bodies, {values['sites']} sites). "
        f"Overlap of members (agencies, each counted once a body) and of remits: Jaccard, what two bodies share as a "
        f"share of all that either has, and containment, what they share as a share of one body's own; the larger of "
        f"the two containments is reported with its direction. Means are over pairs, so a site with many bodies weighs "
        f"more; the table gives each site's own mean. Where neither body of a pair has an entry the overlap is not "
        f"defined and the pair is left out: {values['members.undefined']} pairs for members, "
        f"{values['remits.undefined']} for remits."
    )


def _caveats(study: Study, values: Mapping[str, Value]) -> tuple[str, ...]:
    seated = {seat.body for seat in study.partnership.members}
    tasked = {remit.body for remit in study.partnership.remits}
    bodies = study.partnership.bodies
    found = []
    for what, known in (("members", seated), ("remit", tasked)):
        bare = sorted(body.name for body in bodies if body.id not in known)
        if bare:
            found.append(f"No {what} on record, which may mean none or not known: {', '.join(bare)}.")
    if values["pairs"] == 0:
        found.append("No site has two bodies, so there is no pair to compare.")
    return tuple(found)


def _site_name(study: Study, site: str) -> str:
    return study.site_by_id[site].name if site in study.site_by_id else site


def _site_table(study: Study, values: Mapping[str, Value]) -> Table:
    names = ("bodies", "pairs", "members.jaccard", "remits.jaccard")
    sites = list(bodies_by_site(study))
    keys = [("", *(f"site.{key_part(site)}.{name}" for name in names)) for site in sites]
    labels = [_site_name(study, site) for site in sites]
    keys.append(("", *names))
    rows = [(label, *(values[key] for key in row[1:])) for label, row in zip([*labels, "All pairs"], keys, strict=True)]
    headings = ("Site", "Bodies", "Pairs", "Members: mean Jaccard", "Remits: mean Jaccard")
    columns = zip(("site", "bodies", "pairs", "members_jaccard", "remits_jaccard"), headings, strict=True)
    note = "A dash: no pair for which the overlap is defined."
    return Table("by_site", "Overlap of bodies by site", tuple(columns), tuple(rows), note, tuple(keys))


PARTS = ("shared", "jaccard", "containment")
_PAIR_COLUMNS = (
    ("site", "Site"),
    ("first", "Body A"),
    ("second", "Body B"),
    ("members_shared", "Members shared"),
    ("members_jaccard", "Members: Jaccard"),
    ("members_containment", "Members: containment"),
    ("members_direction", "Members: which in which"),
    ("remits_shared", "Remits shared"),
    ("remits_jaccard", "Remits: Jaccard"),
    ("remits_containment", "Remits: containment"),
    ("remits_direction", "Remits: which in which"),
    ("documents", "Documents"),
)


def _pair_table(study: Study, pairs: Iterable[BodyPair]) -> Table:
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for pair in pairs:
        cells: list[Value] = [_site_name(study, pair.site), pair.first.name, pair.second.name]
        for aspect in ASPECTS.values():
            overlap = aspect(pair)
            cells += [overlap.shared, overlap.jaccard, overlap.containment, direction(overlap)]
        rows.append((*cells, "; ".join(dict.fromkeys(filter(None, map(document, (pair.first, pair.second)))))))
        row = ((*(f"{pair_key(pair)}.{name}.{part}" for part in PARTS), "") for name in ASPECTS)
        keys.append(("", "", "", *(key for part in row for key in part), ""))
    note = "Containment: the larger of the two shares |A and B| / |A| and |A and B| / |B|, with its direction."
    return Table("pairs", "Pairs of bodies within a site", _PAIR_COLUMNS, tuple(rows), note, tuple(keys))


def direction(overlap: PairOverlap) -> str | None:
    """Which set's containment is the larger: "A in B", "B in A" or "both alike"; None where they share nothing."""
    if not overlap.shared:
        return None
    if overlap.first_size == overlap.second_size:
        return "both alike"
    return "A in B" if overlap.first_size < overlap.second_size else "B in A"


def document(body: Body) -> str:
    """The document that names the body, with the page where one is given; empty where none is."""
    return f"{body.document}, p. {body.page}" if body.document and body.page else body.document


def _sources(study: Study, pairs: Iterable[BodyPair]) -> dict[str, tuple[Source, ...]]:
    """Behind a site or a pair: the rows of its bodies, their members and remits, and the documents that name them."""
    found = {"": _rows_of(study, study.partnership.bodies)}
    for site, bodies in bodies_by_site(study).items():
        found[f"site.{key_part(site)}"] = _rows_of(study, bodies)
    for pair in pairs:
        found[pair_key(pair)] = _rows_of(study, (pair.first, pair.second))
    return found


def _rows_of(study: Study, bodies: Iterable[Body]) -> tuple[Source, ...]:
    kept = {body.id: body for body in bodies}
    documents = {body.document for body in kept.values()}
    rows = {
        ("partnership/bodies.csv", ("body", "site", "document", "page")): [body.row for body in kept.values()],
        ("partnership/members.csv", ("body", "agency")): [m.row for m in study.partnership.members if m.body in kept],
        ("partnership/remits.csv", ("body", "remit")): [r.row for r in study.partnership.remits if r.body in kept],
        ("texts/texts.csv", ("text", "source")): [text.row for text in study.texts.texts if text.id in documents],
    }
    return tuple(Source(file, tuple(sorted(at)), columns) for (file, columns), at in rows.items() if at)
