"""The joint display: propositions by strands; evidence that disagrees stands as disagreement.

Each cell states conditions over results; its stance follows from them at every run (Guetterman, Fetters and
Creswell 2015 on joint displays; "discord" after Farmer et al. 2006, dissonance).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from joinedup.study.analysis import make_result
from joinedup.study.expect import ExpectError, NoValue, parse, references, show
from joinedup.study.finding import CONTRADICTS, QUALIFIES, SILENT, SUPPORTS
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source, Table, Value

CONFIRM, QUALIFIED, DISCORD, AGAINST = "confirm", "qualified", "discord", "against"
_THEMES = "texts.theme-matrix"
FITS = (CONFIRM, QUALIFIED, DISCORD, AGAINST, SILENT)
_METHODS = (
    "Each row of the joint display is a proposition, each cell what one strand says about it. A cell's stance follows"
    " from conditions over the strand's own results that were declared beforehand; a strand none of whose conditions"
    " holds is silent. A row is in discord where one strand supports and another contradicts it; nothing is averaged."
)


@dataclass(frozen=True, slots=True)
class JointCell:
    """What a strand says on a proposition: its stance, the sentence as a template and as text, and why it is silent."""

    strand: str
    stance: str
    says: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JointRow:
    """A proposition with the cells of the strands that were asked; `theme` is the code whose quotes stand beside."""

    id: str
    proposition: str
    cells: tuple[JointCell, ...]
    fit: str
    theme: str = ""


def fill(template: str, results: Mapping[str, Result]) -> str:
    """`template` with its references replaced by the values they stand for; a value that is missing becomes a dash."""
    parts, at = [], 0
    for reference in references(template):
        result = results.get(reference.result)
        value = result.values.get(reference.key) if result else None
        parts += [template[at : reference.start], show(value, reference.format)]
        at = reference.end
    return "".join([*parts, template[at:]])


def joint_rows(study: Study, results: Mapping[str, Result]) -> tuple[JointRow, ...]:
    """The rows that the study declares in synthesis/joint-display.toml, judged by `results`."""
    declared = study.synthesis.get("joint-display", {}).get("row", [])
    return tuple(_row(row, results) for row in declared)


def joint_display(study: Study, results: Mapping[str, Result]) -> Result | None:
    """The Result `synthesis.joint-display`; None where the study declares no rows."""
    rows = joint_rows(study, results)
    if not rows:
        return None
    values: dict[str, Value] = {"rows": len(rows)}
    for fit in FITS:
        values[fit] = sum(row.fit == fit for row in rows)
    for row in rows:
        values[f"{key_part(row.id)}.fit"] = row.fit
        for cell in row.cells:
            values[f"{key_part(row.id)}.{cell.strand}"] = cell.stance
    read = {ref.result for row in rows for cell in row.cells for ref in references(cell.says)}
    read |= {_THEMES} if any(row.theme for row in rows) else set()
    inputs = (study.synthesis["joint-display"], {id: results[id].inputs for id in sorted(read & set(results))})
    behind = _sources(study.synthesis["joint-display"]["row"], results)
    return make_result("synthesis.joint-display", values, _METHODS, inputs, tables=(_table(rows),), sources=behind)


def _sources(rows: Sequence[Mapping[str, Any]], results: Mapping[str, Result]) -> dict[str, tuple[Source, ...]]:
    """What lies behind each cell: what it reads, and behind the cell of the texts the passages of the row's theme."""
    found: dict[str, tuple[Source, ...]] = {}
    for row in rows:
        quotes = _at(results, _THEMES, f"{key_part(row['theme'])}.passages") if row.get("theme") else ()
        whole = dict.fromkeys(quotes)
        for cell in row.get("cell", ()):
            behind = dict.fromkeys(quotes if cell["strand"] == "texts" else ())
            for result, key in _read(cell):
                behind |= dict.fromkeys(_at(results, result, key))
            found[f"{key_part(row['id'])}.{cell['strand']}"] = tuple(behind)
            whole |= behind
        found[f"{key_part(row['id'])}.fit"] = tuple(whole)
    return found


def _at(results: Mapping[str, Result], id: str, key: str) -> tuple[Source, ...]:
    return results[id].sources_of(key) if id in results else ()


def _read(cell: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The values that a cell reads: in its sentence and in its conditions."""
    yield from ((ref.result, ref.key) for ref in references(str(cell.get("says", ""))))
    for stance in (SUPPORTS, QUALIFIES, CONTRADICTS):
        if cell.get(stance):
            expectation = parse(str(cell[stance]))
            yield from ((expectation.result, key) for key in expectation.keys)


def _row(row: Mapping[str, Any], results: Mapping[str, Result]) -> JointRow:
    cells = tuple(_cell(cell, results) for cell in row.get("cell", ()))
    return JointRow(row["id"], row["proposition"], cells, fit_of({cell.stance for cell in cells}), row.get("theme", ""))


def _cell(cell: Mapping[str, Any], results: Mapping[str, Result]) -> JointCell:
    says = str(cell.get("says", ""))
    stance, reason = SILENT, "none of the declared conditions holds"
    for candidate in (CONTRADICTS, QUALIFIES, SUPPORTS):
        condition = str(cell.get(candidate, ""))
        if not condition:
            continue
        try:
            expectation = parse(condition)
            result = results.get(expectation.result)
            if expectation.holds(result.values if result else {}):
                stance, reason = candidate, ""
                break
        except (ExpectError, NoValue) as error:
            reason = str(error)
    return JointCell(str(cell["strand"]), stance, says, fill(says, results), reason)


def fit_of(stances: Set[str]) -> str:
    """How stances go together: support beside contradiction is discord, whatever else stands there."""
    if SUPPORTS in stances and CONTRADICTS in stances:
        return DISCORD
    if CONTRADICTS in stances:
        return AGAINST
    if QUALIFIES in stances:
        return QUALIFIED
    return CONFIRM if SUPPORTS in stances else SILENT


def _table(rows: tuple[JointRow, ...]) -> Table:
    strands = list(dict.fromkeys(cell.strand for row in rows for cell in row.cells))
    lines, keys = [], []
    for row in rows:
        by_strand = {cell.strand: cell for cell in row.cells}
        texts = [f"{by_strand[s].stance}: {by_strand[s].text}" if s in by_strand else "not asked" for s in strands]
        lines.append((row.proposition, *texts, row.fit))
        cell_keys = [f"{key_part(row.id)}.{s}" if s in by_strand else "" for s in strands]
        keys.append(("", *cell_keys, f"{key_part(row.id)}.fit"))
    columns = (("proposition", "Proposition"), *((s, s.capitalize()) for s in strands), ("fit", "Fit"))
    return Table("display", "Joint display", columns, tuple(lines), keys=tuple(keys))
