"""What became of one item: pytest's reports of its phases → what Tally writes down."""

from __future__ import annotations

import linecache
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

import pytest

from .author_traceback import is_author, message_of
from .operations import nearest_operation
from .records import TallyMismatch


@dataclass(frozen=True)
class Phase:
    """Setup, call or teardown of an item."""

    report: pytest.TestReport
    error: BaseException | None


def describe_outcome(phases: Sequence[Phase], root: str, operations: Sequence[str]) -> dict[str, Any]:
    """The `outcome`, `note`, `failures` and `output` of a `judged` frame."""
    failed = [phase for phase in phases if phase.report.failed]
    output = "".join(text for _, text in phases[-1].report.sections if text) if phases else ""
    told = {"output": output} if output else {}
    if failed:
        by_hook = any(phase.report.when != "call" for phase in failed)
        by_mismatch = all(isinstance(phase.error, TallyMismatch) for phase in failed)
        failures = [_describe_failure(phase, root, operations) for phase in failed]
        by = "hook" if by_hook else "mismatch" if by_mismatch else "assertion"
        return {"outcome": "failed", "by": by, "failures": failures, **told}
    skipped = next((phase.report for phase in phases if phase.report.skipped), None)
    if skipped is not None:
        return {"outcome": "skipped", "note": _skip_reason(skipped), "failures": [], **told}
    surprise = next((phase.report for phase in phases if hasattr(phase.report, "wasxfail")), None)
    note = {"note": f"expected to fail, and passed: {_xfail_reason(surprise)}"} if surprise is not None else {}
    return {"outcome": "passed", "failures": [], **note, **told}


def _skip_reason(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {_xfail_reason(report)}".rstrip(": ")
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def _xfail_reason(report: Any) -> str:
    return str(report.wasxfail).replace("reason: ", "", 1)


def _describe_failure(phase: Phase, root: str, operations: Sequence[str]) -> dict[str, Any]:
    error = phase.error
    when = "" if phase.report.when == "call" else f"{phase.report.when}: "
    if error is None:
        return {"message": when + phase.report.longreprtext}
    failure: dict[str, Any] = {"message": when + _message(error, operations)}
    place = _place(error.__traceback__, root)
    return failure if place is None else {**failure, "at": place}


def _message(error: BaseException, operations: Sequence[str]) -> str:
    if isinstance(error, pytest.FixtureLookupError):
        missing = str(getattr(error, "argname", ""))
        return f"fixture '{missing}' not found; {nearest_operation(missing, operations)}"
    text = message_of(error)
    for note in getattr(error, "__notes__", ()):
        text += f"\n{note}"
    plain = isinstance(error, (AssertionError, pytest.fail.Exception))
    name = type(error).__name__
    return (text or name) if plain else f"{name}: {text}" if text else name


def _place(traceback: TracebackType | None, root: str) -> dict[str, Any] | None:
    """The innermost line of the project: not of a library, not of ours."""
    found: dict[str, Any] | None = None
    for frame, line, instruction in _frames(traceback):
        path = frame.f_code.co_filename
        if not path.startswith(root + os.sep) or not is_author(path):
            continue
        file = os.path.relpath(path, root).replace(os.sep, "/")
        found = {"file": file, "line": line, "column": _column(frame, line, instruction)}
    return found


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno, traceback.tb_lasti
        traceback = traceback.tb_next


def _column(frame: FrameType, line: int, instruction: int) -> int:
    """From 1; the start of the line's text where Python does not tell (before 3.11, and in a rewritten assert)."""
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is not None:
        for index, (start, _, column, _) in enumerate(positions()):
            if index == instruction // 2 and start == line and column is not None:
                return column + 1
    text = linecache.getline(frame.f_code.co_filename, line)
    return 1 + len(text) - len(text.lstrip())
