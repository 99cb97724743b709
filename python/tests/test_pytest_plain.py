"""The plugin in plain pytest: real pytest in a real process."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

PYTHON_FOLDER = str(Path(__file__).parent.parent)

CONTRACT = """
[model]
name = "texts"
[connector]
python = "connector.py"
[operations.process]
input = { text = "string" }
output = { length = "int", at = "timestamp?", parts = "list<string>" }
[operations.inference]
after = "process"
input = "process"
output = { long = "boolean" }
"""

CONNECTOR = """
from tallyml import Model

model = Model("texts")

@model.operation
def process(records: list[dict]):
    return [{"length": len(r["text"]), "at": "2026-01-31T12:00:00Z", "parts": r["text"].split()} for r in records]

@model.operation(after="process")
def inference(records: list[dict]):
    return [{"long": r["length"] > 3} for r in records]
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(tests: str, *args: str, contract: str | None = CONTRACT, env: dict[str, str] | None = None):
        if contract is not None:
            (tmp_path / "tally.toml").write_text(contract)
        (tmp_path / "connector.py").write_text(CONNECTOR)
        (tmp_path / "test_it.py").write_text(textwrap.dedent(tests))
        known = {name: value for name, value in os.environ.items() if name not in ("ENDPOINT", "PYTEST_CURRENT_TEST")}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *args],
            cwd=tmp_path,
            env={**known, "PYTHONPATH": PYTHON_FOLDER, **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_operations_are_answered_by_the_connector_in_this_process(run: Run):
    done = run("""
        from datetime import datetime, timezone

        def test_values(process):
            assert process({"text": "a b"}) == {
                "length": 3, "at": datetime(2026, 1, 31, 12, tzinfo=timezone.utc), "parts": ["a", "b"]
            }

        def test_list(process):
            assert [answer["length"] for answer in process([{"text": ""}, {"text": "xyz"}])] == [0, 3]

        def test_stages(inference):
            assert inference({"text": "hello"}) == {"long": True}

        def test_any(operation):
            assert operation("inference")({"text": "x"}) == {"long": False}
    """)
    assert "4 passed" in done.stdout, done.stdout


def test_what_only_tally_compares_is_skipped_with_that_reason(run: Run):
    done = run("""
        def test_it(process):
            process({"text": "a"}).tally(length=1)
    """)
    assert "1 skipped" in done.stdout
    assert "run tally test" in done.stdout


def test_the_author_s_own_exception_is_what_fails_the_test(run: Run):
    done = run("""
        def test_it(process):
            process({"txt": "a"})
    """)
    assert "KeyError: 'text'" in done.stdout


def test_an_unknown_operation_and_an_unknown_fixture_are_told(run: Run):
    done = run("""
        def test_operation(operation):
            operation("proces")

        def test_fixture(proces): ...
    """)
    assert "the contract has no operation 'proces'; did you mean 'process'?" in done.stdout
    assert "fixture 'proces' not found" in done.stdout


def test_an_endpoint_that_is_not_there_is_told(run: Run):
    tests = "def test_it(process):\n    process({'text': 'a'})\n"
    for done in (run(tests, "--endpoint", "http://127.0.0.1:9"), run(tests, env={"ENDPOINT": "http://127.0.0.1:9"})):
        assert "EndpointError: nothing answers at http://127.0.0.1:9" in done.stdout


def test_a_project_without_a_contract_is_left_alone(run: Run):
    done = run("def test_it(): pass\n", contract=None)
    assert "1 passed" in done.stdout
    done = run("def test_it(process): pass\n", contract=None)
    assert "fixture 'process' not found" in done.stdout


def test_a_contract_that_cannot_be_read_is_one_sentence(run: Run):
    done = run("def test_it(): pass\n", contract="[model\n")
    assert done.returncode == 4
    assert "tally test says what is wrong with it" in done.stderr
