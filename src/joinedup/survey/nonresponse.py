"""Nonresponse: outcome codes and rates, respondents beside the roster, and weights that bring them to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import ATTRIBUTES, COMPLETE, NOT_RECORDED, OUTCOMES, PARTIAL, RosterEntry
from joinedup.survey.model import (
    ANSWERED,
    NOT_ELIGIBLE,
    Respondent,
    Sources,
    headline_wave,
    programme_roster,
    respondents,
    response_source,
    roster_source,
)
from joinedup.survey.response import REFERENCE, by, count
from joinedup.survey.scores import person_scores, scales_of

if TYPE_CHECKING:
    from joinedup.survey.weighting import Calibration

MARGINS = ("agency", "type")
"""The roster's margins that weights are raked to: the person's agency and the type of the site."""
LARGEST = 4.0
"""A weight is cut at this multiple of the mean weight."""
HEADINGS = {"agency": "Agency", "role": "Role", "type": "Type of site"}
_REFERENCES = (
    REFERENCE,
    "Deming, W. E. and Stephan, F. F. (1940), On a least squares adjustment of a sampled frequency table, Annals of "
    "Mathematical Statistics 11(4), 427-444 (raking).",
    "Kish, L. (1965), Survey Sampling, section 11.7 (design effect of weights).",
)


def weighting_attributes(study: Study) -> Mapping[str, Callable[[RosterEntry], str]]:
    """What the roster says of everybody who was asked: agency, role, and the type of the site."""
    types = {site.id: site.type for site in study.sites}
    return {
        "agency": lambda entry: entry.agency or NOT_RECORDED,
        "role": lambda entry: entry.role or NOT_RECORDED,
        "type": lambda entry: types.get(entry.site) or NOT_RECORDED,
    }


def rates(outcomes: Mapping[str, int]) -> dict[str, Value]:
    """AAPOR's rates from the number of people with each outcome; None where nothing stands below the line."""
    complete, both = outcomes.get(COMPLETE, 0), outcomes.get(COMPLETE, 0) + outcomes.get(PARTIAL, 0)
    refused, unknown = outcomes.get("refused", 0), outcomes.get("unknown", 0)
    known = both + refused + outcomes.get("no contact", 0)
    ratios = {
        "rr1": (complete, known + unknown),
        "rr2": (both, known + unknown),
        "rr6": (both, known),
        "refusal_rate": (refused, known + unknown),
        "contact_rate": (both + refused, known + unknown),
        "cooperation_rate": (both, both + refused),
    }
    return {name: above / below if below else None for name, (above, below) in ratios.items()}


def roster_weights(study: Study, wave: str, people: Sequence[Respondent]) -> Calibration:
    """Weights (mean 1) of `people` raked to the eligible roster's margins of agency and type of site.

    A margin with one category says nothing and is left out. Raises NotComputable where a category has fewer than 5
    respondents, nobody answered, or no margin is left.
    """
    import pandas as pd

    from joinedup.survey.weighting import rake

    if not people:
        raise NotComputable(f"Nobody answered in wave {wave}.")
    eligible = [entry for entry in programme_roster(study, wave) if entry.outcome != NOT_ELIGIBLE]
    part = weighting_attributes(study)
    counted = {name: Counter(part[name](entry) for entry in eligible) for name in MARGINS}
    scale = len(people) / len(eligible)
    margins: dict[Hashable, dict[str, float]] = {
        name: {category: counts[category] * scale for category in sorted(counts)}
        for name, counts in counted.items()
        if len(counts) > 1
    }
    if not margins:
        raise NotComputable("The roster's people are all of one agency and one type of site: there is no margin.")
    frame = pd.DataFrame({name: [part[name](person.entry) for person in people] for name in MARGINS if name in margins})
    return rake(frame, margins, trim=LARGEST)


@dataclass(frozen=True, slots=True)
class _Weighted:
    """The values that weights give (none where they were refused), and what must be said of them."""

    values: dict[str, Value]
    caveats: tuple[str, ...]


def nonresponse(study: Study) -> Result | None:
    """`survey.nonresponse`: outcomes, rates, respondents beside the roster, raked level means beside plain ones."""
    wave = headline_wave(study)
    roster = programme_roster(study, wave)
    if not roster:
        return None
    people = respondents(study, wave)
    values: dict[str, Value] = {"roster": len(roster), **_outcomes(roster)}
    compared = {name: by(roster, part) for name, part in weighting_attributes(study).items()}
    for name, parts in compared.items():
        values |= _compared(name, parts, count(roster).asked, count(roster).answered)
    weighted = _weighted(study, wave, people)
    values |= weighted.values
    return make_result(
        "survey.nonresponse",
        values,
        _methods(wave, values),
        (study.survey.roster, study.survey.scales, study.survey.responses.get(wave), study.sites, study.levels),
        tables=(*_tables(compared, values), *_means_table(study, values)),
        parameters={"wave": wave, "margins": ", ".join(MARGINS), "largest_weight": LARGEST},
        sources=_sources(study, wave, roster, compared, people),
        caveats=weighted.caveats,
        references=_REFERENCES,
    )


