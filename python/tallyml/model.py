"""What a connector is written with: `Model` and its decorator `operation`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import wire_json
from .answer import Answer, encode_answer, is_library_type
from .batch import Batch, Row
from .call import Operation, invoke, receive
from .decode import decode_rows
from .errors import ConnectorError
from .field_type import UNDECLARED, Fields, read_operations
from .operations import row_texts

if TYPE_CHECKING:
    from .serving import ModelServer
    from .suite_run import SuiteRun

Function = TypeVar("Function", bound=Callable[..., Any])


class Model:
    """A model and its operations; a connector holds exactly one.

    >>> model = Model("sqli", version="1.4.0")
    >>> @model.operation
    ... def process(records: list[dict]):
    ...     return {"length": [len(record["query"]) for record in records]}
    >>> @model.operation(after="process")
    ... def inference(records: list[dict]):
    ...     return [{"is_injection": record["length"] > 100} for record in records]
    >>> model.run("process", [{"query": "select 1"}, {"query": ""}])
    [{'length': 8}, {'length': 0}]
    """

    def __init__(self, name: str, version: str | None = None) -> None:
        """`name` is that of `[model]` in tally.toml; `version` is optional there and here."""
        if not isinstance(name, str) or not name:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError('Model needs a name, like Model("sqli")')
        self.name = name
        self.version = version
        self._operations: dict[str, Operation] = {}

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations by name, in the order they were defined."""
        return self._operations

    @overload
    def operation(self, name: Function, /) -> Function: ...
    @overload
    def operation(self, name: str | None = None, /, *, after: str | None = None) -> Callable[[Function], Function]: ...
    @overload
    def operation(self, *, name: str, after: str | None = None) -> Callable[[Function], Function]: ...
    def operation(self, name: Any = None, *, after: str | None = None) -> Any:
        """Make a function an operation: named like it or as given, `after` the stage before it.

        The function stays what it is and may be called as before. It receives the form that its first parameter is
        annotated with (pandas.DataFrame, polars.DataFrame or list[dict]; without one a pandas DataFrame where pandas is
        installed) and returns one row for each record, in their order.
        """
        if callable(name):
            return self._define(name, None, after)

        def define(function: Callable[..., Any]) -> Callable[..., Any]:
            return self._define(function, name, after)

        return define

    def run(
        self,
        operation: str,
        records: Any,
        *,
        operations: Mapping[str, Mapping[str, Any]] | None = None,
        dtypes: str = "nullable",
    ) -> list[Row]:
        """Call an operation here, with the conversions a worker does: for notebooks and tests.

        `records` is a list of dicts or a DataFrame; the answer is a list of dicts. `operations` declares types the way
        `hello` does in protocol/worker.md; without it nothing is declared.
        """
        called = self.find(operation)
        fields = read_operations(operations).get(operation, UNDECLARED)
        batch = _sent(records, fields.input)
        received = receive(called.prepare(), batch, fields, dtypes)
        answer = encode_answer(invoke(called.function, received), batch.length, fields.output)
        return decode_rows(_travelled(answer, batch.length), fields.output)

    def answer(
        self,
        operation: str,
        records: Sequence[str],
        *,
        operations: Mapping[str, Mapping[str, Any]] | None = None,
        dtypes: str = "nullable",
    ) -> list[str]:
        """Like `run`, from the wire text of each record to the wire text of each answer: what an endpoint does."""
        called = self.find(operation)
        fields = read_operations(operations).get(operation, UNDECLARED)
        text = f'{{"n":{len(records)},"rows":[{",".join(records)}]}}'.encode("utf-8", "surrogatepass")
        batch = Batch(wire_json.loads(text), text)
        received = receive(called.prepare(), batch, fields, dtypes)
        return row_texts(encode_answer(invoke(called.function, received), batch.length, fields.output), batch.length)

    def serve(self, port: int = 0, *, host: str = "127.0.0.1") -> ModelServer:
        """Serves the operations over HTTP in the background, for a notebook or a script; 0 takes a free port.

        Run again with the same port (a cell that is executed once more), it takes the place of the earlier one. The
        types are those of the working directory's `tally.toml`, where that is this model's.

        >>> with Model("sqli").serve() as served:
        ...     print(served.url.rpartition(":")[0])
        http://127.0.0.1
        """
        from .serving import serve

        return serve(self, host, port)

    def test(self, *arguments: str) -> SuiteRun:
        """Runs `tally test` with these arguments here, showing what it says; its exit code, 0 when all agree.

        The exit code knows what came of each test (`.tests`, `.failures`), and a notebook shows that as a table.

        FileNotFoundError says how to get Tally where it is not installed.
        """
        from .tally_command import run_tests

        return run_tests(*arguments)

    def find(self, name: str) -> Operation:
        """The operation of that name, or a ConnectorError with the nearest names."""
        found = self._operations.get(name)
        if found is not None:
            return found
        near = get_close_matches(name, self._operations, n=1)
        defined = ", ".join(self._operations) or "none"
        hint = f"did you mean '{near[0]}'?" if near else f"defined: {defined}"
        raise ConnectorError("connector-operation", f"no operation '{name}' in the connector; {hint}")

    def _define(self, function: Callable[..., Any], name: str | None, after: str | None) -> Callable[..., Any]:
        name = name or function.__name__
        if name in self._operations:
            raise ValueError(f"operation '{name}' is defined twice")
        self._operations[name] = Operation(name, function, after)
        return function


def _sent(records: Any, fields: Fields | None) -> Batch:
    """What would come over the wire for these records."""
    if isinstance(records, Mapping):
        raise TypeError("run() takes a list of records or a DataFrame, not one record: [record]")
    length = records.height if is_library_type(records, "polars", "DataFrame") else len(records)
    if is_library_type(records, "pandas", "DataFrame"):
        records = records.reset_index(drop=True)
    return _travelled(encode_answer(records, length, fields), length)


def _travelled(answer: Answer, length: int) -> Batch:
    text = wire_json.dumps({"n": length, **answer})
    return Batch(wire_json.loads(text), text)
