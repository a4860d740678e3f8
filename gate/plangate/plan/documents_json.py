"""Policy documents from JSON text, strictly: what two readers could read differently is none."""

from __future__ import annotations

import json

from .documents import Condition, Document, Principal, Statement
from .malformed import NotADocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_LENGTH = 1 << 20  # characters; the largest documents of AWS are some 64 KiB
LISTS = {
    "action": "actions",
    "notaction": "not_actions",
    "resource": "resources",
    "notresource": "not_resources",
}


def parse(text: str, path: str) -> Document:
    """A document from its JSON. Raises NotADocument."""
    if len(text) > MAX_LENGTH:
        raise NotADocument(path)
    try:
        return _document(_JSON.decode(text), path)
    except (ValueError, TypeError, RecursionError):
        raise NotADocument(path) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key twice")
    return made


def _no_number(text: str) -> Any:
    raise ValueError(text)


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number)


def _folded(found: Any) -> dict[str, Any]:
    """An object by its names in lower case: a service may not look at case, and two that differ only so are none."""
    if type(found) is not dict:
        raise TypeError("not an object")
    made = {name.lower(): value for name, value in found.items()}
    if len(made) != len(found):
        raise ValueError("a key twice")
    return made


def _document(found: Any, path: str) -> Document:
    body = _folded(found)
    listed = body.get("statement")
    listed = listed if type(listed) is list else [listed]
    made = Document([_statement(_folded(s)) for s in listed], [], path)
    made.version, made.id = body.get("version"), body.get("id")
    return made


def _statement(body: dict[str, Any]) -> Statement:
    if body.get("effect") not in ("Allow", "Deny"):
        raise ValueError("no effect")
    parts: dict[str, Any] = {part: _texts(body[name]) for name, part in LISTS.items() if name in body}
    for name, part in (("principal", "principals"), ("notprincipal", "not_principals")):
        if name in body:
            parts[part] = _principals(body[name])
    if "condition" in body:
        parts["conditions"] = _conditions(body["condition"])
    sid = body.get("sid")
    return Statement(body["effect"], sid if isinstance(sid, str) else None, **parts)


def _texts(value: Any) -> list[str]:
    listed = value if type(value) is list else [value]
    if not all(isinstance(v, str) for v in listed):
        raise TypeError("not text")
    return list(listed)


def _principals(value: Any) -> list[Principal]:
    if isinstance(value, str):
        return [Principal("*", value)]
    if type(value) is not dict:
        raise TypeError("no principal")
    return [Principal(kind, id) for kind, ids in value.items() for id in _texts(ids)]


def _conditions(value: Any) -> list[Condition]:
    if type(value) is not dict:
        raise TypeError("no condition")
    made = []
    for operator, tests in value.items():
        if type(tests) is not dict:
            raise TypeError("no condition")
        for key, values in tests.items():
            listed = values if type(values) is list else [values]
            made.append(Condition(operator, key, [_scalar(v) for v in listed]))
    return made


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, dict | list):
        raise TypeError("not text")
    return str(value)
