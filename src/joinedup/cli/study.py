"""The commands that start, check, run and explain a study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.terminal import UNSOUND, data_option, folder, progress_line, say_what_is_unread, show_problems
from joinedup.study.wording import one_of_a_kind

if TYPE_CHECKING:
    from joinedup.workflow.running import Run


@click.command()
@folder
def new(folder: Path) -> None:
    """Start a study: a folder DIR with every file explained, sound from the first minute."""
    from joinedup.workflow.starting import start

    for name in start(folder):
        click.echo(f"  {folder / name}")
    click.echo(f"\nNext: joinedup check {folder}\n      joinedup run {folder}")


@click.command()
@folder
@data_option
def check(folder: Path, data: Path | None) -> None:
    """Check the study in DIR and list every problem at once, with file, row, column and what to do."""
    from joinedup.workflow.launching import launch_notes
    from joinedup.workflow.opening import read_study

    with progress_line() as progress:
        study, problems = read_study(folder, data, progress)
    if problems:
        show_problems(problems)
    else:
        held = one_of_a_kind(f"{len(study.sites)} sites, {len(study.claims)} findings")
        click.echo(f"{folder} is sound: {study.title}, {held}.")
    for note in launch_notes(study):
        click.echo(note)
    say_what_is_unread(study)
    if problems:
        sys.exit(UNSOUND)


@click.command()
@folder
@data_option
@click.option("--out", type=click.Path(path_type=Path), help="Where the report goes; default ./<DIR>-report.")
def run(folder: Path, data: Path | None, out: Path | None) -> None:
    """Run every analysis of the study in DIR and write the working report."""
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.running import run as run_study

    target = out or Path(f"{folder.resolve().name}-report")
    with progress_line() as progress:
        done = run_study(open_study(folder, data, progress), target, progress)
    _summary(done, folder)
    say_what_is_unread(done.study)


@click.command()
@folder
@click.argument("finding")
@data_option
@click.option("--every-row", is_flag=True, help="Print every row behind a value, not the first twelve.")
def explain(folder: Path, finding: str, data: Path | None, every_row: bool) -> None:
    """Print the chain behind a FINDING of the study in DIR, down to rows and quotes."""
    from joinedup.workflow.explaining import explain as lines
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.running import compute

    with progress_line() as progress:
        study = open_study(folder, data, progress)
        results, findings = compute(study, progress)
    for line in lines(study, results, findings, finding, every_row):
        click.echo(line)
    say_what_is_unread(study)


def _summary(done: Run, folder: Path) -> None:
    refused = [result for result in done.results.values() if result.refused]
    click.echo(f"{done.study.title}")
    if done.study.programme.simulated:
        click.echo("SIMULATED data")
    held = one_of_a_kind(f"{len(done.results) - len(refused)} results, {len(done.findings)} findings")
    click.echo(f"\n  {held}:")
    width = max((len(id) for id in done.findings), default=0)
    for finding in done.findings.values():
        click.echo(f"    {finding.id:<{width}}  {finding.verdict}, {finding.freshness}")
    for result in refused:
        click.echo(f"  not computed: {result.id}: {result.refused}")
    if done.report_path is None:
        click.echo(f"\n{done.note}\n\nResults, tables and findings: {done.out.resolve()}")
        return
    report = done.report_path.resolve()
    click.echo(f"\nThe working report: {report}\n  open it in a browser: {report.as_uri()}")
    click.echo(
        f"  beside it: results/ (every value as JSON), figures/ (SVG), tables/ (CSV), {done.out / 'findings.json'}"
    )
    first = next(iter(done.findings), None)
    if first:
        click.echo(f"  what stands behind a finding, down to the rows: joinedup explain {folder} {first}")


COMMANDS = (new, check, run, explain)
