"""What the readers of other coding programs share: freezing with an offset map, coordinates, ids, reports."""
