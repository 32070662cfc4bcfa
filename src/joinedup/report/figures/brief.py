"""Where one site stands at every level: its own score among those of sites without a name."""

from __future__ import annotations

from joinedup.report.figures.spec import BLUE, ORANGE, PALE, chart, figure, figure_table, names, number, quantity
from joinedup.report.model import Figure
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result


def scored(study: Study, result: Result) -> list[str]:
    """The key parts of the programme's sites with a score at some level."""
    levels = [key_part(level.id) for level in study.levels]
    keys = [key_part(site.id) for site in study.programme_sites]
    return [key for key in keys if any(number(result.values.get(f"site.{key}.{at}")) is not None for at in levels)]


def standing(study: Study, result: Result, site: str, title: str) -> Figure | None:
    """A row of dots for each level, the site's own a large diamond; None where it has no score.

    Values without a level are left out.
    """
    own, sites = key_part(site), scored(study, result)
    if own not in sites:
        return None
    levels = [level for level in study.levels if f"{key_part(level.id)}.mean" in result.values]
    data: list[dict[str, object]] = []
    rows, told = [], []
    for level in levels:
        id = key_part(level.id)
        found = {key: number(result.values.get(f"site.{key}.{id}")) for key in sites}
        scores = {key: score for key, score in found.items() if score is not None}
        data += [{"level": level.label, "score": scores[key], "whose": _whose(key, own)} for key in sorted(scores, key=scores.__getitem__)]  # fmt: skip
        if own in scores:
            others = [score for key, score in scores.items() if key != own]
            told.append(f"{level.label.lower()} above {sum(score < scores[own] for score in others)} of {len(others)}")
            rows.append((level.label, (f"site.{own}.{id}", scores[own]), (f"{id}.mean", result.values[f"{id}.mean"])))
    if not rows:
        return None
    spec = chart(data, _layers(study, [level.label for level in levels]))
    heads = (("level", "Level"), ("own", "This site"), ("mean", "Mean of all sites"))
    table = figure_table("brief-standing", "Scores by level", result, heads, rows)
    alt = f"Strip plot of level scores, the site among the others: {', '.join(told)}."
    note = "One dot a site, all but this one without a name. Sites whose scores are suppressed have none."
    return figure("brief-standing", title, alt, spec, table, result, note)


def _whose(key: str, own: str) -> str:
    return "this site" if key == own else "another site"


def _layers(study: Study, labels: list[str]) -> dict[str, object]:
    scales = study.survey.scales
    domain = (min((s.low for s in scales), default=1.0), max((s.high for s in scales), default=5.0))
    x = {"field": "score", **quantity(f"score, {domain[0]:g} to {domain[1]:g}", domain)}
    y = {"field": "level", **names(labels)}
    others = {"type": "point", "filled": True, "size": 70, "color": PALE, "opacity": 0.9, "stroke": BLUE, "strokeWidth": 0.6}  # fmt: skip
    own = {"type": "point", "filled": True, "shape": "diamond", "size": 260, "color": ORANGE, "opacity": 1, "stroke": BLUE}  # fmt: skip
    return {
        "width": 430,
        "height": {"step": 34},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"transform": [{"filter": f"datum.whose == '{whose}'"}], "mark": mark}
            for whose, mark in (("another site", others), ("this site", own))
        ],
    }
