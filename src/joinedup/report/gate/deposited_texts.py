"""Texts as they may be deposited: of public kinds, or of kinds whose consent covers it; without pseudonyms and withdrawn words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from joinedup.disclosure import Attribution, Profile, named_in, quote_risks
from joinedup.disclosure.quotes import ATTRIBUTES
from joinedup.report.gate.anonymity import Sites, is_promised
from joinedup.report.gate.barred import Barred
from joinedup.report.gate.row_items import Step
from joinedup.report.gate.text_labels import TextLabels
from joinedup.report.model import Document, QuoteBlock, walk
from joinedup.study.model import Study
from joinedup.study.site import TextKind
from joinedup.study.texts import Text
from joinedup.study.withdrawals import BLANK
from joinedup.texts.turns import turns

_WITHDRAWN = re.compile(rf"{BLANK}[{BLANK}\s]*{BLANK}|{BLANK}")
_INTERVIEWER = "Interviewer"


@dataclass(frozen=True, slots=True)
class DepositedText:
    """A text that may leave: `about` is its header, `words` are what it says, `file` its name without the ending."""

    file: str
    kind: str
    about: Mapping[str, str]
    words: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What the deposit rests on for a kind of text: how many there are, how many go, and why they may."""

    kind: str
    texts: int
    deposited: int
    basis: str


@dataclass(frozen=True, slots=True)
class Deposited:
    """The texts of a deposit, what was done to them, and what they rest on."""

    texts: tuple[DepositedText, ...] = ()
    log: tuple[Step, ...] = ()
    consents: tuple[Consent, ...] = field(default=())


def deposited_texts(study: Study, document: Document, profile: Profile) -> Deposited:
    """The texts of public kinds, and those of the kinds that [[deposit.texts]] declares with their consent.

    `document` calls texts as TextLabels does. A text that isn't public gets that number, labels instead of its speakers, the year for its date, and no site;
    its speaker's profession where enough people have it. It stays out where the report's quotes from it together fit
    too few people, or where it holds an address, a number of a person, or words of people.csv.
    """
    declared = {str(one["kind"]): str(one["consent"]) for one in study.settings.get("deposit", {}).get("texts", [])}
    quotes = [part for part in walk(document.sections) if isinstance(part, QuoteBlock)]
    texts: list[DepositedText] = []
    log: list[Step] = []
    consents = []
    for kind in study.kinds:
        all_texts = [text for text in study.texts.texts if text.kind == kind.id]
        if not all_texts:
            continue
        found: list[DepositedText] = []
        if kind.public:
            found = [_public(study, text, kind) for text in all_texts if words_left(text.content)]
            if gone := len(all_texts) - len(found):
                log.append(Step(kind.label, "left out", _texts(gone), "It was withdrawn."))
            found, steps = _of_unnamed_sites(study, kind, found)
            log += steps
        elif declared.get(kind.id, "").strip():
            found, more = _spoken(study, all_texts, kind, quotes, profile)
            log += more
        else:
            log.append(Step(kind.label, "left out", _texts(len(all_texts)), "No consent to deposit is declared."))
        basis = "public documents" if kind.public else declared.get(kind.id, "") or "none declared"
        consents.append(Consent(kind.label, len(all_texts), len(found), basis))
        texts += found
    return Deposited(tuple(texts), tuple(log), tuple(consents))


def words_left(content: str) -> str:
    """What is left of a text when what was withdrawn is taken out of it."""
    if not content.replace(BLANK, "").strip():
        return ""
    return _WITHDRAWN.sub("[withdrawn]", content)


def _public(study: Study, text: Text, kind: TextKind) -> DepositedText:
    site = study.site_by_id.get(text.site)
    about = {"Kind": kind.label, "Site": site.name if site else "", "Date": text.date}
    return DepositedText(text.id, kind.label, about, words_left(text.content))


