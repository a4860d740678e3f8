"""The default tags of a provider configuration, as far as a plan tells them.

Measured with hashicorp/aws 5.100.0: default tags of which one value is not known yet are missing from every
`tags_all`, all of them; default tags that are known stand in the `tags_all` of every resource whose own tags are.
"""

from __future__ import annotations

from plangate import tag_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change, Plan

    from .read import Tags


def add_defaults(change: Change, argument: str | None, computed: bool, tags: Tags) -> None:
    """Give a resource the default tags that it will have, and say whether there may be more (`tags.left_out`).

    `computed`: the provider works out the effective tags at apply, so that they do not stand in the plan. Then the
    configuration tells constants, and other resources of the same provider configuration tell the rest. Where the
    effective tags are known, they are complete, unless the default tags are not known yet.
    """
    if argument is None or change.action == "no-op":
        return
    for written in _providers(change, argument):
        blocks = written.get(argument)
        for block in blocks if isinstance(blocks, list) else [blocks]:
            expression = block.get("tags", block) if isinstance(block, dict) else None
            if not isinstance(expression, dict):
                continue
            constant, references = expression.get("constant_value"), expression.get("references")
            if isinstance(constant, dict) and computed:
                tags.add_default(constant)
            if not references or (not computed and _of_variables(references)):
                continue
            seen = _seen(change)
            if computed:
                tags.add_default(seen)
            if computed or not seen:
                tags.left_out = argument


def provider_of(change: Change) -> Any:
    """What tells one provider configuration from another."""
    return id(change.plan.configuration.provider_config_of(change)), change.provider_name


def _of_variables(references: Any) -> bool:
    """Whether an expression is made of variables of the root alone, which are known while planning."""
    return isinstance(references, list) and all(isinstance(r, str) and r.startswith("var.") for r in references)


def _providers(change: Change, argument: str) -> list[dict[str, Any]]:
    """The arguments of the provider configuration of a change; [] where there is none.

    A module may have its provider from its caller. Where there is only one of that name it is that; of several, any
    could be: their default tags may come, and none is certain.
    """
    found = change.plan.configuration.provider_config_of(change)
    if found is not None and (change.provider or not found.get("module_address")):
        return [change.provider]
    name = change.type.partition("_")[0]
    named = [p for p in change.plan.providers if p.get("name") == name]
    same = [p.get("expressions") or {} for p in named if not p.get("module_address")]
    if len(same) < 2:
        return same
    return [{argument: {"references": ["any of several"]}}] if any(argument in p for p in same) else []


def _seen(change: Change) -> dict[str, Any]:
    """Default tags that resources of the same provider configuration show; {} where none does."""
    memo = change.plan.memo
    if "tagging/defaults" not in memo:
        memo["tagging/defaults"] = _all_seen(change.plan)
    found: dict[str, Any] = memo["tagging/defaults"].get(provider_of(change), {})
    return found


def _all_seen(plan: Plan) -> dict[Any, dict[str, Any]]:
    """By provider configuration: the effective tags of resources that are not their own."""
    found: dict[Any, dict[str, Any]] = {}
    for type_, changes in plan.staying.items():
        shape = tag_shape(type_)
        if shape is None or not shape["defaults"] or len(shape["maps"]) < 2 or "." in shape["maps"][0]:
            continue
        effective, own = shape["maps"]
        for change in changes:
            after, unknown = change.body(1), change.body(2)
            if type(after) is not dict or (type(unknown) is dict and unknown.get(own) is True):
                continue
            shown, mine = after.get(effective), after.get(own)
            if type(shown) is dict and (mine is None or type(mine) is dict):
                more = {k: v for k, v in shown.items() if not (mine and k in mine) and not k.startswith("goog-")}
                if more:
                    found.setdefault(provider_of(change), {}).update(more)
    return found
