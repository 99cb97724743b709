from __future__ import annotations

import asyncio
import datetime as dt
import doctest
import importlib.metadata
import importlib.util
import json
import math
import re
import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path

import pytest
from worker_process import PYTHON_FOLDER

import tallyml
from tallyml import ConnectorError, Model
from tallyml.received import received_form

ROOT = Path(PYTHON_FOLDER).parent
HAS_PANDAS = importlib.util.find_spec("pandas") is not None


def field(text: str, **rest: object) -> dict:
    return {"type": text.rstrip("?"), "nullable": text.endswith("?"), **rest}


def echo(fields: dict, records: list[dict]) -> list[dict]:
    """What an operation on dicts gets, and what becomes of it when it is returned and read again."""
    model = Model("m")
    seen: list[dict] = []

    @model.operation
    def process(records: list[dict]):
        seen.extend(records)
        return records

    answered = model.run("process", records, operations={"process": {"input": fields, "output": fields}})
    assert repr(answered) == repr(seen)
    return seen


UTC = dt.timezone.utc

ROWS = [
    (field("boolean"), True, True),
    (field("int"), 3.0, 3),
    (field("int64"), 2**53 + 1, 2**53 + 1),
    (field("int?"), None, None),
    (field("float64"), 3, 3.0),
    (field("float64"), "NaN", math.nan),
    (field("float64?"), None, None),
    (field("float32"), 0.1, 0.10000000149011612),
    (field("decimal"), Decimal("1.10"), Decimal("1.10")),
    (field("string"), "NaN", "NaN"),
    (field("category", values=["a"]), "a", "a"),
    (field("bytes"), b"\0\xff", b"\0\xff"),
    (field("timestamp"), "2026-01-31T12:00:00Z", dt.datetime(2026, 1, 31, 12, tzinfo=UTC)),
    (field("timestamp"), "2026-01-31T12:00:00.5", dt.datetime(2026, 1, 31, 12, 0, 0, 500_000)),
    (
        field("timestamp"),
        "2026-01-31T12:00:00-05:30",
        dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone(-dt.timedelta(hours=5, minutes=30))),
    ),
    (field("date"), dt.date(2026, 1, 31), dt.date(2026, 1, 31)),
    (field("list", items=field("decimal")), [Decimal("0.10")], [Decimal("0.10")]),
    (
        field("struct", fields={"d": field("date")}),
        {"d": "2026-01-31", "x": 0.5},
        {"d": dt.date(2026, 1, 31), "x": 0.5},
    ),
    (field("json"), {"a": [1, None, 0.1]}, {"a": [1, None, 0.1]}),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]['type']} {row[1]}" for row in ROWS])
def test_an_operation_on_dicts_gets_python_values(row):
    declared, sent, expected = row
    assert repr(echo({"x": declared}, [{"x": sent}])) == repr([{"x": expected}])
    # The same in rows that have different keys.
    different = [{"x": sent}, {"x": sent, "more": 1.5}]
    assert repr(echo({"x": declared}, different)) == repr([{"x": expected}, {"x": expected, "more": 1.5}])


def test_a_second_too_fine_for_datetime_is_an_error_not_a_loss():
    with pytest.raises(ConnectorError, match=r"field 'x' of record 0: a timestamp with more than six digits"):
        echo({"x": field("timestamp")}, [{"x": "2026-01-31T12:00:00.123456789Z"}])


def test_a_decorated_function_stays_what_it_is():
    model = Model("m")

    def plain(records: list[dict]):
        return records

    assert model.operation(plain) is plain
    assert model.operation("second", after="plain")(plain) is plain
    assert model.operation(name="third")(plain) is plain
    assert model.operation(after="second")(named_elsewhere) is named_elsewhere
    assert {name: operation.after for name, operation in model.operations.items()} == {
        "plain": None,
        "second": "plain",
        "third": None,
        "named_elsewhere": "second",
    }


def named_elsewhere(records: list[dict]):
    return records


def test_an_unknown_operation_offers_the_nearest():
    model = Model("m")
    model.operation(named_elsewhere)
    with pytest.raises(
        ConnectorError, match="no operation 'named_elsewere' in the connector; did you mean 'named_elsewhere'"
    ):
        model.run("named_elsewere", [])
    with pytest.raises(ConnectorError, match="no operation 'x' in the connector; defined: named_elsewhere"):
        model.run("x", [])


def test_a_model_needs_a_name():
    with pytest.raises(TypeError, match="Model needs a name"):
        Model("")


def test_an_error_of_the_author_reaches_the_caller_of_run():
    model = Model("m")

    @model.operation
    def process(records: list[dict]):
        return records[5]

    with pytest.raises(IndexError):
        model.run("process", [{"a": 1}])


def test_an_asynchronous_operation_runs_also_where_a_loop_runs():
    model = Model("m")

    @model.operation
    async def process(records: list[dict]):
        await asyncio.sleep(0)
        return [{"n": len(records)} for _ in records]

    async def notebook():
        return model.run("process", [{"a": 1}])

    assert model.run("process", [{"a": 1}]) == [{"n": 1}]
    assert asyncio.run(notebook()) == [{"n": 1}]


