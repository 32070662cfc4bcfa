"""The working report: one document model, figures, tables, references, chapters."""
