"""The command line. Nothing heavy is imported before a command needs it: `--help` answers at once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli_texts import COMMANDS
from joinedup.study.problems import Problem, StudyError, UsageError
from joinedup.version import __version__

if TYPE_CHECKING:
    from joinedup.workflow.opening import Progress
    from joinedup.workflow.running import Run

CODINGS = (
    "refi-qda",
    "codebook-qdc",
    "quotations-csv",
    "quotations-xlsx",
    "quotations-html",
    "quotations-docx",
    "matrix-csv",
)
OUR_FAULT, USAGE, UNSOUND, REFUSED_IMPORT, INTERRUPTED = 1, 2, 3, 4, 130

folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder of the official files that the study's data.toml describes."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="joinedup")
def cli() -> None:
    """Evaluate a programme of many sites and agencies; every sentence of the report leads back to its evidence."""


@cli.command()
@folder
def new(folder: Path) -> None:
    """Start a study: a folder DIR with every file explained, sound from the first minute."""
    from joinedup.workflow.starting import start

    for name in start(folder):
        click.echo(f"  {folder / name}")
    click.echo(f"\nNext: joinedup check {folder}\n      joinedup run {folder}")


@cli.command()
@folder
@data_option
def check(folder: Path, data: Path | None) -> None:
    """Check the study in DIR and list every problem at once, with file, row, column and what to do."""
    from joinedup.workflow.launching import launch_notes
    from joinedup.workflow.opening import read_study

    with _progress() as progress:
        study, problems = read_study(folder, data, progress)
    if problems:
        _show(problems)
    else:
        click.echo(f"{folder} is sound: {study.title}, {len(study.sites)} sites, {len(study.claims)} findings.")
    for note in launch_notes(study):
        click.echo(note)
    if problems:
        sys.exit(UNSOUND)


@cli.command()
@folder
@data_option
@click.option("--out", type=click.Path(path_type=Path), help="Where the report goes; default ./<DIR>-report.")
def run(folder: Path, data: Path | None, out: Path | None) -> None:
    """Run every analysis of the study in DIR and write the working report."""
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.running import run as run_study

    target = out or Path(f"{folder.resolve().name}-report")
    with _progress() as progress:
        done = run_study(open_study(folder, data, progress), target, progress)
    _summary(done, folder)


@cli.command()
@folder
@click.argument("finding")
@data_option
@click.option("--every-row", is_flag=True, help="Print every row behind a value, not the first twelve.")
def explain(folder: Path, finding: str, data: Path | None, every_row: bool) -> None:
    """Print the chain behind a FINDING of the study in DIR, down to rows and quotes."""
    from joinedup.workflow.explaining import explain as lines
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.running import compute

    with _progress() as progress:
        study = open_study(folder, data, progress)
        results, findings = compute(study, progress)
    for line in lines(study, results, findings, finding, every_row):
        click.echo(line)


@cli.command()
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

    with _progress() as progress:
        _, findings = compute(open_study(folder, data, progress), progress)
    if finding not in findings:
        raise UsageError(f"There is no finding {finding!r}. The study's findings: {', '.join(findings) or 'none'}.")
    written = write(folder, findings[finding], by, note)
    click.echo(f"{written.by} stands by {finding} as of {written.at} ({findings[finding].verdict}).")


SOURCES = {"csv": "joinedup", "kobo": "odk", **{n: n for n in ("limesurvey", "odata", "odk", "qualtrics", "redcap")}}
SOURCES |= {name: name for name in ("spss", "stata")}


@cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", "folder", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The study.")
@click.option("--instrument", is_flag=True, help="FILE is the questionnaire: XLSForm, or a REDCap data dictionary.")
@click.option("--wave", default="", help="FILE holds the responses of this wave; with --kind: the wave of the text.")
@click.option(
    "--from", "program", type=click.Choice(sorted(SOURCES)), help="Who wrote the responses; default: told from FILE."
)
@click.option("--person", default="", metavar="COLUMN", help="Column of the responses that names the person.")
@click.option("--missing", multiple=True, metavar="[ITEM:]CODE=KIND", help="A code that means no answer: 99=refused.")
@click.option("--kind", default="", help="FILE is a text of this kind, as declared in study.toml.")
@click.option("--text", default="", help="Id of the text; default: the file's name.")
@click.option("--interview", default="", help="Interview that the text belongs to; a person may give several.")
@click.option("--site", default="", help="Site of the text.")
@click.option("--date", default="", help="Date of the text: 2005, 2005-03 or 2005-03-14.")
@click.option(
    "--corrects", is_flag=True, help="FILE is a corrected version of the text --text; its codings come along."
)
def import_(
    file: Path,
    folder: Path,
    instrument: bool,
    wave: str,
    program: str | None,
    person: str,
    missing: tuple[str, ...],
    kind: str,
    corrects: bool,
    **about: str,
) -> None:
    """Import FILE into a study: responses (--wave), a text (--kind), the questionnaire (--instrument), or a project.

    Responses are checked against the questionnaire and added to survey/responses-WAVE.csv. A document or transcript is
    extracted, frozen and listed in texts/texts.csv. The project of a coding program (.qdpx, .qdc, .qda, .sqlite3)
    adds its texts, codes, codings and coders. The same file again changes nothing.
    """
    from joinedup.workflow.exchanging import is_project

    of_responses = {"--from": program, "--person": person, "--missing": missing}
    of_texts = {f"--{name}": given for name, given in about.items()}
    try:
        if instrument:
            _unused("--instrument", {"--wave": wave, "--kind": kind, **of_responses, **of_texts})
            _import_questionnaire(folder, file)
        elif corrects:
            given = {f"--{name}": said for name, said in about.items() if name != "text"}
            _unused("--corrects", {"--wave": wave, "--kind": kind, **of_responses, **given})
            _correct_text(folder, file, about["text"])
        elif is_project(file):
            _unused("a project", {**of_responses, "--text": about.pop("text"), "--interview": about.pop("interview")})
            _import_project(folder, file, kind=kind, wave=wave, **about)
        elif kind:
            _unused("--kind", of_responses)
            from joinedup.workflow.importing import import_text

            click.echo(str(import_text(folder, file, kind=kind, wave=wave, **about)))
        elif wave:
            _unused("--wave without --kind", of_texts)
            _import_responses(folder, file, wave, SOURCES.get(program or ""), person, missing)
        else:
            raise UsageError(
                f"Say what {file} is: --wave WAVE for responses, --kind KIND for a text, --instrument for a questionnaire."
            )
    except StudyError as error:
        _show(error.problems)
        sys.exit(REFUSED_IMPORT)


def _unused(chosen: str, options: Mapping[str, object]) -> None:
    given = [name for name, value in options.items() if value]
    if given:
        raise UsageError(f"{given[0]} means nothing with {chosen}: leave one of them out.")


def _import_project(folder: Path, file: Path, **about: str) -> None:
    from joinedup.workflow.exchanging import import_project

    click.echo(str(import_project(folder, file, **about)))


def _correct_text(folder: Path, file: Path, text: str) -> None:
    from joinedup.workflow.exchanging import correct_text

    click.echo(str(correct_text(folder, file, text=text)))


def _import_questionnaire(folder: Path, file: Path) -> None:
    from joinedup.workflow.importing import import_questionnaire
    from joinedup.workflow.launching import launch_notes
    from joinedup.workflow.opening import read_study

    click.echo(str(import_questionnaire(folder, file)))
    for note in launch_notes(read_study(folder)[0]):
        click.echo(note)


def _import_responses(
    folder: Path, file: Path, wave: str, source: str | None, person: str, missing: tuple[str, ...]
) -> None:
    from joinedup.workflow.importing import import_responses

    codes = {}
    for one in missing:
        code, sign, means = one.partition("=")
        if not sign:
            raise UsageError(f"{one!r} says no kind. Write --missing CODE=KIND, such as --missing 99=refused.")
        codes[code] = means
    done = import_responses(folder, file, wave=wave, source=source, person=person, missing=codes)
    for line in done.lines():
        click.echo(line)


@cli.command("open-answers")
@folder
@click.option("--wave", required=True, help="The wave whose open answers are wanted.")
@click.option("--kind", required=True, help="Kind of text that they become, as declared in study.toml.")
def open_answers(folder: Path, wave: str, kind: str) -> None:
    """Turn the open answers of a wave into texts that can be coded, each with its respondent as the speaker."""
    from joinedup.workflow.importing import open_answers_to_texts

    try:
        click.echo(str(open_answers_to_texts(folder, wave=wave, kind=kind)))
    except StudyError as error:
        _show(error.problems)
        sys.exit(REFUSED_IMPORT)


@cli.command()
@folder
@click.option(
    "--to",
    required=True,
    type=click.Choice(["folder", "codebook", "paper", "instrument", *CODINGS]),
    help="The whole folder; the codebook or the form to print (HTML); the questionnaire (XLSForm); codings for others.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
@click.option("--language", default="", help="Language of the form to print, as its columns name it.")
def export(folder: Path, to: str, out: Path, language: str) -> None:
    """Export the study in DIR; what nobody edited comes out byte for byte."""
    from joinedup.workflow.exchanging import left_behind
    from joinedup.workflow.exporting import export as write
    from joinedup.workflow.opening import open_study

    study = open_study(folder)
    changed = write(study, to, out, folder, language)
    told = f"{out}: {len(study.files)} files, {len(changed)} of them written anew." if to == "folder" else str(out)
    click.echo("\n".join([told, *left_behind(study, to)]))


@cli.command()
@folder
@click.option("--out", type=click.Path(path_type=Path), help="A CSV file with the coders side by side.")
def disagreements(folder: Path, out: Path | None) -> None:
    """List where the coders of the study in DIR differ, side by side, with what was decided."""
    from joinedup.workflow import disagreements as adjudication
    from joinedup.workflow.opening import open_study

    study = open_study(folder)
    found = adjudication.disagreements(study)
    if out is None:
        for line in adjudication.lines(study, found):
            click.echo(line)
        return
    adjudication.write_table(study, found, out)
    click.echo(f"{out}: {len(found)} disagreements, {sum(item.settled for item in found)} of them decided.")


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Entry point: exit codes of the design; a traceback only where the fault is ours."""
    # Matrices here are small: a second thread costs more than it brings, and one gives the same bytes everywhere.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000)  # a run makes many objects and hardly a cycle: a tenth of its time went into looking
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_guarded(lambda: cli.main(standalone_mode=False)))


def _guarded(action: Callable[[], object]) -> int:
    try:
        action()
    except StudyError as error:
        _show(error.problems)
        return UNSOUND
    except UsageError as error:
        _say(str(error))
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("Interrupted. Nothing was changed.")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        import traceback

        traceback.print_exc()
        _say("This is our fault, not yours: please report it with the lines above (they hold no data of your study).")
        return OUR_FAULT
    return 0


def _show(problems: Iterable[Problem]) -> None:
    listed = list(problems)
    for problem in listed:
        click.echo(str(problem), err=True)
    plural = "problem" if len(listed) == 1 else "problems"
    click.echo(f"\n{len(listed)} {plural}. The manual's page on problems explains each number.", err=True)


def _say(message: str) -> None:
    click.echo(message, err=True)


@contextmanager
def _progress() -> Iterator[Progress]:
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


def _summary(done: Run, folder: Path) -> None:
    refused = [result for result in done.results.values() if result.refused]
    click.echo(f"{done.study.title}")
    if done.study.programme.simulated:
        click.echo("SIMULATED data")
    click.echo(f"\n  {len(done.results) - len(refused)} results, {len(done.findings)} findings:")
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
