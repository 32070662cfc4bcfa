"""Child processes that read untrusted files, at most two at a time; a child that hangs or dies is replaced."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from types import TracebackType
from typing import IO

from joinedup.adapters.extract.clock import STORE
from joinedup.adapters.extract.model import (
    LARGEST_FILE,
    LONGEST_TEXT,
    MOST_MEMORY,
    Extracted,
    RefusedError,
    problem_of,
    seconds_for,
)
from joinedup.adapters.extract.sniff import check_name

CHILDREN = 2
_LONGEST_ANSWER = 6 * LONGEST_TEXT
_PATIENCE = 4
"""Seconds by the clock for each second of processor time: the machine may be busy."""


class Pool:
    """Extracts files in reused child processes; safe to use from several threads. Close it, or use it in `with`."""

    def __init__(self, children: int = CHILDREN) -> None:
        self._free: queue.LifoQueue[_Child] = queue.LifoQueue()
        for _ in range(children):
            self._free.put(_Child())

    def extract(self, data: bytes, name: str) -> Extracted:
        """The text of `data`, a file that was called `name`; problems instead of exceptions, whatever the bytes are."""
        shown = "".join(sign if sign.isprintable() else "?" for sign in name)
        try:
            check_name(name)
            if not data:
                raise RefusedError("J320")
            if len(data) > LARGEST_FILE:
                raise RefusedError("J321", limit=LARGEST_FILE // 1_000_000)
            child = self._free.get()
            try:
                return child.ask(data, shown)
            finally:
                self._free.put(child)
        except RefusedError as refused:
            return Extracted("", problems=(problem_of(refused, shown),))

    def close(self) -> None:
        """End the children."""
        while not self._free.empty():
            self._free.get().end()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Child:
    """One process, started when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, data: bytes, name: str) -> Extracted:
        """The answer of the process; raises RefusedError, also where the process was ended by its limits."""
        seconds = seconds_for(data)
        process = self._started()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds * _PATIENCE, stop)
        timer.start()
        try:
            line = _exchange(process, data, name)
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise self._why_it_died(late.is_set(), seconds)
        return _read_answer(json.loads(line))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-m", "joinedup.adapters.extract.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _why_it_died(self, late: bool, seconds: float) -> RefusedError:
        """The system ends a child for its time by SIGPROF (27), for its memory by SIGKILL or an abort."""
        process = self._process
        code = process.wait() if process else 0
        self.end()
        if late or code == -27:
            return RefusedError("J331", f"{seconds if late else STORE:.1f}")
        if code in (-6, -9, -11):
            return RefusedError("J332", limit=MOST_MEMORY // 1024 // 1024)
        return RefusedError("J330", "the process that read it ended")

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                _close(pipe)
        process.wait()


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()


def _exchange(process: subprocess.Popen[bytes], data: bytes, name: str) -> bytes:
    from joinedup.adapters.extract.child import HEADER

    assert process.stdin is not None
    assert process.stdout is not None
    called = name.encode("utf-8", "replace")
    with contextlib.suppress(OSError):  # a child that is gone is noticed when it does not answer
        process.stdin.write(HEADER.pack(len(called), len(data)) + called + data)
        process.stdin.flush()
    return process.stdout.readline(_LONGEST_ANSWER)


def _read_answer(found: dict[str, object]) -> Extracted:
    if "refused" in found:
        refused = RefusedError(str(found["refused"]))
        refused.what = str(found["what"])
        raise refused
    anchors = found["anchors"]
    assert isinstance(anchors, list)
    return Extracted(str(found["text"]), tuple((int(at), str(place)) for at, place in anchors))
