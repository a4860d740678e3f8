"""JSON as Terraform's own encoder writes it, and the masks that go with a value.

The rules are those of Terraform's `jsonplan` and `jsonstate`: object leaves that are not marked are left out
of a mask, list elements keep their place as `false`, and an unknown leaf is left out of an object but `null`
in a list.
"""

from __future__ import annotations

import json
from typing import Any


class _Unknown:
    """The one marker for "known after apply"."""

    __slots__ = ()


UNKNOWN = _Unknown()

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_GO_ESCAPES = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def dumps(value: Any) -> str:
    """One line of compact JSON, keys sorted; `<`, `>`, `&`, U+2028, U+2029 escaped as Go's encoder does."""
    text = _encode(value)
    # None of the five can stand outside a JSON string, so the whole text may be searched.
    for plain, escaped in _GO_ESCAPES:
        if plain in text:
            text = text.replace(plain, escaped)
    return text


def known_part(value: Any) -> Any:
    """`after` of a planned value: unknown leaves out of objects, `None` in lists."""
    if isinstance(value, dict):
        return {key: known_part(item) for key, item in value.items() if item is not UNKNOWN}
    if isinstance(value, list):
        return [None if item is UNKNOWN else known_part(item) for item in value]
    return value


def unknown_mask(value: Any) -> Any:
    """`after_unknown` of a planned value that has at least one unknown leaf."""
    return _mask(value, None)


def sensitive_mask(value: Any, marks: Any) -> Any:
    """`before_sensitive`, `after_sensitive`, `sensitive_values`: `marks` mirrors the value, True = sensitive.

    A mark on a list is one entry that holds for every element.
    """
    return _mask(value, marks if marks is not None else {})


def _mask(value: Any, marks: Any) -> Any:
    """`marks` None: mark what is unknown; else mark what `marks` says."""
    if marks is None:
        if value is UNKNOWN:
            return True
    elif marks is True:
        return value is not None
    if isinstance(value, dict):
        result = {}
        for key, item in value.items():
            if item is None or (item is UNKNOWN and marks is not None):
                continue
            if marks is None:
                mark: Any = None
            else:
                mark = marks.get(key, False) if marks else False
            below = _mask(item, mark)
            if below is not False:
                result[key] = below
        return result
    if isinstance(value, list):
        below_marks = (marks[0] if marks else False) if marks is not None else None
        return [_mask(item, below_marks) for item in value]
    return False
