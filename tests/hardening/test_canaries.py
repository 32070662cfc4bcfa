"""Names planted where a study may hold them come out nowhere: log, temporary files, metadata, report. All data SIMULATED."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image
from pypdf import PdfReader

from joinedup.adapters.xlsform_writer import workbook_of
from joinedup.study.folder.writer import write_folder
from joinedup.study.survey import Choice, Item
from joinedup.workflow.opening import open_study
from tests.survey_sample import small_study

KEY, PERSON, FILE, WORD, PDF, GONE, SAID, COLUMN, ANSWER  = CANARIES = (
    "Quillfeather", "Nightjarson", "Fieldfarley", "Ouzelbury", "Dotterelby", "Siskinworth", "Bramblinger", "Redpollard",
    "Whinchatley",
)  # fmt: skip
"""The key of pseudonyms, persons' ids, names of files, metadata of Word and PDF, a withdrawn text, words that were not
cleared, a column of people.csv, an open answer."""
KEPT = """
import sys, tempfile
tempfile.TemporaryDirectory._rmtree = classmethod(lambda *_, **__: None)
sys.argv = ["joinedup", *sys.argv[1:]]
from joinedup.cli import main
main()
"""
"""The command line, whose temporary folders stay."""
TALK = f"A: How is it going?\nM: We meet, as {SAID} wished.\nM: The board decides with {SAID} in the chair.\n"
STUDY = """
[programme]
simulated = true

[[kind]]
id = "interview"
label = "Interview"
speakers = true

[disclosure]
profile = "children-la"

[[disclosure.open]]
people = "asked"
reason = "Adults, counted over all sites."

[[disclosure.open]]
people = "people interviewed"
reason = "Adults, counted over all sites."
"""
CODES = '[[code]]\nid = "boards"\nlabel = "Boards"\ndefinition = "Formal partnership bodies."\n'


def word_document(words: str) -> bytes:
    """A Word document whose properties name its author, its last editor and its file."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in words.splitlines())
    office = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body>{paragraphs}'
        "</w:body></w:document>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{office}/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{WORD}</dc:creator><dc:title>{FILE}</dc:title>'
        f"<cp:lastModifiedBy>{WORD}</cp:lastModifiedBy></cp:coreProperties>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def pdf_document(words: str) -> bytes:
    """A PDF whose dictionary names its author."""
    import typst

    lines = " \\ ".join(words.splitlines())
    return bytes(typst.compile(f'#set document(author: "{PDF}", title: "{PDF}")\n{lines}'.encode()))


