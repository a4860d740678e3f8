"""What attributes were and will be, as text: only for --show-values, and never what is marked sensitive, anywhere.

What a plan does not mark is still searched for secrets by value and by shape afterwards, as everything in a report.
"""

from __future__ import annotations

import json

from plangate.plan.paths import dotted, marked, parse_path

from .masks import is_marked
from .names import carrier_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change

SENSITIVE = "(sensitive)"  # marked so, or without a mask
REDACTED = "(redacted)"  # not marked, but its name is that of a secret, or of what often holds one
UNKNOWN = "(known after apply)"
MAX_VALUES = 100  # of one change
MAX_TEXT = 160  # characters of one value; a longer one is shown as its size and a short digest
_ABSENT = object()


def values_of(change: Change, attributes: list[str]) -> list[dict[str, Any]]:
    """[{"path", "before", "after"}] of the attributes that change; of all top-level ones of what is made or goes.

    Each side is JSON text, `(sensitive)`, `(redacted)`, `(known after apply)`, a size with a digest, or None where it
    has nothing.
    """
    before, after, unknown, before_marks, after_marks = change.raw()
    if change.action not in ("update", "replace"):
        both = {*(before if type(before) is dict else ()), *(after if type(after) is dict else ())}
        both |= {key for key in (unknown if type(unknown) is dict else ()) if not change.is_left_out(key)}
        paths: list[tuple[Any, ...]] = [(key,) for key in sorted(both)[:MAX_VALUES]]
    else:
        paths = [parse_path(path) for path in attributes[:MAX_VALUES]]
    found = []
    for steps in paths:
        old, new = _at(before, steps), _at(after, steps)
        coming = _unknown(unknown, steps)
        if not coming and (old is _ABSENT or old is None) and (new is _ABSENT or new is None):
            continue
        # What is sensitive on one side is so on both.
        hidden = _hidden(before, before_marks, steps) or _hidden(after, after_marks, steps)
        cover = SENSITIVE if hidden else REDACTED if _carries(before, steps) or _carries(after, steps) else None
        left = None if old is _ABSENT or old is None else cover or shown(old)
        right = UNKNOWN if coming else None if new is _ABSENT or new is None else cover or shown(new)
        found.append({"path": dotted(steps), "before": left, "after": right})
    return found


def _hidden(body: Any, mask: Any, steps: tuple[Any, ...]) -> bool:
    """Whether a side's mask covers the path, something above it or below it. A mask that is missing (Terraform before
    0.15) or does not fit covers everything; one of a side that has no such value still counts for the other."""
    if mask is None:
        return body is not None
    if marked(mask, steps):
        return True
    for step in steps:
        if mask is False or body is None:
            return False
        if type(mask) is dict and type(body) is dict:
            body, mask = body.get(step), mask.get(step, False)
        elif type(mask) is list and type(body) is list and len(mask) == len(body) and type(step) is int:
            if step >= len(body):
                return False
            body, mask = body[step], mask[step]
        else:
            return True
    return is_marked(body, mask)


def _carries(body: Any, steps: tuple[Any, ...]) -> bool:
    """Whether the name of an attribute, or of one it stands in, says that nobody should see what is in it."""
    for i, step in enumerate(steps):
        if type(step) is str and (carrier_name(step) or (step == "value" and _pair(_at(body, steps[:i])))):
            return True
    return False


def _pair(value: Any) -> bool:
    """Whether an object is a name and a value, as of an environment's variable, and the name that of a secret."""
    names = (value.get("name"), value.get("key")) if type(value) is dict and "value" in value else ()
    return any(type(name) is str and carrier_name(name) for name in names)


def shown(value: Any) -> str:
    """A value as JSON text; what is longer than MAX_TEXT as its kind, size and the start of its SHA-256."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if len(text) <= MAX_TEXT:
        covered = _covered(value)
        if covered != value:
            return json.dumps(covered, ensure_ascii=False, sort_keys=True, default=str)
        return text
    from hashlib import sha256

    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    if type(value) is dict or type(value) is list:
        size = f"{'list' if type(value) is list else 'map'} of {len(value):,} elements"
    else:
        size = f"{'text' if type(value) is str else 'number'} of {len(str(value)):,} characters"
    return f"({size}, sha256 {digest})"


def _covered(value: Any) -> Any:
    """The value without what stands in it under a name of a secret, also inside a JSON document in a text."""
    if type(value) is dict:
        hidden = {k for k in value if carrier_name(k)} | ({"value"} if _pair(value) else set())
        return {k: REDACTED if v is not None and k in hidden else _covered(v) for k, v in value.items()}
    if type(value) is list:
        return [_covered(item) for item in value]
    if type(value) is str and value.lstrip()[:1] in ("{", "["):
        try:
            inner = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return value if _covered(inner) == inner else REDACTED
    return value


def _at(body: Any, steps: tuple[Any, ...]) -> Any:
    for step in steps:
        if (type(body) is dict and step in body) or (type(body) is list and type(step) is int and step < len(body)):
            body = body[step]
        else:
            return _ABSENT
    return body


def _unknown(mask: Any, steps: tuple[Any, ...]) -> bool:
    """Whether the value, or a part of it, is known only after the apply."""
    return mask is not None and mask is not False and marked(mask, steps)
