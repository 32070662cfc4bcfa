"""The questionnaire: its wording is the demonstration's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cooperation import CHOICES, LABELS
from files import write_text, write_workbook

VERSION = "2004.1"
YES_NO = {"yes": "Yes", "no": "No"}
AGREE = {
    "1": "Disagree strongly",
    "2": "Disagree",
    "3": "Neither agree nor disagree",
    "4": "Agree",
    "5": "Agree strongly",
}


@dataclass(frozen=True)
class SiteItem:
    """A question to the trust manager; `given` is how many of the 35 sites give each option in each wave."""

    name: str
    label: str
    options: Mapping[str, str]
    w2: Mapping[str, int]
    w1: Mapping[str, int] | None = None  # None: not asked in the first wave


SITE_ITEMS = (
    SiteItem(
        "priority",
        "Which development of services comes first in your trust?",
        {
            "disabled_children": "Services for disabled children",
            "early_intervention": "Early intervention",
            "mental_health": "Mental health services",
        },
        {"disabled_children": 16, "early_intervention": 11, "mental_health": 8},
        {"disabled_children": 16, "early_intervention": 11, "mental_health": 8},
    ),
    SiteItem(
        "integration_kind",
        "Which of these describes your trust better?",
        {
            "formal": "Joint procurement and provision, with formal management",
            "informal": "Informal planning, co-ordination and sharing of information",
        },
        {"formal": 15, "informal": 20},
        {"formal": 15, "informal": 20},
    ),
    SiteItem(
        "board_three_sectors",
        "Do health, education and social services all sit on your trust's board?",
        YES_NO,
        {"yes": 35, "no": 0},
        {"yes": 35, "no": 0},
    ),
    SiteItem(
        "director_appointed",
        "Has a director of children's services been appointed?",
        YES_NO,
        {"yes": 35, "no": 0},
        {"yes": 14, "no": 21},
    ),
    SiteItem(
        "moving_to_pooled",
        "Is your trust moving to pooled budgets for at least some services?",
        YES_NO,
        {"yes": 23, "no": 12},
        {"yes": 17, "no": 18},
    ),
    SiteItem(
        "pooled_all",
        "Are budgets pooled or aligned for all children's services?",
        YES_NO,
        {"yes": 4, "no": 31},
        {"yes": 1, "no": 34},
    ),
    SiteItem(
        "joint_commissioning",
        "Do two or more agencies commission any children's service jointly?",
        YES_NO,
        {"yes": 30, "no": 5},
        {"yes": 22, "no": 13},
    ),
    SiteItem(
        "information_system",
        "Is there a system for sharing information about individual children?",
        {"used": "Yes, and it is used most days", "little_used": "Yes, but it is little used", "none": "Not yet"},
        {"used": 7, "little_used": 21, "none": 7},
        {"used": 3, "little_used": 12, "none": 20},
    ),
    SiteItem(
        "young_people_design",
        "Do children and young people take part in designing services?",
        YES_NO,
        {"yes": 26, "no": 9},
        {"yes": 19, "no": 16},
    ),
    SiteItem(
        "young_people_governance",
        "Do children and young people take part in governing the trust?",
        YES_NO,
        {"yes": 15, "no": 20},
        {"yes": 8, "no": 27},
    ),
    SiteItem(
        "outcomes_improved",
        "Can you name outcomes for children here that improved because of the trust?",
        YES_NO,
        {"yes": 25, "no": 10},
    ),
)

LEVEL_ITEMS: Mapping[str, Mapping[str, str]] = {
    "governance": {
        "gov_board": "The board takes decisions that bind all agencies.",
        "gov_members": "The right people sit on the board.",
        "gov_apart": "When it matters, each agency goes back to its own committee and decides there.",
        "gov_accountable": "It is clear who answers for the trust's work.",
        "gov_risk": "The agencies share the risk when a joint decision goes wrong.",
    },
    "strategy": {
        "str_plan": "There is one plan for children that all agencies work to.",
        "str_needs": "The plan rests on needs that the agencies assessed together.",
        "str_own": "My agency's own targets come before those of the trust.",
        "str_priorities": "The agencies agree on what comes first.",
        "str_money": "Money follows the priorities of the plan.",
    },
    "procedure": {
        "pro_assess": "The same form of assessment is used across the agencies.",
        "pro_share": "I know what I may tell another agency about a child.",
        "pro_twice": "Families tell the same story to several agencies.",
        "pro_lead": "It is settled who leads when several agencies work with a child.",
        "pro_refer": "A referral to another agency is answered in good time.",
    },
    "frontline": {
        "fro_daily": "I work with people of another agency most weeks.",
        "fro_place": "People of different agencies work from the same place.",
        "fro_before": "My work with families is much as it was before the trust.",
        "fro_train": "I have been trained together with people of other agencies.",
    },
}
REVERSED = ("gov_apart", "str_own", "pro_twice", "fro_before")
LEVEL_LABELS = {
    "governance": "Governance",
    "strategy": "Strategy",
    "procedure": "Procedure",
    "frontline": "Frontline practice",
}
COMMENT = "comment"


def item_names() -> list[str]:
    """All items, in the order of the questionnaire."""
    level_items = [name for items in LEVEL_ITEMS.values() for name in items]
    return [item.name for item in SITE_ITEMS] + level_items + list(LABELS)


def write_instrument(folder: Path) -> None:
    """survey/instrument.xlsx, an XLSForm."""
    survey = [("type", "name", "label")]
    choices = [("list_name", "name", "label")]
    lists = {"agree": AGREE, "yes_no": YES_NO, "well": CHOICES}
    for item in SITE_ITEMS:
        list_name = "yes_no" if item.options is YES_NO else item.name
        lists[list_name] = dict(item.options)
        survey.append((f"select_one {list_name}", item.name, item.label))
    for items in LEVEL_ITEMS.values():
        survey += [("select_one agree", name, label) for name, label in items.items()]
    survey += [("select_one well", name, label) for name, label in LABELS.items()]
    for list_name, options in lists.items():
        choices += [(list_name, name, label) for name, label in options.items()]
    settings = [("form_title", "version"), ("How far has your children's trust come? (SIMULATED)", VERSION)]
    write_workbook(folder / "survey" / "instrument.xlsx", {"survey": survey, "choices": choices, "settings": settings})


def write_scales(folder: Path) -> None:
    """survey/scales.toml."""
    parts = []
    for level, items in LEVEL_ITEMS.items():
        names = ", ".join(f'"{name}"' for name in items)
        reverse = ", ".join(f'"{name}"' for name in items if name in REVERSED)
        parts.append(
            f'[[scale]]\nid = "{level}"\nlabel = "{LEVEL_LABELS[level]}"\nlevel = "{level}"\n'
            f"items = [{names}]\nreverse = [{reverse}]\nlow = 1\nhigh = 5\n"
        )
    write_text(folder / "survey" / "scales.toml", "\n".join(parts))
