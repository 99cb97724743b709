"""An endpoint over HTTP from Python, by wire version 1: `Endpoint("http://localhost:8080").process(df)`.

Needs nothing but the standard library. Comes in: records. Goes out: answers, or an EndpointError that says what was
tried. Calls are sent again only where nothing can have been processed.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from .field_type import UNDECLARED
from .operations import Answers, OperationFunction, slice_array
from .records import Comparison, EndpointError, Tolerance

_SHOWN_CHARACTERS = 300


class Endpoint:
    """Anything that answers operations over HTTP: `tally serve`, `model.serve()`, the production code.

    >>> # Endpoint("http://localhost:8080").process({"query": "select 1"})
    {'null_values': 0}
    """

    def __init__(
        self, url: str, *, timeout: float = 30.0, batch: int = 256, headers: Mapping[str, str] | None = None
    ) -> None:
        """`timeout` in seconds for one call, `batch` records in one at most."""
        parts = urlsplit(url if "//" in url else f"//{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of an endpoint; write it like http://localhost:8080")
        self.url = url.rstrip("/")
        self._parts: SplitResult = parts
        self._timeout = timeout
        self._batch = max(1, batch)
        self._headers = dict(headers or {})
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        """The address, without a password."""
        return f"Endpoint({self._parts.scheme}://{self._parts.hostname}:{self._port})"

    def __getattr__(self, name: str) -> OperationFunction:
        """Any operation by its name: `endpoint.process(records)`."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.operation(name)

    def __enter__(self) -> Endpoint:
        """Closes the connection at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """See `close`."""
        self.close()

    def operation(self, name: str) -> OperationFunction:
        """An operation whose name is no identifier: `endpoint.operation("score-v2")(records)`."""
        return OperationFunction(name, UNDECLARED, self)

    def describe(self) -> dict[str, Any]:
        """What the endpoint says of itself; empty when it says nothing."""
        with self._lock:
            status, body = self._exchange("GET", "", None)
        try:
            said: Any = json.loads(body) if status < 300 else {}
        except ValueError:
            return {}
        return cast("dict[str, Any]", said) if isinstance(said, dict) else {}

    def close(self) -> None:
        """Closes the connection; the next call opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def ask(self, operation: str, records: Sequence[str]) -> Answers:
        """The texts of the answers to these texts of records."""
        texts: list[str] = []
        with self._lock:
            for start in range(0, len(records), self._batch):
                texts += self._call(operation, records[start : start + self._batch])
        return Answers(texts)

    def compare(self, comparisons: Sequence[Comparison], tolerance: Tolerance | None, many: bool) -> list[str]:
        """Only Tally compares by the contract."""
        raise TypeError("an Endpoint knows no contract; `tally test` compares by it, here use == or pytest.approx")

    @property
    def _port(self) -> int:
        return self._parts.port or (443 if self._parts.scheme == "https" else 80)

    def _call(self, operation: str, records: Sequence[str]) -> list[str]:
        url = f"{self.url.split('?')[0]}/{operation}"
        status, body = self._exchange("POST", f"/{operation}", f"[{','.join(records)}]".encode())
        if status in (404, 405, 501):
            raise EndpointError("operation-not-implemented", f"{url} answered {status}: it has no such operation")
        if status >= 300:
            raise EndpointError("endpoint-status", f"{url} answered {status}{_excerpt(body)}")
        try:
            texts = slice_array(body.decode("utf-8"))
        except ValueError as error:
            raise EndpointError(
                "endpoint-body", f"{url}: the answer is not a JSON array of records ({error})"
            ) from None
        if len(texts) != len(records):
            raise EndpointError("endpoint-count", f"{url} answered {len(texts)} records to {len(records)}")
        return texts

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        target = f"{self._parts.path.rstrip('/')}{path}" or "/"
        if self._parts.query:
            target += f"?{self._parts.query}"
        headers = {"Accept": "application/json", **self._headers}
        if body is not None:
            headers["Content-Type"] = "application/json"
        # A kept connection may have been closed meanwhile: then nothing was processed, and a new one is opened once.
        for is_kept in (True, False) if self._connection is not None else (False,):
            try:
                connection = self._open()
                connection.request(method, target, body, headers)
                response = connection.getresponse()
                return response.status, response.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                self.close()
                if not is_kept:
                    raise EndpointError("endpoint-reset", f"{self.url} closed the connection: {error}") from None
            except TimeoutError:
                self.close()
                said = f"{self.url} did not answer within {self._timeout:g} s"
                raise EndpointError("endpoint-timeout", said) from None
            except (OSError, http.client.HTTPException) as error:
                self.close()
                said = f"nothing answers at {self.url}: {error or type(error).__name__}"
                raise EndpointError("endpoint-unreachable", said) from None
        raise AssertionError("unreachable")

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            host = cast(str, self._parts.hostname)
            if self._parts.scheme == "https":
                context = ssl.create_default_context()
                self._connection = http.client.HTTPSConnection(host, self._port, timeout=self._timeout, context=context)
            else:
                self._connection = http.client.HTTPConnection(host, self._port, timeout=self._timeout)
        return self._connection


def _excerpt(body: bytes) -> str:
    text = " ".join(body.decode("utf-8", "replace").split())
    return f": {text[:_SHOWN_CHARACTERS]}" if text else ""
