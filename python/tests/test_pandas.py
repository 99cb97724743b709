from __future__ import annotations

import datetime as dt
import enum
import math
from decimal import Decimal

import pytest

pd = pytest.importorskip("pandas", reason="pandas is not installed")
import numpy as np  # noqa: E402 (only where pandas is)

from tallyml import ConnectorError, Model, wire_json  # noqa: E402
from tallyml.answer import encode_answer  # noqa: E402
from tallyml.batch import Batch  # noqa: E402
from tallyml.field_type import read_fields  # noqa: E402
from tallyml.to_pandas import to_pandas  # noqa: E402


def field(text: str, **rest: object) -> dict:
    return {"type": text.rstrip("?"), "nullable": text.endswith("?"), **rest}


def frame(declared: dict | None, text: str, n: int, dtypes: str = "nullable"):
    """The frame for `columns` given as JSON text."""
    message = f'{{"n":{n},"columns":{text}}}'.encode()
    return to_pandas(Batch(wire_json.loads(message), message), declared and read_fields(declared), dtypes)


def cells(series) -> list:
    return [None if value is pd.NA else value for value in series.tolist()]


def same(left: list, right: list) -> bool:
    return len(left) == len(right) and all(
        type(a) is type(b) and (a == b or (a != a and b != b)) for a, b in zip(left, right)
    )


NAN = math.nan
BIG = 2**53 + 1

