"""What an operation receives, by the annotation of its first parameter: "pandas", "polars" or "rows".

A library is imported only when an operation asks for it. An annotation that cannot be evaluated (a missing import, one
under TYPE_CHECKING) is read as text.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROWS = ("list", "List", "Sequence", "Iterable", "Collection", "MutableSequence")
_LIBRARIES = ("pandas", "polars")
_SHORT = {"pd": "pandas", "pl": "polars", "DataFrame": "pandas"}
_HEAD = re.compile(r"['\"\s]*([\w.]+)")
_FRAME = re.compile(r"(?:(\w+)\.)?DataFrame\b")
_ALTERNATIVES = (typing.Union, getattr(types, "UnionType", typing.Union))
_ACCEPTED = "pandas.DataFrame, polars.DataFrame or list[dict]"


def received_form(function: Callable[..., Any]) -> str:
    """The form of the records; TypeError when the annotation asks for what no operation can get."""
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise TypeError(f"{function.__name__}() takes no parameter; an operation takes the records")
    name = parameters[0].name
    try:
        hint = typing.get_type_hints(function).get(name)
    except Exception:  # The author's annotations may do anything when they are evaluated.
        hint = _annotation_text(function, name)
    form = _form_of_text(hint, function) if isinstance(hint, str) else _form_of_type(hint)
    if form is None:
        raise TypeError(
            f"{function.__name__}() declares its records as {_named(hint)}; an operation receives {_ACCEPTED}"
        )
    if form != "unknown":
        return form
    return "rows" if importlib.util.find_spec("pandas") is None else "pandas"


def _annotation_text(function: Callable[..., Any], name: str) -> str | None:
    if sys.version_info >= (3, 14):
        import annotationlib  # pyright: ignore  # only there, and pyright checks for the oldest version

        annotations: Any = annotationlib.get_annotations(function, format=annotationlib.Format.STRING)  # pyright: ignore
    else:
        annotations = getattr(function, "__annotations__", {})
    hint = annotations.get(name)
    return hint if hint is None or isinstance(hint, str) else _named(hint)


def _form_of_type(hint: Any) -> str | None:
    """`unknown` when the annotation says nothing, None when it says what no operation receives."""
    if hint in (None, Any, object) or isinstance(hint, typing.TypeVar):
        return "unknown"
    origin: Any = typing.get_origin(hint)
    if origin in _ALTERNATIVES or hasattr(hint, "__metadata__"):
        # Union and Annotated: the first member that says something.
        forms = [_form_of_type(member) for member in typing.get_args(hint) if member is not type(None)]
        return next((form for form in forms if form not in (None, "unknown")), forms[0])
    kind = origin or hint
    for base in getattr(kind, "__mro__", ()):
        library = base.__module__.partition(".")[0]
        if base.__name__ == "DataFrame" and library in _LIBRARIES:
            return library
    return "rows" if getattr(kind, "__name__", None) in _ROWS else None


def _form_of_text(text: str, function: Callable[..., Any]) -> str | None:
    head = _HEAD.match(text)
    if head is not None and head[1].rpartition(".")[2] in _ROWS:
        return "rows"
    if text.strip() in ("Any", "object", "typing.Any"):
        return "unknown"
    frame = _FRAME.search(text)
    if frame is None:
        return None
    # `q.DataFrame`: what is q? A bare `DataFrame`: where does it come from?
    bound = frame[1] or "DataFrame"
    library = (_imported_from(bound, function) or _SHORT.get(bound, bound)).partition(".")[0]
    return library if library in _LIBRARIES else None


def _imported_from(name: str, function: Callable[..., Any]) -> str | None:
    """The module that a file's import statements bind `name` to or take it from, also those that never run."""
    bound = getattr(function, "__globals__", {}).get(name)
    if inspect.ismodule(bound):
        return bound.__name__
    try:
        tree = ast.parse(Path(function.__code__.co_filename).read_bytes())
    except (OSError, SyntaxError, ValueError, AttributeError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return alias.name if isinstance(node, ast.Import) else node.module
    return None


def _named(hint: Any) -> str:
    if isinstance(hint, type) and not typing.get_args(hint):
        return hint.__qualname__ if hint.__module__ == "builtins" else f"{hint.__module__}.{hint.__qualname__}"
    return str(hint)
