"""protocol/vectors/worker.jsonl: a value goes through a connector and comes back as it was."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

VECTORS = Path(__file__).parent.parent.parent / "protocol" / "vectors" / "worker.jsonl"

ECHO = """
    from tallyml import Model

    model = Model("echo")

    @model.operation
    def echo(records: list[dict]):
        return records
"""


def vectors() -> list[dict]:
    return [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


def exact(text: str | bytes) -> object:
    """The value of a JSON text: numbers by their value, to the last digit."""
    return json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=str)


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"{vector['declared']}: {vector['name']}")
def test_a_value_comes_back(worker, connector, vector):
    fields = {"x": vector["field"]}
    ready = worker.hello(connector(ECHO), {"echo": {"after": None, "input": fields, "output": fields}})
    assert ready["type"] == "ready"
    call = f'{{"type":"call","id":1,"operation":"echo","n":1,"rows":[{vector["record"]}]}}'.encode()
    worker.send(call)
    answer = exact(worker.receive_text())
    rows = answer.get("rows") or [{name: column[0] for name, column in answer["columns"].items()}]
    assert rows == [exact(vector["then"]["record"])]
