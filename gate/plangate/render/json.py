"""Reports as JSON that no page, log or parser can misread.

`<`, `>`, `&`, DEL and everything outside ASCII are `\\uXXXX`, as Terraform's own encoder does with
the first three; a lone surrogate, which many parsers refuse, is U+FFFD. The long lists stand one
entry a line, so that a report can be read, searched and compared line by line.
"""

from __future__ import annotations

import json

_LISTS = ("changes", "findings")  # what grows with the plan
_encode = json.JSONEncoder(separators=(", ", ": "), allow_nan=False).encode


def render(report: dict[str, Any] | list[dict[str, Any]]) -> str:
    """One document and a newline: an object for a report, an array for several.

    Keys keep the order they have. Raises ValueError for numbers that JSON has not (NaN)."""
    if isinstance(report, dict):
        text = _object(report)
    else:
        text = "[" + ",\n".join([_object(one) for one in report]) + "]"
    return _safe(text) + "\n"


def dumps(value: Any) -> str:
    """Any JSON value on one line, written in the same way; a list of objects one a line."""
    if type(value) is list and value and type(value[0]) is dict:
        return _safe("[\n" + ",\n".join([_plain(entry) for entry in value]) + "\n]")
    return _safe(_plain(value))


def _safe(text: str) -> str:
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    text = text.replace("\x7f", "\\u007f")
    # In a CI log `##[` is a command wherever it stands in a line.
    return text.replace("##[", "\\u0023#[") if "##[" in text else text


def _object(report: dict[str, Any]) -> str:
    lines = [f"{_encode(key)}: {_value(key, value)}" for key, value in report.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(key: str, value: Any) -> str:
    if key in _LISTS and type(value) is list and value:
        return "[\n" + ",\n".join([_plain(entry) for entry in value]) + "\n]"
    return _plain(value)


def _plain(value: Any) -> str:
    text = _encode(value)
    return _encode(_mended(value)) if "\\ud" in text else text


def _mended(value: Any) -> Any:
    if type(value) is str:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if type(value) is dict:
        return {_mended(key): _mended(entry) for key, entry in value.items()}
    return [_mended(entry) for entry in value] if type(value) in (list, tuple) else value


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
