from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest

pl = pytest.importorskip("polars", reason="polars is not installed")

from tallyml import ConnectorError, Model, wire_json  # noqa: E402
from tallyml.answer import encode_answer  # noqa: E402
from tallyml.batch import Batch  # noqa: E402
from tallyml.field_type import read_fields  # noqa: E402
from tallyml.to_polars import to_polars  # noqa: E402


def field(text: str, **rest: object) -> dict:
    return {"type": text.rstrip("?"), "nullable": text.endswith("?"), **rest}


def series(declared: dict | None, text: str, n: int = 2):
    message = f'{{"n":{n},"columns":{{"x":{text}}}}}'.encode()
    fields = None if declared is None else read_fields({"x": declared})
    return to_polars(Batch(wire_json.loads(message), message), fields)["x"]


NAN = math.nan
UTC = dt.timezone.utc

INPUTS = [
    (field("boolean?"), "[true,null]", pl.Boolean, [True, None]),
    (field("int"), "[1,3.0]", pl.Int64, [1, 3]),
    (field("int?"), "[1,null]", pl.Int64, [1, None]),
    (field("uint8"), "[0,255]", pl.UInt8, [0, 255]),
    (field("uint64"), f"[{2**64 - 1},0]", pl.UInt64, [2**64 - 1, 0]),
    (field("float64?"), '["NaN",null]', pl.Float64, [NAN, None]),
    (field("float64"), "[1,-Infinity]", pl.Float64, [1.0, -math.inf]),
    (field("float32"), "[0.1,1]", pl.Float32, [0.10000000149011612, 1.0]),
    (field("decimal"), "[1.10,2]", pl.String, ["1.10", "2"]),
    (field("decimal?", scale=2), "[1.10,null]", pl.Decimal(38, 2), [Decimal("1.10"), None]),
    (field("string?"), '["NaN",null]', pl.String, ["NaN", None]),
    (field("category", values=["b", "a"]), '["a","b"]', pl.Enum(["b", "a"]), ["a", "b"]),
    (field("category"), '["a","b"]', pl.String, ["a", "b"]),
    (field("bytes"), '["AP8=",""]', pl.Binary, [b"\0\xff", b""]),
    (field("timestamp?"), '["2026-01-31T12:00:00+02:00",null]', pl.Datetime("ns", "UTC"), [dt.datetime(2026, 1, 31, 10, tzinfo=UTC), None]),
    (field("timestamp"), '["2026-01-31T12:00:00.5","1969-12-31T00:00:00"]', pl.Datetime("ns"), [dt.datetime(2026, 1, 31, 12, 0, 0, 500_000), dt.datetime(1969, 12, 31)]),
    (field("date?"), '["2026-01-31",null]', pl.Date, [dt.date(2026, 1, 31), None]),
    (field("list", items=field("float64?")), '[[1,"NaN",null],[]]', pl.List(pl.Float64), [[1.0, NAN, None], []]),
    (field("struct", fields={"a": field("int8"), "b": field("string")}), '[{"a":1,"b":"x"},{"a":2,"b":"y"}]', pl.Struct({"a": pl.Int8, "b": pl.String}), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
    (field("json"), '[{"a":1},{"a":2}]', pl.Struct({"a": pl.Int64}), [{"a": 1}, {"a": 2}]),
    (field("json"), '[1,"a"]', pl.Object, [1, "a"]),
    (None, "[1,null]", pl.Int64, [1, None]),
    (None, "[1,2.5]", pl.Float64, [1.0, 2.5]),
    (None, "[[1],[2.5]]", pl.Object, [[1], [2.5]]),
    (None, '[{"a":1},{"b":2}]', pl.Object, [{"a": 1}, {"b": 2}]),
    (None, f"[{2**53 + 1},0.5]", pl.Object, [2**53 + 1, 0.5]),
    (None, f"[{2**130},1]", pl.Object, [2**130, 1]),
]  # fmt: skip


@pytest.mark.parametrize("row", INPUTS, ids=[f"{row[0] and row[0]['type']} {row[1][:30]}" for row in INPUTS])
def test_a_declared_field_becomes_its_column(row):
    declared, text, dtype, expected = row
    got = series(declared, text)
    assert got.dtype == dtype
    assert got.to_list() == expected or repr(got.to_list()) == repr(expected)


def test_nanoseconds_survive_both_ways():
    text = '"2026-01-31T12:00:00.123456789Z"'
    got = series(field("timestamp"), f"[{text}]", 1)
    assert got.dt.nanosecond().to_list() == [123456789]
    assert encode_answer(got.to_frame(), 1, None) == {"columns": {"x": ["2026-01-31T12:00:00.123456789Z"]}}


OUTPUTS = [
    ("boolean?", pl.Series([True, None]), [True, None]),
    ("int?", pl.Series([1, None]), [1, None]),
    ("int", pl.Series([3.0, 3.5]), [3, 3.5]),
    ("int?", pl.Series([3.0, NAN]), [3, None]),
    ("float64?", pl.Series([1.5, None, NAN, math.inf]), [1.5, None, NAN, math.inf]),
    ("decimal", pl.Series([Decimal("1.10")]), [1.1]),
    ("string?", pl.Series(["a", None]), ["a", None]),
    ("category", pl.Series(["b", "a"], dtype=pl.Enum(["b", "a"])), ["b", "a"]),
    ("category", pl.Series(["b", "a"], dtype=pl.Categorical), ["b", "a"]),
    ("bytes", pl.Series([b"\0\xff"]), ["AP8="]),
    ("timestamp", pl.Series([dt.datetime(2026, 1, 31, 12)]), ["2026-01-31T12:00:00"]),
    ("timestamp", pl.Series([dt.datetime(9999, 12, 31, tzinfo=UTC)]), ["9999-12-31T00:00:00Z"]),
    ("date", pl.Series([dt.datetime(2026, 1, 31)]), ["2026-01-31"]),
    ("date?", pl.Series([dt.date(2026, 1, 31), None]), ["2026-01-31", None]),
    (None, pl.Series([[1, None], []]), [[1, None], []]),
    (None, pl.Series([{"a": 1.5}]), [{"a": 1.5}]),
]


@pytest.mark.parametrize("row", OUTPUTS, ids=[f"{index} {row[0]}" for index, row in enumerate(OUTPUTS)])
def test_a_returned_column_becomes_its_values(row):
    declared, values, expected = row
    fields = read_fields({"x": field(declared)}) if declared else None
    answer = encode_answer(pl.DataFrame({"x": values}), len(values), fields)
    assert repr(wire_json.loads(wire_json.dumps(answer["columns"]["x"]))) == repr(expected)


def test_what_cannot_travel_says_so():
    def refused(value, n=1):
        with pytest.raises(ConnectorError) as raised:
            encode_answer(value, n, None)
        return raised.value.code, str(raised.value)

    assert [
        refused(pl.LazyFrame({"a": [1]})),
        refused(pl.DataFrame({"a": [dt.timedelta(1)]})),
        refused(pl.DataFrame({"a": [1, 2]})),
        refused(pl.Series([1])),
    ] == [
        ("connector-type", "it returned a polars.LazyFrame; return .collect() of it"),
        (
            "connector-type",
            "column 'a', row 0: a value of type datetime.timedelta cannot travel; return .total_seconds()",
        ),
        ("connector-row-count", "the answer has 2, expected 1: one row for each record"),
        ("connector-type", 'it returned a Series and the contract declares nothing; return {"field": values}'),
    ]


def test_a_decimal_finer_than_its_scale_is_an_error():
    with pytest.raises(
        ConnectorError, match="field 'x' of record 1: a decimal with more than 2 digits after the point"
    ):
        series(field("decimal", scale=2), "[1.10,1.105]")


def test_an_operation_annotated_with_polars_receives_it():
    model = Model("m")

    @model.operation
    def process(df: pl.DataFrame) -> pl.DataFrame:
        return df.select(pl.col("q").str.len_chars().alias("n"))

    assert model.run("process", [{"q": "ab"}, {"q": None}]) == [{"n": 2}, {"n": None}]
    assert model.run("process", pl.DataFrame({"q": ["ab"]})) == [{"n": 2}]


def test_records_without_keys_are_a_frame_of_their_number():
    message = b'{"n":3,"columns":{}}'
    made = to_polars(Batch(wire_json.loads(message), message), None)
    if pl.select(pl.repeat(None, 3)).drop(pl.all()).height != 3:
        pytest.skip("this polars has no frame without columns")
    assert made.shape == (3, 0)
