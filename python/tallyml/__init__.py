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

if sys.version_info < (3, 9):
    raise ImportError(
        "tallyml needs Python 3.9 or newer, this is " + sys.version.split()[0] + " (" + sys.executable + ")"
    )

from .errors import ConnectorError
from .model import Model
from .version import __version__

__all__ = ["ConnectorError", "Model", "__version__"]
