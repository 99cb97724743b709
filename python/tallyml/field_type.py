"""The types of a record's fields, as `hello` states them (protocol/worker.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

INTEGER_KINDS = frozenset({"int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"})
FLOAT_KINDS = frozenset({"float32", "float64"})


@dataclass(frozen=True)
class FieldType:
    """The type of a field: its name in the contract, and what that needs besides."""

    kind: str
    nullable: bool = False
    values: tuple[str, ...] | None = None
    scale: int | None = None
    items: FieldType | None = None
    fields: Mapping[str, FieldType] | None = None
    holds_decimal: bool = False
    """A decimal is in it somewhere, so its numbers must be read from their text."""


JSON = FieldType("json", nullable=True)
"""What a field without a declaration is."""

Fields = Mapping[str, FieldType]


@dataclass(frozen=True)
class OperationFields:
    """What one operation receives and returns; None when the contract declares nothing."""

    input: Fields | None = None
    output: Fields | None = None


UNDECLARED = OperationFields()


def read_operations(stated: Mapping[str, Mapping[str, Any]] | None) -> dict[str, OperationFields]:
    """The operations of `hello`; none when the contract declares none."""
    return {
        name: OperationFields(read_fields(operation["input"]), read_fields(operation["output"]))
        for name, operation in (stated or {}).items()
    }


def read_fields(stated: Mapping[str, Mapping[str, Any]]) -> dict[str, FieldType]:
    """The fields of one record, in the order they were declared."""
    return {name: read_type(field) for name, field in stated.items()}


def read_type(stated: Mapping[str, Any]) -> FieldType:
    """One type: `{"type": "float64", "nullable": false}` and what belongs to it."""
    items = read_type(stated["items"]) if stated.get("items") else None
    fields = read_fields(stated["fields"]) if stated.get("fields") else None
    inner: list[FieldType] = [*fields.values()] if fields else []
    if items is not None:
        inner.append(items)
    return FieldType(
        kind=stated["type"],
        nullable=bool(stated.get("nullable", False)),
        values=tuple(stated["values"]) if stated.get("values") else None,
        scale=stated.get("scale"),
        items=items,
        fields=fields,
        holds_decimal=stated["type"] == "decimal" or any(one.holds_decimal for one in inner),
    )
