"""Reading the data beside the packs, and reading plans by the paths that stand in it.

A path is written as in Terraform, with `[*]` for every element of a block: `root_block_device[*].encrypted`.
"""

from __future__ import annotations

import json
import os

from plangate import ABSENT, Block, Items, UnknownValue, is_unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from plangate import Change, Plan

    Row = dict[str, Any]
    One = TypeVar("One")

_HERE = os.path.dirname(os.path.abspath(__file__))


def load(name: str) -> dict[str, Any]:
    """A data file by its name below this folder, `destructive/stateful.json`."""
    with open(os.path.join(_HERE, name), "rb") as file:
        found: dict[str, Any] = json.loads(file.read())
    return found


class Table:
    """A data file of JSON lines: the first says what it is, each other one is a row of one resource type.

    A row begins `{"type": "aws_x", "policy": "name", ...`, or what stands for a policy in that file, and the rows of
    a type stand together: only those of the types in a plan are ever parsed.
    """

    def __init__(self, name: str) -> None:
        with open(os.path.join(_HERE, name), "rb") as file:
            self._lines = file.read().splitlines()
        self._at: dict[str, list[int]] = {}  # type -> numbers of its lines
        self._types: dict[str, dict[str, None]] = {}  # second column -> types
        self._rows: dict[str, list[Row]] = {}
        for number, line in enumerate(self._lines):
            if number:
                words = line.split(b'"', 8)
                type_, second = words[3].decode(), words[7].decode()
                self._at.setdefault(type_, []).append(number)
                self._types.setdefault(second, {})[type_] = None

    def types(self, second: str | None = None) -> tuple[str, ...]:
        """The resource types of all rows, or of those with that second column."""
        return tuple(self._at if second is None else self._types.get(second, ()))

    def rows(self, type: str) -> list[Row]:
        """The rows of one type, [] where there are none."""
        found = self._rows.get(type)
        if found is None:
            found = self._rows[type] = [json.loads(self._lines[number]) for number in self._at.get(type, ())]
        return found

    def all(self) -> list[Row]:
        """Every row, for people and for tests."""
        return [row for type_ in self._at for row in self.rows(type_)]


def values_at(body: Any, path: str) -> list[tuple[str, Any, bool]]:
    """What stands at a path: (concrete path, value, whether its block is there), one for each element.

    Where a block on the way is missing, empty or of another kind, ABSENT at the path of that block; where it is
    unknown, the Unknown. `body` may be ABSENT.
    """
    if "." not in path and "[" not in path and type(body) is Block:
        value = body[path]
        is_unknown(value)  # whoever asks for values at a path is told of unknown ones, and answers for them
        return [(path, value, True)]
    steps = _steps.get(path)
    if steps is None:
        *blocks, leaf = path.split(".")
        steps = _steps[path] = [(word.removesuffix("[*]"), word.endswith("[*]")) for word in blocks]
        steps.append((leaf.removesuffix("[*]"), False))
    found = _step("", body, True, *steps[0])
    for name, every in steps[1:]:
        found = [one for here in found for one in _step(*here, name, every)]
    return found


_steps: dict[str, list[tuple[str, bool]]] = {}  # path -> (name, whether each element is meant)


def _step(at: str, value: Any, there: bool, name: str, every: bool) -> list[tuple[str, Any, bool]]:
    if not there or is_unknown(value):
        return [(at, value, False)]
    if not isinstance(value, Block):
        return [(at, ABSENT, at == "")]
    path = f"{at}.{name}" if at else name
    inner = value[name]
    if is_unknown(inner) or not every:
        return [(path, inner, not every)]
    if isinstance(inner, Items) and len(inner):
        return [(f"{path}[{i}]", inner[i], True) for i in range(len(inner))]
    return [(path, inner, True)] if isinstance(inner, Block) else [(path, ABSENT, False)]


def is_empty(value: Any) -> bool:
    """Whether a known value says nothing: absent, null, empty text, list or map."""
    if isinstance(value, Items | Block):  # first: comparing one that is known in part would ask for all of it
        return not len(value)
    return value is None or value is ABSENT or bool(value == "")


def truth(value: Any) -> bool | None:
    """A boolean, also where a provider writes it as text (`"true"`); None for everything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def like(value: Any, patterns: list[str] | tuple[str, ...]) -> bool:
    """Whether a text is one of the patterns; a pattern may end in `*`."""
    return isinstance(value, str) and any(value.startswith(p[:-1]) if p.endswith("*") else value == p for p in patterns)


def fits(change: Change, condition: Row) -> bool:
    """Whether a condition of a row holds: {"path", "set": true} or {"path", "values": [...]}, for any element.

    Raises UnknownValue where only the apply can tell. What is left out for the provider to decide does not fit.
    """
    holds, unknown = False, None
    for path, value, _ in values_at(change.after, condition["path"]):  # all of them: each unknown is answered
        if is_unknown(value):
            if change.is_left_out(path):
                continue
            if condition.get("set") and change.is_set(path):
                holds = True
            else:
                unknown = value
        elif condition.get("set"):
            holds = holds or not is_empty(value)
        else:
            holds = holds or _among(value, condition["values"])
    return holds or (unknown is not None and bool(unknown))


def any_holds(plan: Plan, holds: Callable[[One], bool], ones: Iterable[One]) -> bool:
    """Whether it holds for one of them, in whatever order they stand.

    Raises UnknownValue where it holds for none and only the apply can tell of one; where it holds for one, what the
    others cannot tell does not matter.
    """
    unknown: UnknownValue | None = None
    asked = len(plan.pending)
    for one in ones:
        try:
            if holds(one):
                del plan.pending[asked:]
                return True
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown
    return False


def _among(value: Any, values: list[Any]) -> bool:
    """Whether a known value is one of the values; a boolean may be written as text."""
    return any(value == v or (isinstance(v, bool) and truth(value) is v) for v in values)


def fits_body(body: Any, condition: Row) -> bool:
    """Whether one of the values stands at the path of a known body (`before`)."""
    return any(_among(value, condition["values"]) for _, value, _ in values_at(body, condition["path"]))
