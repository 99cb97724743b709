"""The process that runs a suite's pytest files for Tally: `python -m tallyml.pytest_run` (protocol/pytest.md).

Comes in: frames on descriptor 3. Goes out: frames on 4. Standard output and error go to the log.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from typing import Any

from . import channel
from .pytest_link import PytestLink

PROTOCOL = 1
MIN_PYTEST = (7, 2)


def main() -> int:
    """Runs pytest; its exit status, which nobody reads: Tally judges by the frames."""
    try:
        channel.adopt_descriptors()
    except OSError:
        sys.stderr.write("tallyml.pytest_run is started by Tally (tally test), not by hand; plain pytest works too.\n")
        return 2
    channel.end_with_parent()
    # Ctrl-C reaches the whole process group; Tally decides when a run ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    link = PytestLink()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, EOFError):
        return _run(link, link.receive())
    return 0


def _run(link: PytestLink, hello: dict[str, Any]) -> int:
    if hello.get("protocol") != PROTOCOL:
        return _fatal(link, "pytest-protocol", f"protocol {hello.get('protocol')}, this tallyml speaks {PROTOCOL}")
    try:
        import pytest
    except ModuleNotFoundError as error:
        if error.name != "pytest":
            return _fatal(link, "pytest-broken", f"{type(error).__name__}: {error}")
        return _fatal(link, "pytest-missing", "")
    version = tuple(int(part) for part in pytest.__version__.split(".")[:2])
    if version < MIN_PYTEST:
        return _fatal(link, "pytest-old", pytest.__version__)
    from .pytest_under_tally import UnderTally

    # pytest's own colour codes have no place in reports.
    os.environ["NO_COLOR"] = "1"
    os.environ.pop("FORCE_COLOR", None)
    plugin = UnderTally(link, hello)
    status = int(pytest.main(["-p", "tallyml.pytest_plugin", *_capture(), *hello["files"]], plugins=[plugin]))
    if not plugin.has_collected:
        return _fatal(link, "pytest-usage", f"pytest ended with status {status} before it had collected anything")
    link.send({"type": "finished"})
    return status


def _fatal(link: PytestLink, code: str, message: str) -> int:
    link.send({"type": "fatal", "code": code, "message": message})
    return 1


def _capture() -> list[str]:
    """Where nothing can be written, as in a container, pytest has no files to catch what a program of C prints."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        return ["--capture=sys"]
    return []


if __name__ == "__main__":
    sys.exit(main())
