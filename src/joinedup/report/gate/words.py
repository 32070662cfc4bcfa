"""What the gate stops: sentences that need a hidden value, quotes that name their speaker, findings that don't stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from joinedup.disclosure import Attribution, Stop, named_in, quote_risks
from joinedup.report.gate.anonymity import is_promised, stops_of_names
from joinedup.report.gate.barred import Barred
from joinedup.report.gate.values import Values
from joinedup.report.model import Document, QuoteBlock, walk
from joinedup.study.expect import references
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.synthesis.findings import BROKEN, STALE


def stops(study: Study, document: Document, findings: Mapping[str, Finding], values: Values) -> Iterator[Stop]:
    """Every reason why the report may not leave as it is."""
    for finding in findings.values():
        if finding.freshness in (STALE, BROKEN):
            moved = "; ".join(finding.moved or finding.gone) or "what it cites is other than what was affirmed"
            what = f"Finding {finding.id} is {finding.freshness}: {moved}."
            yield Stop(
                what,
                "A release says what its evidence says.",
                "Read its evidence again and affirm it, or correct it.",
                "findings.toml",
            )
        said = " ".join((finding.claim, finding.limits, *(piece.note for piece in finding.evidence)))
        yield from _hidden(f"Finding {finding.id}", said, "findings.toml", values)
    for text in study.settings.get("report", {}).get("summary", []):
        yield from _hidden("The summary", str(text), "study.toml", values)
    yield from _quotes(study, document, values)
    if is_promised(study):
        yield from stops_of_names(study, findings)


def _hidden(who: str, sentence: str, place: str, values: Values) -> Iterator[Stop]:
    for one in references(sentence):
        if (one.result, one.key) in values.hidden:
            what = f"{who} states {one.result}:{one.key}, which is suppressed."
            before = (
                f", or set against the earlier release of {' and of '.join(values.earlier)}" if values.earlier else ""
            )
            why = (
                "A count of so few persons may not leave, nor one that would give such a count away, in this release"
                f"{before}."
            )
            yield Stop(what, why, "Write the sentence without it, or with a larger group.", place)


def _quotes(study: Study, document: Document, values: Values) -> Iterator[Stop]:
    """Quotes whose attribution and words fit too few people; those of one text are known as such, so that what one of them
    names tells of the others."""
    blocks = {part.source: part for part in walk(document.sections) if isinstance(part, QuoteBlock)}
    spoken = [block for block in blocks.values() if not is_public(study, block)]
    yield from _barred(study, spoken)
    said = [attributed(study, block) for block in spoken]
    named: dict[str, dict[str, None]] = {}
    for one in said:
        named.setdefault(_text(one), {}).update({one.site: None} if one.site else {})
    together = [
        replace(one, site=site) for one in said for site in ((one.site,) if one.site else named[_text(one)] or ("",))
    ]
    yield from quote_risks(together, study.people, values.profile)


def _barred(study: Study, quotes: Iterable[QuoteBlock]) -> Iterator[Stop]:
    """Quotes that hold a person's number, address, name or pseudonym."""
    barred = Barred(study)
    for block in quotes:
        why = barred.why(block.words) or ("It holds a person's id." if barred.names_person(block.words) else "")
        if why:
            what = f"The quote {block.source} can't leave with these words."
            yield Stop(what, why, "Cite another passage, or correct the text.", block.source)


def _text(said: Attribution) -> str:
    return said.place.rpartition(":")[0]


def attributed(study: Study, block: QuoteBlock) -> Attribution:
    """Who a quote is attributed to, and the site where it names one itself; what else it speaks of is its subject."""
    said = named_in(block.attribution, study, block.source)
    return said if said.site else replace(said, site=named_in(block.words, study).site)


def is_public(study: Study, block: QuoteBlock) -> bool:
    """Whether a quote is of a text of a public kind: whoever wrote it published it."""
    text = study.text_by_id.get(block.source.rpartition(":")[0])
    public = {kind.id for kind in study.kinds if kind.public}
    return text is not None and text.kind in public
