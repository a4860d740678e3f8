"""Facts about resource types that policies ask for: which carry tags, and which lose something when destroyed."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Where a provider puts the tags of a resource; the planned object has the key, if only as null.
TAG_ATTRIBUTES = ("tags", "tags_all", "labels", "effective_labels", "user_labels", "resource_labels")


class Rows:
    """A table by resource type, read-only, as a dict of dicts is read; a row is parsed when it is first asked for."""

    def __init__(self, lines: dict[str, str]) -> None:
        self._lines = lines  # type -> its row, still text
        self._found: dict[str, dict[str, Any]] = {}

    def __getitem__(self, type: str) -> dict[str, Any]:
        row = self._found.get(type)
        if row is None:
            import json

            row = self._found[type] = json.loads(self._lines[type])
        return row

    def get(self, type: str, default: Any = None) -> Any:
        return self[type] if type in self._lines else default

    def having(self, *keys: str) -> tuple[str, ...]:
        """The types whose row has one of these keys; no row is parsed for it."""
        words = [f'"{key}": ' for key in keys]
        return tuple(type for type, line in self._lines.items() if any(word in line for word in words))

    def __contains__(self, type: object) -> bool:
        return type in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def keys(self) -> Iterator[str]:
        return iter(self._lines)

    def values(self) -> Iterator[dict[str, Any]]:
        return (self[type] for type in self._lines)

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return ((type, self[type]) for type in self._lines)


_START = '\n{"type": "'  # how a line begins; the first line of the file says what it is
_rows: Rows | None = None


def stateful_rows() -> Rows:
    """The table of stateful types: {type: {"class", "severity", "what", "loss", "recovery", ...}} (stateful.jsonl)."""
    global _rows  # noqa: PLW0603 - read once a process
    if _rows is None:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stateful.jsonl")
        with open(path, encoding="utf-8") as file:
            parts = file.read().split(_START)
        del parts[0]
        _rows = Rows({part[: part.index('"')]: _START + part for part in parts})
    return _rows
