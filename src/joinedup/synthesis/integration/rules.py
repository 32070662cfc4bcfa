"""The rules of the methods themselves: what a well-formed file of synthesis/ may still not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import once, place_in
from joinedup.synthesis import contribution, pillar_integration
from joinedup.synthesis.confidence import unexplained
from joinedup.synthesis.following_a_thread import broken_hops
from joinedup.synthesis.integration.agency_ratings import scale_of
from joinedup.synthesis.integration.declared import assessment, hops, items, links, moves, nodes, pillars
from joinedup.synthesis.integration.reading import strand_of, tables

Data = Mapping[str, Any]


def _at(study: Study, name: str, path: str, key: str = "") -> Place:
    return place_in(study, f"synthesis/{name}.toml", path, key)


def _unknown(word: str, kind: str, among: list[str], place: Place) -> Problem:
    what = f"{shown(word)} is no {kind} of this file.{did_you_mean(word, among)}"
    return Problem("J644", place, what, f"Correct it, or declare the {kind}.")


def _triangulation(study: Study, data: Data) -> Iterator[Problem]:
    for number, topic in enumerate(tables(data, "topic"), start=1):
        path = f"topic.{number}"
        yield from _voices(study, topic, path)
        yield from _pairs(study, topic, path)


def _voices(study: Study, topic: Data, path: str) -> Iterator[Problem]:
    voices = tables(topic, "strand")
    name = "triangulation"
    yield from once(((v["strand"],), _at(study, name, f"{path}.strand.{n}", "strand")) for n, v in enumerate(voices, 1))
    for number, voice in enumerate(voices, start=1):
        place = _at(study, name, f"{path}.strand.{number}")
        if not voice.get("asked", True):
            if voice.get("says") or voice.get("evidence"):
                what = f"The strand {voice['strand']} was not asked, and says something."
                yield Problem("J645", place, what, "Say asked = true, or leave out what it says.")
            if not voice.get("reason"):
                what = f"Why the strand {voice['strand']} was not asked is not said."
                yield Problem("J646", place, what, 'Write reason = "...": a strand that could not speak is not silent.')
        elif voice.get("says") and not voice.get("evidence"):
            what = f"What the strand {voice['strand']} says cites nothing."
            yield Problem("J648", place, what, "Cite results, passages or documents in `evidence`.")


def _pairs(study: Study, topic: Data, path: str) -> Iterator[Problem]:
    voices = {voice["strand"]: voice for voice in tables(topic, "strand")}
    name, rated = "triangulation", set()
    for number, pair in enumerate(tables(topic, "pair"), start=1):
        place = _at(study, name, f"{path}.pair.{number}")
        ends = (pair["first"], pair["second"])
        rated.add(frozenset(ends))
        for end in ends:
            if end not in voices:
                yield _unknown(end, "strand", list(voices), place)
            elif not voices[end].get("says"):
                what = f"The strand {end} is rated, and says nothing on {shown(topic['id'])}."
                yield Problem("J645", place, what, "Leave the rating out: silence and not being asked follow by rule.")
        raters = enumerate(tables(pair, "rating"), start=1)
        yield from once(((r["by"],), _at(study, name, f"{path}.pair.{number}.rating.{n}", "by")) for n, r in raters)
    speaking = [strand for strand, voice in voices.items() if voice.get("says")]
    for at, first in enumerate(speaking):
        for second in speaking[at + 1 :]:
            if frozenset((first, second)) not in rated:
                what = f"{first} and {second} both speak on {shown(topic['id'])}, and nobody compared them."
                yield Problem("J641", _at(study, name, path), what, "Add [[topic.pair]] with a rating.")


def _theory(study: Study, data: Data) -> Iterator[Problem]:
    name, ids = "theory-of-change", [node["id"] for node in tables(data, "node")]
    ends = [
        ((link["from"], link["to"]), _at(study, name, f"link.{n}")) for n, link in enumerate(tables(data, "link"), 1)
    ]
    yield from once(ends)
    unknown = [_unknown(end, "node", ids, place) for pair, place in ends for end in pair if end not in ids]
    yield from unknown
    for number, link in enumerate(tables(data, "link"), start=1):
        place = _at(study, name, f"link.{number}", "strength")
        if link.get("strength") and not link.get("evidence"):
            what = f"The link from {link['from']} to {link['to']} is called {link['strength']} without evidence."
            yield Problem("J651", place, what, "Cite the evidence, or leave the strength out: the link will be listed.")
        if link.get("strength") and not link.get("reason"):
            yield Problem("J646", place, "The strength of the link has no reason.", 'Write reason = "...".')
        for at, rival in enumerate(tables(link, "rival"), start=1):
            if rival["state"] != contribution.OPEN and not rival.get("reason"):
                what = f"Why the rival is {rival['state']} is not said."
                yield Problem("J646", _at(study, name, f"link.{number}.rival.{at}"), what, 'Write reason = "...".')
    around = () if unknown else contribution.circle(nodes(data, {}), links(data))
    if around:
        what = f"The theory runs in a circle: {', '.join(around)}."
        yield Problem("J649", Place(f"synthesis/{name}.toml"), what, "Turn round or leave out one of its links.")


def _realist(study: Study, data: Data) -> Iterator[Problem]:
    ids = [one["id"] for one in tables(data, "configuration")]
    for number, one in enumerate(tables(data, "configuration"), start=1):
        if one.get("leads_to") and one["leads_to"] not in ids:
            place = _at(study, "realist", f"configuration.{number}", "leads_to")
            yield _unknown(one["leads_to"], "configuration", ids, place)
        for at, piece in enumerate(tables(one, "evidence"), start=1):
            if not piece.get("passage"):
                place = _at(study, "realist", f"configuration.{number}.evidence.{at}")
                yield Problem("J648", place, "A part of a configuration rests on passages.", "Cite a passage.")


def _confidence(study: Study, data: Data) -> Iterator[Problem]:
    found = tables(data, "assessment")
    name = "confidence"
    yield from once(((a["finding"],), _at(study, name, f"assessment.{n}", "finding")) for n, a in enumerate(found, 1))
    for number, table in enumerate(found, start=1):
        for part, why in unexplained(assessment(table)):
            place = _at(study, name, f"assessment.{number}.{part}")
            yield Problem("J646", place, f"{part.replace('_', ' ').capitalize()}: {why}.", "Write the explanation.")


def _pillar(study: Study, data: Data) -> Iterator[Problem]:
    listed = items(data)
    rows = {item.id: n for n, item in enumerate(listed, start=1)}
    for number, move in enumerate(tables(data, "move"), start=1):
        if move["item"] not in rows:
            yield _unknown(move["item"], "item", list(rows), _at(study, "pillar", f"move.{number}", "item"))
    for what, why in pillar_integration.lost(listed, moves(data), pillars(data)):
        place = _at(study, "pillar", f"item.{rows[what]}" if what in rows else "", "" if what in rows else "rows")
        yield Problem("J650", place, f"{shown(what)} would vanish: {why}.", "Nothing that was listed may be lost.")


def _threads(study: Study, data: Data) -> Iterator[Problem]:
    for number, thread in enumerate(tables(data, "thread"), start=1):
        for at, why in broken_hops(hops(thread)):
            place = _at(study, "threads", f"thread.{number}.hop.{at}")
            yield Problem("J647", place, f"Hop {at} breaks the thread: {why}.", "A thread leads from strand to strand.")
        for at, hop in enumerate(tables(thread, "hop"), start=1):
            strange = [strand_of(piece) for piece in hop["evidence"] if not _of(hop["strand"], strand_of(piece))]
            if strange:
                place = _at(study, "threads", f"thread.{number}.hop.{at}", "evidence")
                what = f"The hop is in the strand {hop['strand']}, its evidence in {strange[0]}."
                yield Problem("J647", place, what, "Cite the strand that the hop is in.")


def _emphasis(study: Study, data: Data) -> Iterator[Problem]:
    both = [code for code in data["targeted"] if code in data["universal"]]
    if both:
        what = f"{shown(both[0])} is said to speak of targeted and of universal provision."
        yield Problem("J653", _at(study, "emphasis", "", "universal"), what, "Name each code on one side.")
    periods = sorted({row.period for row in study.partnership.provision})
    if data["period"] not in periods:
        what = f"partnership/provision.csv has no spending in {shown(data['period'])}."
        remedy = f"Write one of {listed(periods)}." if periods else "Record spending by tier first."
        yield Problem("J653", _at(study, "emphasis", "", "period"), what, remedy)


def _of(strand: str, found: str) -> bool:
    """Whether evidence of strand `found` can be that of `strand`: documents of bodies are texts too."""
    return found in (strand, "synthesis") or (strand == "partnership" and found == "texts")


def _cooperation(study: Study, data: Data) -> Iterator[Problem]:
    agencies = tables(data, "agency")
    name = "cooperation"
    yield from once(((a["agency"],), _at(study, name, f"agency.{n}", "agency")) for n, a in enumerate(agencies, 1))
    among = sorted(
        {person.agency for person in study.people}
        | {entry.agency for entry in study.survey.roster}
        | {member.agency for member in study.partnership.members}
    )
    items = [one["item"] for one in agencies if one.get("item")]
    for number, one in enumerate(agencies, start=1):
        if one["agency"] not in among:
            what = f"{shown(one['agency'])} is no agency of this study.{did_you_mean(one['agency'], among)}"
            remedy = "Write it as in people.csv, survey/roster.csv or partnership/members.csv."
            yield Problem("J654", _at(study, name, f"agency.{number}", "agency"), what, remedy)
        if one.get("item"):
            yield from _rating_item(study, one["item"], _at(study, name, f"agency.{number}", "item"))
        if data.get("codes") and not one.get("names") and not one.get("code"):
            what = f"How a passage speaks of {one['agency']} is not said."
            remedy = 'Write names = ["..."], as speakers call it, or the code of passages about it.'
            yield Problem("J641", _at(study, name, f"agency.{number}"), what, remedy)
    if not items and not data.get("codes"):
        what = "Neither items of the survey nor codes of the texts are named."
        yield Problem("J641", _at(study, name, ""), what, "Give agencies an item, or write codes = [...], or both.")
    if items and "at_least" not in data:
        what = "From which rating on two agencies count as working together is not said."
        yield Problem("J641", _at(study, name, ""), what, "Write at_least, a number on the scale of the items.")


def _rating_item(study: Study, item: str, place: Place) -> Iterator[Problem]:
    instrument = study.survey.instrument
    found = instrument.item(item) if instrument else None
    if found is None:
        among = [one.name for one in instrument.items] if instrument else []
        what = f"{shown(item)} is no item of the questionnaire.{did_you_mean(item, among)}"
        yield Problem("J654", place, what, "Name an item that asks how one works with this agency.")
    elif scale_of(study, [item])[0] != scale_of(study, [item])[0]:
        yield Problem(
            "J654", place, f"The answers to {shown(item)} are no numbers.", "Name an item with numbered options."
        )


RULES: Mapping[str, Callable[[Study, Data], Iterator[Problem]]] = {
    "triangulation": _triangulation,
    "theory-of-change": _theory,
    "realist": _realist,
    "confidence": _confidence,
    "pillar": _pillar,
    "threads": _threads,
    "emphasis": _emphasis,
    "cooperation": _cooperation,
}
"""The rules of each method, by the name of its file; they are asked only where the file's form is right."""
