"""Small plan documents as dicts, and a user's policies as text."""

from __future__ import annotations

from typing import Any

PROVIDER = "registry.terraform.io/hashicorp/aws"


def queue(name: str = "q", encrypted: bool | None = True, **attributes: Any) -> dict[str, Any]:
    """The creation of an SQS queue; `encrypted` None means known only after the apply."""
    after: dict[str, Any] = {"name": name, "kms_master_key_id": None, "tags": None, **attributes}
    unknown: dict[str, Any] = {"id": True, "arn": True}
    if encrypted is None:
        unknown["sqs_managed_sse_enabled"] = True
    else:
        after["sqs_managed_sse_enabled"] = encrypted
    return entry(f"aws_sqs_queue.{name}", ["create"], None, after, unknown)


def entry(
    address: str, actions: list[str], before: Any, after: Any, unknown: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One entry of `resource_changes`."""
    kind, _, name = address.partition(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": PROVIDER,
        "change": {
            "actions": actions,
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
            "before_sensitive": {} if before is not None else False,
            "after_sensitive": {} if after is not None else False,
        },
    }


def document(*changes: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """A finished plan with these changes, its sections consistent."""
    planned, configured, prior = [], [], []
    for one in changes:
        kept = {k: one[k] for k in ("address", "mode", "type", "name", "provider_name")}
        change = one["change"]
        if change["before"] is not None:
            prior.append({**kept, "schema_version": 0, "values": change["before"], "sensitive_values": {}})
        if change["after"] is not None:
            planned.append({**kept, "schema_version": 0, "values": change["after"], "sensitive_values": {}})
            constants = {k: {"constant_value": v} for k, v in change["after"].items() if v is not None}
            del kept["provider_name"]
            configured.append({**kept, "provider_config_key": "aws", "expressions": constants, "schema_version": 0})
    made: dict[str, Any] = {
        "format_version": "1.2",
        "terraform_version": "1.13.0",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": list(changes),
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": PROVIDER}},
            "root_module": {"resources": configured},
        },
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }
    if prior:
        made["prior_state"] = {"format_version": "1.0", "values": {"root_module": {"resources": prior}}}
    return {**made, **sections}


GOOD = document(queue())
BAD = document(queue(encrypted=False))
UNKNOWN = document(queue(encrypted=None))

ENCRYPTED = '''\
from plangate import Finding, policy


@policy("acme/queue-unencrypted", types="aws_sqs_queue", severity="high", remediation="Encrypt it.")
def queue_unencrypted(change):
    """SQS queue is not encrypted."""
    if change.after["sqs_managed_sse_enabled"] is False:
        yield Finding("The queue stores its messages in clear.", "sqs_managed_sse_enabled")
'''


def attack(body: str, id: str = "evil/breaks") -> str:
    """A policy file whose function runs `body` before it yields."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        "import os, sys, re, time\nfrom plangate import Finding, policy\n\n\n"
        f'@policy("{id}", types="aws_sqs_queue", severity="high")\n'
        f'def breaks(change):\n    """A policy that breaks."""\n{lines}\n'
        "    if False:\n        yield Finding('never')\n"
    )
