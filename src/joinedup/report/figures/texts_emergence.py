"""Figures of what emerges from the texts: telling words, the codebook filling up, candidate themes by profession."""

from __future__ import annotations

from joinedup.report.describe import Describer
from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    INK,
    PALE,
    PANEL_HEADER,
    WIDTH,
    Shown,
    axis,
    chart,
    dots,
    figure,
    figure_table,
    keyed,
    number,
    panels,
    quantity,
    span,
)
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_WORDS = 6


def professions_of(study: Study, result: Result, suffix: str) -> dict[str, str]:
    """Key part -> label of the professions that have a value under `suffix`, by label."""
    describer = Describer(study)
    parts = sorted({key_part(person.profession) for person in study.people if person.profession})
    return {part: describer.label("profession", part) for part in parts if suffix.format(part) in result.values}


def telling_words(study: Study, result: Result) -> Figure | None:
    """Dots: the words that set each profession apart, by z, in a panel a profession."""
    professions = professions_of(study, result, "{}.1.word")
    data, rows = [], []
    for part, label in professions.items():
        for rank in range(1, _WORDS + 1):
            word, z = (result.values.get(f"{part}.{rank}.{key}") for key in ("word", "z"))
            if isinstance(word, str) and number(z) is not None:
                data.append({"profession": label, "word": word, "zero": 0, "z": z, "rank": rank})
                cells = keyed(result, f"{part}.{rank}", ("z", "count", "rest", "people"))
                rows.append([label, word, *cells])
    if not data:
        return None
    most = max(float(row["z"]) for row in data)  # type: ignore[arg-type]
    x = quantity("z", (0.0, most), tickCount=5)
    y = {"field": "word", "type": "nominal", "sort": {"field": "rank"}, "axis": axis(None, domain=False, ticks=False)}
    body = {
        "facet": {"field": "profession", "type": "nominal", "header": {**PANEL_HEADER, "labelFontSize": 12}},
        "columns": 2,
        "spacing": {"row": 14, "column": 18},
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 100,
            "height": {"step": 19},
            "encoding": {"y": y},
            "layer": [span("zero", "z", x, PALE, 2), dots("z", x, size=80)],
        },
    }
    heads = [("profession", "Profession"), ("word", "Word"), ("z", "z"), ("count", "Said by it"),
             ("rest", "By others"), ("people", "People who say it")]  # fmt: skip
    table = figure_table("telling-words", "Words that set a profession apart", result, heads, rows)
    first = "; ".join(f"{label}: {result.values[f'{part}.1.word']}" for part, label in professions.items())
    alt = f"Dot plots of the words that set each of {len(professions)} professions apart, by z. First words: {first}."
    note = "z: how far a word's odds in the profession exceed those in all others, by its standard error. It ranks words; it is no test."
    return figure("telling-words", "The words of each profession", alt, chart(data, body), table, result, note)


