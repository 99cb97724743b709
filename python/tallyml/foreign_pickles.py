"""Models pickled by another scikit-learn: told in words, once, instead of one warning for each step of a pipeline.

Comes in: what scikit-learn warns of while a connector is loaded. Goes out: a sentence for the run. Imports no
scikit-learn.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Generator
from typing import Any

_CATEGORY = "InconsistentVersionWarning"


@contextlib.contextmanager
def noted_foreign_pickles(path: str, notes: list[str]) -> Generator[None, None, None]:
    """Inside of it, such warnings become one note; others go where they went."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    show = warnings.showwarning

    def keep(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
        if category.__name__ == _CATEGORY and hasattr(message, "original_sklearn_version"):
            versions = (str(message.original_sklearn_version), str(message.current_sklearn_version))
            found.setdefault(versions, {})[str(message.estimator_name)] = None
        else:
            show(message, category, *where, **more)

    warnings.showwarning = keep
    try:
        yield
    finally:
        warnings.showwarning = show
        notes += [_say(path, names, *versions) for versions, names in found.items()]
        sys.stderr.writelines(f"{note}\n" for note in notes)


def _say(path: str, names: dict[str, None], made: str, running: str) -> str:
    return (
        f"{path} loads {', '.join(names)} pickled by scikit-learn {made} into {running}: answers may differ from those "
        f"of the version that trained it. Install scikit-learn=={made}, or pickle it anew; and load only pickles you "
        "trust, for loading one runs the code in it"
    )
