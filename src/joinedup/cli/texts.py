"""The commands that ask the texts and make pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.terminal import WORKING_FILE
from joinedup.study.problems import UsageError
from joinedup.study.wording import one_of_a_kind

if TYPE_CHECKING:
    from joinedup.study.result import Table

folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
out_option = click.option("--out", type=click.Path(path_type=Path), help="A file .csv or .xlsx; default: the terminal.")
key_option = click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="The key of names, sealed or CSV, outside the study."
)
passphrase_option = click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="File with the passphrase; default: you are asked."
)


@click.command()
@folder
@click.argument("query")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["passages", "texts", "matrix"]),
    default="passages",
    help="Passages; texts that the query holds for as wholes; texts x codes, counting the passages found.",
)
@out_option
def query(folder: Path, query: str, kind: str, out: Path | None) -> None:
    """Find passages of the study in DIR by their codes: 'code:trust AND NOT code:money AND profession:nurse'.

    Fields: code (with the codes below it), only (without), coder, phase, text, kind, site, wave, person, profession.
    Between passages: OVERLAPS, NEAR/n (characters), SAME_TURN, NEXT_TURN, SAME_TEXT. Then NOT, AND, OR, and brackets.
    """
    from joinedup.workflow.asking import ask
    from joinedup.workflow.opening import open_study

    _show(ask(open_study(folder), query, kind), out, folder)


@click.command()
@folder
@click.argument("words", nargs=-1, required=True)
@click.option("--regex", is_flag=True, help="WORDS are a regular expression.")
@click.option("--exact", is_flag=True, help="Tell capitals and accents apart.")
@out_option
def search(folder: Path, words: tuple[str, ...], regex: bool, exact: bool, out: Path | None) -> None:
    """Find WORDS in the texts of the study in DIR, with the words around them. A star stands for letters: integrat*."""
    from joinedup.workflow.asking import look_for
    from joinedup.workflow.opening import open_study

    _show(look_for(open_study(folder), " ".join(words), regex=regex, exact=exact), out, folder)


@click.command()
@folder
@click.option("--cells", is_flag=True, help="One row a cell with state and digest, instead of cases x themes.")
@out_option
def framework(folder: Path, cells: bool, out: Path | None) -> None:
    """Show the framework matrix of the study in DIR: which summaries are stale, and the digest of each cell."""
    from joinedup.workflow.asking import cell_lines, matrix, write_table
    from joinedup.workflow.opening import open_study

    study = open_study(folder)
    if out is None:
        for line in cell_lines(study):
            click.echo(line)
        return
    write_table(matrix(study, cells), out, folder)
    click.echo(f"{out}\n{WORKING_FILE}")


@click.group()
def pseudonyms() -> None:
    """Take names out of the texts: flag what gives people away, decide each flag, apply; codings go along."""


@pseudonyms.command()
@click.argument("key", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The sealed file.")
@passphrase_option
def seal(key: Path, out: Path, passphrase_file: Path | None) -> None:
    """Seal the KEY (CSV: kind, name, pseudonym, variants) under a passphrase; delete the plain file afterwards."""
    from joinedup.workflow.pseudonymising import seal_key

    entries = seal_key(key, out, lambda: _passphrase(passphrase_file, new=True))
    click.echo(f"{out}: {entries} entries, sealed. Without the passphrase nobody opens it; now delete {key}.")


@pseudonyms.command()
@folder
@key_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The table of flags (CSV), outside DIR.")
@passphrase_option
def flag(folder: Path, key: Path, out: Path, passphrase_file: Path | None) -> None:
    """Write every place in the texts of DIR that may give somebody away; a person fills in `decision`."""
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.pseudonymising import open_key, write_flags

    names = open_key(key, folder, lambda: _passphrase(passphrase_file))
    flags, undecided = write_flags(open_study(folder, whole=True), folder, names, out)
    click.echo(f"{out}: {flags} flags, {undecided} to be decided: write replace or keep in the column `decision`.")
    click.echo(WORKING_FILE)


@pseudonyms.command()
@folder
@key_option
@click.option("--flags", required=True, type=click.Path(path_type=Path), help="The table of flags, all decided.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The new folder; DIR stays as it is.")
@passphrase_option
def apply(folder: Path, key: Path, flags: Path, out: Path, passphrase_file: Path | None) -> None:
    """Write the study in DIR with the decided replacements as a new folder; every coding keeps to its words."""
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.pseudonymising import apply_flags, open_key

    names = open_key(key, folder, lambda: _passphrase(passphrase_file))
    done = apply_flags(open_study(folder, whole=True), folder, names, flags, out)
    click.echo(f"{out}: " + one_of_a_kind(f"{done.texts} texts pseudonymised, {len(done.changed)} files differ."))
    for file, row in done.left:
        click.echo(f"  a name of the key still stands in {file}:{row}", err=True)


@pseudonyms.command()
@folder
@out_option
def risks(folder: Path, out: Path | None) -> None:
    """List who would be known without a name: alone in a profession, agency or role at a site of the study in DIR."""
    from joinedup.texts.pseudonyms_risks import residual_risks, risk_table
    from joinedup.workflow.opening import open_study

    _show(risk_table(residual_risks(open_study(folder))), out, folder)


def _show(table: Table, out: Path | None, folder: Path) -> None:
    from joinedup.workflow.asking import lines, write_table

    count = len(table.rows)
    if out is not None:
        write_table(table, out, folder)
        click.echo(f"{out}: {count:,} rows\n{WORKING_FILE}")
        return
    for line in lines(table):
        click.echo(line)
    click.echo(f"{count:,} found", err=True)


def _passphrase(file: Path | None, new: bool = False) -> str:
    if file is None:
        return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"The passphrase can't be read from {file}.") from None


COMMANDS = (query, search, framework, pseudonyms)