def saturation_curve(study: Study, result: Result) -> Figure | None:  # noqa: ARG001
    """Line: codes known after each interview; behind it the band over random orders."""
    interviews = result.values.get("interviews")
    if not isinstance(interviews, int):
        return None
    keys = ("codes", "mean", "low", "high")
    data, rows = [], []
    shown = _shown(result, interviews)
    for at in range(1, shown + 1):
        data.append({"interview": at, **{key: result.values.get(f"after.{at}.{key}") for key in keys}})
        rows.append([str(at), *keyed(result, f"after.{at}", keys)])
    most = float(max(number(row["high"]) or 0 for row in data))
    y = quantity("codes known", (0.0, most), tickMinStep=1)
    x = {"field": "interview", **quantity("interviews", (1.0, float(shown)), tickMinStep=1)}
    band = {"mark": {"type": "area", "color": PALE, "opacity": 0.7},
            "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}}}  # fmt: skip
    mean = {"mark": {"type": "line", "color": GREY, "strokeDash": [4, 3]}, "encoding": {"y": {"field": "mean", **y}}}
    line = {"mark": {"type": "line", "color": BLUE, "strokeWidth": 2.5, "interpolate": "step-after"},
            "encoding": {"y": {"field": "codes", **y}}}  # fmt: skip
    layers = [band, mean, line]
    after = number(result.values.get("reached_after"))
    if after is not None:
        rule = {"type": "rule", "color": INK, "strokeDash": [2, 3]}
        layers.append({"mark": rule, "encoding": {"x": {"datum": after}}})
    body = {"width": WIDTH - 60, "height": 220, "encoding": {"x": x}, "layer": layers}
    heads = [
        ("at", "Interviews"),
        ("codes", "Codes known"),
        ("mean", "Mean over orders"),
        ("low", "2.5%"),
        ("high", "97.5%"),
    ]
    table = figure_table("saturation", "Codes known after each interview", result, heads, rows)
    reached = result.values.get("reached_at")
    told = f"saturation is reached at {reached}" if reached else "saturation is not reached"
    alt = (
        f"Line of the codes known after each of {interviews} interviews, rising to {data[-1]['codes']}, with a band "
        f"over random orders; {told}."
    )
    rest = f" Interviews after {shown} bring nothing new in any order." if shown < interviews else ""
    note = (
        "Solid: the order in which the interviews were held. Band and dashed curve: 95% and mean of random orders. "
        "Dotted line: interviews before the first run that brings no more than the threshold." + rest
    )
    return figure("saturation", "When the codes had been heard", alt, chart(data, body), table, result, note)


def _shown(result: Result, interviews: int) -> int:
    """How many interviews the curve shows: to twice the number after which no order brings a new code."""
    total = result.values.get("codes")
    full = (at for at in range(1, interviews + 1) if result.values.get(f"after.{at}.low") == total)
    return min(interviews, max(12, 2 * next(full, interviews)))


def topics_by_profession(study: Study, result: Result) -> Figure | None:
    """Dots with intervals: each topic's share of a profession's turns, in a panel a topic."""
    professions = professions_of(study, result, "topic.1.{}.share")
    topics = result.values.get("k")
    if not professions or not isinstance(topics, int):
        return None
    data: list[dict[str, object]] = []
    rows: list[list[Shown]] = []
    keys = ("share", "share.low", "share.high")
    for at in range(1, topics + 1):
        words = str(result.values.get(f"topic.{at}.distinctive") or "")
        label = panels(f"{at}: {', '.join(words.split(', ')[:4])}", "", 30)
        for part, name in professions.items():
            share, low, high = (number(result.values.get(f"topic.{at}.{part}.{key}")) for key in keys)
            data.append({"topic": label, "order": at, "profession": name, "share": share, "low": low, "high": high})
            rows.append([str(at), name, *keyed(result, f"topic.{at}.{part}", keys)])
    x = quantity("share of turns", None, format=".0%", tickCount=4)
    y = {"field": "profession", "type": "nominal", "axis": axis(None, domain=False, ticks=False)}
    body = {
        "facet": {"field": "topic", "type": "nominal", "sort": {"field": "order"}, "header": PANEL_HEADER},
        "columns": 2,
        "spacing": {"row": 14, "column": 18},
        "spec": {
            "width": 150,
            "height": {"step": 17},
            "encoding": {"y": y},
            "layer": [span("low", "high", x, PALE), dots("share", x, size=55)],
        },
    }
    heads = [("topic", "Topic"), ("profession", "Profession"), ("share", "Share"), ("low", "95% from"), ("high", "to")]
    table = figure_table("topics-by-profession", "Candidate themes by profession", result, heads, rows)
    alt = (
        f"Dots with 95% intervals: the share of {topics} candidate themes, suggested by a model, in the turns of "
        f"{len(professions)} professions."
    )
    note = "Suggested by a model. Bars: 95% intervals by the method of composition, clustered by person."
    return figure(
        "topics-by-profession", "Who speaks of the candidate themes", alt, chart(data, body), table, result, note
    )
