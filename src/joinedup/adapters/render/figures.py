"""Figures as SVG: Vega-Lite drawn by vl-convert without browser or network, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from joinedup.adapters.render.installed import needed
from joinedup.report.figures.spec import FONT
from joinedup.report.model import Figure

VEGA_LITE = "5.20"
_OPENING = re.compile(r"<svg\b[^>]*>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+|tabindex)="[^"]*"')
_SIZE = re.compile(r' (width|height|viewBox)="([^"]*)"')
_REFERENCES = re.compile(r'(\bid="|url\(#|href="#)([^")]+)([")])')
_TYPE = f' font-family="{FONT}"'
_DEFAULTS = re.compile(rf' opacity="1"| pointer-events="none"|{re.escape(_TYPE)}')
_EMPTY = re.compile(r'<path class="(?:foreground|background)" d="(?:"|M0,0h0v0h0Z")(?: display="none")?/>')
_DIGITS = re.compile(r"(\d\.\d\d)\d+")
_IDS = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn of a figure: its specification and its words."""

    id: str
    title: str
    alt: str
    spec: Mapping[str, Any]


def svg(figure: Figure | Drawing) -> str:
    """The figure as SVG with `role="img"`, its title, its description, and ids that are its own.

    Raises UsageError where vl-convert is not installed.
    """
    drawn = needed("vl_convert").vegalite_to_svg(dict(figure.spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    opening = _opening(drawn)
    size = "".join(f' {name}="{value}"' for name, value in _SIZE.findall(opening))
    name = f"svg-{figure.id}"
    inside = _own_ids(_lean(_ROLES.sub("", drawn[drawn.index(opening) + len(opening) :])), name)
    labels = f' role="img" aria-labelledby={quoteattr(f"{name}-title {name}-desc")}'
    title = f'<title id="{name}-title">{escape(figure.title)}</title><desc id="{name}-desc">{escape(figure.alt)}</desc>'
    return f'<svg xmlns="http://www.w3.org/2000/svg"{size}{_TYPE}{labels}>{title}{inside}\n'


def _lean(drawing: str) -> str:
    """The drawing without what changes nothing: defaults, paths without a line, digits beyond a hundredth of a pixel."""
    return _DIGITS.sub(r"\1", _EMPTY.sub("", _DEFAULTS.sub("", drawing)))


def _own_ids(drawing: str, name: str) -> str:
    """The drawing with its ids as the figure's name and a count.

    Vega numbers gradients on from one drawing to the next, so its own ids are not the same twice.
    """
    own = {id: f"{name}-{at}" for at, id in enumerate(dict.fromkeys(_IDS.findall(drawing)), 1)}
    return _REFERENCES.sub(lambda match: f"{match[1]}{own.get(match[2], match[2])}{match[3]}", drawing)


def size(drawing: str) -> tuple[float, float]:
    """The width and height of an SVG, in points."""
    told = {name: float(value) for name, value in _SIZE.findall(_opening(drawing)) if name != "viewBox"}
    return told["width"] * POINTS, told["height"] * POINTS


POINTS = 0.75
"""Points in a pixel of the screen."""


def _opening(drawing: str) -> str:
    found = _OPENING.search(drawing)
    assert found is not None, "vl-convert draws SVG"
    return found[0]
