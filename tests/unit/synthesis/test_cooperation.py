"""Co-operation between agencies: reciprocity by its definition, a study by hand, silence only where asked, refusals."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.report.chapters.cooperation import cooperation
from joinedup.report.figures.cooperation import cooperation_map
from joinedup.report.model import Folded, QuoteBlock
from joinedup.report.quotes import place
from joinedup.study.model import Study, Survey, Texts
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from joinedup.study.site import Person, Site, TextKind, Wave
from joinedup.study.survey import Instrument, Item, RosterEntry
from joinedup.study.texts import Code, Coding, Passage, Speaker, Text
from joinedup.synthesis.cooperation import dyads_of, reciprocity
from joinedup.synthesis.integration.agencies_side_by_side import quotes_by_pair, read
from joinedup.synthesis.integration.agency_passages import Partner
from joinedup.synthesis.integration.checks import check
from joinedup.synthesis.integration.cooperating import cooperation_result
from joinedup.workflow.opening import open_study

DEMONSTRATION = open_study(Path(__file__).resolve().parents[3] / "examples" / "pathfinders")
PEOPLE = [("h1", "s1", "health"), ("h2", "s1", "health"), ("h3", "s2", "health"), ("h4", "s3", "health"),
          ("e1", "s1", "schools"), ("e2", "s2", "schools"), ("m1", "s1", "trust")]  # fmt: skip
ANSWERS = {"h1": ("", "5"), "h2": ("", "3"), "h3": ("", "2"), "h4": ("", "3"),
           "e1": ("2", "5"), "e2": ("4", "-8"), "m1": ("5", "")}  # fmt: skip
"""Person -> how well working with health, with schools goes; e1 also rates their own agency."""
SAID = "M: We meet.\nH: The schools ring us first, and PCTs pay.\nE: Our school is open. Health comes in.\n"
DECLARED: dict[str, Any] = {
    "codes": ["joint"],
    "at_least": 3.5,
    "agency": [
        {"agency": "health", "item": "with_health", "names": ["health", "PCT"]},
        {"agency": "schools", "item": "with_schools", "names": ["school", "schools"]},
        {"agency": "police", "names": ["police"]},
    ],
}


def small(declared: dict[str, Any] = DECLARED) -> Study:
    options = {"1": "badly", "5": "well", "-8": "don't know"}
    items = tuple(Item(f"with_{name}", "select_one", options=options) for name in ("health", "schools"))
    heads = ("response", "person", "wave", "instrument_version", "with_health", "with_schools")
    columns = {name: list[str]() for name in heads}
    for person, (health, schools) in ANSWERS.items():
        row = (person, person, "w", "1", health, schools)
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    table = pa.table({**columns, "_row": pa.array(range(2, 2 + len(ANSWERS)), pa.int32())})
    words = {word: SAID.index(word) for word in ("We meet.", "The schools", "Our school")}
    passages = [
        Passage("t", words["The schools"], SAID.index("\nE:"), SAID[words["The schools"] : SAID.index("\nE:")]),
        Passage("t", words["Our school"], len(SAID) - 1, SAID[words["Our school"] : -1]),
        Passage("t", words["We meet."], words["We meet."] + 8, "We meet."),
    ]
    codings = tuple(
        Coding(one, "joint", coder, cleared=True, row=at) for at, one in enumerate(passages, 1) for coder in ("a", "b")
    )
    return Study(
        "s",
        "S",
        sites=tuple(Site(id, id.upper()) for id in ("s1", "s2", "s3")),
        waves=(Wave("w", "W"),),
        kinds=(TextKind("interview", "Interview", speakers=True),),
        people=tuple(Person(id, "w", site, agency, agency, "") for id, site, agency in PEOPLE),
        survey=Survey(
            Instrument("1", "", items),
            roster=tuple(RosterEntry("w", site, agency, "", id, "complete") for id, site, agency in PEOPLE),
            responses={"w": table},
        ),
        texts=Texts(
            texts=(Text("t", "interview", "t", "s1", "w", "", "", "", SAID),),
            speakers=tuple(Speaker("t", label, f"{label.lower()}1") for label in "MHE"),
            codes=(Code("joint", "Joint work"),),
            codings=codings,
        ),
        synthesis={"cooperation": declared},
    )


def found(declared: dict[str, Any] = DECLARED) -> Result:
    result = cooperation_result(small(declared), {})
    assert result is not None
    return result


def test_ratings_by_hand() -> None:
    """Health of schools: sites 4, 2, 3, mean 3, s 1, t(2) 4.302653; schools of health: 2, 4; the trust of health: 5."""
    values = found().values
    cell = {part: values[f"pair.health.schools.{part}"] for part in ("mean", "low", "high", "raters", "sites")}
    half = 4.302653 / 3**0.5
    assert cell == pytest.approx({"mean": 3, "low": 3 - half, "high": 3 + half, "raters": 4, "sites": 3}, abs=1e-6)
    assert [values[f"pair.schools.health.{part}"] for part in ("mean", "low", "raters", "sites")] == [3.0, None, 2, 2]
    assert values["pair.trust.health.mean"] == 5.0
    # S1: 4, 2 and 5; S2: 2 and 4; S3: 3.
    assert values["strength"] == pytest.approx((11 / 3 + 3 + 3) / 3)
    assert (values["raters"], values["rated"], values["ties"], values["density"]) == (7, 3, 1, 1 / 3)
    # (3 - 1) from either side of the only dyad, though they differ at each site: 4 - 2 and 2 - 4.
    assert (values["dyads"], values["neither"], values["reciprocity"]) == (1, 1, 1.0)
    assert [values[f"dyad.health.schools.{part}"] for part in ("difference", "sites", "raters")] == [0.0, 2, 2]
    assert (values["agency.health.received"], values["agency.health.rated_by"]) == (3.75, 3)  # S1: 2 and 5; S2: 4


def test_who_speaks_of_whom() -> None:
    """E names their own agency, which counts for nothing, and health; two coders' passages count once."""
    values = found().values
    assert [values[f"pair.health.schools.{part}"] for part in ("people", "passages", "share")] == [1, 1, 1.0]
    assert [values[f"pair.schools.health.{part}"] for part in ("people", "passages", "texts")] == [1, 1, "speaks"]
    assert (values["speakers"], values["spoken"]) == (2, 2)
    assert "pair.schools.schools.people" not in values


