"""A study of twelve sites with a survey in two waves, for the tests of what is computed from it. All data are SIMULATED."""

from __future__ import annotations

import random

from joinedup.study.layout import Hex, Layout
from joinedup.study.model import Study, Survey
from joinedup.study.site import Site
from joinedup.study.survey import Item
from tests.builders import make_instrument, make_responses, make_roster, make_scales, make_study

SEED = 4
AGENCIES = ("education", "health", "police")
LEVELS = ("governance", "frontline")
SITES = tuple(
    Site(f"s{n}", f"Site {n}", "North", "city" if n % 2 else "county", adopted="2003-07", row=n + 1)
    for n in range(1, 13)
)
LAYOUT = Layout("odd-r", tuple(Hex(site.id, at % 4, at // 4) for at, site in enumerate(SITES)))
QUESTIONS = (
    Item("pooled", "select_one", "Pooled?", {"yes": "Yes", "no": "No"}),
    Item("joint", "select_one", "Joint?", {"yes": "Yes", "no": "No"}),
    Item("staff", "integer", "Staff?"),
)


def _answers(draw: random.Random, site: int, agency: int, rise: float) -> dict[str, str]:
    own = draw.gauss(0, 0.6) + 0.12 * site - 0.5 * (agency == 1)
    middle = {"governance": 3.0 + rise, "frontline": 2.2 + rise}
    found = {
        f"{level}_{n}": str(min(5, max(1, round(middle[level] + own + draw.gauss(0, 0.7)))))
        for level in LEVELS
        for n in (1, 2, 3)
    }
    return {item: "" if draw.random() < 0.03 else answer for item, answer in found.items()}


def small_study(**parts: object) -> Study:
    """Twelve sites of three agencies with two people each in two waves, some of whom did not answer. SIMULATED."""
    draw = random.Random(SEED)
    scales = make_scales(LEVELS, items=3)
    rows: list[tuple[str, ...]] = []
    responses = {}
    for wave, rise in (("w1", 0.0), ("w2", 0.4)):
        answers: dict[str, dict[str, str]] = {}
        for at, site in enumerate(SITES):
            for which, agency in enumerate(AGENCIES):
                for n in (1, 2):
                    stays = n == 1 or wave == "w1"
                    person = f"{site.id}-{agency}-{n}" + ("" if stays else "-new")
                    role = "manager" if which == 0 and n == 1 else "officer"
                    outcome = "complete" if role == "manager" or draw.random() < 0.85 else "refused"
                    rows.append((wave, site.id, agency, role, person, outcome))
                    if outcome == "complete":
                        answers[person] = _answers(draw, at, which, rise)
                        if role == "manager":
                            formal = "yes" if at % 3 == 0 else "no"
                            answers[person] |= {
                                "pooled": formal,
                                "joint": formal,
                                "staff": str(5 + at % 2 + 20 * (at % 3 == 0)),
                            }
        responses[wave] = make_responses(wave, answers)
    survey = Survey(make_instrument(scales, QUESTIONS), scales, make_roster(rows), responses)
    plan = {"survey": {"wave": "w2", "site_role": "manager", "typology": ["pooled", "joint", "staff"]}}
    return make_study(**{"sites": SITES, "survey": survey, "plan": plan, "layout": LAYOUT, **parts})
