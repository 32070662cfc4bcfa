"""The commands by which things come into a study and go out of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.terminal import (
    REFUSED_IMPORT,
    WORKING_FILE,
    data_option,
    folder,
    progress_line,
    release_or_stops,
    scores_suppressed,
    show_problems,
)
from joinedup.study.problems import StudyError, UsageError
from joinedup.workflow.formats import FORMATS, OF_NOBODY, PARTS

if TYPE_CHECKING:
    from joinedup.study.model import Study
    from joinedup.workflow.exporting import Exported
    from joinedup.workflow.release_set import Gated

SOURCES = {"csv": "joinedup", "kobo": "odk", **{n: n for n in ("limesurvey", "odata", "odk", "qualtrics", "redcap")}}
SOURCES |= {name: name for name in ("spss", "stata")}


@click.command("import")
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
        show_problems(error.problems)
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


@click.command("open-answers")
@folder
@click.option("--wave", required=True, help="The wave whose open answers are wanted.")
@click.option("--kind", required=True, help="Kind of text that they become, as declared in study.toml.")
def open_answers(folder: Path, wave: str, kind: str) -> None:
    """Turn the open answers of a wave into texts that can be coded, each with its respondent as the speaker."""
    from joinedup.workflow.importing import open_answers_to_texts

    try:
        click.echo(str(open_answers_to_texts(folder, wave=wave, kind=kind)))
    except StudyError as error:
        show_problems(error.problems)
        sys.exit(REFUSED_IMPORT)


@click.command()
@folder
@click.option(
    "--to",
    required=True,
    type=click.Choice([*FORMATS, *PARTS]),
    help="The whole folder; a part of a release; codebook or form to print (HTML); questionnaire (XLSForm); W3C records; "
    "codings for others.",
)
@data_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
@click.option("--language", default="", help="Language of the form to print, as its columns name it.")
@click.option("--by", default="", metavar="NAME", help="Who lets everything out, past the disclosure gate.")
@click.option("--reason", default="", metavar="WORDS", help="Why that may be.")
def export(folder: Path, to: str, data: Path | None, out: Path, language: str, by: str, reason: str) -> None:
    """Export what may leave of the study in DIR, in a format for others.

    html, pdf, docx, pptx, briefs and deposit are parts of a release; prov and annotations tell of its results; of
    quotations, codes and texts those leave that may. folder and refi-qda hold everything: they leave only with --by and
    --reason, by which the codings and annotations leave whole, too. Every export but codebook, paper and instrument
    gets a line in ledger/releases.jsonl.
    """
    from joinedup.workflow.exporting import export as write
    from joinedup.workflow.leaving import permit_for
    from joinedup.workflow.opening import open_study

    if language and to != "paper":
        raise UsageError("A language is chosen for the form on paper only (--to paper).")
    permit_for(to, by, reason)
    with progress_line() as progress:
        study = open_study(folder, data, progress, whole=to == "folder")
        if to in PARTS:
            from joinedup.workflow.releasing import release_part

            part = release_or_stops(lambda: release_part(study, folder, to, out, progress=progress))
            click.echo(str(out))
            for line in _of_part(to, out, part):
                click.echo(line)
            return
        done = release_or_stops(lambda: write(study, to, out, folder, language, progress, by=by, reason=reason))
    for line in _exported(study, to, out, done):
        click.echo(line)


def _of_part(to: str, out: Path, gated: Gated) -> Iterator[str]:
    """What a part of a release holds less than its reader would look for."""
    if to == "briefs" and not any(out.glob("brief-*.pdf")):
        yield "  No brief was written: the study holds no answers, bodies or cleared passages of its sites."
    yield from scores_suppressed(gated)


def _exported(study: Study, to: str, out: Path, done: Exported) -> Iterator[str]:
    """What was written, what the format has no place for, and what was held back or let out."""
    from joinedup.workflow.exchanging import left_behind

    changed = f": {len(study.files)} files, {len(done.files)} of them written anew." if to == "folder" else ""
    yield f"{out}{changed}"
    yield from left_behind(study, to)
    if done.whole:
        yield "Everything is in it, past the disclosure gate; who let it out, and why, stands in ledger/releases.jsonl."
    elif to not in OF_NOBODY:
        yield "It holds what may leave of the study, and has its line in ledger/releases.jsonl."
    if done.held:
        yield f"{sum(done.held.values()):,} held back:"
        yield from (
            f"  {count:,}: {why}" for why, count in sorted(done.held.items(), key=lambda one: (-one[1], one[0]))
        )
        yield "All of it leaves with --by NAME --reason WORDS, which are kept in the ledger of releases."


@click.command()
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
    click.echo(WORKING_FILE)


COMMANDS = (import_, open_answers, export, disagreements)
