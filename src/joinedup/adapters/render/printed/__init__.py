"""Pages about a questionnaire, each one HTML file that needs nothing else: the form on paper, the codebook."""

from __future__ import annotations

from joinedup.adapters.render.printed.codebook import codebook_page
from joinedup.adapters.render.printed.form import paper_page

__all__ = ["codebook_page", "paper_page"]
