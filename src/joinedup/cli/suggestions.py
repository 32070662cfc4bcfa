"""The commands by which a model on this machine suggests; a person accepts, or nothing enters the study."""

from __future__ import annotations

from pathlib import Path

import click

from joinedup.cli.terminal import WORKING_FILE, folder


@click.group()
def suggestions() -> None:
    """Suggestions of a model that you run on this machine: never by default, marked until a person accepts them."""


@suggestions.command()
@folder
@click.option("--text", required=True, help="The text to ask about.")
@click.option("--server", "url", required=True, metavar="URL", help="Its address here: http://127.0.0.1:8080/v1.")
@click.option("--model", required=True, help="The model's name at the server.")
@click.option("--send", is_flag=True, help="Send it. Without this the words that would be sent are printed.")
@click.option("--out", type=click.Path(path_type=Path), help="With --send: the table of suggestions (CSV).")
def codes(folder: Path, text: str, url: str, model: str, send: bool, out: Path | None) -> None:
    """Ask an OpenAI-compatible server on this machine which codes fit a text; first see what would be sent."""
    from joinedup.adapters.local_server import Server
    from joinedup.study.problems import UsageError
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.suggesting import suggest, what_is_sent

    server, study = Server.at(url, model), open_study(folder)
    if not send:
        click.echo("\n".join(what_is_sent(study, text, server)))
        click.echo("Nothing was sent. Add --send and --out FILE to ask.", err=True)
        return
    if out is None:
        raise UsageError("Say where the suggestions go: --out FILE.")
    found = suggest(study, text, server, out)
    click.echo(
        f"{out}: {len(found.found)} suggestions of {server}, asked {found.asked} times; {found.passed} were passed over "
        f"(no such code, or words that are not there). Write your name in `accepted_by` where you agree."
    )
    click.echo(WORKING_FILE)


@suggestions.command()
@folder
@click.argument("file", type=click.Path(path_type=Path))
def accept(folder: Path, file: Path) -> None:
    """Take the rows of FILE into the study in DIR whose column `accepted_by` names a person."""
    from joinedup.workflow.suggesting import accept as take

    added, left = take(folder, file)
    click.echo(f"{added} codings were added; {left} rows nobody accepted stay suggestions.")


@suggestions.command()
@folder
@click.option("--model", required=True, type=click.Path(path_type=Path), help="Folder of a sentence-embedding model.")
@click.option("--clusters", "k", default=8, show_default=True, help="How many clusters.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file .csv or .xlsx.")
def themes(folder: Path, model: Path, k: int, out: Path) -> None:
    """Group the turns and paragraphs of the study in DIR by meaning: candidate themes, to be judged by a person."""
    from joinedup.adapters.embeddings import candidate_themes, encoder
    from joinedup.study.problems import NotComputable, UsageError
    from joinedup.workflow.asking import write_table
    from joinedup.workflow.opening import open_study

    encode = encoder(model)
    try:
        table = candidate_themes(open_study(folder), encode, k)
    except NotComputable as reason:
        raise UsageError(str(reason)) from None
    write_table(table, out, folder)
    click.echo(f"{out}: {k} clusters, suggestions until a person accepts them.")
    click.echo(WORKING_FILE)


COMMANDS = (suggestions,)
