"""The changes of a plan as the report lists them: what happens to each, which attributes, what is lost."""

from __future__ import annotations

from plangate.plan.facts import TAG_ATTRIBUTES
from plangate.plan.paths import dotted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan

COUNTS = ("create", "update", "delete", "replace", "read", "forget", "import", "move", "no_op", "outputs", "drift")
_KEYS = {"no-op": "no_op", "open": "read"}
MAX_PATHS = 100  # changed attributes listed of one change; a report is no copy of the plan
_MAX_DEPTH = 6
_ABSENT = object()


def counted(plan: Plan) -> dict[str, int]:
    """How many changes of each kind; a replace counts once."""
    counts = dict.fromkeys(COUNTS, 0)
    for change in plan.changes:
        counts[_KEYS.get(change.action, change.action)] += 1
        if change.importing is not None:
            counts["import"] += 1
        if change.previous_address:
            counts["move"] += 1
    counts["outputs"] = sum(
        1 for o in plan.outputs.values() if type(o) is dict and o.get("actions") not in (["no-op"], None)
    )
    counts["drift"] = len(plan.drift)
    return counts


def listed(plan: Plan, values: bool) -> list[dict[str, Any]]:
    """Every change but plain no-ops (those that neither move nor import)."""
    return [
        entry(change, values)
        for change in plan.changes
        if change.action != "no-op" or change.previous_address or change.importing
    ]


def entry(change: Change, values: bool) -> dict[str, Any]:
    """One change of the report. `values`: also what its attributes were and will be (--show-values)."""
    attributes, computed = changed_paths(change)
    found: dict[str, Any] = {
        "address": change.address,
        "deposed": change.deposed,
        "module": change.module_address or None,
        "mode": change.mode,
        "type": change.type,
        "name": change.name,
        "provider": change.provider_name or None,
        "action": change.action,
        "actions": list(change.actions),
        "reason": change.reason,
        "replace_paths": change.replaced_because(),
        "previous_address": change.previous_address,
        "importing": _importing(change.importing),
        "attributes": attributes,
        "computed": computed,
        "folded": _folded(attributes, computed) if change.action == "update" else None,
        "loss": _loss(change) if change.is_destructive else None,
        "values": None,
        "location": None,
    }
    if values:
        from .values import values_of

        found["values"] = values_of(change, attributes)
    return found


def _importing(importing: Any) -> dict[str, Any] | None:
    """That it is an import, and by which id; an identity's values are not shown."""
    if importing is None:
        return None
    id = importing.get("id") if type(importing) is dict else None
    return {"id": id if type(id) is str else None}


def _loss(change: Change) -> dict[str, Any] | None:
    """What goes with an object of this type, and what remains of it; None where nothing is lost."""
    row = change.stateful
    if row is None:
        return None
    return {name: row.get(name) or None for name in ("class", "what", "loss", "recovery")}


def _folded(attributes: list[str], computed: int) -> str | None:
    """Why an update is hardly worth a look: "tags" only, or "computed" only (the provider will tell); else None."""
    if not attributes:
        return "computed" if computed else None
    tops = {path.partition(".")[0].partition("[")[0] for path in attributes}
    return "tags" if tops.issubset(TAG_ATTRIBUTES) else None


# -- which attributes change ---------------------------------------------------------------------------------


def changed_paths(change: Change) -> tuple[list[str], int]:
    """The paths of an update or replace that differ between before and after, at most MAX_PATHS, in order; and how
    many more nobody wrote, so that the provider will tell them at apply. Of what is sensitive as a whole only the
    whole is named: its keys are as secret as what they hold."""
    if change.action not in ("update", "replace"):
        return [], 0
    before, after, unknown, *marks = change.raw()
    found: list[tuple[str | int, ...]] = []
    _differ(before, after, unknown, (), found)
    paths, computed = [], 0
    for path in found:
        if path and _is_unknown(unknown, path) and change.plan.configuration.why_unknown(change, path)[0] == "left_out":
            computed += 1
        elif path:
            paths.append(_told(path, marks))
    return list(dict.fromkeys(map(dotted, paths))), computed


def _told(path: tuple[str | int, ...], masks: list[Any]) -> tuple[str | int, ...]:
    """The path, as far as no mask says that all below is sensitive."""
    for mask in masks:
        if not mask:
            continue
        node = mask
        for i, step in enumerate(path):
            if type(node) is dict and type(step) is str:
                node = node.get(step)
            elif type(node) is list and type(step) is int and step < len(node):
                node = node[step]
            elif node and i:
                path = path[:i]
                break
            else:
                break
    return path


def _is_unknown(mask: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a path that differs does so because its value is unknown."""
    for step in path:
        if type(mask) is dict:
            mask = mask.get(step)
        elif type(mask) is list and type(step) is int and step < len(mask):
            mask = mask[step]
        else:
            break
    return mask is True


def _differ(before: Any, after: Any, unknown: Any, path: tuple[str | int, ...], found: list[Any]) -> None:
    if len(found) >= MAX_PATHS:
        return
    if unknown is True or len(path) >= _MAX_DEPTH:
        if unknown or before != after:
            found.append(path)
        return
    if type(before) is dict and (type(after) is dict or (after is None and type(unknown) is dict)):
        after = after or {}
        mask = unknown if type(unknown) is dict else {}
        differ = {k for k, left in before.items() if left != after.get(k)}
        differ |= {k for k in after.keys() - before.keys() if after[k] is not None}
        for key in sorted({*differ, *(k for k, m in mask.items() if m is not None and m is not False)}):
            below = mask.get(key)
            below = None if below is False else below
            _differ(before.get(key, _ABSENT), after.get(key, _ABSENT), below, (*path, key), found)
    elif type(before) is list and type(after) is list and len(before) == len(after):
        masks = unknown if type(unknown) is list else ()
        for i, (left, right) in enumerate(zip(before, after, strict=True)):
            below = masks[i] if i < len(masks) else None
            if below or left != right:
                _differ(left, right, below, (*path, i), found)
    elif before != after or _any(unknown):
        found.append(path)


def _any(mask: Any) -> bool:
    """Whether a mask marks anything."""
    if type(mask) is dict:
        return any(_any(m) for m in mask.values())
    if type(mask) is list:
        return any(_any(m) for m in mask)
    return bool(mask)
