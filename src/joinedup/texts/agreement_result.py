"""`texts.agreement`: how far two coders who worked apart agree, by code, by text and by pair; what was adjudicated."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source, Value
from joinedup.texts.adjudication import Disagreement, study_disagreements
from joinedup.texts.agreement import COHEN, GWET, KRIPPENDORFF, UNITIZING, unitizing_alpha_of_texts
from joinedup.texts.agreement.bootstrap import FEWEST_TEXTS, as_counts, draw_weights, resampled
from joinedup.texts.agreement.coefficient import Array
from joinedup.texts.agreement.unitized_texts import NAMES
from joinedup.texts.agreement_tables import tables
from joinedup.texts.code_agreement import ALL_KEYS, Counts, counts_of, intervals, of_codes, of_units
from joinedup.texts.coders import DoubleCoding, double_coding
from joinedup.texts.corpus import CODINGS_FILE, SPEAKERS_FILE, rows_of
from joinedup.texts.model import Corpus
from joinedup.texts.phases import planned_coders

DECISIONS_FILE = "texts/decisions.jsonl"
DRAWS, SEED = 2000, 20160101


@dataclass(frozen=True)
class Agreement:
    """Two coders' double coding with the counts of every code that either used, and all disagreements."""

    study: Study
    double: DoubleCoding
    counts: Mapping[str, Counts]
    pairs: tuple[DoubleCoding, ...]
    differing: tuple[Disagreement, ...]


def agreement_result(study: Study) -> Result | None:
    """`texts.agreement`; None where nothing is coded."""
    if not study.texts.codings and not study.texts.assignments:
        return None
    if study.texts.codings and all(coding.automatic for coding in study.texts.codings):
        raise NotComputable("All codings were made by a rule from keywords: there are no two coders to compare.")
    double = double_coding(study)
    if not double.unit_count:
        raise NotComputable("The texts assigned to both coders hold no unit: no turn of a person, no paragraph.")
    agreement = _agreement(study, double)
    values = _values(agreement)
    codings = tuple(pair.codings for pair in agreement.pairs)
    inputs = (double.texts, study.texts.speakers, study.texts.assignments, study.texts.codes, codings)
    return make_result(
        "texts.agreement",
        values,
        _methods(agreement, values),
        (*inputs, study.kinds, double.coders, double.phase, study.texts.decisions),
        tables=tables(study, double, [pair.coders for pair in agreement.pairs], values),
        parameters={
            "first": double.coders[0],
            "second": double.coders[1],
            "phase": double.phase,
            "draws": DRAWS,
            "seed": SEED,
        },
        sources=_sources(agreement),
        caveats=tuple(_caveats(agreement, values)),
        references=(COHEN, KRIPPENDORFF, GWET, UNITIZING),
    )


def _agreement(study: Study, double: DoubleCoding) -> Agreement:
    used = {coding.code for coding in double.codings}
    counts = {code.id: counts_of(double, code.id) for code in study.texts.codes if code.id in used}
    return Agreement(study, double, counts, tuple(_pairs(study, double)), study_disagreements(study))


def _pairs(study: Study, double: DoubleCoding) -> Iterator[DoubleCoding]:
    """Every pair of the plan's coders who share a text; the first two, whose coding is `double`, come first."""
    yield double
    for pair in itertools.combinations(planned_coders(study), 2):
        if pair != double.coders:
            try:
                yield double_coding(study, pair)
            except NotComputable:
                continue


def _values(agreement: Agreement) -> dict[str, Value]:
    double, codes = agreement.double, agreement.study.texts.codes
    weights = draw_weights(len(double.texts), DRAWS, SEED)
    values: dict[str, Value] = {"texts": len(double.texts), "units": double.unit_count, "coders": len(double.coders)}
    by_code = of_codes(agreement.counts, weights)
    for code in codes:
        found = by_code.get(code.id, dict.fromkeys(ALL_KEYS))
        values |= {f"{key_part(code.id)}.{name}": value for name, value in found.items()}
    alphas = [value for key, value in values.items() if key.endswith(".alpha") and isinstance(value, float)]
    values |= {"min_alpha": min(alphas, default=None), "max_alpha": max(alphas, default=None)}
    values |= _pooled(agreement, weights) | _by_text(agreement) | _by_pair(agreement) | _unitized(double)
    settled = sum(found.settled for found in agreement.differing)
    return values | {
        "disagreements": len(agreement.differing),
        "decided": settled,
        "undecided": len(agreement.differing) - settled,
    }


