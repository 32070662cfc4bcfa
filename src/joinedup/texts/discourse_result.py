"""Words that tell professions apart: each profession's speech against that of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Quote, Result, Row, Source, Table, Value
from joinedup.study.texts import Coding
from joinedup.texts.corpus import TEXTS_FILE, rows_of, speaker_rows
from joinedup.texts.discourse import added, contrasts, dispersion, informative_prior
from joinedup.texts.model import Corpus
from joinedup.texts.quotes import choose_quotes
from joinedup.texts.words import counts, words

_MONROE = (
    "Monroe, B. L., Colaresi, M. P. and Quinn, K. M. (2008), Fightin' words: lexical feature selection and evaluation for "
    "identifying the content of political conflict. Political Analysis 16(4), 372-403."
)
_GRIES = (
    "Gries, S. Th. (2008), Dispersions and adjusted frequencies in corpora. International Journal of Corpus Linguistics "
    "13(4), 403-437."
)

PRIOR_MASS = 500.0
FEWEST_PEOPLE = 3
"""Fewer people are no profession's discourse; and a word that fewer say may be a name."""
WORDS, QUOTED_WORDS = 8, 3
_COLUMNS = (
    ("profession", "Profession"),
    ("word", "Word"),
    ("z", "z"),
    ("log_odds", "Log-odds"),
    ("count", "Said by it"),
    ("rest", "By others"),
    ("people", "People who say it"),
    ("dispersion", "Dispersion"),
)


@dataclass(frozen=True)
class Speech:
    """Who says what: profession -> person -> counts of words; people without a profession are left out."""

    corpus: Corpus

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, Counter[str]]]:
        found: dict[str, dict[str, Counter[str]]] = {}
        for text, voices in self.corpus.voices.items():
            content = self.corpus.study.text_by_id[text].content
            for voice in voices:
                if voice.profession:
                    person = found.setdefault(voice.profession, {}).setdefault(voice.person, Counter())
                    person.update(counts(content[voice.turn.words : voice.turn.end]))
        spoken = {name: {p: said for p, said in people.items() if said} for name, people in sorted(found.items())}
        return {name: people for name, people in spoken.items() if people}

    @cached_property
    def contrasted(self) -> tuple[str, ...]:
        """The professions with enough people."""
        return tuple(name for name, people in self.counts.items() if len(people) >= FEWEST_PEOPLE)


@dataclass(frozen=True, slots=True)
class Telling:
    """A word that sets a profession apart, with its numbers by key."""

    profession: str
    rank: int
    word: str
    numbers: Mapping[str, Value]

    @property
    def key(self) -> str:
        return f"{key_part(self.profession)}.{self.rank}"


def discourse_result(study: Study) -> Result | None:
    """`texts.discourse`; None where nobody with a profession speaks. Needs two professions with enough people."""
    corpus = Corpus(study)
    speech = Speech(corpus)
    if not speech.counts:
        return None
    if len(speech.contrasted) < 2:
        raise NotComputable(
            f"A contrast needs two professions of at least {FEWEST_PEOPLE} people who speak; there are {len(speech.contrasted)}."
        )
    telling = _telling(speech)
    values = _values(speech, telling)
    texts = study.texts
    return make_result(
        "texts.discourse",
        values,
        _methods(values),
        (texts.texts, texts.speakers, texts.codings, study.people, study.kinds, study.waves, study.sites),
        tables=(_table(telling, values),),
        parameters={"prior_mass": PRIOR_MASS, "fewest_people": FEWEST_PEOPLE},
        quotes=_quotes(corpus, telling),
        sources=_sources(corpus, speech),
        caveats=_caveats(speech),
        references=(_MONROE, _GRIES),
    )


def _telling(speech: Speech) -> tuple[Telling, ...]:
    by_profession = {name: added(people.values()) for name, people in speech.counts.items()}
    prior = informative_prior(added(by_profession.values()), PRIOR_MASS)
    frames = contrasts(by_profession, prior)
    found = []
    for name in speech.contrasted:
        people = list(speech.counts[name].values())
        columns = (frames[name][column].tolist() for column in ("word", "z", "log_odds", "count_a", "count_b"))
        told = ((word, *numbers, _speakers(word, people)) for word, *numbers in zip(*columns, strict=True))
        shown = [row for row in told if row[1] > 0 and row[-1] >= FEWEST_PEOPLE][:WORDS]
        for rank, (word, *numbers) in enumerate(shown, start=1):
            values = dict(zip(("z", "log_odds", "count", "rest", "people"), numbers, strict=True))
            found.append(Telling(name, rank, word, {**values, "dispersion": dispersion(word, people)}))
    return tuple(found)


