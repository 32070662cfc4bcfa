"""What the commands share: their arguments, exit codes, and how they speak on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.study.problems import Problem

if TYPE_CHECKING:
    from joinedup.workflow.opening import Progress

OUR_FAULT, USAGE, UNSOUND, REFUSED_IMPORT, REFUSED_RELEASE, INTERRUPTED = 1, 2, 3, 4, 5, 130

folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder of the official files that the study's data.toml describes."
)


def show_problems(problems: Iterable[Problem]) -> None:
    listed = list(problems)
    for problem in listed:
        click.echo(str(problem), err=True)
    plural = "problem" if len(listed) == 1 else "problems"
    click.echo(f"\n{len(listed)} {plural}. The manual's page on problems explains each number.", err=True)


def say(message: str) -> None:
    click.echo(message, err=True)


@contextmanager
def progress_line() -> Iterator[Progress]:
    """A progress line on the terminal; on anything else, silence."""
    from joinedup.workflow.opening import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total or None)
