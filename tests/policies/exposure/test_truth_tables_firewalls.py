"""Firewall rules in all forms, and the ranges of database firewalls: every state of what they say, every action."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ..every_action import ACTIONS  # noqa: TID252 - the tests are no package
from .states import ENTRIES, LATER, MISSING, NOTHING, ODD, Case, check
from .test_rows import put

# -- firewall rules ----------------------------------------------------------------------------------------------

SSH = {"from_port": 22, "to_port": 22}
AZURE = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp", "destination_port_range": "22", "priority": 100}
LAYER = {"ip_protocol": "tcp", "ports": ["22"]}
# (type, a rule that is closed for want of sources, where they are, of which kind, where protocol and ports are)
FORMS: list[tuple[str, dict[str, Any], str, str, str, str]] = [
    *(
        (type_, {"ingress": [{**SSH, "protocol": "tcp"}]}, f"ingress[*].{family}", "list", "ingress[*].protocol",
         "ingress[*].from_port")
        for type_ in ("aws_security_group", "aws_default_security_group")
        for family in ("cidr_blocks", "ipv6_cidr_blocks")
    ),
    *(
        ("aws_security_group_rule", {**SSH, "type": "ingress", "protocol": "tcp"}, family, "list", "protocol",
         "from_port")
        for family in ("cidr_blocks", "ipv6_cidr_blocks")
    ),
    *(
        ("aws_vpc_security_group_ingress_rule", {**SSH, "ip_protocol": "tcp"}, family, "one", "ip_protocol",
         "from_port")
        for family in ("cidr_ipv4", "cidr_ipv6")
    ),
    *(
        (type_, {"ingress": [{**SSH, "protocol": "tcp", "action": "allow", "rule_no": 100}]}, f"ingress[*].{family}",
         "one", "ingress[*].protocol", "ingress[*].from_port")
        for type_ in ("aws_network_acl", "aws_default_network_acl")
        for family in ("cidr_block", "ipv6_cidr_block")
    ),
    *(
        ("aws_network_acl_rule", {**SSH, "protocol": "tcp", "rule_action": "allow"}, family, "one", "protocol",
         "from_port")
        for family in ("cidr_block", "ipv6_cidr_block")
    ),
    ("azurerm_network_security_rule", AZURE, "source_address_prefix", "azure", "protocol", "destination_port_range"),
    ("azurerm_network_security_rule", AZURE, "source_address_prefixes", "azures", "protocol", "destination_port_range"),
    ("azurerm_network_security_group", {"security_rule": [AZURE]}, "security_rule[*].source_address_prefix", "azure",
     "security_rule[*].protocol", "security_rule[*].destination_port_range"),
    ("azurerm_network_security_group", {"security_rule": [AZURE]}, "security_rule[*].source_address_prefixes", "azures",
     "security_rule[*].protocol", "security_rule[*].destination_port_range"),
    ("azurerm_firewall_nat_rule_collection", {"rule": [{"destination_ports": ["22"], "protocols": ["TCP"]}]},
     "rule[*].source_addresses", "azures", "rule[*].protocols", "rule[*].destination_ports"),
    ("google_compute_firewall", {"allow": [{"protocol": "tcp", "ports": ["22"]}]}, "source_ranges", "list",
     "allow[*].protocol", "allow[*].ports"),
    *(
        (type_, {"action": "allow", "direction": "INGRESS", "match": [{"layer4_configs": [LAYER]}]},
         "match[*].src_ip_ranges", "list", "match[*].layer4_configs[*].ip_protocol", "match[*].layer4_configs[*].ports")
        for type_ in ("google_compute_firewall_policy_rule", "google_compute_network_firewall_policy_rule",
                      "google_compute_region_network_firewall_policy_rule")
    ),
]  # fmt: skip
POLICY = {"aws_network_acl": "aws-nacl-ssh-open-to-world", "aws_default_network_acl": "aws-nacl-ssh-open-to-world",
          "aws_network_acl_rule": "aws-nacl-ssh-open-to-world"}  # fmt: skip
OPEN4, OPEN6 = "0.0.0.0/0", "::/0"
# What is everybody and what is not, as one address range: half of what is routed is everybody.
RANGES = {
    OPEN4: "fail", " 0.0.0.0/0 ": "fail", "0.0.0.0/1": "fail", "128.0.0.0/1": "fail", "10.1.2.3/0": "fail",
    OPEN6: "fail", "2000::/3": "fail", "2000::/4": "fail", "0:0:0:0:0:0:0:0/0": "fail", "0::/0": "fail",
    "10.0.0.0/8": "pass", "0.0.0.0/2": "pass", "192.0.2.1": "pass", "0.0.0.0/32": "pass", "fd00::/8": "pass",
    "2000::/5": "pass", "::/128": "pass", "0.0.0.0/33": "pass", "1.2.3/0": "pass", "text": "pass",
    "0.0.0.0/00000": "pass",
}  # fmt: skip
AZURE_WORDS = {"*": "fail", "Internet": "fail", "internet": "fail", "Any": "fail", "VirtualNetwork": "pass",
               "AzureLoadBalancer": "pass", "Storage.WestEurope": "pass"}  # fmt: skip


def placed(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    made = put(deepcopy(base), path, None if value is MISSING else value)
    if value is MISSING:
        here: Any = made
        for step in path.split(".")[:-1]:
            here = here[step.removesuffix("[*]")][0] if step.endswith("[*]") else here[step]
        del here[path.rpartition(".")[2]]
    return made


def concrete(path: str) -> str:
    return path.replace("[*]", "[0]")


def source_cases(base: dict[str, Any], path: str, kind: str) -> list[Case]:
    listed = kind in ("list", "azures")
    words = RANGES | (AZURE_WORDS if kind.startswith("azure") else {})
    everybody = OPEN6 if "6" in path else OPEN4

    def value(*ranges: Any) -> Any:
        return list(ranges) if listed else ranges[0]

    found: list[Case] = [(f"range {text}", placed(base, path, value(text)), {}, said) for text, said in words.items()]
    found += [(state, placed(base, path, nothing), {}, "pass") for state, nothing in NOTHING.items()]
    found += [(state, placed(base, path, odd), {}, "pass") for state, odd in ODD.items()]
    place = concrete(path)
    found += [
        ("sensitive", placed(base, path, value(everybody)), {"sensitive": [place]}, "fail"),
        ("sensitive_right", placed(base, path, value("10.0.0.0/8")), {"sensitive": [place]}, "pass"),
        ("configured", placed(base, path, LATER), {}, "unknown"),
        ("left_out", placed(base, path, None), {"unknown": [place]}, "pass"),
    ]
    if listed:
        found += [
            ("halves", placed(base, path, ["0.0.0.0/2", "64.0.0.0/2"]), {}, "fail"),
            ("all_but_one", placed(base, path, [f"{n}.0.0.0/8" for n in range(256) if n != 10]), {}, "fail"),
            ("many_small", placed(base, path, [f"10.{n}.0.0/16" for n in range(200)]), {}, "pass"),
            ("one_unknown", placed(base, path, ["10.0.0.0/8", LATER]), {}, "unknown"),
            ("one_unknown_and_open", placed(base, path, [LATER, everybody]), {}, "fail"),
            ("odd_inside", placed(base, path, [None, 7, [], {"a": 1}]), {}, "pass"),
            ("odd_and_open", placed(base, path, [None, 7, {"a": 1}, everybody]), {}, "fail"),
        ]
    if "[*]" in path:
        top = path.partition("[")[0]
        inside = {"unknown": [place], "dynamic": [top]}
        found += [
            ("dynamic", placed(base, path, None), inside, "unknown"),
            ("dynamic_open", placed(base, path, value(everybody)), {"dynamic": [top]}, "fail"),
            ("no_block", {k: v for k, v in base.items() if k != top}, {}, "pass"),
            ("null_block", {**base, top: None}, {}, "pass"),
            ("empty_block", {**base, top: []}, {}, "pass"),
            ("whole_configured", {**base, top: LATER}, {}, "unknown"),
        ]
    return found


@pytest.mark.parametrize("action", ACTIONS)
def test_sources_of_firewall_rules(action: str) -> None:
    tables: dict[str, list[Any]] = {}
    for type_, base, path, kind, _, _ in FORMS:
        policy = POLICY.get(type_, f"{type_.partition('_')[0].removesuffix('rm')}-ssh-open-to-world")
        for case in source_cases(base, path, kind):
            tables.setdefault(policy, []).append((type_, placed(base, path, None), case))
    for policy, table in tables.items():
        check(action, policy, table)
    assert sum(map(len, tables.values())) > 800


# What a protocol means for a port of TCP. Nothing at all limits nothing; neither does what is no word.
PROTOCOLS = {"tcp": "fail", "TCP": "fail", "6": "fail", "-1": "fail", "all": "fail", "ALL": "fail", "*": "fail",
             "udp": "pass", "Udp": "pass", "17": "pass", "icmp": "pass", "1": "pass", "esp": "pass"}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_protocols_and_ports_of_firewall_rules(action: str) -> None:
    tables: dict[str, list[Any]] = {}
    for type_, base, path, kind, protocol, ports in FORMS:
        everybody: Any = OPEN6 if "6" in path else OPEN4
        opened = placed(base, path, [everybody] if kind in ("list", "azures") else everybody)
        listed = protocol.endswith("protocols")
        cases: list[Case] = [
            (f"protocol {word}", placed(opened, protocol, [word] if listed else word), {}, said)
            for word, said in PROTOCOLS.items()
        ]
        cases += [
            (f"protocol {state}", placed(opened, protocol, nothing), {}, "fail") for state, nothing in NOTHING.items()
        ]
        cases.append(("protocol configured", placed(opened, protocol, LATER), {}, "unknown"))
        cases.append(("protocol sensitive", opened, {"sensitive": [concrete(protocol)]}, "fail"))
        cases.append(("port configured", placed(opened, ports, LATER), {}, "unknown"))
        cases.append(("port sensitive", opened, {"sensitive": [concrete(ports)]}, "fail"))
        cases += [(f"port {state}", placed(opened, ports, nothing), {}, "fail") for state, nothing in NOTHING.items()]
        if ports.endswith("from_port"):
            to = ports.replace("from_port", "to_port")
            for name, low, high, said in (
                ("above", 23, 80, "pass"), ("below", 1, 21, "pass"), ("around", 20, 30, "fail"),
                ("as text", "22", "22", "fail"),
                ("float", 22.0, 22.0, "fail"), ("all", 0, 65535, "fail"), ("minus", -1, -1, "fail"),
                ("down", 30, 20, "pass"),
                ("untold end", 20, LATER, "unknown"), ("words", "a", "b", "fail"), ("flags", True, True, "fail"),
            ):  # fmt: skip
                cases.append((f"ports {name}", placed(placed(opened, ports, low), to, high), {}, said))
        else:
            many = ports.endswith("ports")
            for word, said in {"22": "fail", "20-30": "fail", "*": "fail", "0-65535": "fail", "23-80": "pass",
                               "443": "pass",
                               "some words": "fail", "-": "fail", "22-": "fail"}.items():  # fmt: skip
                cases.append((f"ports {word}", placed(opened, ports, [word] if many else word), {}, said))
            if many:
                cases.append(("ports several", placed(opened, ports, ["443", "20-25"]), {}, "fail"))
                cases.append(("ports several others", placed(opened, ports, ["443", "8000-9000"]), {}, "pass"))
                cases.append(("ports one untold", placed(opened, ports, ["443", LATER]), {}, "unknown"))
        policy = POLICY.get(type_, f"{type_.partition('_')[0].removesuffix('rm')}-ssh-open-to-world")
        tables.setdefault(policy, []).extend((type_, placed(base, path, None), case) for case in cases)
    for policy, table in tables.items():
        check(action, policy, table)


# -- ranges of database firewalls --------------------------------------------------------------------------------

LIMITS: dict[str, tuple[Any, Any, str, str]] = {
    # (first, last, open to the world, open to Azure)
    "wrong": ("0.0.0.0", "255.255.255.255", "fail", "pass"),
    "half": ("0.0.0.0", "127.255.255.255", "fail", "pass"),
    "less": ("0.0.0.0", "63.255.255.255", "pass", "pass"),
    "azure": ("0.0.0.0", "0.0.0.0", "pass", "fail"),
    "right": ("192.0.2.1", "192.0.2.1", "pass", "pass"),
    "down": ("255.255.255.255", "0.0.0.0", "pass", "pass"),
    "ipv6": ("::", "ffff::", "pass", "pass"),
    "configured": (LATER, "255.255.255.255", "unknown", "unknown"),
    "configured_last": ("0.0.0.0", LATER, "unknown", "unknown"),
    **{f"{state}": (value, value, "pass", "pass") for state, value in {**NOTHING, **ODD}.items()},
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("entry", [e for e in ENTRIES if e["by"] == "address_range"], ids=lambda e: e["id"])
def test_address_ranges(entry: dict[str, Any], action: str) -> None:
    table: list[Any] = []
    at = {"world": 2, "azure": 3}[entry["asks"]["range"]]
    for type_ in entry["types"]:
        short = type_ == "azurerm_redis_firewall_rule"
        names = ("start_ip", "end_ip") if short else ("start_ip_address", "end_ip_address")
        before = dict.fromkeys(names, "192.0.2.1")
        for state, row in LIMITS.items():
            body = {name: value for name, value in zip(names, row[:2], strict=True) if value is not MISSING}
            table.append((type_, before, (state, body, {}, row[at])))
            if row[at] in ("pass", "fail") and state in ("wrong", "azure", "right"):
                table.append((type_, before, (f"sensitive_{state}", body, {"sensitive": [names[0]]}, row[at])))
    check(action, entry["id"], table)
