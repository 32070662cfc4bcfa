"""Nearly the same persons under two names: who has a score at a site is among those who answered there.

Protected apart, a shown number of raters would bound a hidden number of answers from below. So the raters become a part
of those who answered, in one table of the roster: answered = raters + answered without a score.
"""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.gate.counting import Labels, Population

ROSTER = "people on the roster"
ANSWERED = ("answered", "yes")
AMONG_ANSWERED = ("people with a score", "people with a score on a scale", "people who rate other agencies")
"""Populations, all of whom are among those of the roster who answered."""


def linked(populations: Mapping[str, Population]) -> dict[str, Population]:
    """The populations, with those of AMONG_ANSWERED as groups of the roster wherever the counts can be so."""
    found = dict(populations)
    if ROSTER not in found:
        return found
    whole = found[ROSTER]
    together = Population(whole.name, dict(whole.counts), {at: [*keys] for at, keys in whole.keys.items()})
    together.sites_of.update(whole.sites_of)
    for name in AMONG_ANSWERED:
        if name in found and _fits(found[name], whole):
            part = found.pop(name)
            for at, count in part.counts.items():
                for key in part.keys[at]:
                    together.add(at | {("answered", name)}, count, key)
    found[ROSTER] = together
    return found


def _fits(part: Population, whole: Population) -> bool:
    """Whether every group of `part` is among those who answered in the same group, and its total can be that of them."""
    most = {at - {ANSWERED}: count for at, count in whole.counts.items() if ANSWERED in at}
    if not all(at in most and count <= most[at] for at, count in part.counts.items()):
        return False
    everybody: Labels = frozenset()
    if everybody not in part.counts:
        return True
    for variable in {v for at in part.counts for v, _ in at}:
        groups = [at for at in most if len(at) == 1 and {v for v, _ in at} == {variable} and not _is_type(at, whole)]
        rest = part.counts[everybody] - sum(part.counts.get(at, 0) for at in groups)
        if not 0 <= rest <= sum(most[at] for at in groups if at not in part.counts):
            return False
    return True


def _is_type(at: Labels, whole: Population) -> bool:
    return any(label in whole.sites_of for _, label in at)