def _all_units(agreement: Agreement) -> Array:
    """Texts x four counts over decisions: each unit once for each code that either coder used."""
    empty = as_counts([(0, 0, 0, 0)] * len(agreement.double.texts))
    return sum((counts.units for counts in agreement.counts.values()), start=empty)


def _pooled(agreement: Agreement, weights: Array) -> dict[str, Value]:
    units = _all_units(agreement)
    found = of_units(Counts(units, units).over_units)
    (drawn,) = resampled([units], weights)
    return {f"all_codes.{name}": value for name, value in (found | intervals(drawn, found)).items()}


def _by_text(agreement: Agreement) -> dict[str, Value]:
    values: dict[str, Value] = {}
    rows = _all_units(agreement)
    times = Counter(key_part(text.id) for text in agreement.double.texts)
    for at, text in enumerate(agreement.double.texts):
        if times[key_part(text.id)] > 1:
            continue  # two texts whose keys are the same would overwrite each other
        one = rows[at : at + 1]
        found = {"units": len(agreement.double.units[text.id]), **of_units(Counts(one, one).over_units)}
        values |= {f"text.{key_part(text.id)}.{name}": value for name, value in found.items()}
    return values


def _by_pair(agreement: Agreement) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for double in agreement.pairs:
        used = {coding.code for coding in double.codings}
        codes = [code.id for code in agreement.study.texts.codes if code.id in used]
        known = agreement.counts if double is agreement.double else {}
        counts = {code: known.get(code) or counts_of(double, code) for code in codes}
        units = _all_units(Agreement(agreement.study, double, counts, (), ()))
        found = {"texts": len(double.texts), "units": double.unit_count, **of_units(Counts(units, units).over_units)}
        first, second = map(key_part, double.coders)
        values |= {f"pair.{first}.{second}.{name}": value for name, value in found.items()}
    return values


def _unitized(double: DoubleCoding) -> dict[str, Value]:
    """Alpha for unitized text over all codes; None where a coder's codings of different codes overlap."""
    units: dict[str, dict[str, list[tuple[int, int, str]]]] = {
        text.id: {coder: [] for coder in double.coders} for text in double.texts
    }
    for coding in double.codings:
        passage = coding.passage
        units[passage.text][coding.coder].append((passage.start, passage.end, coding.code))
    try:
        found = unitizing_alpha_of_texts([(units[t.id], len(t.content)) for t in double.texts], DRAWS, SEED)
    except NotComputable:
        return {f"unitized.{name}{end}": None for name in NAMES for end in ("", ".low", ".high")}
    values: dict[str, Value] = {"unitized.u": found.u, "unitized.binary": found.binary, "unitized.cu": found.cu}
    for name in NAMES:
        values[f"unitized.{name}.low"], values[f"unitized.{name}.high"] = found.ci[name] or (None, None)
    return values


