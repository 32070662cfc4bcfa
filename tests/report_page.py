"""Reading a report as HTML: which value each link of its ledger leads to."""

from __future__ import annotations

import re

_RECORD = re.compile(r'<details id="ev-([^"]+)" class="record">(.*?)</details>', re.DOTALL)
_ROW = re.compile(r'<tr id="([^"]+)"[^>]*>\s*<th[^>]*><code>([^<]+)</code>')


def ledger(page: str) -> dict[str, tuple[str, str]]:
    """The result and the key that each row of the ledger holds, by the row's id."""
    return {id: (result, key) for result, inside in _RECORD.findall(page) for id, key in _ROW.findall(inside)}
