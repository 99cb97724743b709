"""What an operation returned → the columns or rows of a result frame.

Comes in: a DataFrame (pandas, polars), a list of dicts, a dict of columns, a numpy array, a Series. Goes out: values of
the wire, exactly as many as there were records, or a ConnectorError that says what to change. Does not know the worker.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, cast

from .cells import describe_type, encode_cells, is_series
from .errors import ConnectorError, unfit_answer
from .field_type import JSON, Fields, FieldType
from .from_numpy import encode_array
from .from_pandas import check_order, encode_series
from .from_polars import encode_polars

Answer = dict[str, Any]
"""`{"columns": {…}}` or `{"rows": […]}`."""


def encode_answer(returned: Any, length: int, fields: Fields | None) -> Answer:
    """The answer to `length` records. `fields` is the declared output, None when the contract declares nothing."""
    declared = fields or {}
    if is_library_type(returned, "pandas", "DataFrame"):
        return _from_frame(returned, length, declared)
    if is_library_type(returned, "polars", "DataFrame"):
        check_count(returned.height, length)
        return {"columns": {s.name: encode_polars(s.name, s, declared.get(s.name, JSON)) for s in returned}}
    if isinstance(returned, (list, tuple)):
        return _from_rows(cast("Sequence[Any]", returned), length, declared)
    if isinstance(returned, Mapping):
        return _from_columns(cast("Mapping[Any, Any]", returned), length, declared)
    if is_series(returned):
        name = _only_field(
            fields, returned.name if isinstance(returned.name, str) and returned.name else None, "a Series"
        )
        return {"columns": {name: _encode_column(name, returned, length, declared.get(name, JSON))}}
    if is_library_type(returned, "numpy", "ndarray"):
        return _from_array(returned, length, fields)
    raise ConnectorError("connector-type", f"it returned {_describe_return(returned)}")


def is_library_type(value: object, module: str, name: str) -> bool:
    """Whether a value is of a type of a library, which is not imported to look."""
    library = sys.modules.get(module)
    return library is not None and hasattr(library, name) and isinstance(value, getattr(library, name))


def check_count(got: int, expected: int, column: str | None = None) -> None:
    """As many rows as records."""
    if got != expected:
        what = "the answer has" if column is None else f"column '{column}' has"
        raise ConnectorError("connector-row-count", f"{what} {got}, expected {expected}: one row for each record")


def _from_frame(frame: Any, length: int, declared: Fields) -> Answer:
    check_count(len(frame), length)
    check_order(frame.index, length)
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ConnectorError("connector-type", f"column {twice!r} appears twice; rename or drop one")
    columns: dict[str, list[Any]] = {}
    for name, series in frame.items():
        columns[_checked_name(name)] = encode_series(name, series, declared.get(name, JSON))
    return {"columns": columns}


def _from_rows(rows: Sequence[Any], length: int, declared: Fields) -> Answer:
    check_count(len(rows), length)
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise ConnectorError(
                "connector-type",
                f"row {index} of the returned list is of type {describe_type(row)}, not a dict; "
                'return [{"field": value}, …] or {"field": [values]}',
            )
    records: Sequence[Mapping[Any, Any]] = rows
    names = list(records[0]) if records else []
    if all(row.keys() == records[0].keys() for row in records):
        return {
            "columns": {
                _checked_name(name): encode_cells(name, [row[name] for row in records], declared.get(name, JSON))
                for name in names
            }
        }
    return {"rows": [_encode_row(row, index, declared) for index, row in enumerate(records)]}


def _encode_row(row: Mapping[Any, Any], index: int, declared: Fields) -> dict[str, Any]:
    encoded: dict[str, Any] = {}
    for name, value in row.items():
        field = declared.get(_checked_name(name), JSON)
        try:
            encoded[str(name)] = encode_cells(name, [value], field)[0]
        except ConnectorError as error:
            raise ConnectorError(error.code, str(error).replace(", row 0:", f", row {index}:")) from None
    return encoded


def _from_columns(columns: Mapping[Any, Any], length: int, declared: Fields) -> Answer:
    return {
        "columns": {
            _checked_name(name): _encode_column(name, values, length, declared.get(name, JSON))
            for name, values in columns.items()
        }
    }


def _encode_column(name: str, values: Any, length: int, field: FieldType) -> list[Any]:
    if is_library_type(values, "numpy", "ndarray") and values.ndim > 0:
        check_count(len(values), length, name)
        return encode_array(name, values, field)
    if isinstance(values, (list, tuple)):
        cells = cast("Sequence[Any]", values)
        check_count(len(cells), length, name)
        return encode_cells(name, cells, field)
    if is_library_type(values, "pandas", "Series"):
        check_count(len(values), length, name)
        check_order(values.index, length)
        return encode_series(name, values, field)
    if is_library_type(values, "polars", "Series"):
        check_count(len(values), length, name)
        return encode_polars(name, values, field)
    pandas: Any = sys.modules.get("pandas")
    if pandas is not None and isinstance(values, (pandas.Index, pandas.api.extensions.ExtensionArray)):
        return _encode_column(name, pandas.Series(values), length, field)
    raise unfit_answer(
        name,
        None,
        f"a {describe_type(values)} is not a column; a dict holds a list, numpy array or Series for each field, "
        "a single record is returned as [record]",
    )


def _from_array(array: Any, length: int, fields: Fields | None) -> Answer:
    declared = fields or {}
    if array.ndim == 0:
        raise ConnectorError(
            "connector-type", "it returned a numpy array without dimensions; return one row for each record"
        )
    check_count(len(array), length)
    if array.dtype.names is not None:
        return {
            "columns": {name: encode_array(name, array[name], declared.get(name, JSON)) for name in array.dtype.names}
        }
    if array.ndim == 1:
        name = _only_field(fields, None, "a one-dimensional array")
        return {"columns": {name: encode_array(name, array, declared.get(name, JSON))}}
    if array.ndim > 2 or fields is None or array.shape[1] != len(fields):
        names = "nothing" if fields is None else f"{len(fields)} output fields ({', '.join(fields)})"
        raise ConnectorError(
            "connector-type",
            f"it returned an array of shape {array.shape} and the contract declares {names}; "
            "name the columns: pandas.DataFrame(array, columns=[…])",
        )
    return {"columns": {name: encode_array(name, array[:, i], declared[name]) for i, name in enumerate(fields)}}


def _only_field(fields: Fields | None, own_name: str | None, what: str) -> str:
    """The name of the one column that `what` is."""
    if fields is not None and len(fields) == 1:
        return next(iter(fields))
    if fields is None and own_name is not None:
        return own_name
    names = "nothing" if fields is None else f"{len(fields)} output fields ({', '.join(fields)})"
    raise ConnectorError(
        "connector-type", f'it returned {what} and the contract declares {names}; return {{"field": values}}'
    )


def _checked_name(name: object) -> str:
    if isinstance(name, str):
        return str(name)
    raise ConnectorError(
        "connector-type",
        f"a column is named {name!r}, of type {describe_type(name)}; names are strings: df.columns = […]",
    )


def _describe_return(returned: object) -> str:
    if returned is None:
        return "None; is a `return` missing?"
    if is_library_type(returned, "polars", "LazyFrame"):
        return "a polars.LazyFrame; return .collect() of it"
    if hasattr(returned, "__next__"):
        return f"a {describe_type(returned)}; return list(…) of it"
    return f"a {describe_type(returned)}; return a DataFrame, a list of dicts or a dict of columns"
