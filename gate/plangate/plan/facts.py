"""Facts about resource types that policies ask for: which carry tags, and which lose something when destroyed."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Where a provider puts the tags of a resource; the planned object has the key, if only as null.
TAG_ATTRIBUTES = ("tags", "tags_all", "labels", "effective_labels", "user_labels", "resource_labels")

_rows: dict[str, dict[str, Any]] = {}


def stateful_rows() -> dict[str, dict[str, Any]]:
    """The table of stateful types: {type: {"class", "severity", "what", "loss", "recovery", ...}} (stateful.json)."""
    if not _rows:
        import json

        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stateful.json")
        with open(path, encoding="utf-8") as file:
            _rows.update((row["type"], row) for row in json.load(file)["rows"])
    return _rows
