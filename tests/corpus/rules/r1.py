"""R1: no security group is open to the world on port 22."""

from __future__ import annotations

from plangate import Finding, policy


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


@policy("cases/r1", types="aws_security_group", severity="high")
def open_ssh(change):
    """A security group is open to the world on port 22."""
    for rule in change.after["ingress"]:
        low, high = _number(rule["from_port"]), _number(rule["to_port"])
        if "0.0.0.0/0" in (rule["cidr_blocks"] or ()) and low is not None and high is not None and low <= 22 <= high:
            yield Finding("port 22 is open to 0.0.0.0/0", "ingress")
