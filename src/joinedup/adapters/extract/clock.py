"""Processor time of a child process: a small store that work which gets on refills, so that what gets nowhere ends soon.

A file that holds a lot takes long because it yields a lot: each page, line, text or coding that was read earns time.
A crafted file that keeps a parser busy earns nothing, and ends when the store is empty, however large it is.
"""

from __future__ import annotations

import signal

STORE = 1.2
"""Seconds that may pass without anything having been read."""


class Clock:
    """The timer of this process, where the system has one; the parent's clock is the limit where it has none."""

    def __init__(self) -> None:
        self._left = 0.0

    def allow(self, seconds: float) -> None:
        """End the process once it has used this much more time, or `STORE` without earning any; 0 lifts the limit."""
        self._left = max(0.0, seconds - STORE)
        self._set(min(seconds, STORE))

    def earn(self, seconds: float) -> None:
        """Something was read that may take `seconds`. Without a limit nothing happens."""
        if self._left and (stored := signal.getitimer(signal.ITIMER_PROF)[0]):
            more = min(seconds, STORE - stored, self._left)
            if more > 0:
                self._left -= more
                self._set(stored + more)

    def _set(self, seconds: float) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, seconds)
        else:
            self._left = 0.0


CLOCK = Clock()
