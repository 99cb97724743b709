"""A one-dimensional numpy array that an operation returned → the values of a column on the wire."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from .cells import encode_cells
from .errors import UnfitValue, unfit_answer
from .field_type import FLOAT_KINDS, INTEGER_KINDS, FieldType
from .timestamps import datetime64_nanoseconds, format_nanoseconds


def encode_array(name: str, array: Any, field: FieldType) -> list[Any]:
    """One column. `array` may have more dimensions: then each row holds a list."""
    numpy: Any = sys.modules["numpy"]
    if array.ndim != 1 or isinstance(array, numpy.ma.MaskedArray):
        return encode_cells(name, array.tolist() if array.dtype.kind in "Oiufb" else list(array), field)
    kind = array.dtype.kind
    if kind == "f" and array.dtype.itemsize <= 8:
        return _encode_floats(name, array, field)
    if kind in "iubU":
        return array.tolist()
    if kind == "M":
        return encode_times(name, array, field, is_utc=False)
    return encode_cells(name, array.tolist() if kind in "OS" else list(array), field)


def encode_times(name: str, array: Any, field: FieldType, *, is_utc: bool) -> list[Any]:
    """A column of datetime64 of any unit; `is_utc` writes an offset."""
    return format_column(name, datetime64_nanoseconds(array), field, is_utc=is_utc)


def format_column(name: str, nanoseconds: Sequence[int | None], field: FieldType, *, is_utc: bool) -> list[Any]:
    """A column of nanoseconds since 1970 as RFC 3339."""
    as_date = field.kind == "date"
    try:
        return [
            None if value is None else format_nanoseconds(value, is_utc=is_utc, as_date=as_date)
            for value in nanoseconds
        ]
    except UnfitValue as error:
        raise unfit_answer(name, None, str(error)) from None


def _encode_floats(name: str, array: Any, field: FieldType) -> list[Any]:
    """NaN stays NaN in a field of floats or json, and is null in others; 3.0 is 3 where an integer is declared."""
    numpy: Any = sys.modules["numpy"]
    if field.kind in FLOAT_KINDS or field.kind == "json":
        return array.tolist()
    if (
        field.kind in INTEGER_KINDS
        and bool((numpy.abs(array) < 2.0**63).all())
        and bool((array == numpy.trunc(array)).all())
    ):
        return array.astype("int64").tolist()
    return encode_cells(name, array.tolist(), field)