def test_a_strand_is_silent_only_where_it_could_have_spoken() -> None:
    values = found().values
    assert (values["pair.trust.health.survey"], values["pair.trust.health.texts"]) == ("speaks", "silent")
    assert (values["pair.trust.schools.survey"], values["pair.trust.schools.texts"]) == ("silent", "silent")
    assert (values["pair.health.police.survey"], values["pair.health.police.texts"]) == ("not asked", "silent")
    assert (values["both"], values["survey_silent"], values["survey_not_asked"]) == (2, 1, 3)
    alone = found({"at_least": 3.5, "agency": [{"agency": "schools", "item": "with_schools"}]}).values
    assert alone["spoken"] == 0
    assert not any("police" in key for key in alone)


def test_names_are_whole_words_whatever_their_case() -> None:
    partner = Partner("health", ("health", "PCT"), "")
    assert partner.named_in("HEALTH pays")
    assert not partner.named_in("healthy PCTs")


def test_a_code_of_an_agency_marks_what_speaks_of_it() -> None:
    agencies = [*DECLARED["agency"][:2], {"agency": "police", "code": "joint"}]
    values = found(DECLARED | {"agency": agencies}).values
    assert [values[f"pair.{one}.police.people"] for one in ("health", "schools", "trust")] == [1, 1, 1]


def test_every_key_is_registered_and_its_rows_are_named() -> None:
    study, result = small(), found()
    keys = KeyChecker(study)
    assert [key for key in result.values if not keys.knows("synthesis.cooperation", key)] == []
    behind = {one.file: one.rows for one in result.sources_of("pair.health.schools.mean")}
    assert behind == {"survey/responses-w.csv": (2, 3, 4, 5), "texts/codings.jsonl": (1,)}


def test_quotes_name_the_agency_they_speak_of() -> None:
    data = read(DEMONSTRATION)
    assert data is not None
    quoted = quotes_by_pair(DEMONSTRATION, data)
    partners = {partner.agency: partner for partner in data.partners}
    assert quoted
    assert all(partners[other].named_in(quote.passage.quote) for (_, other), quote in quoted)


def test_the_demonstration_has_a_figure_of_both_strands() -> None:
    result = cooperation_result(DEMONSTRATION, {})
    assert result is not None
    drawn = cooperation_map(result)
    assert drawn is not None
    assert [len(panel["data"]["values"]) for panel in drawn.spec["hconcat"]] == [25, 25]
    assert len(drawn.table.lines) == result.values["pairs"] == 25
    assert result.values["pair.education.social_services.mean"] < result.values["pair.social_services.education.mean"]  # type: ignore[operator]


