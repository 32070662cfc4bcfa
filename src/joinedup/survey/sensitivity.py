"""Whether the contrasts between levels depend on the method: one table of estimates from seven ways to get them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from joinedup.study.analysis import make_result
from joinedup.study.inference import mean_interval
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.study.site import Level
from joinedup.survey.contrast import LEAST_SITES
from joinedup.survey.model import Respondent, Sources, respondents
from joinedup.survey.nonresponse import roster_weights
from joinedup.survey.reliability_result import scale_table
from joinedup.survey.scores import LevelScores, level_scores, person_scores, scale_scores, scales_of, score_sources

if TYPE_CHECKING:
    import pandas as pd

SEED = 20030711
IMPUTATIONS = 10
DRAWS = 9999
METHODS = {
    "paired": "Paired by site",
    "mixed": "Mixed model, sites as random intercepts",
    "permutation": "Permutation within sites (p only)",
    "complete_cases": "People who answered every item",
    "imputed": "Multiple imputation of the items",
    "unweighted": "People counting alike",
    "raked": "People weighted to the roster",
    "proportional_odds": "Proportional odds, sites as fixed effects (log odds)",
}
_REFERENCES = (
    "Barnard, J. and Rubin, D. B. (1999), Small-sample degrees of freedom with multiple imputation, Biometrika 86, "
    "948-955.",
    "Laird, N. M. and Ware, J. H. (1982), Random-effects models for longitudinal data, Biometrics 38, 963-974.",
    "McCullagh, P. (1980), Regression models for ordinal data, Journal of the Royal Statistical Society B 42, 109-142.",
    "Phipson, B. and Smyth, G. K. (2010), Permutation p-values should never be zero, Statistical Applications in "
    "Genetics and Molecular Biology 9, article 39.",
    "van Buuren, S. (2018), Flexible Imputation of Missing Data, 2nd ed. (predictive mean matching).",
)
Pair = tuple[Level, Level]


@dataclass
class _Data:
    """What all methods share: the site scores, the people, their items and level scores; the values so far."""

    study: Study
    scores: LevelScores
    people: tuple[Respondent, ...]
    by_person: pd.DataFrame
    pairs: list[Pair]
    values: dict[str, Value]
    told: list[str]

    @property
    def headline(self) -> Pair:
        """The first level against the last."""
        return self.scores.levels[0], self.scores.levels[-1]

    @property
    def sites(self) -> list[str]:
        return [person.entry.site for person in self.people]


def sensitivity(study: Study) -> Result | None:
    """`survey.sensitivity`: every contrast of two levels by each of the METHODS."""
    import pandas as pd

    scores = level_scores(study)
    if scores is None or len(scores.levels) < 2:
        return None
    if len(scores.complete) < LEAST_SITES:
        raise NotComputable(
            f"Fewer than {LEAST_SITES} sites have a score at every level; there is no contrast to vary."
        )
    people = respondents(study, scores.wave)
    by_person = pd.DataFrame({lv.id: person_scores(study, scores.wave, lv, people) for lv in scores.levels})
    pairs = list(combinations(scores.levels, 2))
    data = _Data(study, scores, people, by_person, pairs, {"sites": len(scores.complete)}, [])
    data.values["people"] = int(by_person.notna().any(axis=1).sum())
    for method in (_paired, _mixed, _odds, _imputed, _weighted):
        method(data)
    return make_result(
        "survey.sensitivity",
        data.values,
        _methods(data),
        (study.survey.scales, study.survey.roster, study.survey.responses[scores.wave], study.sites, study.levels),
        tables=(_headline_table(data), _pairs_table(data)),
        parameters={"wave": scores.wave, "seed": SEED, "imputations": IMPUTATIONS, "draws": DRAWS},
        sources=_sources(data),
        caveats=tuple(data.told),
        references=_REFERENCES,
    )


def pair_key(pair: Pair) -> str:
    """The beginning of the keys of a contrast."""
    return f"{key_part(pair[0].id)}_vs_{key_part(pair[1].id)}"


def _paired(data: _Data) -> None:
    """The t interval over sites, and the sign-flip permutation test."""
    from joinedup.survey.permutation import sign_flip_test

    for pair in data.pairs:
        key, (a, b) = pair_key(pair), (level.id for level in pair)
        away = [data.scores.sites[site][a] - data.scores.sites[site][b] for site in data.scores.complete]
        found = mean_interval(away)
        data.values |= _t_values(f"{key}.paired", found.mean, found.low, found.high, found.p, found.n - 1)
        flipped = sign_flip_test(away, SEED, DRAWS)
        data.values[f"{key}.permutation.p"] = flipped.p
        data.values["permutations"] = flipped.permutations
        least = 2 / flipped.permutations if flipped.exact else 1 / (flipped.permutations + 1)
        data.values["smallest_p"] = least


def _t_values(key: str, estimate: float, low: float, high: float, p: float | None, df: float) -> dict[str, Value]:
    found: dict[str, Value] = {"estimate": estimate, "low": low, "high": high, "p": p, "df": df}
    return {f"{key}.{name}": value for name, value in found.items()}


def _mixed(data: _Data) -> None:
    import pandas as pd

    from joinedup.survey.mixed import mixed_level_contrasts

    table = pd.DataFrame.from_dict({site: dict(found) for site, found in data.scores.sites.items()}, orient="index")
    try:
        found = mixed_level_contrasts(table[[level.id for level in data.scores.levels]])
    except NotComputable as reason:
        data.told.append(f"No mixed model: {reason}")
        return
    rows = dict(zip(found.index, found[["estimate", "low", "high", "p", "df"]].to_numpy().tolist(), strict=True))
    for pair in data.pairs:
        data.values |= _t_values(f"{pair_key(pair)}.mixed", *rows[pair[0].id, pair[1].id])


def _odds(data: _Data) -> None:
    """The headline contrast from people's scores in whole points, as ordered answers; two rows a person."""
    import numpy as np

    from joinedup.survey.cumulative_logit import proportional_odds

    pair = data.headline
    key, (a, b) = f"{pair_key(pair)}.proportional_odds", (level.id for level in pair)
    scores = np.floor(np.concatenate([data.by_person[a], data.by_person[b]]) + 0.5)
    first = np.repeat([1.0, 0.0], len(data.by_person))
    try:
        found = proportional_odds(scores, first, data.sites * 2)
    except NotComputable as reason:
        data.told.append(f"{_words(pair)}: no proportional odds. {reason}")
        return
    row = found.terms.iloc[0]
    data.values |= {f"{key}.{name}": float(row[name]) for name in ("estimate", "odds_ratio", "low", "high", "p")}
    data.values[f"{key}.rows"] = found.n


