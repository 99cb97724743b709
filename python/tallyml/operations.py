"""An operation as a function: one record in, one out; a list in, a list out; a DataFrame in, a DataFrame out.

Comes in: records as an author has them. Goes out: wire text to whoever answers (Tally, an endpoint, a connector in this
process), and the answers as values. Knows no pytest and no HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol, cast

from . import wire_json
from .answer import encode_answer, is_library_type
from .batch import Batch
from .cells import describe_type
from .field_type import UNDECLARED, OperationFields
from .records import Judge, OperationError, Origin, Record, Records, read_record, record_text, without_bare_tokens
from .to_pandas import to_pandas
from .to_polars import to_polars

_DECODER = json.JSONDecoder()

Asked = Callable[[str, Any], None]


@dataclass(frozen=True)
class Answers:
    """The texts of answers; `exchanges` are their numbers within a test."""

    texts: Sequence[str]
    exchanges: Sequence[int] = ()


class Asker(Judge, Protocol):
    """Whoever gets answers to records, in their order."""

    def ask(self, operation: str, records: Sequence[str]) -> Answers:
        """Asks; EndpointError when there is no answer."""
        ...


class OperationFunction:
    """An operation of the model, called like a function."""

    def __init__(self, name: str, fields: OperationFields, asker: Asker, asked: Asked | None = None) -> None:
        """`fields` is what the contract declares; `asked` is told of each record or list as the caller had it."""
        self.__name__ = name
        self._fields = fields
        self._asker = asker
        self._asked = asked

    def __repr__(self) -> str:
        """The name says it."""
        return f"<operation {self.__name__}>"

    def __call__(self, records: Any) -> Any:
        """Asks: a dict, a list of dicts, or a DataFrame of pandas or polars."""
        if isinstance(records, (Mapping, list, tuple)):
            if self._asked is not None:
                self._asked(self.__name__, records)
            found = self._ask(self.texts(records))
            return found[0] if isinstance(records, Mapping) else Records(found)
        for library in ("pandas", "polars"):
            if is_library_type(records, library, "DataFrame"):
                return self._ask_frame(records, library)
        raise TypeError(f"{self.__name__}() takes a dict, a list of dicts or a DataFrame, not {describe_type(records)}")

    def texts(self, records: Any) -> list[str]:
        """The wire text of a record or of each record of a list."""
        many: Sequence[Any] = [records] if isinstance(records, Mapping) else records
        for index, record in enumerate(many):
            if not isinstance(record, Mapping):
                raise TypeError(f"record {index} is of type {describe_type(record)}, not a dict")
        return [record_text(cast("Mapping[str, Any]", record), self._fields.input) for record in many]

    def _ask(self, texts: Sequence[str]) -> list[Record]:
        answers = self._answers(texts)
        found: list[Record] = []
        for i, text in enumerate(answers.texts):
            record = Record(read_record(text, self._fields.output))
            exchange = answers.exchanges[i] if answers.exchanges else 0
            record.origin = Origin(self._asker, self.__name__, self._fields.output, text, exchange)
            found.append(record)
        _raise_error(self.__name__, found)
        return found

    def _ask_frame(self, frame: Any, library: str) -> Any:
        length = len(frame)
        index = frame.index if library == "pandas" else None
        sent = frame.reset_index(drop=True) if library == "pandas" else frame
        texts = row_texts(encode_answer(sent, length, self._fields.input), length)
        answered = self._answers(texts).texts
        rows: list[dict[str, Any]] = [wire_json.loads(text.encode("utf-8", "surrogatepass")) for text in answered]
        _raise_error(self.__name__, rows)
        message: dict[str, Any] = {"n": length, "rows": rows}
        batch = Batch(message, b'{"rows":[' + ",".join(answered).encode("utf-8", "surrogatepass") + b"]}")
        if library == "polars":
            return to_polars(batch, self._fields.output)
        made = to_pandas(batch, self._fields.output, "nullable")
        made.index = index
        return made

    def _answers(self, texts: Sequence[str]) -> Answers:
        return self._asker.ask(self.__name__, texts) if texts else Answers([])


def row_texts(encoded: Mapping[str, Any], length: int) -> list[str]:
    """The wire text of each record of `{"columns": …}` or `{"rows": …}`."""
    rows: Iterable[dict[str, Any]]
    columns = cast("dict[str, list[Any]] | None", encoded.get("columns"))
    if columns is None:
        rows = encoded["rows"]
    elif columns:
        rows = (dict(zip(columns, values)) for values in zip(*columns.values()))
    else:
        rows = [{} for _ in range(length)]
    return [wire_json.dumps(without_bare_tokens(row)).decode("ascii") for row in rows]


def slice_array(text: str) -> list[str]:
    """The texts of the elements, as they were written: no digit of a number is lost."""
    texts: list[str] = []
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise ValueError("it does not begin with [")
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        if texts:
            if text[at : at + 1] != ",":
                raise ValueError(f"a comma is missing at character {at}")
            at = _skip(text, at + 1)
        if text[at : at + 1] != "{":
            raise ValueError(f"element {len(texts)} is not an object")
        _, end = _DECODER.raw_decode(text, at)
        texts.append(text[at:end])
        at = _skip(text, end)
    if _skip(text, at + 1) != len(text):
        raise ValueError("there is more after the array")
    return texts


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def _raise_error(operation: str, answers: Sequence[dict[str, Any]]) -> None:
    """Raises for the first `$error`; the other answers go with it."""
    errors: list[Any] = [record.get("$error") for record in answers]
    first = next((error for error in errors if error is not None), None)
    if first is None:
        return
    said = cast("Mapping[str, Any]", first) if isinstance(first, Mapping) else {"message": str(first)}
    rest = [None if error is not None else record for record, error in zip(answers, errors)]
    raise OperationError(operation, str(said.get("type", "error")), str(said.get("message", "")), rest)


class OperationSet:
    """The operations a contract declares; any name where it declares none."""

    def __init__(self, declared: Mapping[str, OperationFields], asker: Asker, asked: Asked | None = None) -> None:
        """`declared` is empty when the contract declares nothing."""
        self.declared = declared
        self._asker = asker
        self._asked = asked

    def __call__(self, name: str) -> OperationFunction:
        """`operation("score")`; ValueError for a name the contract does not know."""
        if self.declared and name not in self.declared:
            raise ValueError(f"the contract has no operation '{name}'; {nearest_operation(name, self.declared)}")
        return OperationFunction(name, self.declared.get(name, UNDECLARED), self._asker, self._asked)


def nearest_operation(name: str, declared: Iterable[str]) -> str:
    """What to say of a name that no operation has: the nearest one, or all."""
    known = list(declared)
    near = get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"operations: {', '.join(known) or 'none'}"
