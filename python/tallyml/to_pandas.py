"""A call's records → a pandas DataFrame with index 0…n-1, by the table in docs/reference/python.md.

Every call gets a new frame whose arrays nobody else holds: an operation may change it in place.
"""

from __future__ import annotations

import importlib
from typing import Any

from .batch import Batch
from .decode import decode_column, decode_instants
from .field_type import FLOAT_KINDS, INTEGER_KINDS, Fields, FieldType

_NOT_A_TIME = -(2**63)
"""How datetime64 writes null."""


def to_pandas(batch: Batch, fields: Fields | None, dtypes: str) -> Any:
    """The frame an operation receives. `dtypes` is "nullable", or "numpy" for what `read_csv` would give."""
    pandas = importlib.import_module("pandas")
    if fields is None:
        return _inferred(pandas, batch)
    builder = _Builder(pandas, importlib.import_module("numpy"), batch, nullable=dtypes != "numpy")
    columns = {name: builder.column(name, fields.get(name)) for name in batch.names(list(fields))}
    return pandas.DataFrame(columns, index=pandas.RangeIndex(batch.length), copy=False)


def _inferred(pandas: Any, batch: Batch) -> Any:
    """Without a contract: what `pandas.DataFrame(rows)` makes of the records."""
    if batch.columns is None:
        return pandas.DataFrame(batch.rows)
    return pandas.DataFrame(batch.columns, index=pandas.RangeIndex(batch.length))


class _Builder:
    """Makes columns; holds the modules so that none is looked up per column."""

    def __init__(self, pandas: Any, numpy: Any, batch: Batch, *, nullable: bool) -> None:
        self._pandas = pandas
        self._numpy = numpy
        self._batch = batch
        self._nullable = nullable

    def column(self, name: str, field: FieldType | None) -> Any:
        """One column; None for `field` is a key the contract does not know, left to pandas to infer."""
        if field is None:
            return self._pandas.Series(self._batch.column(name), index=self._pandas.RangeIndex(self._batch.length))
        if field.kind == "timestamp":
            return self._timestamps(name)
        if field.kind in FLOAT_KINDS:
            return self._floats(name, field)
        values = decode_column(name, self._batch, field)
        if field.kind in INTEGER_KINDS:
            return self._integers(values, field)
        if field.kind == "boolean":
            return self._booleans(values, field)
        if field.kind == "category" and field.values is not None:
            return self._pandas.Categorical(values, categories=list(field.values))
        # What read_csv leaves for an empty cell of text is NaN.
        is_text = field.kind in ("string", "category")
        return self._objects(values, null=None if self._nullable or not is_text else float("nan"))

    def _floats(self, name: str, field: FieldType) -> Any:
        values = self._batch.column(name)
        if not set(map(type, values)) <= {float, type(None)}:
            values = decode_column(name, self._batch, field)
        # NumPy reads None as NaN, which is what a null is in a column of floats.
        with self._numpy.errstate(over="ignore"):
            return self._numpy.array(values, dtype="float64").astype(field.kind, copy=False)

    def _integers(self, values: list[Any], field: FieldType) -> Any:
        kind = "int64" if field.kind == "int" else field.kind
        if not field.nullable and None not in values:
            return self._numpy.array(values, dtype=kind)
        if not self._nullable:
            return self._numpy.array(values, dtype="float64")
        mask = self._numpy.array([value is None for value in values], dtype=bool)
        filled = self._numpy.array([0 if value is None else value for value in values], dtype=kind)
        return self._pandas.arrays.IntegerArray(filled, mask)

    def _booleans(self, values: list[Any], field: FieldType) -> Any:
        if not field.nullable and None not in values:
            return self._numpy.array(values, dtype=bool)
        if not self._nullable:
            return self._objects(values, null=float("nan"))
        mask = self._numpy.array([value is None for value in values], dtype=bool)
        return self._pandas.arrays.BooleanArray(
            self._numpy.array([value is True for value in values], dtype=bool), mask
        )

    def _timestamps(self, name: str) -> Any:
        nanoseconds, is_aware = decode_instants(name, self._batch)
        filled = [_NOT_A_TIME if value is None else value for value in nanoseconds]
        array = self._numpy.array(filled, dtype="int64").view("datetime64[ns]")
        return self._pandas.DatetimeIndex(array).tz_localize("UTC") if is_aware else array

    def _objects(self, values: list[Any], null: Any) -> Any:
        """An Index, because pandas 3 makes `str` of a NumPy array of objects and leaves an Index as it is."""
        array = self._numpy.empty(len(values), dtype=object)
        for row, value in enumerate(values):
            array[row] = null if value is None else value
        return self._pandas.Index(array, dtype=object)
