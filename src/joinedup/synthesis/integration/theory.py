"""`synthesis.contribution`: the theory of change, what stands behind each link, and what else could explain it."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.expect import references
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.synthesis.contribution import CONTESTED, CONTRADICTS, NO_EVIDENCE, Link, Theory, layers
from joinedup.synthesis.integration.declared import links, nodes
from joinedup.synthesis.integration.literature import MAYNE
from joinedup.synthesis.integration.reading import Declared, Results, cited, declared, inputs_of, row_source, tables
from joinedup.synthesis.joint_display import fill

FILE = "theory-of-change"


def theory_of(study: Study, results: Results) -> Theory | None:
    """The study's theory of change; a node is measured where what it says refers to values, and all of them are there."""
    data = declared(study, FILE)
    if not tables(data, "node"):
        return None
    measured = {node["id"]: _is_measured(node, results) for node in tables(data, "node")}
    return Theory(nodes(data, measured), links(data))


def contribution_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.contribution`; None where the study declares no theory of change."""
    theory = theory_of(study, results)
    if theory is None:
        return None
    data = declared(study, FILE)
    values = _values(theory)
    pieces = [piece for link in tables(data, "link") for piece in tables(link, "evidence")]
    pieces += [{"result": ref.result} for node in tables(data, "node") for ref in references(node.get("says", ""))]
    return make_result(
        "synthesis.contribution",
        values,
        _methods(values),
        (data, inputs_of(results, iter(pieces)), [node.measured for node in theory.nodes]),
        tables=(_links(theory), _nodes(data, theory, results), *_rivals(data, theory), _grounds(data, theory)),
        sources=_sources(study, data),
        caveats=_caveats(theory),
        references=(MAYNE,),
    )


def _is_measured(node: Declared, results: Results) -> bool:
    found = references(node.get("says", ""))
    return bool(found) and all(
        one.result in results and results[one.result].values.get(one.key) is not None for one in found
    )


def _values(theory: Theory) -> dict[str, Value]:
    states = [link.state for link in theory.links]
    values: dict[str, Value] = {
        "nodes": len(theory.nodes),
        "measured": len(theory.nodes) - len(theory.unmeasured),
        "unmeasured": len(theory.unmeasured),
        "links": len(theory.links),
        "with_evidence": len(states) - len(theory.without_evidence),
        "without_evidence": len(theory.without_evidence),
        "contested": states.count(CONTESTED),
        "rivals": sum(len(link.rivals) for link in theory.links),
        "rivals_open": sum(len(link.open_rivals) for link in theory.links),
    }
    depth = layers(theory)
    for node in theory.nodes:
        values[f"{key_part(node.id)}.measured"] = int(node.measured)
        values[f"{key_part(node.id)}.layer"] = depth[node.id]
    for link in theory.links:
        key = link_key(link)
        values[f"{key}.state"] = link.state
        values[f"{key}.evidence"] = len(link.stances)
        values[f"{key}.against"] = link.stances.count(CONTRADICTS)
        values[f"{key}.rivals_open"] = len(link.open_rivals)
    return values


def link_key(link: Link) -> str:
    """The beginning of a link's keys."""
    return f"{key_part(link.source)}.{key_part(link.target)}"


def _methods(values: dict[str, Value]) -> str:
    return (
        f"Contribution analysis (Mayne 2012) over a theory of change of {values['nodes']} steps and {values['links']} "
        f"links. A step is measured where a value of the study tells how far it came about. A link is contested where "
        f"any evidence contradicts it, whatever supports it; its strength is a person's judgement with a reason, and a "
        f"link that nothing stands behind has none. Rival explanations stay open until a reason weakens or rules them out."
    )


def _caveats(theory: Theory) -> tuple[str, ...]:
    labels = {node.id: node.label for node in theory.nodes}
    found = []
    if theory.unmeasured:
        found.append(
            f"No value tells how far these steps came about: {'; '.join(labels[id] for id in theory.unmeasured)}."
        )
    if theory.without_evidence:
        pairs = "; ".join(f"from “{labels[a]}” to “{labels[b]}”" for a, b in theory.without_evidence)
        found.append(f"Nothing stands behind these links: {pairs}.")
    return tuple(found)


def _links(theory: Theory) -> Table:
    labels = {node.id: node.label for node in theory.nodes}
    columns = (
        ("from", "From"),
        ("to", "To"),
        ("state", "State"),
        ("evidence", "Evidence"),
        ("against", "Against"),
        ("rivals_open", "Open rivals"),
    )
    rows: list[Row] = []
    for link in theory.links:
        counts = (len(link.stances), link.stances.count(CONTRADICTS), len(link.open_rivals))
        rows.append((labels[link.source], labels[link.target], link.state, *counts))
    parts = ("state", "evidence", "against", "rivals_open")
    keys = tuple(("", "", *(f"{link_key(link)}.{part}" for part in parts)) for link in theory.links)
    note = f"A link with “{NO_EVIDENCE}” is claimed and not shown."
    return Table("links", "Links of the theory of change", columns, tuple(rows), note, keys)


def _grounds(data: Declared, theory: Theory) -> Table:
    labels = {node.id: node.label for node in theory.nodes}
    columns = (("link", "Link"), ("assumptions", "Assumes"), ("reason", "Reason for its strength"), ("cited", "Cites"))
    rows: list[Row] = [
        (
            f"{labels[link.source]} → {labels[link.target]}",
            "; ".join(link.assumptions),
            table.get("reason", ""),
            cited(tables(table, "evidence")),
        )
        for table, link in zip(tables(data, "link"), theory.links, strict=True)
    ]
    return Table("grounds", "What each link assumes, and what stands behind it", columns, tuple(rows))


def _nodes(data: Declared, theory: Theory, results: Results) -> Table:
    columns = (("step", "Step"), ("kind", "Kind"), ("says", "How far it came about"))
    rows: list[Row] = [
        (node.label, node.kind, fill(table.get("says", ""), results) if node.measured else "not measured")
        for table, node in zip(tables(data, "node"), theory.nodes, strict=True)
    ]
    return Table("nodes", "Steps of the theory of change", columns, tuple(rows))


def _rivals(data: Declared, theory: Theory) -> tuple[Table, ...]:
    labels = {node.id: node.label for node in theory.nodes}
    found = [(link, rival) for link in tables(data, "link") for rival in tables(link, "rival")]
    reasons = any(rival.get("reason") for _, rival in found)
    columns = (
        ("link", "Link"),
        ("explanation", "Rival explanation"),
        ("state", "State"),
        *((("reason", "Reason"),) if reasons else ()),
        ("cited", "Cites"),
    )
    rows: list[Row] = [
        (
            f"{labels[link['from']]} → {labels[link['to']]}",
            rival["explanation"],
            rival["state"],
            *((rival.get("reason", ""),) if reasons else ()),
            cited(tables(rival, "evidence")),
        )
        for link, rival in found
    ]
    return (Table("rivals", "Rival explanations", columns, tuple(rows)),) if rows else ()


def _sources(study: Study, data: Declared) -> dict[str, tuple[Source, ...]]:
    found = {
        key_part(node["id"]): row_source(study, FILE, f"node.{n}") for n, node in enumerate(tables(data, "node"), 1)
    }
    for number, link in enumerate(tables(data, "link"), start=1):
        found[f"{key_part(link['from'])}.{key_part(link['to'])}"] = row_source(study, FILE, f"link.{number}")
    return found
