"""The process that holds a connector for Tally: `python -m tallyml.worker` (protocol/worker.md).

Comes in: frames on descriptor 3. Goes out: one frame each on 4. Standard output and error belong to the connector.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import io
import os
import platform
import re
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from . import channel, wire_json
from .answer import encode_answer
from .author_traceback import author_traceback, message_of
from .batch import Batch
from .call import invoke, receive
from .connector_file import load_connector
from .errors import ConnectorError
from .field_type import UNDECLARED, read_operations
from .foreign_pickles import noted_foreign_pickles
from .model import Model
from .version import __version__

PROTOCOL = 1
_CALL_ID = re.compile(rb'^\s*\{"type"\s*:\s*"call"\s*,\s*"id"\s*:\s*(\d+)')

Message = dict[str, Any]


def main() -> int:
    """Serves calls until the stream ends; the exit status."""
    try:
        channel.adopt_descriptors()
    except OSError:
        sys.stderr.write("tallyml.worker is started by Tally (tally test, tally serve), not by hand.\n")
        return 2
    channel.end_with_parent()
    # Ctrl-C reaches the whole process group; Tally decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prepare_output()
    try:
        return _serve()
    except (BrokenPipeError, ConnectionResetError):
        return 0


def _serve() -> int:
    frame = channel.read_frame()
    if frame is None:
        return 0
    hello: Message = wire_json.loads(frame)
    if hello.get("protocol") != PROTOCOL:
        spoken = f"Tally {hello.get('tally')} speaks protocol {hello.get('protocol')}"
        reason = f"{spoken}, tallyml {__version__} speaks {PROTOCOL}"
        channel.write_frame(_failed({"type": "fatal", "code": "connector-protocol"}, ImportError(reason)))
        return 1
    try:
        worker = _Worker(hello)
    except BaseException as error:  # SystemExit too: a connector that ends while it is imported did not load.
        channel.write_frame(_failed({"type": "fatal", "code": "connector-import"}, error))
        return 1
    channel.write_frame(worker.ready())
    while True:
        frame = channel.read_frame()
        if frame is None:
            return 0
        _send(worker.answer(frame))


class _Worker:
    """A loaded connector and what the contract says of its operations."""

    def __init__(self, hello: Message) -> None:
        self._fields = read_operations(hello["operations"])
        self._dtypes: str = hello["dtypes"]
        self._notes: list[str] = []
        with noted_foreign_pickles(Path(hello["path"]).name, self._notes):
            self._model: Model = load_connector(hello["path"])
        self._forms = {name: operation.prepare() for name, operation in self._model.operations.items()}

    def ready(self) -> Message:
        """The answer to `hello`."""
        operations = {name: {"after": operation.after} for name, operation in self._model.operations.items()}
        return {
            "type": "ready",
            "protocol": PROTOCOL,
            "sdk": __version__,
            "runtime": f"python {platform.python_version()}",
            "name": self._model.name,
            "version": self._model.version,
            "operations": operations,
            **({"notes": self._notes} if self._notes else {}),
        }

    def answer(self, frame: bytes) -> Message:
        """The answer to one call; whatever goes wrong is an answer too."""
        try:
            call: Message = wire_json.loads(frame)
        except (ValueError, RecursionError) as error:
            # The id is still wanted, and its place in a call is fixed.
            found = _CALL_ID.match(frame[:200])
            return _failed(_error(int(found[1]) if found else None, "connector-raised"), error)
        identity: int | None = call.get("id")
        try:
            return self._result(identity, call["operation"], Batch(call, frame))
        except ConnectorError as error:
            return _failed(_error(identity, error.code), error)
        except _Raised as raised:
            return _failed(_error(identity, "connector-raised"), raised.error)
        except Exception as error:
            # A library refused to make or to read a column: an answer all the same, and its frames go to the log.
            traceback.print_exc()
            return _failed(_error(identity, "connector-raised"), error)

    def _result(self, identity: int | None, name: str, batch: Batch) -> Message:
        operation = self._model.find(name)
        fields = self._fields.get(name, UNDECLARED)
        records = receive(self._forms[name], batch, fields, self._dtypes)
        try:
            returned = invoke(operation.function, records)
        except BaseException as error:  # sys.exit() in an operation must not end the worker.
            raise _Raised(error) from None
        try:
            answer = encode_answer(returned, batch.length, fields.output)
        except RecursionError:
            raise ConnectorError("connector-type", "the answer holds itself, or is nested too deeply") from None
        return {"type": "result", "id": identity, "n": batch.length, **answer}


class _Raised(Exception):
    """The author's code raised `error`, which may be of any class, ConnectorError too."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


def _error(identity: int | None, code: str) -> Message:
    return {"type": "error", "id": identity, "code": code}


def _failed(message: Message, error: BaseException) -> Message:
    """Completes a `fatal` or `error` frame with what is known of an exception."""
    text = "" if isinstance(error, ConnectorError) else author_traceback(error)
    return {**message, "error": type(error).__name__, "message": message_of(error), "traceback": text}


def _send(message: Message) -> None:
    """Sends an answer, or why it has no JSON."""
    try:
        channel.write_frame(message)
    except (ValueError, RecursionError, TypeError) as error:
        reason = "the answer holds itself, or is nested too deeply" if isinstance(error, RecursionError) else str(error)
        channel.write_frame(
            _failed(_error(message.get("id"), "connector-type"), ConnectorError("connector-type", reason))
        )


def _prepare_output() -> None:
    """print() shows at once and never fails for a character; a crash in native code leaves a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
    with contextlib.suppress(ValueError, OSError, AttributeError):
        faulthandler.enable()


def end(status: int) -> NoReturn:
    """Ends the process after its threads and exit functions, but without taking every library apart.

    With pandas loaded that takes 150 ms and more, which every run would wait for.
    """
    # What the interpreter itself calls at its end; there is no public name for either.
    threading._shutdown()  # pyright: ignore
    atexit._run_exitfuncs()  # pyright: ignore
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    end(main())
