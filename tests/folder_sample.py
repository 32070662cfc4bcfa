"""A small sound study folder as files, for tests that break or edit one thing in it. All data are SIMULATED."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from joinedup.study.survey import Instrument, Item

INTERVIEW = "Q: How is it going?\nM1: We meet every month.\nM1: The board decides.\n"
PLAN = "The partnership plan of Ashby.\n"
SHA_INTERVIEW = hashlib.sha256(INTERVIEW.encode()).hexdigest()
SHA_PLAN = hashlib.sha256(PLAN.encode()).hexdigest()
XLSX = b"PK\x03\x04 stands for a workbook"
OPTIONS = {"1": "low", "2": "medium", "3": "high"}
INSTRUMENT = Instrument(
    "1",
    "Survey",
    (Item("gov", "select_one", "Board", OPTIONS), Item("fro", "integer", "Practice"), Item("why", "text")),
)

STUDY = """\
# A comment that an export keeps.
id = "sample"
title = "A sample"

[programme]
name = "Simulated programme"
started = "2003-07"
simulated = true

[[question]]
id = "q1"
text = "How far?"
strands = ["survey"]

[[level]]
id = "governance"
label = "Governance"

[[wave]]
id = "w1"
label = "First"
start = "2004-01"
end = "2004-07"

[[wave]]
id = "w2"
label = "Second"
start = "2005-01"

[[kind]]
id = "interview"
label = "Interview"
speakers = true

[[kind]]
id = "document"
label = "Document"

[plan.survey]
wave = "w1"
site_items = ["gov"]

[plan.impact]
outcomes = ["looked_after"]
draws = 99
strata = "region"

[report]
summary = ["Of {survey.response:sites_asked} sites, all answered [@ashby2004]."]
"""

SCALES = '[[scale]]\nid = "board"\nlevel = "governance"\nitems = ["gov", "fro"]\nlow = 1\nhigh = 3\n'
CODEBOOK = '[[code]]\nid = "meeting"\nlabel = "Meeting"\n\n[[code]]\nid = "board"\nparent = "meeting"\n'
CODINGS = (
    '{"text":"i1","start":24,"end":44,"quote":"We meet every month.","code":"meeting","coder":"c1"}\n'
    '{"text":"i1","start":49,"end":67,"quote":"The board decides.","code":"board","coder":"c1","cleared":true}\n'
)
INDICATORS = """\
[deflator]
base = "2004"
values = { "2003" = 98.0, "2004" = 100.0 }

[[indicator]]
id = "looked_after"
label = "Children looked after"
family = "outcome"
unit = "children"
period = { at = "03-31" }
direction = "down"

[[indicator]]
id = "spend"
family = "expenditure"
unit = "pounds"
period = { from = "04-01", to = "03-31" }
deflate = true
"""
FINDINGS = """\
[[finding]]
id = "f1"
question = "q1"
claim = "In 2004 governance stood at {survey.level-contrast:governance|.2f}."

[[finding.evidence]]
stance = "supports"
strand = "survey"
result = "survey.level-contrast"
keys = ["governance"]
expect = ["survey.level-contrast : governance > 1"]

[[finding.evidence]]
stance = "qualifies"
strand = "texts"
passage = { text = "i1", start = 24, end = 44, quote = "We meet every month." }

[[finding.evidence]]
stance = "supports"
strand = "texts"
document = "d1"

[[finding.evidence]]
stance = "silent"
strand = "indicators"
note = "No indicator was taken."

[[finding.absence]]
result = "impact.did"
low = "looked_after.low"
high = "looked_after.high"
smallest_effect = 2.0
"""
JOINT = """\
[[row]]
id = "ahead"
proposition = "Governance is ahead"
theme = "meeting"

[[row.cell]]
strand = "survey"
says = "{survey.response:sites_asked} sites were asked."
supports = "survey.level-contrast : governance > 1"
"""


def sample() -> dict[str, bytes]:
    """The files of the sample by path, with several ways of writing a table."""
    texts = {
        "study.toml": STUDY,
        "sites.csv": '\ufeffsite;name;region;role;adopted;case;note\na;Ashby;North;programme;2003-07;1;\nb;"Burton; Old";South;comparison;;0;x\n',
        "people.csv": "person,from_wave,site,agency,profession,role\np1,w1,a,health,nurse,manager\np2,w1,b,school,teacher,head\n",
        "survey/scales.toml": SCALES,
        "survey/roster.csv": "# asked in spring\nwave,site,agency,role,person,outcome\nw1,a,health,manager,p1,complete\nw1,b,school,head,p2,refused\n",
        "survey/responses-w1.csv": 'response,person,wave,instrument_version,gov,fro,why\r\nr1,p1,w1,1,2,3,"two\r\nlines"\r\n',
        "texts/texts.csv": f"text\tkind\tinterview\tsite\twave\tdate\tsource\tsha256\ni1\tinterview\tx1\ta\tw1\t2004-02\t\t{SHA_INTERVIEW}\nd1\tdocument\t\ta\t\t2004\tweb\t{SHA_PLAN}\n",
        f"texts/frozen/{SHA_INTERVIEW}.txt": INTERVIEW,
        f"texts/frozen/{SHA_PLAN}.txt": PLAN,
        "texts/speakers.csv": "text,speaker,person\ni1,Q,\ni1,M1,p1\n",
        "texts/assignments.csv": "text,coder,phase\ni1,c1,independent\n",
        "texts/codebook.toml": CODEBOOK,
        "texts/codings.jsonl": CODINGS,
        "partnership/bodies.csv": "body,site,name,kind,document,page\nb1,a,Trust board,board,d1,3\n",
        "partnership/members.csv": "body,agency,role\nb1,health,chair\n",
        "partnership/remits.csv": "body,remit\nb1,commissioning\n",
        "partnership/provision.csv": "site,service,tier,period,spend\na,parenting,targeted,2004,100.50\na,play,universal,2004,c\n",
        "indicators/indicators.toml": INDICATORS,
        "indicators/values.csv": "site,period,indicator,value\na,2003,looked_after,12\na,2004,looked_after,c\nb,2003,looked_after,7.5\nold,2003,looked_after,\n",
        "indicators/site-changes.csv": "old,new,from,rule,source\nold,b,2004-04-01,recode,ONS\n",
        "findings.toml": FINDINGS,
        "synthesis/joint-display.toml": JOINT,
        "references.bib": "@book{ashby2004,\n  title = {A book}\n}\n",
        "notes/unknown.txt": "kept as it is",
        "ledger/affirmations.jsonl": '{"finding":"gone","by":"A. Person","at":"2006-01-01","digest":"00"}\n',
    }
    return {**{name: text.encode("utf-8") for name, text in texts.items()}, "survey/instrument.xlsx": XLSX}


def read_instrument(data: bytes, name: str) -> Instrument:
    """Stands in for the adapter that reads a workbook."""
    if data != XLSX:
        raise ValueError(f"{name} has no sheet survey")
    return INSTRUMENT


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write `files` below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
