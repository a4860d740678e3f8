"""The plan that must fail: judged on every run by the same path as the user's.

If it passes, the reader, the engine or the verdict is broken, and the run is an internal error.
"""

from __future__ import annotations

from .plan.read import read
from .policy.api import Finding, Policy, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .plan.model import Plan

ADDRESS = "terraform_data.plangate_control"

_DOCUMENT = b"""{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[
{"address":"terraform_data.plangate_control","mode":"managed","type":"terraform_data","name":"plangate_control",
"values":{"input":{"open":true}},"sensitive_values":{}}]}},"resource_changes":[{"address":
"terraform_data.plangate_control","mode":"managed","type":"terraform_data","name":"plangate_control",
"provider_name":"terraform.io/builtin/terraform","change":{"actions":["create"],"before":null,"after":{"input":
{"open":true}},"after_unknown":{"id":true},"before_sensitive":false,"after_sensitive":{}}}],"configuration":
{"root_module":{}},"errored":false,"applyable":true,"complete":true}"""


def document() -> bytes:
    """The known-bad plan as a plan document."""
    return _DOCUMENT


def plan() -> Plan:
    """The known-bad plan, read as any other."""
    return read(_DOCUMENT, "the control plan")


def control() -> Policy:
    """The policy that must find the fault."""

    def open_input(change: Any) -> Iterator[Finding]:
        """The control plan is open."""
        if change.after["input"]["open"]:
            yield Finding("the control resource is open", "input.open")

    return policy("plangate/control", types="terraform_data", judges="after", severity="critical")(open_input)
