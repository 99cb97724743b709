"""The worker's three file descriptors: frames in (3), frames out (4), and the lifeline (5) that says Tally is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import sys
import threading
from typing import Any

from . import wire_json

FRAMES_IN, FRAMES_OUT, LIFELINE = 3, 4, 5
MAX_FRAME_BYTES = 256 * 1024 * 1024
"""Tally refuses longer ones."""

_PR_SET_PDEATHSIG = 1
_CHUNK_BYTES = 1 << 20


def adopt_descriptors() -> None:
    """Makes them this process's alone: a child of the connector must not keep Tally waiting for their end.

    Raises OSError when they are not open, which they are only when Tally started the worker.
    """
    for descriptor in (FRAMES_IN, FRAMES_OUT, LIFELINE):
        os.set_inheritable(descriptor, False)
        if hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_close_all)


def end_with_parent() -> None:
    """Ends this process when Tally is gone, whatever the connector is doing.

    The thread notices on every system, but only while Python code runs; the kernel's signal also ends native code that
    never lets go of the interpreter, but exists only on Linux.
    """
    threading.Thread(target=_wait_for_end, name="tally-lifeline", daemon=True).start()
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def read_frame() -> bytes | None:
    """The next frame; None at the end of the stream, also in the middle of a frame."""
    head = _read_exactly(4)
    return None if head is None else _read_exactly(struct.unpack("<I", head)[0])


def write_frame(message: dict[str, Any]) -> None:
    """Sends one frame. ValueError when it is longer than a frame may be, BrokenPipeError when nobody reads any more."""
    write_bytes(frame_bytes(message))


def frame_bytes(message: dict[str, Any]) -> bytes:
    """A frame, not sent yet."""
    text = wire_json.dumps(message)
    if len(text) > MAX_FRAME_BYTES:
        raise ValueError(
            f"the answer takes {len(text) >> 20} MiB, a frame holds {MAX_FRAME_BYTES >> 20}; lower the batch size"
        )
    return struct.pack("<I", len(text)) + text


def write_bytes(frames: bytes) -> None:
    """Sends frames at once."""
    rest = memoryview(frames)
    while rest:
        rest = rest[os.write(FRAMES_OUT, rest) :]


def _read_exactly(count: int) -> bytes | None:
    chunk = os.read(FRAMES_IN, min(count, _CHUNK_BYTES)) if count else b""
    if len(chunk) == count:
        return chunk
    parts = [chunk]
    while chunk and count > len(chunk):
        count -= len(chunk)
        chunk = os.read(FRAMES_IN, min(count, _CHUNK_BYTES))
        parts.append(chunk)
    return b"".join(parts) if chunk else None


def _wait_for_end() -> None:
    with contextlib.suppress(OSError):
        while os.read(LIFELINE, 1):
            pass
    os._exit(0)


def _close_all() -> None:
    for descriptor in (FRAMES_IN, FRAMES_OUT, LIFELINE):
        with contextlib.suppress(OSError):
            os.close(descriptor)
