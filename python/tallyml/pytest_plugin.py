"""The pytest plugin: operations of the model as fixtures, answered by Tally, by an endpoint, or by the connector here.

`tally test` loads it in its own way; in plain pytest it is found by its entry point.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .operations import OperationFunction
from .pytest_session import SESSION, TallySession

_USUAL = ("process", "inference")
"""What the operations are called where the contract declares none."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Only where to ask: everything else is in tally.toml."""
    group = parser.getgroup("tally", "Tally: the model's operations as fixtures")
    group.addoption("--endpoint", metavar="URL", help="ask this endpoint (also: ENDPOINT) instead of the connector")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Makes a fixture of each operation."""
    config.addinivalue_line("markers", "required: a failure fails the run (the default)")
    config.addinivalue_line("markers", "recommended: a failure is told, and fails the run only under --strict")
    config.addinivalue_line("markers", "bug(id): the report of a bug that this test belongs to")
    if SESSION not in config.stash:
        from .pytest_plain import plain_session

        plain = plain_session(config)
        if plain is None:
            return
        config.stash[SESSION] = plain
    session = config.stash[SESSION]
    if session.is_quiet:
        _silence(config)
    operations = session.operations
    config.pluginmanager.register(_fixtures(operations.declared or _USUAL), "tally-operations")


def _silence(config: pytest.Config) -> None:
    """Other plugins expect to find a reporter, so there is one that writes to nowhere."""
    from _pytest.terminal import TerminalReporter

    manager = config.pluginmanager
    standard = manager.get_plugin("terminalreporter")
    if standard is not None:
        manager.unregister(standard)
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (as long as the process)
        silent = TerminalReporter(config, nowhere)
        # What it would write for each item is what costs.
        vars(silent).update(pytest_runtest_logstart=_say_no_start, pytest_runtest_logreport=_say_no_report)
        manager.register(silent, "terminalreporter")


def _say_no_start(nodeid: str) -> None:
    """In place of a line."""


def _say_no_report(report: pytest.TestReport) -> None:
    """In place of a letter."""


def _fixtures(names: Iterable[str]) -> object:
    """As a module: fixtures that are methods would be made for a class."""
    module = ModuleType("tallyml.operation_fixtures")
    fixtures = {f"tally_{index}": _fixture(name) for index, name in enumerate(names)}
    vars(module).update(fixtures, tally_operation=_operation)
    return module


def _fixture(name: str) -> Any:
    def fixture(pytestconfig: pytest.Config) -> OperationFunction:
        return _session(pytestconfig).operations(name)

    fixture.__doc__ = f"The operation `{name}`: a record in, a record out; a list or a DataFrame likewise."
    return pytest.fixture(scope="session", name=name)(fixture)


@pytest.fixture(scope="session", name="operation")
def _operation(pytestconfig: pytest.Config) -> Callable[[str], OperationFunction]:
    """`operation("score-v2")`: any operation, also one whose name is no identifier."""
    return _session(pytestconfig).operations


def _session(config: pytest.Config) -> TallySession:
    return config.stash[SESSION]
