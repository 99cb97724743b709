"""A polars Series that an operation returned → the values of a column on the wire."""

from __future__ import annotations

import sys
from typing import Any

from .cells import encode_cells
from .field_type import FLOAT_KINDS, FieldType
from .from_numpy import format_column


def encode_polars(name: str, series: Any, field: FieldType) -> list[Any]:
    """One column, by its dtype. null is null, NaN stays NaN in a field of floats."""
    polars: Any = sys.modules["polars"]
    if isinstance(series.dtype, polars.Datetime):
        # Python's datetime would lose the nanoseconds, so the integers are read.
        unit: str = series.dtype.time_unit
        factor = {"ns": 1, "us": 1_000, "ms": 1_000_000}[unit]
        nanoseconds = [None if value is None else value * factor for value in series.to_physical().to_list()]
        return format_column(name, nanoseconds, field, is_utc=series.dtype.time_zone is not None)
    values = series.to_list()
    if series.dtype.is_float() and (field.kind in FLOAT_KINDS or field.kind == "json"):
        return values
    return encode_cells(name, values, field)