def _outcomes(roster: Sequence[RosterEntry]) -> dict[str, Value]:
    counts = Counter(entry.outcome for entry in roster)
    values: dict[str, Value] = {}
    for outcome in OUTCOMES:
        values[f"outcome.{key_part(outcome)}"] = counts[outcome]
        values[f"outcome.{key_part(outcome)}.share"] = counts[outcome] / len(roster)
    return values | rates(counts)


def _compared(name: str, parts: Mapping[str, tuple[RosterEntry, ...]], asked: int, answered: int) -> dict[str, Value]:
    values: dict[str, Value] = {}
    apart = 0.0
    for category, entries in parts.items():
        people, key = count(entries), f"{name}.{key_part(category)}"
        values[f"{key}.asked"], values[f"{key}.answered"] = people.asked, people.answered
        values[f"{key}.rate"] = people.rate
        if asked and answered:
            before, after = people.asked / asked, people.answered / answered
            values[f"{key}.roster_share"], values[f"{key}.respondent_share"] = before, after
            values[f"{key}.difference"] = after - before
            apart += abs(after - before) / 2
    if answered:
        values[f"{name}.dissimilarity"] = apart
    return values


def _weighted(study: Study, wave: str, people: Sequence[Respondent]) -> _Weighted:
    try:
        found = roster_weights(study, wave, people)
        return _Weighted(_weighted_values(study, wave, people, found), _small_cells(found.warnings))
    except NotComputable as reason:
        return _Weighted({}, (f"The answers are not weighted to the roster: {reason}",))


def _weighted_values(study: Study, wave: str, people: Sequence[Respondent], found: Calibration) -> dict[str, Value]:
    from joinedup.survey.estimates import estimate_mean

    sites = [person.entry.site for person in people]
    values: dict[str, Value] = {
        "weights.n": len(people),
        "weights.deff": found.deff,
        "weights.effective_n": len(people) / found.deff,
        "weights.min": found.smallest / float(found.weights.mean()),
        "weights.max": found.largest / float(found.weights.mean()),
    }
    for level in (level for level in study.levels if scales_of(study, level)):
        scores, key = person_scores(study, wave, level, people), key_part(level.id)
        plain = estimate_mean(scores, cluster=sites)
        weighted = estimate_mean(scores, cluster=sites, calibration=found)
        values |= {f"{key}.unweighted": plain.estimate, f"{key}.unweighted_se": plain.se, f"{key}.people": plain.n}
        values |= {f"{key}.weighted": weighted.estimate, f"{key}.weighted_se": weighted.se}
        values[f"{key}.shift"] = weighted.estimate - plain.estimate
    return values


def _small_cells(warnings: Sequence[str]) -> tuple[str, ...]:
    """Small joint cells in one sentence, without their counts; other warnings as they are."""
    small = [told for told in warnings if told.startswith("Only ")]
    others = tuple(told for told in warnings if told not in small)
    if not small:
        return others
    return (*others, f"{len(small)} combinations of agency and type of site have fewer than 5 respondents each.")


def _methods(wave: str, values: Mapping[str, Value]) -> str:
    base = (
        f"Outcomes of all {values['roster']} people of programme sites on the roster of wave {wave}. Rates are AAPOR's: "
        f"RR2 = (complete + partial) / (complete + partial + refused + no contact + unknown); RR1 counts complete "
        f"responses only, RR6 leaves the unknown out. People who answered are compared with everybody eligible; the "
        f"dissimilarity is half the sum of the absolute differences in shares."
    )
    if "weights.n" not in values:
        return base
    return (
        f"{base} Weights bring the {values['weights.n']} respondents to the roster's counts by agency and by type of "
        f"site (raking, weights cut at {LARGEST:g} times their mean); their design effect is Kish's. The "
        f"weighted mean of people's level scores stands beside the unweighted one; standard errors are linearised and "
        f"clustered by site. Weights correct for what the roster knows of people, and for nothing else."
    )


