"""The result of case selection and its keys."""

from __future__ import annotations

from joinedup.study.kinds.kind import ResultKind

_LINE = {
    "of_chosen": "the attribute's mean (a category's share) over the chosen sites",
    "of_all": "the attribute's mean (a category's share) over all programme sites",
    "standardised": "chosen minus all, over the standard deviation of all programme sites",
    "standardised_optimum": "the same for the best choice",
}

KINDS: tuple[ResultKind, ...] = (
    ResultKind(
        "synthesis.case-selection",
        "synthesis",
        "How the case-study sites were chosen",
        {
            "sites": "programme sites",
            "chosen": "sites chosen for case studies",
            "objective": "the strategy's objective for the sites chosen",
            "optimum": "the strategy's objective for the best admissible set",
            "regret": "what the choice lacks of the optimum; 0 where it is the best",
            "regret_share": "the regret as a share of the optimum",
            "proven": "1 where no admissible set is better than the optimum told, else 0",
            "bound": "what no admissible set surpasses",
            "as_good": "share of admissible sets drawn at random that are at least as good as the choice",
            "draws": "admissible sets drawn at random",
            "in_optimum": "chosen sites that are also in the best set",
            "alternatives": "further sets that are as good as the best, 99 at most",
            "largest_difference": "largest standardised difference between the chosen and all sites, without its sign",
            **{f"{name}.{{aspect}}": told for name, told in _LINE.items()},
            **{f"{name}.{{aspect}}.{{class}}": told for name, told in _LINE.items()},
        },
    ),
)
