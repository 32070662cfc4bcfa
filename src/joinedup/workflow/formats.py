"""What a study can be exported to: names alone, so that the command line can list them without loading a study."""

QUOTATIONS = ("quotations-csv", "quotations-xlsx", "quotations-html", "quotations-docx")
CODINGS = ("refi-qda", "codebook-qdc", *QUOTATIONS, "matrix-csv")
"""Codings for other programs."""
JUDGED = ("prov", "annotations")
"""Formats that tell of results and findings: the study is run for them, and they are made of what the gate lets through."""
OF_NOBODY = ("codebook", "paper", "instrument")
"""The questionnaire: it tells of nobody and goes out as it is."""
ALL_OR_NOTHING = ("folder", "refi-qda")
"""What holds everything: it leaves only whole."""
MAY_BE_WHOLE = (*ALL_OR_NOTHING, "annotations", "codebook-qdc", *QUOTATIONS, "matrix-csv")
"""What a named person may let out whole, with a reason, past the disclosure gate."""
FORMATS = ("folder", *OF_NOBODY, *JUDGED, *CODINGS)
PARTS = ("html", "pdf", "docx", "pptx", "briefs", "deposit")
"""The parts of a release: each passes the disclosure gate and is registered."""
