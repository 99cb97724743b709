"""A pandas DataFrame or Series that an operation returned → columns on the wire, and the guard of the rows' order."""

from __future__ import annotations

import sys
from typing import Any

from .cells import encode_cells
from .errors import ConnectorError, unfit_answer
from .field_type import FieldType
from .from_numpy import encode_array, encode_times


def check_order(index: Any, length: int) -> None:
    """An index of 0…n-1 in another order is the input's: the rows were moved, and no longer those of their records.

    Any other index (labels, groups, a new 0…n-1) says nothing about the order and is ignored.
    """
    pandas: Any = sys.modules["pandas"]
    if type(index) is pandas.RangeIndex and index.start == 0 and index.step == 1:
        return
    if getattr(index.dtype, "kind", "O") not in "iuf" or index.hasnans:
        return
    numpy: Any = sys.modules["numpy"]
    labels, identity = index.to_numpy(), numpy.arange(length)
    if (labels == identity).all() or not (numpy.sort(labels) == identity).all():
        return
    moved = int((labels != identity).nonzero()[0][0])
    raise ConnectorError(
        "connector-row-order",
        f"row {moved} of the answer is that of record {int(labels[moved])}; return it with .sort_index(), "
        "or with .reset_index(drop=True) if the order is right and only the index is not",
    )


def encode_series(name: str, series: Any, field: FieldType) -> list[Any]:
    """One column, by its dtype."""
    numpy: Any = sys.modules["numpy"]
    dtype = series.dtype
    if isinstance(dtype, numpy.dtype):
        return encode_array(name, series.to_numpy(), field)
    kind = type(dtype).__name__
    if kind == "DatetimeTZDtype":
        return encode_times(name, series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(), field, is_utc=True)
    if kind == "SparseDtype":
        return encode_array(name, numpy.asarray(series), field)
    if kind in ("PeriodDtype", "IntervalDtype"):
        raise unfit_answer(name, None, f"a column of dtype {dtype} cannot travel; return .astype(str)")
    values = series.tolist()
    if kind in ("StringDtype", "CategoricalDtype"):
        # Their NaN means "no value", not the number.
        values = [None if value != value else value for value in map(_without_missing, values)]
    return encode_cells(name, values, field)


def _without_missing(value: Any) -> Any:
    """NA has no truth value, so it goes before anything is compared."""
    return None if type(value).__name__ in ("NAType", "NaTType") else value
