"""Text search with a time limit: a regular expression may run for ever, so it runs in a process that can be ended."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from joinedup.study.problems import UsageError
from joinedup.texts.search import Hit, search

SECONDS = 10.0


def timed_search(
    contents: Sequence[tuple[str, str]],
    words: str,
    *,
    regex: bool = False,
    exact: bool = False,
    seconds: float = SECONDS,
) -> list[Hit]:
    """`texts.search.search` for at most `seconds`; UsageError where a regular expression takes longer.

    Plain words take time in proportion to the texts and are looked for here.
    """
    if not regex:
        return search(contents, words, exact=exact)
    search([], words, regex=True, exact=exact)  # an expression that can't be read is refused before a process starts
    asked = json.dumps({"contents": list(contents), "words": words, "exact": exact}).encode()
    command = [sys.executable, "-I", "-B", "-m", "joinedup.adapters.timed_search"]
    try:
        done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"The regular expression {words!r} was ended after {seconds:g} seconds. Repetitions inside repetitions, such "
            f"as (a+)+, can take for ever: write it more simply."
        ) from None
    if done.returncode:
        raise RuntimeError(f"the search process ended with {done.returncode}")
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        raise UsageError(answer)
    return [Hit(*hit) for hit in answer]


def serve() -> None:
    """Answer the search on standard input with its hits, or with the sentence of a refusal."""
    asked = json.loads(sys.stdin.buffer.read())
    answer: object
    try:
        hits = search(asked["contents"], asked["words"], regex=True, exact=asked["exact"])
        answer = [[hit.text, hit.start, hit.end] for hit in hits]
    except UsageError as refused:
        answer = str(refused)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    serve()
