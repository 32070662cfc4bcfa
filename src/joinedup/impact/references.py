"""Where the designs come from: the references that the methods sentences name by author and year."""

from __future__ import annotations

_SOURCES = {
    "Arkhangelsky et al. 2021": (
        "Arkhangelsky, D., Athey, S., Hirshberg, D. A., Imbens, G. W. and Wager, S. (2021), Synthetic "
        "difference-in-differences. American Economic Review 111(12), 4088-4118."
    ),
    "Bell and McCaffrey 2002": (
        "Bell, R. M. and McCaffrey, D. F. (2002), Bias reduction in standard errors for linear regression with "
        "multi-stage samples. Survey Methodology 28(2), 169-181."
    ),
    "Benjamini and Hochberg 1995": (
        "Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate: a practical and powerful approach "
        "to multiple testing. Journal of the Royal Statistical Society, Series B 57(1), 289-300."
    ),
    "Bloom 1995": (
        "Bloom, H. S. (1995), Minimum detectable effects: a simple way to report the statistical power of experimental "
        "designs. Evaluation Review 19(5), 547-556."
    ),
    "Borusyak, Jaravel and Spiess 2024": (
        "Borusyak, K., Jaravel, X. and Spiess, J. (2024), Revisiting event-study designs: robust and efficient "
        "estimation. Review of Economic Studies 91(6), 3253-3285."
    ),
    "Callaway and Sant'Anna 2021": (
        "Callaway, B. and Sant'Anna, P. H. C. (2021), Difference-in-differences with multiple time periods. Journal of "
        "Econometrics 225(2), 200-230."
    ),
    "Goodman-Bacon 2021": (
        "Goodman-Bacon, A. (2021), Difference-in-differences with variation in treatment timing. Journal of "
        "Econometrics 225(2), 254-277."
    ),
    "Rambachan and Roth 2023": (
        "Rambachan, A. and Roth, J. (2023), A more credible approach to parallel trends. Review of Economic Studies "
        "90(5), 2555-2591."
    ),
    "Romano and Wolf 2005": (
        "Romano, J. P. and Wolf, M. (2005), Stepwise multiple testing as formalized data snooping. Econometrica 73(4), "
        "1237-1282."
    ),
    "Simonsohn, Simmons and Nelson 2020": (
        "Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020), Specification curve analysis. Nature Human Behaviour "
        "4(11), 1208-1214."
    ),
    "Sun and Abraham 2021": (
        "Sun, L. and Abraham, S. (2021), Estimating dynamic treatment effects in event studies with heterogeneous "
        "treatment effects. Journal of Econometrics 225(2), 175-199."
    ),
}
"""By the words that name them in a sentence; the year may stand there in brackets."""


def cited(*sentences: str) -> tuple[str, ...]:
    """The references that the sentences name, in alphabetical order."""
    told = " ".join(sentences).replace("(", "").replace(")", "")
    return tuple(reference for words, reference in _SOURCES.items() if words in told)
