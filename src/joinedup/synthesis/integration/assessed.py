"""`synthesis.confidence`: the facts behind each finding, and the confidence that a person has in it."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.finding import Claim
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.study.texts import Passage
from joinedup.synthesis.confidence import COMPONENTS, LEVELS, Assessment, Facts, lenient
from joinedup.synthesis.integration.declared import assessment
from joinedup.synthesis.integration.literature import LEWIN
from joinedup.synthesis.integration.reading import Results, Spoken, declared, row_source, tables
from joinedup.synthesis.joint_display import fill

FILE = "confidence"
_FACTS = ("passages", "texts", "sites", "speakers", "professions")


def confidence_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.confidence`; None where nobody judged a finding."""
    data = declared(study, FILE)
    found = tables(data, "assessment")
    if not found:
        return None
    spoken = Spoken(study)
    claims = {claim.id: claim for claim in study.claims}
    judged = [assessment(table) for table in found]
    facts = [_facts(study, spoken, claims[table["finding"]], table.get("codes", ())) for table in found]
    values: dict[str, Value] = {"findings": len(judged), "unjudged": len(claims) - len(judged)}
    values |= {key_part(level): sum(one.overall == level for one in judged) for level in LEVELS}
    for one, known in zip(judged, facts, strict=True):
        values |= _of(one, known)
    coded = results.get("texts.theme-matrix")
    return make_result(
        "synthesis.confidence",
        values,
        _methods(values),
        (data, coded.inputs if coded else "", {one.finding: claims[one.finding].claim for one in judged}),
        tables=(
            _profile(judged, claims, values, results),
            _behind(judged, claims, values, results),
            _reasons(judged, claims, results),
        ),
        sources=_sources(study, judged),
        caveats=_caveats(judged),
        references=(LEWIN,),
    )


def _facts(study: Study, spoken: Spoken, claim: Claim, codes: list[str]) -> Facts:
    """What stands behind a claim: passages and documents that it cites, and passages with the codes of the assessment."""
    held: dict[Passage, None] = {piece.passage: None for piece in claim.evidence if piece.passage}
    for code in codes:
        held.update(dict.fromkeys(spoken.passages(code)))
    texts = {passage.text for passage in held} | {piece.document for piece in claim.evidence if piece.document}
    voices = [voice for p in held for voice in spoken.corpus.voices_in(p.text, p.start, p.end)]
    sites = {study.text_by_id[text].site for text in texts if text in study.text_by_id} - {""}
    return Facts(
        len(held),
        tuple(sorted(texts)),
        tuple(sorted(sites)),
        tuple(sorted({voice.person for voice in voices})),
        tuple(sorted({voice.profession for voice in voices} - {""})),
    )


def _of(one: Assessment, facts: Facts) -> dict[str, Value]:
    key = key_part(one.finding)
    values: dict[str, Value] = {f"{key}.overall": one.overall}
    values |= {f"{key}.{name}": one.components[name].grade for name in COMPONENTS}
    counts = (facts.passages, *(len(getattr(facts, name)) for name in _FACTS[1:]))
    return values | {f"{key}.{name}": count for name, count in zip(_FACTS, counts, strict=True)}


def _methods(values: dict[str, Value]) -> str:
    return (
        f"Confidence in {values['findings']} findings was judged after GRADE-CERQual (Lewin et al. 2018): concerns about "
        f"methodological limitations, coherence, adequacy and relevance, then the confidence on the whole. Passages, texts, "
        f"sites, speakers and professions behind a finding are counted from the study (the passages and documents that it "
        f"cites, and passages coded with the codes named); the verdict is that of the people named, with a reason for every lowering."
    )


def _caveats(judged: list[Assessment]) -> tuple[str, ...]:
    found = lenient(judged)
    return (f"Called high in spite of a serious concern: {', '.join(found)}.",) if found else ()


def _profile(judged: list[Assessment], claims: dict[str, Claim], values: dict[str, Value], results: Results) -> Table:
    parts = ("overall", *COMPONENTS)
    columns = (
        ("finding", "Finding"),
        ("overall", "Confidence"),
        *((name, name.replace("_", " ").capitalize()) for name in COMPONENTS),
        ("by", "Judged by"),
    )
    ends = tuple((f"{one.by}, {one.at}",) for one in judged)
    return _listed("profile", "Confidence and concerns", columns, parts, ends, judged, claims, values, results)


def _behind(judged: list[Assessment], claims: dict[str, Claim], values: dict[str, Value], results: Results) -> Table:
    columns = (("finding", "Finding"), *((name, name.capitalize()) for name in _FACTS))
    ends: tuple[Row, ...] = tuple(() for _ in judged)
    return _listed("facts", "What stands behind them", columns, _FACTS, ends, judged, claims, values, results)


def _listed(
    id: str,
    title: str,
    columns: tuple[tuple[str, str], ...],
    parts: tuple[str, ...],
    ends: tuple[Row, ...],
    judged: list[Assessment],
    claims: dict[str, Claim],
    values: dict[str, Value],
    results: Results,
) -> Table:
    """A table of one line a finding: its claim, the values of `parts`, and what `ends` adds."""
    names = [[f"{key_part(one.finding)}.{part}" for part in parts] for one in judged]
    rows: tuple[Row, ...] = tuple(
        (fill(claims[one.finding].claim, results), *(values[name] for name in line), *end)
        for one, line, end in zip(judged, names, ends, strict=True)
    )
    keys = tuple(("", *line, *("" for _ in end)) for line, end in zip(names, ends, strict=True))
    return Table(id, title, columns, rows, "", keys)


def _reasons(judged: list[Assessment], claims: dict[str, Claim], results: Results) -> Table:
    columns = (("finding", "Finding"), ("what", "What was judged"), ("grade", "Grade"), ("explanation", "Explanation"))
    rows: list[Row] = []
    for one in judged:
        text = fill(claims[one.finding].claim, results)
        for name in COMPONENTS:
            part = one.components[name]
            if part.explanation:
                rows.append((text, name.replace("_", " ").capitalize(), part.grade, part.explanation))
        rows.append((text, "On the whole", one.overall, one.explanation))
    return Table("reasons", "Reasons for the confidence in the findings", columns, tuple(rows))


def _sources(study: Study, judged: list[Assessment]) -> dict[str, tuple[Source, ...]]:
    return {key_part(one.finding): row_source(study, FILE, f"assessment.{n}") for n, one in enumerate(judged, start=1)}
