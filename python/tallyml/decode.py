"""Values of the wire → Python values by their declared types. Knows no DataFrame; those are built on top of this.

A value that its type cannot hold is an error here: the alternative is a column that is silently of another type.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from .batch import Batch, Row
from .errors import UnfitValue, unfit_input
from .field_type import FLOAT_KINDS, INTEGER_KINDS, JSON, Fields, FieldType
from .timestamps import parse_date, parse_timestamp

SPECIAL_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_NONE = type(None)
_INTEGER_BITS = {"int": 64, "int8": 8, "int16": 16, "int32": 32, "int64": 64}
INTEGER_RANGES = {
    kind: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if kind in _INTEGER_BITS else (0, 2**bits - 1)
    for kind, bits in {**_INTEGER_BITS, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64}.items()
}


def decode_column(name: str, batch: Batch, field: FieldType) -> list[Any]:
    """One column as Python values; None for null."""
    values = batch.exact_column(name) if field.holds_decimal else batch.column(name)
    types = set(map(type, values))
    if _fits_as_it_is(values, types, field):
        return values
    if field.kind in INTEGER_KINDS and float in types:
        values = batch.exact_column(name)
    decoded: list[Any] = []
    for row, value in enumerate(values):
        try:
            decoded.append(decode_value(value, field))
        except UnfitValue as error:
            raise unfit_input(name, row, str(error)) from None
    return decoded


def decode_rows(batch: Batch, fields: Fields | None) -> list[Row]:
    """The records as dicts with Python values; a key that a record lacks stays absent."""
    declared = fields or {}
    if batch.columns is None:
        exact = any(_needs_exact(field) for field in declared.values())
        return [
            _decode_row(row, index, declared)
            for index, row in enumerate(batch.exact_rows() if exact else batch.rows or [])
        ]
    names = batch.names(list(declared))
    if not names:
        return [{} for _ in range(batch.length)]
    columns = [decode_column(name, batch, declared.get(name, JSON)) for name in names]
    return [dict(zip(names, values)) for values in zip(*columns)]


def decode_instants(name: str, batch: Batch) -> tuple[list[int | None], bool]:
    """A column of timestamps as nanoseconds since 1970, and whether they have offsets (also when there is no value)."""
    nanoseconds: list[int | None] = []
    aware: set[bool] = set()
    for row, value in enumerate(batch.column(name)):
        if value is None:
            nanoseconds.append(None)
            continue
        try:
            instant = parse_timestamp(value)
        except UnfitValue as error:
            raise unfit_input(name, row, str(error)) from None
        if not -(2**63) < instant.nanoseconds < 2**63:
            raise unfit_input(name, row, "a timestamp beyond the years 1678 to 2262, more than a column can hold")
        nanoseconds.append(instant.nanoseconds)
        aware.add(instant.offset is not None)
    if len(aware) > 1:
        raise unfit_input(name, None, "timestamps with and without an offset in one batch; a column holds one kind")
    return nanoseconds, aware != {False}


def decode_value(value: Any, field: FieldType) -> Any:
    """One value; UnfitValue when its declared type cannot hold it."""
    if value is None:
        return None
    decoder = _DECODERS.get(field.kind)
    if decoder is None:
        raise UnfitValue(f"the type {field.kind} is not one this tallyml knows")
    return decoder(value, field)


def _fits_as_it_is(values: list[Any], types: set[type], field: FieldType) -> bool:
    """The quick way for what nearly every column is: values whose Python type says it all."""
    kind = field.kind
    if kind == "json":
        return True
    if kind == "string" or (kind == "category" and field.values is None):
        return types <= {str, _NONE}
    if kind == "boolean":
        return types <= {bool, _NONE}
    if kind == "float64":
        return types <= {float, _NONE}
    if kind in INTEGER_KINDS and types == {int}:
        low, high = INTEGER_RANGES[kind]
        return low <= min(values) and max(values) <= high
    return False


def _needs_exact(field: FieldType) -> bool:
    return field.holds_decimal or field.kind in INTEGER_KINDS


def _decode_row(row: Row, index: int, declared: Fields) -> Row:
    decoded: Row = {}
    for name in [*(name for name in declared if name in row), *(name for name in row if name not in declared)]:
        try:
            decoded[name] = decode_value(row[name], declared.get(name, JSON))
        except UnfitValue as error:
            raise unfit_input(name, index, str(error)) from None
    return decoded


def _unfit(value: Any, field: FieldType) -> UnfitValue:
    names: dict[type, str] = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return UnfitValue(f"{names.get(cast(Any, type(value)), 'a number')} where the contract declares {field.kind}")


def _decode_boolean(value: Any, field: FieldType) -> bool:
    if isinstance(value, bool):
        return value
    raise _unfit(value, field)


def _decode_integer(value: Any, field: FieldType) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise _unfit(value, field)
    low, high = INTEGER_RANGES[field.kind]
    # The range comes first: the integer of 1e999999999 would take all memory.
    if not math.isfinite(value) or not low <= value <= high:
        raise UnfitValue(f"a number beyond the range of {field.kind}")
    if value != int(value):
        raise UnfitValue(f"a number that is no integer where the contract declares {field.kind}")
    return int(value)


def _decode_float(value: Any, field: FieldType) -> float:
    if isinstance(value, str) and value in SPECIAL_FLOATS:
        return SPECIAL_FLOATS[value]
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise _unfit(value, field)
    try:
        number = float(value)
    except OverflowError:
        raise UnfitValue(f"an integer beyond the range of {field.kind}") from None
    return _round_to_float32(number) if field.kind == "float32" else number


def _round_to_float32(number: float) -> float:
    try:
        rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)
    return rounded


def _decode_decimal(value: Any, field: FieldType) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise _unfit(value, field)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _unfit(value, field) from None
    if not number.is_finite():
        raise UnfitValue("a decimal that is not finite")
    return number


def _decode_string(value: Any, field: FieldType) -> str:
    if isinstance(value, str):
        return value
    raise _unfit(value, field)


def _decode_category(value: Any, field: FieldType) -> str:
    text = _decode_string(value, field)
    if field.values is not None and text not in field.values:
        raise UnfitValue("a value that is not among those the contract declares")
    return text


def _decode_bytes(value: Any, field: FieldType) -> bytes:
    try:
        return base64.b64decode(_decode_string(value, field), validate=True)
    except (binascii.Error, ValueError):
        raise UnfitValue("text that is not base64 where the contract declares bytes") from None


def _decode_list(value: Any, field: FieldType) -> list[Any]:
    if not isinstance(value, list):
        raise _unfit(value, field)
    return [decode_value(item, field.items or JSON) for item in cast("list[Any]", value)]


def _decode_struct(value: Any, field: FieldType) -> Row:
    if not isinstance(value, dict):
        raise _unfit(value, field)
    fields = field.fields or {}
    return {name: decode_value(member, fields.get(name, JSON)) for name, member in cast(Row, value).items()}


def _decode_json(value: Any, field: FieldType) -> Any:
    """As it came; Decimals are there only because another field of the record needed the exact text."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_decode_json(item, field) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _decode_json(member, field) for name, member in cast(Row, value).items()}
    return value


_DECODERS: dict[str, Callable[[Any, FieldType], Any]] = {
    **dict.fromkeys(INTEGER_KINDS, _decode_integer),
    **dict.fromkeys(FLOAT_KINDS, _decode_float),
    "boolean": _decode_boolean,
    "decimal": _decode_decimal,
    "string": _decode_string,
    "category": _decode_category,
    "bytes": _decode_bytes,
    "timestamp": lambda value, _: parse_timestamp(value).to_datetime(),
    "date": lambda value, _: parse_date(value),
    "list": _decode_list,
    "struct": _decode_struct,
    "json": _decode_json,
}
