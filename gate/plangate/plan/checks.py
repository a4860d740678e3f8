"""Contradictions that no tool writes: a document that holds one was altered, or cut, and is not judged."""

from __future__ import annotations

from plangate.errors import PlanError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .model import Plan

_FIX = "make the document again with `terraform show -json PLANFILE`: this one was altered or cut"


def contradictions(plan: Plan, where: str) -> None:
    """Raises PlanError when the sections of the document cannot all be true."""
    planned = planned_resources(plan)
    if planned and "resource_changes" not in plan.sections.names:
        _no(where, f"it plans {len(planned)} resources but has no `resource_changes`: nothing could be judged")
    same = _same()
    for change in plan.changes:
        _bodies(change, same, where)
    if plan.facts["applyable"] is False:
        doing = next((c for c in plan.changes if c.touched or c.previous_address), None)
        if doing is not None:
            _no(where, f"it says `applyable: false` but would {doing.action} {without_key(doing.address)}")
    listed = {change.address for change in plan.changes}
    lost = [address for address in planned if address not in listed]
    if lost and len(lost) == len(planned) and not plan.by_type:
        _no(where, f"it plans {len(planned)} resources but lists no change of any: nothing could be judged")
    if lost:
        plan.facts["notes"].append(
            f"`planned_values` holds {len(lost)} resources that `resource_changes` does not, which no tool writes:"
            f" {without_key(lost[0])} was not judged"
        )


def without_key(address: str) -> str:
    """An address for an error that is raised before anything is redacted: instance keys may hold secrets."""
    head, bracket, _ = address.partition("[")
    return ascii(head + ("[...]" if bracket else ""))[1:-1]


def _no(where: str, what: str) -> None:
    raise PlanError(what, where=where, fix=_FIX)


def _same() -> Any:
    import sys

    large = sys.modules.get(f"{__package__}.large")
    return large.same if large is not None else lambda one, other: one == other


def _bodies(change: Change, same: Any, where: str) -> None:
    before, after = change._before, change._after
    action = change.action
    if action == "no-op":
        if not same(before, after):
            _no(where, f"the no-op {without_key(change.address)} has another value after than before")
    elif action in ("delete", "forget") and not same(after, None):
        _no(where, f"the {action} of {without_key(change.address)} has a value after")


def planned_resources(plan: Plan) -> list[str]:
    """The addresses of the managed resources of `planned_values`."""
    section = plan.sections._found.get("planned_values")
    if section is None:
        return []
    if type(section) is not dict:
        from . import large

        found = large.values_of(section)
        if found is not None:
            return found.addresses
    return [
        r["address"]
        for r in walk(plan.sections.get("planned_values"))
        if r.get("mode") != "data" and type(r.get("address")) is str
    ]


def walk(values: Any) -> list[dict[str, Any]]:
    """Every resource of a values object (`planned_values`, `prior_state.values`), child modules too."""
    found: list[dict[str, Any]] = []
    stack = [values.get("root_module")] if type(values) is dict else []
    while stack:
        module = stack.pop()
        if type(module) is not dict:
            continue
        resources, children = module.get("resources"), module.get("child_modules")
        found += [r for r in resources if type(r) is dict] if type(resources) is list else []
        stack += children if type(children) is list else []
    return found