def test_an_answer_off_the_scale_is_refused() -> None:
    study = small()
    table = study.survey.responses["w"]
    at = table.column_names.index("with_schools")
    table = table.set_column(at, "with_schools", pa.array(["9", *[""] * (len(ANSWERS) - 1)]))
    survey = dataclasses.replace(study.survey, responses={"w": table})
    with pytest.raises(NotComputable, match="'9' is no answer from 1 to 5"):
        cooperation_result(dataclasses.replace(study, survey=survey), {})


def test_a_study_that_declares_nothing_has_no_result_and_one_without_a_word_is_refused() -> None:
    assert cooperation_result(dataclasses.replace(small(), synthesis={}), {}) is None
    with pytest.raises(NotComputable, match="nobody rates another agency"):
        cooperation_result(dataclasses.replace(small(), survey=Survey(), texts=Texts()), {})


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({}, []),
        ({"agency": [{"agency": "helth", "names": ["health"]}]}, ["J654"]),
        ({"agency": [{"agency": "health", "item": "with_helth", "names": ["health"]}]}, ["J654"]),
        ({"agency": [{"agency": "health"}]}, ["J641"]),
        ({"agency": [{"agency": "health", "names": ["a"]}, {"agency": "health", "names": ["b"]}]}, ["J122"]),
        ({"codes": [], "agency": [{"agency": "health"}]}, ["J641"]),
        ({"at_least": "high"}, ["J640"]),
        ({"codes": ["joined"]}, ["J306"]),
    ],
)
def test_what_is_wrong_has_its_number(change: dict[str, object], numbers: list[str]) -> None:
    agencies = [one for one in DECLARED["agency"] if one["agency"] != "police"]
    study = small(DECLARED | {"agency": agencies} | change)
    assert [problem.number for problem in check(study, KeyChecker(study))] == numbers


def test_items_need_a_rating_from_which_on_agencies_work_together() -> None:
    declared = {"agency": DECLARED["agency"][:1]}
    study = small(declared)
    assert [problem.number for problem in check(study, KeyChecker(study))] == ["J641"]


@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.floats(0, 4), min_size=n * n, max_size=n * n)))
def test_reciprocity_is_that_of_its_definition(weights: list[float]) -> None:
    """Squartini et al. (2013), equation 4: the sum of min(w_ij, w_ji) over all ordered pairs over that of w_ij."""
    size = int(len(weights) ** 0.5)
    matrix = np.array(weights[: size * size]).reshape(size, size)
    np.fill_diagonal(matrix, 0)
    ratings = {(str(i), str(j)): 1 + matrix[i, j] for i in range(size) for j in range(size) if i != j}
    value = reciprocity(ratings, lowest=1)
    total = sum(rating - 1 for rating in ratings.values())
    if total <= 0:
        assert value is None
        return
    assert value == pytest.approx(np.minimum(matrix, matrix.T).sum() / matrix.sum(), abs=1e-6)
    assert value == pytest.approx(reciprocity({pair[::-1]: rating for pair, rating in ratings.items()}, 1))


def test_dyads_by_hand() -> None:
    ratings = {("a", "b"): 4.0, ("b", "a"): 2.0, ("a", "c"): 4.0, ("c", "a"): 4.0, ("b", "c"): 1.0, ("d", "a"): 5.0}
    dyads = dyads_of(ratings, lowest=1, at_least=3.5)
    assert (dyads.dyads, dyads.mutual, dyads.one_sided, dyads.neither) == (2, 1, 1, 0)
    assert dyads.reciprocity == pytest.approx(2 * (1 + 3) / (3 + 1 + 3 + 3))


def quoted(result: Result) -> list[QuoteBlock]:
    folded = [block for block in cooperation(DEMONSTRATION, {result.id: result}) if isinstance(block, Folded)]
    return [block for part in folded for block in part.blocks if isinstance(block, QuoteBlock)]


def test_the_report_quotes_each_agency_once() -> None:
    result = cooperation_result(DEMONSTRATION, {})
    assert result is not None
    quotes = quoted(result)
    assert 3 <= len(quotes) <= 6
    assert {quote.source for quote in quotes} <= {place(quote.passage) for quote in result.quotes}
    assert not quoted(dataclasses.replace(result, quotes=()))
