"""Rules of security groups, network ACLs, Azure and Google: ports, protocols, addresses, order, what is unknown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.testing import Verdicts, create, delete, judge, no_op, plan, ref, update
from plangate_policies import exposure
from plangate_policies.exposure.firewall import is_all
from plangate_policies.exposure.other_rules import port_list
from plangate_policies.exposure.rules import ALL_PORTS

BY_ID = {p.id.partition("/")[2]: p for p in exposure.POLICIES}
WORLD = ["0.0.0.0/0"]
SG, RULE, VPC = "aws_security_group.g", "aws_security_group_rule.r", "aws_vpc_security_group_ingress_rule.r"


def block(first: Any, last: Any, protocol: Any = "tcp", cidrs: Any = WORLD, **more: Any) -> dict[str, Any]:
    return {"from_port": first, "to_port": last, "protocol": protocol, "cidr_blocks": cidrs, **more}


def group(*blocks: dict[str, Any], **options: Any) -> Any:
    return create(SG, ingress=list(blocks), **options)


def said(id: str, *changes: Any, **settings: Any) -> Verdicts:
    return judge(BY_ID[id], plan(*changes), **settings)


def outcome(id: str, *changes: Any, **settings: Any) -> str:
    return said(id, *changes, **settings).outcome


SSH = "aws-ssh-open-to-world"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (block(22, 22), "fail"),
        (block("22", "22"), "fail"),
        (block(22.0, 22.0), "fail"),
        (block(0, 65535), "fail"),
        (block(20, 25), "fail"),
        (block(23, 25), "pass"),
        (block(22, 22, "6"), "fail"),
        (block(22, 22, "udp"), "pass"),
        (block(22, 22, "icmp"), "pass"),
        (block(-1, -1, "icmp"), "pass"),
        (block(0, 0, "-1"), "fail"),
        (block(0, 0), "pass"),
        (block(None, None, "tcp"), "fail"),
        (block(22, 22, cidrs=[]), "pass"),
        (block(22, 22, cidrs=[], self=True), "pass"),
        (block(22, 22, self=True), "fail"),
        (block(22, 22, cidrs=[], prefix_list_ids=["pl-1"]), "pass"),
        (block(22, 22, cidrs=[], ipv6_cidr_blocks=["::/0"]), "fail"),
        (block(22, 22, cidrs=["10.0.0.0/8"], ipv6_cidr_blocks=["fd00::/8"]), "pass"),
        (block(22, 22, cidrs=["0.0.0.0/1", "128.0.0.0/1"]), "fail"),
        (block(22, 22, cidrs=ref("var.offices")), "unknown"),
        (block(22, 22, cidrs=["0.0.0.0/0", ref("aws_eip.e.public_ip")]), "fail"),
        (block(22, 22, cidrs=["10.0.0.0/8", ref("aws_eip.e.public_ip")]), "unknown"),
        (block(443, 443, cidrs=ref("var.offices")), "pass"),
        (block(ref("var.port"), 22), "unknown"),
        (block(ref("var.port"), 22, cidrs=["10.0.0.0/8"]), "pass"),
        (block(22, 22, ref("var.protocol")), "unknown"),
        (block("x", {}, "tcp"), "fail"),
        (block([], [], "tcp", "0.0.0.0/0"), "fail"),
    ],
)
def test_ssh(rule: dict[str, Any], expected: str) -> None:
    assert outcome(SSH, group(rule)) == expected
    assert outcome(SSH, create("aws_default_security_group.g", ingress=[rule])) == expected
    split = {k: v for k, v in rule.items() if k != "self"}
    assert outcome(SSH, create(RULE, type="ingress", **split)) == expected
    assert outcome(SSH, create(RULE, type="egress", **split)) == "pass"


def test_rule_of_its_own() -> None:
    ssh = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22}
    assert said(SSH, create(VPC, ssh, cidr_ipv4="0.0.0.0/0")).attributes == {VPC: ["cidr_ipv4"]}
    assert said(SSH, create(VPC, ssh, cidr_ipv6="::/0")).attributes == {VPC: ["cidr_ipv6"]}
    assert outcome(SSH, create(VPC, ssh, referenced_security_group_id="sg-1")) == "pass"
    assert outcome(SSH, create(VPC, ssh, cidr_ipv4=ref("var.office"))) == "unknown"
    assert outcome(SSH, create(VPC, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")) == "fail"
    assert outcome("aws-all-ports-open-to-world", create(VPC, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")) == "fail"


QUARTERS = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([block(22, 22, cidrs=[q]) for q in QUARTERS], "fail"),
        ([block(22, 22, cidrs=[q]) for q in QUARTERS[:2]], "fail"),  # half of all
        ([block(22, 22, cidrs=[q]) for q in QUARTERS[:1] * 4], "pass"),  # the same quarter four times
        ([block(20, 22, cidrs=QUARTERS[:1]), block(22, 25, cidrs=QUARTERS[1:2])], "fail"),
        ([block(20, 21, cidrs=QUARTERS[:1]), block(22, 25, cidrs=QUARTERS[1:2])], "pass"),
        ([block(0, 0, "-1", cidrs=QUARTERS[:1]), block(22, 22, cidrs=QUARTERS[1:2])], "fail"),
        ([block(22, 22, "udp", cidrs=QUARTERS[:1]), block(22, 22, cidrs=QUARTERS[1:2])], "pass"),
        ([block(22, 22, cidrs=[], ipv6_cidr_blocks=[six]) for six in ("2000::/5", "2800::/5", "::1/128")], "fail"),
        ([block(22, 22, cidrs=[f"{n}.0.0.0/8"]) for n in range(10, 30)], "pass"),
        ([block(22, 22, cidrs=QUARTERS[:1]), block(ref("var.port"), 22, cidrs=QUARTERS[1:2])], "pass"),
    ],
)
def test_the_world_in_pieces(blocks: list[dict[str, Any]], expected: str) -> None:
    assert outcome(SSH, group(*blocks)) == expected


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"security_group_id": "sg-1"}, {"security_group_id": "sg-1"}),
        ({"security_group_id": ref("aws_security_group.g.id")}, {"security_group_id": ref("aws_security_group.g.id")}),
    ],
)
def test_the_world_in_pieces_that_stand_in_resources_of_their_own(one: dict[str, Any], two: dict[str, Any]) -> None:
    ssh = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22}
    kind = "aws_vpc_security_group_ingress_rule"
    pieces = [create(f"{kind}.a", {**ssh, **one}, cidr_ipv4="0.0.0.0/2"), group()]
    pieces.append(create(f"{kind}.b", {**ssh, **two}, cidr_ipv4="128.0.0.0/2"))
    found = said(SSH, *pieces)
    assert found.outcomes == {SG: "pass", f"{kind}.a": "fail", f"{kind}.b": "fail"}
    assert found.messages[f"{kind}.a"] == ["SSH (port 22) is open to every IPv4 address, by several rules together."]
    elsewhere = create(f"{kind}.b", ssh, security_group_id="sg-2", cidr_ipv4="128.0.0.0/2")
    assert said(SSH, *pieces[:2], elsewhere).outcomes == {SG: "pass", f"{kind}.a": "pass", f"{kind}.b": "pass"}


def test_the_piece_that_makes_it_whole_is_what_opens() -> None:
    ssh = {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, "security_group_id": "sg-1"}
    kind = "aws_security_group_rule"
    there = no_op(f"{kind}.a", {**ssh, "cidr_blocks": ["0.0.0.0/2"]})
    new = create(f"{kind}.b", ssh, cidr_blocks=["64.0.0.0/2"])
    assert said(SSH, there, new).severities == {f"{kind}.a": ["high"], f"{kind}.b": ["high"]}
    old = update(f"{kind}.b", {**ssh, "cidr_blocks": ["64.0.0.0/2"]}, {**ssh, "cidr_blocks": ["64.0.0.0/2"], "x": 1})
    assert said(SSH, there, old).severities[f"{kind}.b"] == ["medium"]
    assert said(SSH, there, delete(f"{kind}.b", {**ssh, "cidr_blocks": ["64.0.0.0/2"]})).outcome == "pass"


def test_everything_open_in_pieces_is_everything_open() -> None:
    every = "aws-all-ports-open-to-world"
    assert outcome(every, group(*(block(0, 0, "-1", cidrs=[q]) for q in QUARTERS))) == "fail"
    halves = [block(a, b, cidrs=[q]) for q in QUARTERS for a, b in ((0, 999), (1000, 65535))]
    assert outcome(every, group(*halves)) == "fail"
    assert outcome(every, group(*halves[1:2], *halves[3:4])) == "pass"


def test_a_denial_of_an_acl_before_the_pieces_closes_them() -> None:
    def entry(number: int, action: str, cidr: str) -> dict[str, Any]:
        return {
            "rule_no": number,
            "action": action,
            "protocol": "tcp",
            "from_port": 22,
            "to_port": 22,
            "cidr_block": cidr,
        }

    pieces = [entry(100, "allow", "0.0.0.0/2"), entry(110, "allow", "128.0.0.0/2")]
    assert outcome("aws-nacl-ssh-open-to-world", create("aws_network_acl.a", ingress=pieces)) == "fail"
    first = entry(50, "deny", "0.0.0.0/0")
    assert outcome("aws-nacl-ssh-open-to-world", create("aws_network_acl.a", ingress=[first, *pieces])) == "pass"


def test_what_is_certain_is_found_beside_what_is_not() -> None:
    verdicts = said(SSH, group(block(22, 22, cidrs=ref("var.a")), block(22, 22)))
    assert verdicts.outcomes == {SG: "fail"}
    assert verdicts.attributes == {SG: ["ingress[1]", "ingress[0].cidr_blocks"]}


def test_blocks_left_out_are_none_and_blocks_configured_as_unknown_are_unknown() -> None:
    assert outcome(SSH, create(SG, unknown=["ingress"])) == "pass"
    assert outcome(SSH, create(SG, ingress=ref("var.rules"))) == "unknown"
    assert outcome(SSH, group(block(22, 22), dynamic=["ingress"])) == "fail"
    uncertain = block(22, 22, cidrs=ref("each.value"))
    assert outcome(SSH, group(uncertain, dynamic=["ingress"])) == "unknown"


def test_all_ports() -> None:
    name = "aws-all-ports-open-to-world"
    assert outcome(name, group(block(0, 0, "-1"))) == "fail"
    assert outcome(name, group(block(1, 65535))) == "fail"
    assert outcome(name, group(block(0, 65534))) == "pass"
    assert outcome(name, group(block(-1, -1, "icmp"))) == "pass"
    assert outcome(name, group(block(0, 0, "-1", ["10.0.0.0/8"]))) == "pass"


def test_a_port_of_any_protocol_is_not_every_port() -> None:
    rule = "azurerm_network_security_rule.r"
    for port, found in (
        ("22", {"azure-ssh-open-to-world": "SSH (port 22) is open to every IPv4 and IPv6 address."}),
        ("161", {"azure-service-open-to-world": "SNMP (port 161) is open to every IPv4 and IPv6 address."}),
        ("3306", {"azure-service-open-to-world": "MySQL (port 3306) is open to every IPv4 and IPv6 address."}),
        ("443", {}),
        ("*", {"azure-all-ports-open-to-world": "All ports and protocols are open to every IPv4 and IPv6 address."}),
    ):
        change = create(rule, {**AZURE, "protocol": "*", "destination_port_range": port})
        names = ("azure-all-ports-open-to-world", "azure-service-open-to-world", "azure-ssh-open-to-world")
        messages = {name: said(name, change).message for name in names}
        if port == "*":
            del messages["azure-ssh-open-to-world"]
        assert {name: text for name, text in messages.items() if text} == found


def test_what_an_unknown_protocol_leaves_open() -> None:
    every, service, port = "aws-all-ports-open-to-world", "aws-service-open-to-world", "aws-port-open-to-world"
    later = ref("terraform_data.later.output")

    def each(first: Any, last: Any) -> tuple[str, ...]:
        return tuple(outcome(name, group(block(first, last, later))) for name in (SSH, every, service, port))

    assert each(22, 22) == ("unknown", "pass", "pass", "pass")
    assert each(443, 443) == ("pass", "pass", "pass", "pass")
    assert each(3306, 3306) == ("pass", "pass", "unknown", "pass")
    assert each(0, 0) == ("unknown", "unknown", "unknown", "pass")  # so `-1` is written
    assert each(0, 65535) == ("unknown", "unknown", "pass", "pass")
    untold = group(block(later, ref("terraform_data.other.output")))
    assert [outcome(name, untold) for name in (SSH, every, service, port)] == ["unknown"] * 3 + ["pass"]


def test_another_port_of_udp_is_told_whatever_its_number() -> None:
    name = "aws-port-open-to-world"
    assert outcome(name, group(block(22, 22, "udp"))) == "fail"  # no SSH, and nothing else that has a policy
    assert outcome(name, group(block(22, 22))) == "pass"


def test_services_are_named_and_settings_say_which() -> None:
    name = "aws-service-open-to-world"
    assert "PostgreSQL (port 5432) is open" in said(name, group(block(5432, 5432))).message
    assert outcome(name, group(block(5432, 5432)), allowed_ports=[5432]) == "pass"
    assert outcome(name, group(block(9999, 9999))) == "pass"
    assert outcome(name, group(block(9999, 9999)), more_ports=[9999]) == "fail"
    assert outcome(name, group(block(0, 0, "-1"))) == "pass"  # that is found as all ports
    assert outcome(name, group(block(161, 161, "udp"))) == "fail"
    assert outcome(name, group(block(161, 161, "tcp"))) == "pass"
    many = said(name, group(block(1000, 10000)))
    assert " and " in many.message
    assert len(many.messages[SG]) == 1


def test_other_ports_are_low_and_not_said_twice() -> None:
    name = "aws-port-open-to-world"
    assert said(name, group(block(12345, 12345))).severities == {SG: ["low"]}
    for rule in (block(80, 80), block(443, 443), block(22, 22), block(5432, 5432), block(0, 0, "-1")):
        assert outcome(name, group(rule)) == "pass"
    assert outcome(name, group(block(8443, 8443)), allowed_ports=[8443]) == "pass"


def test_egress_is_a_remark_and_its_own() -> None:
    everything = block(0, 0, "-1")
    assert said("aws-egress-open-to-world", create(SG, egress=[everything])).severities == {SG: ["info"]}
    assert outcome("aws-egress-open-to-world", create(SG, egress=[block(0, 65535)])) == "fail"
    assert outcome("aws-egress-open-to-world", create(SG, egress=[block(443, 443)])) == "pass"
    assert outcome("aws-egress-open-to-world", create(SG, egress=[block(0, 65535, "udp")])) == "pass"
    assert outcome("aws-egress-open-to-world", create(SG, ingress=[everything])) == "pass"
    assert outcome(SSH, create(SG, egress=[everything])) == "pass"


# -- opened by this change, or before -------------------------------------------------------------------------


def changed(before: list[Any], after: list[Any], **settings: Any) -> Verdicts:
    return judge(BY_ID[SSH], plan(update(SG, {"ingress": before}, {"ingress": after, "tags": {"a": "b"}})), **settings)


def test_open_before_is_medium_and_says_so() -> None:
    verdicts = changed([block(22, 22)], [block(22, 22)])
    assert verdicts.severities == {SG: ["medium"]}
    assert "open before this change" in verdicts.message
    assert changed([block(22, 22)], [block(22, 22)], judge_existing=True).severities == {SG: ["high"]}


def test_opened_and_widened_have_the_full_severity() -> None:
    assert changed([], [block(22, 22)]).severities == {SG: ["high"]}
    assert changed([block(22, 22, cidrs=["10.0.0.0/8"])], [block(22, 22)]).severities == {SG: ["high"]}
    wider = [block(22, 22, ipv6_cidr_blocks=["::/0"])]
    assert changed([block(22, 22)], wider).severities == {SG: ["high"]}
    assert changed(wider, [block(22, 22)]).severities == {SG: ["medium"]}
    assert changed([block(22, 22)], []).outcomes == {SG: "pass"}


def test_one_service_more_is_new() -> None:
    made = BY_ID["aws-service-open-to-world"]
    grown = plan(update(SG, {"ingress": [block(5432, 5432)]}, {"ingress": [block(5432, 5439)]}))
    assert judge(made, grown).severities == {SG: ["high"]}


# -- network ACLs ---------------------------------------------------------------------------------------------


def entry(
    number: Any, action: str, first: int, last: int, protocol: str = "tcp", cidr: Any = "0.0.0.0/0"
) -> dict[str, Any]:
    ports = {"from_port": first, "to_port": last}
    return {"rule_no": number, "action": action, "protocol": protocol, "cidr_block": cidr, **ports}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry(100, "allow", 22, 22)], "fail"),
        ([entry(100, "allow", 0, 0, "-1")], "fail"),
        ([entry(100, "deny", 22, 22), entry(200, "allow", 0, 0, "-1")], "pass"),
        ([entry(200, "allow", 0, 0, "-1"), entry(100, "deny", 0, 0, "-1")], "pass"),
        ([entry(300, "deny", 22, 22), entry(200, "allow", 0, 0, "-1")], "fail"),
        ([entry(100, "deny", 23, 23), entry(200, "allow", 22, 23)], "fail"),
        ([entry(100, "deny", 22, 22, "udp"), entry(200, "allow", 22, 22)], "fail"),
        ([entry(100, "deny", 22, 22, cidr="10.0.0.0/8"), entry(200, "allow", 22, 22)], "fail"),
        ([entry(ref("var.n"), "deny", 22, 22), entry(200, "allow", 22, 22)], "fail"),
        ([entry(100, "allow", 22, 22, cidr="10.0.0.0/8")], "pass"),
    ],
)
def test_network_acl_in_its_order(entries: list[dict[str, Any]], expected: str) -> None:
    assert outcome("aws-nacl-ssh-open-to-world", create("aws_network_acl.n", ingress=entries)) == expected


def test_network_acl_rule() -> None:
    name, rule = (
        "aws-nacl-rdp-open-to-world",
        {"protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr_block": "0.0.0.0/0"},
    )
    assert outcome(name, create("aws_network_acl_rule.r", rule, rule_action="allow", egress=False)) == "fail"
    assert outcome(name, create("aws_network_acl_rule.r", rule, rule_action="ALLOW")) == "fail"
    assert outcome(name, create("aws_network_acl_rule.r", rule, rule_action="deny")) == "pass"
    assert outcome(name, create("aws_network_acl_rule.r", rule, rule_action="allow", egress=True)) == "pass"


# -- Azure ----------------------------------------------------------------------------------------------------

AZURE = {
    "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
    "destination_port_range": "22", "source_address_prefix": "*",
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "fail"),
        ({"source_address_prefix": "Internet"}, "fail"),
        ({"source_address_prefix": "0.0.0.0/0"}, "fail"),
        ({"source_address_prefix": "VirtualNetwork"}, "pass"),
        ({"source_address_prefix": None, "source_address_prefixes": ["10.0.0.0/8", "0.0.0.0/0"]}, "fail"),
        ({"destination_port_range": None, "destination_port_ranges": ["80", "20-30"]}, "fail"),
        ({"destination_port_range": "*", "protocol": "*"}, "fail"),
        ({"destination_port_range": "443"}, "pass"),
        ({"protocol": "Udp"}, "pass"),
        ({"access": "Deny"}, "pass"),
        ({"direction": "Outbound"}, "pass"),
        ({"source_address_prefix": ref("var.office")}, "unknown"),
        ({"destination_port_range": ref("var.port")}, "unknown"),
        ({"access": ref("var.access")}, "unknown"),
        ({"direction": ref("var.direction")}, "unknown"),
    ],
)
def test_azure_rule_in_both_forms(values: dict[str, Any], expected: str) -> None:
    rule = {**AZURE, **values}
    assert outcome("azure-ssh-open-to-world", create("azurerm_network_security_rule.r", rule)) == expected
    assert (
        outcome("azure-ssh-open-to-world", create("azurerm_network_security_group.g", security_rule=[rule])) == expected
    )


def test_azure_denial_of_higher_priority() -> None:
    deny = {**AZURE, "access": "Deny", "priority": 90, "destination_port_range": "*", "protocol": "*"}
    late = {**deny, "priority": 110}
    name, group = "azure-ssh-open-to-world", "azurerm_network_security_group.g"
    assert outcome(name, create(group, security_rule=[AZURE, deny])) == "pass"
    assert outcome(name, create(group, security_rule=[AZURE, late])) == "fail"


def test_azure_udp_and_firewall() -> None:
    udp = {**AZURE, "protocol": "Udp", "destination_port_range": "53"}
    assert outcome("azure-udp-open-to-world", create("azurerm_network_security_rule.r", udp)) == "fail"
    assert outcome("azure-udp-open-to-world", create("azurerm_network_security_rule.r", AZURE)) == "pass"
    nat = {"source_addresses": ["*"], "destination_ports": ["3389"], "protocols": ["TCP"]}
    made = create("azurerm_firewall_nat_rule_collection.c", rule=[nat])
    assert outcome("azure-rdp-open-to-world", made) == "fail"
    assert outcome("azure-ssh-open-to-world", made) == "pass"


# -- Google ---------------------------------------------------------------------------------------------------

TCP22 = {"protocol": "tcp", "ports": ["22"]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"allow": [TCP22]}, "fail"),
        ({"allow": [{"protocol": "tcp", "ports": ["20-30"]}]}, "fail"),
        ({"allow": [{"protocol": "tcp", "ports": []}]}, "fail"),
        ({"allow": [{"protocol": "all"}]}, "fail"),
        ({"allow": [{"protocol": "icmp"}]}, "pass"),
        ({"allow": [{"protocol": "udp", "ports": ["22"]}]}, "pass"),
        ({"allow": [TCP22], "source_ranges": ["35.235.240.0/20"]}, "pass"),
        ({"allow": [TCP22], "source_ranges": []}, "pass"),
        ({"allow": [TCP22], "source_ranges": ["::/0"]}, "fail"),
        ({"allow": [TCP22], "direction": "EGRESS"}, "pass"),
        ({"allow": [TCP22], "disabled": True}, "pass"),
        ({"allow": [TCP22], "disabled": ref("var.off")}, "unknown"),
        ({"allow": [TCP22], "source_ranges": ref("var.ranges")}, "unknown"),
        ({"deny": [TCP22]}, "pass"),
    ],
)
def test_google_firewall(values: dict[str, Any], expected: str) -> None:
    body = {"source_ranges": WORLD, "direction": "INGRESS", **values}
    assert outcome("google-ssh-open-to-world", create("google_compute_firewall.f", body)) == expected


def test_google_source_ranges_left_out_with_tags() -> None:
    body = {"allow": [TCP22], "source_tags": ["bastion"]}
    made = create("google_compute_firewall.f", body, unknown=["source_ranges", "direction"])
    assert outcome("google-ssh-open-to-world", made) == "pass"


def test_google_policy_rule() -> None:
    layer = {"ip_protocol": "tcp", "ports": ["22"]}
    body = {"direction": "INGRESS", "action": "allow", "match": [{"src_ip_ranges": WORLD, "layer4_configs": [layer]}]}
    rule = "google_compute_network_firewall_policy_rule.r"
    assert outcome("google-ssh-open-to-world", create(rule, body)) == "fail"
    assert outcome("google-ssh-open-to-world", create(rule, {**body, "action": "deny"})) == "pass"


# -- ports ----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 65535)), max_size=6))
def test_every_port_is_all_ports(pairs: list[tuple[int, int]]) -> None:
    ranges: list[tuple[float, float]] = [(min(p), max(p)) for p in pairs]
    holes = {0.0, 1.0, 65535.0} | {e for low, high in ranges for e in (low - 1, high + 1)}
    covered = all(any(low <= p <= high for low, high in ranges) for p in holes if 1 <= p <= 65535)
    assert is_all(ranges) == covered


@given(st.lists(st.text(alphabet="0123456789-*, ax", max_size=8), max_size=5))
def test_a_list_of_ports_that_is_not_understood_is_every_port(words: list[str]) -> None:
    found = port_list(words)
    assert found == ALL_PORTS or all(isinstance(n, int) for pair in found for n in pair)


NUMBERS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ANY = NUMBERS | st.text(max_size=5) | st.lists(st.text(max_size=12), max_size=3)
NAMES = ("from_port", "to_port", "protocol", "cidr_blocks", "ipv6_cidr_blocks")


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, ANY)))
def test_no_value_breaks_a_policy(rule: dict[str, Any]) -> None:
    for name in (SSH, "aws-all-ports-open-to-world", "aws-service-open-to-world", "aws-port-open-to-world"):
        assert outcome(name, create(RULE, type="ingress", **rule)) in ("pass", "fail")


# -- address ranges of Azure's databases ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "world", "azure"),
    [
        ("0.0.0.0", "255.255.255.255", "fail", "pass"),
        ("0.0.0.1", "255.255.255.254", "fail", "pass"),
        ("0.0.0.0", "0.0.0.0", "pass", "fail"),
        ("192.0.2.1", "192.0.2.9", "pass", "pass"),
        ("192.0.2.9", "192.0.2.1", "pass", "pass"),
        ("x", None, "pass", "pass"),
        (ref("var.a"), "192.0.2.1", "unknown", "unknown"),
    ],
)
def test_database_firewall(first: Any, last: Any, world: str, azure: str) -> None:
    rule = create("azurerm_mssql_firewall_rule.r", start_ip_address=first, end_ip_address=last)
    assert said("azure-database-open-to-world", rule).outcome == world
    assert said("azure-database-open-to-azure", rule).outcome == azure
    redis = create("azurerm_redis_firewall_rule.r", start_ip=first, end_ip=last)
    assert said("azure-database-open-to-world", redis).outcome == world
