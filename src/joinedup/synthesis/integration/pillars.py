"""`synthesis.pillar-integration`: what was listed, matched, moved, built into pillars, and what stands alone."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.synthesis.integration.declared import items, moves, pillars
from joinedup.synthesis.integration.literature import JOHNSON
from joinedup.synthesis.integration.reading import Declared, Results, cited, declared, inputs_of, row_source, tables
from joinedup.synthesis.joint_display import fill
from joinedup.synthesis.pillar_integration import QUALITATIVE, QUANTITATIVE, Display, integrate

FILE = "pillar"


def pillar_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.pillar-integration`; None where the study lists nothing."""
    data = declared(study, FILE)
    listed = items(data)
    if not listed:
        return None
    display = integrate(listed, moves(data), pillars(data))
    values: dict[str, Value] = {
        "items": len(listed),
        **{side: sum(item.side == side for item in listed) for side in (QUANTITATIVE, QUALITATIVE)},
        "matched": len(listed) - len(display.alone),
        "alone": len(display.alone),
        "rows": len(display.rows),
        "pillars": len(display.pillars),
        "moves": len(display.log),
    }
    for id, rows in display.pillars.items():
        values[f"{key_part(id)}.rows"] = len(rows)
        values[f"{key_part(id)}.items"] = sum(len(held) for row in rows for held in display.rows[row].values())
    pieces = (piece for item in tables(data, "item") for piece in tables(item, "evidence"))
    return make_result(
        "synthesis.pillar-integration",
        values,
        _METHODS,
        (data, inputs_of(results, pieces)),
        tables=(
            _pillars(data, display, results),
            *_alone(data, display, results),
            *_log(data, display, results),
            _items(data, results),
        ),
        sources={
            key_part(one["id"]): row_source(study, FILE, f"pillar.{n}")
            for n, one in enumerate(tables(data, "pillar"), 1)
        },
        references=(JOHNSON,),
    )


_METHODS = (
    "Pillar integration (Johnson, Grove and Clarke 2019): items of the quantitative and of the qualitative side are listed, "
    "matched in rows, checked, and built into pillars. Nothing that was listed is lost between the stages: what nothing "
    "matches stays in the display with the reason, and every move made while checking is logged."
)


def _said(data: Declared, results: Results) -> dict[str, str]:
    return {item["id"]: fill(item["says"], results) for item in tables(data, "item")}


def _pillars(data: Declared, display: Display, results: Results) -> Table:
    said = _said(data, results)
    columns = (("quantitative", "Quantitative"), ("pillar", "Pillar"), ("qualitative", "Qualitative"))
    rows: list[Row] = []
    for pillar in tables(data, "pillar"):
        for row in pillar["rows"]:
            left, right = (display.rows[row][side] for side in (QUANTITATIVE, QUALITATIVE))
            rows.append((" ".join(said[id] for id in left), pillar["label"], " ".join(said[id] for id in right)))
    return Table("pillars", "Pillars", columns, tuple(rows))


def _items(data: Declared, results: Results) -> Table:
    columns = (("item", "Item"), ("side", "Side"), ("cited", "Cites"))
    said = _said(data, results)
    rows: tuple[Row, ...] = tuple(
        (said[item["id"]], item["side"], cited(tables(item, "evidence"))) for item in tables(data, "item")
    )
    return Table("items", "What each item cites", columns, rows)


def _alone(data: Declared, display: Display, results: Results) -> tuple[Table, ...]:
    said, sides = _said(data, results), {item.id: item.side for item in items(data)}
    rows: tuple[Row, ...] = tuple((said[id], sides[id], reason) for id, reason in display.alone.items())
    columns = (("item", "What stands alone"), ("side", "Side"), ("reason", "Why nothing matches it"))
    return (Table("alone", "What nothing on the other side matches", columns, rows),) if rows else ()


def _log(data: Declared, display: Display, results: Results) -> tuple[Table, ...]:
    said = _said(data, results)
    pillar = {row: one["label"] for one in tables(data, "pillar") for row in one["rows"]}
    rows: tuple[Row, ...] = tuple(
        (said[move.item], pillar.get(move.to, "none: it stands alone"), move.by, move.at, move.reason)
        for move in display.log
    )
    columns = (("item", "Item"), ("to", "Moved under the pillar"), ("by", "By"), ("at", "On"), ("reason", "Reason"))
    return (Table("log", "What was moved while checking", columns, rows),) if rows else ()
