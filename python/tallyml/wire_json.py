"""JSON as the worker speaks it: integers and decimals exact, NaN and infinities as bare tokens.

The standard library's reader and writer are used alone. orjson is faster, but it writes NaN as null, refuses it when
reading, reads integers beyond 64 bits as doubles and cannot write them; what an author sees must not depend on it.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

# The writer knows no decimals: they travel through it as strings with a mark nobody can guess, which is removed after.
_MARK = f"number-{secrets.token_hex(16)}:"
_MARKED = re.compile(rb'"' + _MARK.encode() + rb'([^"]*)"')
_MARK_BYTES = _MARK.encode()
_encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


def number(value: Decimal) -> str:
    """What stands for a finite decimal until `dumps` writes it as the number it is."""
    return f"{_MARK}{value}"


def dumps(value: Any) -> bytes:
    """ASCII, so that lone surrogates survive. ValueError and RecursionError when there is no such text."""
    text = _with_all_digits(lambda: _encode(value)).encode("ascii")
    return _MARKED.sub(rb"\1", text) if _MARK_BYTES in text else text


def loads(text: bytes, parse_float: Callable[[str], Any] | None = None) -> Any:
    """Python's reader; `parse_float` gets the text of numbers that are not written as integers."""
    decoded = text.decode("utf-8", "surrogatepass")
    return _with_all_digits(lambda: json.loads(decoded, parse_float=parse_float))


def _with_all_digits(work: Callable[[], Any]) -> Any:
    """Python refuses integers beyond 4,300 digits; here they are data. The limit stays for the author's code."""
    try:
        return work()
    except ValueError:
        limit = sys.get_int_max_str_digits() if hasattr(sys, "get_int_max_str_digits") else 0
        if limit == 0:
            raise
        sys.set_int_max_str_digits(0)
        try:
            return work()
        finally:
            sys.set_int_max_str_digits(limit)
