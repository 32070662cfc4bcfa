"""Speed of queries over 20,000 SIMULATED codings of 200 texts with 1,000,000 words. Nothing here passes or fails.

The first question also resolves codings, turns and speakers, what later ones find worked out; both are timed.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from joinedup.study.model import Study
from joinedup.study.texts import Code, Coding, Passage, Text
from joinedup.texts.cooccurrence import co_occurrence_result
from joinedup.texts.queries import Queries
from joinedup.texts.quotations import quotation_table, texts_by_codes
from joinedup.texts.search import keyword_in_context, search
from tests.unit.texts.small import make_people, make_text, make_texts_study

TEXTS, WORDS, CODINGS, CODES = 200, 5_000, 20_000, 50
QUERIES = (
    "code:c0",
    "code:c0 AND NOT code:c7 AND profession:nurse",
    "code:c0 OVERLAPS code:c1",
    "code:c0 NEAR/500 (code:c1 OR code:c2)",
    "code:c0 SAME_TURN code:c1",
    "code:c0 NEXT_TURN code:c1",
    "(code:c0 AND coder:ann) SAME_TEXT (code:c1 AND coder:ben)",
    "NOT site:s1 AND NOT kind:plan",
)


def simulated() -> Study:
    """Interviews of two voices with turns of 40 words, passages of up to 400 characters, from a fixed seed."""
    draw = random.Random(20)
    words = ["trust", "board", "money", "school", "nurse", "family", "plan", "joint", "na\u00efve", "the", "of", "and"]
    texts: list[Text] = []
    for number in range(TEXTS):
        turns = [" ".join(draw.choices(words, k=40)) for _ in range(WORDS // 40)]
        lines = (f"{'A' if at % 2 else 'B'}: {turn}.\n" for at, turn in enumerate(turns))
        texts.append(make_text(f"i{number}", "".join(lines), site=f"s{number % 3 + 1}"))
    codings = []
    for number in range(CODINGS):
        text = draw.choice(texts)
        start = draw.randrange(len(text.content) - 400)
        end = start + draw.randrange(20, 400)
        passage = Passage(text.id, start, end, text.content[start:end])
        codings.append(Coding(passage, f"c{draw.randrange(CODES)}", draw.choice(["ann", "ben"]), row=number + 1))
    people = [(f"p{n}", "w1", f"s{n % 3 + 1}", draw.choice(["nurse", "teacher", "manager"])) for n in range(TEXTS)]
    return make_texts_study(
        texts,
        codings,
        codes=[Code(f"c{n}", f"Code {n}", parent="c0" if n > CODES - 5 else "") for n in range(CODES)],
        speakers={f"i{n}": {"A": "", "B": f"p{n}"} for n in range(TEXTS)},
        people=make_people(people),
    )


def timed(what: str, call: Callable[[], object], runs: int = 3, target: str = "-") -> None:
    """Print the median of some runs, by the clock and of the processor."""
    seconds, spent = [], []
    for _ in range(runs):
        start, before = time.perf_counter(), time.process_time()
        call()
        seconds.append(time.perf_counter() - start)
        spent.append(time.process_time() - before)
    clock, cpu = (statistics.median(each) * 1000 for each in (seconds, spent))
    print(f"{what:<66} {clock:9.1f} ms {cpu:9.1f} ms cpu   target {target}", flush=True)


def main() -> None:
    study = simulated()
    for query in QUERIES:
        timed(f"cold: {query}", lambda query=query: Queries(study).find(query))  # type: ignore[misc]
    warm = Queries(study)

    def every() -> None:
        for query in QUERIES:
            warm.find(query)

    timed(f"warm: {len(QUERIES)} queries together", every, target="300 ms")
    timed("warm: the same for whole texts", lambda: [warm.find_texts(query) for query in QUERIES])
    timed("quotation table, all", lambda: quotation_table(warm, warm.marked))
    timed("texts x codes", lambda: texts_by_codes(study, warm.marked))
    timed("co-occurrence of all codes", lambda: co_occurrence_result(study))
    contents = [(text.id, text.content) for text in study.texts.texts]
    timed("search of 1,000,000 words, folded", lambda: search(contents, "family plan"))
    timed("keyword in context of it", lambda: keyword_in_context(study, search(contents, "family plan")))


if __name__ == "__main__":
    main()