INPUTS = [
    # declared, JSON, dtype when nullable, its cells, dtype when numpy, its cells
    (field("boolean"), "[true,false]", "bool", [True, False], "bool", [True, False]),
    (field("boolean?"), "[true,null]", "boolean", [True, None], "object", [True, NAN]),
    (field("int"), "[1,-2]", "int64", [1, -2], "int64", [1, -2]),
    (field("int?"), "[1,null]", "Int64", [1, None], "float64", [1.0, NAN]),
    (field("int?"), "[1,2]", "Int64", [1, 2], "float64", [1.0, 2.0]),
    (field("int"), "[3.0,3e0]", "int64", [3, 3], "int64", [3, 3]),
    (field("int8"), "[-128,127]", "int8", [-128, 127], "int8", [-128, 127]),
    (field("int32?"), "[7,null]", "Int32", [7, None], "float64", [7.0, NAN]),
    (field("uint8"), "[0,255]", "uint8", [0, 255], "uint8", [0, 255]),
    (field("uint16?"), "[1,null]", "UInt16", [1, None], "float64", [1.0, NAN]),
    (field("int64"), f"[{BIG},{BIG}.0]", "int64", [BIG, BIG], "int64", [BIG, BIG]),
    (field("int64?"), f"[{BIG},null]", "Int64", [BIG, None], "float64", [float(2**53), NAN]),
    (field("uint64"), f"[{2**64 - 1},0]", "uint64", [2**64 - 1, 0], "uint64", [2**64 - 1, 0]),
    (field("float64"), '[1,"NaN"]', "float64", [1.0, NAN], "float64", [1.0, NAN]),
    (field("float64"), "[NaN,-Infinity]", "float64", [NAN, -math.inf], "float64", [NAN, -math.inf]),
    (field("float64?"), '["-Infinity",null]', "float64", [-math.inf, NAN], "float64", [-math.inf, NAN]),
    (
        field("float32"),
        "[0.1,1e39]",
        "float32",
        [0.10000000149011612, math.inf],
        "float32",
        [0.10000000149011612, math.inf],
    ),
    (
        field("decimal"),
        '[1.10,"2.50"]',
        "object",
        [Decimal("1.10"), Decimal("2.50")],
        "object",
        [Decimal("1.10"), Decimal("2.50")],
    ),
    (field("decimal?"), "[1,null]", "object", [Decimal(1), None], "object", [Decimal(1), None]),
    (field("string"), '["a","NaN"]', "object", ["a", "NaN"], "object", ["a", "NaN"]),
    (field("string?"), '["a",null]', "object", ["a", None], "object", ["a", NAN]),
    (field("category", values=["b", "a"]), '["a","b"]', "category", ["a", "b"], "category", ["a", "b"]),
    (field("category?", values=["b", "a"]), '["a",null]', "category", ["a", NAN], "category", ["a", NAN]),
    (field("category"), '["a","b"]', "object", ["a", "b"], "object", ["a", "b"]),
    (field("bytes"), '["AP8=",""]', "object", [b"\0\xff", b""], "object", [b"\0\xff", b""]),
    (
        field("timestamp"),
        '["2026-01-31T12:00:00.123456789+02:00","1969-12-31T23:59:59Z"]',
        "datetime64[ns, UTC]",
        [pd.Timestamp("2026-01-31T10:00:00.123456789Z"), pd.Timestamp("1969-12-31T23:59:59Z")],
        "datetime64[ns, UTC]",
        [pd.Timestamp("2026-01-31T10:00:00.123456789Z"), pd.Timestamp("1969-12-31T23:59:59Z")],
    ),
    (
        field("timestamp?"),
        '["2026-01-31T12:00:00.5",null]',
        "datetime64[ns]",
        [pd.Timestamp("2026-01-31T12:00:00.5"), pd.NaT],
        "datetime64[ns]",
        [pd.Timestamp("2026-01-31T12:00:00.5"), pd.NaT],
    ),
    (
        field("timestamp?"),
        "[null,null]",
        "datetime64[ns, UTC]",
        [pd.NaT, pd.NaT],
        "datetime64[ns, UTC]",
        [pd.NaT, pd.NaT],
    ),
    (
        field("date"),
        '["2026-01-31","0001-01-01"]',
        "object",
        [dt.date(2026, 1, 31), dt.date(1, 1, 1)],
        "object",
        [dt.date(2026, 1, 31), dt.date(1, 1, 1)],
    ),
    (field("list", items=field("float64")), '[[1,"NaN"],[]]', "object", [[1.0, NAN], []], "object", [[1.0, NAN], []]),
    (field("list", items=field("int")), "[[1,2],[3,4]]", "object", [[1, 2], [3, 4]], "object", [[1, 2], [3, 4]]),
    (
        field("struct", fields={"at": field("date"), "x": field("decimal?")}),
        '[{"at":"2026-01-31","x":1.0},{"at":"2026-01-31","x":null,"more":1.5}]',
        "object",
        [{"at": dt.date(2026, 1, 31), "x": Decimal("1.0")}, {"at": dt.date(2026, 1, 31), "x": None, "more": 1.5}],
        "object",
        [{"at": dt.date(2026, 1, 31), "x": Decimal("1.0")}, {"at": dt.date(2026, 1, 31), "x": None, "more": 1.5}],
    ),
    (field("json"), '[1,{"a":[null,"NaN"]}]', "object", [1, {"a": [None, "NaN"]}], "object", [1, {"a": [None, "NaN"]}]),
]


@pytest.mark.parametrize(
    "row", INPUTS, ids=[f"{row[0]['type']}{'?' * row[0]['nullable']} {row[1][:40]}" for row in INPUTS]
)
def test_a_declared_field_becomes_its_column(row):
    declared, text, nullable_dtype, nullable_cells, numpy_dtype, numpy_cells = row
    for dtypes, dtype, expected in (("nullable", nullable_dtype, nullable_cells), ("numpy", numpy_dtype, numpy_cells)):
        made = frame({"x": declared}, f'{{"x":{text}}}', 2, dtypes)
        assert str(made["x"].dtype) == dtype
        got = cells(made["x"])
        assert same(got, expected) or got == expected or repr(got) == repr(expected)
        assert list(made.index) == [0, 1]


def test_a_category_keeps_the_declared_values_and_their_order():
    made = frame({"c": field("category", values=["z", "a", "m"])}, '{"c":["a"]}', 1)
    assert list(made["c"].cat.categories) == ["z", "a", "m"]
    assert made["c"].cat.codes.tolist() == [1]


