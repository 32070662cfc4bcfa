"""Candidate themes of the interviews from a topic model: suggestions until a person accepts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Quote, Result, Row, Table, Value
from joinedup.study.texts import Code, Coding
from joinedup.texts.corpus import TEXTS_FILE, rows_of, speaker_rows
from joinedup.texts.model import Corpus, Voice
from joinedup.texts.quotes import choose_quotes
from joinedup.texts.themes import Themes, fit_themes
from joinedup.texts.words import words

FEWEST_WORDS = 10
"""A turn with fewer words is an answer, not an account."""
FEWEST_PEOPLE = 3
SEED, STARTS = 0, 3
SHOWN_WORDS, QUOTES = 10, 2


@dataclass(frozen=True)
class Turns:
    """The turns that are read: each a text of the model, with the voice that speaks it."""

    ids: tuple[str, ...]
    voices: tuple[Voice, ...]
    texts: tuple[str, ...]

    @property
    def professions(self) -> tuple[str, ...]:
        """Professions with enough people."""
        people: dict[str, set[str]] = {}
        for voice in self.voices:
            people.setdefault(voice.profession, set()).add(voice.person)
        return tuple(name for name in sorted(people) if len(people[name]) >= FEWEST_PEOPLE)


def topics_result(study: Study) -> Result | None:
    """`texts.topics`; None unless the plan asks for it: [plan.texts] topics = {k = 8, starts = 3, seeded = false}."""
    asked = study.plan("texts").get("topics")
    if not isinstance(asked, Mapping):
        return None
    corpus = Corpus(study)
    turns = _turns(corpus)
    if not turns.ids:
        raise NotComputable("No person with a profession on record says a turn of ten words or more.")
    k, starts = _whole(asked, "k", 0), _whole(asked, "starts", STARTS)
    if k < 2 or starts < 1:
        raise NotComputable("The plan of the topic model must name k, two topics or more, and at least one start.")
    seeds = _seeds(study.texts.codes, turns) if asked.get("seeded") else {}
    profession = {"profession": [voice.profession for voice in turns.voices]}
    people = [voice.person for voice in turns.voices]
    covariates = profession if len(set(profession["profession"])) > 1 else None
    if len(seeds) > k:
        raise NotComputable(f"{len(seeds)} codes of the codebook have keywords: they can't seed {k} topics.")
    found = fit_themes(turns.texts, k, covariates, starts, SEED, seeds=seeds, clusters=people)
    accepted = _accepted(study.texts.codes, found)
    said = _said_by_several(found, people)
    values = {**_overall(found, turns, accepted), **_by_topic(found, accepted, said), **_by_profession(found, turns)}
    texts = study.texts
    return make_result(
        "texts.topics",
        values,
        _methods(values, starts, bool(seeds)),
        (texts.texts, texts.speakers, texts.codes, texts.codings, study.people, study.kinds, study.waves, study.sites),
        tables=tuple(_tables(found, turns, values)),
        parameters={"k": k, "starts": starts, "seed": SEED, "seeded": int(bool(seeds))},
        quotes=_quotes(corpus, found, turns),
        sources={
            "": (
                *speaker_rows(corpus, frozenset(people)),
                *rows_of(TEXTS_FILE, [study.text_by_id[id] for id in dict.fromkeys(turns.ids)], ("text", "sha256")),
            )
        },
        caveats=_caveats(found, accepted),
    )


def _whole(asked: Mapping[str, Any], key: str, default: int) -> int:
    value = asked.get(key, default)
    return value if isinstance(value, int) else 0


def _seeds(codes: Sequence[Code], turns: Turns) -> dict[str, tuple[str, ...]]:
    """Code -> its keywords, for those codes of which a keyword is said at all."""
    said = {word for text in turns.texts for word in words(text)}
    given = {code.id: code.keywords for code in codes if code.keywords}
    return {id: found for id, found in given.items() if any(word in said for key in found for word in words(key))}


def _turns(corpus: Corpus) -> Turns:
    found = []
    for text, voices in corpus.voices.items():
        content = corpus.study.text_by_id[text].content
        for voice in voices:
            said = content[voice.turn.words : voice.turn.end]
            if voice.profession and len(words(said)) >= FEWEST_WORDS:
                found.append((text, voice, said))
    return Turns(tuple(f[0] for f in found), tuple(f[1] for f in found), tuple(f[2] for f in found))


def _accepted(codes: Sequence[Code], found: Themes) -> dict[int, Code]:
    """Topic -> the code as which a person accepted it: half of the code's keywords or more are among its top words."""
    accepted: dict[int, Code] = {}
    tops = [set(top) for top in found.top_words(SHOWN_WORDS)]
    for code in codes:
        wanted = {word for keyword in code.keywords for word in words(keyword)}
        if code.accepted_by and wanted:
            held = [len(wanted & top) / len(wanted) for top in tops]
            best = int(np.argmax(held))
            if held[best] >= 0.5:
                accepted.setdefault(best, code)
    return accepted


