"""Bad input from the user's side: one fault in a sound study, one numbered sentence that says where and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from joinedup.study.folder import read_folder
from joinedup.study.problems import Problem
from joinedup.workflow.opening import check
from tests.folder_sample import SHA_INTERVIEW, put, read_instrument, sample

FROZEN = f"texts/frozen/{SHA_INTERVIEW}.txt"
CODINGS, FINDINGS, JOINT = "texts/codings.jsonl", "findings.toml", "synthesis/joint-display.toml"
ROSTER, RESPONSES, SCALES = "survey/roster.csv", "survey/responses-w1.csv", "survey/scales.toml"
DECLARED, VALUES, CHANGES = "indicators/indicators.toml", "indicators/values.csv", "indicators/site-changes.csv"
PROVISION, CODEBOOK, TEXTS = "partnership/provision.csv", "texts/codebook.toml", "texts/texts.csv"


def problems(folder: Path) -> list[Problem]:
    study, found = read_folder(folder, read_instrument)
    return [*found, *check(study)]


def replaced(file: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def edit(files: dict[str, bytes]) -> None:
        assert old.encode() in files[file]
        files[file] = files[file].replace(old.encode(), new.encode(), 1)

    return edit


def added(file: str, text: str) -> Callable[[dict[str, bytes]], None]:
    def edit(files: dict[str, bytes]) -> None:
        files[file] = files[file] + text.encode()

    return edit


def holding(file: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    def edit(files: dict[str, bytes]) -> None:
        files[file] = data

    return edit


def without(file: str) -> Callable[[dict[str, bytes]], None]:
    def edit(files: dict[str, bytes]) -> None:
        del files[file]

    return edit


ONE_TOPIC = "[plan.texts]\ntopics = { k = 1 }\n\n[plan.survey]"

FAULTS: list[tuple[str, str, Callable[[dict[str, bytes]], None], str]] = [
    ("J001", "study.toml", without("study.toml"), "no study.toml"),
    ("J005", "people.csv", holding("people.csv", b"PK\x03\x04\0\0zip"), "a ZIP archive or an Office file"),
    ("J005", "people.csv", holding("people.csv", b"%PDF-1.7\n"), "a PDF"),
    ("J005", "people.csv", holding("people.csv", "person".encode("utf-16")), "a UTF-16 text"),
    ("J005", "survey/instrument.xlsx", holding("survey/instrument.xlsx", b"\x89PNG\r\n"), "a PNG image"),
    (
        "J006",
        "people.csv:4",
        holding("people.csv", sample()["people.csv"] + b"p3,w1,a,caf\xe9,x,y\n"),
        "(cp1252) it says",
    ),
    ("J007", "people.csv:1", holding("people.csv", b"person,\0"), "Byte 8 is NUL"),
    ("J008", "people.csv:2", holding("people.csv", b"person\n" + b"x" * 1_000_001), "longer than 1,000,000 bytes"),
    ("J009", "people.csv:4", added("people.csv", 'p3,w1,"a,x,y,z\n'), "never closed"),
    ("J009", "people.csv:4", added("people.csv", 'p3,w1,"a"b,x,y,z\n'), "in the middle of a cell"),
    ("J010", "people.csv:1:site", replaced("people.csv", "site", "sites"), "Is it `sites`?"),
    ("J011", "people.csv:1:site", replaced("people.csv", "agency", "site"), "2 times"),
    ("J012", "people.csv:4", added("people.csv", "p3,w1,a\n"), "3 cells, the header 6"),
    ("J012", f"{PROVISION}:4", added(PROVISION, "b,play,universal,2004,12,5\n"), "`5` is too many"),
    ("J013", f"{VALUES}:1:5", replaced(VALUES, "indicator,value", "indicator,value,_row"), "reserved"),
    ("J014", "study.toml:2:6", replaced("study.toml", 'id = "sample"', "id = sample"), "can't be read"),
    ("J014", "study.toml", holding("study.toml", b"a = " + b"[" * 100_000), "nested too deeply"),
    (
        "J015",
        "study.toml:21:lable",
        replaced("study.toml", 'label = "First"', 'lable = "First"'),
        "Did you mean `label`?",
    ),
    ("J015", f"{CODINGS}:1:coda", replaced(CODINGS, '"coder":"c1"', '"coder":"c1","coda":""'), "Did you mean `code`?"),
    ("J016", "study.toml:45:draws", replaced("study.toml", "draws = 99", 'draws = "99"'), "a whole number"),
    ("J016", f"{CODINGS}:1:start", replaced(CODINGS, '"start":24', '"start":"24"'), "a whole number"),
    ("J017", "study.toml:3:title", replaced("study.toml", 'title = "A sample"', 'title = ""'), "`title` is missing"),
    ("J017", f"{CODINGS}:1:quote", replaced(CODINGS, '"quote":"We meet every month.",', ""), "`quote` is missing"),
    ("J018", f"{CODINGS}:3:1", added(CODINGS, "text\n"), "no JSON"),
    ("J018", f"{CODINGS}:3", added(CODINGS, '{"text":"a","text":"b"}\n'), "stands there twice"),
    ("J018", f"{CODINGS}:3", added(CODINGS, '{"start":NaN}\n'), "NaN is no number"),
    ("J018", f"{CODINGS}:3", added(CODINGS, "[1]\n"), "not an object"),
    ("J019", "people.csv", holding("people.csv", b"# only a comment\n\n"), "no header"),
    ("J110", "sites.csv:2:case", replaced("sites.csv", "2003-07;1;", "2003-07;yes;"), "`yes`"),
    ("J111", "study.toml:23:end", replaced("study.toml", 'end = "2004-07"', 'end = "2003-07"'), "before it starts"),
    ("J112", "study.toml:28:start", replaced("study.toml", '"2005-01"', '"2003-01"'), "before the wave above"),
    ("J113", "sites.csv:3:role", replaced("sites.csv", "comparison", "comparisson"), "Did you mean `comparison`?"),
    ("J114", "sites.csv:4:site", added("sites.csv", "A;Other;;programme;;;\n"), "differ only in case"),
    ("J115", "study.toml:46:strata", replaced("study.toml", 'strata = "region"', 'strata = "regions"'), "`region`"),
    ("J115", "study.toml:41:site_items", replaced("study.toml", '["gov"]', '["gob"]'), "`gov`"),
    ("J116", "study.toml:45:draws", replaced("study.toml", "draws = 99", "draws = 0"), "`draws` is 0"),
    (
        "J116",
        "study.toml:45:before_varied",
        replaced("study.toml", "draws = 99", "before_varied = [0]"),
        "`before_varied` holds 0",
    ),
    (
        "J116",
        "study.toml:45:smallest_effects",
        replaced("study.toml", "draws = 99", "smallest_effects = { looked_after = 0 }"),
        "smallest effect of interest on `looked_after` is 0",
    ),
    (
        "J115",
        "study.toml:45:weights",
        replaced("study.toml", "draws = 99", 'weights = "child"'),
        "without `children`",
    ),
    (
        "J120",
        "study.toml:45:designs",
        replaced("study.toml", "draws = 99", 'designs = ["synthetic_did"]'),
        "Did you mean `synthetic-did`?",
    ),
    (
        "J120",
        "study.toml:45:assignment",
        replaced("study.toml", "draws = 99", 'assignment = "lottery"'),
        "`assignment` holds `lottery`",
    ),
    ("J116", "study.toml:40:topics", replaced("study.toml", "[plan.survey]", ONE_TOPIC), "`k` of `topics` is 1"),
    ("J117", "study.toml:49:summary", replaced("study.toml", "@ashby2004", "@ashby2003"), "`ashby2004`"),
    ("J121", "sites.csv", without("sites.csv"), "no site"),
    ("J122", "sites.csv:4:site", added("sites.csv", "a;Again;;programme;;;\n"), "first in row 2"),
    ("J122", "people.csv:4:person", added("people.csv", "p1,w1,a,x,y,z\n"), "second time"),
    ("J122", f"{ROSTER}:5:person", added(ROSTER, "w1,a,health,manager,p1,complete\n"), "first in row 3"),
    (
        "J122",
        f"{CODINGS}:3",
        added(
            CODINGS, '{"text":"i1","start":24,"end":44,"quote":"We meet every month.","code":"meeting","coder":"c1"}\n'
        ),
        "row 1",
    ),
    ("J122", "references.bib:4", added("references.bib", "@book{ashby2004,\n}\n"), "second time"),
    ("J123", "sites.csv:4:site", added("sites.csv", "c d;Name;;programme;;;\n"), "`c d`"),
    ("J124", "people.csv:2:site", replaced("people.csv", "p1,w1,a", "p1,w1,z"), "no site of this study"),
    ("J124", f"{VALUES}:4:site", replaced(VALUES, "b,2003", "z,2003"), "no site of this study"),
    ("J125", f"{ROSTER}:3:wave", replaced(ROSTER, "w1,a", "w9,a"), "no wave of this study"),
    ("J126", "sites.csv:2:adopted", replaced("sites.csv", "2003-07", "July 2003"), "`July 2003` is no date"),
    ("J126", f"{CHANGES}:2:from", replaced(CHANGES, "2004-04-01", "2004-04-31"), "no date"),
    ("J127", "texts/speakers.csv:3:person", replaced("texts/speakers.csv", "M1,p1", "M1,p9"), "no person"),
    ("J201", "survey/instrument.xlsx", holding("survey/instrument.xlsx", b"PK\x03\x04 other"), "has no sheet survey"),
    ("J202", f"{ROSTER}:4:outcome", replaced(ROSTER, "refused", "refuse"), "Did you mean `refused`?"),
    ("J203", f"{RESPONSES}:2:person", replaced(RESPONSES, "r1,p1", "r1,p3"), "was not asked"),
    ("J204", f"{RESPONSES}:4:person", added(RESPONSES, "r2,p2,w1,1,2,3,\r\n"), "roster says `refused` (row 4)"),
    ("J205", f"{ROSTER}:4:outcome", replaced(ROSTER, "refused", "complete"), "has no response"),
    ("J206", f"{RESPONSES}:2:gov", replaced(RESPONSES, "1,2,3", "1,4,3"), "none of the options"),
    ("J207", f"{RESPONSES}:2:fro", replaced(RESPONSES, "1,2,3", "1,2,9"), "outside 1 to 3"),
    ("J207", f"{RESPONSES}:2:fro", replaced(RESPONSES, "1,2,3", "1,2,three"), "is no number"),
    ("J208", f"{RESPONSES}:2:wave", replaced(RESPONSES, "p1,w1", "p1,w2"), "file of `w1`"),
    ("J209", f"{RESPONSES}:whi", replaced(RESPONSES, "why", "whi"), "Did you mean `why`?"),
    ("J213", f"{SCALES}:1:board", replaced(SCALES, '"fro"', '"frog"'), "Did you mean `fro`?"),
    ("J214", f"{SCALES}:1:board", replaced(SCALES, '"governance"', '"governence"'), "`governance`"),
    ("J215", f"{SCALES}:1:board", replaced(SCALES, "high = 3", "high = 1"), "from 1 to 1"),
    ("J215", f"{SCALES}:1:board", added(SCALES, 'reverse = ["why"]\n'), "no item of the scale"),
    ("J301", f"{TEXTS}:2:sha256", without(FROZEN), "is missing"),
    ("J302", f"{TEXTS}:2:sha256", added(FROZEN, "More.\n"), "was changed"),
    ("J302", f"{TEXTS}:2:sha256", replaced(TEXTS, SHA_INTERVIEW, "../../etc/passwd"), "no SHA-256"),
    ("J303", f"{TEXTS}:2:sha256", replaced(FROZEN, "going?\n", "going?\r\n"), "a carriage return at character 19"),
    ("J303", f"{TEXTS}:2:sha256", replaced(FROZEN, "Q:", "\ufeffQ:"), "a byte-order mark at character 0"),
    ("J304", f"{TEXTS}:2:sha256", replaced(FROZEN, "month", "monthe\u0301"), "NFC"),
    ("J305", f"{CODINGS}:1", replaced(CODINGS, '"i1"', '"i2"'), "no text of this study"),
    ("J305", "partnership/bodies.csv:2:document", replaced("partnership/bodies.csv", "d1", "d9"), "no text"),
    ("J306", f"{CODINGS}:1:code", replaced(CODINGS, '"meeting"', '"meetings"'), "Did you mean `meeting`?"),
    ("J307", f"{CODINGS}:1", replaced(CODINGS, '"end":44', '"end":4400'), "68 characters"),
    (
        "J308",
        f"{CODINGS}:1",
        replaced(CODINGS, "We meet every month", "We met every month"),
        "stands `We meet every month.`",
    ),
    ("J308", f"{CODINGS}:1", replaced(CODINGS, '"start":24,"end":44', '"start":20,"end":40'), "at 24-44 (+4)"),
    ("J309", "texts/speakers.csv:4:speaker", added("texts/speakers.csv", "i1,,p1\n"), "label is empty"),
    ("J310", f"{TEXTS}:3:kind", replaced(TEXTS, "document", "docment"), "Did you mean `document`?"),
    ("J311", f"{CODEBOOK}:1:meeting", replaced(CODEBOOK, '"Meeting"', '"Meeting"\nparent = "board"'), "below itself"),
    ("J312", f"{CODINGS}:1:coder", replaced(CODINGS, '"c1"', '"c2"'), "no coder of this study"),
    (
        "J313",
        CODINGS,
        holding(
            CODINGS,
            b"".join(
                b'{"text":"i1","start":%d,"end":%d,"quote":"%s","code":"board","coder":"c1"}\n'
                % (at, at + len(word), word)
                for at, word in ((20, b"We meet"), (23, b"meet every"), (45, b"The board"))
            ),
        ),
        "off by +4",
    ),
    ("J401", "partnership/members.csv:2:body", replaced("partnership/members.csv", "b1", "b2"), "no body"),
    ("J402", f"{PROVISION}:2:tier", replaced(PROVISION, "targeted", "targetted"), "Did you mean `targeted`?"),
    ("J403", f"{PROVISION}:2:spend", replaced(PROVISION, "100.50", "£100"), "neither a number nor a status mark"),
    ("J403", f"{PROVISION}:2:spend", replaced(PROVISION, "100.50", "-3"), "negative"),
    (
        "J404",
        "partnership/remits.csv:2:remit",
        replaced("partnership/remits.csv", "b1,commissioning", 'b1,""'),
        "remit is empty",
    ),
    ("J501", f"{VALUES}:2:indicator", replaced(VALUES, "looked_after", "looked_aftr"), "Did you mean `looked_after`?"),
    ("J502", f"{VALUES}:4:value", replaced(VALUES, "7.5", '"7,5"'), "decimal comma"),
    ("J502", f"{VALUES}:4:value", replaced(VALUES, "7.5", '"1,234"'), "thousands separators"),
    ("J502", f"{VALUES}:4:value", replaced(VALUES, "7.5", "[c]"), "Did you mean `c` (suppressed)?"),
    ("J502", f"{VALUES}:4:value", replaced(VALUES, "7.5", "nan"), "neither a number"),
    ("J503", f"{VALUES}:6:value", added(VALUES, "a,2003,looked_after,13\n"), "after indicators/values.csv row 2"),
    ("J504", f"{VALUES}:4:period", replaced(VALUES, "b,2003", "b,2003/04"), "no period"),
    ("J505", f"{DECLARED}:5:looked_after", replaced(DECLARED, '"outcome"', '"outcomes"'), "Did you mean `outcome`?"),
    ("J506", f"{DECLARED}:5:looked_after", replaced(DECLARED, '"down"', '"lower"'), "no direction"),
    ("J508", f"{DECLARED}:13:spend", added(DECLARED, "per = 0\n"), "`per` is 0"),
    ("J509", f"{DECLARED}:10:period", replaced(DECLARED, '"03-31"', '"31-03"'), "can't be read"),
    ("J509", f"{DECLARED}:10:period", replaced(DECLARED, 'at = "03-31"', ""), "either `at` or"),
    ("J510", f"{DECLARED}:1:deflator", replaced(DECLARED, 'base = "2004"', 'base = "2005"'), "none of the deflator's"),
    ("J510", f"{DECLARED}:1:deflator", replaced(DECLARED, "98.0", "-98.0"), "is -98"),
    ("J511", f"{CHANGES}:2:rule", replaced(CHANGES, "recode", "rename"), "no rule"),
    ("J512", f"{CHANGES}:2:rule", replaced(CHANGES, "recode", "merge"), "from `old` alone"),
    ("J512", f"{CHANGES}:3:rule", added(CHANGES, "older,b,2004-04-01,recode,\n"), "not one to one"),
    ("J512", f"{CHANGES}:2:new", added(CHANGES, "b,old,2005-04-01,recode,\n"), "becomes itself again"),
    ("J601", f"{FINDINGS}:6", replaced(FINDINGS, 'result = "survey.level', 'result = "survey.levels'), "no result"),
    ("J602", f"{FINDINGS}:10:keys", replaced(FINDINGS, '["governance"]', '["governanc"]'), "has no key `governanc`"),
    ("J602", "study.toml:49:summary", replaced("study.toml", "sites_asked", "sites_aksed"), "`sites_asked`"),
    ("J603", f"{FINDINGS}:11:expect", replaced(FINDINGS, "governance > 1", "governance > "), "ends too early"),
    ("J603", f"{FINDINGS}:11:expect", replaced(FINDINGS, "governance > 1", "2 > 1"), "reads no key"),
    ("J604", f"{FINDINGS}:4:claim", replaced(FINDINGS, "In 2004", "In 3 sites in 2004"), "`3` is typed"),
    ("J605", f"{FINDINGS}:34:finding.2", added(FINDINGS, '\n[[finding]]\nid = "f2"\nclaim = "So."\n'), "no evidence"),
    ("J606", f"{FINDINGS}:6:finding.1.evidence.1", replaced(FINDINGS, '"supports"', '"support"'), "can't stand"),
    (
        "J607",
        f"{FINDINGS}:6:finding.1.evidence.1",
        replaced(FINDINGS, 'strand = "survey"', 'strand = "texts"'),
        "survey",
    ),
    ("J607", "study.toml:13:strands", replaced("study.toml", '["survey"]', '["surveys"]'), "Did you mean `survey`?"),
    ("J608", f"{FINDINGS}:4:claim", replaced(FINDINGS, "stood at {survey", "stood {at} {survey"), "`{at}`"),
    ("J609", f"{FINDINGS}:4:claim", replaced(FINDINGS, "|.2f", "|.2q"), "`.2q`"),
    ("J610", f"{FINDINGS}:3:question", replaced(FINDINGS, '"q1"', '"q2"'), "no question"),
    ("J611", f"{FINDINGS}:28:finding.1.absence.1", replaced(FINDINGS, "= 2.0", "= 0"), "`smallest_effect` is 0"),
    (
        "J612",
        f"{FINDINGS}:23:finding.1.evidence.4",
        replaced(FINDINGS, '"No indicator was taken."', '""'),
        "without a reason",
    ),
    ("J613", f"{JOINT}:6:row.1.cell.1", replaced(JOINT, "says =", "say ="), "Did you mean `says`?"),
]


def test_the_sample_is_sound(tmp_path: Path) -> None:
    assert problems(put(tmp_path, sample())) == []


@pytest.mark.parametrize(("number", "place", "edit", "says"), FAULTS, ids=[f"{f[0]}-{f[3]}"[:40] for f in FAULTS])
def test_one_fault_gives_its_sentence(
    tmp_path: Path, number: str, place: str, edit: Callable[[dict[str, bytes]], None], says: str
) -> None:
    files = sample()
    edit(files)
    found = problems(put(tmp_path, files))
    about = [
        p for p in found if p.number == number and str(p.place).startswith(place) and says in f"{p.what} {p.remedy}"
    ]
    assert about, "\n".join(map(str, found))
    assert all(p.what.rstrip().endswith((".", "?")) and p.remedy.endswith((".", "?", ")")) for p in found)


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    files = sample()
    replaced("sites.csv", "comparison", "comparisson")(files)
    replaced(VALUES, "7.5", "n/a")(files)
    replaced(FINDINGS, "In 2004", "In 7 sites")(files)
    files["people.csv"] = b"%PDF"
    assert {"J005", "J113", "J502", "J604"} <= {problem.number for problem in problems(put(tmp_path, files))}


def test_row_numbers_are_lines_of_a_text_editor(tmp_path: Path) -> None:
    files = sample()
    files[VALUES] = (
        b'# note\r\n\r\nsite;period;indicator;value;note\r\na;2003;looked_after;1;"x\r\ny"\r\n\r\nb;2003;looked_after;?;\r\n'
    )
    found = [problem for problem in problems(put(tmp_path, files)) if problem.number == "J502"]
    assert [str(problem.place) for problem in found] == [f"{VALUES}:7:value"]


def test_a_huge_line_is_refused_in_a_sentence(tmp_path: Path) -> None:
    files = sample()
    files[VALUES] = b"site,period,indicator,value\n" + b"a" * 200_000_000
    found = [problem for problem in problems(put(tmp_path, files)) if problem.place.file == VALUES]
    assert [(problem.number, problem.place.row) for problem in found] == [("J008", 2)]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.study.folder.scan.LARGEST_FILE", 3000)
    files = {**sample(), "notes/large.bin": b"x" * 3001}
    study, found = read_folder(put(tmp_path, files), read_instrument)
    assert [(problem.number, problem.place.file) for problem in found] == [("J004", "notes/large.bin")]
    assert "notes/large.bin" not in study.files


def test_links_and_devices_are_problems(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", sample())
    (tmp_path / "outside.txt").write_text("secret", encoding="utf-8")
    try:
        (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
        (folder / "round").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("NOT TESTED: this user may not make links")
    expected = [("J002", "link.txt"), ("J002", "round")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.csv")
        expected.append(("J003", "pipe.csv"))
    study, found = read_folder(folder, read_instrument)
    assert sorted((problem.number, problem.place.file) for problem in found) == sorted(expected)
    assert not {"link.txt", "pipe.csv"} & set(study.files)


@pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: Windows has no undecodable names")
def test_a_name_that_is_not_unicode_is_a_problem(tmp_path: Path) -> None:
    folder = put(tmp_path, sample())
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_bytes(b"x")
    _, found = read_folder(folder, read_instrument)
    assert [problem.number for problem in found] == ["J020"]
    str(found[0]).encode("utf-8")


def test_a_million_faults_make_a_short_list(tmp_path: Path) -> None:
    files = sample()
    files["people.csv"] += b"".join(b"q%d,w1,a\n" % n for n in range(10_000))
    found = [problem for problem in problems(put(tmp_path, files)) if problem.number == "J012"]
    assert len(found) == 51
    assert "9,950 more" in found[-1].what
