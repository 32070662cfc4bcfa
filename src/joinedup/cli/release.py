"""The commands by which a report leaves the team, through the disclosure gate."""

from __future__ import annotations

from pathlib import Path

import click

from joinedup.cli.terminal import (
    data_option,
    folder,
    progress_line,
    release_or_stops,
    say_what_is_unread,
    scores_suppressed,
)
from joinedup.study.problems import UsageError


@click.command()
@folder
@data_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder of the release.")
@click.option(
    "--let-pass", multiple=True, metavar="ID", help="A stop that a reviewer lets pass; needs --by and --reason."
)
@click.option("--by", default="", metavar="NAME", help="Who reviewed the stops that pass.")
@click.option("--reason", default="", help="Why they may pass.")
@click.option("--template", type=click.Path(path_type=Path, exists=True), help="Your Word template (.docx).")
@click.option("--slides", type=click.Path(path_type=Path, exists=True), help="Your template for slides (.pptx).")
@click.option("--csl", type=click.Path(path_type=Path, exists=True), help="Your citation style (.csl).")
def release(
    folder: Path,
    data: Path | None,
    out: Path,
    let_pass: tuple[str, ...],
    by: str,
    reason: str,
    template: Path | None,
    slides: Path | None,
    csl: Path | None,
) -> None:
    """Write what may leave of the study in DIR: report (HTML, PDF, Word), slides, briefs, tables, figures,
    results, and a deposit for an archive.

    Small counts are suppressed under the study's disclosure profile, with whatever would give them away. What can't be
    made safe stops the release, with what, why and what to do. Appends to ledger/releases.jsonl: the next release is
    held against this one.
    """
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.release_set import Styles
    from joinedup.workflow.releasing import Bypass
    from joinedup.workflow.releasing import release as write

    if (by or reason) and not let_pass:
        raise UsageError("--by and --reason say who lets which stop pass: name it with --let-pass ID.")
    bypass = Bypass(let_pass, by, reason) if let_pass else None
    with progress_line() as progress:
        study = open_study(folder, data, progress)
        say_what_is_unread(study)
        styles = Styles(template, slides, csl)
        done = release_or_stops(lambda: write(study, folder, out, bypass=bypass, styles=styles, progress=progress))
    click.echo(f"{out}: released under the profile {done.values.profile.label}.")
    passed = "1 stop was" if len(done.passed) == 1 else f"{len(done.passed)} stops were"
    click.echo(f"  {len(done.values.hidden)} values are suppressed, {passed} let pass.")
    for line in scores_suppressed(done):
        click.echo(line)


COMMANDS = (release,)
