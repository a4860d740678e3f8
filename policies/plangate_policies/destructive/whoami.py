"""Who runs this plan: the identities that its providers take on, as far as the plan document tells."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Plan

# Data sources that tell who asks, and the attribute that says it.
_ASKED = {
    "aws_caller_identity": "arn",
    "azurerm_client_config": "object_id",
    "google_client_openid_userinfo": "email",
}
# Arguments of provider configurations that name the identity to take on; a dot leads into a block.
_TAKEN = (
    "assume_role.role_arn",
    "assume_role_with_web_identity.role_arn",
    "impersonate_service_account",
)


def own_identities(plan: Plan) -> set[str]:
    """ARNs of roles, names of service accounts, object ids, under which this plan was made or will be applied.

    From `assume_role` and its kin in the provider configurations (constants, and root variables), and from data
    sources such as aws_caller_identity. A session of a role counts as the role. Empty where nothing tells.
    """
    found: set[str] | None = plan.memo.get("destructive/whoami")
    if found is None:
        found = {name for text in (*_taken(plan), *_asked(plan)) for name in _names(text)}
        plan.memo["destructive/whoami"] = found
    return found


def _names(text: str) -> Iterator[str]:
    yield text
    parts = text.split(":")
    if len(parts) == 6 and parts[2] == "sts" and parts[5].startswith("assumed-role/"):
        # arn:aws:sts::1:assumed-role/NAME/SESSION is a session of arn:aws:iam::1:role/NAME
        yield f"{parts[0]}:{parts[1]}:iam::{parts[4]}:role/{parts[5].split('/')[1]}"


def _taken(plan: Plan) -> Iterator[str]:
    for found in plan.providers:
        for argument in _TAKEN:
            here: Any = found.get("expressions")
            for word in argument.split("."):
                here = here[0] if isinstance(here, list) and here else here
                here = here.get(word) if isinstance(here, dict) else None
            if isinstance(here, dict):
                yield from _text(plan, here)


def _text(plan: Plan, expression: dict[str, Any]) -> Iterator[str]:
    value = expression.get("constant_value")
    references = expression.get("references")
    if isinstance(references, list) and len(references) == 1 and isinstance(references[0], str):
        value = plan.variables.get(references[0].removeprefix("var."))
    if isinstance(value, str) and value:
        yield value


def _asked(plan: Plan) -> Iterator[str]:
    there = _data_types(plan)
    for type_, attribute in _ASKED.items():
        for values in plan.data_read(type_) if type_ in there else ():
            value = values.get(attribute)
            if isinstance(value, str) and value:
                yield value


def _data_types(plan: Plan) -> set[str]:
    """The types of data sources in the configuration: the state of a large plan is long to read."""
    found: set[str] = set()
    section = plan.sections.get("configuration")
    modules: list[Any] = [section.get("root_module")] if isinstance(section, dict) else []
    while modules:
        module = modules.pop()
        if not isinstance(module, dict):
            continue
        calls, resources = module.get("module_calls"), module.get("resources")
        modules += [c.get("module") for c in calls.values() if isinstance(c, dict)] if isinstance(calls, dict) else []
        for resource in resources if isinstance(resources, list) else ():
            if isinstance(resource, dict) and resource.get("mode") == "data" and isinstance(resource.get("type"), str):
                found.add(resource["type"])
    return found
