"""What the deposit says of itself in words: its README, and the headers of its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joinedup.adapters.deposit.contents import ACCESS, MISSING_LABELS, PUBLIC, SIMULATED, Contents, printable
from joinedup.report.gate.deposited_texts import DepositedText


def text_file(text: DepositedText, simulated: bool) -> str:
    """A text with its header; a blank line parts the two."""
    head = [f"{name}: {value}" for name, value in {"File": text.file, **text.about}.items() if value]
    if simulated:
        head.insert(0, "SIMULATED DATA")
    return "\n".join([*head, "-" * 40, "", text.words.rstrip("\n"), ""])


def readme(contents: Contents, titles: Mapping[str, str]) -> str:
    """README.md: what it is, what was done to it, what each file is."""
    study, profile = contents.study, contents.values.profile
    lines = [
        f"# {' '.join(printable(study.title).split())}",
        "",
        *([f"**{SIMULATED}**", ""] if study.programme.simulated else []),
        contents.description.removeprefix(SIMULATED).lstrip(),
        "",
        f"Cite as: {_citation(contents)}",
        "",
        "## Access",
        "",
        f"{contents.access}: {ACCESS[contents.access]} {contents.licence}",
        *(["", PUBLIC] if _public(contents) else []),
        "",
        "## The survey",
        "",
        *_survey(contents),
        "",
        "## Anonymisation",
        "",
        f"Everything here has passed a disclosure gate under the profile {profile.id!r} ({profile.source}). {profile.legend}.",
        "What was done, how often and why stands in `anonymisation-log.csv`; it never says what stood there before. What the",
        "deposit rests on stands in `consent-record.csv`. No key is here: nothing leads from a row or a transcript to a name.",
        "",
        "## Files",
        "",
        "| file | what it is |",
        "|---|---|",
        *_files(titles),
        "",
        "Tables are CSV: UTF-8, comma, one header line. In tables of results the marks mean: c, *, low: suppressed; z: not",
        "applicable; x or a colon: not available. A cell that a spreadsheet might run as a formula begins with a quote mark.",
    ]
    return "\n".join(lines) + "\n"


def _citation(contents: Contents) -> str:
    """Authors (year). Title [data set]; without authors the title goes first."""
    title, year = f"{contents.study.title} [data set]", contents.date[:4]
    dated = f" ({year})." if year else "."
    told = f"{_and(contents.authors)}{dated} {title}." if contents.authors else f"{title}{dated}"
    return told if year else f"{told} No date is known: the depositor gives it as `[report] date`."


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _public(contents: Contents) -> bool:
    """Whether texts of public kinds are among the files."""
    labels = {kind.label for kind in contents.study.kinds if kind.public}
    return any(text.kind in labels for text in contents.texts.texts)


def _files(titles: Mapping[str, str]) -> list[str]:
    """A line a file; of texts and of tables of results one for all: datapackage.json and data-list.csv name each."""
    folders = {
        "tables/": "tables of results, each with its title in `datapackage.json`",
        "texts/": "see `data-list.csv`",
    }
    held = {folder: sum(path.startswith(folder) for path in titles) for folder in folders}
    lines = {path: title.replace("|", "/") for path, title in titles.items() if not path.startswith(tuple(folders))}
    lines |= {folder: f"{count} files: {folders[folder]}" for folder, count in held.items() if count}
    return [f"| `{path}` | {told} |" for path, told in sorted(lines.items())]


def _survey(contents: Contents) -> list[str]:
    rows = contents.rows
    if not rows.rows:
        asked = " The questionnaire is described in `ddi-codebook.xml`." if contents.study.survey.instrument else ""
        return [f"No rows are deposited. {rows.refused}{asked}"]
    codes = ", ".join(f"{code} {label}" for code, label in MISSING_LABELS.items())
    told = [variable.name for variable in rows.variables[2:] if not variable.question]
    who = f"the {' and the '.join(told)}" if told else "neither site nor agency nor role"
    dropped = [step for step in rows.log if step.what in ("role", "agency", "site", "person")]
    counted = contents.frequencies["wave"]
    waves = [f"{code} {label} ({counted[code]} rows)" for code, label in rows.variables[1].categories.items()]
    return [
        f"{len(rows.rows)} rows, one for each person and wave; {len(rows.variables)} columns. Of the person a row tells {who}.",
        *(f"* {step.what}: {step.how}. {step.why}" for step in dropped),
        "",
        f"Waves: {'; '.join(waves)}.",
        "",
        f"Missing codes: {codes}; an empty cell was not answered. `data/survey.sav` holds the same rows for SPSS; "
        "`data/codebook.csv` maps its names and numbers to those of `data/survey.csv`. The rows carry no weights: each counts one.",
    ]
