"""Words that may not leave with a text or a passage: numbers and addresses of persons, names, and sites that were promised anonymity."""

from __future__ import annotations

import re
from collections.abc import Iterable

from joinedup.report.gate.anonymity import Sites, is_promised
from joinedup.study.model import Study
from joinedup.study.site import Extra
from joinedup.texts.pseudonyms_patterns import find_patterns

_SHORTEST_NAME = 4


class Barred:
    """Finds in words what may not leave of a study."""

    def __init__(self, study: Study) -> None:
        self._sites = Sites(study) if is_promised(study) else None
        self._names = _any_of(_known_names(study), re.IGNORECASE)
        self._ids = _any_of(_person_ids(study))

    def why(self, words: str) -> str:
        """Why `words` may not leave; empty where they may."""
        kinds = sorted({found.kind for found in find_patterns(words) if found.certain})
        if kinds:
            return f"It holds what looks like: {', '.join(kinds)}. Take it out with `joinedup pseudonyms` first."
        if self.site_in(words):
            return "It names a site."
        if self._names.search(words):
            return "It holds words that people.csv, the roster or speakers.csv say of a person in further columns."
        return ""

    def site_in(self, words: str) -> str:
        """The first site that `words` name, where the study promised that no release tells its sites apart."""
        return self._sites.in_words(words) if self._sites else ""

    @property
    def promised(self) -> bool:
        """Whether the study promised that."""
        return self._sites is not None

    def names_person(self, words: str) -> bool:
        """Whether `words` hold the pseudonym by which the study knows a person."""
        return self._ids.search(words) is not None

    def without_persons(self, words: str) -> str:
        """`words` with `[person]` for each pseudonym."""
        return self._ids.sub("[person]", words)


def _any_of(words: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Finds any of `words` as whole words, the longest first; nothing where there are none."""
    among = "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<!\w)(?:{among})(?!\w)" if among else "(?!)", flags)


def _person_ids(study: Study) -> Iterable[str]:
    ids = {person.id for person in study.people} | {one.person for one in study.texts.speakers}
    return (id for id in ids if len(id) > 1 and not id.isdigit())


def _known_names(study: Study) -> Iterable[str]:
    """What further columns say of persons, in words with a capital: their names, if they stand anywhere."""
    extras: list[Extra] = [one.extra for one in study.people]
    extras += [one.extra for one in study.survey.roster]
    extras += [one.extra for one in study.texts.speakers]
    said = {value.strip() for extra in extras for value in extra.values()}
    return (name for name in said if len(name) >= _SHORTEST_NAME and name.lower() != name)
