"""`model.serve()`: a model as an endpoint (wire version 1) in the background of a notebook or a script.

Standard library only. Comes in: requests. Goes out: what the model's operations answer, one call at a time, because
research code rarely expects two. For more than trying things out there is `tally serve`.
"""

from __future__ import annotations

import html
import json
import re
import socketserver
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol, cast

from . import wire_json
from .author_traceback import author_traceback, message_of
from .contract_file import ContractFile, find_contract, read_contract
from .operations import slice_array

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 128
_LOOPBACK = re.compile(r"(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d*)?", re.IGNORECASE)


class Served(Protocol):
    """What is served: a Model."""

    name: str
    version: str | None

    @property
    def operations(self) -> Mapping[str, Any]:
        """By name."""
        ...

    def answer(
        self,
        operation: str,
        records: Sequence[str],
        *,
        operations: Mapping[str, Mapping[str, Any]] | None = None,
        dtypes: str = "nullable",
    ) -> list[str]:
        """From texts of records to texts of answers."""
        ...


class Refused(Exception):
    """A request that is not answered by the model."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep what is answered."""
        super().__init__(message)
        self.status = status
        self.code = code


class ModelServer:
    """A model that is being served. `with model.serve() as served:` stops it at the end of the block."""

    def __init__(self, model: Served, host: str, port: int, contract: ContractFile | None) -> None:
        """Listens at once; OSError when the port is taken."""
        self._answering = _Answering(model, contract, _LOOPBACK.fullmatch(host) is not None)
        self._server = _Server((host, port), _handler(self._answering))
        self._model = model
        self._contract = contract
        shown = f"[{host}]" if ":" in host else host
        self.port: int = self._server.server_address[1]
        self.url = f"http://{shown}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """False once it was stopped."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Lets go of the port; what is being answered is answered."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> ModelServer:
        """Is running already."""
        return self

    def __exit__(self, *_: object) -> None:
        """See `stop`."""
        self.stop()

    def __repr__(self) -> str:
        """One line."""
        state = f"at {self.url}" if self.is_running else "stopped"
        return f"<{self._model.name} {state}: {', '.join(self._model.operations)}>"

    def _repr_html_(self) -> str:
        """For notebooks: a link and the operations; no script, so that it survives wherever notebooks are shown."""
        name = html.escape(self._model.name)
        if not self.is_running:
            return f"<p><strong>{name}</strong> is stopped.</p>"
        url = html.escape(self.url, quote=True)
        operations = "".join(f"<li><code>POST {html.escape(f'/{name}')}</code></li>" for name in self._model.operations)
        types = "" if self._contract is None else f" Types of {html.escape(str(self._contract.root / 'tally.toml'))}."
        return f'<p><strong>{name}</strong> answers at <a href="{url}">{url}</a>.{types}</p><ul>{operations}</ul>'


_running: dict[tuple[str, int], ModelServer] = {}


def serve(model: Served, host: str, port: int) -> ModelServer:
    """Serves a model; one that this process serves at the same port already is stopped: a cell was run again."""
    earlier = _running.pop((host, port), None) if port != 0 else None
    if earlier is not None:
        earlier.stop()
    try:
        server = ModelServer(model, host, port, _contract_of(model))
    except OverflowError:
        raise ValueError(f"port {port} is none; ports go up to 65535, and 0 takes a free one") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(error.errno, f"{host}:{port} cannot be listened at ({reason}); port=0 takes a free one") from None
    if port != 0:
        _running[host, port] = server
    return server