ANNOTATIONS = [
    ("", "list[dict]", "rows"),
    ("from typing import List, Dict, Any", "List[Dict[str, Any]]", "rows"),
    ("from collections.abc import Sequence, Mapping", "Sequence[Mapping]", "rows"),
    ("", "list", "rows"),
    ("", "'list[dict]'", "rows"),
    ("from __future__ import annotations", "pd.DataFrame", "pandas"),
    ("from __future__ import annotations", "pandas.DataFrame | None", "pandas"),
    ("from __future__ import annotations", "pl.DataFrame", "polars"),
    ("", "'polars.DataFrame'", "polars"),
    ("", "'DataFrame'", "pandas"),
    ("from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from polars import DataFrame", "DataFrame", "polars"),
    ("from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import polars as q", "q.DataFrame", "polars"),
    ("from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas as frames", "Optional[frames.DataFrame]", "pandas"),
    ("from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from nowhere import Batch", "list[Batch]", "rows"),
    ("import pandas as pd", "pd.DataFrame", "pandas"),
    ("import pandas as pd\nfrom typing import Optional", "Optional[pd.DataFrame]", "pandas"),
    ("import pandas as pd\nclass Mine(pd.DataFrame): pass", "Mine", "pandas"),
    ("import polars", "polars.DataFrame", "polars"),
    ("from typing import Any", "Any", "pandas" if HAS_PANDAS else "rows"),
    ("", "object", "pandas" if HAS_PANDAS else "rows"),
    ("import pandas as pd", "pd.Series", None),
    ("import polars", "polars.LazyFrame", None),
    ("", "dict", None),
    ("from __future__ import annotations", "dask.DataFrame", None),
]  # fmt: skip


@pytest.mark.parametrize("row", ANNOTATIONS, ids=[f"{row[0].splitlines()[-1:]} {row[1]}" for row in ANNOTATIONS])
def test_the_annotation_of_the_first_parameter_decides(row, connector):
    head, annotation, expected = row
    for library in re.findall(r"^(?:import|from) (pandas|polars)", head, re.MULTILINE):
        pytest.importorskip(library)
    path = connector(f"{head}\ndef process(records: {annotation}, more=1): ...\n")
    spec = importlib.util.spec_from_file_location("annotated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if expected is None:
        with pytest.raises(TypeError, match=r"an operation receives pandas\.DataFrame, polars\.DataFrame or list"):
            received_form(module.process)
    else:
        assert received_form(module.process) == expected


def test_without_an_annotation_pandas_is_looked_for_and_not_imported():
    program = "import sys; from tallyml.received import received_form; print(received_form(lambda df: df), 'pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PYTHON_FOLDER, capture_output=True, text=True, check=True
    )
    assert done.stdout == ("pandas False\n" if HAS_PANDAS else "rows False\n")


@pytest.mark.skipif(HAS_PANDAS, reason="pandas is installed")
def test_a_missing_library_says_where_to_install_it():
    model = Model("m")

    @model.operation
    def process(df: pandas.DataFrame): ...  # noqa: F821

    with pytest.raises(ModuleNotFoundError) as raised:
        model.run("process", [{"a": 1}])
    assert str(raised.value) == (
        f"operation 'process' receives a pandas DataFrame, and {sys.executable} has no pandas; "
        "install it there, or annotate the parameter with list[dict]"
    )


def test_the_version_is_the_same_wherever_it_is_written():
    program = "import importlib.metadata; print(importlib.metadata.version('tallyml'))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PYTHON_FOLDER, capture_output=True, text=True, check=True
    )
    project = (Path(PYTHON_FOLDER) / "pyproject.toml").read_text()
    assert {
        tallyml.__version__,
        done.stdout.strip(),
        re.search(r'^version = "(.+)"$', project, re.MULTILINE)[1],
        json.loads((ROOT / "package.json").read_text())["version"],
        importlib.metadata.Distribution.at(next(Path(PYTHON_FOLDER).glob("tallyml-*.dist-info"))).version,
    } == {tallyml.__version__}


@pytest.mark.parametrize("module", ["tallyml", "tallyml.model"])
def test_the_examples_in_the_code_are_true(module):
    outcome = doctest.testmod(sys.modules[module])
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.skipif(not HAS_PANDAS, reason="pandas is not installed")
@pytest.mark.parametrize("page", ["python/README.md", "docs/reference/python.md"])
def test_the_examples_in_the_documentation_are_true(page):
    """Each Python block of a page runs after the one before; a comment below an expression is its value."""
    names: dict = {}
    checked = 0
    for block in re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL):
        pieces = re.split(r"^# (.+)\n", textwrap.dedent(block), flags=re.MULTILINE)
        for source, shown in zip(pieces[::2], [*pieces[1::2], None]):
            if shown is None:
                exec(source, names)
                continue
            *statements, expression = source.strip().rsplit("\n", 1)
            exec("\n".join(statements), names)
            try:
                value = repr(eval(expression, names))
            except ConnectorError as error:
                value = f"{error.code}: {error}"
            assert value == shown
            checked += 1
    assert checked > 0
