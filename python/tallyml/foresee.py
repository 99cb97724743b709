"""Which calls the next items of a parametrised test will make, learnt from its first two.

`@pytest.mark.parametrize("query, nulls", …)` and `process({"query": query})`: what two items passed, held against their
parameters, says what the others will pass. Nothing of a test is run to find out, and a forecast that is wrong costs one
unused answer: the call is compared with it, and asked anew where it differs. Knows no pytest and no Tally.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union, cast

Parameters = Mapping[str, Any]
Path = tuple[Union[str, int], ...]

_MAX_DEPTH = 4
_SCALARS = (str, int, float, bool, bytes, type(None))


@dataclass(frozen=True)
class Call:
    """A call as the test made it: a record, or a list of records."""

    operation: str
    records: Any


@dataclass(frozen=True)
class _Parameter:
    """The value at a path inside the parameters."""

    path: Path


@dataclass(frozen=True)
class _Constant:
    value: Any


@dataclass(frozen=True)
class _Object:
    members: Mapping[str, Any]


@dataclass(frozen=True)
class _List:
    items: Sequence[Any]


class _Unforeseeable(Exception):
    """A value that came from elsewhere."""


class Forecast:
    """What two items have in common, to be filled in with the parameters of others."""

    def __init__(self, calls: Sequence[tuple[str, Any]]) -> None:
        """Made by `learn`."""
        self._calls = calls

    def calls(self, parameters: Parameters) -> list[Call]:
        """The calls an item with these parameters will make, as far as they can be foreseen."""
        found: list[Call] = []
        for operation, template in self._calls:
            try:
                found.append(Call(operation, _fill(template, parameters)))
            except (LookupError, TypeError):
                break
        return found


def learn(first: tuple[Parameters, Sequence[Call]], second: tuple[Parameters, Sequence[Call]]) -> Forecast | None:
    """A forecast from the calls of two items; None where nothing can be foreseen."""
    (parameters, calls), (others, other_calls) = first, second
    known = [(path, value, _find(others, path)) for path, value in _values(parameters, ()) if _has(others, path)]
    templates: list[tuple[str, Any]] = []
    for call, other in zip(calls, other_calls):
        if call.operation != other.operation:
            break
        try:
            templates.append((call.operation, _template(call.records, other.records, known)))
        except _Unforeseeable:
            break
    return Forecast(templates) if templates else None


def _template(value: Any, other: Any, known: Sequence[tuple[Path, Any, Any]]) -> Any:
    for path, here, there in known:
        if _same(value, here) and _same(other, there):
            return _Parameter(path)
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        members, others = cast("Mapping[str, Any]", value), cast("Mapping[str, Any]", other)
        if list(members) != list(others):
            raise _Unforeseeable
        return _Object({name: _template(members[name], others[name], known) for name in members})
    if isinstance(value, (list, tuple)) and isinstance(other, (list, tuple)):
        items, other_items = cast("Sequence[Any]", value), cast("Sequence[Any]", other)
        if len(items) != len(other_items):
            raise _Unforeseeable
        return _List([_template(item, there, known) for item, there in zip(items, other_items)])
    if _same(value, other) and isinstance(value, _SCALARS):
        return _Constant(value)
    raise _Unforeseeable


def _fill(template: Any, parameters: Parameters) -> Any:
    if isinstance(template, _Parameter):
        return _find(parameters, template.path)
    if isinstance(template, _Object):
        return {name: _fill(member, parameters) for name, member in template.members.items()}
    if isinstance(template, _List):
        return [_fill(item, parameters) for item in template.items]
    return template.value


def _values(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Everything inside the parameters, outermost first: a record that is a parameter is not taken apart."""
    if path:
        yield path, value
    if len(path) >= _MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for name, member in cast("Mapping[str, Any]", value).items():
            yield from _values(member, (*path, name))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(cast("Sequence[Any]", value)):
            yield from _values(item, (*path, index))


def _find(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _has(value: Any, path: Path) -> bool:
    try:
        _find(value, path)
    except (LookupError, TypeError):
        return False
    return True


def _same(value: Any, other: Any) -> bool:
    """Identical, or equal values of the same plain type; a DataFrame's == would be a DataFrame."""
    if value is other:
        return True
    if type(value) is not type(other):
        return False
    if isinstance(value, Mapping):
        members, others = cast("Mapping[str, Any]", value), cast("Mapping[str, Any]", other)
        return list(members) == list(others) and all(_same(members[name], others[name]) for name in members)
    if isinstance(value, (list, tuple)):
        items, other_items = cast("Sequence[Any]", value), cast("Sequence[Any]", other)
        return len(items) == len(other_items) and all(map(_same, items, other_items))
    return isinstance(value, _SCALARS) and bool(value == other)