def _methods(agreement: Agreement, values: Mapping[str, Value]) -> str:
    double, corpus = agreement.double, Corpus(agreement.study)
    turns = sum(len(double.units[text.id]) for text in double.texts if corpus.has_speakers(text))
    parts = [f"{turns} speakers' turns"] if turns else []
    if double.unit_count > turns:
        parts.append(f"{double.unit_count - turns} paragraphs of texts without speakers")
    phase = f" in the phase ‘{double.phase}’" if double.phase else ""
    characters = sum(len(text.content) for text in double.texts)
    return (
        f"Two coders, {double.coders[0]} and {double.coders[1]}, read the same {len(double.texts)} texts{phase}, apart "
        f"from each other; texts assigned to one of them alone are left out, and so are codings of later phases. The "
        f"unit of agreement is the speaker's turn, in a text without speakers the paragraph: {double.unit_count} units "
        f"({' and '.join(parts)}); the interviewer's turns are no units. A unit counts as coded by a coder where one "
        f"of the coder's codings of that very code (not of a code below it) shares a character with it. By code: "
        f"Cohen's kappa, Krippendorff's nominal alpha, Gwet's AC1, the share of units in which the coders agree, the "
        f"base rate (share of units coded, mean of both coders), and of the units that either coded the share that "
        f"both did. Kappa and alpha over the {characters:,} characters of the texts stand beside: a coarse unit "
        f"forgives differences of length, a fine one punishes them; alpha for unitized text (binary form of "
        f"Krippendorff et al. 2016: coded passages against the rest) is a third reading. All codes together and each "
        f"text: every unit is one decision for each code that either coder used. {_sampling(double)} "
        f"{_adjudication(values)}"
    )


def _sampling(double: DoubleCoding) -> str:
    if len(double.texts) < FEWEST_TEXTS:
        return f"With fewer than {FEWEST_TEXTS} texts no interval is given; the coefficients describe these texts."
    return (
        f"95% intervals resample the {len(double.texts)} texts with replacement ({DRAWS:,} draws, percentiles), because "
        f"units of one text are not independent; they speak of texts like these."
    )


def _adjudication(values: Mapping[str, Value]) -> str:
    return (
        f"A disagreement is a stretch of overlapping codings of one code on which the coders who read the text differ: "
        f"{values['disagreements']}, of which {values['decided']} are decided. Decisions change the codings that are "
        f"reported, never the agreement."
    )


def _caveats(agreement: Agreement, values: Mapping[str, Value]) -> Iterator[str]:
    study, double = agreement.study, agreement.double
    seen = {coding.code for coding in double.codings}
    unused = [code.label or code.id for code in study.texts.codes if code.id not in seen]
    if unused:
        yield f"Neither coder used these codes, so they have no agreement: {', '.join(unused)}."
    flat = [c.label or c.id for c in study.texts.codes if c.id in seen and values[f"{key_part(c.id)}.alpha"] is None]
    if flat:
        yield (
            f"No coefficient but AC1 is defined for these codes, because both coders treated every unit alike or coded "
            f"outside units only: {', '.join(flat)}."
        )
    bare = [text.id for text in double.texts if not double.units[text.id]]
    if bare:
        yield f"These texts were read by both but hold no unit: {', '.join(bare)}."
    if double.codings and values["unitized.u"] is None:
        yield (
            "Alpha for unitized text over all codes together is not given: it needs codings of one coder that do not "
            "overlap. It stands by code."
        )
    others = planned_coders(study)[2:]
    if others:
        yield f"The table by code compares the first two coders; {', '.join(others)} stand in the table by pair."


def _sources(agreement: Agreement) -> dict[str, tuple[Source, ...]]:
    study, double = agreement.study, agreement.double
    shared = {text.id for text in double.texts}
    assigned = (
        row
        for row in study.texts.assignments
        if row.text in shared and row.coder in double.coders and row.phase == double.phase
    )
    speakers = (row for row in study.texts.speakers if row.text in shared)
    frame = (
        *rows_of("texts/assignments.csv", assigned, ("text", "coder", "phase")),
        *rows_of(SPEAKERS_FILE, speakers, ("text", "speaker", "person")),
    )
    columns = ("text", "start", "end", "quote", "code", "coder")
    found = {"": (*rows_of(CODINGS_FILE, double.codings, columns), *frame)}
    for code in study.texts.codes:
        codings = (coding for coding in double.codings if coding.code == code.id)
        found[key_part(code.id)] = (*rows_of(CODINGS_FILE, codings, columns), *frame)
    differing = [c for item in agreement.differing for codings in item.codings.values() for c in codings]
    apart = rows_of(CODINGS_FILE, differing, columns)
    decided = rows_of(
        DECISIONS_FILE, study.texts.decisions, ("text", "start", "end", "code", "decision", "by", "reason")
    )
    return found | {"disagreements": apart, "decided": (*apart, *decided), "undecided": apart}
