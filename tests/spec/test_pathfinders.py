"""The demonstration: every number in its report equals the published fact it stands for, read out of report.html.

The facts are those of the national evaluation of children's trust pathfinders, by the publication that gives them:
Bachmann et al. 2006 (35 of 35 trusts answered; priorities; pooled budgets), Lorgelly et al. 2009 (4 trusts pool for
all services), O'Brien et al. 2006 (107 professionals), O'Brien et al. 2009 (25 of 35 report improvement; outcomes
improved before the programme; no consistent effect), National Children's Bureau (participation of young people).
"""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import joinedup
from joinedup.study.registry import KINDS, KeyChecker
from joinedup.workflow.affirming import affirm
from tests.report_page import ledger

pytestmark = pytest.mark.xdist_group("pathfinders")
PATHFINDERS = Path(__file__).resolve().parents[2] / "examples" / "pathfinders"

FACTS = {
    ("survey.response", "sites_asked"): "35",
    ("survey.response", "sites_answered"): "35",
    ("survey.site-answers", "priority.disabled_children"): "16",
    ("survey.site-answers", "priority.early_intervention"): "11",
    ("survey.site-answers", "priority.mental_health"): "8",
    ("survey.site-answers", "moving_to_pooled.yes"): "23",
    ("survey.site-answers", "pooled_all.yes"): "4",
    ("survey.site-answers", "young_people_design.yes"): "26",
    ("survey.site-answers", "young_people_governance.yes"): "15",
    ("survey.site-answers", "outcomes_improved.yes"): "25",
    ("survey.site-answers", "board_three_sectors.yes"): "35",
    ("survey.site-answers", "director_appointed.yes"): "35",
    ("survey.level-contrast", "sites"): "35",
    ("texts.corpus", "people"): "107",
    ("texts.corpus", "interviews"): "107",
    ("texts.corpus", "case_sites"): "8",
    ("indicators.balance", "programme_sites"): "35",
    ("indicators.balance", "comparison_sites"): "115",
}


