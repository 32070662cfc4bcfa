"""From bytes to text: says what a file is that is not the UTF-8 text it should be."""

from __future__ import annotations

from joinedup.study.folder.reading import Reading

LONGEST_LINE = 1_000_000
_BOM = b"\xef\xbb\xbf"
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Office file (.xlsx, .docx)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\xff\xfe", "a UTF-16 text"),
    (b"\xfe\xff", "a UTF-16 text"),
)


def kind_of(data: bytes) -> str:
    """What the first bytes say that a file is, in words; empty where they say nothing."""
    return next((kind for magic, kind in _KINDS if data.startswith(magic)), "")


def decode(reading: Reading, file: str) -> str | None:
    """The text of `file` without a byte-order mark; None where it is absent or, with a problem, can't be read."""
    data = reading.files.get(file)
    return None if data is None else decode_bytes(reading, file, data)


def decode_bytes(reading: Reading, file: str, data: bytes) -> str | None:
    """The same for bytes at hand."""
    if not is_text(reading, file, data):
        return None
    return data.decode("utf-8-sig")


def is_text(reading: Reading, file: str, data: bytes) -> bool:
    """Whether `data` is UTF-8 without NUL bytes and over-long lines; if not, a problem says why."""
    kind = kind_of(data)
    if kind:
        remedy = "Save it as UTF-8 text." if "text" in kind else "Export the content as UTF-8 text under this name."
        reading.report("J005", file, f"By its content this is {kind}, not what its name says.", remedy)
        return False
    at = data.find(b"\0")
    if at >= 0:
        what = f"Byte {at + 1:,} is NUL, which no text holds."
        reading.report("J007", file, what, "Export it again as UTF-8 text.", row=_line(data, at))
        return False
    at = _long_line(data)
    if at >= 0:
        what = f"A line is longer than {LONGEST_LINE:,} bytes."
        remedy = "Check that the file has line ends; a table has one row a line."
        reading.report("J008", file, what, remedy, row=_line(data, at))
        return False
    return _is_utf8(reading, file, data)


def _is_utf8(reading: Reading, file: str, data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"Byte {error.start + 1:,} (0x{data[error.start]:02X}) is not UTF-8.{_guess(data, error.start)}"
        reading.report("J006", file, what, "Save the file as UTF-8.", row=_line(data, error.start))
        return False
    return True


def _guess(data: bytes, at: int) -> str:
    context = data[max(0, at - 20) : at + 21]
    try:
        text = context.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    words = " ".join(text.split())
    return f" Read as Windows-1252 (cp1252) it says `{words}`."


def _long_line(data: bytes) -> int:
    """Where a line begins that is too long; -1 where there is none. Looks once every LONGEST_LINE bytes."""
    at = 0
    while len(data) - at > LONGEST_LINE:
        end = max(data.rfind(b"\n", at, at + LONGEST_LINE), data.rfind(b"\r", at, at + LONGEST_LINE))
        if end < 0:
            return at
        at = end + 1
    return -1


def _line(data: bytes, at: int) -> int:
    before = data[:at]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
