"""Two releases of data that differ in a few persons: every mean and every open count that moves tells what these answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.disclosure import Profile, Register, Stop
from joinedup.study.digest import digest
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.survey.model import respondents, responses_file

Records = Mapping[str, Mapping[str, str]]
"""File -> person or text -> a digest of what was said. Pseudonyms are digests too; the whole stays with the team."""
_TEXTS = "texts/texts.csv"
_LENGTH = 16


def records_of(study: Study) -> dict[str, dict[str, str]]:
    """What a release rests on: the answers of each wave at programme sites, and the texts that aren't public with who
    speaks in them. Codings don't count: they are the team's own."""
    found = {responses_file(wave): _answers(study, wave) for wave in sorted(study.survey.responses)}
    public = {kind.id for kind in study.kinds if kind.public}
    people = {person.id: person for person in study.people}
    said: dict[str, list[object]] = {
        text.id: [text.content, text.site, text.wave] for text in study.texts.texts if text.kind not in public
    }
    for one in study.texts.speakers:
        if one.text in said:
            said[one.text] += [one.speaker, one.person, people.get(one.person)]
    found[_TEXTS] = {_short(study.id, text): _short(told) for text, told in said.items()}
    return {file: dict(sorted(records.items())) for file, records in found.items() if records}


def stops_of_changes(records: Records, register: Register, profile: Profile) -> Iterator[Stop]:
    """A stop for each file that differs from what an earlier release rested on in no more persons than the profile hides."""
    for file, now in records.items():
        changed = {
            at: sum(now.get(one) != before[file].get(one) for one in now.keys() | before[file].keys())
            for at, before in register.records
            if file in before
        }
        few = {at: n for at, n in changed.items() if 1 <= n <= profile.threshold}
        if few:
            at, n = min(few.items(), key=lambda one: (one[1], one[0]))
            who = "1 person" if n == 1 else f"{n} persons"
            yield Stop(
                f"What {who} said has changed, come or gone since the release of {at}.",
                "Set against each other, the two releases tell what they said: whatever is counted or averaged over all "
                "moves by it, and one site's figures move with it.",
                f"Release when more than {profile.threshold} have changed, or have a reviewer let it pass.",
                file,
            )


def _answers(study: Study, wave: str) -> dict[str, str]:
    table = study.survey.responses[wave]
    columns = {name: table.column(name).to_pylist() for name in sorted(table.column_names) if not name.startswith("_")}
    try:
        people = respondents(study, wave)
    except NotComputable:  # whose answers they are can't be said, and nothing is computed from them
        return {}
    return {
        _short(study.id, one.entry.person): _short(
            one.entry.site,
            one.entry.agency,
            one.entry.role,
            {name: given[one.index] for name, given in columns.items() if name != "response"},
        )
        for one in people
    }


def _short(*values: object) -> str:
    return digest(*values)[:_LENGTH]
