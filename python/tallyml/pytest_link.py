"""What the tests of a run say to Tally and hear from it (protocol/pytest.md): one question at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from . import channel, wire_json
from .operations import Answers
from .records import Comparison, EndpointError, Tolerance

Message = dict[str, Any]


class PytestLink:
    """Frames to and from Tally. Threads of a test may ask at once; their questions take turns."""

    def __init__(self) -> None:
        """Over the descriptors that `channel` has adopted."""
        self._lock = threading.Lock()
        self._waiting = b""

    def note(self, message: Message) -> None:
        """Says something that nobody answers, together with what is said next: each write wakes the other side."""
        with self._lock:
            self._waiting += channel.frame_bytes(message)

    def send(self, message: Message) -> None:
        """Says something that nobody answers."""
        with self._lock:
            self._write(message)

    def receive(self) -> Message:
        """The next frame; EOFError when Tally is gone."""
        frame = channel.read_frame()
        if frame is None:
            raise EOFError
        return wire_json.loads(frame)

    def ask(self, message: Message) -> Message:
        """Asks, and waits for the answer."""
        with self._lock:
            self._write(message)
            return self.receive()

    def _write(self, message: Message) -> None:
        channel.write_bytes(self._waiting + channel.frame_bytes(message))
        self._waiting = b""


class TallyAsker:
    """The answers and the judgement of the Tally that runs these tests."""

    def __init__(self, link: PytestLink) -> None:
        """No test is running yet."""
        self._link = link
        self.test: int | None = None
        """Index of the item that is running."""

    def ask(self, operation: str, records: Sequence[str]) -> Answers:
        """The endpoint's answers."""
        call = {"type": "call", "index": self._running(operation), "operation": operation, "records": list(records)}
        reply = self._link.ask(call)
        _raise_refusal(reply)
        for fault in (answer["fault"] for answer in reply["answers"] if "fault" in answer):
            raise EndpointError(fault["code"], fault["message"])
        return Answers([one["answer"] for one in reply["answers"]], [one["exchange"] for one in reply["answers"]])

    def compare(self, comparisons: Sequence[Comparison], tolerance: Tolerance | None, many: bool) -> list[str]:
        """What is off, as Tally says it."""
        pairs = [
            {
                "exchange": one.origin.exchange if one.origin else None,
                "operation": one.origin.operation if one.origin else None,
                "answer": one.answer,
                "expected": one.expected,
                "tolerances": one.tolerances,
            }
            for one in comparisons
        ]
        index = self._running("tally")
        reply = self._link.ask(
            {"type": "compare", "index": index, "many": many, "tolerance": tolerance, "pairs": pairs}
        )
        _raise_refusal(reply)
        return reply["mismatches"]

    def _running(self, what: str) -> int:
        if self.test is None:
            raise RuntimeError(f"{what}() was called outside of a test; call it in a test or a fixture")
        return self.test


def _raise_refusal(reply: Message) -> None:
    if reply["type"] == "refused":
        raise ValueError(f"error[{reply['code']}]: {reply['message']}\nhint: {reply['hint']}")
