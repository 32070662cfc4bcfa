"""The child process in which untrusted files are read; started by `pool` as `python -I -m`, never imported by it.

It takes requests from its input (length of the name, length of the data, name, data) and answers with one line of
JSON each. Limits: processor time by a timer of the system, memory by the system's limit on data where it has one.
Windows has neither: there the parent's clock is the limit.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import LARGEST_FILE, MOST_MEMORY, Anchors, Extracted, RefusedError, seconds_for
from joinedup.adapters.extract.normal import check_length
from joinedup.adapters.extract.sniff import kind_of

HEADER = struct.Struct(">II")


def extract_here(data: bytes, name: str) -> Extracted:
    """What `data` holds, read in this very process; raises RefusedError."""
    found = Extracted(*_reader(kind_of(data, name))(data))
    check_length(len(found.text))
    if not found.text.strip():
        raise RefusedError("J334")
    return found


def _reader(kind: str) -> Callable[[bytes], tuple[str, Anchors]]:
    from joinedup.adapters.extract import office, plain

    match kind:
        case "pdf":
            from joinedup.adapters.extract.pdf import pdf_text

            return pdf_text
        case "html":
            from joinedup.adapters.extract.markup import html_text

            return html_text
        case "rtf":
            from joinedup.adapters.extract.rtf import rtf_text

            return rtf_text
        case "docx":
            return office.docx_text
        case "odt":
            return office.odt_text
        case "vtt" | "srt":
            return plain.captions
        case _:
            return plain.plain_text


def limit_process() -> None:
    """Limit memory, and forbid writing files, where the system can."""
    try:
        import resource
    except ImportError:
        return
    which = resource.RLIMIT_DATA if sys.platform.startswith("linux") else resource.RLIMIT_AS
    for limit, value in ((which, MOST_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):
            continue


def answer(data: bytes, name: str) -> bytes:
    """What is sent back for one file: JSON of the text with its anchors, or of the number and the sentence of a refusal."""
    CLOCK.allow(seconds_for(data))
    try:
        found = extract_here(data, name)
        said = {"text": found.text, "anchors": found.anchors}
        return json.dumps(said, ensure_ascii=False).encode("utf-8")
    except RefusedError as refused:
        return _refusal(refused)
    except (MemoryError, OverflowError):
        return _refusal(_out_of_memory())
    except RecursionError:
        return _refusal(RefusedError("J330", "its parts refer to each other in rings"))
    except Exception as error:  # a parser's own fault on a hostile file must not end in a traceback
        return _refusal(RefusedError("J330", f"reading it failed ({type(error).__name__})"))
    finally:
        CLOCK.allow(0)


def _refusal(refused: RefusedError) -> bytes:
    return json.dumps({"refused": refused.number, "what": refused.what}).encode("ascii")


def _out_of_memory() -> RefusedError:
    return RefusedError("J332", limit=MOST_MEMORY // 1024 // 1024)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the input ends; a child that ran out of memory ends after its answer."""
    exhausted = _refusal(_out_of_memory())
    while header := source.read(HEADER.size):
        name_length, data_length = HEADER.unpack(header)
        if data_length > LARGEST_FILE:
            return
        name = source.read(name_length).decode("utf-8", "replace")
        found = answer(source.read(data_length), name)
        sink.write(found + b"\n")
        sink.flush()
        if found == exhausted:
            return


if __name__ == "__main__":
    limit_process()
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints must not look like an answer
    serve(sys.stdin.buffer, pipe)
