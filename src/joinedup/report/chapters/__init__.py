"""The chapters of the working report, one a strand."""
