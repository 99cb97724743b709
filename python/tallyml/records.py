"""What an operation answers, as a test sees it: dicts that can be held against what is expected of them.

Comes in: the text of answers, expected values with or without a tolerance. Goes out: records, and the text and the
tolerances that a comparison needs. Whoever compares is asked; nothing here decides whether two values agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, cast

from . import wire_json
from .batch import Batch
from .cells import describe_type, encode_cell
from .decode import decode_rows, decode_value
from .errors import ConnectorError, UnfitValue
from .field_type import JSON, Fields

Tolerance = dict[str, float]


class TallyMismatch(AssertionError):
    """An answer does not tally; the text names each field that is off."""


class OperationError(Exception):
    """The model answered `$error` in place of a record: `type` is the error's name in the model's own language."""

    def __init__(self, operation: str, kind: str, message: str, answers: Sequence[Any]) -> None:
        """`answers` are the records asked for: answered ones, and None for failed ones."""
        super().__init__(f"{operation} answered {kind}: {message}")
        self.operation = operation
        self.type = kind
        self.answers = answers


class EndpointError(Exception):
    """An answer could not be had: the endpoint, not the model, is at fault. `code` is the one Tally reports."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Approx:
    """A number with a tolerance of its own."""

    value: Any
    tolerance: Tolerance

    def __eq__(self, other: object) -> bool:
        """Whether a number agrees, for comparisons outside of `tally`: |other - value| <= abs + rel * |value|."""
        if isinstance(other, bool) or not isinstance(other, (int, float, Decimal)):
            return NotImplemented
        got, wanted = float(other), float(self.value)
        if got == wanted or (math.isnan(got) and math.isnan(wanted)):
            return True
        return abs(got - wanted) <= self.tolerance.get("abs", 0) + self.tolerance.get("rel", 0) * abs(wanted)

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        """As it was written."""
        return f"approx({self.value}, {', '.join(f'{key}={value}' for key, value in self.tolerance.items())})"


def approx(value: Any, *, abs: float | None = None, rel: float | None = None, ulp: int | None = None) -> Approx:
    """Expects a number near another; without a tolerance, rel 1e-6.

    >>> approx(2.32, abs=0.01) == 2.3249
    True
    """
    return Approx(value, read_tolerance(abs, rel, ulp) or {"rel": 1e-6})


def read_tolerance(abs: float | None, rel: float | None, ulp: int | None) -> Tolerance | None:
    """The keys that are given; None when none is."""
    given = {"abs": abs, "rel": rel, "ulp": ulp}
    return {key: value for key, value in given.items() if value is not None} or None


@dataclass(frozen=True)
class Comparison:
    """One answer and what is expected of it."""

    origin: Origin | None
    answer: str
    expected: str
    tolerances: dict[str, Tolerance]


class Judge(Protocol):
    """Whoever compares by the contract."""

    def compare(self, comparisons: Sequence[Comparison], tolerance: Tolerance | None, many: bool) -> list[str]:
        """A line for each field that is off; ValueError when what is expected contradicts the contract."""
        ...


@dataclass(frozen=True)
class Origin:
    """Where an answer came from."""

    judge: Judge
    operation: str
    fields: Fields | None
    answer: str
    exchange: int = 0


class Record(dict[str, Any]):
    """One answer: a dict of its fields, and `tally`."""

    origin: Origin | None = None

    def tally(self, expected: Mapping[str, Any] | None = None, /, **fields: Any) -> bool:
        """Whether the fields named agree by the contract; raises an AssertionError that says which do not.

        >>> # process({"query": "select null"}).tally(null_values=1, entropy=approx(2.8, abs=0.1))
        """
        return tally(self, {**(expected or {}), **fields})


class Records(list[Record]):
    """The answers to several records, in their order."""

    def tally(self, expected: Sequence[Mapping[str, Any]], /) -> bool:
        """Whether each answer agrees with what is expected of it."""
        return tally(self, expected)


