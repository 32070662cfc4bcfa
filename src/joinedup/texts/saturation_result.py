"""Saturation of the codebook over the study's interviews, in the order in which they were held."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.texts import Text
from joinedup.texts.corpus import CODINGS_FILE, TEXTS_FILE, rows_of
from joinedup.texts.model import Corpus
from joinedup.texts.saturation import Orders, Saturation, order_bootstrap, saturation

_GUEST = (
    "Guest, G., Namey, E. and Chen, M. (2020), A simple method to assess and report thematic saturation in qualitative "
    "research. PLoS ONE 15(5), e0232076."
)

BASE, RUN, THRESHOLD, DRAWS, SEED = 4, 2, 0.05, 1000, 0


def saturation_result(study: Study) -> Result | None:
    """`texts.saturation`; None where no interview is coded."""
    corpus = Corpus(study)
    read = _read(corpus)
    order = codes_by_interview(corpus, read)
    if not any(order.values()):
        return None
    found = saturation(order, BASE, RUN, THRESHOLD)
    orders = order_bootstrap(order, BASE, RUN, THRESHOLD, DRAWS, SEED)
    values = _values(found, orders)
    ids = {text.id for text in read}
    codings = [coding for coding in corpus.reported if coding.passage.text in ids]
    return make_result(
        "texts.saturation",
        values,
        _methods(found, values),
        (study.texts.texts, study.texts.assignments, corpus.reported, study.kinds, corpus.planned_coders),
        tables=(_table(found, values),),
        parameters={"base": BASE, "run": RUN, "threshold": THRESHOLD, "draws": DRAWS, "seed": SEED},
        sources={
            "": (
                *rows_of(CODINGS_FILE, codings, ("text", "code", "coder")),
                *rows_of(TEXTS_FILE, read, ("text", "interview", "date")),
            )
        },
        caveats=_caveats(read),
        references=(_GUEST,),
    )


def _read(corpus: Corpus) -> tuple[Text, ...]:
    """The interviews that the reported coder was given (all, where none is assigned), by date, then id."""
    coder = corpus.planned_coders[0] if corpus.planned_coders else ""
    given = {row.text for row in corpus.study.texts.assignments if not coder or row.coder == coder}
    spoken = [text for text in corpus.study.texts.texts if corpus.has_speakers(text)]
    return tuple(sorted((t for t in spoken if not given or t.id in given), key=lambda t: (t.date, t.interview, t.id)))


def codes_by_interview(corpus: Corpus, read: tuple[Text, ...]) -> dict[str, set[str]]:
    """Interview -> the codes of its codings, in the order of `read`; an interview without a code has none."""
    found: dict[str, set[str]] = {}
    interview = {text.id: text.interview or text.id for text in read}
    for text in read:
        found.setdefault(interview[text.id], set())
    for coding in corpus.reported:
        if coding.passage.text in interview:
            found[interview[coding.passage.text]].add(coding.code)
    return found


def _values(found: Saturation, orders: Orders) -> dict[str, Value]:
    values: dict[str, Value] = {
        "interviews": len(found.curve),
        "codes": found.curve[-1],
        "base": found.base,
        "base_codes": found.base_codes,
        "reached_at": found.reached_at,
        "reached_after": found.interviews,
        "orders": orders.draws,
        "orders.reached": orders.reached,
        "orders.median": orders.median,
        "orders.low": orders.earliest,
        "orders.high": orders.latest,
    }
    values |= {f"run.{at}.ratio": ratio for at, ratio in enumerate(found.ratios, start=1)}
    for at, known in enumerate(found.curve):
        of = {"codes": known, "mean": orders.mean[at], "low": orders.low[at], "high": orders.high[at]}
        values |= {f"after.{at + 1}.{key}": value for key, value in of.items()}
    return values


def _methods(found: Saturation, values: Mapping[str, Value]) -> str:
    told = (
        f"reached at {found.reached_at}: after {found.interviews} interviews, the next {RUN} brought no more than that"
        if found.reached_at
        else "not reached"
    )
    return (
        f"Code saturation after Guest, Namey and Chen (2020): codes that are new in a run of {RUN} interviews as a share "
        f"of the {found.base_codes} codes in the first {BASE} interviews, over successive runs that do not overlap, "
        f"with a threshold of {THRESHOLD:.0%}. {values['interviews']} coded interviews in the order of their dates: {told}. "
        f"As the order decides, {DRAWS:,} random orders were tried as well (seed {SEED}): the curve's band holds 95% of "
        f"them. It says when this codebook had been heard, not that nothing else could be."
    )


def _table(found: Saturation, values: Mapping[str, Value]) -> Table:
    """The runs up to the first after which none brings a new code."""
    rows: list[Row] = []
    keys = []
    bringing = max((at for at, ratio in enumerate(found.ratios, start=1) if ratio), default=0)
    shown = found.ratios[: bringing + 1]
    for at, ratio in enumerate(shown, start=1):
        last = BASE + at * RUN
        rows.append((f"{last - RUN + 1} to {last}", values[f"after.{last}.codes"], ratio))
        keys.append(("", f"after.{last}.codes", f"run.{at}.ratio"))
    columns = (("run", "Interviews"), ("codes", "Codes so far"), ("ratio", "New, as a share of the base"))
    more = len(found.ratios) - len(shown)
    note = f"Runs after that which bring a new code: 0 of {more}." if more else ""
    return Table("runs", "Codes new in each run of interviews", columns, tuple(rows), note, tuple(keys))


def _caveats(read: tuple[Text, ...]) -> tuple[str, ...]:
    undated = sum(not text.date for text in read)
    return (f"{undated} interviews have no date and stand first.",) if undated else ()