class Numbers(HTMLParser):
    """Collects the shown numbers of a report with the result and the key they refer to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._ledger = ledger(page)
        self.shown: dict[tuple[str, str], set[str]] = {}
        self._open: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("class") == "v":
            self._open, self._text = self._ledger[(found["href"] or "").removeprefix("#")], ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self.shown.setdefault(self._open, set()).add(self._text.strip())
            self._open = None


@pytest.fixture(scope="module")
def page(pathfinders_run: joinedup.Run) -> str:
    assert pathfinders_run.report_path is not None, pathfinders_run.note
    return pathfinders_run.report_path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def numbers(page: str) -> dict[tuple[str, str], set[str]]:
    reader = Numbers(page)
    reader.feed(page)
    return reader.shown


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: ":".join(fact))
def test_a_number_in_the_report_is_the_published_fact(
    fact: tuple[str, str], numbers: dict[tuple[str, str], set[str]]
) -> None:
    assert numbers.get(fact), f"{fact} is not in the report"
    assert numbers[fact] == {FACTS[fact]}


def test_levels_stand_in_the_published_order(pathfinders_run: joinedup.Run) -> None:
    values = pathfinders_run.results["survey.level-contrast"].values
    for ahead in ("governance", "strategy"):
        for behind in ("procedure", "frontline"):
            low = values[f"{ahead}_vs_{behind}.like_these.low"]
            assert isinstance(low, float)
            assert low > 0, (ahead, behind)
            assert values[f"{ahead}_vs_{behind}.these.p"] is None, "a census of sites has no sampling"


def test_outcomes_improved_before_and_no_consistent_effect_is_found(pathfinders_run: joinedup.Run) -> None:
    trends, did = (pathfinders_run.results[id].values for id in ("indicators.trends", "impact.did"))
    assert isinstance(trends["improving_before"], int)
    assert isinstance(trends["directed"], int)
    assert trends["improving_before"] > trends["directed"] / 2
    assert isinstance(did["unclear"], int)
    assert isinstance(did["indicators"], int)
    assert did["indicators"] >= 10
    assert did["unclear"] >= did["indicators"] - 1


def test_contested_stays_contested(pathfinders_run: joinedup.Run) -> None:
    verdicts = {finding.verdict for finding in pathfinders_run.findings.values()}
    assert {"supported", "qualified", "contested"} <= verdicts
    assert "no longer supported" not in verdicts
    display = pathfinders_run.results["synthesis.joint-display"].values
    assert isinstance(display["discord"], int)
    assert display["discord"] >= 1


def test_coders_agree_as_well_as_people_do(pathfinders_run: joinedup.Run) -> None:
    values = pathfinders_run.results["texts.agreement"].values
    assert isinstance(values["min_alpha"], float)
    assert isinstance(values["max_alpha"], float)
    assert values["min_alpha"] >= 0.6
    assert values["max_alpha"] <= 0.8


NOT_ASKED_FOR = {
    "texts.topics",
    "impact.costs",
    "impact.group-time",
    "impact.randomisation",
    "impact.sensitivity",
    "impact.site-effects",
    "impact.specification-curve",
    "impact.synthetic-did",
}
"""Results that a study has only where its plan or its folder asks for them."""


def test_every_result_keeps_to_the_registry(pathfinders_run: joinedup.Run) -> None:
    checker = KeyChecker(pathfinders_run.study)
    strangers = [
        f"{id}:{key}"
        for id, result in pathfinders_run.results.items()
        for key in result.values
        if not checker.knows(id, key)
    ]
    assert not strangers
    assert {kind.id for kind in KINDS} - set(pathfinders_run.results) <= NOT_ASKED_FOR
    assert set(pathfinders_run.results) <= {kind.id for kind in KINDS}
    assert not [id for id, result in pathfinders_run.results.items() if result.refused]
    assert not [id for id, r in pathfinders_run.results.items() if len(r.methods) < 40 or not r.inputs]


def test_every_value_leads_to_rows(pathfinders_run: joinedup.Run) -> None:
    files = pathfinders_run.study.files
    for id, result in pathfinders_run.results.items():
        if id == "synthesis.joint-display":
            continue
        for key in result.values:
            sources = result.sources_of(key)
            assert sources, f"{id}:{key} leads nowhere"
            assert all(source.file in files for source in sources), (id, key)


def test_simulated_and_working_are_said(page: str) -> None:
    assert "SIMULATED" in page
    assert re.search("working report", page, re.IGNORECASE)
    assert page.count("SIMULATED") >= 3


def test_the_report_asks_nothing_of_any_other_computer(page: str) -> None:
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", re.sub(r'<a [^>]*href="https?://[^>]*>', "", page))
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert not re.search(r"url\((?!#|data:)", page)


def test_a_quote_names_the_profession_or_the_site_never_both(pathfinders_run: joinedup.Run) -> None:
    study = pathfinders_run.study
    sites = {site.name for site in study.sites}
    professions = {person.profession.replace("_", " ").lower() for person in study.people}
    quotes = [quote for result in pathfinders_run.results.values() for quote in result.quotes]
    assert len(quotes) >= 10
    for quote in quotes:
        said = quote.attribution.lower()
        named = [any(site.lower() in said for site in sites), any(p in said for p in professions)]
        assert sum(named) <= 1, quote.attribution


def test_the_same_inputs_give_the_same_bytes(pathfinders_run: joinedup.Run, tmp_path: Path) -> None:
    again = joinedup.run(joinedup.open_study(PATHFINDERS), out=tmp_path / "again")
    names = sorted(path.relative_to(again.out) for path in again.out.rglob("*") if path.is_file())
    assert names == sorted(p.relative_to(pathfinders_run.out) for p in pathfinders_run.out.rglob("*") if p.is_file())
    differ = [
        str(name) for name in names if (again.out / name).read_bytes() != (pathfinders_run.out / name).read_bytes()
    ]
    assert not differ
    assert {str(name.parent) for name in names} >= {"results", "figures", "tables"}
    assert (
        json.loads((again.out / "results" / "survey.response.json").read_text("utf-8"))["values"]["sites_answered"]
        == 35
    )


def test_one_survey_cell_touches_exactly_the_findings_whose_values_moved(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(PATHFINDERS, folder)
    before = joinedup.run(joinedup.open_study(folder), out=tmp_path / "before")
    for id in before.findings:
        affirm(folder, before.findings[id], "A Reader")
    path = folder / "survey" / "responses-w2.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    head = next(index for index, line in enumerate(lines) if not line.startswith("#"))
    scales = joinedup.open_study(folder).survey.scales
    item = next(scale.items[0] for scale in scales if scale.level == "frontline")
    column = lines[head].split(",").index(item)
    row = next(n for n in range(head + 1, len(lines)) if lines[n].split(",")[column] in {"1", "2", "3"})
    cells = lines[row].split(",")
    cells[column] = str(int(cells[column]) + 2)
    lines[row] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    after = joinedup.run(joinedup.open_study(folder), out=tmp_path / "after")
    moved = {id for id, finding in after.findings.items() if finding.digest != before.findings[id].digest}
    assert moved, "a finding cites frontline practice"
    assert moved < set(after.findings)
    assert {id for id, finding in after.findings.items() if finding.freshness == "stale"} == moved
    assert {finding.freshness for id, finding in after.findings.items() if id not in moved} <= {
        "current",
        "changed but same value",
    }

    def shown(run: joinedup.Run, id: str) -> list[object]:
        keys = [(e.result, key) for e in run.findings[id].evidence for key in e.keys]
        return [format(v, ".9g") if isinstance(v := run.results[r].values[k], float) else v for r, k in keys]

    assert {id for id in after.findings if shown(before, id) != shown(after, id)} <= moved
