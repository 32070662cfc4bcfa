"""The results of the impact strand and their keys."""

from __future__ import annotations

from joinedup.study.kinds import impact_costs
from joinedup.study.kinds.kind import INTERVAL, ResultKind

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "impact.did",
        "impact",
        "Difference in differences",
        {
            "indicators": "indicators estimated",
            "refused": "indicators for which the design was refused",
            "better": "indicators whose 95% interval lies wholly on the better side of 0",
            "worse": "indicators whose 95% interval lies wholly on the worse side of 0",
            "unclear": "indicators whose 95% interval holds 0",
            "programme_sites": "programme sites",
            "comparison_sites": "comparison sites used",
            "{indicator}.estimate": "average effect over programme sites, in the indicator's unit or log points",
            "{indicator}.se": "standard error clustered by site",
            **{f"{{indicator}}.{key}": text for key, text in INTERVAL.items()},
            "{indicator}.p": "two-sided p from the clustered error",
            "{indicator}.p_randomisation": "two-sided p from re-assigning the programme among sites",
            "{indicator}.smallest_p": "smallest p that the assignments allow",
            "{indicator}.draws": "assignments drawn or enumerated",
            "{indicator}.n_programme": "programme sites",
            "{indicator}.n_comparison": "comparison sites",
            "{indicator}.n_before": "periods before the start",
            "{indicator}.n_after": "periods treated at any site",
            **{
                f"{{indicator}}.bacon.{kind}.{key}": f"{text}, {what}"
                for kind, what in (
                    ("never", "sites against those never treated"),
                    ("earlier", "sites treated earlier against those not yet treated"),
                    ("later", "sites treated later against those already treated"),
                    ("always", "sites against those treated from the first period on"),
                )
                for key, text in (("weight", "weight in the coefficient"), ("estimate", "mean estimate"))
            },
            "{indicator}.lag_{n}.estimate": "the estimate with another lag, in months",
            "{indicator}.lag_{n}.low": INTERVAL["low"],
            "{indicator}.lag_{n}.high": INTERVAL["high"],
        },
    ),
    ResultKind(
        "impact.event-study",
        "impact",
        "Event study",
        {
            "indicators": "indicators estimated",
            "refused": "indicators for which the design was refused",
            "tested_before": "indicators whose differences before the start could be tested",
            "apart_before": "indicators on which that joint test has a p below 0.05",
            "periods_after": "most treated periods of any indicator",
            "{indicator}.before_{n}.estimate": "difference n periods before the first treated one, from the last period before",
            "{indicator}.before_{n}.low": INTERVAL["low"],
            "{indicator}.before_{n}.high": INTERVAL["high"],
            "{indicator}.after_{n}.estimate": "effect n periods after the first treated one (0: that one)",
            "{indicator}.after_{n}.low": INTERVAL["low"],
            "{indicator}.after_{n}.high": INTERVAL["high"],
            "{indicator}.n_after": "treated periods",
            "{indicator}.n_programme": "programme sites",
            "{indicator}.n_comparison": "comparison sites",
            "{indicator}.cohorts": "groups of sites whose first treated period is the same",
            "{indicator}.pretrend_p": "p of the joint test that all differences before are 0",
        },
    ),
    *impact_costs.KINDS,
)
