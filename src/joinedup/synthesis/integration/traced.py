"""`synthesis.process-tracing`: how far each piece of evidence moves belief in an explanation, and what would flip it."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.synthesis.integration.declared import probabilities, trace
from joinedup.synthesis.integration.literature import BEFANI, ZAKS
from joinedup.synthesis.integration.reading import Declared, Results, cited, declared, inputs_of, row_source, tables
from joinedup.synthesis.joint_display import fill
from joinedup.synthesis.process_tracing import ASSUMPTIONS, counted, flips, required_prior, update, verdict

FILE = "process-tracing"


def process_tracing_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.process-tracing`; None where the study declares no explanation."""
    data = declared(study, FILE)
    found = tables(data, "explanation")
    if not found:
        return None
    values: dict[str, Value] = {"explanations": len(found)}
    for one in found:
        values |= _of(one)
    pieces = (cite for one in found for piece in tables(one, "piece") for cite in tables(piece, "evidence"))
    changes = [(one, change, now) for one in found for change, now in _flips(one).items()]
    return make_result(
        "synthesis.process-tracing",
        values,
        _METHODS,
        (data, inputs_of(results, pieces)),
        tables=(
            _verdicts(found, values, changes),
            _pieces(found, values),
            *_changes(changes),
            _grounds(found, results),
        ),
        sources=_sources(study, found),
        caveats=ASSUMPTIONS,
        references=(ZAKS, BEFANI),
    )


_METHODS = (
    "Process tracing with likelihood ranges: posterior odds are prior odds times the likelihood ratio of each piece of "
    "evidence, sensitivity over type-I error where it was found, their complements where it was looked for and not found. "
    "Bounds are carried through as bounds. Of pieces that depend on one another only the least telling is multiplied. A "
    "test is a hoop where sensitivity is at least 0.9, a smoking gun where the type-I error is at most 0.1, doubly decisive "
    "where both hold and a straw in the wind where neither does, by the cautious ends of the ranges. The verdict asks "
    "whether the whole range lies on one side of one half."
)


def _flips(one: Declared) -> dict[str, str]:
    return dict(flips(probabilities(one["prior"]), [trace(piece) for piece in tables(one, "piece")]))


def _of(one: Declared) -> dict[str, Value]:
    key, prior = key_part(one["id"]), probabilities(one["prior"])
    pieces = [trace(piece) for piece in tables(one, "piece")]
    posterior = update(prior, pieces)
    values: dict[str, Value] = {
        f"{key}.pieces": len(pieces),
        f"{key}.counted": len(counted(pieces)),
        f"{key}.prior_low": prior[0],
        f"{key}.prior_high": prior[1],
        f"{key}.low": posterior[0],
        f"{key}.high": posterior[1],
        f"{key}.verdict": verdict(posterior),
        f"{key}.flips": len(flips(prior, pieces)),
        f"{key}.needed_prior": required_prior(pieces),
    }
    for piece in pieces:
        part = f"{key}.{key_part(piece.id)}"
        values[f"{part}.test"] = piece.test
        values[f"{part}.ratio_low"], values[f"{part}.ratio_high"] = piece.ratio
    return values


def _verdicts(found: object, values: dict[str, Value], changes: object) -> Table:
    assert isinstance(found, list | tuple)
    parts = (
        ("prior_low", "Prior, low"),
        ("prior_high", "Prior, high"),
        ("low", "Posterior, low"),
        ("high", "Posterior, high"),
        ("verdict", "Verdict"),
        ("flips", "Changes that flip it"),
        ("needed_prior", "Prior needed"),
    )
    keys = tuple(("", "", *(f"{key_part(one['id'])}.{part}" for part, _ in parts), "") for one in found)
    rows: tuple[Row, ...] = tuple(
        (one["claim"], one["rival"], *(values[key] for key in row[2:-1]), f"{one['by']}, {one['at']}")
        for one, row in zip(found, keys, strict=True)
    )
    columns = (("claim", "Explanation"), ("rival", "Rival"), *parts, ("by", "Judged by"))
    note = "" if changes else "No single change of a piece alters a verdict."
    return Table("verdicts", "Explanations and their rivals", columns, rows, note, keys)


def _pieces(found: object, values: dict[str, Value]) -> Table:
    assert isinstance(found, list | tuple)
    columns = (
        ("label", "Piece of evidence"),
        ("found", "Found"),
        ("test", "Test"),
        ("ratio_low", "Ratio, low"),
        ("ratio_high", "Ratio, high"),
        ("group", "Depends with"),
    )
    rows: list[Row] = []
    keys = []
    for one in found:
        for piece in tables(one, "piece"):
            names = [
                f"{key_part(one['id'])}.{key_part(piece['id'])}.{part}" for part in ("test", "ratio_low", "ratio_high")
            ]
            seen = "found" if piece["found"] else "not found"
            rows.append((piece["label"], seen, *(values[n] for n in names), piece.get("group", "")))
            keys.append(("", "", *names, ""))
    return Table("pieces", "Pieces of evidence and what they tell", columns, tuple(rows), _RATIO, tuple(keys))


_RATIO = "Ratio: how many times likelier what was seen is if the explanation holds than if its rival does."


def _grounds(found: object, results: Results) -> Table:
    assert isinstance(found, list | tuple)
    columns = (
        ("label", "Piece of evidence"),
        ("says", "What is there"),
        ("reason", "Reason for the numbers"),
        ("cited", "Cites"),
    )
    rows: tuple[Row, ...] = tuple(
        (piece["label"], fill(piece.get("says", ""), results), piece["reason"], cited(tables(piece, "evidence")))
        for one in found
        for piece in tables(one, "piece")
    )
    return Table("grounds", "What stands behind each piece", columns, rows)


def _changes(changes: list[tuple[Declared, str, str]]) -> tuple[Table, ...]:
    columns = (("claim", "Explanation"), ("change", "Single change"), ("now", "Verdict then"))
    rows: tuple[Row, ...] = tuple((one["claim"], _named(one, change), now) for one, change, now in changes)
    return (Table("flips", "What single change would alter a verdict", columns, rows),) if rows else ()


def _named(one: Declared, change: str) -> str:
    """A change with the piece's label in place of its id."""
    id, _, what = change.partition(" ")
    labels = {piece["id"]: piece["label"] for piece in tables(one, "piece")}
    return f"“{labels.get(id, id)}” {what}"


def _sources(study: Study, found: object) -> dict[str, tuple[Source, ...]]:
    assert isinstance(found, list | tuple)
    return {key_part(one["id"]): row_source(study, FILE, f"explanation.{n}") for n, one in enumerate(found, start=1)}
