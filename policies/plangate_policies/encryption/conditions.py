"""Conditions of a row: what it needs (`only_if`), what excuses (`unless`), what decides where it is absent (`when`).

Each is told in `rows.schema.json`. A path that begins with `.` starts at the block in which the row's own value stands;
of one that begins with the blocks of the row's path, these are the very ones in which the value stands.
"""

from __future__ import annotations

from plangate import Block, Items, is_unknown
from plangate_policies.tables import any_holds, is_empty, truth

from .spots import spots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row


def holds(change: Change, condition: Row, at: str = "") -> bool:
    """Whether a condition holds; `at` is the concrete path of the row's value.

    Raises UnknownValue where only the apply can tell. What is left out for the provider to decide is not set.
    """
    if "any" in condition:
        return any_holds(change.plan, lambda one: holds(change, one, at), condition["any"])
    if "element" in condition:
        return _element(change, condition, at)
    if "companion" in condition:
        found = change.companions(condition["companion"], by=condition["by"])
        return any_holds(change.plan, lambda other: "path" not in condition or _stands(other, condition, ""), found)
    if "beside" in condition:
        beside = change.plan.of_type(condition["beside"])
        found = [other for other in beside if not other.goes_away and other.provider == change.provider]
        return any_holds(change.plan, lambda other: "path" not in condition or _stands(other, condition, ""), found)
    if condition.get("not") or condition.get("set") is False:
        return not _stands(change, condition, at)
    return _stands(change, condition, at)


def _stands(change: Change, condition: Row, at: str) -> bool:
    """Whether what the condition names stands at its path, for any element."""
    found, unknown = False, None
    for value in values_of(change, condition["path"], at):
        if is_unknown(value):
            if value.state == "left_out":
                continue
            if "set" in condition and value.state == "configured":
                found = True
            else:
                unknown = value
        elif "set" in condition:
            found = found or not is_empty(value)
        elif "at_least" in condition:
            found = found or _reaches(value, condition["at_least"])
        else:
            held = list(value) if isinstance(value, Items) else [value]
            found = found or any(_is(one, wanted) for one in held for wanted in condition["values"])
    return found or (unknown is not None and bool(unknown))


def values_of(change: Change, path: str, at: str) -> list[Any]:
    """What stands at a condition's path; `at` is the concrete path of the row's value."""
    if path.startswith("."):
        block = at.rpartition(".")[0]
        return [change.after.at(f"{block}{path}" if block else path[1:])]
    own, rest = _shared(path, at)
    return [value for _, value, _ in spots(change.after.at(own) if own else change.after, rest)]


def _shared(path: str, at: str) -> tuple[str, str]:
    """The blocks that a path has in common with that of the row's value, as the one there, and what is left."""
    words, own = path.split("."), at.split(".")
    count = 0
    while count < min(len(words), len(own)) - 1 and words[count].endswith("[*]"):
        if own[count][-1:] != "]" or not own[count].startswith(words[count][:-2]):
            break
        count += 1
    return ".".join(own[:count]), ".".join(words[count:])


def _element(change: Change, condition: Row, at: str) -> bool:
    """Whether a block of `element` whose attribute `by` names the row's own block has set `path`."""
    name, blocks = change.after.at(f"{at.rpartition('.')[0]}.name"), change.after[condition["element"]]
    if is_unknown(blocks):
        return bool(blocks)  # raises: only the apply can tell
    found = False
    for other in blocks if isinstance(blocks, Items) else ():
        if isinstance(other, Block) and other[condition["by"]] == name:
            value = other[condition["path"]]
            found = found or (value.state == "configured" if is_unknown(value) else not is_empty(value))
    return found


def _reaches(value: Any, least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= least


def _is(value: Any, wanted: Any) -> bool:
    """Whether a known value is the wanted one; a text may begin and end in `*`, a boolean be written as text."""
    if isinstance(wanted, bool):
        return truth(value) is wanted
    if not isinstance(wanted, str) or not isinstance(value, str):
        return bool(value == wanted)
    core = wanted.strip("*")
    if wanted.startswith("*"):
        return core in value if wanted.endswith("*") else value.endswith(core)
    return value.startswith(core) if wanted.endswith("*") else value == wanted