def test_a_null_where_none_is_declared_does_not_change_the_value():
    assert str(frame({"x": field("int")}, '{"x":[1,null]}', 2)["x"].dtype) == "Int64"
    assert str(frame({"x": field("boolean")}, '{"x":[true,null]}', 2)["x"].dtype) == "boolean"


def test_declared_fields_come_first_and_others_pass():
    made = frame({"b": field("int"), "a": field("string"), "gone": field("int")}, '{"z":[1.5],"a":["x"],"b":[1]}', 1)
    assert list(made.columns) == ["b", "a", "z"]
    assert str(made["z"].dtype) == "float64"


def test_rows_with_different_keys_are_one_frame():
    message = b'{"n":2,"rows":[{"a":1},{"b":"x","a":2}]}'
    batch = Batch(wire_json.loads(message), message)
    made = to_pandas(batch, read_fields({"a": field("int"), "b": field("string?")}), "nullable")
    assert made.to_dict("list") == {"a": [1, 2], "b": [None, "x"]}
    pd.testing.assert_frame_equal(to_pandas(batch, None, "nullable"), pd.DataFrame(batch.rows))


@pytest.mark.parametrize(
    "rows",
    [
        [{"a": 1, "b": "x"}, {"a": None, "b": None}],
        [{"a": True}, {"a": None}],
        [{"a": 2**63}, {"a": 1}],
        [{"a": [1, 2]}, {"a": {"x": 1}}],
        [{"a": 1}, {"a": "x"}],
        [{"a": 1.5, "b": math.nan}],
        [{"a": "2026-01-31T00:00:00Z"}],
    ],
)
def test_without_a_contract_the_frame_is_what_pandas_makes_of_the_records(rows):
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    message = wire_json.dumps({"n": len(rows), "columns": columns})
    made = to_pandas(Batch(wire_json.loads(message), message), None, "nullable")
    pd.testing.assert_frame_equal(made, pd.DataFrame(rows))


def test_records_without_keys_are_a_frame_of_their_number():
    assert len(frame(None, "{}", 3)) == 3
    assert len(frame({"x": field("int")}, "{}", 3)) == 3


@pytest.mark.parametrize(
    ("declared", "text", "message"),
    [
        (field("int8"), "[1,300]", "field 'x' of record 1: a number beyond the range of int8"),
        (field("int"), "[1,3.5]", "field 'x' of record 1: a number that is no integer where the contract declares int"),
        (field("int"), "[true,1]", "field 'x' of record 0: a boolean where the contract declares int"),
        (field("int64"), "[1,1e999999999]", "field 'x' of record 1: a number beyond the range of int64"),
        (field("float64"), '[1,"1.5"]', "field 'x' of record 1: a string where the contract declares float64"),
        (field("boolean"), "[1,true]", "field 'x' of record 0: a number where the contract declares boolean"),
        (field("category", values=["a"]), '["a","b"]', "field 'x' of record 1: a value that is not among those the contract declares"),
        (field("bytes"), '["AA==","a"]', "field 'x' of record 1: text that is not base64 where the contract declares bytes"),
        (field("date"), '["2026-02-30","2026-01-01"]', "field 'x' of record 0: not a date of the form 2026-01-31"),
        (field("timestamp"), '["2026-01-01","2026-01-01T00:00:00"]', "field 'x' of record 0: not a timestamp of the form 2026-01-31T12:00:00Z"),
        (field("timestamp"), '["2026-01-01T00:00:00Z","2026-01-01T00:00:00"]', "field 'x': timestamps with and without an offset in one batch; a column holds one kind"),
        (field("timestamp"), '["2026-01-01T00:00:00","9999-12-31T00:00:00"]', "field 'x' of record 1: a timestamp beyond the years 1678 to 2262, more than a column can hold"),
    ],
)  # fmt: skip
def test_what_a_type_cannot_hold_is_an_error_with_its_place(declared, text, message):
    with pytest.raises(ConnectorError) as raised:
        frame({"x": declared}, f'{{"x":{text}}}', 2)
    assert (raised.value.code, str(raised.value)) == ("connector-raised", message)


