"""Which attributes policies read while they run on examples: for `policies test` only, never for a run that judges.

An attribute that stands in no example of its type is misspelt, or an example is missing.
"""

from __future__ import annotations

import os
import sys

from plangate.plan import change, values
from plangate.plan.paths import parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    # (resource type, path without the numbers of elements)
    Place = tuple[str, str]


_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Those of our own files that ask on behalf of whoever called them; others ask for reasons of their own.
_ON_BEHALF = {os.path.join(_HERE, "plan", name) for name in ("values.py", "change.py")}


class Recording:
    """While it is entered, every attribute that is asked of a Block is noted, and whether it was there.

    Keys of maps are none of a schema: only what is asked of a resource itself or of an element of a block counts.
    """

    def __init__(self) -> None:
        self._plain = values.Block.__getitem__
        self._asking = {name: getattr(change.Change, name) for name in ("companions", "referred", "references")}

    def __enter__(self) -> dict[Place, bool]:
        """(type, path) -> whether it was there; filled while policies run."""
        plain = self._plain
        read: dict[Place, bool] = {}

        def noted(block: Any, key: str) -> Any:
            value = plain(block, key)
            place = _place(block, key)
            if place is not None and _is_asked_by_a_policy():
                read[place] = read.get(place, False) or value is not values.ABSENT
            return value

        def told(type: str, path: str | None) -> None:
            if path is not None and _is_asked_by_a_policy():
                read.setdefault((type, _dotted(parse_path(path))), False)  # whether it is there, the examples tell

        def companions(one: Any, type: str, *, by: str | None = None, leaving: bool = False) -> Any:
            told(type, by)
            return self._asking["companions"](one, type, by=by, leaving=leaving)

        def referred(one: Any, path: str | None = None, *, type: str | None = None) -> Any:
            told(one.type, path)
            return self._asking["referred"](one, path, type=type)

        def references(one: Any, path: str) -> Any:
            told(one.type, path)
            return self._asking["references"](one, path)

        # Methods are exchanged, and given back below.
        setattr(values.Block, "__getitem__", noted)  # noqa: B010
        for function in (companions, referred, references):
            setattr(change.Change, function.__name__, function)
        return read

    def __exit__(self, *_: object) -> None:
        setattr(values.Block, "__getitem__", self._plain)  # noqa: B010
        for name, function in self._asking.items():
            setattr(change.Change, name, function)


def _is_asked_by_a_policy() -> bool:
    frame = sys._getframe(2)
    while frame.f_code.co_filename in (*_ON_BEHALF, __file__) and frame.f_back is not None:
        frame = frame.f_back
    return not frame.f_code.co_filename.startswith(_HERE + os.sep)


def _place(block: Any, key: Any) -> Place | None:
    owner = getattr(block._explain, "__self__", None)
    path = block._path
    if owner is None or not isinstance(key, str) or (path and not isinstance(path[-1], int)):
        return None
    return owner.type, _dotted((*path, key))


def _dotted(path: Iterable[Any]) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def attributes(changes: Iterable[change.Change]) -> dict[str, set[str]]:
    """The attribute paths that stand in the bodies of changes, or are unknown in them, by resource type."""
    found: dict[str, set[str]] = {}
    for one in changes:
        before, after, unknown, _, _ = one.raw()
        paths = found.setdefault(one.type, set())
        stack: list[tuple[tuple[str, ...], Any]] = [((), tree) for tree in (before, after, unknown)]
        while stack:
            path, node = stack.pop()
            if type(node) is dict:
                for name, inner in node.items():
                    paths.add(".".join((*path, name)))
                    if type(inner) is list:
                        stack.append(((*path, name), inner))
            elif type(node) is list:
                stack += [(path, item) for item in node]
    return found
