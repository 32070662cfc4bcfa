"""What a study can be exported to: names alone, so that the command line can list them without loading a study."""

CODINGS = (
    "refi-qda",
    "codebook-qdc",
    "quotations-csv",
    "quotations-xlsx",
    "quotations-html",
    "quotations-docx",
    "matrix-csv",
)
"""Codings for other programs."""
JUDGED = ("prov", "annotations")
"""Formats that tell of results and findings: the study is run for them."""
FORMATS = ("folder", "codebook", "paper", "instrument", *JUDGED, *CODINGS)
PARTS = ("html", "pdf", "docx", "pptx", "briefs", "deposit")
"""The parts of a release: each passes the disclosure gate and is registered."""
FOR_THE_TEAM = ("folder", *JUDGED, *CODINGS)
"""What holds words and numbers as they are: it stays within the study's team."""
