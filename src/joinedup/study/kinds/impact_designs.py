"""The results of the further designs of impact, which a plan asks for, and their keys."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.kinds.kind import INTERVAL, ResultKind

_COUNTS = {
    "indicators": "indicators estimated",
    "refused": "indicators for which the design was refused",
}
_UNIT = "in the indicator's unit or log points"
_EFFECT = {
    "estimate": f"effect, averaged over programme sites and their treated periods, {_UNIT}",
    **INTERVAL,
}
_GROUP_TIME = {
    **{key: f"{text}" for key, text in _EFFECT.items()},
    "se": "standard error from the influence functions",
    "p": "two-sided p",
    "inferred": "how p was found",
}


def _kind(design: str, title: str, keys: Mapping[str, str], more: Mapping[str, str] | None = None) -> ResultKind:
    own = {f"{{indicator}}.{key}": text for key, text in keys.items()}
    return ResultKind(f"impact.{design}", "impact", title, {**_COUNTS, **own, **(more or {})})


KINDS: tuple[ResultKind, ...] = (
    _kind(
        "synthetic-did",
        "Synthetic difference in differences",
        {
            **_EFFECT,
            "se": "spread of the estimates of placebo groups among the comparison sites",
            "p": "p: the rank of the estimate among those of the placebo groups",
            "smallest_p": "smallest p that the placebo groups allow",
            "draws": "placebo groups drawn or enumerated",
            "n_programme": "programme sites with a complete series",
            "n_comparison": "comparison sites with a complete series",
            "cohorts": "groups of sites whose first treated period is the same",
            "first_treated": "first period treated anywhere",
            "effective_sites": "equally weighted comparison sites that the weights amount to",
            "rmspe_before": "root mean square of the gap before the start",
            "programme.{period}": "mean of the programme sites",
            "synthetic.{period}": "their synthetic comparison, shifted by the weighted gap before the start",
            "gap.{period}": "the difference of the two",
        },
    ),
    _kind(
        "group-time",
        "Effects by start and period",
        {
            **{
                f"{kind}.{key}": f"{text}; mean {how}"
                for kind, how in (
                    ("simple", "over all treated starts and periods"),
                    ("dynamic", "by time since the start"),
                    ("group", "by start"),
                    ("calendar", "by period"),
                )
                for key, text in _GROUP_TIME.items()
            },
            **{
                f"cohort_{{n}}.in_{{n}}.{key}": f"{text}; sites that began in n, in a period"
                for key, text in _GROUP_TIME.items()
            },
            "cohort_{n}.sites": "sites whose first treated period is n",
            "cohorts": "groups of sites whose first treated period is the same",
            "pretest_p": "p of the joint test that all differences before are 0",
        },
    ),
    _kind(
        "randomisation",
        "Randomisation inference",
        {
            "estimate": _EFFECT["estimate"],
            "low": "lower end of the effects that the test does not reject at 5%",
            "high": "upper end of the effects that the test does not reject at 5%",
            "p": "share of the assignments whose estimate is at least as far from 0",
            "p_low": "lower end of the exact 95% interval of p for the number of draws",
            "p_high": "upper end of the exact 95% interval of p for the number of draws",
            "p_studentised": "the same for the estimate over its clustered error",
            "p_wild": "p of the restricted wild cluster bootstrap",
            "smallest_p": "smallest p that the assignments allow",
            "draws": "assignments drawn or enumerated",
            "enumerated": "1 where all assignments are compared",
            "n_programme": "programme sites",
            "n_comparison": "comparison sites",
            "bin_{n}.middle": "middle of a bin of the assignments' estimates",
            "bin_{n}.share": "share of the assignments in the bin",
        },
    ),
    _kind(
        "specification-curve",
        "Specification curve",
        {
            "specifications": "combinations of choices with an estimate",
            "different": "different estimates among them (choices may come to the same cells)",
            "median": "median estimate",
            "low": "smallest estimate",
            "high": "largest estimate",
            "above_zero": "specifications with an estimate above 0",
            "same_sign": "specifications with the median's sign",
            "clear": "specifications whose 95% interval does not hold 0",
            "with_interval": "specifications with an interval",
            **{f"spec_{{n}}.{key}": text for key, text in _EFFECT.items()},
            "spec_{n}.coding": "dates of adoption, by the id of the coding",
            "spec_{n}.lag": "lag in months",
            "spec_{n}.excluded": "whether sites with a reason for exclusion are in the comparison",
            "spec_{n}.before": "periods before the start; 0 is all",
            **{
                f"{option}.{key}": f"{text}, {what}"
                for option, what in (
                    ("coding_{n}", "with the n-th coding of the dates"),
                    ("lag_{n}", "with a lag of n months"),
                    ("excluded_in", "with excluded sites in the comparison"),
                    ("excluded_out", "with excluded sites left out"),
                    ("before_{n}", "with the last n periods before"),
                    ("before_all", "with all periods before"),
                )
                for key, text in (
                    ("specifications", "specifications"),
                    ("median", "median estimate"),
                    ("low", "smallest estimate"),
                    ("high", "largest estimate"),
                )
            },
        },
        {"{indicator}.refused": "combinations of choices that are refused"},
    ),
    _kind(
        "sensitivity",
        "Sensitivity",
        {
            "estimate": _EFFECT["estimate"],
            "without.{site}.estimate": "the estimate without one programme site",
            **{
                f"{key}_{end}": f"{text} without one {group} site"
                for key, group in (("without", "programme"), ("without_comparison", "comparison"))
                for end, text in (("low", "smallest estimate"), ("high", "largest estimate"))
            },
            "without_turned": "programme sites without which the estimate has the other sign",
            "without_comparison_turned": "comparison sites without which the estimate has the other sign",
            "jackknife.se": "standard error by leaving out each site in turn (CR3)",
            **{f"jackknife.{key}": f"{text}, by CR3" for key, text in INTERVAL.items()},
            **{f"clustered.{key}": f"{text}, clustered by site" for key, text in INTERVAL.items()},
            **{f"with_excluded.{key}": f"{text}, excluded sites in the comparison" for key, text in _EFFECT.items()},
            "with_excluded.sites": "excluded sites that have values",
            "honest.estimate": f"mean effect after the start by the event study on complete series, {_UNIT}",
            "honest.largest_step": "largest step between the groups from one period to the next before the start",
            "honest.breakdown": "smallest bound on later steps, as a share of the largest before, whose interval holds 0",
            **{
                f"honest.bound_{{n}}.{key}": f"{text} if later steps are at most n% of that"
                for key, text in INTERVAL.items()
            },
        },
    ),
    _kind(
        "site-effects",
        "Effects over sites",
        {
            "sites": "programme sites with a complete series",
            "comparison_sites": "comparison sites with a complete series",
            "mean": f"mean change beyond the comparison sites, {_UNIT}",
            "median": "median over sites",
            "lower_quartile": "lower quartile over sites",
            "upper_quartile": "upper quartile over sites",
            "spread": "standard deviation over programme sites",
            "noise": "standard deviation over comparison sites",
            "beyond": "standard deviation beyond that of the comparison sites",
            "above_zero": "programme sites above 0",
            "outside": "programme sites outside the middle 95% of the comparison sites",
            "placebo_low": "lower end of the middle 95% of the comparison sites",
            "placebo_high": "upper end of the middle 95% of the comparison sites",
            "site.{site}.effect": f"a site's change beyond the comparison sites, {_UNIT}",
            "site.{site}.p": "its rank among the comparison sites, as a p",
        },
    ),
    _kind(
        "dose-response",
        "Effects by score",
        {
            "{level}.sites": "programme sites with a score",
            "{level}.slope": "how much larger the effect is with one point more of score",
            "{level}.per_sd": "the same with one standard deviation more",
            "{level}.effect": "effect at the mean score",
            "{level}.p": "two-sided p by permutation of the scores",
            "{level}.smallest_p": "smallest p that the permutations allow",
        },
        {"slopes": "slopes estimated", "below_5": "slopes with a p below 0.05"},
    ),
    _kind(
        "precision",
        "Precision",
        {
            **_EFFECT,
            "se": "standard error clustered by site",
            "half_width": "half of the 95% interval",
            "foreseeable": "smallest effect found in 80 of 100 cases, by the periods before alone",
            "detectable": "smallest effect found in 80 of 100 cases, by the error as it came out",
            "smallest_effect": "smallest effect of interest that the plan declares",
            "power": "chance of p < 0.05 were the effect that large",
            "conclusion": "what the interval allows us to say",
        },
        {
            "difference": "indicators with a difference",
            "absent": "indicators whose interval lies within the smallest effect of interest",
            "open": "indicators on which the interval is inconclusive",
        },
    ),
    _kind(
        "multiplicity",
        "Several outcomes",
        {
            "estimate": _EFFECT["estimate"],
            "p": "two-sided p from the clustered error",
            "family": "1 where the plan's family of outcomes holds the indicator",
            "p_romano_wolf": "step-down p over the family (Romano and Wolf)",
            "p_benjamini_hochberg": "p over the family (Benjamini and Hochberg)",
        },
        {
            "family": "outcomes of the plan's family that are tested",
            "below_5": "outcomes with a p below 0.05 after Romano and Wolf",
        },
    ),
)
