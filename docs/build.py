"""The manual: `python docs/build.py` writes its generated pages anew and builds all of it as HTML in site/.

`python docs/build.py --check` writes nothing and fails where a generated page is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CHAPTERS = ("tutorial", "how-to", "reference", "explanation", "decisions")


def results_page() -> str:
    """Every result id with its keys, from the registry."""
    from joinedup.study.registry import KINDS

    lines = ["# Results and their keys", "", "Made from the registry by `python3 dev docs`: do not edit.", ""]
    lines += [
        "A key is written with placeholders in braces: `{level}` stands for a level that the study declares, and so on.",
        "Identifiers are written in lower case with `_` for anything but letters and digits. `{n}` is a whole number.",
    ]
    for kind in KINDS:
        lines += ["", f"## `{kind.id}`: {kind.title}", "", "| key | value |", "|---|---|"]
        lines += [f"| `{key}` | {text} |" for key, text in kind.keys.items()]
    return "\n".join(lines) + "\n"


def problems_page() -> str:
    """Every numbered problem, from the catalogue."""
    from joinedup.study.catalogue import page

    return page()


def commands_page() -> str:
    """Every command's help, from the command line itself."""
    import click

    from joinedup.cli import cli

    def help_of(command: click.Command, name: str) -> str:
        return command.get_help(click.Context(command, info_name=name, terminal_width=100))

    lines = ["# The command line", "", "Made from the commands themselves by `python3 dev docs`: do not edit.", ""]
    lines += ["```", help_of(cli, "joinedup"), "```"]
    for name in sorted(cli.commands):
        lines += ["", f"## joinedup {name}", "", "```", help_of(cli.commands[name], f"joinedup {name}"), "```"]
    lines += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    codes = {
        0: "done",
        1: "our fault: please report it",
        2: "wrong usage, or no such folder",
        3: "the study is unsound",
        4: "an import was refused",
        5: "the disclosure gate refused a release",
        130: "interrupted",
    }
    lines += [f"| {code} | {meaning} |" for code, meaning in codes.items()]
    return "\n".join(lines) + "\n"


GENERATED: Mapping[str, Callable[[], str]] = {
    "reference/results.md": results_page,
    "reference/problems.md": problems_page,
    "reference/command-line.md": commands_page,
}


def outdated() -> Iterator[str]:
    """The generated pages that differ from what is committed."""
    for name, make in GENERATED.items():
        page = DOCS / name
        if not page.exists() or page.read_text(encoding="utf-8") != make():
            yield name


def write() -> None:
    """Write the generated pages."""
    for name, make in GENERATED.items():
        (DOCS / name).write_text(make(), encoding="utf-8", newline="\n")


def build(site: Path) -> int:
    """Every page of the manual as HTML; returns how many."""
    import pypandoc

    pages = [page for chapter in CHAPTERS for page in sorted((DOCS / chapter).glob("*.md"))]
    for page in [DOCS / "index.md", *pages]:
        target = site / page.relative_to(DOCS).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        html = pypandoc.convert_file(
            str(page),
            "html5",
            format="gfm",
            extra_args=["--standalone", "--metadata", f"title={_title(page)}", "--variable", "lang=en-GB"],
        )
        target.write_text(html.replace('.md"', '.html"').replace(".md#", ".html#"), encoding="utf-8", newline="\n")
    return len(pages) + 1


def _title(page: Path) -> str:
    first = page.read_text(encoding="utf-8").split("\n", 1)[0]
    return first.removeprefix("# ") or page.stem


def main() -> None:
    if "--check" in sys.argv:
        late = list(outdated())
        if late:
            sys.exit(f"out of date: {', '.join(late)}; run `python3 dev docs`")
        return
    write()
    count = build(ROOT / "site")
    sys.stdout.write(f"{count} pages: {ROOT / 'site' / 'index.html'}\n")


if __name__ == "__main__":
    main()