def _tables(compared: Mapping[str, Mapping[str, tuple[RosterEntry, ...]]], values: Mapping[str, Value]) -> list[Table]:
    keys = [("", f"outcome.{key_part(o)}", f"outcome.{key_part(o)}.share") for o in OUTCOMES]
    rows: list[Row] = [(o.capitalize(), *(values[k] for k in key[1:])) for o, key in zip(OUTCOMES, keys, strict=True)]
    note = f"{values['roster']} people on the roster, programme sites only."
    columns = (("outcome", "Outcome"), ("people", "People"), ("share", "Share"))
    return [
        Table("outcomes", "What became of everybody on the roster", columns, tuple(rows), note, tuple(keys)),
        _rates_table(values),
        _comparison(compared, values),
    ]


_FORMULAS = {
    "rr1": ("Response rate 1", "C / (C + P + R + NC + U)"),
    "rr2": ("Response rate 2", "(C + P) / (C + P + R + NC + U)"),
    "rr6": ("Response rate 6", "(C + P) / (C + P + R + NC)"),
    "refusal_rate": ("Refusal rate 1", "R / (C + P + R + NC + U)"),
    "contact_rate": ("Contact rate 1", "(C + P + R) / (C + P + R + NC + U)"),
    "cooperation_rate": ("Cooperation rate 2", "(C + P) / (C + P + R)"),
}


def _rates_table(values: Mapping[str, Value]) -> Table:
    rows: tuple[Row, ...] = tuple((name, formula, values[key]) for key, (name, formula) in _FORMULAS.items())
    keys = tuple(("", "", key) for key in _FORMULAS)
    note = "C complete, P partial, R refused, NC no contact, U unknown; people found not eligible are left out."
    columns = (("rate_name", "Rate"), ("formula", "Formula"), ("rate", "Value"))
    return Table("rates", "Response rates with their formulas (AAPOR)", columns, rows, note, keys)


def _comparison(compared: Mapping[str, Mapping[str, tuple[RosterEntry, ...]]], values: Mapping[str, Value]) -> Table:
    names = ("asked", "answered", "rate", "roster_share", "respondent_share", "difference")
    heads = ("Asked", "Answered", "Rate", "Share of roster", "Share of respondents", "Difference")
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for attribute in ATTRIBUTES:
        for category in compared[attribute]:
            found = [f"{attribute}.{key_part(category)}.{name}" for name in names]
            keys.append(("", "", *(key if key in values else "" for key in found)))
            rows.append((HEADINGS[attribute], category, *(values.get(key) for key in found)))
    columns = (("attribute", "What the roster says"), ("category", "Category"), *zip(names, heads, strict=True))
    note = "Shares of the eligible people and of those who answered; the difference is in shares of 1."
    return Table("comparison", "People who answered beside the roster", columns, tuple(rows), note, tuple(keys))


def _means_table(study: Study, values: Mapping[str, Value]) -> tuple[Table, ...]:
    names = ("people", "unweighted", "unweighted_se", "weighted", "weighted_se", "shift")
    heads = ("People", "Unweighted", "SE", "Weighted", "SE", "Shift")
    levels = [level for level in study.levels if f"{key_part(level.id)}.weighted" in values]
    if not levels:
        return ()
    keys = tuple(("", *(f"{key_part(level.id)}.{name}" for name in names)) for level in levels)
    rows: tuple[Row, ...] = tuple(
        (level.label, *(values[key] for key in row[1:])) for level, row in zip(levels, keys, strict=True)
    )
    note = "Means over people, not over sites."
    columns = (("level", "Level"), *zip(names, heads, strict=True))
    return (Table("weighted", "Mean scores with and without weights", columns, rows, note, keys),)


def _sources(
    study: Study,
    wave: str,
    roster: Sequence[RosterEntry],
    compared: Mapping[str, Mapping[str, tuple[RosterEntry, ...]]],
    people: Sequence[Respondent],
) -> Sources:
    everybody = roster_source(roster)
    found: Sources = {"": (everybody,)}
    for outcome in OUTCOMES:
        rows = [entry for entry in roster if entry.outcome == outcome]
        found[f"outcome.{key_part(outcome)}"] = (roster_source(rows or roster),)
    for attribute, parts in compared.items():
        for category, entries in parts.items():
            found[f"{attribute}.{key_part(category)}"] = (roster_source(entries),)
    answered = [person for person in people if person.entry.outcome in ANSWERED]
    for level in study.levels:
        items = [item for scale in scales_of(study, level) for item in scale.items]
        if items and answered:
            found[key_part(level.id)] = (response_source(wave, answered, items), everybody)
    return found