def _speakers(word: str, people: Sequence[Counter[str]]) -> int:
    """How many people say `word`."""
    return sum(said[word] > 0 for said in people)


def _values(speech: Speech, telling: tuple[Telling, ...]) -> dict[str, Value]:
    every = added(said for people in speech.counts.values() for said in people.values())
    values: dict[str, Value] = {
        "professions": len(speech.contrasted),
        "people": len({person for people in speech.counts.values() for person in people}),
        "tokens": sum(every.values()),
        "types": len(every),
        "prior_mass": PRIOR_MASS,
    }
    for name in speech.contrasted:
        people = speech.counts[name]
        values[f"{key_part(name)}.people"] = len(people)
        values[f"{key_part(name)}.tokens"] = sum(added(people.values()).values())
    for one in telling:
        values[f"{one.key}.word"] = one.word
        values |= {f"{one.key}.{key}": value for key, value in one.numbers.items()}
    return values


def _methods(values: Mapping[str, Value]) -> str:
    return (
        f"The words of {values['people']} people with a profession on record ({values['tokens']:,} words, "
        f"{values['types']:,} different ones; the interviewer's left out) are counted by the profession that the speaker "
        f"had in the wave of the text. Each profession of at least {FEWEST_PEOPLE} people is contrasted with all others "
        f"together: difference of log-odds with an informative Dirichlet prior of {PRIOR_MASS:.0f} words in all, shared "
        f"out as the words of all are; z is that difference by its approximate standard error (Monroe, Colaresi and "
        f"Quinn 2008). Results move with the prior's mass. Words are shown by z, if at least {FEWEST_PEOPLE} people of "
        f"the profession say them; dispersion is Gries's (2008) deviation of proportions over its speakers. z ranks words: it "
        f"takes every word as said independently, which words of one speaker are not, and is no test."
    )


def _table(telling: tuple[Telling, ...], values: Mapping[str, Value]) -> Table:
    rows: list[Row] = []
    keys = []
    for one in telling:
        found = tuple(f"{one.key}.{name}" for name, _ in _COLUMNS[1:])
        keys.append(("", *found))
        rows.append((one.profession, *(values[key] for key in found)))
    return Table("words", "Words that set a profession apart", _COLUMNS, tuple(rows), "", tuple(keys))


def word_code(profession: str, word: str) -> str:
    """The name under which the quotes for a profession's word stand in the result (no code can be called so)."""
    return f"{profession}: {word}"


def _quotes(corpus: Corpus, telling: tuple[Telling, ...]) -> tuple[Quote, ...]:
    """For the first words of each profession, a cleared quote of one of its people that holds the word."""
    cleared: dict[str, list[Coding]] = {}
    for coding in corpus.study.texts.codings:
        voices = corpus.voices_in(coding.passage.text, coding.passage.start, coding.passage.end)
        if coding.cleared and voices:
            cleared.setdefault(voices[0].profession, []).append(coding)
    found: list[Quote] = []
    for one in telling:
        if one.rank <= QUOTED_WORDS:
            holding = [c for c in cleared.get(one.profession, ()) if one.word in words(c.passage.quote)]
            chosen = choose_quotes(corpus, word_code(one.profession, one.word), holding, found)
            found += [quote for quote in chosen if one.word in words(quote.passage.quote)][:1]
    return tuple(found)


def _sources(corpus: Corpus, speech: Speech) -> dict[str, tuple[Source, ...]]:
    found = {}
    for name, people in speech.counts.items():
        texts = [text for text, voices in corpus.voices.items() if any(voice.profession == name for voice in voices)]
        rows = [corpus.study.text_by_id[text] for text in texts]
        said = rows_of(TEXTS_FILE, rows, ("text", "wave", "sha256"))
        found[key_part(name)] = (*speaker_rows(corpus, frozenset(people)), *said)
    return found


def _caveats(speech: Speech) -> tuple[str, ...]:
    few = [name for name in speech.counts if name not in speech.contrasted]
    return (f"Too few people for a contrast of their own, but among the others: {', '.join(few)}.",) if few else ()
