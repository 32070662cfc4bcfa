"""The disclosure gate over a whole report: what of its results and words may leave, and why the rest may not."""