def test_changing_the_frame_in_place_is_harmless():
    model = Model("m")

    @model.operation
    def process(df: pd.DataFrame):
        before = df["x"].tolist()
        df["x"] *= 2
        df.loc[0, "x"] = 0
        del df["x"]
        return {"before": before}

    records = [{"x": 1}, {"x": 2}]
    declared = {"process": {"input": {"x": field("int")}, "output": {}}}
    for _ in range(2):
        assert model.run("process", records, operations=declared) == [{"before": 1}, {"before": 2}]
    assert records == [{"x": 1}, {"x": 2}]


# Answers


def column(values, declared: dict | None = None) -> list:
    n = len(values)
    answer = encode_answer(pd.DataFrame({"x": values}), n, read_fields({"x": declared}) if declared else None)
    return wire_json.loads(wire_json.dumps(answer["columns"]["x"]))


class Colour(enum.Enum):
    RED = "red"


UTC = dt.timezone.utc
PARIS = dt.timezone(dt.timedelta(hours=1))

OUTPUTS = [
    # declared (None: nothing), values, wire
    ("boolean", np.array([True, False]), [True, False]),
    ("boolean?", pd.array([True, None], dtype="boolean"), [True, None]),
    ("boolean?", [True, None], [True, None]),
    ("boolean?", [1.0, NAN], [1.0, None]),
    ("int", np.array([1, -2], dtype="int8"), [1, -2]),
    ("uint64", np.array([2**64 - 1], dtype="uint64"), [2**64 - 1]),
    ("int64", [2**53 + 1, 2**70], [2**53 + 1, 2**70]),
    ("int", [3.0, 3.5], [3, 3.5]),
    ("int", [3.0, -4.0], [3, -4]),
    ("int?", [3.0, NAN], [3, None]),
    ("int?", pd.array([1, None], dtype="Int64"), [1, None]),
    ("int", [math.inf, 2.0**70], [math.inf, 2**70]),
    ("float64", [1.5, NAN, -math.inf, -0.0], [1.5, NAN, -math.inf, -0.0]),
    ("float64?", [1.5, NAN], [1.5, NAN]),
    ("float64?", pd.array([1.5, None], dtype="Float64"), [1.5, None]),
    ("float64?", pd.Series([1.5, None], dtype=object), [1.5, None]),
    ("float32", np.array([0.1], dtype="float32"), [0.10000000149011612]),
    ("float64", np.array([3, 4]), [3, 4]),
    ("decimal", [Decimal("1.10"), Decimal("-0.0")], [1.1, -0.0]),
    ("decimal?", [Decimal("1E+3"), Decimal("NaN")], [1e3, None]),
    ("string", pd.Series(["a", "é\ud800"], dtype=object), ["a", "é\ud800"]),
    ("string?", pd.Series(["a", None], dtype="string"), ["a", None]),
    ("string?", ["a", NAN], ["a", None]),
    ("string?", pd.Series(["a", None]), ["a", None]),
    ("string", [3.0, 2.5], [3.0, 2.5]),
    ("category", pd.Categorical(["b", None, "a"]), ["b", None, "a"]),
    (None, pd.Categorical([1, 2, None]), [1, 2, None]),
    ("bytes", [b"\0\xff", bytearray(b""), memoryview(b"a")], ["AP8=", "", "YQ=="]),
    ("bytes", np.array([b"ab"], dtype="S2"), ["YWI="]),
    ("timestamp", pd.to_datetime(["2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00Z"], format="ISO8601"), ["2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00Z"]),
    ("timestamp?", pd.to_datetime(["2026-01-31 12:00", None]), ["2026-01-31T12:00:00", None]),
    ("timestamp", pd.to_datetime(["2026-07-31 12:00"]).tz_localize("Europe/Paris"), ["2026-07-31T10:00:00Z"]),
    ("timestamp", np.array(["9999-12-31T00:00:00.5"], dtype="datetime64[ms]"), ["9999-12-31T00:00:00.5"]),
    ("timestamp", pd.Series([dt.datetime(2026, 1, 31, 12, 0, 0, 5, PARIS), pd.Timestamp(7)], dtype=object), ["2026-01-31T12:00:00.000005+01:00", "1970-01-01T00:00:00.000000007"]),
    ("timestamp", pd.Series([dt.datetime(2026, 1, 31, tzinfo=UTC), np.datetime64("2026-01-31T01")], dtype=object), ["2026-01-31T00:00:00Z", "2026-01-31T01:00:00"]),
    ("date", [dt.date(2026, 1, 31), dt.date(1, 1, 1)], ["2026-01-31", "0001-01-01"]),
    ("date", pd.to_datetime(["2026-01-31", "2026-01-31 00:00:01"], format="ISO8601"), ["2026-01-31", "2026-01-31T00:00:01"]),
    ("date?", pd.Series([pd.NaT, pd.Timestamp("2026-01-31"), pd.NA], dtype=object), [None, "2026-01-31", None]),
    (None, [np.array([1, 2]), np.array([[0.5], [NAN]])], [[1, 2], [[0.5], [NAN]]]),
    (None, [(1, "a"), [None, {"k": np.int8(1)}]], [[1, "a"], [None, {"k": 1}]]),
    (None, pd.Series([np.float32(0.5), np.bool_(True), np.int64(3), np.str_("s"), Colour.RED], dtype=object), [0.5, True, 3, "s", "red"]),
    (None, pd.Series(["a", NAN], dtype=object), ["a", NAN]),
    (None, [pd.Series([1, 2]), np.array("2026-01-31", dtype="datetime64[D]")], [[1, 2], "2026-01-31T00:00:00"]),
    (None, pd.arrays.SparseArray([0.0, 1.5]), [0.0, 1.5]),
]  # fmt: skip


