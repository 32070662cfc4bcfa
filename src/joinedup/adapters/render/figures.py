"""Figures as SVG: Vega-Lite drawn by vl-convert without browser or network, the same bytes every time."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from joinedup.adapters.render.installed import needed
from joinedup.report.model import Figure

VEGA_LITE = "5.20"
_OPENING = re.compile(r"<svg\b[^>]*>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+|tabindex)="[^"]*"')
_SIZE = re.compile(r' (width|height|viewBox)="([^"]*)"')
_IDS = re.compile(r'\bid="([^"]+)"')


def svg(figure: Figure) -> str:
    """The figure as SVG with `role="img"`, its title, its description, and ids that are its own.

    Raises UsageError where vl-convert is not installed.
    """
    drawn = needed("vl_convert").vegalite_to_svg(dict(figure.spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    opening = _OPENING.search(drawn)
    assert opening is not None, "vl-convert draws SVG"
    size = "".join(f' {name}="{value}"' for name, value in _SIZE.findall(opening[0]))
    name = f"svg-{figure.id}"
    inside = _own_ids(_ROLES.sub("", drawn[opening.end() :]), name)
    labels = f' role="img" aria-labelledby={quoteattr(f"{name}-title {name}-desc")}'
    title = f'<title id="{name}-title">{escape(figure.title)}</title><desc id="{name}-desc">{escape(figure.alt)}</desc>'
    return f'<svg xmlns="http://www.w3.org/2000/svg"{size}{labels}>{title}{inside}\n'


def _own_ids(drawing: str, name: str) -> str:
    """The drawing with every id, and every reference to it, beginning with the figure's own name."""
    for id in sorted(set(_IDS.findall(drawing)), key=lambda one: (-len(one), one)):
        drawing = drawing.replace(f'id="{id}"', f'id="{name}-{id}"').replace(f"url(#{id})", f"url(#{name}-{id})")
        drawing = drawing.replace(f'href="#{id}"', f'href="#{name}-{id}"')
    return drawing