def _imputed(data: _Data) -> None:
    """The contrast paired by site from people who answered all items, and from imputed items."""
    import pandas as pd

    from joinedup.survey.imputation import impute

    scales = [scale for level in data.scores.levels for scale in scales_of(data.study, level)]
    try:
        items = scale_table(data.study, data.scores.wave, data.people, scales)
        asked = items.notna().any(axis=1)
        items, people = items[asked], [p for p, kept in zip(data.people, asked, strict=True) if kept]
        agencies = pd.get_dummies(pd.Series([p.entry.agency for p in people], index=items.index), dtype=float)
        completed = impute(items.join(agencies.iloc[:, 1:].add_prefix("agency ")), SEED, IMPUTATIONS)
    except NotComputable as reason:
        data.told.append(f"Nothing was imputed: {reason}")
        return
    data.values["imputations"], data.values["missing_share"] = IMPUTATIONS, float(items.isna().to_numpy().mean())
    whole = items.notna().all(axis=1).to_numpy()
    data.values["complete_people"] = int(whole.sum())
    _complete_cases(data, items[whole], [p for p, kept in zip(people, whole, strict=True) if kept])
    _pooled(data, [_site_scores(data, copy, people) for copy in completed])


def _complete_cases(data: _Data, items: pd.DataFrame, people: Sequence[Respondent]) -> None:
    table = _site_scores(data, items, people) if len(items) else None
    if table is None or len(table) < LEAST_SITES:
        data.told.append("Too few people answered every item for a contrast from them alone.")
        return
    for pair in data.pairs:
        found = mean_interval((table[pair[0].id] - table[pair[1].id]).tolist())
        key = f"{pair_key(pair)}.complete_cases"
        data.values |= _t_values(key, found.mean, found.low, found.high, found.p, found.n - 1)


def _pooled(data: _Data, tables: Sequence[pd.DataFrame]) -> None:
    from scipy.stats import t

    from joinedup.survey.pooling import pool

    for pair in data.pairs:
        found = [mean_interval((table[pair[0].id] - table[pair[1].id]).tolist()) for table in tables]
        if not all(one.se > 0 for one in found):
            data.told.append(f"{_words(pair)}: the difference is the same at every site, so nothing is pooled.")
            continue
        pooled = pool([one.mean for one in found], [one.se**2 for one in found], df_complete=found[0].n - 1)
        p = float(2 * t.sf(abs(pooled.estimate) / pooled.se, pooled.df))
        key = f"{pair_key(pair)}.imputed"
        data.values |= _t_values(key, pooled.estimate, *pooled.ci, p, pooled.df)
        data.values[f"{key}.fmi"] = pooled.fmi


def _site_scores(data: _Data, items: pd.DataFrame, people: Sequence[Respondent]) -> pd.DataFrame:
    """Sites x levels from items without blanks, agencies counting alike: the rules of the level scores."""
    import numpy as np
    import pandas as pd

    columns = {}
    for level in data.scores.levels:
        parts = [scale_scores(items[list(s.items)].to_numpy(dtype=float)) for s in scales_of(data.study, level)]
        columns[level.id] = np.mean(parts, axis=0)
    table = pd.DataFrame(columns)
    site, agency = ([getattr(p.entry, name) for p in people] for name in ("site", "agency"))
    return table.groupby([site, agency]).mean().groupby(level=0).mean()


