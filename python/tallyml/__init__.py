"""Write a Tally connector: wrap a model in operations that get a batch of records and return one.

>>> from tallyml import Model
>>> model = Model("sqli")
>>> @model.operation
... def process(records: list[dict]):
...     return [{"length": len(record["query"])} for record in records]
>>> model.run("process", [{"query": "select 1"}])
[{'length': 8}]
"""

import sys
from typing import TYPE_CHECKING, Any

if sys.version_info < (3, 9):
    raise ImportError(
        "tallyml needs Python 3.9 or newer, this is " + sys.version.split()[0] + " (" + sys.executable + ")"
    )

from .errors import ConnectorError
from .model import Model
from .records import EndpointError, OperationError, approx, tally
from .version import __version__

if TYPE_CHECKING:
    from .endpoint import Endpoint


def __getattr__(name: str) -> Any:
    """HTTP takes longer to import than all the rest, and a connector needs none."""
    if name != "Endpoint":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .endpoint import Endpoint

    return Endpoint


__all__ = ["ConnectorError", "Endpoint", "EndpointError", "Model", "OperationError", "__version__", "approx", "tally"]
