"""Engines that run the one expression of the cell table."""