def _weighted(data: _Data) -> None:
    """The mean over people of the difference between their own scores, with and without weights to the roster."""
    from joinedup.survey.estimates import estimate_mean

    try:
        calibration = roster_weights(data.study, data.scores.wave, data.people)
    except NotComputable as reason:
        data.told.append(f"Not weighted to the roster: {reason}")
        calibration = None
    for pair in data.pairs:
        away = data.by_person[pair[0].id] - data.by_person[pair[1].id]
        for method, weights in (("unweighted", None), ("raked", calibration)):
            if method == "raked" and weights is None:
                continue
            try:
                found = estimate_mean(away.tolist(), cluster=data.sites, calibration=weights)
            except NotComputable as reason:
                data.told.append(f"{_words(pair)}, {METHODS[method].lower()}: {reason}")
                continue
            p = _two_sided(found.estimate, found.se, found.df)
            data.values |= _t_values(f"{pair_key(pair)}.{method}", found.estimate, *found.ci, p, found.df)


def _two_sided(estimate: float, se: float, df: float) -> float | None:
    from scipy.stats import t

    return float(2 * t.sf(abs(estimate) / se, df)) if se > 0 and not math.isinf(df) else None


def _words(pair: Pair) -> str:
    return f"{pair[0].label} minus {pair[1].label.lower()}"


def _methods(data: _Data) -> str:
    values = data.values
    told = (
        f"Each contrast of two levels by several methods (wave {data.scores.wave}). Paired by site: as in the result on "
        f"levels, {values['sites']} sites. Mixed model: the sites' scores on levels as fixed effects, sites as random "
        f"intercepts (REML; containment degrees of freedom). Permutation: signs of the sites' differences, "
        f"{values['permutations']:,} patterns. Proportional odds: people's scores rounded to whole points, as ordered answers, sites as "
        f"fixed effects, for the first level against the last; the two scores of a person are taken as independent, so its "
        f"interval is a check of direction only."
    )
    if "imputations" in values:
        told += (
            f" Multiple imputation: {values['imputations']} copies of the items by predictive mean matching (chained "
            f"equations, agency in the model, seed {SEED}; {values['missing_share']:.1%} of the answers are missing), "
            f"scored and paired by site, pooled by Rubin's rules with Barnard and Rubin's degrees of freedom; the "
            f"{values['complete_people']} people who answered every item stand beside it."
        )
    return (
        f"{told} People: the mean of each person's own difference, linearised and clustered by site, unweighted and "
        f"raked to the roster. p is not adjusted for the number of contrasts."
    )


def _headline_table(data: _Data) -> Table:
    pair = data.headline
    names = ("estimate", "low", "high", "p", "df")
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for method, words in METHODS.items():
        found = [f"{pair_key(pair)}.{method}.{name}" for name in names]
        if any(key in data.values for key in found):
            keys.append(("", *(key if key in data.values else "" for key in found)))
            rows.append((words, *(data.values.get(key) for key in found)))
    heads = ("Difference", "Low", "High", "p", "df")
    columns = (("method", "Method"), *zip(names, heads, strict=True))
    note = "Points, with 95% intervals; the last line in log odds. The contrast of the first level with the last."
    return Table("headline", f"{_words(pair)}, by each method", columns, tuple(rows), note, tuple(keys))


def _pairs_table(data: _Data) -> Table:
    methods = [method for method in METHODS if method not in ("permutation", "proportional_odds")]
    names = [*(f"{method}.estimate" for method in methods), "permutation.p"]
    heads = ("Paired", "Mixed", "Complete", "Imputed", "People", "Raked", "p (permutation)")
    keys = []
    for pair in data.pairs:
        found = [f"{pair_key(pair)}.{name}" for name in names]
        keys.append(("", *(key if key in data.values else "" for key in found)))
    rows: list[Row] = [
        (_words(pair), *(data.values.get(key) for key in row[1:])) for pair, row in zip(data.pairs, keys, strict=True)
    ]
    columns = (
        ("contrast", "Contrast"),
        *((name.replace(".", "_"), head) for name, head in zip(names, heads, strict=True)),
    )
    note = "Differences in points."
    return Table("contrasts", "Every contrast by each method", columns, tuple(rows), note, tuple(keys))


def _sources(data: _Data) -> Sources:
    found = score_sources(data.study, data.scores)
    behind: dict[str, tuple[Source, ...]] = {"": found[""]}
    for pair in data.pairs:
        behind[pair_key(pair)] = (*found[key_part(pair[0].id)], *found[key_part(pair[1].id)])
    return behind
