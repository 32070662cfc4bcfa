"""JSON with a line for every value: the bytes of Python's own encoder, whatever lies in what."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.result import Result, Source, Table
from joinedup.workflow.json_text import json_text

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def by_python(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


@given(NESTED)
def test_it_is_what_python_writes(value: object) -> None:
    assert json_text(value) == by_python(value)


def test_a_dataclass_is_an_object_of_its_fields_in_order() -> None:
    table = Table("t", 'Said, "so": yes', (("a", "A"),), ((1.5, None), ("ü\n, ", 2)), keys=((), ("k",)))
    result = Result(
        "x", "X", {"a.b": 0.1, "c": None}, "m", "i", "v", (table,), {}, (), {"": (Source("f.csv", (2, 3), ("a",)),)}
    )
    assert json_text(result) == by_python(dataclasses.asdict(result))
    assert json_text([result]) == by_python([dataclasses.asdict(result)])


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": [1, float("-inf")]}])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text(value)


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        json_text({"a": [object()]})
