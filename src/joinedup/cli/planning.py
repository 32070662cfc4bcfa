"""The command that locks the analysis plan."""

from __future__ import annotations

from pathlib import Path

import click

from joinedup.cli.terminal import folder


@click.group()
def plan() -> None:
    """The analysis plan of a study."""


@plan.command()
@folder
def lock(folder: Path) -> None:
    """Lock the analysis plan of the study in DIR: writes plan.lock with its hash and the day, once.

    From then on the report shows every departure from it, and what was not planned is marked exploratory.
    """
    from joinedup.workflow.planning import lock_plan

    study, found, is_new = lock_plan(folder)
    click.echo(f"The plan of {study.title} {'is' if is_new else 'was'} locked on {found.locked}.")
    click.echo(f"  {folder / 'plan.lock'}  sha256 {found.sha256}")


COMMANDS = (plan,)
