"""Importing into a study folder: what the command line and the served study both call."""

from __future__ import annotations

from joinedup.adapters.import_open_answers import OpenAnswers, open_answers_to_texts
from joinedup.adapters.import_questionnaire import ImportedQuestionnaire, import_questionnaire
from joinedup.adapters.import_responses import ImportedResponses, import_responses
from joinedup.adapters.import_text import Imported, import_text

__all__ = [
    "Imported",
    "ImportedQuestionnaire",
    "ImportedResponses",
    "OpenAnswers",
    "import_questionnaire",
    "import_responses",
    "import_text",
    "open_answers_to_texts",
]
