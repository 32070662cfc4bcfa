"""Speed of the exchange of codings: 20,000 codings over 1,000,000 words, in and out, in one process.

Nothing here passes or fails: the targets stand beside the figures, seconds by the clock and of the processor. What
Taguette 1.5.2 takes for as many highlights `bench/taguette_peer.py` measures in an environment of its own.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from joinedup.adapters.codings_out import (
    matrix_csv,
    quotations,
    quotations_csv,
    quotations_docx,
    quotations_html,
    quotations_xlsx,
)
from joinedup.adapters.exchange.studies import project_of
from joinedup.adapters.refi_qda import read_project, write_project
from joinedup.study.model import Programme, Study, Texts
from joinedup.study.site import Site, TextKind
from joinedup.study.texts import Code, Coding, Passage, Text
from joinedup.texts.carrying import carry_over

TEXTS, WORDS, CODINGS, CODES = 200, 5_000, 20_000, 50
LETTERS = [
    "trust",
    "board",
    "school",
    "child",
    "😀",
    "café",
    "money",
    "families",
    "plan",
    "joint",
    "health",
    "never",
    "always",
    "together",
]


def sample() -> Study:
    """SIMULATED texts with an emoji and accents, so that coordinates matter."""
    random.seed(1)
    texts, codings = [], []
    for number in range(TEXTS):
        content = " ".join(random.choices(LETTERS, k=WORDS)).replace(" trust board ", "\n")
        id = f"t{number:03}"
        texts.append(
            Text(id, "interview", id, f"s{number % 20}", "", "2004-03", "SIMULATED", f"{number:064x}", content)
        )
        for _ in range(CODINGS // TEXTS):
            start = random.randrange(len(content) - 400)
            end = start + random.randrange(5, 400)
            passage = Passage(id, start, end, content[start:end])
            codings.append(Coding(passage, f"c{random.randrange(CODES)}", random.choice(["ann", "ben"])))
    codes = tuple(Code(f"c{number}", f"Code {number}") for number in range(CODES))
    sites = tuple(Site(f"s{number}", f"Site {number}") for number in range(20))
    held = Texts(texts=tuple(texts), codes=codes, codings=tuple(codings))
    kinds = (TextKind("interview", "Interview"),)
    return Study("bench", "SIMULATED", Programme(simulated=True), kinds=kinds, sites=sites, texts=held)


def processor() -> float:
    """Seconds of the processor of this process and of its ended children."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def report(what: str, target: str, act: Callable[[], object]) -> None:
    """The best of three runs, children's processor time among it."""
    seconds, spent = [], []
    for _ in range(3):
        start, before = time.perf_counter(), processor()
        act()
        seconds.append(time.perf_counter() - start)
        spent.append(processor() - before)
    print(f"{what:<44}{min(seconds):8.2f} s{min(spent):8.2f} s cpu   {target}", flush=True)


def main() -> None:
    """Measure everything once."""
    study = sample()
    project = project_of(study)
    print(f"{TEXTS} texts, {TEXTS * WORDS:,} words, {len(study.texts.codings):,} codings")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.qdpx"
        report("REFI-QDA project out", "< 10 s", lambda: write_project(project, file))
        report("REFI-QDA project in", "< 10 s", lambda: read_project(file))
    report("quotations as CSV", "< 0.5 s (Taguette 5.6 s)", lambda: quotations_csv(quotations(study)))
    report("quotations as XLSX", "< 3 s (Taguette 3.3 to 7.5 s)", lambda: quotations_xlsx(quotations(study)))
    report("quotations as DOCX", "", lambda: quotations_docx(study, quotations(study)))
    report("quotations as HTML", "< 1 s for 5,000 (Taguette 5.0 s)", lambda: quotations_html(study, quotations(study)))
    report("texts by codes as CSV", "", lambda: matrix_csv(study, study.texts.texts, study.texts.codes))
    text = study.texts.texts[0]
    spans = [coding.passage for coding in study.texts.codings if coding.passage.text == text.id]
    new = text.content.replace("money", "much money").replace("\n", " ")
    report(f"{len(spans)} codings carried to a corrected text", "", lambda: carry_over(text.content, new, spans))


if __name__ == "__main__":
    main()
