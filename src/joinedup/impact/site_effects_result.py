"""The analysis impact.site-effects: the distribution of effects over sites, never only their mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.impact.cells import ADOPTED, OUTCOME, PERIOD, SITE, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, name_of, summary_table
from joinedup.impact.site_distribution import site_effects
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value

_COLUMNS = (
    ("sites", "Sites"),
    ("mean", "Mean"),
    ("median", "Median"),
    ("lower_quartile", "Lower quartile"),
    ("upper_quartile", "Upper quartile"),
    ("spread", "SD over sites"),
    ("noise", "SD of comparison sites"),
    ("beyond", "SD beyond that"),
    ("above_zero", "Sites above 0"),
)


def site_effects_result(study: Study) -> Result | None:
    """Each programme site's own change against the comparison sites, for the planned outcomes.

    None unless the plan asks for it. Raises NotComputable where every outcome is refused.
    """
    return design_result(study, "site-effects", _one, lambda found: _report(study, found))


def _one(found: Sample) -> Own:
    fit = site_effects(found.frame, OUTCOME, SITE, PERIOD, ADOPTED)
    values: dict[str, Value] = {
        "sites": len(fit.table),
        "comparison_sites": int(fit.placebos[SITE].nunique()),
        "mean": fit.mean,
        "median": fit.median,
        "lower_quartile": fit.quartiles[0],
        "upper_quartile": fit.quartiles[1],
        "spread": fit.spread,
        "noise": fit.noise,
        "beyond": fit.beyond,
        "above_zero": fit.above_zero,
    }
    low, high = np.quantile(fit.placebos["effect"].to_numpy(dtype=float), [0.025, 0.975])
    values |= {"placebo_low": float(low), "placebo_high": float(high)}
    values["outside"] = int(((fit.table["effect"] < low) | (fit.table["effect"] > high)).sum())
    for row in fit.table.to_dict("records"):
        site = key_part(str(row[SITE]))
        values |= {f"site.{site}.effect": row["effect"], f"site.{site}.p": row["p"]}
    lost = found.n_programme - len(fit.table)
    told = [f"{lost} programme sites are left out because of a gap in the series."] if lost else []
    return Own(values, tuple(told))


def _report(study: Study, found: Sequence[Found]) -> Report:
    return Report(
        "Estimand: the programme's effect on each programme area, and how it is spread over areas, every area counting "
        "once. Estimator: an area's change of mean from before to after its start, less the mean change of the comparison "
        "sites. A single area's number is noisy: the comparison sites' own changes show how far areas drift apart without a "
        "programme, and their middle 95% is the range given. A p ranks an area among them, not adjusted for how many areas are "
        "looked at. Areas with a gap are left out.",
        [
            summary_table(study, found, "Effects over sites", _COLUMNS),
            *(_sites(study, each) for each in found),
        ],
    )


def _sites(study: Study, each: Found) -> Table:
    names = {key_part(site.id): site.name or site.id for site in study.programme_sites}
    stems = [key.removesuffix(".effect") for key in each.own.values if key.endswith(".effect")]
    rows: list[Row] = [
        (names[stem.removeprefix("site.")], each.own.values[f"{stem}.effect"], each.own.values[f"{stem}.p"])
        for stem in stems
    ]
    return Table(
        f"sites-{each.part.replace('_', '-')}",
        f"{name_of(study, each)}: change against the comparison sites, by site",
        (("site", "Site"), ("effect", "Change"), ("p", "p, rank")),
        tuple(rows),
        keys=tuple(("", f"{each.part}.{stem}.effect", f"{each.part}.{stem}.p") for stem in stems),
    )
