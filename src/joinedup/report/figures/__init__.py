"""Figures: pure functions from results to Vega-Lite specifications, with their words and their data."""
