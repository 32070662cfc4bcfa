"""`synthesis.case-ordered-display`: case-study sites in the order of an outcome, the share who speak of each theme beside."""

from __future__ import annotations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.synthesis.case_ordered_display import Trend, jonckheere_terpstra, kendall_tau
from joinedup.synthesis.integration.literature import JONCKHEERE, KENDALL, MILES
from joinedup.synthesis.integration.reading import (
    Declared,
    Results,
    Spoken,
    declared,
    measure_of,
    sources_at,
    values_by_site,
)

FILE = "case-ordered-display"
_FEW, _MOST = 1 / 3, 2 / 3
"""A theme is spoken of by few, some or most: up to a third, up to two thirds, and above."""


def case_order_result(study: Study, results: Results) -> Result | None:
    """The Result `synthesis.case-ordered-display`; None where the study declares none.

    Raises NotComputable where fewer than three sites have both an interview and a value.
    """
    data = declared(study, FILE)
    if not data:
        return None
    spoken = Spoken(study)
    if not spoken.corpus.interviewed:
        raise NotComputable("the study holds no interviews: its cases can't be set side by side by who speaks of what")
    outcome = values_by_site(study, results, data["outcome"])
    cases = sorted((site for site in outcome if site in spoken.interviewed), key=lambda site: (outcome[site], site))
    if len(cases) < 3:
        raise NotComputable(
            f"{len(cases)} sites have both an interview and a value of the outcome: no order to speak of"
        )
    values: dict[str, Value] = {"cases": len(cases), "themes": len(data["codes"])}
    for place, site in enumerate(cases, start=1):
        key = f"site.{key_part(site)}"
        values |= {f"{key}.outcome": outcome[site], f"{key}.place": place}
        values[f"{key}.people"] = len(spoken.interviewed[site])
    scores = [outcome[site] for site in cases]
    for code in data["codes"]:
        values |= _theme(spoken, code, cases, scores)
    read = measure_of(data["outcome"], cases[0])[0]
    coded = results.get("texts.theme-matrix")
    return make_result(
        "synthesis.case-ordered-display",
        values,
        _methods(data, values),
        (data, results[read].inputs, coded.inputs if coded else ""),
        tables=(_display(study, data, spoken, cases, values), _trends(data, spoken, values)),
        sources={f"site.{key_part(site)}": sources_at(results, data["outcome"], [site]) for site in cases}
        | ({"": coded.sources_of("passages")} if coded else {}),
        caveats=(
            f"Descriptive, n = {len(cases)}: the cases were chosen, not drawn, and {len(data['codes'])} themes were looked at.",
        ),
        references=(MILES, KENDALL, JONCKHEERE),
    )


def _theme(spoken: Spoken, code: str, cases: list[str], scores: list[float]) -> dict[str, Value]:
    key, people = key_part(code), spoken.people(code)
    shares = [len(people[site]) / len(spoken.interviewed[site]) for site in cases]
    values: dict[str, Value] = {
        f"{key}.site.{key_part(site)}.share": share for site, share in zip(cases, shares, strict=True)
    }
    groups: tuple[list[float], list[float], list[float]] = ([], [], [])
    for share, score in zip(shares, scores, strict=True):
        groups[0 if share <= _FEW else 1 if share <= _MOST else 2].append(score)
    tau, j = _tau(shares, scores), _j(groups)
    return values | {
        f"{key}.tau": tau.statistic if tau else None,
        f"{key}.tau_p": tau.p if tau else None,
        f"{key}.j": j.statistic if j else None,
        f"{key}.j_p": j.p if j else None,
    }


def _tau(shares: list[float], scores: list[float]) -> Trend | None:
    try:
        return kendall_tau(shares, scores)
    except NotComputable:
        return None


def _j(groups: tuple[list[float], ...]) -> Trend | None:
    try:
        return jonckheere_terpstra(groups)
    except NotComputable:
        return None


def _methods(data: Declared, values: dict[str, Value]) -> str:
    return (
        f"{values['cases']} case-study sites stand in the order of {data['label'].lower()}; beside it the share of the people "
        f"interviewed there whose turns carry each theme. The trend is Kendall's tau-b of share and outcome, and Jonckheere "
        f"and Terpstra's J of the outcome over sites where few (up to a third), some, and most (above two thirds) speak of "
        f"it; both p values are exact, over every order of the cases, two-sided and not adjusted for the number of themes. "
        f"There is none where a theme does not vary. Descriptive, n = {values['cases']}."
    )


def _display(study: Study, data: Declared, spoken: Spoken, cases: list[str], values: dict[str, Value]) -> Table:
    codes = data["codes"]
    columns = (
        ("site", "Case"),
        ("outcome", data["label"]),
        ("people", "People interviewed"),
        *((key_part(code), spoken.label(code)) for code in codes),
    )
    keys = tuple(
        (
            "",
            f"site.{key_part(site)}.outcome",
            f"site.{key_part(site)}.people",
            *(f"{key_part(code)}.site.{key_part(site)}.share" for code in codes),
        )
        for site in cases
    )
    rows: tuple[Row, ...] = tuple(
        (study.site_by_id[site].name, *(values[key] for key in row[1:])) for site, row in zip(cases, keys, strict=True)
    )
    note = "From the lowest outcome to the highest; themes: share of the people interviewed who speak of them."
    return Table("cases", f"Cases in the order of {data['label'].lower()}", columns, rows, note, keys)


def _trends(data: Declared, spoken: Spoken, values: dict[str, Value]) -> Table:
    columns = (
        ("theme", "Theme"),
        ("tau", "Kendall’s tau-b"),
        ("tau_p", "p (exact)"),
        ("j", "J"),
        ("j_p", "p (exact) of J"),
    )
    keys = tuple(("", *(f"{key_part(code)}.{part}" for part in ("tau", "tau_p", "j", "j_p"))) for code in data["codes"])
    rows: tuple[Row, ...] = tuple(
        (spoken.label(code), *(values[key] for key in row[1:])) for code, row in zip(data["codes"], keys, strict=True)
    )
    note = f"Descriptive, n = {values['cases']}. No value: the theme does not vary, or its groups are empty."
    return Table("trends", f"Trends with {data['label'].lower()}", columns, rows, note, keys)
