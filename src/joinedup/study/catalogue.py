"""The closed catalogue of problems: every number that `check` may print, and what it stands for.

Users, tests and the manual share the numbers; a number once given never changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Files": {
        "J001": "There is no study.toml",
        "J002": "A link instead of a file",
        "J003": "A file or folder that can't be opened",
        "J004": "A file that is too large",
        "J005": "A file that is not what its name says",
        "J006": "A text that is not UTF-8",
        "J007": "A text with NUL bytes",
        "J008": "A line that is too long",
        "J009": "Quoting in a CSV file that can't be read",
        "J010": "A column is missing",
        "J011": "A column stands in the header more than once",
        "J012": "A row with too few or too many cells",
        "J013": "A column without a name, or with a reserved one",
        "J014": "TOML that can't be read",
        "J015": "An unknown key",
        "J016": "A value of the wrong type",
        "J017": "A required key is missing",
        "J018": "A line that is no JSON object",
        "J019": "A table without a header",
        "J020": "A file name that is not valid Unicode",
    },
    "Workbooks": {
        "J090": "A workbook that can't be read",
        "J091": "A workbook with a password",
        "J092": "A workbook that unpacks to too much",
        "J093": "A workbook without a sheet that it needs",
        "J094": "A sheet without a column that it needs",
        "J095": "A question or option without a usable name",
        "J096": "A name that stands in a workbook twice",
        "J097": "A question whose options are nowhere listed",
    },
    "Official files": {
        "J100": "data.toml or a file that it names can't be read",
        "J101": "An official file is missing",
        "J102": "A heading is not in the official file",
        "J103": "No row of the official file is chosen",
        "J104": "An official value that is neither a number nor a mark",
        "J105": "An official row whose site is unknown",
        "J106": "An official period that can't be read",
        "J107": "data.toml fills an indicator that is not declared",
        "J108": "Two official rows for one value",
        "J109": "An official name that can't be used",
    },
    "study.toml, sites and people": {
        "J110": "A case mark that is neither 0 nor 1",
        "J111": "A wave that ends before it starts",
        "J112": "Waves out of order",
        "J113": "An unknown role of a site",
        "J114": "Two sites that results can't tell apart",
        "J115": "The analysis plan names what the study does not have",
        "J116": "A number of the analysis plan outside its range",
        "J117": "A reference is cited that references.bib does not have",
        "J121": "A study without sites",
        "J122": "A key that stands twice",
        "J123": "Something that is no identifier",
        "J124": "An unknown site",
        "J125": "An unknown wave",
        "J126": "Something that is no date",
        "J127": "An unknown person",
    },
    "Survey": {
        "J201": "A questionnaire that can't be read",
        "J202": "An unknown outcome on the roster",
        "J203": "A response of someone who was not asked",
        "J204": "A response of someone who did not answer",
        "J205": "A complete outcome without a response",
        "J206": "An answer that is none of the options",
        "J207": "An answer that is no number or outside the scale's range",
        "J208": "A response in the file of another wave",
        "J209": "A column that is no item of the questionnaire",
        "J213": "A scale with an unknown item",
        "J214": "A scale with an unknown level",
        "J215": "A scale that contradicts itself",
    },
    "Texts": {
        "J301": "A frozen text is missing",
        "J302": "A frozen text that was changed",
        "J303": "A frozen text with carriage returns or a byte-order mark",
        "J304": "A frozen text that is not in NFC",
        "J305": "An unknown text",
        "J306": "An unknown code",
        "J307": "A span outside its text",
        "J308": "A quote that does not stand where it should",
        "J309": "A speaker without a label",
        "J310": "An unknown kind of text",
        "J311": "A code that lies below itself",
        "J312": "An unknown coder",
        "J313": "The codings of a text are all off by the same number of characters",
    },
    "Partnership": {
        "J401": "An unknown body",
        "J402": "An unknown tier",
        "J403": "Spending that is no number and no mark, or negative",
        "J404": "An empty agency or remit",
    },
    "Indicators": {
        "J501": "An unknown indicator",
        "J502": "A value that is neither a number nor a status mark",
        "J503": "Two values for one site, period and indicator",
        "J504": "Something that is no period",
        "J505": "An unknown family",
        "J506": "An unknown direction",
        "J508": "A number of an indicator outside its range",
        "J509": "A period rule that can't be read",
        "J510": "A deflator that is missing or contradicts itself",
        "J511": "An unknown rule of a change of sites",
        "J512": "Changes of sites that contradict their rule",
    },
    "Findings and synthesis": {
        "J601": "An unknown result",
        "J602": "A key that a result does not have",
        "J603": "An expectation that can't be read",
        "J604": "A number that is typed instead of cited",
        "J605": "A finding without evidence",
        "J606": "Evidence that can't stand",
        "J607": "An unknown strand, or the wrong one",
        "J608": "Braces that are no reference to a result",
        "J609": "A format that no number can take",
        "J610": "An unknown question",
        "J611": "A smallest effect that is not above 0",
        "J612": "Silence without a reason",
        "J613": "A joint display that can't be read",
    },
}

TITLES: Mapping[str, str] = {number: title for group in GROUPS.values() for number, title in group.items()}


def page() -> str:
    """The manual's page of problems, in Markdown."""
    lines = [
        "# Problems",
        "",
        "`joinedup check DIR` lists everything that is wrong with a study: the number of the problem, the file, the row",
        "(as a text editor counts) and the column, what is wrong, and what to do. This page is written from the program's",
        "own catalogue. A number never changes its meaning.",
    ]
    for group, titles in GROUPS.items():
        lines += ["", f"## {group}", "", "| number | problem |", "|---|---|"]
        lines += [f"| {number} | {title} |" for number, title in titles.items()]
    return "\n".join(lines) + "\n"
