"""Agreement between coders: every coefficient by its name, with its standard error and interval where it has them.

    from joinedup.texts.agreement import krippendorff_alpha
    krippendorff_alpha([[1, 2, 3, None], [1, 2, 2, 4]], "ordinal").estimate

Nothing here returns NaN: where a coefficient is not defined, NotComputable says why. Ratings are coders x units.
"""

from __future__ import annotations

from joinedup.texts.agreement.coefficient import (
    COHEN,
    COHEN_WEIGHTED,
    FLEISS,
    FLEISS_ERRORS,
    GWET,
    KRIPPENDORFF,
    UNITIZING,
    Coefficient,
)
from joinedup.texts.agreement.cohen import cohen_kappa, overlap, percent_agreement, scott_pi
from joinedup.texts.agreement.krippendorff import krippendorff_alpha
from joinedup.texts.agreement.many import brennan_prediger, conger_kappa, fleiss_kappa, gwet_ac1, gwet_ac2
from joinedup.texts.agreement.two_by_two import TwoByTwo
from joinedup.texts.agreement.unitized_texts import unitizing_alpha_of_texts
from joinedup.texts.agreement.unitizing import UnitizingAlpha, unitizing_alpha

__all__ = [
    "COHEN",
    "COHEN_WEIGHTED",
    "FLEISS",
    "FLEISS_ERRORS",
    "GWET",
    "KRIPPENDORFF",
    "UNITIZING",
    "Coefficient",
    "TwoByTwo",
    "UnitizingAlpha",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "krippendorff_alpha",
    "overlap",
    "percent_agreement",
    "scott_pi",
    "unitizing_alpha",
    "unitizing_alpha_of_texts",
]