@pytest.mark.parametrize("row", OUTPUTS, ids=[f"{index} {row[0]}" for index, row in enumerate(OUTPUTS)])
def test_a_returned_column_becomes_its_values(row):
    declared, values, expected = row
    got = column(values, field(declared) if declared else None)
    assert repr(got) == repr(expected)


def test_nested_values_follow_their_declared_types():
    declared = field(
        "struct", fields={"n": field("int?"), "f": field("float64"), "s": field("list", items=field("string?"))}
    )
    values = [{"n": NAN, "f": NAN, "s": ["a", NAN]}, {"n": 3.0, "f": 3.0, "s": []}]
    assert repr(column(values, declared)) == "[{'n': None, 'f': nan, 's': ['a', None]}, {'n': 3, 'f': 3.0, 's': []}]"


def test_decimals_travel_as_the_numbers_they_are_written_as():
    answer = encode_answer(pd.DataFrame({"x": [Decimal("1.10"), Decimal("12345678901234567890.123")]}), 2, None)
    assert wire_json.dumps(answer) == b'{"columns":{"x":[1.10,12345678901234567890.123]}}'


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([{1}], "column 'x', row 0: a value of type set cannot travel; return sorted(…) of it"),
        ([1, 2 + 1j], "column 'x', row 0: a value of type numpy.complex128 cannot travel; return its parts as fields"),
        ([object()], "column 'x', row 0: a value of type object cannot travel; return its parts as fields or a dict"),
        ([dt.time(1)], "column 'x', row 0: a value of type datetime.time cannot travel; return .isoformat()"),
        (pd.to_timedelta(["1s"]), "column 'x', row 0: a value of type numpy.timedelta64 cannot travel; return seconds as a float"),
        (pd.period_range("2026", periods=1, freq="M"), "column 'x': a column of dtype period[M] cannot travel; return .astype(str)"),
        ([{1: 2}], "column 'x', row 0: a key of a dict is of type int; keys must be strings"),
        ([Decimal("Infinity")], "column 'x', row 0: an infinite Decimal cannot travel; return a float"),
        (np.array([1.5], dtype="longdouble"), "column 'x', row 0: a value of type numpy.longdouble cannot travel; return .astype('float64')"),
    ],
)  # fmt: skip
def test_a_type_without_an_entry_names_column_row_type_and_fix(values, message):
    with pytest.raises(ConnectorError) as raised:
        column(values)
    assert (raised.value.code, str(raised.value)) == ("connector-type", message)


