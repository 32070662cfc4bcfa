"""`synthesis.triangulation`: what strands say on the same topics, compared after the protocol, with the raters' agreement."""

from __future__ import annotations

from itertools import combinations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.synthesis import triangulation
from joinedup.synthesis.integration.declared import rating, voice
from joinedup.synthesis.integration.literature import FARMER
from joinedup.synthesis.integration.reading import Declared, Results, cited, declared, inputs_of, row_source, tables
from joinedup.synthesis.joint_display import fill
from joinedup.synthesis.triangulation import CODES, NOT_ASKED, Comparison, RaterAgreement, compare, tally

FILE = "triangulation"


def triangulation_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.triangulation`; None where the study declares no topic."""
    data = declared(study, FILE)
    topics = tables(data, "topic")
    if not topics:
        return None
    settled = data.get("settled_by", "")
    found = [(topic, pair) for topic in topics for pair in _comparisons(topic, settled)]
    raters = _raters(topics, settled)
    agreement, reach = (_agreement(topics, raters, of) for of in ("code", "reach"))
    values: dict[str, Value] = {"topics": len(topics), "comparisons": len(found)}
    values |= {key_part(name): count for name, count in tally([pair for _, pair in found]).items()}
    values |= {
        "raters": len(raters),
        "rated_twice": agreement.pairs if agreement else 0,
        "differed": sum(pair.differed for _, pair in found),
        "rater_agreement": agreement.percent if agreement else None,
        "rater_kappa": agreement.kappa if agreement else None,
        "reach_agreement": reach.percent if reach else None,
        "reach_kappa": reach.kappa if reach else None,
    }
    for topic, pair in found:
        values[f"{_key(topic, pair)}.code"] = pair.code
        values[f"{_key(topic, pair)}.reach"] = pair.reach
    pieces = (piece for topic in topics for one in tables(topic, "strand") for piece in tables(one, "evidence"))
    return make_result(
        "synthesis.triangulation",
        values,
        _methods(values, agreement, reach),
        (data, inputs_of(results, pieces)),
        tables=(_codes(found), *_not_asked(found), _voices(topics, results)),
        sources=_sources(study, topics),
        caveats=_caveats(values, agreement),
        references=(FARMER,),
    )


def _comparisons(topic: Declared, settled: str) -> list[Comparison]:
    rated = {frozenset((p["first"], p["second"])): tables(p, "rating") for p in tables(topic, "pair")}
    voices = [voice(one) for one in tables(topic, "strand")]
    return [
        compare(a, b, [rating(one) for one in rated.get(frozenset((a.strand, b.strand)), ())], settled)
        for a, b in combinations(voices, 2)
    ]


def _key(topic: Declared, pair: Comparison) -> str:
    return f"{key_part(topic['id'])}.{pair.first}.{pair.second}"


def _raters(topics: object, settled: str) -> list[str]:
    assert isinstance(topics, list | tuple)
    found = [one["by"] for topic in topics for pair in tables(topic, "pair") for one in tables(pair, "rating")]
    return [name for name in dict.fromkeys(found) if name != settled]


def _agreement(topics: object, raters: list[str], of: str) -> RaterAgreement | None:
    """The agreement of the first two raters on `of` (code: what is said; reach: how far); None where there are not two."""
    assert isinstance(topics, list | tuple)
    codes: dict[str, dict[str, str]] = {name: {} for name in raters}
    for topic in topics:
        for pair in tables(topic, "pair"):
            for one in tables(pair, "rating"):
                if one["by"] in codes:
                    codes[one["by"]][f"{topic['id']} {pair['first']} {pair['second']}"] = getattr(rating(one), of)
    try:
        return triangulation.rater_agreement(codes[raters[0]], codes[raters[1]]) if len(raters) > 1 else None
    except NotComputable:
        return None


def _methods(values: dict[str, Value], agreement: RaterAgreement | None, reach: RaterAgreement | None) -> str:
    words = (
        f"Strands were compared on {values['topics']} topics after the triangulation protocol of Farmer et al. (2006): "
        f"alike in meaning and in prominence is agreement, in one of the two partial agreement, in neither dissonance. "
        f"Coverage and examples are coded beside it in the same way. A strand is silent only where it was asked and says "
        f"nothing; a strand that could not have spoken is 'not asked', and counts for no code."
    )
    if agreement is None or reach is None:
        return words
    return words + (
        f" Two raters coded {agreement.pairs} pairs independently. They gave the same code of what is said to "
        f"{agreement.percent:.0%}{_chance(agreement)} and of how far it is said to {reach.percent:.0%}{_chance(reach)}; "
        f"where they differed the code is the one that they settled."
    )


def _chance(agreement: RaterAgreement) -> str:
    return "" if agreement.kappa is None else f" (Cohen's kappa {agreement.kappa:.2f})"


def _caveats(values: dict[str, Value], agreement: RaterAgreement | None) -> tuple[str, ...]:
    found = []
    if agreement is None:
        found.append("Nobody else rated the pairs: one rater has no agreement.")
    elif agreement.kappa is None:
        found.append("The raters gave one code throughout: agreement beyond chance can't be told.")
    if values["not_settled"]:
        found.append(f"On {values['not_settled']} pairs raters differ and have not settled.")
    return tuple(found)


def _codes(found: list[tuple[Declared, Comparison]]) -> Table:
    compared = [(topic, pair) for topic, pair in found if pair.code != NOT_ASKED]
    twice = any(pair.differed for _, pair in compared)
    columns = (
        ("topic", "Topic"),
        ("first", "Strand"),
        ("second", "Other strand"),
        ("code", "What they say"),
        ("reach", "How far they say it"),
        *((("raters", "Raters"),) if twice else ()),
    )
    rows: tuple[Row, ...] = tuple(
        (topic["label"], pair.first, pair.second, pair.code, pair.reach, "differed" if pair.differed else "")
        for topic, pair in compared
    )
    keys = [(f"{_key(topic, pair)}.code", f"{_key(topic, pair)}.reach") for topic, pair in compared]
    width = len(columns)
    note = f"Codes: {', '.join(CODES)}; pairs of which one strand was not asked are none of them and stand apart."
    told = tuple(("", "", "", *line, "")[:width] for line in keys)
    return Table("codes", "Pairs of strands on each topic", columns, tuple(row[:width] for row in rows), note, told)


def _not_asked(found: list[tuple[Declared, Comparison]]) -> tuple[Table, ...]:
    left = [(topic, pair) for topic, pair in found if pair.code == NOT_ASKED]
    columns = (("topic", "Topic"), ("first", "Strand"), ("second", "Other strand"), ("code", "What they say"))
    rows: tuple[Row, ...] = tuple((topic["label"], pair.first, pair.second, pair.code) for topic, pair in left)
    keys = tuple(("", "", "", f"{_key(topic, pair)}.code") for topic, pair in left)
    return (Table("not-asked", "Pairs of which one strand was not asked", columns, rows, "", keys),) if rows else ()


def _voices(topics: object, results: Results) -> Table:
    assert isinstance(topics, list | tuple)
    columns = (("topic", "Topic"), ("strand", "Strand"), ("says", "What it says"), ("evidence", "Evidence"))
    rows: list[Row] = [
        (topic["label"], one["strand"], _said(one, results), cited(tables(one, "evidence")))
        for topic in topics
        for one in tables(topic, "strand")
    ]
    return Table("voices", "What each strand says on each topic", columns, tuple(rows))


def _said(one: Declared, results: Results) -> str:
    if not one.get("asked", True):
        return f"not asked: {one['reason']}"
    return fill(one["says"], results) if one.get("says") else f"silent. {one.get('reason', '')}".strip()


def _sources(study: Study, topics: object) -> dict[str, tuple[Source, ...]]:
    assert isinstance(topics, list | tuple)
    return {key_part(topic["id"]): row_source(study, FILE, f"topic.{n}") for n, topic in enumerate(topics, start=1)}
