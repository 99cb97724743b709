"""A real worker over real pipes, on descriptors 3, 4 and 5 as Tally gives them."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import struct
import sys
import tempfile
import time
from pathlib import Path

PYTHON_FOLDER = str(Path(__file__).parent.parent)


class WorkerProcess:
    def __init__(self, interpreter: str = sys.executable, env: dict[str, str] | None = None) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (dispose closes it)
        in_read, self._in = _pipe()
        self._out, out_write = _pipe()
        life_read, self._lifeline = _pipe()
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, self._log.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, self._log.fileno(), 2),
            (os.POSIX_SPAWN_DUP2, in_read, 3),
            (os.POSIX_SPAWN_DUP2, out_write, 4),
            (os.POSIX_SPAWN_DUP2, life_read, 5),
        ]
        environment = {**os.environ, "PYTHONPATH": PYTHON_FOLDER, **(env or {})}
        self.pid = os.posix_spawn(
            interpreter,
            [interpreter, "-m", "tallyml.worker"],
            environment,
            file_actions=actions,
            setsigdef=[signal.SIGINT],
        )
        for descriptor in (in_read, out_write, life_read):
            os.close(descriptor)
        self._status: int | None = None

    def send(self, message: dict | bytes) -> None:
        text = message if isinstance(message, bytes) else json.dumps(message).encode()
        os.write(self._in, struct.pack("<I", len(text)) + text)

    def receive(self, seconds: float = 30) -> dict | None:
        text = self.receive_text(seconds)
        return None if text is None else json.loads(text)

    def receive_text(self, seconds: float = 30) -> bytes | None:
        deadline = time.monotonic() + seconds
        head = self._read(4, deadline)
        return None if head is None else self._read(struct.unpack("<I", head)[0], deadline)

    def ask(self, message: dict | bytes) -> dict | None:
        self.send(message)
        return self.receive()

    def hello(self, path: Path, operations: dict | None = None, dtypes: str = "nullable") -> dict | None:
        hello = {"type": "hello", "protocol": 1, "tally": "0.1.0", "model": "m", "path": str(path)}
        return self.ask({**hello, "dtypes": dtypes, "operations": operations})

    def call(self, operation: str, n: int, **records: object) -> dict | None:
        return self.ask({"type": "call", "id": 7, "operation": operation, "n": n, **records})

    def close_frames(self) -> None:
        os.close(self._in)
        self._in = -1

    def close_lifeline(self) -> None:
        os.close(self._lifeline)
        self._lifeline = -1

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def wait(self, seconds: float = 10) -> int:
        """The exit status; negative for a signal."""
        deadline = time.monotonic() + seconds
        while self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            elif time.monotonic() > deadline:
                raise TimeoutError(f"the worker has not ended after {seconds} s")
            else:
                time.sleep(0.01)
        return self._status

    def dispose(self) -> None:
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        for descriptor in (self._in, self._out, self._lifeline):
            if descriptor >= 0:
                os.close(descriptor)
        self._log.close()

    def _read(self, count: int, deadline: float) -> bytes | None:
        data = b""
        while len(data) < count:
            ready, _, _ = select.select([self._out], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("no answer from the worker")
            chunk = os.read(self._out, count - len(data))
            if not chunk:
                return None
            data += chunk
        return data


def _pipe() -> tuple[int, int]:
    """Ends above the numbers a worker has, so that none is overwritten before it is duplicated."""
    ends = []
    for end in os.pipe():
        ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20))
        os.close(end)
    return ends[0], ends[1]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
