"""Hostile and broken documents: each ends in one sentence with its number, or its words come out and nothing else."""

from __future__ import annotations

import io
import json
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.adapters.extract import child, extract_many
from joinedup.adapters.extract.model import REFUSALS, Extracted
from joinedup.adapters.extract.pool import Pool

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = ("[Content_Types].xml", "<Types/>")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as opened:
        yield opened


def zipped(*parts: tuple[str, str | bytes], compressed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as opened:
        for name, content in parts:
            opened.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED)
    return file.getvalue()


def docx(body: str, *more: tuple[str, str | bytes], head: str = "") -> bytes:
    document = f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>'
    return zipped(TYPES, ("word/document.xml", document), *more)


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def odt(body: str, *more: tuple[str, str | bytes], head: str = "") -> bytes:
    names = 'xmlns:text="urn:text" xmlns:office="urn:office"'
    content = f"<?xml version='1.0'?>{head}<office:document-content {names}>{body}</office:document-content>"
    return zipped(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", content), *more)


def pdf(content: bytes, *, extra: bytes = b"", trailer: bytes = b"", filtered: bytes = b"") -> bytes:
    """A PDF of one page with the given content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        + extra
        + b">>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filtered, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out + b"trailer<</Size 6/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (trailer, start))


HELLO = b"BT /F1 12 Tf 72 720 Td (The board met.) Tj ET"
ENTITIES = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def bomb() -> bytes:
    """A small docx whose document declares and holds 300 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened, opened.open("word/document.xml", "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    return file.getvalue()


def lying_bomb() -> bytes:
    """The same with 60 MB, but the directory declares 1,000 bytes: only counting while reading notices."""
    body = f"<w:document {W}>".encode() + b"<w:p/>" * 9_000_000
    data = zipped(("word/document.xml", body))
    return data.replace(struct.pack("<I", len(body)), struct.pack("<I", 1000))


def encrypted_zip() -> bytes:
    data = bytearray(docx(paragraph("x")))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        entry = zipfile.ZipInfo("word/document.xml")
        entry.external_attr = 0o120777 << 16
        opened.writestr(entry, "/etc/passwd")
    return file.getvalue()


def flate_bomb() -> bytes:
    return pdf(zlib.compress(zlib.compress(bytes(400_000_000), 9), 9), filtered=b"/Filter[/FlateDecode/FlateDecode]")


def ring_of_pages() -> bytes:
    return pdf(HELLO).replace(b"/Kids[3 0 R]/Count 1", b"/Kids[2 0 R]/Count 9")


HOSTILE = {
    "nothing at all": ("a.txt", b"", "J320"),
    "a page named pdf": ("a.pdf", b"<!DOCTYPE html><html><body>Hello</body></html>", "J322"),
    "a pdf named docx": ("a.docx", pdf(HELLO), "J322"),
    "a page named txt": ("a.txt", b"<html><script>alert(1)</script></html>", "J322"),
    "a program named txt": ("a.txt", b"MZ\x90\x00\x03", "J323"),
    "a program": ("a", b"\x7fELF\x02\x01", "J323"),
    "svg": ("a.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "J323"),
    "old doc": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "J323"),
    "a docx with a password": (
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "J324",
    ),
    "zip of zips": ("a.docx", zipped(("inner.zip", zipped(("a.txt", "x")))), "J323"),
    "zip encrypted": ("a.docx", encrypted_zip(), "J324"),
    "odt encrypted": (
        "a.odt",
        odt("", ("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>")),
        "J324",
    ),
    "pdf encrypted": (
        "a.pdf",
        pdf(
            HELLO,
            trailer=b"/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]/Encrypt<</Filter/Standard"
            b"/V 1/R 2/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>",
        ),
        "J324",
    ),
    "macros": ("a.docx", docx(paragraph("x"), ("word/vbaProject.bin", b"\x00")), "J325"),
    "macros in odt": ("a.odt", odt("", ("Basic/Standard/Module1.xml", "<x/>")), "J325"),
    "zip bomb": ("a.docx", bomb(), "J326"),
    "too many parts": ("a.docx", zipped(*((f"p{n}", "") for n in range(5_001))), "J326"),
    "zip slip": ("a.docx", docx(paragraph("x"), ("../../etc/cron.d/x", "x")), "J327"),
    "absolute path": ("a.docx", docx(paragraph("x"), ("/etc/passwd", "x")), "J327"),
    "windows path": ("a.docx", docx(paragraph("x"), ("..\\x", "x")), "J327"),
    "drive": ("a.docx", docx(paragraph("x"), ("C:/x", "x")), "J327"),
    "symbolic link": ("a.docx", link(), "J327"),
    "entity bomb": ("a.docx", docx(paragraph("&c;"), head=ENTITIES), "J328"),
    "entity bomb in odt": ("a.odt", odt("<text:p>&c;</text:p>", head=ENTITIES), "J328"),
    "outside entity": ("a.docx", docx(paragraph("&a;"), head=OUTSIDE), "J328"),
    "latin-1": ("a.txt", "caf\xe9".encode("latin-1"), "J329"),
    "bad utf-8": ("a.txt", b"good \xf0\x28\x8c\x28", "J329"),
    "surrogate in utf-8": ("a.txt", b"lone \xed\xa0\x80 one", "J329"),
    "half a zip": ("a.docx", docx(paragraph("x"))[:120], "J330"),
    "no such part": ("a.odt", zipped(("mimetype", "application/vnd.oasis.opendocument.text")), "J330"),
    "broken xml": ("a.docx", docx("<w:p>"), "J330"),
    "surrogate in xml": ("a.docx", docx(paragraph("&#xD800;")), "J330"),
    "broken pdf": ("a.pdf", b"%PDF-1.7\nnonsense", "J330"),
    "a scan": ("a.pdf", pdf(b""), "J334"),
    "blank": ("a.txt", b" \n\t\n", "J334"),
    "deep tables": ("a.docx", docx("<w:tbl>" * 50_000 + "</w:tbl>" * 50_000), "J335"),
    "deep rtf": ("a.rtf", rb"{\rtf1 " + b"{" * 100_000, "J335"),
    "right to left": ("report\u202efdp.exe", b"MZ", "J336"),
    "html in docx": ("a.docx", docx('<w:altChunk w:id="x"/>', ("word/afchunk.html", "<b>Hi</b>")), "J337"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_each_ends_in_one_sentence(pool: Pool, case: str) -> None:
    name, data, number = HOSTILE[case]
    found = pool.extract(data, name)
    (problem,) = found.problems
    assert problem.number == number, problem
    assert (found.text, found.anchors) == ("", ())
    assert problem.what.startswith("The file ")
    assert problem.what.endswith(".")
    assert problem.remedy
    assert "\u202e" not in str(problem)
    assert "Traceback" not in str(problem)


MEASURE = """
import json, resource, sys
from pathlib import Path
from joinedup.adapters.extract import extract
for folder in sorted(Path(sys.argv[1]).iterdir()):
    (file,) = folder.iterdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = extract(file.read_bytes(), file.name)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    numbers = [problem.number for problem in found.problems]
    print(json.dumps([folder.name, numbers, used, after.ru_maxrss]))
"""


def test_hostile_files_stay_within_time_and_memory(tmp_path: Path) -> None:
    """All of them, and four that only counting and the limits stop: each uses less than 2 s of processor time.

    Measured in a process of its own: a system counts the children of earlier tests too.
    """
    pytest.importorskip("resource", reason="this system can't limit a process's memory")
    slow = {
        "flate bomb": ("a.pdf", flate_bomb()),
        "lying bomb": ("a.docx", lying_bomb()),
        "ring": ("a.pdf", ring_of_pages()),
        "endless": ("a.html", ENDLESS),
    }
    cases = {**{key: value[:2] for key, value in HOSTILE.items()}, **slow}
    for number, (name, data) in enumerate(cases.values()):
        (tmp_path / f"{number:03}").mkdir()
        (tmp_path / f"{number:03}" / f"a{Path(name).suffix}").write_bytes(data)
    command = [sys.executable, "-c", MEASURE, str(tmp_path)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == len(cases)
    unit = 1 if sys.platform == "darwin" else 1024
    for case, line in zip(cases, lines, strict=True):
        _, numbers, used, peak = json.loads(line)
        assert numbers, case
        assert numbers[0] in REFUSALS, case
        assert used < 2, (case, used)
        assert peak * unit < 300_000_000, case


ENDLESS = b"<html><body>" + b"<a" * 400_000


def test_a_file_that_never_ends_is_stopped_and_the_next_one_is_read(pool: Pool) -> None:
    """Quadratic work in the parser of HTML, hours of it: the child is ended, a new one reads the next file."""
    assert [problem.number for problem in pool.extract(ENDLESS, "a.html").problems] == ["J331"]
    assert pool.extract(b"Still here.", "a.txt").text == "Still here."


def test_what_is_merely_odd_is_neutralised(pool: Pool) -> None:
    def text(data: bytes, name: str) -> str:
        found = pool.extract(data, name)
        assert not found.problems, found.problems
        return found.text

    assert (
        text(b"<html><body><p>Hi<script>x()</script> <img src=x onerror=y()>there</p><style>p{}</style>", "a.html")
        == "Hi there\n"
    )
    assert text(b"<p>One<p>two &#xD800; &lt;b&gt;", "a.html") == "One\ntwo \ufffd <b>\n"
    assert text(b"\xef\xbb\xbfA\r\nB\rC\x07", "a.txt") == "A\nB\nC"
    assert text("e\u0301\u2028\U0001f642".encode("utf-16"), "a.txt") == "\xe9\n\U0001f642"
    assert text(b"x" * 10_000_000, "a.txt") == "x" * 10_000_000
    assert (
        text(docx(paragraph("Words"), ("word/_rels/settings.xml.rels", '<R Target="http://evil/x.dotm"/>')), "a.docx")
        == "Words\n"
    )
    assert text(docx(paragraph("Words"), ("word/embeddings/a.zip", zipped(("x", "y")))), "a.docx") == "Words\n"
    assert text(pdf(HELLO) + zipped(("a", "b")), "a.pdf") == "The board met.\n"
    assert (
        text(rb"{\rtf1\ansi{\object{\objdata 4d5a}} Plain{\*\htmltag <b>} words\u-10240?\u-8192?.}", "a.rtf")
        == "Plain words\ufffd\ue000.\n"
    )
    assert text(rb"{\rtf1 A\u-10179?\u-8638? b\'e9\par c}", "a.rtf") == "A\U0001f642 b\xe9\nc\n"


def test_too_long_a_text_is_refused(pool: Pool) -> None:
    assert pool.extract(b"x" * 10_000_001, "a.txt").problems[0].number == "J333"
    body = paragraph("y" * 1_000_000) * 11
    assert pool.extract(docx(body), "a.docx").problems[0].number == "J333"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.odt", odt("<text:p>a</text:p>" * 301_000)),
        ("a.docx", docx("<w:p/>" * 301_000 + paragraph("a"))),
        ("a.html", b"<html><body>" + b"a<br>" * 301_000),
        ("a.rtf", rb"{\rtf1 " + rb"a\par " * 301_000 + b"}"),
    ],
)
def test_more_paragraphs_than_any_text_has_are_refused(pool: Pool, name: str, data: bytes) -> None:
    (problem,) = pool.extract(data, name).problems
    assert (problem.number, "more than 300,000 ends of paragraphs and lines" in problem.what) == ("J339", True)


@pytest.mark.parametrize("apart", [False, True])
def test_a_dense_page_of_ten_thousand_words_is_read(pool: Pool, apart: bool) -> None:
    """A poster: each line set as a whole, or each word in its own place, as if in columns."""
    lines = [[f"w{row}x{place}" for place in range(20)] for row in range(500)]
    shown = [
        f"BT /F1 2 Tf 1 0 0 1 {10 + 29 * at} {790 - 1.5 * row} Tm ({words}) Tj ET"
        for row, line in enumerate(lines)
        for at, words in (enumerate(line) if apart else [(0, " ".join(line))])
    ]
    found = pool.extract(pdf("\n".join(shown).encode("ascii")), "a.pdf")
    assert not found.problems
    assert "".join(found.text.split()) == "".join(word for line in lines for word in line)


@pytest.mark.parametrize("error", [MemoryError(), OverflowError()])
def test_a_file_that_needs_too_much_memory_says_so(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def exhausting(_data: bytes, _name: str) -> None:
        raise error

    monkeypatch.setattr(child, "extract_here", exhausting)
    found = json.loads(child.answer(b"x", "a.txt"))
    assert found == {"refused": "J332", "what": "needs more memory than 256 MB"}
    sink = io.BytesIO()
    request = child.HEADER.pack(5, 1) + b"a.txt" + b"x"
    child.serve(io.BytesIO(request + request), sink)
    assert sink.getvalue().count(b"\n") == 1, "a child that ran out of memory answers once and ends"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits a process's data")
def test_the_system_refuses_a_child_more_memory(tmp_path: Path) -> None:
    code = (
        "from joinedup.adapters.extract import child\nchild.limit_process()\n"
        "try:\n    bytearray(300_000_000)\nexcept MemoryError:\n    print('refused')\n"
        f"try:\n    open({str(tmp_path / 'x')!r}, 'w').write('x' * 100_000)\nexcept OSError:\n    print('not written')\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["refused", "not written"]


def test_a_file_that_is_too_large_is_not_even_sent(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.adapters.extract.pool.LARGEST_FILE", 3)
    assert [problem.number for problem in pool.extract(b"four", "a.txt").problems] == ["J321"]


@pytest.fixture(scope="module")
def seeds() -> list[tuple[str, bytes]]:
    return [
        ("a.docx", docx(paragraph("One") + paragraph("Two"))),
        ("a.odt", odt("<text:p>One</text:p>")),
        ("a.pdf", pdf(HELLO)),
        ("a.rtf", rb"{\rtf1\ansi One\par Two}"),
        ("a.html", b"<!doctype html><html><body><p>One</p></body></html>"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>One"),
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 5), st.integers(0, 2**32))
def test_any_corruption_gives_text_or_one_problem(
    pool: Pool, seeds: list[tuple[str, bytes]], which: int, seed: int
) -> None:
    name, data = seeds[which]
    chance = random.Random(seed)
    broken = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    found = pool.extract(bytes(broken[: chance.randint(1, len(broken))] if seed % 3 == 0 else broken), name)
    assert isinstance(found, Extracted)
    assert bool(found.text) != bool(found.problems)


def test_a_broken_cache_entry_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"Words.")
    cache = tmp_path / "cache"
    first = extract_many([file], cache)
    (entry,) = cache.iterdir()
    for broken in (b"", b"\xff", entry.read_bytes()[:-3], entry.read_bytes().replace(b"Words", b"Lies!")):
        entry.write_bytes(broken)
        assert extract_many([file], cache) == first
        assert b"Words." in entry.read_bytes()
    assert [path.name for path in cache.iterdir()] == [entry.name]


def test_a_file_that_is_gone_and_one_that_is_refused_are_not_kept(tmp_path: Path) -> None:
    bad = tmp_path / "a.pdf"
    bad.write_bytes(b"MZ")
    found = extract_many([bad, tmp_path / "gone.txt"], tmp_path / "cache")
    assert [text.problems[0].number for text in found.values()] == ["J323", "J330"]
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"Words.")
    assert extract_many([file], file)[file].text == "Words."