def _contract_of(model: Served) -> ContractFile | None:
    """The contract of the working directory, if it is this model's."""
    path = find_contract(Path.cwd())
    if path is None:
        return None
    try:
        contract = read_contract(path)
    except (ValueError, TypeError, AttributeError, ModuleNotFoundError):
        return None
    return contract if contract.model == model.name and contract.operations else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Answering:
    """From a request to a status and the JSON to answer. Knows no HTTP library."""

    def __init__(self, model: Served, contract: ContractFile | None, is_local: bool) -> None:
        self._model = model
        self._is_local = is_local
        self._lock = threading.Lock()
        self._declared = contract.operations if contract else None
        self._dtypes = contract.dtypes if contract else "nullable"

    def describe(self, path: str) -> str:
        """`GET`."""
        if path == "/health":
            return '{"status":"ok"}'
        if path != "/":
            raise Refused(404, "not-found", f"There is nothing at {path}; operations are asked with POST.")
        operations = {
            name: {} if operation.after is None else {"after": operation.after}
            for name, operation in self._model.operations.items()
        }
        version = {} if self._model.version is None else {"version": self._model.version}
        return json.dumps({"tally": 1, "name": self._model.name, **version, "operations": operations})

    def check_host(self, header: str | None) -> None:
        """A page in a browser whose name was made to point here (DNS rebinding) is refused."""
        if self._is_local and header is not None and not _LOOPBACK.fullmatch(header):
            raise Refused(403, "host", "This server answers to localhost only.")

    def answer(self, operation: str, content_type: str, body: bytes) -> str:
        """`POST`."""
        if operation not in self._model.operations:
            if operation in (self._declared or {}):
                raise Refused(501, "not-implemented", f"The operation {operation} is declared and not implemented.")
            known = ", ".join(self._model.operations) or "none"
            raise Refused(404, "unknown-operation", f"There is no operation {operation}; known: {known}.")
        if content_type.partition(";")[0].strip().lower() not in ("", "application/json"):
            raise Refused(415, "content-type", "Send application/json.")
        records = read_body(body)
        with self._lock:
            return f"[{','.join(self._ask(operation, records))}]"

    def _ask(self, operation: str, records: Sequence[str]) -> list[str]:
        """The answers; where a batch raises, each record by itself, and `$error` in place of those that raise."""
        if not records:
            return []
        try:
            return self._model.answer(operation, records, operations=self._declared, dtypes=self._dtypes)
        except Exception as error:
            if len(records) > 1:
                middle = len(records) // 2
                return [*self._ask(operation, records[:middle]), *self._ask(operation, records[middle:])]
            print(author_traceback(error), end="", flush=True)
            said = {"type": type(error).__name__, "message": message_of(error)}
            return [wire_json.dumps({"$error": said}).decode("ascii")]


def read_body(body: bytes) -> list[str]:
    """The text of each record. Raises Refused."""
    try:
        text = body.decode("utf-8")
        value: Any = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
        too_deep = _is_deeper(value, MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "invalid-json", f"The body is not JSON: {error}") from None
    if too_deep:
        raise Refused(400, "invalid-json", f"The body has more than {MAX_DEPTH} levels.")
    if not isinstance(value, list):
        raise Refused(400, "not-array", "The body is not an array of records.")
    for index, record in enumerate(cast("list[Any]", value)):
        if not isinstance(record, dict):
            raise Refused(400, "record-type", f"Record {index} is no object.")
    return slice_array(text)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inner = cast("Any", value.values() if isinstance(value, dict) else value)
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in inner)


def _handler(answering: _Answering) -> Callable[..., socketserver.BaseRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: a small one behind another waits for an acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._reply(lambda: answering.describe(self._path()))

        def do_POST(self) -> None:
            self._reply(self._answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
            """A notebook is no access log."""

        def _answer(self) -> str:
            stated: str | None = self.headers.get("Content-Length")
            if stated is None or not stated.isdigit():
                self.close_connection = True
                raise Refused(411, "length-required", "Send a Content-Length.")
            if int(stated) > MAX_BODY_BYTES:
                self.close_connection = True
                raise Refused(413, "body-too-large", f"At most {MAX_BODY_BYTES >> 20} MiB; send fewer records.")
            body = self.rfile.read(int(stated))
            return answering.answer(self._path().strip("/"), self.headers.get("Content-Type", ""), body)

        def _path(self) -> str:
            return self.path.partition("?")[0] or "/"

        def _reply(self, work: Callable[[], str]) -> None:
            status = 200
            try:
                self._check_host()
                text = work()
            except Refused as refused:
                status = refused.status
                text = json.dumps({"error": {"code": refused.code, "message": str(refused)}})
            body = text.encode("utf-8", "surrogatepass")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def _check_host(self) -> None:
            try:
                answering.check_host(self.headers.get("Host"))
            except Refused:
                self.close_connection = True
                raise

    return Handler
