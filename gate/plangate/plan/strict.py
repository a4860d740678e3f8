"""JSON as a gate must read it: nothing twice, nothing lost, nothing guessed.

Python's own reader lets the last of two equal keys win, takes NaN, rounds numbers and follows any depth;
another reader of the same bytes then sees another plan (RFC 8259 section 4). Here each is refused.
"""

from __future__ import annotations

import json
from operator import itemgetter

from plangate.errors import PlanError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

MAX_DEPTH = 200  # real plans nest some 15 levels; Python's reader gives up near 1,000
MAX_DIGITS = 1000
_NESTED = f"more than {MAX_DEPTH} levels of nesting"
_INTEGERS = float(2**53)

_NOT_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}")
_ONE_KIND = bytes.maketrans(b"{}", b"[]")


class _Refused(Exception):
    """Raised inside the C scanner's hooks; becomes a PlanError with the file's name."""


def number(text: str) -> Any:
    """A JSON real as float where that is exact in writing (`0.5`), otherwise as Decimal, never rounded.

    Two spellings of one number (`0.1` and `1.0e-1`, `1e+23` and its 24 digits) compare as equal.
    """
    if len(text) > MAX_DIGITS:
        raise _Refused(f"a number of {len(text)} digits")
    value = float(text)
    small = -_INTEGERS < value < _INTEGERS  # beyond, a float equals other integers than the one that is written
    if small and repr(value) == text:
        return value
    from decimal import Decimal

    exact = Decimal(text)
    if not exact.is_finite() or abs(exact.adjusted()) > 100_000:
        raise _Refused(f"the number {text[:20]} is out of any range")
    return value if small and exact == Decimal(repr(value)) else exact


def _constant(name: str) -> NoReturn:
    raise _Refused(f"{name}, which is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _twice(pairs)
    return found


_key = itemgetter(0)


def _shape_only(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len(set(map(_key, pairs))) != len(pairs):
        _twice(pairs)


def _twice(pairs: list[tuple[str, Any]]) -> NoReturn:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _Refused(f"the key {key[:80]!a} stands twice in one object: two readers would see two plans")
        seen.add(key)
    raise AssertionError


def too_deep(data: bytes, levels: int = MAX_DEPTH) -> bool:
    """Whether arrays and objects nest beyond so many levels; brackets inside strings are left out when they matter."""
    brackets = data.translate(_ONE_KIND, _NOT_BRACKETS)
    if len(brackets) <= levels * 2 or not _remains(brackets, levels):
        return False
    import re

    # A string that never ends is taken to the end of the text, or each quote in it would be tried again.
    outside = re.sub(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', b"", data, flags=re.DOTALL)
    return _remains(outside.translate(_ONE_KIND, _NOT_BRACKETS), levels)


def _remains(brackets: bytes, levels: int) -> bool:
    """Whether something is left of the brackets when so many levels are taken off from inside."""
    for _ in range(levels):
        shorter = brackets.replace(b"[]", b"")
        if not shorter:
            return False
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    # What holds no pair is not balanced, closing ones before opening ones: the parser says better what it is.
    return b"[]" in brackets or brackets.count(b"[") > levels


def parse(data: bytes, where: str) -> Any:
    """The document in `data` (UTF-8), every key once, every number exact.

    Raises PlanError for what the module refuses, json.JSONDecodeError for what is not JSON.
    """
    text = data.decode("utf-8")
    if too_deep(data):
        raise _refuse(where, _NESTED)
    return _load(text, where, keep=True)


def check(data: bytes, where: str) -> None:
    """The same refusals on a large document without building it (about half the cost of a full parse)."""
    if too_deep(data):
        raise _refuse(where, _NESTED)
    scan(data, where)


def scan(data: bytes, where: str) -> None:
    """As `check`, of what does not nest too deeply."""
    # Read as Latin-1 a document takes one byte a character; equal keys stay equal unless an escape writes
    # a character beyond ASCII that elsewhere stands raw.
    _load(data.decode("latin-1" if data.isascii() or not _escapes_beyond_ascii(data) else "utf-8"), where, keep=False)


def _escapes_beyond_ascii(data: bytes) -> bool:
    at = data.find(b"\\u")
    while at >= 0:
        if data[at + 2 : at + 5] > b"007":
            return True
        at = data.find(b"\\u", at + 6)
    return False


def _load(text: str, where: str, keep: bool) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object if keep else _shape_only,
            parse_float=number,
            parse_constant=_constant,
        )
    except _Refused as refused:
        raise _refuse(where, str(refused)) from None
    except RecursionError:
        raise _refuse(where, _NESTED) from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # the interpreter's limit on digits of an integer (CVE-2020-10735)
        raise _refuse(
            where, "an integer of thousands of digits" if "digits" in str(error) else "no valid JSON"
        ) from None


def _refuse(where: str, what: str) -> PlanError:
    return PlanError(
        f"the document holds {what}",
        where=where,
        fix="a plan made by `terraform show -json` on an ordinary configuration does not: look for where it comes from",
    )
