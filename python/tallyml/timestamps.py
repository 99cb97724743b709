"""RFC 3339 to nanoseconds and back, without losing digits: `datetime` keeps six of them, pandas and polars nine."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta, timezone
from typing import Any

from .errors import UnfitValue

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_NANOSECONDS = 1_000_000_000
_NOT_A_TIME = -(2**63)


class Instant:
    """A timestamp as written: nanoseconds since 1970 (of the wall clock if `offset` is None) and the offset."""

    __slots__ = ("nanoseconds", "offset")

    def __init__(self, nanoseconds: int, offset: timedelta | None) -> None:
        """`nanoseconds` count in UTC when there is an offset."""
        self.nanoseconds = nanoseconds
        self.offset = offset

    def to_datetime(self) -> datetime:
        """The same as Python's own type, at the offset that was written."""
        microseconds, rest = divmod(self.nanoseconds, 1000)
        if rest:
            raise UnfitValue("a timestamp with more than six digits of a second; only pandas and polars hold those")
        moment = datetime(1970, 1, 1) + timedelta(microseconds=microseconds)
        if self.offset is None:
            return moment
        return (moment + self.offset).replace(tzinfo=timezone(self.offset) if self.offset else timezone.utc)


def parse_timestamp(value: object) -> Instant:
    """Reads RFC 3339, with or without an offset."""
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise UnfitValue("not a timestamp of the form 2026-01-31T12:00:00Z")
    year, month, day, hour, minute, second, fraction, utc, sign, off_hours, off_minutes = match.groups()
    digits = (fraction or "").rstrip("0")
    if len(digits) > 9:
        raise UnfitValue("a timestamp with more than nine digits of a second")
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
    except ValueError as error:
        raise UnfitValue("a timestamp on a day that does not exist") from error
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise UnfitValue("a timestamp at a time of day that does not exist")
    seconds = ((days * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second)
    offset = None
    if utc:
        offset = timedelta(0)
    elif sign:
        minutes = int(off_hours) * 60 + int(off_minutes)
        if minutes >= 24 * 60:
            raise UnfitValue("a timestamp with an offset of a day or more")
        offset = timedelta(minutes=-minutes if sign == "-" else minutes)
        seconds -= int(offset.total_seconds())
    return Instant(seconds * _NANOSECONDS + int(digits.ljust(9, "0")), offset)


def parse_date(value: object) -> date:
    """Reads `2026-01-31`."""
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UnfitValue("not a date of the form 2026-01-31")


def format_nanoseconds(nanoseconds: int, *, is_utc: bool, as_date: bool = False) -> str:
    """RFC 3339 of nanoseconds since 1970; midnight as a date alone where the contract declares one."""
    seconds, fraction = divmod(nanoseconds, _NANOSECONDS)
    if as_date and fraction == 0 and seconds % 86_400 == 0:
        return (date(1970, 1, 1) + timedelta(seconds=seconds)).isoformat()
    try:
        text = (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        raise UnfitValue("a datetime beyond the years 1 to 9999 cannot travel") from None
    digits = f".{fraction:09}".rstrip("0") if fraction else ""
    return f"{text}{digits}Z" if is_utc else text + digits


def datetime64_nanoseconds(array: Any) -> list[int | None]:
    """The values of a datetime64 array as nanoseconds since 1970, also those beyond 64 bits."""
    numpy: Any = sys.modules["numpy"]
    unit, count = numpy.datetime_data(array.dtype)
    factor = {"s": _NANOSECONDS, "ms": 1_000_000, "us": 1000, "ns": 1}.get(unit) if count == 1 else None
    if factor is None:
        array, factor = array.astype("datetime64[us]"), 1000
    return [None if value == _NOT_A_TIME else value * factor for value in array.view("int64").tolist()]


def format_datetime(value: datetime, *, as_date: bool = False) -> str:
    """RFC 3339 of a datetime or pandas Timestamp, at its own offset."""
    if as_date and not (value.hour or value.minute or value.second or value.microsecond):
        return value.strftime("%Y-%m-%d") if value.year > 999 else value.date().isoformat()
    offset = value.utcoffset()
    if offset is None:
        return value.isoformat()
    if offset % timedelta(minutes=1):
        value, offset = value.astimezone(timezone.utc), timedelta(0)
    text = value.isoformat()
    return f"{text[:-6]}Z" if not offset else text
