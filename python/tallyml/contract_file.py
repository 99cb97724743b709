"""What plain Python needs of a contract: the operations with their types, the connector, named endpoints.

Tally reads `tally.toml` with all its rules and says what is wrong with it; this reads one that Tally has accepted.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

Table = Mapping[str, Any]


@dataclass(frozen=True)
class ContractFile:
    """A contract as far as it matters here."""

    root: Path
    model: str
    operations: dict[str, Any]
    """As `hello` states them (protocol/worker.md); empty when nothing is declared."""
    stages: dict[str, str]
    """Of operations that receive a stage's output: the stage."""
    connector: Path | None
    dtypes: str
    endpoint: str | None
    """`[endpoints] default`."""


def find_contract(folder: Path) -> Path | None:
    """The nearest `tally.toml` upwards."""
    return next((at / "tally.toml" for at in (folder, *folder.parents) if (at / "tally.toml").is_file()), None)


def read_contract(path: Path) -> ContractFile:
    """Reads a contract; ModuleNotFoundError where this Python has no reader of TOML (before 3.11, without tomli)."""
    name = "tomllib" if sys.version_info >= (3, 11) else "tomli"
    table: Table = importlib.import_module(name).loads(path.read_text("utf-8"))
    connector = _table(table, "connector")
    python = connector.get("python")
    outputs = {name: _fields(_table(one, "output")) for name, one in _table(table, "operations").items()}
    operations: dict[str, Any] = {}
    stages: dict[str, str] = {}
    for name, one in _table(table, "operations").items():
        given = one.get("input", {})
        if isinstance(given, str):
            stages[name] = given
        fields = outputs.get(given, {}) if isinstance(given, str) else _fields(given)
        operations[name] = {"after": one.get("after"), "input": fields, "output": outputs[name]}
    return ContractFile(
        root=path.parent,
        model=str(_table(table, "model").get("name", "")),
        operations=operations,
        stages=stages,
        connector=path.parent / python if isinstance(python, str) else None,
        dtypes=str(connector.get("dtypes", "nullable")),
        endpoint=_table(table, "endpoints").get("default"),
    )


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return cast(Table, value) if isinstance(value, Mapping) else {}


def _fields(table: Table) -> dict[str, Any]:
    return {name: _type(value) for name, value in table.items()}


def _type(value: Any) -> dict[str, Any]:
    """A field: its type as text, or a table with `type`."""
    table: Table = cast(Table, value) if isinstance(value, Mapping) else {"type": value}
    stated = _type_text(str(table.get("type", "json")))
    for key in ("values", "scale"):
        if key in table:
            stated[key] = table[key]
    if "items" in table:
        stated["items"] = _type(table["items"])
    if "fields" in table:
        stated["fields"] = _fields(table["fields"])
    return stated


def _type_text(text: str) -> dict[str, Any]:
    """`float64`, `T?`, `list<T>`."""
    text = text.strip()
    nullable = text.endswith("?")
    bare = text[:-1].strip() if nullable else text
    if bare.startswith("list<") and bare.endswith(">"):
        return {"type": "list", "nullable": nullable, "items": _type_text(bare[5:-1])}
    return {"type": bare, "nullable": nullable}
