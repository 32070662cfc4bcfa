"""A structural topic model: its corpus, its estimation, its measures of quality and its regressions."""
