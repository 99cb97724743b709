"""The plugin without Tally: plain `pytest` asks an endpoint (`--endpoint`, ENDPOINT) or the connector in this process.

For editors, debuggers and a quick look. What is compared by the contract is left to `tally test`: there is one
implementation of equality, and it is not here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from . import wire_json
from .connector_file import load_connector
from .contract_file import ContractFile, find_contract, read_contract
from .endpoint import Endpoint
from .field_type import read_operations
from .model import Model
from .operations import Answers, Asker, OperationSet
from .pytest_session import TallySession
from .records import Comparison, Tolerance


def plain_session(config: pytest.Config) -> TallySession | None:
    """The operations of the project's contract; None where there is neither a contract nor an endpoint."""
    path = find_contract(config.rootpath)
    named = config.getoption("--endpoint") or os.environ.get("ENDPOINT") or os.environ.get("TALLY_ENDPOINT")
    if path is None and not named:
        return None
    contract = _read(path) if path is not None else None
    asker = _PlainAsker(named or (contract.endpoint if contract else None), contract)
    declared = read_operations(contract.operations) if contract else {}
    return TallySession(OperationSet(declared, asker))


def _read(path: Path) -> ContractFile:
    try:
        return read_contract(path)
    except (ValueError, AttributeError, TypeError, ModuleNotFoundError) as error:
        raise pytest.UsageError(f"{path} cannot be read ({error}); tally test says what is wrong with it") from None


class _PlainAsker:
    """Asks stages first where an operation receives a stage's output and the test gives the raw record."""

    def __init__(self, url: str | None, contract: ContractFile | None) -> None:
        self._contract = contract
        self._url = url
        self._answering: Asker | None = None

    def ask(self, operation: str, records: Sequence[str]) -> Answers:
        stage = self._contract.stages.get(operation) if self._contract else None
        if stage is not None and self._contract is not None:
            wanted = set(self._contract.operations[stage]["output"])
            if any(not wanted <= set(wire_json.loads(record.encode())) for record in records):
                records = self.ask(stage, records).texts
        if self._answering is None:
            self._answering = self._open()
        return self._answering.ask(operation, records)

    def compare(self, comparisons: Sequence[Comparison], tolerance: Tolerance | None, many: bool) -> list[str]:
        pytest.skip("tally() compares by the contract, which is Tally's work: run tally test")

    def _open(self) -> Asker:
        if self._url is not None:
            return Endpoint(self._url)
        if self._contract is None or self._contract.connector is None:
            pytest.fail("there is nothing to ask: [connector] python in tally.toml, --endpoint URL, or run tally test")
        return _InProcess(load_connector(str(self._contract.connector)), self._contract)


class _InProcess:
    """The connector's operations, called here with the conversions a worker does."""

    def __init__(self, model: Model, contract: ContractFile) -> None:
        self._model = model
        self._contract = contract

    def ask(self, operation: str, records: Sequence[str]) -> Answers:
        stated = self._contract.operations or None
        return Answers(self._model.answer(operation, records, operations=stated, dtypes=self._contract.dtypes))

    def compare(self, comparisons: Sequence[Comparison], tolerance: Tolerance | None, many: bool) -> list[str]:
        raise NotImplementedError