def planted(folder: Path) -> Path:
    """The folder of a study with a survey and interviews, every canary in its place."""
    study = small_study()
    survey = study.survey
    assert survey.instrument
    roster = tuple(dataclasses.replace(one, person=f"{PERSON}-{one.person}") for one in survey.roster)
    people = tuple(
        dataclasses.replace(one, id=f"{PERSON}-{one.id}", extra={"real_name": f"{COLUMN} {at}"})
        for at, one in enumerate(study.people)
    )
    responses = {}
    for wave, table in survey.responses.items():
        ids = pa.array([f"{PERSON}-{id}" for id in table.column("person").to_pylist()])
        table = table.set_column(table.column_names.index("person"), "person", ids)
        responses[wave] = table.append_column("remarks", [[f"Ask {ANSWER} about it"] * table.num_rows])
    asked = (dataclasses.replace(one, list_name=one.name if one.options else "") for one in survey.instrument.items)
    items = (*asked, Item("remarks", "text", "What else?"))
    lists = {
        one.name: tuple(Choice(code, {"": label}, row=row) for row, (code, label) in enumerate(one.options.items(), 2))
        for one in items
        if one.options
    }
    instrument = dataclasses.replace(survey.instrument, items=items, lists=lists)
    held = dataclasses.replace(survey, roster=roster, responses=responses, instrument=instrument)
    write_folder(dataclasses.replace(study, survey=held, people=people), folder, write_instrument=workbook_of)
    with (folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write(STUDY)
    (folder / "names.key").write_text(f"person,name\n{people[0].id},{KEY}\n", encoding="utf-8")
    talked(folder, [person.id for person in people[:3]])
    return folder


def talked(folder: Path, people: list[str]) -> None:
    """Put three interviews into the study: a Word document, a PDF, and one that is withdrawn again."""
    received = folder.parent / f"received from {FILE}"
    received.mkdir()
    talks = {
        f"{FILE} 1.docx": word_document(TALK),
        f"{FILE} 2.pdf": pdf_document(TALK.replace("How", "Where")),
        f"{FILE} 3.txt": f"A: How is it going?\nM: {GONE} knows it all.\n".encode(),
    }
    for number, (name, content) in enumerate(talks.items(), 1):
        (received / name).write_bytes(content)
        said("import", received / name, "--into", folder, "--kind", "interview", "--text", f"i{number}", "--site", "s1",
             "--wave", "w1", "--date", "2004-03")  # fmt: skip
    (folder / "texts" / "speakers.csv").write_text(
        "text,speaker,person\n" + "".join(f"i{n},A,\ni{n},M,{who}\n" for n, who in enumerate(people, 1)),
        encoding="utf-8",
    )
    (folder / "texts" / "codebook.toml").write_text(CODES, encoding="utf-8")
    frozen = {text.id: text.content for text in open_study(folder).texts.texts}
    quotes = ((f"as {SAID} wished", False), ("The board decides", True))
    codings = [
        {"text": "i1", "start": frozen["i1"].index(quote), "end": frozen["i1"].index(quote) + len(quote),
         "quote": quote, "code": "boards", "coder": "ann", "cleared": cleared}
        for quote, cleared in quotes
    ]  # fmt: skip
    lines = "".join(json.dumps(one) + "\n" for one in codings)
    (folder / "texts" / "codings.jsonl").write_text(lines, encoding="utf-8")
    said("withdraw", folder, "--text", "i3", "--by", "A. Reader", "--reason", "asked by letter")


def said(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "joinedup", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """The planted study; what was made of it, with the temporary files; and all that was said meanwhile."""
    place = tmp_path_factory.mktemp("canaries")
    folder, made = planted(place / "study"), place / "made"
    (made / "temporary").mkdir(parents=True)
    log = []
    commands = [["run", folder, "--out", made / "run"], ["release", folder, "--out", made / "release"]]
    kinds = {"docx": "", "codebook": ".html", "paper": ".html", "prov": ".json", "annotations": ".json"}
    kinds |= {"codebook-qdc": ".qdc", "matrix-csv": ".csv"}
    kinds |= {f"quotations-{name}": f".{name}" for name in ("csv", "xlsx", "html", "docx")}
    commands += [["export", folder, "--to", name, "--out", made / f"{name}{kind}"] for name, kind in kinds.items()]
    for command in commands:
        named = {name: str(made / "temporary") for name in ("TMPDIR", "TEMP", "TMP")}
        done = subprocess.run(
            [sys.executable, "-c", KEPT, *map(str, command)],
            capture_output=True, text=True, check=False, env={**os.environ, **named},
        )  # fmt: skip
        log.append(done.stdout + done.stderr)
        assert done.returncode == 0, log[-1]
    return folder, made, "\n".join(log)


def test_the_canaries_are_in_the_study(worked: tuple[Path, Path, str]) -> None:
    held = b"".join(content for _, content in opened(worked[0]))
    names = " ".join(path.name for path in worked[0].parent.rglob("*"))
    assert not [name for name in CANARIES if name.encode() not in held and name not in names]


def test_no_canary_is_in_what_was_said(worked: tuple[Path, Path, str]) -> None:
    assert not [name for name in CANARIES if name in worked[2]]


def test_no_canary_is_in_any_file_that_was_made(worked: tuple[Path, Path, str]) -> None:
    _, made, _ = worked
    seen: set[str] = set()
    for name, content in opened(made):
        seen.add(Path(name).suffix)
        found = [word for word in CANARIES if word.encode() in content or word in name]
        assert not found, f"{name} holds {found}"
    assert {".html", ".pdf", ".docx", ".pptx", ".svg", ".png", ".csv", ".json", ".sav", ".typ"} <= seen


def test_no_canary_is_in_the_ledger_of_releases(worked: tuple[Path, Path, str]) -> None:
    ledger = (worked[0] / "ledger" / "releases.jsonl").read_text("utf-8")
    assert ledger.count("\n") == 2 + 8, "a release, a part of one, and eight exports"
    assert not [name for name in CANARIES if name in ledger]


def test_temporary_files_are_gone_when_the_work_is_done(worked: tuple[Path, Path, str], tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    named = {name: str(tmp_path / "temporary") for name in ("TMPDIR", "TEMP", "TMP")}
    command = [sys.executable, "-m", "joinedup", "run", str(worked[0]), "--out", str(tmp_path / "run")]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **named})
    assert not list((tmp_path / "temporary").rglob("*"))


def opened(place: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below `place` with its bytes, and what is packed in it: zip parts, PDF streams and words, texts of PNG."""
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        name, content = path.relative_to(place).as_posix(), path.read_bytes()
        yield from inside(name, content)


def inside(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from inside(f"{name}/{part}", archive.read(part))
    elif content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        told = [page.extract_text() for page in reader.pages] + [str(reader.metadata)]
        yield name, "\n".join(told).encode()
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            with contextlib.suppress(zlib.error):
                yield name, zlib.decompressobj().decompress(stream)
    elif content.startswith(b"\x89PNG") and b"IEND" in content[-12:]:
        with Image.open(io.BytesIO(content)) as picture:
            yield name, repr(picture.info).encode()
