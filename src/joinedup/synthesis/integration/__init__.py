"""Integration at the level of a study: what its files of synthesis/ declare, checked, and the results made of it."""
