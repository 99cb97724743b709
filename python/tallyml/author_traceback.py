"""A traceback as its author wants it: the frames of their own files, libraries folded into one line each."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

_OWN = str(Path(__file__).parent)
_LIBRARY_FOLDERS = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


def author_traceback(error: BaseException) -> str:
    """The text of a traceback, causes included. Without a frame of the author only the last line remains."""
    described = traceback.TracebackException.from_exception(error)
    _keep_author(described, set())
    try:
        return "".join(described.format())
    except Exception:  # An exception whose text cannot be made.
        return f"{type(error).__name__}\n"


def message_of(error: BaseException) -> str:
    """The text of an exception, also of one whose `__str__` fails."""
    try:
        return str(error)
    except Exception:
        return ""


def _keep_author(described: traceback.TracebackException, seen: set[int]) -> None:
    if id(described) in seen:
        return
    seen.add(id(described))
    kept = [frame for frame in described.stack if is_author(frame.filename)]
    described.stack = traceback.StackSummary.from_list([])
    described.stack.extend(kept)
    inner: list[traceback.TracebackException] = list(getattr(described, "exceptions", None) or [])
    for linked in (described.__cause__, described.__context__, *inner):
        if linked is not None:
            _keep_author(linked, seen)


def is_author(filename: str) -> bool:
    """Whether a file is neither a library's nor Python's nor ours."""
    if filename.startswith(("<frozen", _OWN)):
        return False
    parts = Path(filename).parts
    if any(folder in parts for folder in _PACKAGE_FOLDERS):
        return False
    return not filename.startswith(_LIBRARY_FOLDERS)