def tally(
    answer: Any, expected: Any, *, abs: float | None = None, rel: float | None = None, ulp: int | None = None
) -> bool:
    """Holds an answer, or a list of them, against what is expected: the fields named, compared by the contract.

    A tolerance given here holds for all fields instead of the contract's. Raises `TallyMismatch`, an AssertionError.
    """
    many = not isinstance(expected, Mapping)
    if many != isinstance(answer, (list, tuple)):
        raise TypeError("one answer is held against a dict, a list of answers against a list of dicts")
    answers: Sequence[Any] = answer if many else [answer]
    expectations = cast("Sequence[Mapping[str, Any]]", expected if many else [expected])
    if len(answers) != len(expectations):
        raise TallyMismatch(f"the answer does not tally\n  expected {len(expectations)} records  got {len(answers)}")
    comparisons = [_comparison(one, wanted) for one, wanted in zip(answers, expectations)]
    judge = next((one.origin.judge for one in comparisons if one.origin), None)
    if judge is None:
        raise TypeError("tally() holds answers of operations against what is expected; this is no such answer")
    lines = judge.compare(comparisons, read_tolerance(abs, rel, ulp), many)
    if lines:
        raise TallyMismatch("\n".join(["the answer does not tally", *lines]))
    return True


def _comparison(answer: Any, expected: Mapping[str, Any]) -> Comparison:
    if not isinstance(answer, Mapping):
        raise TypeError(f"an answer is a dict of fields, not a {describe_type(answer)}")
    origin = answer.origin if isinstance(answer, Record) else None
    fields = origin.fields if origin else None
    found = _Expectation()
    plain = {name: found.strip(value, name) for name, value in expected.items()}
    text = origin.answer if origin else record_text(cast("Mapping[str, Any]", answer), None)
    return Comparison(origin, text, record_text(plain, fields), found.tolerances)


@dataclass
class _Expectation:
    """Takes `approx` out of what is expected: what is left is values, and tolerances by path."""

    tolerances: dict[str, Tolerance] = field(default_factory=dict[str, Tolerance])

    def strip(self, value: Any, path: str) -> Any:
        if isinstance(value, Approx):
            self.tolerances[path] = value.tolerance
            return value.value
        if hasattr(value, "expected") and hasattr(value, "nan_ok"):
            return self._strip_pytest(value, path)
        if isinstance(value, Mapping):
            members = cast("Mapping[Any, Any]", value)
            return {name: self.strip(member, f"{path}.{name}") for name, member in members.items()}
        if isinstance(value, (list, tuple)):
            return [self.strip(item, f"{path}[{i}]") for i, item in enumerate(cast("Sequence[Any]", value))]
        return value

    def _strip_pytest(self, value: Any, path: str) -> Any:
        """`pytest.approx` means one absolute distance for each number."""
        if hasattr(value, "tolerance") and not isinstance(value.expected, (Mapping, list, tuple)):
            self.tolerances[path] = {"abs": float(value.tolerance)}
            return value.expected
        scalar: Any = getattr(value, "_approx_scalar", None)
        expected: Any = getattr(value, "expected", None)
        if scalar is None:
            raise TypeError("this approx cannot be expected here; put approx around each number")
        if isinstance(expected, Mapping):
            members = cast("Mapping[Any, Any]", expected)
            return {name: self.strip(scalar(member), f"{path}.{name}") for name, member in members.items()}
        return [self.strip(scalar(item), f"{path}[{i}]") for i, item in enumerate(cast("Sequence[Any]", expected))]


def record_text(record: Mapping[str, Any], fields: Fields | None) -> str:
    """The wire text of a record that an author wrote. TypeError for a value that cannot travel."""
    declared = fields or {}
    encoded: dict[str, Any] = {}
    for name, value in record.items():
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"field {name!r}: names are strings")
        try:
            encoded[name] = without_bare_tokens(encode_cell(value, declared.get(name, JSON)))
        except (UnfitValue, ConnectorError) as error:
            raise TypeError(f"field '{name}': {error}") from None
    return wire_json.dumps(encoded).decode("ascii")


def without_bare_tokens(value: Any) -> Any:
    """NaN and the infinities as strings, which is how a request carries them."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, list):
        return [without_bare_tokens(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: without_bare_tokens(member) for name, member in cast("dict[str, Any]", value).items()}
    return value


def read_record(text: str, fields: Fields | None) -> dict[str, Any]:
    """The values of one answer. What is not of its declared type stays as it came: comparing says so."""
    encoded = text.encode("utf-8", "surrogatepass")
    batch = Batch({"n": 1, "rows": [wire_json.loads(encoded)]}, b'{"n":1,"rows":[' + encoded + b"]}")
    if batch.rows is None or not isinstance(batch.rows[0], dict):  # pyright: ignore[reportUnnecessaryIsInstance]
        return {}
    try:
        return decode_rows(batch, fields)[0]
    except ConnectorError:
        return {name: _decode_leniently(value, (fields or {}).get(name)) for name, value in batch.rows[0].items()}


def _decode_leniently(value: Any, declared: Any) -> Any:
    try:
        return decode_value(value, declared or JSON)
    except UnfitValue:
        return value
