"""Which resource types carry tags or labels, and where (taggable.json)."""

from __future__ import annotations

import os

from .facts import TAG_ATTRIBUTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

_tags: dict[str, Any] = {}
_shapes: dict[str, dict[str, Any] | None] = {}


def tag_table() -> dict[str, Any]:
    """The table of where resources carry tags (taggable.json): shapes, rows, not_tags, types."""
    if not _tags:
        import json

        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "taggable.json")
        with open(path, encoding="utf-8") as file:
            _tags.update(json.load(file))
    return _tags


def tag_shape(type: str) -> dict[str, Any] | None:
    """Where a resource of this type carries tags; None for a type that has none.

    {"maps": [...], "defaults": name | None, "cloud": name, "nested": [...], "companions": [...], "known": bool}, as
    taggable.json says. A type that the table does not know (`known` False) is taggable only where the planned
    object has all of `new`, see `has_tags`.
    """
    if type not in _shapes:
        _shapes[type] = _shape(type)
    return _shapes[type]


def has_tags(shape: dict[str, Any] | None, names: Container[str]) -> bool:
    """Whether an object with these attributes can carry tags of its own; null or unknown ones count."""
    if shape is None:
        return False
    if not shape["known"]:
        return all(name in names for name in shape["new"])
    return any(path.partition("[")[0].partition(".")[0] in names for path in shape["maps"])


def can_carry_tags(type: str, names: Container[str]) -> bool:
    """Whether an object of this type with these attributes has tags; of a provider we do not know, by their names."""
    shape = tag_shape(type)
    if shape is not None or type.startswith(tuple(s["beginning"] for s in tag_table()["shapes"] if "beginning" in s)):
        return has_tags(shape, names)
    return any(name in names for name in TAG_ATTRIBUTES)


def _shape(type: str) -> dict[str, Any] | None:
    table = tag_table()
    if any(row["type"] == type for row in table["not_tags"]):
        return None
    named = next((name for name, types in table["types"].items() if type in types), None)
    row: dict[str, Any] = next((row for row in table["rows"] if row["type"] == type), {})
    for shape in table["shapes"]:
        if shape["shape"] == named or (named is None and type.startswith(shape.get("beginning", " "))):
            made = {"defaults": None, "nested": [], "companions": [], **shape, **row}
            return {**made, "known": named is not None or bool(row)}
    return None
