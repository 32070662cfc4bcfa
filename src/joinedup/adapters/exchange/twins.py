"""Which text of the study each text of a project is: the same words, and one text for one text.

Blank forms and short answers hold the same words and are texts of their own, so that words alone do not tell them apart.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence

from joinedup.adapters.exchange.ids import guid_of, slug
from joinedup.study.texts import Text
from joinedup.texts.project import ProjectText

_RULES: tuple[tuple[Callable[[Text], Hashable], Callable[[ProjectText, str], Hashable]], ...] = (
    (lambda own: guid_of("text", own.id), lambda text, _: text.guid),
    (lambda own: (own.source, own.id), lambda text, file: (source_of(text, file), slug(text.id))),
    (lambda own: own.source, lambda text, file: source_of(text, file)),
    (lambda own: own.id, lambda text, _: slug(text.id)),
    (lambda _: "", lambda _, __: ""),
)
"""What a text of the study and one of the project with the same words must share, the surest first."""


def source_of(text: ProjectText, file: str) -> str:
    """The source of a text that the project in `file` brought, as the study's table says it."""
    return f"{file}: {text.name}"


def digest_of(text: ProjectText) -> str:
    """The SHA-256 of a text's words."""
    return hashlib.sha256(text.content.encode("utf-8")).hexdigest()


def same_texts(own: Sequence[Text], texts: Sequence[ProjectText], file: str) -> tuple[dict[str, Text], list[str]]:
    """The id of each text of the project that the study holds to the letter -> the study's; and the ids of those for
    which several of the study's could have stood.

    The study's own GUID decides, then the file and name that it came from, then its id, then its words alone. No text
    of the study stands for two of the project. `file` is the project's.
    """
    found: dict[str, Text] = {}
    taken: set[str] = set()
    unsure: list[str] = []
    digests = {text.id: digest_of(text) for text in texts}
    for mine, theirs in _RULES:
        free: dict[Hashable, deque[Text]] = defaultdict(deque)
        for one in own:
            if one.id not in taken:
                free[one.sha256, mine(one)].append(one)
        for text in texts:
            candidates = free.get((digests[text.id], theirs(text, file)))
            if text.id not in found and candidates:
                if len(candidates) > 1 and mine is _RULES[-1][0]:
                    unsure.append(text.id)
                found[text.id] = candidates.popleft()
                taken.add(found[text.id].id)
    return found, unsure
