"""Loads a connector from its file, much as `python connector.py` would, and finds its one Model."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from .model import Model


def load_connector(path: str) -> Model:
    """The Model of the file. Whatever the file raises goes through; ImportError when it does not hold exactly one."""
    module = _load_module(Path(path))
    models = {id(value): (name, value) for name, value in vars(module).items() if isinstance(value, Model)}
    if len(models) == 1:
        return next(iter(models.values()))[1]
    if not models:
        raise ImportError(f'{path} defines no Model; write: from tallyml import Model; model = Model("…")', path=path)
    names = ", ".join(name for name, _ in models.values())
    raise ImportError(f"{path} holds {len(models)} Models ({names}); a connector has one", path=path)


def _load_module(path: Path) -> ModuleType:
    _put_first(str(path.parent))
    spec = importlib.util.spec_from_file_location(_module_name(path), path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file; its name ends in .py", path=str(path))
    module = importlib.util.module_from_spec(spec)
    # Registered under its own name, where pickle and dataclasses look for its classes, and as __main__, where models
    # pickled by a script or a notebook look for theirs.
    sys.modules[spec.name] = module
    sys.modules["__main__"] = module
    loader: Any = spec.loader
    loader.exec_module(module)
    return module


def _put_first(folder: str) -> None:
    """The connector's folder leads, as a script's does; the working directory, put there by -m, may shadow nothing."""
    working_directory = str(Path.cwd())
    others = [entry for entry in sys.path if entry not in ("", working_directory, folder)]
    sys.path[:] = [folder, *others, working_directory]


def _module_name(path: Path) -> str:
    """The file's own name, unless a library of that name would be replaced by it."""
    standard: frozenset[str] = getattr(sys, "stdlib_module_names", frozenset())
    taken = path.stem in sys.modules or path.stem in standard or path.stem in sys.builtin_module_names
    return f"connector_{path.stem}" if taken else path.stem