def _overall(found: Themes, turns: Turns, accepted: Mapping[int, Code]) -> dict[str, Value]:
    stable = [value for value in found.stability if value is not None]
    return {
        "k": found.k,
        "turns": found.counted.texts,
        "people": len({voice.person for voice in turns.voices}),
        "vocabulary": len(found.vocabulary),
        "starts": len(found.bounds),
        "bound": found.bound,
        "bound_spread": found.bounds[0] - found.bounds[-1],
        "min_stability": min(stable) if stable else None,
        "accepted": len(accepted),
    }


def _said_by_several(found: Themes, people: Sequence[str]) -> frozenset[str]:
    """The words that at least three people say: what fewer say may be a name, and is not shown."""
    speakers: dict[int, set[str]] = {}
    for document, word in zip(found.counted.document.tolist(), found.counted.word.tolist(), strict=True):
        speakers.setdefault(word, set()).add(people[int(found.counted.used[document])])
    return frozenset(found.vocabulary[word] for word, names in speakers.items() if len(names) >= FEWEST_PEOPLE)


def _by_topic(found: Themes, accepted: Mapping[int, Code], said: frozenset[str]) -> dict[str, Value]:
    def shown(ranked: Sequence[str]) -> str:
        return ", ".join([word for word in ranked if word in said][:SHOWN_WORDS])

    every = len(found.vocabulary)
    values: dict[str, Value] = {}
    measures = {
        "share": found.shares,
        "stability": found.stability,
        "coherence": found.coherence,
        "coherence_stm": found.coherence_stm,
        "exclusivity": found.exclusivity,
    }
    distinctive = found.distinctive_words(every)
    for at, ranked in enumerate(found.top_words(every)):
        values[f"topic.{at + 1}.words"] = shown(ranked)
        values[f"topic.{at + 1}.distinctive"] = shown(distinctive[at])
        code = accepted.get(at)
        values[f"topic.{at + 1}.accepted"] = f"{code.label or code.id}, by {code.accepted_by}" if code else None
        values |= {f"topic.{at + 1}.{name}": of[at] for name, of in measures.items()}
    return values


def _by_profession(found: Themes, turns: Turns) -> dict[str, Value]:
    """Shares of each profession's turns, and their difference from all others', with intervals."""
    values: dict[str, Value] = {}
    if len(turns.professions) < 2:
        return values
    for name in turns.professions:
        own = np.array([voice.profession == name for voice in turns.voices], dtype=float)
        share = found.regress(np.column_stack([own, 1 - own]))
        apart = found.regress(np.column_stack([own, np.ones(len(own))]))
        for topic in range(found.k):
            key = f"topic.{topic + 1}.{key_part(name)}"
            for prefix, fitted in ((f"{key}.share", share), (f"{key}.difference", apart)):
                one = fitted.term(0, topic)
                values |= {prefix: one.estimate, f"{prefix}.se": one.se, f"{prefix}.low": one.low}
                values[f"{prefix}.high"] = one.high
            values[f"{key}.difference.p"] = apart.term(0, topic).p
    return values


def _methods(values: Mapping[str, Value], starts: int, seeded: bool) -> str:
    kept = (
        f"the best of {starts} starts by its evidence bound (each the best of five short runs from latent Dirichlet "
        f"allocation; the worst lies {values['bound_spread']:.1f} lower)"
    )
    names = " Keywords of the codebook were given to topics of their own as pseudo-counts." if seeded else ""
    return (
        f"A structural topic model (Roberts, Stewart and Tingley 2014; variational EM with Laplace's approximation) of "
        f"{values['turns']} turns of {FEWEST_WORDS} words or more by {values['people']} people, with {values['k']} "
        f"topics, {values['vocabulary']} words (Snowball's stop words and words of one turn left out, inflected forms "
        f"counted as the base form where it occurs) and the speaker's profession as covariate of prevalence: "
        f"{kept}.{names} Stability is the mean cosine of a topic with its partner in the other starts. Shares and "
        f"differences by profession are regressions of topics' shares by the method of composition, their errors "
        f"clustered by person. Words that fewer than {FEWEST_PEOPLE} people say are not shown. A topic is a set of "
        f"words that occur together, suggested by a model; a theme is what "
        f"a person makes of it."
    )


