"""What the commands share: their arguments, exit codes, and how they speak on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from joinedup.study.problems import Problem

if TYPE_CHECKING:
    from joinedup.study.model import Study
    from joinedup.workflow.opening import Progress
    from joinedup.workflow.release_set import Gated

OUR_FAULT, USAGE, UNSOUND, REFUSED_IMPORT, REFUSED_RELEASE, INTERRUPTED = 1, 2, 3, 4, 5, 130
WORKING_FILE = "  A working file of the study's team: it has not passed the disclosure gate."
"""What a command says that writes words or numbers of persons for the team's own work (decision 9)."""

T = TypeVar("T")
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


def say_what_is_unread(study: Study) -> None:
    """Tell that the study's official files were not read, where it has some: what they fill has no values then."""
    if "data.toml" in study.files and "data" not in study.settings:
        say("data.toml names official files, and none of them was read: say where they are with --data FOLDER.")


def say(message: str) -> None:
    click.echo(message, err=True)


def release_or_stops(write: Callable[[], T]) -> T:
    """What `write` gives; where the disclosure gate refuses, every stop with its id, and the exit code for that."""
    from joinedup.workflow.releasing import ReleaseRefused, stop_id

    try:
        return write()
    except ReleaseRefused as refused:
        for stop in refused.stops:
            click.echo(f"[{stop_id(stop)}] {stop}", err=True)
        count = len(refused.stops)
        click.echo(f"\nNothing was released: {count} {'stop' if count == 1 else 'stops'}.", err=True)
        sys.exit(REFUSED_RELEASE)


def scores_suppressed(gated: Gated) -> Iterator[str]:
    """What to do where a release suppresses scores of sites, because the study doesn't say that they give nobody away."""
    from joinedup.workflow.releasing import sites_without_scores

    count = sites_without_scores(gated)
    if count:
        sites = "1 site" if count == 1 else f"{count} sites"
        yield f"  Scores of {sites} are suppressed: few people rated them, or the others' would give one of them away."
        yield "  If a score tells of the site and not of those who gave it, say so in study.toml, with your reason:"
        yield '    [[disclosure.open]] with people = "people with a score" (see the manual: release a study)'


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
