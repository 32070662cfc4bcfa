"""What the deposit says of itself in words: README, headers of texts, and a Quarto project for those who go on."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.adapters.deposit.contents import MISSING_LABELS, Contents
from joinedup.adapters.deposit.tables import SURVEY
from joinedup.report.gate.deposited_texts import DepositedText

_ACCESS = {
    "open": "Anybody may have it.",
    "safeguarded": "Registered users may have it who accept the terms of the archive.",
    "controlled": "Only users whom the depositor or the archive approved may have it, in a secure place.",
}


def text_file(text: DepositedText, simulated: bool) -> str:
    """A text with its header; a blank line parts the two."""
    head = [f"{name}: {value}" for name, value in {"File": text.file, **text.about}.items() if value]
    if simulated:
        head.insert(0, "SIMULATED DATA")
    return "\n".join([*head, "-" * 40, "", text.words.rstrip("\n"), ""])


def readme(contents: Contents, titles: Mapping[str, str]) -> str:
    """README.md: what it is, what was done to it, what each file is."""
    study, profile = contents.study, contents.values.profile
    by = f"{', '.join(contents.authors)} " if contents.authors else ""
    dated = f"({contents.date[:4]}) " if contents.date else ""
    lines = [
        f"# {study.title}",
        "",
        *(["**SIMULATED DATA.**", ""] if study.programme.simulated else []),
        contents.description,
        "",
        f"Cite as: {by}{dated}{study.title} [data set].",
        "",
        "## Access",
        "",
        f"{contents.access}: {_ACCESS[contents.access]} {contents.licence}",
        *(
            ["", "Public documents in `texts/` stay under the terms of whoever published them."]
            if _public(contents)
            else []
        ),
        "",
        "## The survey",
        "",
        *_survey(contents),
        "",
        "## Anonymisation",
        "",
        f"Everything here has passed a disclosure gate under the profile {profile.id!r} ({profile.source}). {profile.legend}.",
        "What was done, how often and why stands in `anonymisation-log.csv`; it never says what stood there before. What the",
        "deposit rests on stands in `consent-record.csv`. There is no key: nobody can go from this deposit to a name.",
        "",
        "## Files",
        "",
        "| file | what it is |",
        "|---|---|",
        *_files(titles),
        "",
        "Tables are CSV: UTF-8, comma, one header line. In tables of results the marks mean: c, *, low suppressed; z not",
        "applicable; x, : not available. A cell that a spreadsheet might run as a formula begins with a quote mark.",
    ]
    return "\n".join(lines) + "\n"


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
    return [
        f"{len(rows.rows)} rows, one for each person and wave; {len(rows.variables)} columns. Of the person a row tells {who}.",
        *(f"* {step.what}: {step.how}. {step.why}" for step in dropped),
        "",
        f"Missing codes: {codes}; an empty cell was not answered. `data/survey.sav` holds the same rows for SPSS; "
        "`data/codebook.csv` maps its numbers to the codes. The rows carry no weights: each counts one.",
    ]


def quarto_files(contents: Contents) -> dict[str, str]:
    """A Quarto project: its settings, and a page that reads the data in Python (standard library) and in base R."""
    title = contents.study.title.replace('"', "'")
    page = _PAGE if contents.rows.rows else _PAGE_OF_TABLES
    missing = [*MISSING_LABELS, ""]
    made = page.replace("@TITLE@", title).replace("@SURVEY@", SURVEY)
    made = made.replace("@PY@", repr(missing).replace("'", '"'))
    made = made.replace("@R@", ", ".join(f'"{code}"' for code in missing))
    return {
        "analysis/_quarto.yml": "project:\n  type: default\n\nformat:\n  html:\n    toc: true\n",
        "analysis/analysis.qmd": made,
    }


_TABLES = """## Tables of results

```{python}
import csv
from pathlib import Path

tables = {}
for path in sorted(Path("../tables").glob("*.csv")):
    with path.open(encoding="utf-8", newline="") as file:
        tables[path.stem] = list(csv.DictReader(file))
print(len(tables), "tables;", sum(len(rows) for rows in tables.values()), "rows")
```

```{r}
files <- sort(list.files("../tables", pattern = "[.]csv$", full.names = TRUE))
tables <- lapply(files, read.csv, check.names = FALSE, na.strings = "", encoding = "UTF-8")
names(tables) <- sub("[.]csv$", "", basename(files))
cat(length(tables), "tables;", sum(vapply(tables, nrow, 1L)), "rows\\n")
```
"""
_HEAD = """---
title: "@TITLE@"
---

This page reads the deposited data as they are. Marks in tables (c, *, low: suppressed; z, x, :) are no zeros.

"""
_SURVEY = """## Survey

```{python}
import csv
from collections import Counter

MISSING = set(@PY@)
with open("../@SURVEY@", encoding="utf-8", newline="") as file:
    survey = list(csv.DictReader(file))
answered = {
    name: sum(row[name] not in MISSING for row in survey) for name in survey[0]
}
print(len(survey), "rows;", dict(Counter(row["wave"] for row in survey)))
print(answered)
```

```{r}
survey <- read.csv("../@SURVEY@", colClasses = "character", na.strings = c(@R@), encoding = "UTF-8")
cat(nrow(survey), "rows\\n")
print(table(survey$wave))
print(colSums(!is.na(survey)))
```

"""
_PAGE = _HEAD + _SURVEY + _TABLES
_PAGE_OF_TABLES = _HEAD + _TABLES
