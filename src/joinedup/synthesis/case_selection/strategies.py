"""The strategies of case selection, each with the objective that it reaches (Seawright and Gerring 2008; Erkut 1990)."""

from __future__ import annotations

from collections.abc import Mapping

STRATEGIES: Mapping[str, str] = {
    "typical": "least sum of |residual| of the outcome on the predictors; without an outcome, of mean distances to all sites",
    "diverse": "largest weighted share of the attributes' classes that are covered (numbers by thirds)",
    "extreme": "largest sum of |outcome - mean| / standard deviation",
    "deviant": "largest sum of |residual| of the outcome on the predictors",
    "influential": "largest sum of Cook's distances of the outcome on the predictors",
    "most-similar": "largest sum over pairs of difference in outcome / its range - distance in the attributes; "
    "without an outcome, least sum of distances",
    "most-different": "largest sum over pairs of distance in the attributes - difference in outcome / its range; "
    "without an outcome, largest sum of distances",
    "pathway": "largest sum of |residual without the first predictor| - |residual with it|, where above 0",
    "max-min": "largest least distance between two chosen sites",
    "max-sum": "largest sum of distances over pairs of chosen sites",
}
