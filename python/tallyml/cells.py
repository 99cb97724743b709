"""One value that an operation returned → a value of the wire. Knows numpy, pandas and polars by name only.

A library is never imported to look: a value of one can only exist when the library is already loaded.
"""

from __future__ import annotations

import base64
import enum
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from . import wire_json
from .errors import UnfitValue, unfit_answer
from .field_type import FLOAT_KINDS, INTEGER_KINDS, JSON, FieldType
from .timestamps import datetime64_nanoseconds, format_datetime, format_nanoseconds

_NONE = type(None)
_PLAIN = {str, bool, int, _NONE}
_FIXES: dict[type, str] = {
    set: "return sorted(…) of it",
    frozenset: "return sorted(…) of it",
    complex: "return its real and imaginary parts as two fields",
    timedelta: "return .total_seconds()",
    time: "return .isoformat()",
}


def encode_cells(name: str, values: Sequence[Any], field: FieldType) -> list[Any]:
    """A column of Python values as the wire has them."""
    types = set(map(type, values))
    if types <= _PLAIN or (types <= {*_PLAIN, float} and (field.kind in FLOAT_KINDS or field.kind == "json")):
        return list(values)
    encoded: list[Any] = []
    for row, value in enumerate(values):
        try:
            encoded.append(encode_cell(value, field))
        except UnfitValue as error:
            raise unfit_answer(name, row, str(error)) from None
    return encoded


def encode_cell(value: Any, field: FieldType) -> Any:
    """One value; UnfitValue when the table of conversions has no entry for it."""
    kind: Any = cast(Any, type(value))
    if kind in _PLAIN:
        return value
    if kind is float:
        return _encode_float(value, field)
    if isinstance(value, enum.Enum):
        return encode_cell(value.value, field)
    if is_missing(value):
        return None
    if isinstance(value, (list, tuple)):
        return [encode_cell(item, field.items or JSON) for item in cast("Sequence[Any]", value)]
    if isinstance(value, Mapping):
        return _encode_mapping(cast("Mapping[Any, Any]", value), field)
    return _encode_other(value, field)


def is_missing(value: object) -> bool:
    """pandas' NA and NaT, numpy's NaT and masked: null, whatever is declared."""
    kind = type(value)
    if kind.__name__ in ("NAType", "NaTType"):
        return kind.__module__.startswith("pandas.")
    if kind.__module__.partition(".")[0] != "numpy":
        return False
    return kind.__name__ == "MaskedConstant" or (kind.__name__ == "datetime64" and str(value) == "NaT")


def describe_type(value: object) -> str:
    """The type of a value as its author knows it."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _encode_float(value: float, field: FieldType) -> float | int | None:
    if field.kind in FLOAT_KINDS or field.kind == "json":
        return value
    if math.isnan(value):
        return None
    return int(value) if field.kind in INTEGER_KINDS and value.is_integer() else value


def _encode_mapping(value: Mapping[Any, Any], field: FieldType) -> dict[str, Any]:
    fields = field.fields or {}
    encoded: dict[str, Any] = {}
    for name, member in value.items():
        if not isinstance(name, str):
            raise UnfitValue(f"a key of a dict is of type {describe_type(name)}; keys must be strings")
        encoded[str(name)] = encode_cell(member, fields.get(name, JSON))
    return encoded


def _encode_other(value: Any, field: FieldType) -> Any:
    if isinstance(value, datetime):
        return _encode_datetime(value, field)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _encode_decimal(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(cast(Any, value))).decode("ascii")
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.generic, numpy.ndarray)):
        return _encode_numpy(numpy, value, field)
    if is_series(value):
        return [encode_cell(item, field.items or JSON) for item in value.to_list()]
    for base in (str, int, float):
        if isinstance(value, base):
            return encode_cell(base(value), field)
    fix = next((fix for kind, fix in _FIXES.items() if isinstance(value, kind)), "return its parts as fields or a dict")
    raise UnfitValue(f"a value of type {describe_type(value)} cannot travel; {fix}")


def is_series(value: object) -> bool:
    """A column of pandas or polars."""
    return any(
        isinstance(value, library.Series)
        for library in map(sys.modules.get, ("pandas", "polars"))
        if library is not None and hasattr(library, "Series")
    )


def _encode_datetime(value: datetime, field: FieldType) -> str:
    # A pandas Timestamp is a datetime with nanoseconds besides.
    as_date = field.kind == "date" and not getattr(value, "nanosecond", 0)
    return format_datetime(value, as_date=as_date)


def _encode_decimal(value: Decimal) -> str | None:
    if value.is_nan():
        return None
    if value.is_infinite():
        raise UnfitValue("an infinite Decimal cannot travel; return a float")
    return wire_json.number(value)


def _encode_numpy(numpy: Any, value: Any, field: FieldType) -> Any:
    if isinstance(value, numpy.ndarray):
        if value.dtype.kind in "OiufbUS":
            return encode_cell(value.tolist(), field)
        return (
            [encode_cell(item, field.items or JSON) for item in value] if value.ndim else encode_cell(value[()], field)
        )
    kind = value.dtype.kind
    if kind == "M":
        nanoseconds = datetime64_nanoseconds(numpy.array([value]))[0]
        return (
            None if nanoseconds is None else format_nanoseconds(nanoseconds, is_utc=False, as_date=field.kind == "date")
        )
    if kind in "iufbUS":
        item = value.item()
        if type(item) in (int, float, bool, str, bytes):
            return encode_cell(item, field)
    fix = {"m": "return seconds as a float", "f": "return .astype('float64')"}.get(kind, "return its parts as fields")
    raise UnfitValue(f"a value of type {describe_type(value)} cannot travel; {fix}")
