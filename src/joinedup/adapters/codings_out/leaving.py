"""The quotations that may leave: told as a report tells them, and a count of those that are held back."""

from __future__ import annotations

from collections import Counter

from joinedup.adapters.codings_out.quotations import Cell, Quotations, codes_told
from joinedup.report.gate.barred import Barred
from joinedup.report.gate.passages import NAMES_A_SITE, Leaving
from joinedup.study.model import Study

COLUMNS = (
    *("text", "start", "end", "kind", "said_by", "code", "code_label", "code_path", "coder", "phase", "automatic"),
    *("place", "quote"),
)
NOTICE = "Cleared quotations, and those of public documents. Who spoke is told by profession alone."


def leaving_quotations(study: Study, leaving: Leaving) -> Quotations:
    """The codings of `study` whose passages may leave, by text, place, code and coder, and why the others may not.

    `said_by` and `place` are those of a report. Notes and further columns stay behind. Only a passage of a public text
    has its text, place and coder (who codes some texts alone leads to them), and that only where its site was not
    promised anonymity.
    """
    codes, barred = codes_told(study), Barred(study)
    held: Counter[str] = Counter()
    rows: list[tuple[Cell, ...]] = []
    for coding in study.texts.codings:
        span, code = coding.passage, codes.get(coding.code, (coding.code, coding.code, coding.code))
        quote = leaving.quote(span)
        if quote is None or barred.site_in(" ".join(code)):
            held[leaving.why_not(span) or NAMES_A_SITE] += 1
            continue
        where: tuple[Cell, ...] = (span.text, span.start, span.end) if quote.source else ("", "", "")
        made = (coding.coder, coding.phase) if quote.source else ("", "")
        kind, automatic = study.text_by_id[span.text].kind, "yes" if coding.automatic else ""
        rows.append((*where, kind, quote.attribution, *code, *made, automatic, quote.place, span.quote))
    return Quotations(COLUMNS, tuple(sorted(dict.fromkeys(rows), key=_order)), NOTICE, held)


def _order(row: tuple[Cell, ...]) -> tuple[str, int, int, tuple[str, ...]]:
    """By text and place; what has none by its own words, not by where it stood."""
    text, start, end, *others = row
    return str(text), int(start or 0), int(end or 0), tuple(str(cell) for cell in others)
