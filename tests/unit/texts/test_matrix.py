"""texts.corpus and texts.theme-matrix: people, texts and passages are counted apart; who said it, and where."""

from __future__ import annotations

from joinedup.study.model import Study
from joinedup.study.registry import KeyChecker
from joinedup.study.site import Site
from joinedup.study.texts import Code, Coding, Passage
from joinedup.texts.corpus import corpus_result
from joinedup.texts.matrix import descendants, matrix_result
from joinedup.texts.results import ANALYSES
from tests.unit.texts.small import PLAN, code_quote, make_people, make_text, make_texts_study

CODES = (Code("working", "Working together"), Code("trust", "Trust", parent="working"), Code("money", "Money"))
SITES = (Site("s1", "Ashby", case=True, row=2), Site("s2", "Barford", row=3))
PEOPLE = make_people([("p1", "w1", "s1", "nurse"), ("p2", "w1", "s1", "teacher"), ("p1", "w2", "s1", "manager")])
FIRST = make_text("t1", "I: How?\nA: We trust them. Trust counts.\nB: Money counts.\n", row=2)
SECOND = make_text("t2", "I: Now?\nA: Still trust, no money.\n", wave="w2", row=3)
PAPER = make_text("d1", "Trust is our aim.", kind=PLAN, site="s2", row=4)
SPEAKERS = {"t1": {"I": "", "A": "p1", "B": "p2"}, "t2": {"I": "", "A": "p1"}}
CODINGS = (
    code_quote(FIRST, "We trust them.", "trust", row=1),
    code_quote(FIRST, "We trust them.", "working", row=2),
    code_quote(FIRST, "Trust counts.\nB: Money counts.", "working", row=3),
    code_quote(FIRST, "Money counts", "money", row=4),
    code_quote(SECOND, "Still trust", "trust", row=5),
    code_quote(SECOND, "Now?", "money", row=6),
    code_quote(PAPER, "Trust is our aim.", "trust", row=7),
    code_quote(FIRST, "Money counts", "trust", "ben", row=8),
)


def study(codings: tuple[Coding, ...] = CODINGS, **parts: object) -> Study:
    given = {
        "speakers": SPEAKERS,
        "people": PEOPLE,
        "codes": CODES,
        "sites": SITES,
        "plan": {"coders": ["ann", "ben"]},
        **parts,
    }
    return make_texts_study([FIRST, SECOND, PAPER], codings, **given)  # type: ignore[arg-type]


def test_corpus_counts_people_interviews_and_texts_apart() -> None:
    found = corpus_result(study())
    assert found is not None
    assert dict(found.values) == {
        "texts": 3,
        "interviews": 2,
        "people": 2,
        "documents": 1,
        "sites": 2,
        "case_sites": 1,
        "professions": 3,
        "codings": 8,
        "kind.interview": 2,
        "kind.plan": 1,
        "profession.manager": 1,
        "profession.nurse": 1,
        "profession.teacher": 1,
    }
    assert corpus_result(make_texts_study([])) is None
    notes = [table.note for table in found.tables if table.id == "by_profession"]
    assert notes == ["Counted in each profession that they had, because it changed between interviews: 1."]


def test_a_theme_counts_people_texts_and_passages_once_with_the_codes_below_it() -> None:
    found = matrix_result(study())
    assert found is not None
    values = found.values
    assert values["passages"] == 6
    trust = {
        key: values[f"trust.{key}"] for key in ("passages", "texts", "people", "people_share", "sites", "documents")
    }
    assert trust == {"passages": 3, "texts": 3, "people": 1, "people_share": 0.5, "sites": 2, "documents": 1}
    assert values["working.passages"] == 4  # the doubly coded passage is one passage
    assert values["working.people"] == 2
    assert values["money.people"] == 1  # what the interviewer said is nobody's
    assert values["money.texts"] == 2
    assert (values["trust.nurse.people"], values["trust.manager.people"], values["trust.teacher.people"]) == (1, 1, 0)
    assert values["working.teacher.share"] == 1
    assert (values["trust.site.s1.texts"], values["trust.site.s2.texts"]) == (2, 1)
    assert any("In no person's turn, so that they count for texts only: 1 coding" in caveat for caveat in found.caveats)


def test_all_codings_count_where_no_coder_is_planned() -> None:
    found = matrix_result(study(plan={}))
    assert found is not None
    assert found.values["trust.passages"] == 4
    assert "all codings" in found.methods
    assert matrix_result(study(codings=())) is None


def test_every_key_is_registered_and_every_cell_names_its_key() -> None:
    given = study()
    checker = KeyChecker(given)
    for id in ("texts.corpus", "texts.theme-matrix"):
        found = ANALYSES[id](given)
        assert found is not None
        assert [key for key in found.values if not checker.knows(id, key)] == []
        for table in found.tables:
            for row, keys in zip(table.rows, table.keys, strict=True):
                assert [found.values[key] for key in keys if key] == list(row[1:])
                assert len(row) == len(table.columns)


def test_sources_lead_to_the_rows() -> None:
    found = matrix_result(study())
    assert found is not None
    coded, speakers = found.sources_of("trust.people")
    assert (coded.file, coded.rows) == ("texts/codings.jsonl", (1, 5, 7))
    assert (speakers.file, speakers.rows) == ("texts/speakers.csv", (3, 6))
    assert found.sources_of("working.passages")[0].rows == (1, 2, 3, 5, 7)


def test_the_order_of_codings_changes_nothing_but_the_inputs_of_another_coder_neither() -> None:
    one, other = matrix_result(study()), matrix_result(study(CODINGS[::-1]))
    assert one is not None
    assert other is not None
    assert (one.values, one.tables, one.quotes, one.sources) == (
        other.values,
        other.tables,
        other.quotes,
        other.sources,
    )
    without = matrix_result(study(CODINGS[:-1]))
    assert without is not None
    assert without.inputs == one.inputs


def test_a_ring_of_parents_ends() -> None:
    ring = (Code("a", "A", parent="b"), Code("b", "B", parent="a"), Code("c", "C", parent="nowhere"))
    assert descendants(ring) == {"a": ("a", "b"), "b": ("a", "b"), "c": ("c",)}


def test_a_study_of_documents_alone_counts_no_people() -> None:
    found = matrix_result(make_texts_study([PAPER], [CODINGS[6]], codes=CODES, sites=SITES))
    assert found is not None
    assert [table.id for table in found.tables] == ["by_site"]
    assert found.values["trust.people_share"] is None
    assert "people interviewed" not in found.methods


def test_a_corpus_of_documents_alone_tells_of_no_interviews() -> None:
    found = corpus_result(make_texts_study([PAPER, make_text("d2", "Money is held in common.", PLAN)]))
    assert found is not None
    assert found.methods == "2 texts from 2 sites, all of them documents."


def test_a_caution_tells_large_counts_with_their_separators() -> None:
    text = make_text("plan", "Money is held in common. " * 1001, PLAN)
    start = range(0, len(text.content), len("Money is held in common. "))
    codings = [Coding(Passage("plan", at, at + 5, "Money"), "money", "automatic", automatic=True) for at in start]
    found = matrix_result(make_texts_study([text], codings, codes=[Code("money", "Money")]))
    assert found is not None
    assert found.caveats[0].startswith("1,001 of 1,001 codings")