def _of_unnamed_sites(
    study: Study, kind: TextKind, texts: list[DepositedText]
) -> tuple[list[DepositedText], list[Step]]:
    """The texts that name no site, where the study promised that no release tells its sites apart."""
    if not is_promised(study):
        return texts, []
    sites = Sites(study)
    kept = [one for one in texts if not sites.in_words(f"{one.file} {one.about['Site']} {one.words}")]
    left = len(texts) - len(kept)
    return kept, [Step(kind.label, "left out", _texts(left), "They name a site.")] if left else []


def _spoken(
    study: Study, texts: Sequence[Text], kind: TextKind, quotes: Sequence[QuoteBlock], profile: Profile
) -> tuple[list[DepositedText], Iterator[Step]]:
    barred, labels = Barred(study), TextLabels(study)
    reasons: dict[str, int] = {}
    kept: list[tuple[Text, Mapping[str, str], str]] = []
    for text in texts:
        words = _without_pseudonyms(study, text, barred)
        why = barred.why(words) if words else "It was withdrawn."
        said = [one for one in quotes if one.source.rpartition(":")[0] == labels.of(text.id)]
        about = None if why else _about(study, text, words, kind, said, profile)
        if about is None:
            why = why or "Its quotes in the report, taken together, fit too few people."
            reasons[why] = reasons.get(why, 0) + 1
        else:
            kept.append((text, about, words))
    found = [DepositedText(labels.of(text.id), kind.label, about, words) for text, about, words in kept]
    return sorted(found, key=lambda one: one.file), _steps(kind, len(kept), reasons, profile)


def _texts(n: int) -> str:
    return f"{n} text" if n == 1 else f"{n} texts"


def _steps(kind: TextKind, kept: int, reasons: Mapping[str, int], profile: Profile) -> Iterator[Step]:
    """Transcripts are people: how many stayed out for a reason is told as the profile tells counts of persons."""
    if kept:
        how = "numbered anew; speakers by labels; the year for the date; no site"
        yield Step(kind.label, how, _texts(kept), "A transcript must not tell who spoke.")
    for why, n in sorted(reasons.items()):
        yield Step(kind.label, "left out", _texts(n) if n > profile.threshold else f"{profile.mark} texts", why)


def _without_pseudonyms(study: Study, text: Text, barred: Barred) -> str:
    """The words with each speaker's label as Interviewer or Speaker 1, 2, ..., and without persons' ids."""
    said = {one.speaker: one.person for one in study.texts.speakers if one.text == text.id}
    spoken = turns(text, frozenset(said))
    labels: dict[str, str] = {}
    for turn in spoken:
        number = sum(label != _INTERVIEWER for label in labels.values()) + 1
        interviewer = not said[turn.speaker] and BLANK not in text.content[turn.words : turn.end]
        labels.setdefault(turn.speaker, _INTERVIEWER if interviewer else f"Speaker {number}")
    parts = [text.content[: spoken[0].start] if spoken else text.content]
    parts += [f"{labels[turn.speaker]}: {text.content[turn.words : turn.end]}" for turn in spoken]
    return barred.without_persons(words_left("".join(parts)))


def _about(
    study: Study, text: Text, words: str, kind: TextKind, quotes: Sequence[QuoteBlock], profile: Profile
) -> Mapping[str, str] | None:
    """The header; None where what the report tells of the text's speakers, in `quotes` of it, already fits too few people."""
    waves = {wave.id: wave.label for wave in study.waves}
    about = {"Kind": kind.label, "Wave": waves.get(text.wave, ""), "Year": text.date[:4]}
    told = replace(named_in("", study), site=named_in(words, study).site)
    for quote in quotes:
        said = named_in(quote.attribution, study)
        told = Attribution(**{name: getattr(told, name) or getattr(said, name) for name in ATTRIBUTES})
    if quotes and quote_risks([told], study.people, profile):
        return None
    people = {one.person for one in study.texts.speakers if one.text == text.id and one.person}
    professions = {who.profession for one in people if (who := study.person_at(one, text.wave))}
    if len(professions) == 1 and not told.profession:
        (profession,) = professions
        if not quote_risks([replace(told, profession=profession)], study.people, profile):
            return {**about, "Profession": profession}
    return {**about, "Profession": told.profession} if told.profession else about
