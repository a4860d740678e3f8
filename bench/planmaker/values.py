"""From the values a type made up to what is now, what is planned, and what the configuration says."""

from __future__ import annotations

from typing import Any

from planmaker.context import Context, Ref, Type
from planmaker.encode import UNKNOWN


def resolve(value: Any, *, planned: bool) -> Any:
    """The value with every reference replaced by what it points at."""
    if isinstance(value, Ref):
        return value.planned if planned else value.now
    if isinstance(value, dict):
        return {key: resolve(item, planned=planned) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, planned=planned) for item in value]
    return value


def plan_existing(
    kind: Type, made: dict[str, Any], action: str, leaf: bool, number: int
) -> tuple[str, dict[str, Any], dict[str, Any], list[str]]:
    """Action, now, planned and the paths that force a replacement, for an object that exists.

    A reference to something whose value changes makes more of the action that was dealt.
    """
    now = resolve(made, planned=False)
    planned = resolve(made, planned=True)
    changed = [key for key in planned if planned[key] is not now[key] and planned[key] != now[key]]
    written = [key for key in changed if key in kind.settable]
    forcing = [key for key in written if key in kind.force_new]
    if action == "replace" and kind.replace is None and not leaf:
        action = "update"
    if action == "update" and not _apply(kind.update or ("tags", ()), planned, number):
        action = "no-op"
    if forcing:
        action = "replace"
    elif written and action == "no-op":
        action = "update"
    elif not written and action == "no-op":
        return action, now, now, []
    if action == "replace":
        if not forcing and kind.replace is not None and _apply(kind.replace, planned, number):
            forcing = [kind.replace[0]]
        for key in kind.computed:
            planned[key] = UNKNOWN
    else:
        # What the provider computes stays as it is in an update in place.
        for key in kind.computed:
            planned[key] = now[key]
    return action, now, planned, forcing


def _apply(change: tuple[str, tuple[Any, ...]], values: dict[str, Any], number: int) -> bool:
    """Puts a new value at the attribute; False when the type has nothing to change."""
    key, choices = change
    if "tags" in values and (key == "tags" or number % 3 == 0):
        retagged = {"CostCenter": f"cc-{2000 + number % 90}"}
        values["tags"] = {**values["tags"], **retagged}
        values["tags_all"] = {**values["tags_all"], **retagged}
        return True
    for choice in choices:
        new = values[key] + choice[1:] if isinstance(choice, str) and choice[:1] == "+" else choice
        if new != values[key]:
            values[key] = new
            return True
    return False


def plan_new(kind: Type, made: dict[str, Any]) -> dict[str, Any]:
    """Planned values of an object that does not exist yet."""
    planned: dict[str, Any] = resolve(made, planned=True)
    for key in kind.computed:
        planned[key] = UNKNOWN
    return planned


def expressions(
    kind: Type, made: dict[str, Any], planned: dict[str, Any], context: Context, arguments: dict[str, Any]
) -> dict[str, Any]:
    """The `expressions` of a block; `arguments` collects what its module has to be given (name -> value)."""
    result: dict[str, Any] = {}
    for key in kind.settable:
        value = made[key]
        if value is None:
            continue
        now = planned.get(key)
        if now is not UNKNOWN and not _has_reference(value):
            value = now
        if context.in_module and (key == "tags" or (kind.update and key == kind.update[0])):
            variable = key if key == "tags" else f"{context.role}_{key}"
            arguments[variable] = value
            result[key] = {"references": [f"var.{variable}"]}
        else:
            result[key] = _expression(value, context)
    return result


def references(value: Any) -> list[Ref]:
    """Every reference in a made-up value."""
    if isinstance(value, Ref):
        return [value]
    if isinstance(value, dict):
        return [found for item in value.values() for found in references(item)]
    if isinstance(value, list):
        return [found for item in value for found in references(item)]
    return []


def depends_on(made: dict[str, Any]) -> list[str]:
    """Blocks this resource depends on, as the state lists them."""
    targets: set[str] = {found.target.block for found in references(made)}
    return sorted(targets)


def relevant(made: dict[str, Any]) -> list[tuple[str, str]]:
    """(address, attribute) of everything the values were taken from."""
    return [(found.target.address, found.attribute) for found in references(made)]


def _has_reference(value: Any) -> bool:
    return bool(references(value))


def _expression(value: Any, context: Context) -> Any:
    if isinstance(value, Ref):
        return {"references": value.references}
    if isinstance(value, list):
        if value and all(isinstance(item, dict) for item in value):
            blocks = []
            for item in value:
                block = {key: _expression(below, context) for key, below in item.items() if below not in (None, "")}
                blocks.append(block)
            return blocks
        found = references(value)
        if found:
            return {"references": [text for ref in found for text in ref.references]}
        return {"constant_value": value}
    if isinstance(value, str):
        if value[:1] == "{":
            # jsonencode() leaves nothing of its argument behind.
            return {}
        if context.key is not None and str(context.key) in value:
            return {"references": ["each.key" if isinstance(context.key, str) else "count.index"]}
        if context.in_module and context.slug in value:
            return {"references": ["var.name"]}
    return {"constant_value": value}
