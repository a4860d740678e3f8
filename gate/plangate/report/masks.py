"""From a value and its sensitive mask to the strings that must not be shown.

A mask is `true`, `false`, or a structure that mirrors the value, as Terraform and OpenTofu write
`before_sensitive`, `after_sensitive` and `sensitive_values`: objects omit what is not marked, lists
are as long as the list they describe. A mask that does not fit its value marks the whole value.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Shorter values are masked where they stand: searched for, they would hit ordinary text.
MIN_LENGTH = 6
# More kinds of marks than this in one list, and all of it counts as marked (bounds the work).
_MAX_KINDS = 8


def decimal_text(value: Any) -> list[str]:
    """How a JSON number (int, float or Decimal) may be written, without its sign."""
    try:
        texts = {str(abs(value))}
        # A Decimal of a huge exponent would be written out in full.
        if not isinstance(value, int) and (not hasattr(value, "adjusted") or -40 < value.adjusted() < 40):
            texts.add(format(abs(value), "f"))
            if value == int(value):
                texts.add(str(abs(int(value))))
    except (ValueError, TypeError, ArithmeticError):
        return []
    return [text for text in texts if len(text) >= MIN_LENGTH]


def _attribute_like(key: str) -> bool:
    """Only ASCII letters and `_`: the name of an attribute (`username`), not a value used as a key."""
    plain = key.replace("_", "")
    return plain.isascii() and (plain.isalpha() or not plain)


def leaves(value: Any, out: set[str]) -> None:
    """Add every string, number and map key below `value` that is long enough to be searched for.

    Truth values and null are none. Keys that look like attribute names are none either: they are the
    schema of an object, and hiding `username` everywhere would hide nothing.
    """
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            if len(node) >= MIN_LENGTH:
                out.add(node)
        elif isinstance(node, dict):
            stack.extend(node.values())
            for key in node:
                if isinstance(key, str) and len(key) >= MIN_LENGTH and not _attribute_like(key):
                    out.add(key)
        elif isinstance(node, (list, tuple)):
            stack.extend(node)
        elif node is not None and not isinstance(node, bool):
            out.update(decimal_text(node))


def has_mark(mask: Any) -> bool:
    """Does a mask mark anything? What is neither a structure nor `false` marks."""
    stack = [mask]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        elif node is not False:
            return True
    return False


def _marked(value: Any, mask: Any) -> Iterator[Any]:
    """The parts of `value` that its own mask marks; where the two differ in shape, or there is no mask, all of it."""
    stack = [(value, mask)]
    while stack:
        node, marks = stack.pop()
        if marks is False or node is None:
            continue
        if isinstance(marks, dict) and isinstance(node, dict):
            stack.extend((node[key], mark) for key, mark in marks.items() if mark is not False and key in node)
        elif isinstance(marks, list) and isinstance(node, list) and len(marks) == len(node):
            stack.extend(zip(node, marks, strict=True))
        else:
            yield node


def collect_pair(value: Any, mask: Any, out: set[str]) -> None:
    """Add the sensitive strings of `value` under its own mask; where the two differ in shape, all."""
    for node in _marked(value, mask):
        leaves(node, out)


def is_marked(value: Any, mask: Any) -> bool:
    """Whether a mask marks `value` or any part of it; where the two differ in shape, or there is no mask, it does."""
    return any(True for _ in _marked(value, mask))


def collect_across(value: Any, mask: Any, out: set[str]) -> None:
    """Add the strings of `value` that the mask of its other side marks (before's mask, after's value).

    Lists may have grown, shrunk or moved between the sides, so that every element is held against
    every mark of the list, and another shape only matters where the mask marks something.
    """
    stack = [(value, mask)]
    while stack:
        node, marks = stack.pop()
        if node is None or not has_mark(marks):
            continue
        if isinstance(marks, dict) and isinstance(node, dict):
            stack.extend((node[key], mark) for key, mark in marks.items() if key in node)
        elif isinstance(marks, list) and isinstance(node, list):
            kinds: list[Any] = []
            for mark in marks:
                if mark not in kinds and has_mark(mark):
                    kinds.append(mark)
                if mark is True or len(kinds) > _MAX_KINDS:
                    kinds = [True]
                    break
            stack.extend((item, kind) for kind in kinds for item in node)
        else:
            leaves(node, out)
