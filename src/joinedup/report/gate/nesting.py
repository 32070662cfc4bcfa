"""Who says a code is among those who say the code above it: what is left of these is a group of persons, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.report.gate.persons import AT_SITES, OF_PROVISION, SAYS
from joinedup.report.gate.population import Labels, Population
from joinedup.study.model import Study
from joinedup.study.registry import key_part

EITHER, TARGETED = "of provision", "of targeted provision"
"""Codes of `synthesis.emphasis` taken together: those of targeted and universal provision; those of targeted provision."""
_TARGETED = ("says targeted", "yes")


@dataclass(frozen=True, slots=True)
class _Codes:
    """`above`: each code -> the one right above it, "" at the top. `either` and `targeted` are the codes whose speakers
    `synthesis.emphasis` counts: codes of the codebook where it counts the same persons."""

    above: Mapping[str, str]
    either: str = ""
    targeted: str = ""

    def chain(self, code: str) -> list[str]:
        """The codes from the top down to `code`; a ring of parents ends where it closes."""
        found = [code]
        while (parent := self.above.get(found[0], "")) and parent not in found:
            found.insert(0, parent)
        return found

    def of(self, population: str) -> str:
        """The code whose speakers at the sites a population counts; "" for another population."""
        if population == OF_PROVISION:
            return self.either
        start = AT_SITES.partition("{")[0]
        return population.removeprefix(start) if population.startswith(start) else ""


def nest(study: Study, populations: dict[str, Population]) -> None:
    """Move the counts of each code into the population of the code at the top, with the codes between as variables."""
    codes = _codes(study, populations)
    for name, population in list(populations.items()):
        code = codes.of(name)
        if not code:
            _with_codes_above(population, codes)
            continue
        top = AT_SITES.format(code=codes.chain(code)[0])
        del populations[name]
        whole = populations.setdefault(top, Population(top))
        for at, count in population.counts.items():
            inside = codes.chain(codes.targeted if _TARGETED in at else code)
            for key in population.keys[at]:
                whole.add(at - {_TARGETED} | _says(inside[1:]), count, key)


def _codes(study: Study, populations: Mapping[str, Population]) -> _Codes:
    above = _counted(study, populations)
    emphasis = study.synthesis.get("emphasis", {})
    targeted, universal = (
        [key_part(str(code)) for code in emphasis.get(tier, ())] for tier in ("targeted", "universal")
    )
    if not targeted or OF_PROVISION not in populations:
        return _Codes(above)
    tops = {above.get(code, "") for code in (*targeted, *universal)}
    top = tops.pop() if len(tops) == 1 else ""
    either = top if _are_the_same(top, populations) else EITHER
    one = targeted[0] if len(targeted) == 1 else TARGETED
    above |= {EITHER: top, TARGETED: either, **dict.fromkeys(universal, either), **dict.fromkeys(targeted, one)}
    return _Codes({**above, one: either}, either, one)


def _counted(study: Study, populations: Mapping[str, Population]) -> dict[str, str]:
    """Each code -> the next one above it whose speakers are counted."""
    parents = _Codes({key_part(code.id): key_part(code.parent) for code in study.texts.codes})
    counted = [code for code in parents.above if AT_SITES.format(code=code) in populations]
    above = {code: [one for one in parents.chain(code)[:-1] if one in counted] for code in parents.above}
    return {code: found[-1] if found else "" for code, found in above.items()}


def _are_the_same(code: str, populations: Mapping[str, Population]) -> bool:
    """Whether who speaks of provision at each site are those who say `code`."""
    if AT_SITES.format(code=code) not in populations:
        return False
    either, whole = populations[OF_PROVISION], populations[AT_SITES.format(code=code)]
    sites = [at for at in either.counts if len(at) == 1 and at in whole.counts]
    return bool(sites) and all(either.counts[at] == whole.counts[at] for at in sites)


def _says(codes: Sequence[str]) -> Labels:
    return frozenset((SAYS.format(code=code), "yes") for code in codes)


def _with_codes_above(population: Population, codes: _Codes) -> None:
    """Say of those who say a code that they say the codes above it."""
    start = SAYS.partition("{")[0]
    for at in list(population.counts):
        said = [variable.removeprefix(start) for variable, _ in at if variable.startswith(start)]
        whole = at | _says([code for one in said if one in codes.above for code in codes.chain(one)])
        if whole != at:
            count, keys = population.counts.pop(at), population.keys.pop(at)
            for key in keys:
                population.add(whole, count, key)
