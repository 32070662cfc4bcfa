"""A Quarto project for those who go on: one page in Python (standard library) and one in base R, each for itself."""

from __future__ import annotations

import json

from joinedup.adapters.deposit.contents import MISSING_LABELS, Contents, printable
from joinedup.adapters.deposit.schemas import MARKS
from joinedup.adapters.deposit.tables import CODEBOOK, SURVEY

_PROJECT, _PYTHON, _R = "analysis/_quarto.yml", "analysis/python.qmd", "analysis/r.qmd"
QUARTO_TITLES = {
    _PROJECT: "Settings of a Quarto project that reads the data",
    _PYTHON: "Page of the Quarto project for Python",
    _R: "Page of the Quarto project for R",
}
"""What each file of the project is."""
SETTINGS = "project:\n  type: default\n\nformat:\n  html:\n    toc: true\n"


def quarto_files(contents: Contents) -> dict[str, str]:
    """The project's settings and its two pages; without rows of the survey they read the tables alone."""
    survey = contents.rows.rows
    return {
        _PROJECT: SETTINGS,
        _PYTHON: _page(contents, "jupyter: python3", [*([_PY_SURVEY] if survey else []), _PY_TABLES]),
        _R: _page(contents, "engine: knitr", [*([_R_SURVEY] if survey else []), _R_TABLES]),
    }


def _page(contents: Contents, engine: str, parts: list[str]) -> str:
    title = json.dumps(printable(contents.study.title), ensure_ascii=False)  # YAML reads what JSON writes
    head = f"---\ntitle: {title}\n{engine}\n---\n\n{_INTRODUCTION}"
    page = "\n".join([head, *parts])
    page = page.replace("@SURVEY@", f"../{SURVEY}").replace("@CODEBOOK@", f"../{CODEBOOK}")
    return page.replace("@MISSING@", _words(["", *MISSING_LABELS])).replace("@MARKS@", _words(MARKS))


def _words(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)


_INTRODUCTION = """This page reads the deposited data as they are. Codes such as -8 and empty cells are no answers. Marks in tables
of results (c, *, low: suppressed; z, x, :) are no zeros.
"""
_PY_SURVEY = """## The survey

```{python}
#| label: survey
import csv
from collections import Counter

MISSING = {@MISSING@}
with open("@SURVEY@", encoding="utf-8", newline="") as file:
    survey = list(csv.DictReader(file))
with open("@CODEBOOK@", encoding="utf-8", newline="") as file:
    codebook = list(csv.DictReader(file))
waves = Counter(row["wave"] for row in survey)
print(len(survey), "rows:", dict(waves))
```

How often each answer was given in each wave:

```{python}
#| label: answers
questions = {row["variable"]: row["label"] for row in codebook if row["question"]}
meaning = {(row["variable"], row["code"]): row["meaning"] for row in codebook}
answers = {
    name: Counter((row["wave"], row[name]) for row in survey if row[name] not in MISSING)
    for name in questions
}
for name, label in questions.items():
    print(f"{name}: {label}")
    for (wave, code), times in sorted(answers[name].items()):
        print(f"  {wave}  {code} {meaning.get((name, code)) or ''}: {times}")
```
"""
_PY_TABLES = """## Tables of results

```{python}
#| label: tables
import csv
from pathlib import Path

MARKS = {@MARKS@}


def number(cell):
    \"\"\"The number in a cell; None where it is empty, a mark or a word.\"\"\"
    try:
        return None if cell in MARKS else float(cell)
    except ValueError:
        return None


tables = {}
for path in sorted(Path("../tables").glob("*.csv")):
    with path.open(encoding="utf-8", newline="") as file:
        tables[path.stem] = list(csv.DictReader(file))
print(len(tables), "tables,", sum(len(rows) for rows in tables.values()), "rows")
```
"""
_R_SURVEY = """## The survey

```{r}
#| label: survey
read <- function(path, missing) {
  read.csv(path, colClasses = "character", check.names = FALSE, na.strings = missing, encoding = "UTF-8")
}
survey <- read("@SURVEY@", c(@MISSING@))
codebook <- read("@CODEBOOK@", "")
cat(nrow(survey), "rows:\\n")
print(table(survey$wave))
```

How often each answer was given in each wave:

```{r}
#| label: answers
questions <- unique(codebook$variable[!is.na(codebook$question)])
answers <- lapply(setNames(questions, questions), function(name) table(survey$wave, survey[[name]]))
print(answers)
```
"""
_R_TABLES = """## Tables of results

```{r}
#| label: tables
marks <- c(@MARKS@)
files <- sort(list.files("../tables", pattern = "[.]csv$", full.names = TRUE))
tables <- lapply(files, read.csv, check.names = FALSE, na.strings = marks, encoding = "UTF-8")
names(tables) <- sub("[.]csv$", "", basename(files))
cat(length(tables), "tables,", sum(vapply(tables, nrow, 1L)), "rows\\n")
```
"""
