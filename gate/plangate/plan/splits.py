"""By which attribute a resource refers to the one whose settings it holds: splits.jsonl."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Row = dict[str, Any]

_lines: dict[str, list[bytes]] = {}  # child type -> its lines, not read yet
_rows: dict[str, list[Row]] = {}


def rows_of(child: str) -> list[Row]:
    """The rows of one child type, [] where there are none."""
    found = _rows.get(child)
    if found is None:
        import json

        _load()
        found = _rows[child] = [json.loads(line) for line in _lines.get(child, ())]
    return found


def _load() -> None:
    if _lines:
        return
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "splits.jsonl"), "rb") as file:
        for line in file.read().splitlines()[1:]:
            # Each row begins {"child": "TYPE": only those of types that are asked for are ever parsed.
            _lines.setdefault(line.split(b'"', 4)[3].decode(), []).append(line)


def all_rows() -> list[Row]:
    """Every row, for people and for tests."""
    _load()
    return [row for child in _lines for row in rows_of(child)]


def attributes_of(child: str, parent: str) -> list[str]:
    """The attributes by which `child` refers to `parent`; [] where none is known."""
    return [row["attribute"] for row in rows_of(child) if row["parent"] in (parent, "*")]


def parents_of(child: str, attribute: str) -> list[str]:
    """The types that an attribute of `child` refers to; [] where it may be any, or is not known."""
    return [row["parent"] for row in rows_of(child) if row["attribute"] == attribute and row["parent"] != "*"]


def names_of(child: str, attribute: str, parent: str) -> tuple[str, ...]:
    """What a literal in this attribute may name the parent by, besides what everything is named by."""
    for row in rows_of(child):
        if row["attribute"] == attribute and row["parent"] == parent:
            return tuple(row.get("names", ()))
    return ()


def same_id(type: str) -> str | None:
    """The attribute whose value a resource of this type has as its `id` (its parent's), None for one of its own."""
    return next((row["attribute"] for row in rows_of(type) if row.get("same_id")), None)
