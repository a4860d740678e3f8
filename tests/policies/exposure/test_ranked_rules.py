"""Rules with a rank in resources of their own: the one with the lowest number that fits decides."""

from __future__ import annotations

import time
from typing import Any

import pytest

from plangate.testing import Verdicts, create, delete, judge, no_op, plan, ref, update
from plangate_policies import exposure

SSH = next(p for p in exposure.POLICIES if p.id == "exposure/aws-nacl-ssh-open-to-world")
ALLOW, DENY = "aws_network_acl_rule.allow", "aws_network_acl_rule.deny"


def rule(number: Any, action: str = "allow", **more: Any) -> dict[str, Any]:
    ports = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_block": "0.0.0.0/0", "egress": False}
    return {"network_acl_id": "acl-1", "rule_number": number, "rule_action": action, **ports, **more}


def said(*changes: Any) -> Verdicts:
    return judge(SSH, plan(*changes))


@pytest.mark.parametrize(
    ("deny", "expected"),
    [
        ({}, "pass"),
        ({"from_port": 0, "to_port": 65535}, "pass"),
        ({"protocol": "-1"}, "pass"),
        ({"rule_number": 110}, "fail"),
        ({"rule_number": "90"}, "pass"),
        ({"rule_number": ref("var.n")}, "fail"),
        ({"cidr_block": "10.0.0.0/8"}, "fail"),
        ({"cidr_block": ref("var.c")}, "fail"),
        ({"cidr_block": None, "ipv6_cidr_block": "::/0"}, "fail"),
        ({"protocol": "udp"}, "fail"),
        ({"from_port": 80, "to_port": 80}, "fail"),
        ({"egress": True}, "fail"),
        ({"egress": ref("var.e")}, "fail"),
        ({"network_acl_id": "acl-2"}, "fail"),
        ({"network_acl_id": None}, "fail"),
        ({"rule_action": "allow"}, "fail"),
    ],
)
def test_a_denial_before_it(deny: dict[str, Any], expected: str) -> None:
    found = said(create(ALLOW, rule(100)), create(DENY, {**rule(90, "deny"), **deny}))
    assert found.outcomes[ALLOW] == expected


def test_rules_of_an_acl_of_the_same_plan() -> None:
    acls = [create("aws_network_acl.a", vpc_id="v"), create("aws_network_acl.b", vpc_id="v")]

    def outcome(acl: Any, other: Any) -> str:
        allow = create(ALLOW, rule(100, network_acl_id=acl))
        return said(*acls, allow, create(DENY, rule(90, "deny", network_acl_id=other))).outcomes[ALLOW]

    a, b, untold = ref("aws_network_acl.a.id"), ref("aws_network_acl.b.id"), ref("local.acl")
    assert outcome(a, a) == "pass"
    assert outcome(a, b) == outcome(a, untold) == outcome(untold, untold) == "fail"


def test_a_denial_that_goes_away_opens() -> None:
    allow = no_op(ALLOW, rule(100))
    kept = no_op(DENY, rule(90, "deny"))
    assert said(allow, kept).outcomes[ALLOW] == "pass"
    for change in (
        delete(DENY, rule(90, "deny")),
        update(DENY, rule(90, "deny"), rule(120, "deny")),
        update(DENY, rule(90, "deny"), rule(90, "deny", cidr_block="10.0.0.0/8")),
    ):
        found = said(allow, change)
        assert found.outcomes[ALLOW] == "fail"
        assert found.new == {ALLOW}
        assert found.messages[ALLOW] == ["SSH (port 22) is open to every IPv4 address."]
    assert said(allow, no_op(DENY, rule(120, "deny"))).new == set()


AZURE = next(p for p in exposure.POLICIES if p.id == "exposure/azure-ssh-open-to-world")


def azure(name: str, priority: Any, access: Any = "Allow", **more: Any) -> Any:
    written = {
        "network_security_group_name": "nsg",
        "resource_group_name": "rg",
        "priority": priority,
        "access": access,
        "direction": "Inbound",
        "protocol": "Tcp",
        "destination_port_range": "22",
        "source_address_prefix": "*",
    }
    return create(f"azurerm_network_security_rule.{name}", {**written, **more})


@pytest.mark.parametrize(
    ("deny", "expected"),
    [
        ({}, "pass"),
        ({"source_address_prefix": "Internet", "destination_port_range": "*", "protocol": "*"}, "pass"),
        ({"source_address_prefix": "10.0.0.0/8"}, "fail"),
        ({"priority": 300}, "fail"),
        ({"direction": "Outbound"}, "fail"),
        ({"direction": ref("var.d")}, "fail"),
        ({"access": ref("var.a")}, "fail"),
        ({"resource_group_name": "other"}, "fail"),
        ({"network_security_group_name": "other"}, "fail"),
    ],
)
def test_rules_of_azure(deny: dict[str, Any], expected: str) -> None:
    allow = azure("allow", 200)
    denial = azure("deny", **{"priority": 100, "access": "Deny", **deny})
    assert judge(AZURE, plan(allow, denial)).outcomes["azurerm_network_security_rule.allow"] == expected


def test_cost_is_linear() -> None:
    def seconds(count: int) -> float:
        rules = [create(f"aws_network_acl_rule.a{i}", rule(i, "allow" if i % 2 else "deny")) for i in range(count)]
        made = plan(*rules)
        started = time.process_time()
        judge(SSH, made)
        return time.process_time() - started

    small = max(min(seconds(250) for _ in range(3)), 0.001)
    assert min(seconds(2000) for _ in range(2)) < 8 * 4 * small  # eight times as many; quadratic would be 64 times
