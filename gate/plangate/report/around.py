"""What a plan holds besides its changes: drift, outputs, check results, and what runs at apply."""

from __future__ import annotations

from .changes import changed_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.model import Plan

_DRIFT = {"delete": "delete", "update": "update", "replace": "update", "no-op": "move"}
_OUTPUTS = ("create", "update", "delete")


def drift(plan: Plan) -> list[dict[str, Any]]:
    """What changed outside Terraform: [{"address", "deposed", "type", "action", "attributes", "relevant"}].

    `relevant` are the attributes that Terraform says may have contributed to a planned change
    (`relevant_attributes`, JSON format 1.2: a list of {"resource", "attribute": path}).
    """
    if not plan.drift:
        return []
    contributing: dict[str, set[str]] = {}
    section = plan.sections.get("relevant_attributes")
    for item in section if type(section) is list else ():
        path = item.get("attribute") if type(item) is dict else None
        if type(path) is list and path and type(item.get("resource")) is str:
            contributing.setdefault(item["resource"], set()).add(str(path[0]))
    found = []
    for change in plan.drift:
        attributes, _ = changed_paths(change)
        tops = {path.partition(".")[0].partition("[")[0] for path in attributes}
        found.append(
            {
                "address": change.address,
                "deposed": change.deposed,
                "type": change.type,
                "action": _DRIFT.get(change.action, "update"),
                "attributes": attributes,
                # The address there has no instance keys of the resource itself in older versions.
                "relevant": sorted(
                    (contributing.get(change.address, set()) | contributing.get(_plain(change), set())) & tops
                ),
            }
        )
    return found


def _plain(change: Any) -> str:
    module = f"{change.module_address}." if change.module_address else ""
    return f"{module}{change.type}.{change.name}"


def outputs(plan: Plan) -> list[dict[str, Any]]:
    """Outputs that change: [{"name", "action", "sensitive"}]."""
    found = []
    for name, output in plan.outputs.items():
        actions = output.get("actions") if type(output) is dict else None
        if actions in (["no-op"], None) or type(actions) is not list:
            continue
        sensitive = bool(output.get("after_sensitive")) or bool(output.get("before_sensitive"))
        action = actions[0] if len(actions) == 1 and actions[0] in _OUTPUTS else "update"
        found.append({"name": name, "action": action, "sensitive": sensitive})
    return found


def checks(plan: Plan) -> list[dict[str, Any]]:
    """Check blocks, conditions and validations that do not pass: [{"address", "kind", "status", "problems"}].

    `checks` of the plan document: status pass, fail, error or unknown per object and instance. Messages stay there:
    they are free text of the configuration.
    """
    section = plan.sections.get("checks")
    found = []
    for item in section if type(section) is list else ():
        address = item.get("address") if type(item) is dict else None
        status = item.get("status") if type(item) is dict else None
        if type(address) is not dict or status in ("pass", None):
            continue
        instances = item.get("instances")
        problems = sum(
            len(i["problems"])
            for i in (instances if type(instances) is list else ())
            if type(i) is dict and type(i.get("problems")) is list
        )
        found.append(
            {
                "address": str(address.get("to_display") or address.get("name") or "?"),
                "kind": str(address.get("kind") or "check"),
                "status": str(status),
                "problems": problems,
            }
        )
    return found


def invocations(plan: Plan) -> list[dict[str, Any]]:
    """What runs at apply besides the changes: provisioners of what is created or destroyed, and actions."""
    found: list[dict[str, Any]] = []
    if plan.configuration.all_provisioners():
        for change in plan.changes:
            if change.touched and change.action != "update":
                found += [
                    {"kind": "provisioner", "address": change.address, "type": kind, "when": change.action}
                    for kind in change.provisioners
                ]
    for action in plan.action_invocations:
        trigger = action.get("lifecycle_action_trigger")
        event = trigger.get("action_trigger_event") if type(trigger) is dict else "Invoke"
        found.append(
            {
                "kind": "action",
                "address": str(action.get("address")),
                "type": str(action.get("type")),
                "when": str(event),
            }
        )
    return found
