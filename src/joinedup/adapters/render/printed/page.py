"""The frame of a printed page: house style, SIMULATED where the study is, no script and no network."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from joinedup.adapters.render.html import SIMULATED, csp_hash, house_style, simulated_ribbon
from joinedup.study.model import Study
from joinedup.version import __version__

GENERATOR = '<meta name="generator" content="joinedup '
"""What an earlier export begins with: it may be replaced."""


def page(study: Study, title: str, lines: list[str], body: str, lang: str = "en-GB") -> str:
    """The whole page: `title` over `lines` of text, then `body`, which is HTML."""
    style_sheet = files("joinedup.adapters.render.printed").joinpath("questionnaire.css").read_text(encoding="utf-8")
    style = house_style(SIMULATED if study.programme.simulated else study.title, title)
    style += style_sheet.replace("\r\n", "\n")
    policy = f"default-src 'none'; style-src {csp_hash(style)}; base-uri 'none'; form-action 'none'"
    said = "\n".join(f"<p>{escape(line)}</p>" for line in lines if line)
    ribbon = simulated_ribbon() if study.programme.simulated else ""
    return f"""<!DOCTYPE html>
<html lang="{escape(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
{GENERATOR}{__version__}">
<meta name="color-scheme" content="light">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
{ribbon}
<main id="main" class="sheet">
<header>
<p>{escape(study.title)}</p>
<h1>{escape(title)}</h1>
{said}
</header>
{body}
</main>
</body>
</html>
"""
