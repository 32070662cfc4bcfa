"""What Taguette 1.5.2 takes for what `texts_import.py` and `exchange.py` measure; run it with Taguette's own Python.

    uv venv peer; uv pip install --python peer/bin/python "setuptools<81" taguette==1.5.2
    peer/bin/python bench/taguette_peer.py

It stores 200 SIMULATED HTML documents of 5,000 words by its own conversion (the whole acts of its server without the
network), and exports 20,000 highlights with one tag each by its own functions. Seconds by the clock and of the processor.
"""

from __future__ import annotations

import asyncio
import io
import logging
import random
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

FILES, LINES, HIGHLIGHTS, TAGS = 200, 100, 20_000, 50
LETTERS = ["trust", "board", "school", "child", "café", "families", "plan", "joint", "health", "together"]
LIMITS = {"CONVERT_TO_HTML_TIMEOUT": 60, "OUTPUT_HTML_SIZE_LIMIT": 2_000_000, "EXTRA_FOOTER": None}


def report(what: str, act: Callable[[], object]) -> None:
    start, before = time.perf_counter(), time.process_time()
    act()
    print(f"{what:<44}{time.perf_counter() - start:8.2f} s{time.process_time() - before:8.2f} s cpu", flush=True)


def store(session: Any, project: Any) -> None:
    """Convert each document and commit it, as an upload does."""
    from taguette import convert, database

    for number in range(FILES):
        lines = (" ".join(random.choices(LETTERS, k=50)) for _ in range(LINES))
        body = "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"
        name = f"{number}.html"
        html = asyncio.run(convert.to_html_chunks(body.encode("utf-8"), "text/html", name, LIMITS))
        direction = database.TextDirection.LEFT_TO_RIGHT
        session.add(
            database.Document(
                name=name, description="", filename=name, project=project, text_direction=direction, contents=html
            )
        )
        session.commit()


def highlight(session: Any, project: Any) -> None:
    """Highlights of 30 words, each with one tag."""
    from taguette import database

    tags = [database.Tag(project=project, path=f"c{number}", description="") for number in range(TAGS)]
    documents = session.query(database.Document).all()
    for number in range(HIGHLIGHTS):
        start = random.randrange(25_000)
        snippet = "<p>" + " ".join(random.choices(LETTERS, k=30)) + "</p>"
        made = database.Highlight(
            document=documents[number % FILES], start_offset=start, end_offset=start + 200, snippet=snippet
        )
        made.tags = [tags[number % TAGS]]
        session.add(made)
    session.commit()


def main() -> None:
    """Measure everything once."""
    from taguette import database, export

    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        connect = database.connect(f"sqlite:///{Path(folder, 'peer.sqlite3')}", external=False, create_tables=True)
        session = connect()
        project = database.Project(name="SIMULATED", description="")
        session.add_all([database.User(login="peer"), project])
        session.commit()
        report(f"{FILES} files html, {FILES * LINES * 50:,} words", lambda: store(session, project))
        highlight(session, project)
        out = io.StringIO(newline="")
        report(f"{HIGHLIGHTS:,} highlights as CSV", lambda: export.highlights_csv(session, project.id, "", out))
        book = str(Path(folder, "highlights.xlsx"))
        report(f"{HIGHLIGHTS:,} highlights as XLSX", lambda: export.highlights_xslx(session, project.id, "", book))


if __name__ == "__main__":
    main()
