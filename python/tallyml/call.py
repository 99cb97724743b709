"""One call of an operation: records in the form it asks for, the author's function, its answer as the wire has it."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .batch import Batch
from .decode import decode_rows
from .field_type import OperationFields
from .received import received_form
from .to_pandas import to_pandas
from .to_polars import to_polars


@dataclass(frozen=True)
class Operation:
    """A function of the author, and what the decorator said of it."""

    name: str
    function: Callable[..., Any]
    after: str | None

    def prepare(self) -> str:
        """The form it receives; imports the library for it, so that the first call is as quick as the others."""
        form = received_form(self.function)
        if form != "rows":
            try:
                importlib.import_module(form)
            except ModuleNotFoundError as error:
                if error.name != form:
                    raise
                raise ModuleNotFoundError(
                    f"operation '{self.name}' receives a {form} DataFrame, and {sys.executable} has no {form}; "
                    f"install it there, or annotate the parameter with list[dict]",
                    name=form,
                ) from None
        return form


def receive(form: str, batch: Batch, fields: OperationFields, dtypes: str) -> Any:
    """The records as an operation of that form gets them."""
    if form == "pandas":
        return to_pandas(batch, fields.input, dtypes)
    if form == "polars":
        return to_polars(batch, fields.input)
    return decode_rows(batch, fields.input)


def invoke(function: Callable[..., Any], records: Any) -> Any:
    """Calls the author's function and waits for it if it is asynchronous."""
    returned = function(records)
    return _wait(returned) if inspect.isawaitable(returned) else returned


_loop: asyncio.AbstractEventLoop | None = None


def _wait(awaitable: Awaitable[Any]) -> Any:
    """One loop for all calls: sessions and pools of the author belong to the loop they were made in."""
    global _loop
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        if _loop is None or _loop.is_closed():
            _loop = asyncio.new_event_loop()
        return _loop.run_until_complete(_awaited(awaitable))
    # A notebook runs a loop of its own, and a loop cannot be entered twice.
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(_awaited(awaitable)))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
