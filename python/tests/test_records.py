from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest

from tallyml import approx, tally
from tallyml.field_type import FieldType, read_fields
from tallyml.records import Comparison, Origin, Record, TallyMismatch, Tolerance, read_record, record_text


class Listening:
    """Stands where Tally does, and keeps what it is asked to compare."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.asked: list[Comparison] = []
        self.tolerance: Tolerance | None = None

    def compare(self, comparisons, tolerance, many) -> list[str]:
        self.asked += comparisons
        self.tolerance = tolerance
        return self.lines


def answer(judge: Listening, fields: dict[str, FieldType] | None = None) -> Record:
    record = Record({"score": 0.5})
    record.origin = Origin(judge, "process", fields, '{"score":0.5}', 1)
    return record


def test_tolerances_are_taken_out_of_what_is_expected():
    judge = Listening()
    expected = {"score": approx(0.5, abs=0.1), "list": [1, approx(2, ulp=4)], "deep": {"x": pytest.approx(3, abs=0.5)}}
    assert answer(judge).tally(expected, more=pytest.approx({"a": 1.0}, abs=1))
    (asked,) = judge.asked
    assert asked.expected == '{"score":0.5,"list":[1,2],"deep":{"x":3},"more":{"a":1.0}}'
    assert asked.tolerances == {
        "score": {"abs": 0.1},
        "list[1]": {"ulp": 4},
        "deep.x": {"abs": 0.5},
        "more.a": {"abs": 1.0},
    }


def test_a_mismatch_is_an_assertion_error_with_its_lines():
    with pytest.raises(TallyMismatch, match="does not tally\n  score"):
        tally(answer(Listening("  score  expected 1  got 0.5")), {"score": 1}, rel=0.1)


def test_lists_of_another_length_and_other_things_are_refused():
    with pytest.raises(TallyMismatch, match="expected 2 records  got 1"):
        tally([answer(Listening())], [{}, {}])
    with pytest.raises(TypeError, match="one answer is held against a dict"):
        tally(answer(Listening()), [{}])
    with pytest.raises(TypeError, match="no such answer"):
        tally({"score": 1}, {"score": 1})


def test_values_travel_by_their_declared_types():
    fields = read_fields(
        {
            "price": {"type": "decimal", "scale": 2},
            "day": {"type": "date"},
            "raw": {"type": "bytes"},
            "score": {"type": "float64", "nullable": True},
            "big": {"type": "int64"},
        }
    )
    values = {
        "price": Decimal("1.10"),
        "day": date(2026, 1, 31),
        "raw": b"\x00\xff",
        "score": math.inf,
        "big": 2**53 + 1,
    }
    text = record_text(values, fields)
    assert text == '{"price":1.10,"day":"2026-01-31","raw":"AP8=","score":"Infinity","big":9007199254740993}'
    assert read_record(text, fields) == values


def test_a_value_that_is_not_of_its_type_stays_as_it_came():
    fields = read_fields({"n": {"type": "int"}, "when": {"type": "timestamp"}})
    assert read_record('{"n":1.5,"when":"yesterday","more":[1]}', fields) == {
        "n": 1.5,
        "when": "yesterday",
        "more": [1],
    }


def test_what_cannot_travel_is_refused_by_its_name():
    with pytest.raises(TypeError, match="field 'x'"):
        record_text({"x": {1, 2}}, None)


def test_approx_compares_by_itself_too():
    assert approx(2.32, abs=0.01) == 2.3249
    assert approx(2.32) != 2.33
    assert approx(math.nan) == math.nan
    assert str(approx(2, rel=0.1)) == "approx(2, rel=0.1)"
