"""Rules of security groups that take their addresses from a managed prefix list of the plan."""

from __future__ import annotations

from typing import Any

import pytest

from plangate.testing import Verdicts, create, delete, judge, no_op, plan, ref, update
from plangate_policies import exposure

SSH = next(p for p in exposure.POLICIES if p.id == "exposure/aws-ssh-open-to-world")
LIST, ENTRY = "aws_ec2_managed_prefix_list.l", "aws_ec2_managed_prefix_list_entry.e"
PORTS = {"from_port": 22, "to_port": 22, "protocol": "tcp"}
WORLD, OFFICE = [{"cidr": "0.0.0.0/0"}], [{"cidr": "198.51.100.0/24"}]


def rule(kind: str, named: Any) -> Any:
    if kind == "inline":
        return create("aws_security_group.g", ingress=[{**PORTS, "prefix_list_ids": named}])
    if kind == "rule":
        return create("aws_security_group_rule.g", {"type": "ingress", **PORTS, "prefix_list_ids": named})
    named = named[0] if isinstance(named, list) else named
    split = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "prefix_list_id": named}
    return create("aws_vpc_security_group_ingress_rule.g", split)


def said(*changes: Any) -> Verdicts:
    return judge(SSH, plan(*changes))


def outcome(*changes: Any) -> str:
    return next(word for address, word in said(*changes).outcomes.items() if address.endswith(".g"))


@pytest.mark.parametrize("kind", ["inline", "rule", "split"])
def test_a_list_that_holds_everybody(kind: str) -> None:
    made, named = rule(kind, ref(f"{LIST}.id")), create(LIST, entry=WORLD)
    assert outcome(named, made) == "fail"
    assert outcome(create(LIST, entry=OFFICE), made) == outcome(made) == "pass"
    assert outcome(create(LIST, entry=[{"cidr": ref("var.cidr")}]), made) == "unknown"
    assert outcome(named, create("aws_ec2_managed_prefix_list.other"), rule(kind, ["pl-0"])) == "pass"
    known = no_op(LIST, {"id": "pl-1", "entry": WORLD})
    assert outcome(known, rule(kind, ["pl-1"])) == "fail"
    assert outcome(known, rule(kind, ["pl-2"])) == "pass"
    split = create(ENTRY, prefix_list_id=ref(f"{LIST}.id"), cidr="::/0")
    assert outcome(create(LIST), split, made) == "fail"
    halves = [{"cidr": "0.0.0.0/2"}, {"cidr": "64.0.0.0/2"}]
    assert outcome(create(LIST, entry=halves), made) == "fail"


def test_what_the_list_opens_is_new() -> None:
    old = {"id": "pl-1", "entry": OFFICE}
    group = no_op("aws_security_group.g", {"id": "sg", "ingress": [{**PORTS, "prefix_list_ids": ["pl-1"]}]})
    widened = said(update(LIST, old, {**old, "entry": WORLD}), group)
    assert widened.new == {"aws_security_group.g"}
    assert widened.severities == {"aws_security_group.g": ["high"]}
    entry = {"prefix_list_id": "pl-1", "cidr": "0.0.0.0/0"}
    assert said(no_op(LIST, old), create(ENTRY, entry), group).new == {"aws_security_group.g"}
    assert said(no_op(LIST, old), delete(ENTRY, entry), group).outcomes["aws_security_group.g"] == "pass"
    assert said(no_op(LIST, {**old, "entry": WORLD}), group).new == set()
    touched = update("aws_security_group.g", group.entry["change"]["after"], {**group.entry["change"]["after"], "x": 1})
    assert said(no_op(LIST, {**old, "entry": WORLD}), touched).severities["aws_security_group.g"] == ["medium"]


def test_the_block_that_names_it() -> None:
    blocks = [{**PORTS, "prefix_list_ids": ["pl-1"]}, {**PORTS, "cidr_blocks": ["10.0.0.0/8"]}]
    known = no_op(LIST, {"id": "pl-1", "entry": WORLD})
    found = said(known, create("aws_security_group.g", ingress=list(reversed(blocks))))
    assert found.attributes == {"aws_security_group.g": ["ingress[1]"]}
