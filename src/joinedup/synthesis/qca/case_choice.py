"""Which cases to look into after the analysis.

Schneider and Rohlfing (2013), Combining QCA and process tracing in set-theoretic multi-method research, Sociological
Methods and Research 42:559-597; the ranks are those of the R package SetMethods.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.synthesis.qca.minimization import Solution, membership

TYPICAL, DEVIANT_CONSISTENCY, DEVIANT_COVERAGE = "typical", "deviant in consistency", "deviant in coverage"


@dataclass(frozen=True)
class Chosen:
    """A case worth a look: of its kind the lower `rank` comes first.

    `x`: its membership in the term (for deviant in coverage: in the whole model); `y`: in the outcome.
    """

    case: str
    kind: str
    term: str
    x: float
    y: float
    rank: float


def cases_to_study(solution: Solution, model: int = 0) -> tuple[Chosen, ...]:
    """Typical cases and cases deviant in consistency for each term, and cases that no term explains, best first.

    Typical: in the term and in the outcome, and no more in the term than in the outcome; best where both are large and
    alike. Deviant in consistency: in the term, not in the outcome. Deviant in coverage: in the outcome, in no term.
    """
    table = solution.table
    found = []
    for text, term in zip(solution.models[model], solution.implicants[model], strict=True):
        for case, x, y in zip(table.cases, map(float, membership(table, term)), map(float, table.y), strict=True):
            if x > 0.5 and y > 0.5 and x <= y + 1e-12:
                found.append(Chosen(case, TYPICAL, text, x, y, 2 * (y - x) + (1 - x)))
            elif x > 0.5 and y < 0.5:
                found.append(Chosen(case, DEVIANT_CONSISTENCY, text, x, y, 1 - (x - y) + (1 - x)))
    for case, x, y in zip(table.cases, map(float, solution.membership(model)), map(float, table.y), strict=True):
        if x < 0.5 and y > 0.5:
            found.append(Chosen(case, DEVIANT_COVERAGE, "", x, y, 1 - (y - x) + (1 - y)))
    order = {kind: at for at, kind in enumerate((TYPICAL, DEVIANT_CONSISTENCY, DEVIANT_COVERAGE))}
    return tuple(sorted(found, key=lambda one: (order[one.kind], one.term, round(one.rank, 12), one.case)))
