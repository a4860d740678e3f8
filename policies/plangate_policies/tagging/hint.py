"""One hint for all: a tag that many resources of one provider configuration lack belongs into its default tags."""

from __future__ import annotations

from plangate import tag_shape

from .cover import shown
from .defaults import provider_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate import Change, Plan

MANY = 5


def default_tags_hint(
    change: Change, missing: list[str], lacks: Callable[[Change], list[str]], question: tuple[Any, ...]
) -> str | None:
    """The remediation for a resource that is one of many; None where it is not, or has no default tags to use.

    `lacks` tells which tags a resource certainly lacks; `question` holds all that this depends on.
    """
    shape = tag_shape(change.type)
    if shape is None or not shape["defaults"]:
        return None
    counts = _counts(change.plan, lacks, question)
    here = counts.get(provider_of(change), {})
    many = {name: here[name] for name in missing if here.get(name, 0) >= MANY}
    if not many:
        return None
    each = ", ".join(f"{name} ({count} resources lack it)" for name, count in sorted(many.items()))
    return f"Set once in `{shape['defaults']}` of {_named(change)}: {each}. Or add it to each resource."


def _counts(plan: Plan, lacks: Callable[[Change], list[str]], question: tuple[Any, ...]) -> dict[Any, dict[str, int]]:
    # The last question and what came out: every finding of a policy asks the same.
    last: tuple[Any, dict[Any, dict[str, int]]] | None = plan.memo.get("tagging/hint")
    if last is not None and last[0] == question:
        return last[1]
    asked = len(plan.pending), len(plan.read)
    counts: dict[Any, dict[str, int]] = {}
    for type_, changes in plan.staying.items():
        shape = tag_shape(type_)
        if shape is None or not shape["defaults"]:
            continue
        for other in changes:
            mine = counts.setdefault(provider_of(other), {})
            for name in lacks(other):
                mine[name] = mine.get(name, 0) + 1
            # What is looked at for a hint is no question of this policy to this resource.
            del plan.pending[asked[0] :], plan.read[asked[1] :]
    plan.memo["tagging/hint"] = question, counts
    return counts


def _named(change: Change) -> str:
    made = change.plan.configuration.provider_config_of(change)
    if made is None or not isinstance(made.get("name"), str):
        return "the provider"
    alias = made.get("alias")
    return f"provider {shown(made['name'])}" + (f" ({shown(alias)})" if isinstance(alias, str) else "")
