"""What the fixtures of one pytest session share, whoever answers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from .operations import OperationSet


@dataclass(frozen=True)
class TallySession:
    """The operations that tests ask."""

    operations: OperationSet
    is_quiet: bool = False
    """Nobody reads what pytest prints."""


SESSION: pytest.StashKey[TallySession] = pytest.StashKey()
