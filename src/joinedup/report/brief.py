"""The one-page brief for a site: its own data, and the other sites without their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.report.chapters.common import paragraph
from joinedup.report.document import WATERMARK
from joinedup.report.figures.brief import scored, standing
from joinedup.report.figures.spec import number
from joinedup.report.model import (  # fmt: skip
    Block,
    Bullets,
    Cell,
    Document,
    FigureBlock,
    Heading,
    Inlines,
    Line,
    Paragraph,
    Section,
    TableBlock,
    Text,
    ValueRef,
)
from joinedup.report.prose import ref, show_value
from joinedup.study.dates import date_words
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.registry import key_part
from joinedup.study.result import Result
from joinedup.study.site import Site
from joinedup.version import __version__

_SCORES, _CHANGE = "survey.level-scores", "survey.change"
_THEMES = 8
"""A brief names at most so many themes."""


def brief_document(study: Study, results: Mapping[str, Result], site: str) -> Document | None:
    """The brief of `site` (its id): its answers, where it stands, its partnership, the themes of its cleared passages.

    Nothing in it names another site, person or text. None where the study knows nothing that a brief would tell. Raises UsageError where the programme has no such site.
    """
    found = next((one for one in study.programme_sites if one.id == site), None)
    if found is None:
        raise UsageError(
            f"There is no programme site {site!r}. There is: {', '.join(s.id for s in study.programme_sites)}."
        )
    blocks = [
        *_answered(results, found),
        *_levels(study, results, found),
        *_partnership(results, found),
        *_themes(study, found),
    ]
    if not blocks:
        return None
    report = study.settings.get("report", {})
    meta = {
        "subtitle": study.title,
        "programme": study.programme.name,
        "date": date_words(str(report.get("date", ""))),
        "watermark": WATERMARK,
        "version": __version__,
    }
    return Document(f"Brief for {found.name}", meta, (Section("brief", found.name, (*blocks, *_reading())),), study.programme.simulated)  # fmt: skip


def _answered(results: Mapping[str, Result], site: Site) -> list[Block]:
    at = f"site.{key_part(site.id)}"
    response = results.get("survey.response")
    if response is None or f"{at}.asked" not in response.values:
        return []
    asked, answered = (number(response.values.get(f"{at}.{what}")) is not None for what in ("asked", "answered"))
    asked_of = f"{ref('survey.response', f'{at}.asked')} people asked here"
    if answered and asked:
        own = f"{ref('survey.response', f'{at}.answered')} of {asked_of} answered the survey;"
    elif asked:
        own = f"How many of the {asked_of} answered is not shown, for the number would tell of single persons;"
    else:
        own = "How many people were asked here and how many answered is not shown, for the numbers would tell of single persons;"
    if all(number(response.values.get(f"people_{what}")) is not None for what in ("asked", "answered")):
        of_all = f"{ref('survey.response', 'people_answered')} of {ref('survey.response', 'people_asked')}"
        said = f"{own} in all sites {of_all} answered."
    else:
        said = f"{own[:-1]}."
    return [Heading(2, (Text("Who answered"),)), *paragraph(results, said)]


def _levels(study: Study, results: Mapping[str, Result], site: Site) -> list[Block]:
    """The figure and the table of scores; a sentence where too few answered."""
    result = results.get(_SCORES)
    if result is None or result.refused:
        return []
    heading = Heading(2, (Text("How far each level has come"),))
    if key_part(site.id) not in scored(study, result):
        few = "Too few people of this site answered for its scores to be shown: they would tell of single persons."
        return [heading, Paragraph((Text(few),))]
    drawn = standing(study, result, site.id, "This site among the others")
    return [heading, *([FigureBlock(drawn)] if drawn else []), _scores(study, results, site)]


def _scores(study: Study, results: Mapping[str, Result], site: Site) -> TableBlock:
    """A line a level: own score, mean of all sites, own change and mean change between the waves."""
    at = f"site.{key_part(site.id)}"
    keys = {level.label: key_part(level.id) for level in study.levels}
    wanted = [
        ("This site", _SCORES, at + ".{}"),
        ("All sites (mean)", _SCORES, "{}.mean"),
        ("Change here since the first survey", _CHANGE, at + ".{}.change"),
        ("Change in all sites (mean)", _CHANGE, "{}.change"),
    ]
    shown = [(head, _column(results, id, [key.format(level) for level in keys.values()])) for head, id, key in wanted]
    shown = [(head, cells) for head, cells in shown if any(cells)]
    lines = tuple(
        Line((Cell((Text(label),)), *(Cell(cells[at] or (Text("–"),), numeric=True) for _, cells in shown)))
        for at, label in enumerate(keys)
    )
    head = (Cell((Text("Level"),)), *(Cell((Text(title),), numeric=True) for title, _ in shown))
    return TableBlock("brief-scores", "Scores and their change, in points of the scale", head, lines)


def _column(results: Mapping[str, Result], id: str, keys: list[str]) -> list[Inlines]:
    """The values as references, none where there is no value."""
    result = results.get(id)
    values = [None if result is None else result.values.get(key) for key in keys]
    shown = [show_value(value, ".2f") for value in values]
    return [() if value is None else (ValueRef(id, key, told),) for key, value, told in zip(keys, values, shown, strict=True)]  # fmt: skip


def _partnership(results: Mapping[str, Result], site: Site) -> list[Block]:
    at = f"site.{key_part(site.id)}"
    items = [block.inlines for block in _sentences(results, at) if isinstance(block, Paragraph)]
    return [Heading(2, (Text("Partnership and spending"),)), Bullets(tuple(items))] if items else []


def _sentences(results: Mapping[str, Result], at: str) -> Iterator[Block]:
    bodies, spending = "partnership.overlap", "partnership.provision"
    if _has(results, bodies, f"{at}.bodies"):
        yield from paragraph(
            results,
            f"{ref(bodies, f'{at}.bodies')} partnership bodies are recorded here; all {ref(bodies, 'sites')} sites have {ref(bodies, 'bodies')} together.",
            f"Any two of them share {ref(bodies, f'{at}.members.jaccard', '.0%')} of their members on average (all sites: {ref(bodies, 'members.jaccard', '.0%')}).",
        )
    if _has(results, spending, f"{at}.targeted"):
        yield from paragraph(
            results,
            f"{ref(spending, f'{at}.targeted', '.0%')} of the spending recorded here went to targeted services, a change of {ref(spending, f'{at}.change', '+.0pp')} percentage points since the first year.",
        )


def _has(results: Mapping[str, Result], id: str, key: str) -> bool:
    return id in results and results[id].values.get(key) is not None


def _themes(study: Study, site: Site) -> list[Block]:
    """The themes of which a passage from this site is cleared: their names, never the words."""
    own = {text.id for text in study.texts.texts if text.site == site.id}
    cleared = {coding.code for coding in study.texts.codings if coding.cleared and coding.passage.text in own}
    labels = [code.label for code in study.texts.codes if code.id in cleared][:_THEMES]
    if not labels:
        return []
    told = f"In passages from this site that are cleared for quotation: {'; '.join(labels)}."
    return [Heading(2, (Text("Themes"),)), Paragraph((Text(told),))]


def _reading() -> list[Block]:
    told = "For the people of this site. Other sites appear without a name; nothing here ranks sites against one another, and differences of a few tenths of a point lie within what another few respondents would change."
    return [Paragraph((Text(told),), "note")]