def _tables(found: Themes, turns: Turns, values: Mapping[str, Value]) -> Iterator[Table]:
    columns = (("topic", "Topic"), ("words", "Most probable words"),
               ("distinctive", "Words that set it apart"), ("share", "Share"), ("stability", "Stability"),
               ("coherence", "Coherence"), ("exclusivity", "Exclusivity"), ("status", "Status"))  # fmt: skip
    names = ("words", "distinctive", "share", "stability", "coherence", "exclusivity")
    rows: list[Row] = []
    keys = []
    for at in range(1, found.k + 1):
        own = tuple(f"topic.{at}.{name}" for name in names)
        rows.append((str(at), *(values[key] for key in own), status(values, at)))
        keys.append(("", *own, ""))
    yield Table("topics", "Candidate themes", columns, tuple(rows), "", tuple(keys))
    if len(turns.professions) >= 2:
        yield _profession_table(found, turns, values)


def status(values: Mapping[str, Value], topic: int) -> str:
    """Whether a person stands behind the topic."""
    accepted = values[f"topic.{topic}.accepted"]
    return f"accepted as {accepted}" if accepted else "suggested by a model, accepted by nobody"


def _profession_table(found: Themes, turns: Turns, values: Mapping[str, Value]) -> Table:
    parts = ("share", "difference", "difference.low", "difference.high", "difference.p")
    heads = ("Share of its turns", "Less the others'", "95% from", "to", "p")
    columns = (("topic", "Topic"), ("profession", "Profession"), *zip(parts, heads, strict=True))
    rows: list[Row] = []
    keys = []
    for at in range(1, found.k + 1):
        for name in turns.professions:
            own = tuple(f"topic.{at}.{key_part(name)}.{part}" for part in parts)
            rows.append((str(at), name, *(values[key] for key in own)))
            keys.append(("", "", *own))
    return Table("by_profession", "Candidate themes by profession", columns, tuple(rows), "", tuple(keys))


def topic_code(topic: int) -> str:
    """The name under which the quotes for a topic stand in the result (no code can be called so)."""
    return f"topic: {topic}"


def _quotes(corpus: Corpus, found: Themes, turns: Turns) -> tuple[Quote, ...]:
    """For each topic, cleared quotes out of the turns that hold most of it."""
    cleared: dict[tuple[str, int], list[Coding]] = {}
    for coding in corpus.study.texts.codings:
        if coding.cleared:
            for voice in corpus.voices_in(coding.passage.text, coding.passage.start, coding.passage.end):
                cleared.setdefault((coding.passage.text, voice.turn.start), []).append(coding)
    quotes: list[Quote] = []
    for topic, ranked in enumerate(found.representative(len(turns.ids))):
        chosen: list[Quote] = []
        for at in ranked:
            codings = cleared.get((turns.ids[at], turns.voices[at].turn.start), ())
            chosen += choose_quotes(corpus, topic_code(topic + 1), codings, [*quotes, *chosen])[:1]
            if len(chosen) == QUOTES:
                break
        quotes += chosen
    return tuple(quotes)


def _caveats(found: Themes, accepted: Mapping[int, Code]) -> tuple[str, ...]:
    told = []
    if len(accepted) < found.k:
        told.append(
            f"{found.k - len(accepted)} of {found.k} topics are suggestions of a model that nobody has accepted: name "
            f"one "
            f"in texts/codebook.toml by a code with its keywords and `accepted_by` once its passages have been read."
        )
    shaky = [str(at + 1) for at, value in enumerate(found.stability) if value is not None and value < 0.7]
    if shaky:
        told.append(f"Other starts do not find these topics again (mean cosine below 0.7): {', '.join(shaky)}.")
    if len(found.bounds) == 1:
        told.append("One start alone was tried: nothing shows whether others would find these topics.")
    return tuple(told)
