"""`synthesis.emphasis`: how much of what is said is of targeted provision, against how much of the money is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from joinedup.partnership.provision import FILE as SPENDING
from joinedup.partnership.provision import Tiers, pooled, spending
from joinedup.study.analysis import make_result
from joinedup.study.inference import mean_interval
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.study.texts import Passage
from joinedup.synthesis.integration.reading import Declared, Results, Spoken, declared, named_codes

NAME = "emphasis"
LEAST_SITES = 3


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What is said at one site: stretches of text by tier, the people who speak of either, and of targeted provision."""

    targeted: int
    universal: int
    speakers: int
    targeted_speakers: int

    @property
    def share(self) -> float:
        """Targeted / (targeted + universal) stretches; at least one of the two is above 0."""
        return self.targeted / (self.targeted + self.universal)


def stretches(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Passages of one theme with those that share a character made one, so that two coders count once."""
    found: list[Passage] = []
    for passage in sorted(passages, key=lambda one: (one.text, one.start, one.end)):
        last = found[-1] if found else None
        if last and last.text == passage.text and passage.start < last.end:
            found[-1] = Passage(last.text, last.start, max(last.end, passage.end), "")
        else:
            found.append(passage)
    return tuple(found)


def emphasis_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.emphasis`; None where the study declares none.

    Raises NotComputable where no site has both a word on either tier and a known split of spending in the period.
    """
    data = declared(study, NAME)
    if not data:
        return None
    spoken = Spoken(study)
    said, money = _said(spoken, data), spending(study)
    split = {site: found[data["period"]] for site, found in money.known.items() if data["period"] in found}
    sites = [site.id for site in study.programme_sites if site.id in said and site.id in split]
    if not sites:
        raise NotComputable("no site has both words on provision and a known split of its spending in the period")
    values = _values(sites, said, split)
    values["without_words"] = len([site for site in spoken.interviewed if site in split and site not in said])
    values["without_spending"] = len([site for site in said if site not in split])
    coded = results.get("texts.theme-matrix")
    behind = coded.sources_of("passages") if coded else ()
    return make_result(
        "synthesis.emphasis",
        values,
        _methods(study, data, values, spoken.unit),
        (data, study.partnership.provision, coded.inputs if coded else ""),
        tables=(_table(study, sites, values, spoken.unit),),
        parameters={"period": data["period"], "least_sites": LEAST_SITES},
        sources={"": (*_rows(study, data["period"], sites), *behind)}
        | {f"site.{key_part(site)}": (*_rows(study, data["period"], [site]), *behind) for site in sites},
        caveats=_caveats(values),
    )


def _said(spoken: Spoken, data: Declared) -> dict[str, Emphasis]:
    """What is said at each site; sites where nobody speaks of either tier are left out."""
    counts: dict[str, dict[str, int]] = {site: {"targeted": 0, "universal": 0} for site in spoken.interviewed}
    people: dict[str, dict[str, set[str]]] = {}
    for tier in ("targeted", "universal"):
        found = stretches(passage for code in data[tier] for passage in spoken.passages(code))
        for stretch in found:
            for site in spoken.sites(stretch):
                counts[site][tier] += 1
        by_code = [spoken.people(code) for code in data[tier]]
        people[tier] = {site: set().union(*(one[site] for one in by_code)) for site in spoken.interviewed}
    return {
        site: Emphasis(
            **told,
            speakers=len(people["targeted"][site] | people["universal"][site]),
            targeted_speakers=len(people["targeted"][site]),
        )
        for site, told in counts.items()
        if sum(told.values())
    }


def _values(sites: list[str], said: Mapping[str, Emphasis], split: Mapping[str, Tiers]) -> dict[str, Value]:
    found = [said[site] for site in sites]
    gaps = [said[site].share - (split[site].targeted_share or 0.0) for site in sites]
    interval = mean_interval(gaps) if len(gaps) >= LEAST_SITES else None
    targeted, universal = sum(one.targeted for one in found), sum(one.universal for one in found)
    people, speak = sum(one.speakers for one in found), sum(one.targeted_speakers for one in found)
    values: dict[str, Value] = {
        "sites": len(sites),
        "passages.targeted": targeted,
        "passages.universal": universal,
        "passages.share": targeted / (targeted + universal),
        "people": people,
        "people.targeted": speak,
        "people.share": speak / people,
        "spending": pooled(split[site] for site in sites).targeted_share,
        "gap": math.fsum(gaps) / len(gaps),
        "gap_low": interval.low if interval else None,
        "gap_high": interval.high if interval else None,
        "above": sum(gap > 0 for gap in gaps),
        "zeros": sum(one.targeted == 0 or one.universal == 0 for one in found),
    }
    for site, one, gap in zip(sites, found, gaps, strict=True):
        key = f"site.{key_part(site)}"
        values |= {f"{key}.people": one.speakers, f"{key}.targeted": one.targeted_speakers}
        values |= {f"{key}.share": one.share, f"{key}.spending_share": split[site].targeted_share, f"{key}.gap": gap}
    return values


def _methods(study: Study, data: Declared, values: Mapping[str, Value], unit: str) -> str:
    return (
        f"The emphasis of a site is the number of passages in its texts that speak of targeted provision "
        f"({named_codes(study, data['targeted'])}) as a share of those that speak of targeted or of universal provision "
        f"({named_codes(study, data['universal'])}), counted for its {unit}; passages of one tier that overlap count as one, and a "
        f"passage of both counts on both sides. It is set against the targeted share of spending in {data['period']}: the "
        f"gap is the first minus the second. A site that speaks of one tier only has the share 0 or 1 and stays in "
        f"({values['zeros']}). The mean gap counts each of {values['sites']} sites alike; 95% t interval over sites, given "
        f"at least {LEAST_SITES} of them. The unit is the site."
    )


def _caveats(values: Mapping[str, Value]) -> tuple[str, ...]:
    said = [
        f"Descriptive, n = {values['sites']}: what people talk about is no measure of what they want money spent on."
    ]
    if values["gap_low"] is None:
        said.append(f"Fewer than {LEAST_SITES} sites, so there is no interval.")
    if values["without_words"] or values["without_spending"]:
        said.append(
            f"Left out: {values['without_words']} sites where nobody speaks of either, {values['without_spending']} whose "
            "split of spending is not known."
        )
    return tuple(said)


def _table(study: Study, sites: list[str], values: Mapping[str, Value], unit: str) -> Table:
    parts = ("people", "targeted", "share", "spending_share", "gap")
    keys = [("", *(f"site.{key_part(site)}.{part}" for part in parts)) for site in sites]
    rows: list[Row] = [
        (study.site_by_id[site].name, *(values[key] for key in row[1:])) for site, row in zip(sites, keys, strict=True)
    ]
    heads = ("Speak of either", "Of targeted", "Share of passages", "Share of spending", "Gap")
    columns = (("site", "Site"), *zip(parts, heads, strict=True))
    note = f"The first two columns count {unit}; the shares are those of targeted provision; gap: words minus money."
    return Table("by_site", "Targeted provision in words and in money", columns, tuple(rows), note, tuple(keys))


def _rows(study: Study, period: str, sites: list[str]) -> tuple[Source, ...]:
    found = [row.row for row in study.partnership.provision if row.period == period and row.site in sites]
    return (Source(SPENDING, tuple(sorted(found)), ("site", "tier", "period", "spend")),)
