"""`synthesis.threads`: questions that lead from one strand to another."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.synthesis.following_a_thread import follow
from joinedup.synthesis.integration.declared import hops
from joinedup.synthesis.integration.literature import MORAN_ELLIS
from joinedup.synthesis.integration.reading import Declared, Results, cited, declared, inputs_of, row_source, tables
from joinedup.synthesis.joint_display import fill

FILE = "threads"


def threads_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.threads`; None where the study follows none."""
    data = declared(study, FILE)
    found = tables(data, "thread")
    if not found:
        return None
    followed = {thread["id"]: follow(hops(thread)) for thread in found}
    values: dict[str, Value] = {"threads": len(found), "hops": sum(len(one) - 1 for one in followed.values())}
    for id, stations in followed.items():
        values[f"{key_part(id)}.hops"] = len(stations) - 1
        values[f"{key_part(id)}.strands"] = len({station.strand for station in stations})
    pieces = (piece for thread in found for hop in tables(thread, "hop") for piece in tables(hop, "evidence"))
    return make_result(
        "synthesis.threads",
        values,
        _METHODS,
        (data, inputs_of(results, pieces)),
        tables=tuple(_table(thread, results) for thread in found),
        sources={key_part(one["id"]): row_source(study, FILE, f"thread.{n}") for n, one in enumerate(found, start=1)},
        references=(MORAN_ELLIS,),
    )


_METHODS = (
    "Following a thread (Moran-Ellis et al. 2006): a question that one strand raises is taken up in another, which raises "
    "the next. Every hop leads to another strand and cites what is there; the order is that in which the team asked."
)


def _table(thread: Declared, results: Results) -> Table:
    columns = (
        ("strand", "Strand"),
        ("says", "What it holds"),
        ("question", "The question it raises"),
        ("cited", "Cites"),
    )
    rows: tuple[Row, ...] = tuple(
        (hop["strand"], fill(hop["says"], results), hop.get("question", ""), cited(hop["evidence"]))
        for hop in tables(thread, "hop")
    )
    return Table(key_part(thread["id"]), f"Thread: {thread['label']}", columns, rows)