def returns(value, n: int = 3, output: dict | None = None) -> dict:
    answer = encode_answer(value, n, read_fields(output) if output is not None else None)
    return wire_json.loads(wire_json.dumps(answer))


def refused(value, n: int = 3, output: dict | None = None) -> tuple[str, str]:
    with pytest.raises(ConnectorError) as raised:
        returns(value, n, output)
    return raised.value.code, str(raised.value)


TWO = {"a": field("int"), "b": field("float64")}
ONE = {"score": field("float64")}


def test_every_form_of_an_answer_says_the_same():
    expected = {"columns": {"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]}}
    a, b = np.array([1, 2, 3]), [0.5, 1.5, 2.5]
    structured = np.array(list(zip(a, b)), dtype=[("a", "i4"), ("b", "f8")])
    for form in (
        pd.DataFrame({"a": a, "b": b}),
        [{"a": x, "b": y} for x, y in zip(a, b)],
        tuple({"a": x, "b": y} for x, y in zip(a, b)),
        {"a": a, "b": b},
        {"a": pd.Series(a), "b": tuple(b)},
        {"a": pd.array([1, 2, 3], dtype="Int64"), "b": pd.Index(b)},
        structured,
        np.column_stack([a, b]),
    ):
        assert repr(returns(form, 3, TWO)) == repr(expected)


def test_one_field_may_be_a_series_or_an_array():
    expected = {"columns": {"score": [0.5, 1.5, 2.5]}}
    values = [0.5, 1.5, 2.5]
    assert returns(np.array(values), 3, ONE) == expected
    assert returns(np.array(values).reshape(3, 1), 3, ONE) == expected
    assert returns(pd.Series(values, name="probability"), 3, ONE) == expected
    assert returns(pd.Series(values, name="score")) == expected


def test_masked_values_are_null():
    masked = np.ma.MaskedArray([1, 2, 3], mask=[False, True, False])
    assert returns({"x": masked}) == {"columns": {"x": [1, None, 3]}}


def test_what_cannot_be_an_answer_says_what_to_return():
    assert [
        refused(None),
        refused(3.5),
        refused(row for row in []),
        refused([0.5, 1.5, 2.5]),
        refused({"score": 0.5}, 1),
        refused(np.zeros((3, 3)), 3, TWO),
        refused(np.zeros(3), 3, TWO),
        refused(np.zeros((3, 2))),
        refused(pd.Series([1, 2, 3])),
        refused(pd.DataFrame([[1], [2], [3]])),
        refused(pd.DataFrame([[1, 2]] * 3, columns=["a", "a"])),
        refused([{1: 2}] * 3),
    ] == [
        ("connector-type", "it returned None; is a `return` missing?"),
        ("connector-type", "it returned a float; return a DataFrame, a list of dicts or a dict of columns"),
        ("connector-type", "it returned a generator; return list(…) of it"),
        ("connector-type", 'row 0 of the returned list is of type float, not a dict; return [{"field": value}, …] or {"field": [values]}'),
        ("connector-type", "column 'score': a float is not a column; a dict holds a list, numpy array or Series for each field, a single record is returned as [record]"),
        ("connector-type", "it returned an array of shape (3, 3) and the contract declares 2 output fields (a, b); name the columns: pandas.DataFrame(array, columns=[…])"),
        ("connector-type", 'it returned a one-dimensional array and the contract declares 2 output fields (a, b); return {"field": values}'),
        ("connector-type", "it returned an array of shape (3, 2) and the contract declares nothing; name the columns: pandas.DataFrame(array, columns=[…])"),
        ("connector-type", 'it returned a Series and the contract declares nothing; return {"field": values}'),
        ("connector-type", "a column is named 0, of type int; names are strings: df.columns = […]"),
        ("connector-type", "column 'a' appears twice; rename or drop one"),
        ("connector-type", "a column is named 1, of type int; names are strings: df.columns = […]"),
    ]  # fmt: skip


def test_another_number_of_rows_says_both():
    assert [
        refused(pd.DataFrame({"a": [1, 2]})),
        refused([{"a": 1}]),
        refused({"a": [1, 2, 3], "b": np.zeros(4)}),
        refused(np.zeros((2, 2)), 3, TWO),
        refused([], 3),
    ] == [
        ("connector-row-count", "the answer has 2, expected 3: one row for each record"),
        ("connector-row-count", "the answer has 1, expected 3: one row for each record"),
        ("connector-row-count", "column 'b' has 4, expected 3: one row for each record"),
        ("connector-row-count", "the answer has 2, expected 3: one row for each record"),
        ("connector-row-count", "the answer has 0, expected 3: one row for each record"),
    ]


ORDER = (
    "connector-row-order",
    "row 0 of the answer is that of record 2; return it with .sort_index(), "
    "or with .reset_index(drop=True) if the order is right and only the index is not",
)


def test_rows_that_were_moved_are_refused():
    sent = pd.DataFrame({"k": [3, 2, 1]})
    assert refused(sent.sort_values("k")) == ORDER
    assert refused(sent.iloc[::-1]) == ORDER
    assert refused(sent.sort_values("k")["k"], 3, ONE) == ORDER
    assert refused({"score": sent.sort_values("k")["k"]}, 3, ONE) == ORDER
    assert refused(sent.sort_values("k").set_index(sent.sort_values("k").index.astype("Int64"))) == ORDER


def test_other_indexes_say_nothing_about_the_order():
    for index in ([0, 1, 2], [5, 4, 3], ["c", "b", "a"], [0, 0, 1], [0.0, 1.0, NAN], pd.date_range("2026", periods=3)):
        assert returns(pd.DataFrame({"a": [1, 2, 3]}, index=index)) == {"columns": {"a": [1, 2, 3]}}
    assert returns(pd.DataFrame({"a": [3, 2, 1]}).sort_values("a").sort_index()) == {"columns": {"a": [3, 2, 1]}}


def test_an_operation_without_annotation_receives_pandas():
    model = Model("m")

    @model.operation
    def process(df):
        return df.assign(n=df["q"].str.len())

    assert model.run("process", [{"q": "ab"}]) == [{"q": "ab", "n": 2}]
    assert model.run("process", pd.DataFrame({"q": ["ab"]}, index=[7])) == [{"q": "ab", "n": 2}]
    assert process(pd.DataFrame({"q": ["abc"]}))["n"].tolist() == [3]


@pytest.mark.parametrize(("dtypes", "dtype"), [("nullable", "Int64"), ("numpy", "float64")])
def test_a_worker_answers_a_frame_with_a_frame(worker, connector, dtypes, dtype):
    path = connector("""
        from __future__ import annotations
        import pandas as pd
        from tallyml import Model

        model = Model("m")

        @model.operation
        def process(df: pd.DataFrame) -> pd.DataFrame:
            return pd.DataFrame({"dtype": str(df["age"].dtype), "next": df["age"] + 1, "score": df["age"] / 0})

        @model.operation
        def moved(df):
            return df.sort_values("age")
    """)
    fields = {
        "input": {"age": field("int?")},
        "output": {"dtype": field("string"), "next": field("int?"), "score": field("float64?")},
    }
    moved = {"input": {"age": field("int?")}, "output": {"age": field("int?")}}
    assert worker.hello(path, {"process": fields, "moved": moved}, dtypes)["type"] == "ready"
    answer = worker.call("process", 2, columns={"age": [41, None]})
    score = answer["columns"].pop("score")
    assert answer["columns"] == {"dtype": [dtype, dtype], "next": [42, None]}
    assert score[0] == math.inf
    assert worker.call("moved", 2, columns={"age": [2, 1]})["code"] == "connector-row-order"
