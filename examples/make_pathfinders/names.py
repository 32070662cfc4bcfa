"""Names of places that do not exist: made of syllables, compared with lists of England's authorities, and unlike them."""

from __future__ import annotations

_HEADS = (
    "Ulver", "Quorl", "Thrimble", "Zandel", "Vossel", "Ombrel", "Ixal", "Drusk", "Fenquil", "Yarvel", "Jolver", "Nethrel",
    "Kelvath", "Brinzel", "Obrith", "Sarquil", "Wexel", "Tavrel", "Ilmar", "Gondrel", "Peverquin", "Haldrith", "Esmer",
    "Cawdrel", "Morvath", "Rundrel", "Ebbrick", "Lurvin", "Oskel", "Umbrith", "Dorvane", "Felquar", "Ankrel", "Stavrin",
)  # fmt: skip
_TAILS = ("mere", "combe", "hythe", "garth", "wold", "stoke", "mouth")


def county_names() -> list[str]:
    """One name a head."""
    return [f"{head}shire" for head in _HEADS]


def town_names() -> list[str]:
    """Heads with tails, so that neighbours in the list share neither."""
    count = len(_HEADS)
    return [
        _HEADS[index % count] + _TAILS[(2 * (index // count) + index) % len(_TAILS)]
        for index in range(count * len(_TAILS))
    ]
