"""How well the items measure: reliability of each scale and a factor model of all, or the reason why not."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import Scale
from joinedup.survey.model import Respondent, Sources, headline_wave, respondents, response_source, roster_source
from joinedup.survey.scores import keyed_answers

if TYPE_CHECKING:
    import pandas as pd

_REFERENCES = (
    "Cronbach, L. J. (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16, 297-334.",
    "Feldt, L. S. (1965), The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty, "
    "Psychometrika 30, 357-370 (interval of alpha).",
    "McDonald, R. P. (1999), Test Theory: A Unified Treatment (omega).",
    "Zumbo, B. D., Gadermann, A. M. and Zeisser, C. (2007), Ordinal versions of coefficients alpha and theta, Journal of "
    "Modern Applied Statistical Methods 6(1), 21-29.",
    "Jöreskog, K. G. (1969), A general approach to confirmatory maximum likelihood factor analysis, Psychometrika 34, "
    "183-202.",
)


@dataclass
class _Found:
    """The values so far and what must be said of them."""

    values: dict[str, Value] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def scale_table(study: Study, wave: str, people: Sequence[Respondent], scales: Sequence[Scale]) -> pd.DataFrame:
    """Keyed answers to the items of `scales` (people x items, NaN missing).

    Raises NotComputable where an item belongs to two scales: it would stand twice.
    """
    import pandas as pd

    parts = [pd.DataFrame(keyed_answers(study, wave, s, people), columns=list(s.items)) for s in scales]
    found = pd.concat(parts, axis=1)
    if found.columns.has_duplicates:
        twice = sorted(set(found.columns[found.columns.duplicated()]))
        raise NotComputable(f"An item belongs to two scales: {', '.join(twice)}.")
    return found


def reliability(study: Study) -> Result | None:
    """`survey.reliability`: alpha, omega, ordinal alpha and item-rest correlations by scale; a factor model of all."""
    wave = headline_wave(study)
    scales = [scale for scale in study.survey.scales if scale.items]
    if not scales or not wave or wave not in study.survey.responses:
        return None
    people = respondents(study, wave)
    found = _Found({"people": len(people), "scales": len(scales)})
    for scale in scales:
        _scale(study, wave, scale, people, found)
    if not any(key.endswith(".alpha") for key in found.values):
        raise NotComputable(" ".join(found.told))
    _factors(study, wave, scales, people, found)
    return make_result(
        "survey.reliability",
        found.values,
        _methods(wave, found.values),
        (study.survey.scales, study.survey.roster, study.survey.responses[wave], study.sites),
        tables=_tables(study, scales, found.values),
        parameters={"wave": wave, "missing": "pairwise"},
        sources=_sources(wave, scales, people),
        caveats=tuple(found.told),
        references=_REFERENCES,
    )


def _scale(study: Study, wave: str, scale: Scale, people: Sequence[Respondent], found: _Found) -> None:
    import pandas as pd

    from joinedup.survey.reliability import cronbach_alpha

    key = key_part(scale.id)
    found.values[f"{key}.items"] = len(scale.items)
    items = pd.DataFrame(keyed_answers(study, wave, scale, people), columns=list(scale.items))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            alpha = cronbach_alpha(items)
    except NotComputable as reason:
        found.told.append(f"{scale.label}: {reason}")
        return
    found.told += [f"{scale.label}: {sentence}" for sentence in alpha.warnings]
    found.values |= {
        f"{key}.n": alpha.n,
        f"{key}.alpha": alpha.alpha,
        f"{key}.alpha_low": alpha.ci[0],
        f"{key}.alpha_high": alpha.ci[1],
        f"{key}.standardised": alpha.std_alpha,
    }
    _others(scale, items, found)
    for item in scale.items:
        found.values[f"{key}.{key_part(item)}.item_rest"] = float(alpha.item_rest[item])
        found.values[f"{key}.{key_part(item)}.if_dropped"] = float(alpha.if_dropped[item])


def _others(scale: Scale, items: pd.DataFrame, found: _Found) -> None:
    from joinedup.survey.factors import omega_total
    from joinedup.survey.ordinal import ordinal_alpha

    for name, coefficient in (("omega", omega_total), ("ordinal_alpha", ordinal_alpha)):
        try:
            found.values[f"{key_part(scale.id)}.{name}"] = coefficient(items)
        except NotComputable as reason:
            found.told.append(f"{scale.label}: no {name.replace('_', ' ')}. {reason}")


def _factors(study: Study, wave: str, scales: Sequence[Scale], people: Sequence[Respondent], found: _Found) -> None:
    from joinedup.survey.confirmatory import cfa

    try:
        table = scale_table(study, wave, people, scales)
        model = cfa(table, {scale.id: list(scale.items) for scale in scales})
    except NotComputable as reason:
        found.told.append(f"No factor model was fitted: {reason}")
        return
    found.told += [f"Factor model: {sentence}" for sentence in model.warnings]
    values: dict[str, Value] = {
        name: getattr(model, name) for name in ("n", "left_out", "chi2", "df", "p", "cfi", "tli", "rmsea", "srmr")
    }
    values["factors"] = len(scales)
    if model.rmsea_ci is not None:
        values["rmsea_low"], values["rmsea_high"] = model.rmsea_ci
    found.values |= {f"cfa.{name}": value for name, value in values.items()}
    for scale in scales:
        for item in scale.items:
            loading = float(model.loadings.loc[item, "std"])  # type: ignore[arg-type]
            found.values[f"{key_part(scale.id)}.{key_part(item)}.loading"] = loading
    for one, other in combinations(scales, 2):
        key = f"{key_part(one.id)}_with_{key_part(other.id)}.correlation"
        found.values[key] = float(model.correlations.loc[one.id, other.id])  # type: ignore[arg-type]


def _methods(wave: str, values: Mapping[str, Value]) -> str:
    told = (
        f"Reliability of {values['scales']} scales from {values['people']} respondents of wave {wave}, each counting "
        f"alike, items keyed as declared. Cronbach's alpha from pairwise covariances with Feldt's 95% interval; "
        f"standardised alpha from their correlations; McDonald's omega total from one minimum residual factor; ordinal "
        f"alpha from polychoric correlations, which speaks of latent variables and is not comparable with alpha."
    )
    if "cfa.n" in values:
        told += (
            f" One factor a scale, correlated: maximum likelihood from the {values['cfa.n']} people who answered every "
            f"item, chi-square n F, RMSEA with n. People of a site are taken as independent, which flatters the fit and "
            f"the intervals."
        )
    return told


def _tables(study: Study, scales: Sequence[Scale], values: Mapping[str, Value]) -> tuple[Table, ...]:
    names = ("items", "n", "alpha", "alpha_low", "alpha_high", "standardised", "omega", "ordinal_alpha")
    heads = ("Items", "People", "Alpha", "Low", "High", "Standardised", "Omega", "Ordinal alpha")
    keys = [("", *(_present(f"{key_part(scale.id)}.{name}", values) for name in names)) for scale in scales]
    rows: list[Row] = [
        (scale.label, *(values.get(key) for key in row[1:])) for scale, row in zip(scales, keys, strict=True)
    ]
    columns = (("scale", "Scale"), *zip(names, heads, strict=True))
    note = "Low and high: Feldt's 95% interval of alpha. Ordinal alpha is not comparable with the others."
    found = [Table("scales", "Reliability of the scales", columns, tuple(rows), note, tuple(keys))]
    found.append(_item_table(study, scales, values))
    return (*found, *_fit_tables(scales, values))


def _present(key: str, values: Mapping[str, Value]) -> str:
    return key if key in values else ""


def _item_table(study: Study, scales: Sequence[Scale], values: Mapping[str, Value]) -> Table:
    names = ("item_rest", "if_dropped", "loading")
    instrument = study.survey.instrument
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for scale in scales:
        for name in scale.items:
            item = instrument.item(name) if instrument else None
            words = (item.label if item else "") or name
            stem = f"{key_part(scale.id)}.{key_part(name)}"
            keys.append(("", "", *(_present(f"{stem}.{part}", values) for part in names)))
            label = f"{words} (reversed)" if name in scale.reverse else words
            rows.append((scale.label, label, *(values.get(key) for key in keys[-1][2:])))
    heads = ("Item-rest correlation", "Alpha without it", "Loading")
    columns = (("scale", "Scale"), ("item", "Item"), *zip(names, heads, strict=True))
    note = "Reversed items are turned round first. Loadings are standardised, from the model of all scales."
    return Table("items", "The items of the scales", columns, tuple(rows), note, tuple(keys))


_FIT = {
    "n": "People who answered every item",
    "chi2": "Chi-square",
    "df": "df",
    "p": "p",
    "cfi": "CFI",
    "tli": "TLI",
    "rmsea": "RMSEA",
    "rmsea_low": "Low",
    "rmsea_high": "High",
    "srmr": "SRMR",
}


def _fit_tables(scales: Sequence[Scale], values: Mapping[str, Value]) -> tuple[Table, ...]:
    if "cfa.n" not in values:
        return ()
    names = [name for name in _FIT if values.get(f"cfa.{name}") is not None]
    columns = (("n", "People"), *((name, _FIT[name]) for name in names if name != "n"))
    keys = tuple(f"cfa.{name}" for name in names)
    fit = Table(
        "fit",
        "Fit of the factor model",
        (("model", "Model"), *columns),
        ((f"{values['cfa.factors']} correlated factors", *(values[key] for key in keys)),),
        "Low and high: the 90% interval of RMSEA. Cut-offs are conventions; none is applied.",
        (("", *keys),),
    )
    if len(scales) < 2:
        return (fit,)
    pairs = list(combinations(scales, 2))
    pair_keys = tuple(("", f"{key_part(a.id)}_with_{key_part(b.id)}.correlation") for a, b in pairs)
    rows: tuple[Row, ...] = tuple(
        (f"{a.label} with {b.label.lower()}", values[key[1]]) for (a, b), key in zip(pairs, pair_keys, strict=True)
    )
    note = "Near 1: the scales tell the two apart badly."
    headed = (("pair", "Factors"), ("correlation", "Correlation"))
    return (fit, Table("factors", "Correlations of the factors", headed, rows, note, pair_keys))


def _sources(wave: str, scales: Sequence[Scale], people: Sequence[Respondent]) -> Sources:
    every = [item for scale in scales for item in scale.items]
    found: Sources = {"": (response_source(wave, people, every), roster_source(person.entry for person in people))}
    for scale in scales:
        found[key_part(scale.id)] = (response_source(wave, people, scale.items),)
        for item in scale.items:
            found[f"{key_part(scale.id)}.{key_part(item)}"] = (response_source(wave, people, scale.items),)
    for one, other in combinations(scales, 2):
        key = f"{key_part(one.id)}_with_{key_part(other.id)}"
        found[key] = (response_source(wave, people, every),)
    return found
