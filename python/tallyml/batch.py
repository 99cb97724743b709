"""One call's records as they came: columns when every record has the same keys, rows otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from . import wire_json

Row = dict[str, Any]


class Batch:
    """The records of a call. Values are those of the wire; nothing is converted yet."""

    def __init__(self, message: Row, text: bytes) -> None:
        """`text` is what `message` was read from, kept for numbers that must be read again, exactly."""
        self._text = text
        self._exact: Row | None = None
        self._message = message
        self.length: int = message["n"]
        self.rows: list[Row] | None = message.get("rows")
        self.columns: dict[str, list[Any]] | None = message.get("columns")

    def names(self, declared: Sequence[str]) -> list[str]:
        """The keys of the records: the declared ones first and in that order, then others as they appear."""
        if self.columns is not None:
            present = dict.fromkeys(self.columns)
        else:
            present = dict.fromkeys(key for row in self.rows or [] for key in row)
        return [name for name in declared if name in present] + [name for name in present if name not in set(declared)]

    def column(self, name: str) -> list[Any]:
        """The values of one key; a record without it counts as null here."""
        return _column(self._message, name)

    def exact_column(self, name: str) -> list[Any]:
        """The same, with every number that is not written as an integer as a Decimal of its text."""
        return _column(self._exact_message(), name)

    def exact_rows(self) -> list[Row]:
        """The rows, with numbers as `exact_column` gives them."""
        return self._exact_message()["rows"]

    def _exact_message(self) -> Row:
        exact: Row = self._exact or wire_json.loads(self._text, parse_float=Decimal)
        self._exact = exact
        return exact


def _column(message: Row, name: str) -> list[Any]:
    columns = message.get("columns")
    return columns[name] if columns is not None else [row.get(name) for row in message["rows"]]
