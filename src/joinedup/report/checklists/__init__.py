"""Reporting checklists, filled from what the study and its results record."""

from joinedup.report.checklists.annex import TITLE, blocks
from joinedup.report.checklists.answers import Answer, answers
from joinedup.report.checklists.checks import check
from joinedup.report.checklists.items import CHECKLISTS, Checklist, Item, checklist

__all__ = ["CHECKLISTS", "TITLE", "Answer", "Checklist", "Item", "answers", "blocks", "check", "checklist"]
