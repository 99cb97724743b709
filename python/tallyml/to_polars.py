"""A call's records → a polars DataFrame, by the table in docs/reference/python.md."""

from __future__ import annotations

import importlib
from typing import Any

from .batch import Batch
from .decode import decode_column, decode_instants
from .errors import unfit_input
from .field_type import Fields, FieldType

_SIMPLE = {
    "boolean": "Boolean",
    "int": "Int64",
    "int8": "Int8",
    "int16": "Int16",
    "int32": "Int32",
    "int64": "Int64",
    "uint8": "UInt8",
    "uint16": "UInt16",
    "uint32": "UInt32",
    "uint64": "UInt64",
    "float32": "Float32",
    "float64": "Float64",
    "string": "String",
    "bytes": "Binary",
    "date": "Date",
}


def to_polars(batch: Batch, fields: Fields | None) -> Any:
    """The frame an operation receives."""
    polars = importlib.import_module("polars")
    declared = fields or {}
    names = batch.names(list(declared))
    if not names:
        return polars.select(polars.repeat(None, batch.length).alias("_")).drop("_")
    return polars.DataFrame([_column(polars, name, batch, declared.get(name)) for name in names])


def _column(polars: Any, name: str, batch: Batch, field: FieldType | None) -> Any:
    if field is None or field.kind == "json":
        return _inferred(polars, name, batch.column(name))
    if field.kind == "timestamp":
        return _timestamps(polars, name, batch)
    values = decode_column(name, batch, field)
    if field.kind == "decimal":
        return _decimals(polars, name, values, field)
    dtype = _dtype(polars, field)
    return _inferred(polars, name, values) if dtype is None else polars.Series(name, values, dtype=dtype)


def _dtype(polars: Any, field: FieldType) -> Any:
    """The dtype of a declared type; None where only the values can say it."""
    if field.kind in _SIMPLE:
        return getattr(polars, _SIMPLE[field.kind])
    if field.kind == "category":
        return polars.String if field.values is None else polars.Enum(field.values)
    if field.kind == "list" and field.items is not None:
        inner = _dtype(polars, field.items)
        return None if inner is None else polars.List(inner)
    if field.kind == "struct" and field.fields is not None:
        members = {name: _dtype(polars, member) for name, member in field.fields.items()}
        return None if None in members.values() else polars.Struct(members)
    return None


def _inferred(polars: Any, name: str, values: list[Any]) -> Any:
    """What polars makes of the values, or Python objects where that would change or lose one."""
    if {int, float} <= set(map(type, values)) <= {int, float, type(None)}:
        widened = [value if value is None else float(value) for value in values]
        values = widened if widened == values else values
    try:
        series = polars.Series(name, values, strict=True)
    except (TypeError, OverflowError, polars.exceptions.PolarsError):
        return polars.Series(name, values, dtype=polars.Object)
    # Inside lists and structs polars goes by the first element: [[1], [2.5]] becomes [[1], [2]].
    if series.dtype.is_nested() and repr(series.to_list()) != repr(values):
        return polars.Series(name, values, dtype=polars.Object)
    return series


def _decimals(polars: Any, name: str, values: list[Any], field: FieldType) -> Any:
    """A Decimal column where a scale is declared, else text: polars needs a scale, and no batch may choose it."""
    if field.scale is None:
        return polars.Series(name, [None if value is None else str(value) for value in values], dtype=polars.String)
    for row, value in enumerate(values):
        if value is not None and -value.as_tuple().exponent > field.scale:
            raise unfit_input(name, row, f"a decimal with more than {field.scale} digits after the point")
    return polars.Series(name, values, dtype=polars.Decimal(38, field.scale))


def _timestamps(polars: Any, name: str, batch: Batch) -> Any:
    nanoseconds, is_aware = decode_instants(name, batch)
    return polars.Series(name, nanoseconds, dtype=polars.Int64).cast(polars.Datetime("ns", "UTC" if is_aware else None))
