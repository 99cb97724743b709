"""What can be wrong with an answer or an input, with the codes that Tally reports (protocol/worker.md)."""

from __future__ import annotations


class ConnectorError(Exception):
    """An operation got or returned something that cannot travel; `code` is the one Tally reports.

    `connector-type`, `connector-row-count`, `connector-row-order` or `connector-operation`; `connector-raised` when the
    records of the call are not what the contract declares.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code


class UnfitValue(Exception):
    """One value that does not fit; whoever knows the column and the row says where."""


def unfit_answer(column: str, row: int | None, reason: str) -> ConnectorError:
    """An operation returned what has no entry in the table. Never names the value: it may be sensitive."""
    where = f"column '{column}'" if row is None else f"column '{column}', row {row}"
    return ConnectorError("connector-type", f"{where}: {reason}")


def unfit_input(column: str, row: int | None, reason: str) -> ConnectorError:
    """A record holds what its declared type cannot; the operation is not even called."""
    where = f"field '{column}'" if row is None else f"field '{column}' of record {row}"
    return ConnectorError("connector-raised", f"{where}: {reason}")
