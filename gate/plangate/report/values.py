"""What attributes were and will be, as text: only for --show-values, and never what is marked sensitive.

What a plan does not mark is still searched for secrets by value and by shape afterwards, as everything in a report.
"""

from __future__ import annotations

import json

from plangate.plan.paths import marked, parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change

SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"
MAX_VALUES = 100  # of one change
MAX_TEXT = 160  # characters of one value; a longer one is shown as its size and a short digest
_ABSENT = object()


def values_of(change: Change, attributes: list[str]) -> list[dict[str, Any]]:
    """[{"path", "before", "after"}] of the attributes that change; of all top-level ones of what is made or goes.

    Each side is JSON text, `(sensitive)`, `(known after apply)`, a size with a digest, or None where it has nothing.
    """
    before, after, unknown, before_marks, after_marks = change.raw()
    if change.action not in ("update", "replace"):
        both = {*(before if type(before) is dict else ()), *(after if type(after) is dict else ())}
        both |= {key for key in (unknown if type(unknown) is dict else ()) if not change.is_left_out(key)}
        attributes = sorted(both)
    # A plan without any masks (Terraform before 0.15) says nothing of what is secret.
    masked = before_marks is not None or after_marks is not None
    found = []
    for path in attributes[:MAX_VALUES]:
        steps = parse_path(path)
        hidden = not masked or marked(before_marks, steps) or marked(after_marks, steps)
        old, new = _at(before, steps), _at(after, steps)
        coming = _unknown(unknown, steps)
        if old is _ABSENT and new is _ABSENT and not coming:
            continue
        left = None if old is _ABSENT or old is None else SENSITIVE if hidden else shown(old)
        right = UNKNOWN if coming else None if new is _ABSENT or new is None else SENSITIVE if hidden else shown(new)
        if left is not None or right is not None:
            found.append({"path": path, "before": left, "after": right})
    return found


def shown(value: Any) -> str:
    """A value as JSON text; what is longer than MAX_TEXT as its kind, size and the start of its SHA-256."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if len(text) <= MAX_TEXT:
        return text
    from hashlib import sha256

    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    kind = "text" if type(value) is str else "list" if type(value) is list else "map"
    size = f"{len(value):,} characters" if type(value) is str else f"{len(value):,} elements"
    return f"({kind} of {size}, sha256 {digest})"


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
