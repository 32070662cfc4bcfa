"""Published documents of sites: extracted once, frozen as texts, coded by keywords."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from joinedup.adapters.official.declaration import BAD_DECLARATION, BAD_NAME, FILE, NO_FILE, DocumentsSpec
from joinedup.adapters.official.grid import PREFIX, Files
from joinedup.study.hints import did_you_mean
from joinedup.study.model import Study, Texts
from joinedup.study.problems import Place, Problem
from joinedup.study.registry import key_part
from joinedup.study.site import Site
from joinedup.study.texts import Text

Progress = Callable[[str, int, int], None]

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


@dataclass(frozen=True, slots=True)
class _Named:
    """A document whose name was understood."""

    file: str
    path: Path
    site: Site
    day: str
    spec: DocumentsSpec


def add_documents(study: Study, specs: Sequence[DocumentsSpec], files: Files, progress: Progress) -> Texts:
    """The study's texts, then the documents in order of site and date, with codings by the codebook's keywords.

    A document's name gives its site and day; a name that does not, an unknown site and a file that can't be read are
    problems. Keywords seed codings that are marked automatic.
    """
    from joinedup.texts.autocode import code_by_keywords

    named = [found for spec in specs for found in _named(spec, study, files)]
    named.sort(key=lambda found: (found.site.name, found.day, found.file))
    contents = _extracted(named, files, progress)
    taken = [text.id for text in study.texts.texts]
    texts = []
    for found in named:
        if found.file in contents:
            texts.append(_text(found, contents[found.file], taken))
            taken.append(texts[-1].id)
    codings = code_by_keywords(texts, study.texts.codes)
    return replace(study.texts, texts=(*study.texts.texts, *texts), codings=(*study.texts.codings, *codings))


def _extracted(named: Sequence[_Named], files: Files, progress: Progress) -> dict[str, str]:
    """The text of each document that can be read, by its file."""
    from joinedup.adapters.extract import extract_many

    there = [found for found in named if files.data(found.file) is not None]
    extracted = extract_many(
        [found.path for found in there], progress=lambda done, of: progress("official documents", done, of)
    )
    for found in there:
        for problem in extracted[found.path].problems:
            files.problem(problem.number, found.file, problem.what, problem.remedy)
    return {found.file: one.text for found in there if not (one := extracted[found.path]).problems}


def _named(spec: DocumentsSpec, study: Study, files: Files) -> list[_Named]:
    try:
        pattern = re.compile(spec.name)
    except re.error as error:
        what = f"`name` of {spec.files} is no regular expression: {error}."
        files.problems.append(Problem(BAD_DECLARATION, Place(FILE), what, "Mend it."))
        return []
    paths = sorted(files.folder.glob(spec.files))
    if not paths:
        what = f"No file in the data folder matches `{spec.files}`."
        files.problems.append(Problem(NO_FILE, Place(FILE), what, "Put the documents there, or mend `files`."))
    by_name = {_key(site.name): site for site in study.sites} | {site.id: site for site in study.sites}
    found = (_name(spec, path, path.relative_to(files.folder).as_posix(), pattern, by_name, files) for path in paths)
    return [one for one in found if one is not None]


def _name(
    spec: DocumentsSpec, path: Path, file: str, pattern: re.Pattern[str], sites: Mapping[str, Site], files: Files
) -> _Named | None:
    match = pattern.fullmatch(path.stem)
    if match is None:
        files.problem(BAD_NAME, file, "The file's name does not follow `name` of data.toml.", "Mend one of them.")
        return None
    parts = {group: text or "" for group, text in match.groupdict().items()}
    written = parts.get("site", "")
    site = sites.get(spec.sites.get(written, "")) or sites.get(_key(written))
    day = _day(parts)
    if site is None:
        what = f"The name's site `{written}` is none of the study's.{did_you_mean(_key(written), sites)}"
        files.problem(BAD_NAME, file, what, "Name it in `sites` of [[documents]] in data.toml.")
    if day is None:
        files.problem(BAD_NAME, file, "The file's name has no day, month and year that exist.", "Mend `name`.")
    return _Named(file, path, site, day, spec) if site and day else None


def _key(name: str) -> str:
    """A site's name as names of files write it."""
    return key_part(name.replace("&", " and "))


def _day(parts: Mapping[str, str]) -> str | None:
    """The day in a name as YYYY-MM-DD; the month may be a number or an English word."""
    month = parts.get("month", "").lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdigit() else 0
    try:
        return date(int(parts.get("year", "")), number, int(parts.get("day", ""))).isoformat()
    except ValueError:
        return None


def _text(found: _Named, content: str, taken: Sequence[str]) -> Text:
    stem = f"{_key(found.site.name).replace('_', '-')}-{found.day}"
    id = next(id for n in range(1, len(taken) + 2) if (id := stem if n == 1 else f"{stem}-{n}") not in taken)
    return Text(
        id=id,
        kind=found.spec.kind,
        interview="",
        site=found.site.id,
        wave="",
        date=found.day,
        source=PREFIX + found.file,
        sha256=hashlib.sha256(content.encode("utf-8")).hexdigest(),
        content=content,
        extra={"rights": found.spec.source} if found.spec.source else {},
    )
