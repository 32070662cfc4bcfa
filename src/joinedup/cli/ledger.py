"""The commands that write the ledger: who stands by a finding, and whose words were withdrawn."""

from __future__ import annotations

from pathlib import Path

import click

from joinedup.cli.terminal import data_option, folder, progress_line
from joinedup.study.problems import UsageError


@click.command()
@folder
@click.argument("finding")
@data_option
@click.option("--by", required=True, metavar="NAME", help="Who has read the evidence and stands by the finding.")
@click.option("--note", default="", help="Why, in a few words.")
def affirm(folder: Path, finding: str, data: Path | None, by: str, note: str) -> None:
    """Affirm a FINDING: you have read its evidence and stand by it. Appends to ledger/affirmations.jsonl."""
    from joinedup.workflow.affirming import affirm as write
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.running import compute

    with progress_line() as progress:
        _, findings = compute(open_study(folder, data, progress), progress)
    if finding not in findings:
        raise UsageError(f"There is no finding {finding!r}. The study's findings: {', '.join(findings) or 'none'}.")
    written = write(folder, findings[finding], by, note)
    click.echo(f"{written.by} stands by {finding} as of {written.at} ({findings[finding].verdict}).")


@click.command()
@folder
@click.option("--person", default="", help="The person of people.csv who takes back what they said.")
@click.option("--text", default="", help="The text of texts/texts.csv that is taken back as a whole.")
@click.option("--responses", is_flag=True, help="The person's answers to the survey go, too.")
@click.option("--by", required=True, metavar="NAME", help="Who records the withdrawal.")
@click.option("--reason", required=True, help="Why, in a few words that name nobody.")
def withdraw(folder: Path, person: str, text: str, responses: bool, by: str, reason: str) -> None:
    """Record that consent was withdrawn. Appends to ledger/withdrawals.jsonl; the words are gone from all that follows.

    The files of DIR keep them: erase those as the consent form promises.
    """
    from joinedup.workflow.opening import read_study
    from joinedup.workflow.withdrawing import withdraw as write

    study, _ = read_study(folder)  # a withdrawal is recorded whatever else the study's problems are
    done = write(folder, study, person=person, text=text, responses=responses, by=by, reason=reason)
    click.echo(
        f"{done.person or done.text} is withdrawn as of {done.at}. Run the study again: its quotes are gone, and"
    )
    click.echo("every finding that stood on them is marked.")


COMMANDS = (affirm, withdraw)
