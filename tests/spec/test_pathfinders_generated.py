"""The demonstration study: its committed files are what the script makes, and it keeps the published facts."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

FEWEST_WORDS = 600
MOST_INTERVIEWS = 4


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "examples" / "pathfinders"


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, tuple[str, str]]:
    """Text -> (kind, content)."""
    frozen = folder / "texts" / "frozen"
    return {
        row["text"]: (row["kind"], (frozen / f"{row['sha256']}.txt").read_text(encoding="utf-8"))
        for row in _rows(folder / "texts" / "texts.csv")
    }


def test_the_script_makes_the_committed_files(root: Path, folder: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(root / "examples" / "make_pathfinders"), str(tmp_path)], check=True)
    made, committed = _files(tmp_path), _files(folder)
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_it_stays_small(folder: Path) -> None:
    assert sum(len(content) for content in _files(folder).values()) < 6_000_000


def test_35_trusts_of_150_places_8_and_3_cases(folder: Path) -> None:
    sites = _rows(folder / "sites.csv")
    roles = Counter(site["role"] for site in sites)
    cases = Counter(site["role"] for site in sites if site["case"] == "1")
    compared = {site["type"] for site in sites if site["case"] == "1" and site["role"] == "comparison"}
    assert roles == {"programme": 35, "comparison": 115}
    assert cases == {"programme": 8, "comparison": 3}
    assert compared == {"county", "unitary", "London borough"}
    assert len({site["name"] for site in sites}) == 150
    assert {site["adopted"] for site in sites if site["role"] == "programme"} == {"2003-07"}


@pytest.mark.shared
def test_no_place_has_the_name_of_an_authority(folder: Path, shared: Path) -> None:
    real = ""
    for name in ("Provider_data_lookup.csv", "imd19_utla.csv"):
        real += (shared / "real" / "sfpc" / "sites" / name).read_text(encoding="utf-8-sig").lower()
    assert [site["name"] for site in _rows(folder / "sites.csv") if site["name"].lower() in real] == []


@pytest.mark.parametrize(
    ("item", "option", "sites"),
    [
        ("priority", "disabled_children", 16),
        ("priority", "early_intervention", 11),
        ("priority", "mental_health", 8),
        ("moving_to_pooled", "yes", 23),
        ("pooled_all", "yes", 4),
        ("young_people_design", "yes", 26),
        ("young_people_governance", "yes", 15),
        ("outcomes_improved", "yes", 25),
        ("board_three_sectors", "yes", 35),
        ("director_appointed", "yes", 35),
    ],
)
def test_the_managers_answer_as_published(folder: Path, item: str, option: str, sites: int) -> None:
    managers = {person["person"] for person in _rows(folder / "people.csv") if person["role"] == "trust manager"}
    answers = [row for row in _rows(folder / "survey" / "responses-w2.csv") if row["person"] in managers]
    assert len(answers) == 35
    assert sum(row[item] == option for row in answers) == sites


def test_107_people_gave_one_interview_each_at_the_case_sites(folder: Path) -> None:
    interviews = [row for row in _rows(folder / "texts" / "texts.csv") if row["kind"] == "interview"]
    people = {row["person"] for row in _rows(folder / "texts" / "speakers.csv") if row["person"]}
    cases = {s["site"] for s in _rows(folder / "sites.csv") if s["case"] == "1" and s["role"] == "programme"}
    assert len(interviews) == len(people) == len({row["interview"] for row in interviews}) == 107
    assert {row["site"] for row in interviews} == cases


def test_interviews_are_long_and_do_not_repeat_one_another(texts: dict[str, tuple[str, str]]) -> None:
    interviews = [content for kind, content in texts.values() if kind == "interview"]
    assert min(len(content.split()) for content in interviews) >= FEWEST_WORDS
    said: Counter[str] = Counter()
    for content in interviews:
        said.update({turn for turn in content.strip().split("\n\n") if turn.startswith("Respondent:")})
    assert said.most_common(1)[0][1] <= MOST_INTERVIEWS


def test_at_least_60_documents_of_150_to_400_words(texts: dict[str, tuple[str, str]]) -> None:
    lengths = [len(content.split()) for kind, content in texts.values() if kind == "document"]
    assert len(lengths) >= 60
    assert min(lengths) >= 150
    assert max(lengths) <= 400


def test_every_quote_stands_where_its_coding_says(folder: Path, texts: dict[str, tuple[str, str]]) -> None:
    lines = (folder / "texts" / "codings.jsonl").read_text(encoding="utf-8").splitlines()
    for coding in map(json.loads, lines):
        assert texts[coding["text"]][1][coding["start"] : coding["end"]] == coding["quote"]


def test_every_board_holds_three_sectors_and_every_body_is_named_on_its_page(
    folder: Path, texts: dict[str, tuple[str, str]]
) -> None:
    members: dict[str, set[str]] = defaultdict(set)
    for row in _rows(folder / "partnership" / "members.csv"):
        members[row["body"]].add(row["agency"])
    bodies = _rows(folder / "partnership" / "bodies.csv")
    names = {site["site"]: site["name"] for site in _rows(folder / "sites.csv")}
    boards = [body for body in bodies if body["kind"] == "board"]
    assert len(boards) == 35
    assert all(members[board["body"]] >= {"health", "education", "social services"} for board in boards)
    assert set(Counter(body["site"] for body in bodies).values()) <= set(range(3, 9))
    for body in bodies:
        pages = texts[body["document"]][1].split("[page ")
        assert body["name"].removeprefix(f"{names[body['site']]} ") in pages[int(body["page"]) - 1]
