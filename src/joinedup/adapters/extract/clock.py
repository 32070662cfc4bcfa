"""Processor time of a child process: a small store that work which gets on refills, so that what gets nowhere ends soon.

A file that holds a lot takes long because it yields a lot: each page, line, text or coding that was read earns time.
A crafted file that keeps a parser busy earns nothing, and ends when the store is empty, however large it is.
"""

from __future__ import annotations

import signal
import time

STORE = 1.2
"""Seconds that may pass without anything having been read."""
_COIN = 0.02
"""What was earned is put into the store in pieces of this many seconds: each setting of a timer costs, and rounds up."""


class Clock:
    """The timer of this process, where the system has one; the parent's clock is the limit where it has none."""

    def __init__(self) -> None:
        self._end = 0.0
        self._earned = 0.0

    def allow(self, seconds: float) -> None:
        """End the process once it has used this much more time, or `STORE` without earning any; 0 lifts the limit."""
        self._end = time.process_time() + seconds if seconds > STORE else 0.0
        self._set(min(seconds, STORE))

    def earn(self, seconds: float) -> None:
        """Something was read that may take `seconds`. Without a limit nothing happens."""
        self._earned += seconds
        if self._earned >= _COIN:
            self._pay(STORE)

    def lend(self, seconds: float) -> None:
        """What comes next may take `seconds` in one piece, more than the store holds, as what it reads was counted."""
        self._earned += seconds
        self._pay(max(STORE, seconds))

    def _pay(self, most: float) -> None:
        """Put what was earned into the store, which then holds `most` at most and no more than is left of all."""
        earned, self._earned = self._earned, 0.0
        if self._end and (stored := signal.getitimer(signal.ITIMER_PROF)[0]):
            more = min(earned, most - stored, self._end - time.process_time() - stored)
            if more > 0:
                self._set(stored + more)

    def _set(self, seconds: float) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, seconds)
        else:
            self._end = 0.0


CLOCK = Clock()
