"""The texts strand as files: frozen texts, speakers, assignments, codings."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from coders import CODER1, CODER2, PHASE, Mark, cleared, coding_rows, first_coder, second_coder, second_reading
from consensus import completed, write_consensus
from files import write_csv, write_json_lines, write_text
from interviews import INTERVIEWER, RESPONDENT, Transcript
from papers import Paper
from people import INTERVIEWS


@dataclass(frozen=True)
class Corpus:
    """All texts with their codings, before any quote is cleared."""

    interviews: list[Transcript]
    papers: list[Paper]
    second_read: list[Transcript]
    marks: list[Mark]

    @property
    def content(self) -> dict[str, str]:
        return {t.id: t.content for t in self.interviews} | {p.id: p.content for p in self.papers}


def corpus(interviews: list[Transcript], papers: list[Paper]) -> Corpus:
    """The texts as both coders left them."""
    first, again = first_coder(interviews), second_reading(interviews)
    of_papers = [Mark(p.id, start, end, code, CODER1) for p in papers for start, end, code in p.spans]
    return Corpus(interviews, papers, again, first + of_papers + second_coder(again, first))


def write_texts(folder: Path, found: Corpus, cited: Container[tuple[str, int]]) -> None:
    """texts/, with the quotes cleared that findings cite."""
    rows = [_frozen(folder, t.id, "interview", t.id, t.person.site, t.date, "", t.content) for t in found.interviews]
    rows += [_frozen(folder, p.id, "document", "", p.site, p.date, p.title, p.content) for p in found.papers]
    target = folder / "texts"
    kept = {row[-1] for row in rows}
    for stale in (path for path in (target / "frozen").iterdir() if path.stem not in kept):
        stale.unlink()
    columns = ("text", "kind", "interview", "site", "wave", "date", "source", "sha256")
    write_csv(target / "texts.csv", columns, rows)
    places = [(_digest(p.content), at, page, p.id) for p in found.papers for at, page in p.pages]
    write_csv(target / "anchors.csv", ("sha256", "at", "place", "text"), places)
    speakers = [row for t in found.interviews for row in ((t.id, INTERVIEWER, ""), (t.id, RESPONDENT, t.person.id))]
    write_csv(target / "speakers.csv", ("text", "speaker", "person"), speakers)
    assigned = [(text, CODER1, PHASE) for text in found.content] + [(t.id, CODER2, PHASE) for t in found.second_read]
    write_csv(target / "assignments.csv", ("text", "coder", "phase"), sorted(assigned + completed()))
    sites = {row[0]: row[3] for row in rows}
    write_consensus(folder, found.marks, sites, found.content, cited)
    marks = cleared(found.marks, {t.id: t.person.profession for t in found.interviews}, cited)
    write_json_lines(target / "codings.jsonl", coding_rows(marks, found.content))


def _frozen(
    folder: Path, text: str, kind: str, interview: str, site: str, date: str, title: str, content: str
) -> tuple[str, ...]:
    sha256 = _digest(content)
    write_text(folder / "texts" / "frozen" / f"{sha256}.txt", content)
    wave = INTERVIEWS if kind == "interview" else ""
    source = f"{title} (SIMULATED)" if title else "SIMULATED"
    return text, kind, interview, site, wave, date, source, sha256


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
